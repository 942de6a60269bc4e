/* map_series.c: one map after the other, each against those before it. */
#include "maps/map_series.h"

#include <string.h>

#include "base/memory.h"
#include "grid/date_labels.h"
#include "maps/same_grid.h"
#include "maps/same_legend.h"
#include "raster/map_classes.h"

/* Rows read ahead where they are asked for one by one: a call for each would look up the same row of tiles each time. */
enum { AHEAD_ROWS = 64, AHEAD_CELLS = 1 << 20 };

struct lu_map_ahead {
	struct lu_map *map;
	int64_t row0, rows; /* that 'values' has */
	uint16_t *values; /* NULL: nobody asked yet */
};

/* Have 'row' among the rows read ahead. */
static enum lu_status read_ahead(struct lu_map_ahead *ahead, int64_t row, struct lu_error *err)
{
	const struct lu_frame *frame = lu_map_frame(ahead->map);
	const int64_t some = AHEAD_CELLS / frame->width;
	const int64_t most = some < 1 ? 1 : some < AHEAD_ROWS ? some : AHEAD_ROWS;
	const int64_t rows = frame->height - row < most ? frame->height - row : most;
	enum lu_status status = LU_OK;

	if (row >= ahead->row0 && row < ahead->row0 + ahead->rows)
		return LU_OK;
	ahead->rows = 0;
	if (ahead->values == NULL)
		LU_TRY(lu_alloc(&ahead->values, (size_t)(most * frame->width), sizeof(*ahead->values), "rows of a map",
				err));
	LU_TRY(lu_map_read_rows(ahead->map, row, rows, ahead->values, err));
	ahead->row0 = row;
	ahead->rows = rows;
out:
	return status;
}

static enum lu_status read_map_rows(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
				    struct lu_error *err)
{
	struct lu_map_ahead *ahead = user;
	const int64_t width = lu_map_frame(ahead->map)->width;
	enum lu_status status;

	if (confidence != NULL)
		memset(confidence, 0, (size_t)(rows * width));
	if (rows > 1)
		return lu_map_read_rows(ahead->map, row0, rows, values, err);
	LU_TRY(read_ahead(ahead, row0, err));
	memcpy(values, ahead->values + (row0 - ahead->row0) * width, (size_t)width * sizeof(*values));
out:
	return status;
}

struct lu_class_rows lu_map_series_rows(const struct lu_map_series *series, size_t i)
{
	return (struct lu_class_rows){read_map_rows, &series->ahead[i]};
}

/* The label that is given, else the map's own. */
static enum lu_status make_label(struct lu_map_series *series, const char *given, size_t i, struct lu_error *err)
{
	series->labels[i] = given != NULL ? lu_strdup(given) : lu_map_date(series->maps[i], series->paths[i]);
	if (series->labels[i] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a label");
	if (lu_date_label_check(series->labels[i], err) != LU_OK)
		return lu_fail(err, err->status, "%s: %s (name the dates: .labels = A,B)", series->paths[i], err->text);
	for (size_t k = 0; k < i; k++)
		if (strcmp(series->labels[k], series->labels[i]) == 0)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "%s and %s would both be called '%s' (name the dates: .labels = A,B)",
				       series->paths[k], series->paths[i], series->labels[i]);
	return LU_OK;
}

/*
 * Map 'i' after those before it: grid, scheme and legend. Of names that may mean the same it is enough to be told beside
 * the map just before.
 */
static enum lu_status check_against(const struct lu_map_series *series, size_t i,
				    const struct lu_map_series_options *options, struct lu_error *err)
{
	const char *const *paths = series->paths;
	enum lu_status status;

	LU_TRY(lu_same_grid(series->maps[0], paths[0], series->maps[i], paths[i], err));
	for (size_t k = 0; k < i; k++) {
		const struct lu_legend_side before = {&series->legends[k], paths[k]},
					    now = {&series->legends[i], paths[i]};
		LU_TRY(lu_same_scheme(series->maps[k], paths[k], series->maps[i], paths[i], err));
		if (!options->by_number)
			LU_TRY(lu_same_legend(before, now, k + 1 == i ? options->hooks : NULL, err));
	}
out:
	return status;
}

static enum lu_status check_upright(const struct lu_map_series *series, size_t i, struct lu_error *err)
{
	const double *t = lu_map_frame(series->maps[i])->transform;

	if (t[2] == 0 && t[4] == 0)
		return LU_OK;
	return lu_fail(
		err, LU_ERROR_UNSUPPORTED,
		"%s: its rows and columns are rotated against the axes of its coordinate system (gdalwarp -r near "
		"makes a map whose are not)",
		series->paths[i]);
}

enum lu_status lu_map_series_open(const struct lu_map_series_options *options, struct lu_map_series *out,
				  struct lu_error *err)
{
	const char *const *paths = options->paths;
	const size_t count = options->count;
	enum lu_status status;

	*out = (struct lu_map_series){.paths = paths, .count = count};
	LU_TRY(lu_alloc(&out->maps, count, sizeof(struct lu_map *), "maps", err));
	LU_TRY(lu_alloc(&out->ahead, count, sizeof(*out->ahead), "maps", err));
	LU_TRY(lu_alloc(&out->labels, count, sizeof(char *), "labels", err));
	LU_TRY(lu_alloc(&out->legends, count, sizeof(*out->legends), "legends", err));
	if (options->scheme != NULL)
		LU_TRY(lu_legend_read_scheme(options->scheme, &out->legend, err));
	for (size_t i = 0; i < count; i++) {
		LU_TRY(lu_map_open_classes(paths[i], options->hooks, &out->maps[i], err));
		out->ahead[i].map = out->maps[i];
		LU_TRY(check_upright(out, i, err));
		LU_TRY(make_label(out, options->labels != NULL ? options->labels[i] : NULL, i, err));
		LU_TRY(lu_legend_add_map(&out->legends[i], out->maps[i], err));
		LU_TRY(check_against(out, i, options, err));
		LU_TRY(lu_legend_add_map(&out->legend, out->maps[i], err));
	}
	LU_TRY(lu_date_labels_check((const char *const *)out->labels, count, options->pairs, "maps", err));
out:
	return status;
}

void lu_map_series_release(struct lu_map_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		if (series->maps != NULL)
			lu_map_close(series->maps[i]);
		if (series->ahead != NULL)
			lu_free(series->ahead[i].values);
		if (series->labels != NULL)
			lu_free(series->labels[i]);
		if (series->legends != NULL)
			lu_legend_release(&series->legends[i]);
	}
	lu_free(series->legends);
	lu_free(series->maps);
	lu_free(series->ahead);
	lu_free(series->labels);
	lu_legend_release(&series->legend);
	*series = (struct lu_map_series){0};
}
