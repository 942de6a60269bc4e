/* evidence_json.c: what samples and a reference say, in statistics.json. */
#include "report/evidence_json.h"

/* Which map it is of comes first. */
static json_t *assessed_object(const struct lu_assessed_map *map, bool *ok)
{
	json_t *object = json_object(), *said = lu_assessment_object(&map->assessment, ok);

	if (map->later == NULL) {
		*ok = json_object_set_new(object, "date", json_string(map->date)) == 0 && *ok;
	} else {
		*ok = json_object_set_new(object, "earlier", json_string(map->date)) == 0 && *ok;
		*ok = json_object_set_new(object, "later", json_string(map->later)) == 0 && *ok;
	}
	*ok = json_object_update(object, said) == 0 && *ok;
	json_decref(said);
	return object;
}

void lu_evidence_add(json_t *statistics, const struct lu_evidence *evidence, bool *ok)
{
	json_t *list = json_array();

	for (size_t i = 0; i < evidence->map_count; i++)
		*ok = json_array_append_new(list, assessed_object(&evidence->maps[i], ok)) == 0 && *ok;
	if (evidence->map_count > 0)
		*ok = json_object_set(statistics, "accuracy", list) == 0 && *ok;
	if (evidence->reference != NULL)
		*ok = json_object_set_new(statistics, "reference", lu_comparison_object(evidence->reference, ok)) ==
			      0 &&
		      *ok;
	json_decref(list);
}
