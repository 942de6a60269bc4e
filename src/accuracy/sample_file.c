/* sample_file.c: cells, form and design into a GeoPackage. */
#include "accuracy/sample_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "grid/area_sum.h"
#include "maps/transition.h"
#include "raster/form.h"
#include "raster/transform.h"
#include "raster/vector.h"

enum { MOST_FIELDS = 64, MOST_SINGLES = 24 };

static double hectares(lu_area_sum area_units)
{
	return lu_area_m2(area_units) / 1e4;
}

/* The cell's outline: counter-clockwise with y up, as geometry.h wants it. */
static void outline_of(const struct lu_frame *frame, const struct lu_sample_cell *cell, struct lu_point corners[4])
{
	static const int dc[4] = {0, 1, 1, 0}, dr[4] = {1, 1, 0, 0};
	const double *t = frame->transform;

	for (int i = 0; i < 4; i++) {
		const double c = (double)(cell->col + dc[i]), r = (double)(cell->row + dr[i]);
		corners[i] = (struct lu_point){t[0] + c * t[1] + r * t[2], t[3] + c * t[4] + r * t[5]};
	}
}

/* Fields that every sample has; those of change and pictures follow. */
enum {
	ID,
	REFERENCE,
	REMARK,
	STRATUM,
	STRATUM_NAME,
	MAP,
	MAP_NAME,
	ROW,
	COL,
	LON,
	LAT,
	PROBABILITY,
	WEIGHT,
	FIXED_FIELDS
};
static const struct lu_vector_field fixed_fields[FIXED_FIELDS] = {
	{"id", LU_VECTOR_INTEGER},        {LU_SAMPLE_REFERENCE, LU_VECTOR_INTEGER},
	{"remark", LU_VECTOR_TEXT},       {LU_SAMPLE_STRATUM, LU_VECTOR_INTEGER},
	{"stratum_name", LU_VECTOR_TEXT}, {"map", LU_VECTOR_INTEGER},
	{"map_name", LU_VECTOR_TEXT},     {"row", LU_VECTOR_INTEGER},
	{"col", LU_VECTOR_INTEGER},       {"lon", LU_VECTOR_REAL},
	{"lat", LU_VECTOR_REAL},          {"probability", LU_VECTOR_REAL},
	{"weight", LU_VECTOR_REAL}};

static size_t list_fields(const struct lu_sample_content *content, struct lu_vector_field *fields)
{
	size_t count = FIXED_FIELDS, dates;
	const char *const *pictures = lu_pictures_fields(content->pictures, &dates);

	memcpy(fields, fixed_fields, sizeof(fixed_fields));
	if (content->classed->change) {
		fields[count++] = (struct lu_vector_field){"from_class", LU_VECTOR_INTEGER};
		fields[count++] = (struct lu_vector_field){"to_class", LU_VECTOR_INTEGER};
	}
	if (content->design->knows_probability)
		fields[count++] = (struct lu_vector_field){LU_SAMPLE_PROBABILITY, LU_VECTOR_REAL};
	for (size_t i = 0; i < dates && count < MOST_FIELDS; i++)
		fields[count++] = (struct lu_vector_field){pictures[i], LU_VECTOR_TEXT};
	return count;
}

static enum lu_status write_cell(const struct lu_sample_content *content, struct lu_vector_writer *writer,
				 size_t number, const struct lu_vector_field *fields, size_t field_count,
				 struct lu_error *err)
{
	const struct lu_sample_cell *cell = &content->cells[number];
	const struct lu_sample_stratum *stratum = &content->design->strata[cell->stratum];
	struct lu_vector_value values[MOST_FIELDS] = {{0}};
	struct lu_point corners[4], centre;
	const struct lu_ring ring = {corners, 4};
	char *links[MOST_FIELDS] = {0}, *name = lu_classed_name(content->classed, cell->value);
	size_t at = FIXED_FIELDS;
	enum lu_status status;

	LU_TRY(name != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name"));
	(void)fields;
	outline_of(content->classed->frame, cell, corners);
	centre = (struct lu_point){(corners[0].x + corners[2].x) / 2, (corners[0].y + corners[2].y) / 2};
	LU_TRY(lu_transform_points(content->ground->transform, &centre, 1, err));
	values[ID] = lu_vector_integer((int64_t)number + 1);
	values[STRATUM] = lu_vector_integer((int64_t)cell->stratum + 1);
	values[STRATUM_NAME] = lu_vector_text(stratum->name);
	values[MAP] = lu_vector_integer(cell->value);
	values[MAP_NAME] = lu_vector_text(name);
	values[ROW] = lu_vector_integer(cell->row);
	values[COL] = lu_vector_integer(cell->col);
	values[LON] = lu_vector_rounded(centre.x, 7); /* a centimetre */
	values[LAT] = lu_vector_rounded(centre.y, 7);
	values[PROBABILITY] = lu_vector_real((double)stratum->sample / (double)stratum->cells);
	values[WEIGHT] = lu_vector_real((double)stratum->cells / (double)stratum->sample);
	if (content->classed->change) {
		uint16_t before, after;
		lu_change_decode(cell->value, &before, &after);
		values[at++] = lu_vector_integer(before);
		values[at++] = lu_vector_integer(after);
	}
	if (content->design->knows_probability)
		values[at++] = lu_vector_real(cell->percent / 100.0);
	for (size_t i = 0; at < field_count; i++, at++) {
		LU_TRY(lu_pictures_write(content->pictures, i, (int64_t)number + 1, cell->row, cell->col, &links[i],
					 err));
		values[at] = lu_vector_text(links[i]);
	}
	LU_TRY(lu_vector_add(writer, &ring, values, err));
out:
	for (size_t i = 0; i < MOST_FIELDS; i++)
		lu_free(links[i]);
	lu_free(name);
	return status;
}

static enum lu_status write_cells(const struct lu_sample_content *content, struct lu_vector_writer *writer,
				  struct lu_error *err)
{
	struct lu_vector_field fields[MOST_FIELDS];
	const size_t field_count = list_fields(content, fields);
	enum lu_status status;

	LU_TRY(lu_vector_layer(writer, LU_SAMPLE_LAYER, content->classed->frame->crs_wkt, fields, field_count, err));
	for (size_t i = 0; i < content->cell_count; i++) {
		if (lu_cancelled(content->hooks))
			return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
		LU_TRY(write_cell(content, writer, i, fields, field_count, err));
		if (content->pictures != NULL)
			lu_progress(content->hooks, "pictures", i + 1, content->cell_count);
	}
out:
	return status;
}

/* The classes of single dates that a label may have: those of the legend and those that occur. */
struct singles {
	uint16_t values[2 * LU_MAX_CLASSES];
	size_t count;
	uint16_t uncertain; /* nobody labels a cell so */
};

static void add_single(struct singles *singles, uint16_t value)
{
	size_t at = 0;

	while (at < singles->count && singles->values[at] < value)
		at++;
	if (value == 0 || value == singles->uncertain || singles->count >= 2 * LU_MAX_CLASSES ||
	    (at < singles->count && singles->values[at] == value))
		return;
	memmove(&singles->values[at + 1], &singles->values[at], (singles->count - at) * sizeof(value));
	singles->values[at] = value;
	singles->count++;
}

static void list_singles(const struct lu_sample_content *content, struct singles *singles)
{
	const struct lu_legend *legend = &content->classed->legend;

	singles->count = 0;
	singles->uncertain = legend->uncertain;
	for (size_t i = 0; i < content->design->class_count; i++) {
		uint16_t before = content->design->classes[i].value, after = before;
		if (content->classed->change)
			lu_change_decode(before, &before, &after);
		add_single(singles, before);
		add_single(singles, after);
	}
	/* A legend may name a whole standard of which the map has a few classes: then it is no help. */
	for (size_t i = 0; legend->count <= MOST_SINGLES && i < legend->count; i++)
		add_single(singles, legend->classes[i].value);
}

/* Labels to choose from: the classes, and with change every pair of them after the unchanged ones. */
static enum lu_status list_choices(const struct lu_sample_content *content, struct lu_form_choice **out, size_t *count,
				   struct lu_error *err)
{
	struct singles *singles = NULL;
	enum lu_status status = lu_alloc(&singles, 1, sizeof(*singles), "labels", err);

	*count = 0;
	if (status != LU_OK)
		return status;
	list_singles(content, singles);
	const size_t n = singles->count, rounds = content->classed->change ? n + 1 : 1;
	LU_TRY(lu_alloc(out, n * rounds, sizeof(**out), "labels", err));
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < n; i++) {
			const uint16_t before = round == 0 ? singles->values[i] : singles->values[round - 1];
			if (round > 0 && before == singles->values[i])
				continue;
			const uint16_t value = content->classed->change ? lu_change_code(before, singles->values[i])
									: singles->values[i];
			char *name = lu_classed_name(content->classed, value);
			if (name == NULL) {
				status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: labels");
				goto out;
			}
			(*out)[(*count)++] = (struct lu_form_choice){value, name};
		}
	}
out:
	lu_free(singles);
	return status;
}

static enum lu_status write_form(const struct lu_sample_content *content, struct lu_vector_writer *writer,
				 struct lu_error *err)
{
	static const char *const hidden[] = {"stratum",  "stratum_name", "map",    "map_name",           "from_class",
					     "to_class", "probability",  "weight", LU_SAMPLE_PROBABILITY};
	static const char *const fixed[] = {"id", "row", "col", "lon", "lat"};
	static const struct lu_form_name names[] = {{"id", "No."},        {LU_SAMPLE_REFERENCE, "What is there"},
						    {"remark", "Remark"}, {"row", "Row"},
						    {"col", "Column"},    {"lon", "Longitude"},
						    {"lat", "Latitude"}};
	/* Without a title QGIS would call each cell by its stratum: the map's class, which the labeller must not know. */
	struct lu_form form = {.field = LU_SAMPLE_REFERENCE,
			       .remark = "remark",
			       .title = "\"id\"",
			       .names = names,
			       .name_count = sizeof(names) / sizeof(names[0]),
			       .open = "to be labelled",
			       .done = "labelled",
			       .none = "(not labelled)",
			       .hidden = hidden,
			       .fixed = fixed,
			       .hidden_count = sizeof(hidden) / sizeof(hidden[0]) -
					       (content->design->knows_probability ? 0 : 1),
			       .fixed_count = sizeof(fixed) / sizeof(fixed[0])};
	struct lu_form_choice *choices = NULL;
	char *qml = NULL;
	enum lu_status status;

	form.pictures = lu_pictures_fields(content->pictures, &form.picture_count);
	LU_TRY(list_choices(content, &choices, &form.choice_count, err));
	form.choices = choices;
	LU_TRY(lu_form_qml(&form, &qml, err));
	LU_TRY(lu_vector_style(writer, LU_SAMPLE_LAYER, qml, err));
out:
	for (size_t i = 0; choices != NULL && i < form.choice_count; i++)
		lu_free((char *)(uintptr_t)choices[i].name);
	lu_free(choices);
	lu_free(qml);
	return status;
}

static enum lu_status write_strata(const struct lu_sample_content *content, struct lu_vector_writer *writer,
				   struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {{LU_SAMPLE_STRATUM, LU_VECTOR_INTEGER},
							{"name", LU_VECTOR_TEXT},
							{"cells", LU_VECTOR_INTEGER},
							{"sampled", LU_VECTOR_INTEGER},
							{"area_ha", LU_VECTOR_REAL},
							{"expected_accuracy", LU_VECTOR_REAL},
							{"probability", LU_VECTOR_REAL},
							{"weight", LU_VECTOR_REAL}};
	enum lu_status status;

	LU_TRY(lu_vector_layer(writer, LU_SAMPLE_DESIGN, NULL, fields, sizeof(fields) / sizeof(fields[0]), err));
	for (size_t h = 0; h < content->design->stratum_count; h++) {
		const struct lu_sample_stratum *s = &content->design->strata[h];
		const double n = (double)s->sample, all = (double)s->cells;
		const struct lu_vector_value
			none = {0},
			values[] = {lu_vector_integer((int64_t)h + 1),
				    lu_vector_text(s->name),
				    lu_vector_integer((int64_t)s->cells),
				    lu_vector_integer((int64_t)s->sample),
				    lu_vector_real(hectares(s->area_units)),
				    content->design->by_probability ? none : lu_vector_real(s->expected),
				    all > 0 ? lu_vector_real(n / all) : none,
				    n > 0 ? lu_vector_real(all / n) : none};
		LU_TRY(lu_vector_add(writer, NULL, values, err));
	}
out:
	return status;
}

static enum lu_status write_classes(const struct lu_sample_content *content, struct lu_vector_writer *writer,
				    struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {
		{"class", LU_VECTOR_INTEGER}, {"name", LU_VECTOR_TEXT},    {LU_SAMPLE_STRATUM, LU_VECTOR_INTEGER},
		{"cells", LU_VECTOR_INTEGER}, {"area_ha", LU_VECTOR_REAL}, {LU_SAMPLE_PROBABILITY, LU_VECTOR_REAL}};
	const bool known = content->design->knows_probability;
	enum lu_status status;

	LU_TRY(lu_vector_layer(writer, LU_SAMPLE_CLASSES, NULL, fields,
			       sizeof(fields) / sizeof(fields[0]) - (known ? 0 : 1), err));
	for (size_t i = 0; i < content->design->class_count && status == LU_OK; i++) {
		const struct lu_sample_class *class = &content->design->classes[i];
		char *name = lu_classed_name(content->classed, class->value);
		const struct lu_vector_value values[] = {
			lu_vector_integer(class->value),
			lu_vector_text(name),
			lu_vector_integer((int64_t) class->stratum + 1),
			lu_vector_integer((int64_t) class->cells),
			lu_vector_real(hectares(class->area_units)),
			lu_vector_real((double)class->percent / 100 / fmax(1, (double)class->cells))};
		status = lu_vector_add(writer, NULL, values, err);
		lu_free(name);
	}
out:
	return status;
}

static enum lu_status write_fact(struct lu_vector_writer *writer, const char *fact, const char *value,
				 struct lu_error *err)
{
	const struct lu_vector_value values[] = {lu_vector_text(fact), lu_vector_text(value)};

	return value != NULL ? lu_vector_add(writer, NULL, values, err) : LU_OK;
}

static enum lu_status write_facts(const struct lu_sample_content *content, struct lu_vector_writer *writer,
				  struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {{"fact", LU_VECTOR_TEXT}, {"value", LU_VECTOR_TEXT}};
	const struct lu_sample_design *design = content->design;
	const bool change = content->classed->change;
	const char *dates[2];
	char hash[LU_SHA256_HEX], number[6][32];
	enum lu_status status;

	LU_TRY(lu_classed_hash(content->classed, hash, err));
	lu_classed_dates(content->classed, dates);
	snprintf(number[0], sizeof(number[0]), "%" PRIu64, design->seed);
	snprintf(number[1], sizeof(number[1]), "%" PRIu64, design->asked);
	snprintf(number[2], sizeof(number[2]), "%.6g", design->target_se);
	snprintf(number[3], sizeof(number[3]), "%" PRIu64, design->minimum);
	snprintf(number[4], sizeof(number[4]), "%.6g", content->least_share);
	snprintf(number[5], sizeof(number[5]), "%.6g", design->expected_ha);
	const struct {
		const char *fact, *value;
	} facts[] = {{"software", "landuse"},
		     {"software_version", lu_version()},
		     {"design", "stratified random sampling of cells, without replacement"},
		     {"strata", change ? "change" : "class"},
		     {"codes", change ? "before*100+after, unchanged keeps its class" : "class values"},
		     {LU_SAMPLE_STRATA_BY, design->by_probability ? LU_SAMPLE_PROBABILITY : NULL},
		     {LU_SAMPLE_GROWTH_OF, design->growth},
		     {"expected_standard_error_ha", design->expected_ha > 0 ? number[5] : NULL},
		     {LU_SAMPLE_OF, design->flags ? LU_SAMPLE_OF_FLAGS : NULL},
		     {"allocation", lu_choice_word(LU_CHOICE_ALLOCATION, design->allocation)},
		     {"seed", number[0]},
		     {"size_asked", number[1]},
		     {"target_standard_error", design->target_se > 0 ? number[2] : NULL},
		     {"minimum_per_stratum", number[3]},
		     {"least_share_inside", number[4]},
		     {"map", lu_path_name(content->classed->paths[0])},
		     {"map_later", content->classed->count == 2 ? lu_path_name(content->classed->paths[1]) : NULL},
		     {LU_SAMPLE_DATE, dates[0]},
		     {LU_SAMPLE_DATE_LATER, dates[1]},
		     {"map_sha256", hash},
		     {LU_SAMPLE_SCHEME, lu_map_metadata(content->classed->maps[0], "LANDUSE_SCHEME")},
		     {"county", content->ground->name},
		     {"boundary", content->boundary != NULL ? lu_path_name(content->boundary) : NULL}};

	LU_TRY(lu_vector_layer(writer, LU_SAMPLE_FACTS, NULL, fields, sizeof(fields) / sizeof(fields[0]), err));
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		LU_TRY(write_fact(writer, facts[i].fact, facts[i].value, err));
out:
	return status;
}

enum lu_status lu_sample_file_write(const struct lu_sample_content *content, struct lu_error *err)
{
	struct lu_vector_writer *writer = NULL;
	enum lu_status status;

	LU_TRY(lu_vector_create(content->path, &writer, err));
	LU_TRY(write_cells(content, writer, err));
	LU_TRY(write_strata(content, writer, err));
	LU_TRY(write_classes(content, writer, err));
	LU_TRY(write_facts(content, writer, err));
	LU_TRY(write_form(content, writer, err));
	LU_TRY(lu_pictures_sync(content->pictures, err));
	LU_TRY(lu_vector_finish(writer, err));
out:
	lu_vector_drop(writer);
	return status;
}
