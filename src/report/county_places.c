/* county_places.c: places of a run as layers of county.gpkg: candidates, zones, the boundary. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/county_gpkg_parts.h"

enum { NAME, EARLIER, LATER, PATCH, FROM, FROM_NAME, TO, TO_NAME, CELLS, AREA, PROBABILITY, MOST, CANDIDATE_COLUMNS };

static const struct lu_vector_column candidate_columns[CANDIDATE_COLUMNS] = {
	[NAME] = {"layer", LU_VECTOR_TEXT, NULL, NULL, "of the job's change.layers"},
	[EARLIER] = {"earlier", LU_VECTOR_TEXT, NULL, NULL, "the earlier date, see dates"},
	[LATER] = {"later", LU_VECTOR_TEXT, NULL, NULL, "the later date"},
	[PATCH] = {"patch", LU_VECTOR_INTEGER, NULL, NULL,
		   "its number in EARLIER_LATER/LAYER.gpkg, where its review is"},
	[FROM] = {"from_code", LU_VECTOR_INTEGER, NULL, LU_CLASS_CODES, "class before, of most of its area"},
	[FROM_NAME] = {"from_class", LU_VECTOR_TEXT, NULL, NULL, "its name"},
	[TO] = {"to_code", LU_VECTOR_INTEGER, NULL, LU_CLASS_CODES, "class after"},
	[TO_NAME] = {"to_class", LU_VECTOR_TEXT, NULL, NULL, "its name"},
	[CELLS] = {"cells", LU_VECTOR_INTEGER, NULL, NULL, "flagged cells of it"},
	[AREA] = {"area_ha", LU_VECTOR_REAL, NULL, NULL, "hectares inside the county"},
	[PROBABILITY] = {"probability_percent", LU_VECTOR_REAL, NULL, NULL,
			 "mean of its cells' probabilities that they changed, percent"},
	[MOST] = {"max_probability_percent", LU_VECTOR_REAL, NULL, NULL, "that of its surest cell, percent"}};

/* As the layers of pairs call these columns. */
static const struct {
	const char *field;
	double times;
	int decimals;
} candidate_sources[CANDIDATE_COLUMNS] = {[PATCH] = {"patch", 1, 0},
					  [FROM] = {"from_code", 1, 0},
					  [FROM_NAME] = {"from_name", 1, 0},
					  [TO] = {"to_code", 1, 0},
					  [TO_NAME] = {"to_name", 1, 0},
					  [CELLS] = {"cells", 1, 0},
					  [AREA] = {"area_ha", 1, LU_HECTARE_DECIMALS},
					  [PROBABILITY] = {"probability", 100, 1},
					  [MOST] = {"max_probability", 100, 1}};

static void fields_of(const struct lu_vector_column *columns, size_t count, struct lu_vector_field *fields)
{
	for (size_t i = 0; i < count; i++)
		fields[i] = (struct lu_vector_field){columns[i].name, columns[i].type};
}

/* A candidate as it stands in its own layer. 'texts' keeps what the values point to. */
static enum lu_status add_candidate(struct lu_vector_reader *reader, struct lu_vector_value *values,
				    struct lu_vector_writer *writer, struct lu_error *err)
{
	struct lu_polygon outline = {0};
	char *texts[CANDIDATE_COLUMNS] = {0};
	enum lu_status status = LU_OK;

	for (int i = PATCH; i < CANDIDATE_COLUMNS; i++) {
		const char *text = lu_vector_get(reader, lu_vector_find(reader, candidate_sources[i].field));
		texts[i] = text != NULL ? lu_strdup(text) : NULL;
		if (texts[i] == NULL)
			values[i] = (struct lu_vector_value){0};
		else if (candidate_columns[i].type == LU_VECTOR_TEXT)
			values[i] = lu_vector_text(texts[i]);
		else if (candidate_columns[i].type == LU_VECTOR_INTEGER)
			values[i] = lu_vector_integer(strtoll(texts[i], NULL, 10));
		else
			values[i] = lu_vector_rounded(strtod(texts[i], NULL) * candidate_sources[i].times,
						      candidate_sources[i].decimals);
	}
	LU_TRY(lu_vector_outline(reader, 0, &outline, err));
	LU_TRY(lu_vector_add_polygon(writer, &outline, values, err));
out:
	for (int i = 0; i < CANDIDATE_COLUMNS; i++)
		lu_free(texts[i]);
	lu_polygon_release(&outline);
	return status;
}

/* All of one layer of a pair, in its order. */
static enum lu_status copy_candidates(const struct lu_county_gpkg *task, const char *name,
				      const struct lu_pair_statistics *pair, struct lu_vector_writer *writer,
				      struct lu_error *err)
{
	const struct lu_county_statistics *s = task->statistics;
	const char *stem = strchr(name, '/') + 1;
	char *path = lu_path_join(task->folder, name), *layer = lu_strndup(stem, strlen(stem) - strlen(".gpkg"));
	struct lu_vector_reader *reader = NULL;
	struct lu_vector_value values[CANDIDATE_COLUMNS];
	bool more = true;
	enum lu_status status;

	LU_TRY(path != NULL && layer != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_vector_open(path, LU_NAMED, layer, NULL, &reader, err));
	values[NAME] = lu_vector_text(layer);
	values[EARLIER] = lu_vector_text(s->dates[pair->earlier].label);
	values[LATER] = lu_vector_text(s->dates[pair->later].label);
	for (;;) {
		LU_TRY(lu_vector_next(reader, &more, err));
		if (!more)
			break;
		LU_TRY(add_candidate(reader, values, writer, err));
	}
out:
	lu_vector_close(reader);
	lu_free(layer);
	lu_free(path);
	return status;
}

/* Is it PAIR/NAME.gpkg? */
static bool is_of_pair(const struct lu_county_statistics *s, const struct lu_pair_statistics *pair, const char *name)
{
	const char *a = s->dates[pair->earlier].label, *b = s->dates[pair->later].label;
	const size_t first = strlen(a), second = strlen(b), length = strlen(name);

	return length > first + second + strlen("_/.gpkg") && strncmp(name, a, first) == 0 && name[first] == '_' &&
	       strncmp(name + first + 1, b, second) == 0 && name[first + 1 + second] == '/' &&
	       strcmp(name + length - strlen(".gpkg"), ".gpkg") == 0;
}

static enum lu_status add_candidates(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				     struct lu_error *err)
{
	const struct lu_county_statistics *s = task->statistics;
	struct lu_vector_field fields[CANDIDATE_COLUMNS];
	enum lu_status status;

	fields_of(candidate_columns, CANDIDATE_COLUMNS, fields);
	LU_TRY(lu_vector_layer_of_areas(writer, "candidates", s->cells->crs_wkt, fields, CANDIDATE_COLUMNS, err));
	for (size_t p = 0; p < s->pair_count; p++)
		for (size_t i = 0; i < task->output_count; i++)
			if (is_of_pair(s, &s->pairs[p], task->outputs[i]))
				LU_TRY(copy_candidates(task, task->outputs[i], &s->pairs[p], writer, err));
	LU_TRY(lu_vector_explain(writer, "candidates",
				 "Places to look at: patches of significant change, the most probable first",
				 candidate_columns, CANDIDATE_COLUMNS, NULL, err));
out:
	return status;
}

static enum lu_status add_zones(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		{"zone", LU_VECTOR_TEXT, NULL, NULL, "its name"},
		{"area_ha", LU_VECTOR_REAL, NULL, NULL, "hectares of its part inside the county"},
		{"own_area_ha", LU_VECTOR_REAL, NULL, NULL, "hectares of the whole zone"}};
	enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
	const struct lu_zones_statistics *zones = task->statistics->zones;
	struct lu_vector_field fields[COLUMNS];
	enum lu_status status;

	fields_of(columns, COLUMNS, fields);
	LU_TRY(lu_vector_layer_of_areas(writer, "zones", task->statistics->cells->crs_wkt, fields, COLUMNS, err));
	for (size_t i = 0; i < zones->count; i++) {
		const struct lu_vector_value values[COLUMNS] = {lu_vector_text(zones->zones[i].name),
								lu_hectares(zones->zones[i].area_m2),
								lu_hectares(zones->zones[i].own_area_m2)};
		LU_TRY(lu_vector_add_polygon(writer, lu_zones_outline(task->zones, i), values, err));
	}
	LU_TRY(lu_vector_explain(writer, "zones",
				 "The zones of the job, cut to the county; figures in zone_class_areas", columns,
				 COLUMNS, "zone", err));
out:
	return status;
}

static enum lu_status add_boundary(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				   struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		{"county", LU_VECTOR_TEXT, NULL, NULL, "its name"},
		{"area_ha", LU_VECTOR_REAL, NULL, NULL, "hectares on the ellipsoid"}};
	enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
	const struct lu_county_statistics *s = task->statistics;
	const struct lu_vector_value values[COLUMNS] = {lu_vector_text(s->county_name), lu_hectares(s->county_area_m2)};
	struct lu_vector_field fields[COLUMNS];
	enum lu_status status;

	fields_of(columns, COLUMNS, fields);
	LU_TRY(lu_vector_layer_of_areas(writer, "boundary", s->cells->crs_wkt, fields, COLUMNS, err));
	LU_TRY(lu_vector_add_polygon(writer, &task->ground->county, values, err));
	LU_TRY(lu_vector_explain(writer, "boundary", "The county's outline as it was used", columns, COLUMNS, NULL,
				 err));
out:
	return status;
}

enum lu_status lu_county_places_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				    struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(add_candidates(task, writer, err));
	if (task->zones != NULL)
		LU_TRY(add_zones(task, writer, err));
	LU_TRY(add_boundary(task, writer, err));
out:
	return status;
}
