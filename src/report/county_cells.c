/* county_cells.c: the maps of a run as shapes: an area a class and date, and every cell with its history. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "grid/cell_area.h"
#include "raster/dissolve.h"
#include "raster/map.h"
#include "report/county_gpkg_parts.h"

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: " LU_COUNTY_GPKG);
}

/* --- areas of classes --- */

static const struct lu_vector_column area_columns[] = {
	{"class_code", LU_VECTOR_INTEGER, NULL, LU_CLASS_CODES, "the class's value on the map, see classes"},
	{"class", LU_VECTOR_TEXT, NULL, NULL, "its name"},
	{"cells", LU_VECTOR_INTEGER, NULL, NULL, "cells of the map that have it"},
	{"area_ha", LU_VECTOR_REAL, NULL, NULL, "hectares inside the county, on the ellipsoid"}};
enum { AREA_COLUMNS = sizeof(area_columns) / sizeof(area_columns[0]) };

/* Columns as a layer's fields. */
static void fields_of(const struct lu_vector_column *columns, size_t count, struct lu_vector_field *fields)
{
	for (size_t i = 0; i < count; i++)
		fields[i] = (struct lu_vector_field){columns[i].name, columns[i].type};
}

static enum lu_status add_date(const struct lu_county_gpkg *task, size_t d, struct lu_vector_writer *writer,
			       struct lu_error *err)
{
	const struct lu_county_statistics *s = task->statistics;
	const struct lu_transition *map = s->dates[d].map;
	struct lu_vector_field fields[AREA_COLUMNS];
	struct lu_dissolved *areas = NULL;
	size_t count = 0;
	char *name = lu_county_layer("landuse", s->dates[d].label), buffer[16],
	     *path = lu_sprintf("%s/%s/landuse.tif", task->folder, s->dates[d].label);
	enum lu_status status;

	LU_TRY(name != NULL && path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_dissolve(path, &areas, &count, err));
	fields_of(area_columns, AREA_COLUMNS, fields);
	LU_TRY(lu_vector_layer_of_areas(writer, name, s->cells->crs_wkt, fields, AREA_COLUMNS, err));
	for (size_t i = 0; i < count; i++) {
		size_t k = 1;
		while (k < map->count && map->values[k] != areas[i].value)
			k++;
		const bool counted = k < map->count;
		const struct lu_vector_value values[AREA_COLUMNS] = {
			lu_vector_integer(areas[i].value),
			lu_vector_text(lu_statistics_name(s, areas[i].value, buffer)),
			lu_vector_integer(counted ? (int64_t)lu_transition_cells(map, k, k) : 0),
			lu_hectares(counted ? lu_transition_area_m2(map, k, k) : 0)};
		LU_TRY(lu_vector_add_polygon(writer, &areas[i].area, values, err));
	}
	LU_TRY(lu_vector_explain(writer, name, "Land use as mapped: an area a class, of whole cells", area_columns,
				 AREA_COLUMNS, NULL, err));
out:
	lu_dissolved_free(areas, count);
	lu_free(name);
	lu_free(path);
	return status;
}

enum lu_status lu_county_dissolved_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				       struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < task->statistics->date_count; d++)
		LU_TRY(add_date(task, d, writer, err));
out:
	return status;
}

/* --- cells --- */

enum { ROW, COL, AREA, HISTORY, FIXED };

/* A raster of the run, and the column that it fills. */
struct source {
	struct lu_map *map;
	uint16_t *row;
	enum { OF_CLASS, OF_CONFIDENCE, OF_PROBABILITY, OF_FLAGS } what;
	size_t date[2]; /* of a pair: both; columns are NULL where one is not mapped */
};

/* What is read side by side, in the order of the columns behind the fixed ones. */
struct cells {
	const struct lu_county_gpkg *task;
	struct source *sources;
	struct lu_vector_column *columns;
	struct lu_vector_field *fields;
	struct lu_vector_value *values;
	char **texts; /* names and descriptions of columns */
	size_t count, text_count;
	double *area_m2;
};

static enum lu_status add_source(struct cells *cells, struct source source, const char *path, char *name, char *words,
				 struct lu_error *err)
{
	const int64_t width = cells->task->statistics->cells->width;
	struct source *to = &cells->sources[cells->count];
	enum lu_status status;

	cells->texts[cells->text_count++] = name;
	cells->texts[cells->text_count++] = words;
	LU_TRY(path != NULL && name != NULL && words != NULL ? LU_OK : no_memory(err));
	lu_vector_word(name);
	*to = source;
	cells->columns[FIXED + cells->count++] = (struct lu_vector_column){
		name, LU_VECTOR_INTEGER, NULL, source.what == OF_CLASS ? LU_CLASS_CODES : NULL, words};
	LU_TRY(lu_map_open(path, &to->map, err));
	LU_TRY(lu_alloc(&to->row, (size_t)width, sizeof(*to->row), "a row", err));
out:
	return status;
}

static enum lu_status open_date(struct cells *cells, size_t d, struct lu_error *err)
{
	const char *folder = cells->task->folder, *label = cells->task->statistics->dates[d].label;
	char *map = lu_sprintf("%s/%s/landuse.tif", folder, label);
	char *sure = lu_sprintf("%s/%s/confidence.tif", folder, label);
	enum lu_status status;

	LU_TRY(add_source(cells, (struct source){.what = OF_CLASS, .date = {d, d}}, map, lu_sprintf("class_%s", label),
			  lu_sprintf("class at %s, see classes; NULL: not mapped", label), err));
	LU_TRY(add_source(cells, (struct source){.what = OF_CONFIDENCE, .date = {d, d}}, sure,
			  lu_sprintf("probability_%s_percent", label),
			  lu_sprintf("the model's probability of the mapped class at %s, percent", label), err));
out:
	lu_free(map);
	lu_free(sure);
	return status;
}

static enum lu_status open_pair(struct cells *cells, const struct lu_pair_statistics *pair, struct lu_error *err)
{
	const struct lu_county_statistics *s = cells->task->statistics;
	const char *folder = cells->task->folder, *a = s->dates[pair->earlier].label, *b = s->dates[pair->later].label;
	char *probability = lu_sprintf("%s/%s_%s/change_probability.tif", folder, a, b);
	char *flags = lu_sprintf("%s/%s_%s/flagged.tif", folder, a, b);
	enum lu_status status;

	LU_TRY(add_source(cells, (struct source){.what = OF_PROBABILITY, .date = {pair->earlier, pair->later}},
			  probability, lu_sprintf("changed_%s_%s_percent", a, b),
			  lu_sprintf("probability that the cell changed between %s and %s, percent", a, b), err));
	LU_TRY(add_source(cells, (struct source){.what = OF_FLAGS, .date = {pair->earlier, pair->later}}, flags,
			  lu_sprintf("flagged_%s_%s", a, b),
			  lu_sprintf("significant change between %s and %s: before * 100 + after; NULL: none", a, b),
			  err));
out:
	lu_free(probability);
	lu_free(flags);
	return status;
}

static enum lu_status open_sources(struct cells *cells, struct lu_error *err)
{
	static const struct lu_vector_column fixed[FIXED] = {
		[ROW] = {"row", LU_VECTOR_INTEGER, NULL, NULL, "row of the maps, from 0 in the north"},
		[COL] = {"col", LU_VECTOR_INTEGER, NULL, NULL, "column of the maps, from 0 in the west"},
		[AREA] = {"area_ha", LU_VECTOR_REAL, NULL, NULL, "hectares of the cell inside the county"},
		[HISTORY] = {"history", LU_VECTOR_TEXT, NULL, NULL, "classes at all dates, the earliest first"}};
	const struct lu_county_statistics *s = cells->task->statistics;
	const size_t most = 2 * (s->date_count + s->pair_count);
	enum lu_status status;

	LU_TRY(lu_alloc(&cells->sources, most, sizeof(*cells->sources), "columns", err));
	LU_TRY(lu_alloc(&cells->columns, FIXED + most, sizeof(*cells->columns), "columns", err));
	LU_TRY(lu_alloc(&cells->fields, FIXED + most, sizeof(*cells->fields), "columns", err));
	LU_TRY(lu_alloc(&cells->values, FIXED + most, sizeof(*cells->values), "columns", err));
	LU_TRY(lu_alloc(&cells->texts, 2 * most, sizeof(*cells->texts), "columns", err));
	LU_TRY(lu_alloc(&cells->area_m2, (size_t)s->cells->width, sizeof(*cells->area_m2), "a row", err));
	memcpy(cells->columns, fixed, sizeof(fixed));
	for (size_t d = 0; d < s->date_count; d++)
		LU_TRY(open_date(cells, d, err));
	for (size_t p = 0; p < s->pair_count; p++)
		if (s->pairs[p].flags != NULL)
			LU_TRY(open_pair(cells, &s->pairs[p], err));
	fields_of(cells->columns, FIXED + cells->count, cells->fields);
out:
	return status;
}

static void close_sources(struct cells *cells)
{
	for (size_t i = 0; i < cells->count; i++) {
		lu_map_close(cells->sources[i].map);
		lu_free(cells->sources[i].row);
	}
	for (size_t i = 0; i < cells->text_count; i++)
		lu_free(cells->texts[i]);
	lu_free(cells->sources);
	lu_free(cells->columns);
	lu_free(cells->fields);
	lu_free(cells->values);
	lu_free(cells->texts);
	lu_free(cells->area_m2);
}

/* Columns of dates come first, two each: the class is the first of them. */
static uint16_t class_at(const struct cells *cells, size_t date, int64_t col)
{
	return cells->sources[2 * date].row[col];
}

/* "Forest > Developed", in 'text'; false: mapped at no date. */
static bool tell_history(const struct cells *cells, int64_t col, char *text, size_t size)
{
	const struct lu_county_statistics *s = cells->task->statistics;
	size_t used = 0;
	char buffer[16];
	bool mapped = false;

	for (size_t d = 0; d < s->date_count; d++) {
		const uint16_t value = class_at(cells, d, col);
		const int length = snprintf(text + used, size - used, "%s%s", d > 0 ? " > " : "",
					    lu_statistics_name(s, value, buffer));
		mapped = mapped || value != 0;
		used += length > 0 && (size_t)length < size - used ? (size_t)length : 0;
	}
	return mapped;
}

static void fill_values(const struct cells *cells, int64_t row, int64_t col, const char *history)
{
	struct lu_vector_value *values = cells->values;

	values[ROW] = lu_vector_integer(row);
	values[COL] = lu_vector_integer(col);
	values[AREA] = lu_hectares(cells->area_m2[col]);
	values[HISTORY] = lu_vector_text(history);
	for (size_t i = 0; i < cells->count; i++) {
		const struct source *source = &cells->sources[i];
		const bool mapped =
			class_at(cells, source->date[0], col) != 0 && class_at(cells, source->date[1], col) != 0;
		const bool told = mapped && (source->what != OF_FLAGS || source->row[col] != 0);
		values[FIXED + i] = told ? lu_vector_integer(source->row[col]) : (struct lu_vector_value){0};
	}
}

static enum lu_status add_row(const struct cells *cells, int64_t row, struct lu_vector_writer *writer,
			      struct lu_error *err)
{
	static const int dc[4] = {0, 1, 1, 0}, dr[4] = {1, 1, 0, 0};
	const struct lu_frame *frame = cells->task->statistics->cells;
	const double *t = frame->transform;
	char history[1024];
	enum lu_status status = LU_OK;

	for (int64_t col = 0; col < frame->width; col++) {
		struct lu_point corners[4];
		const struct lu_ring ring = {corners, 4};
		if (!tell_history(cells, col, history, sizeof(history)) && !(cells->area_m2[col] > 0))
			continue;
		for (int i = 0; i < 4; i++) {
			const double c = (double)(col + dc[i]), r = (double)(row + dr[i]);
			corners[i] = (struct lu_point){t[0] + c * t[1] + r * t[2], t[3] + c * t[4] + r * t[5]};
		}
		fill_values(cells, row, col, history);
		LU_TRY(lu_vector_add(writer, &ring, cells->values, err));
	}
out:
	return status;
}

enum lu_status lu_county_cells_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				   struct lu_error *err)
{
	const struct lu_frame *frame = task->statistics->cells;
	struct cells cells = {.task = task};
	enum lu_status status;

	LU_TRY(open_sources(&cells, err));
	LU_TRY(lu_vector_layer(writer, "cells", frame->crs_wkt, cells.fields, FIXED + cells.count, err));
	for (int64_t row = 0; row < frame->height; row++) {
		for (size_t i = 0; i < cells.count; i++)
			LU_TRY(lu_map_read_rows(cells.sources[i].map, row, 1, cells.sources[i].row, err));
		LU_TRY(lu_cell_area_row(task->ground->coverage, task->ground->meter, row, frame->width, cells.area_m2,
					err));
		LU_TRY(add_row(&cells, row, writer, err));
	}
	LU_TRY(lu_vector_explain(writer, "cells", "Every cell of the maps inside the county, with its history",
				 cells.columns, FIXED + cells.count, NULL, err));
out:
	close_sources(&cells);
	return status;
}
