/* evidence.c: what labelled samples say of one class. See evidence.h. */
#include "report/evidence.h"

#include <string.h>

/* The assessment of a date's map, and the number of a class in it; NULL: there is none. */
static const struct lu_assessment *find(const struct lu_evidence *evidence, const char *date, uint16_t value,
					size_t *class)
{
	for (size_t i = 0; evidence != NULL && i < evidence->map_count; i++) {
		const struct lu_assessed_map *map = &evidence->maps[i];
		for (size_t k = 0; map->later == NULL && map->date == date && k < map->assessment.count; k++)
			if (map->assessment.classes[k].value == value) {
				*class = k;
				return &map->assessment;
			}
	}
	return NULL;
}

const struct lu_figure *lu_evidence_area(const struct lu_evidence *evidence, const char *date, uint16_t value)
{
	size_t k = 0;
	const struct lu_assessment *a = find(evidence, date, value, &k);

	return a != NULL && a->classes[k].area_ha.known ? &a->classes[k].area_ha : NULL;
}

const struct lu_figure *lu_evidence_zone_area(const struct lu_evidence *evidence, const char *date, const char *zone,
					      uint16_t value, const char **way)
{
	size_t k = 0;
	const struct lu_assessment *a = find(evidence, date, value, &k);

	for (size_t i = 0; a != NULL && i < a->zone_count; i++) {
		if (strcmp(a->zones[i].name, zone) != 0)
			continue;
		*way = a->zones[i].synthetic ? "synthetic" : "post-stratified";
		return a->zones[i].classes[k].area_ha.known ? &a->zones[i].classes[k].area_ha : NULL;
	}
	return NULL;
}
