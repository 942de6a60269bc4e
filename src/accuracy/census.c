/* census.c: a map's cells, strip by strip. */
#include "accuracy/census.h"

#include <stdlib.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "grid/area_sum.h"
#include "grid/cell_area.h"
#include "grid/grid_over.h"
#include "maps/transition.h"

/* Cells of a strip: few enough for the cache, enough that a call per strip costs nothing. */
enum { STRIP_CELLS = 1 << 18, STRIP_ROWS = 256 };

struct walk {
	const struct lu_population *population;
	lu_cell_visit visit;
	void *user;
	struct lu_census *census; /* NULL: do not count */
	uint32_t *index; /* of a census: value and bin to class number + 1 */
	uint16_t *values, *percent;
	double *share, *area_m2; /* of a row */
};

static int64_t strip_rows(const struct lu_frame *frame)
{
	const int64_t rows = STRIP_CELLS / frame->width;

	return rows < 1 ? 1 : rows > STRIP_ROWS ? STRIP_ROWS : rows;
}

static enum lu_status count_cell(struct walk *walk, uint16_t value, uint16_t percent, bool drawn, double area_m2,
				 struct lu_error *err)
{
	struct lu_census *census = walk->census;
	const size_t bin = walk->population->by_probability ? lu_probability_bin(percent) : 0;
	uint32_t *number = &walk->index[(size_t)value * LU_PROBABILITY_BINS + bin];

	if (*number == 0) {
		if (census->count >=
		    (size_t)LU_MAX_CLASSES * (walk->population->by_probability ? LU_PROBABILITY_BINS : 1))
			return lu_fail(err, LU_ERROR_FORMAT,
				       "%s: more than %d different values (is this a map of classes?)",
				       walk->population->classed->paths[0], LU_MAX_CLASSES);
		const enum lu_status status =
			lu_grow(&census->classes, census->count + 1, sizeof(*census->classes), "classes", err);
		if (status != LU_OK)
			return status;
		census->classes[census->count++] = (struct lu_census_class){.value = value, .bin = (uint16_t)bin};
		*number = (uint32_t)census->count;
	}
	struct lu_census_class *class = &census->classes[*number - 1];
	class->cells += drawn;
	class->percent += drawn ? percent : 0;
	class->area_units += lu_area_units(area_m2);
	return LU_OK;
}

static enum lu_status walk_row(struct walk *walk, int64_t row, const uint16_t *values, const uint16_t *percent,
			       struct lu_error *err)
{
	const struct lu_population *p = walk->population;
	const int64_t width = p->classed->frame->width;
	enum lu_status status = LU_OK;

	lu_coverage_fill_row(p->ground->coverage, row, walk->share);
	if (walk->census != NULL)
		LU_TRY(lu_cell_area_row(p->ground->coverage, p->ground->meter, row, width, walk->area_m2, err));
	for (int64_t col = 0; col < width; col++) {
		if (values[col] == 0 || walk->share[col] <= 0)
			continue;
		const bool drawn = walk->share[col] >= p->least_share;
		if (walk->census != NULL)
			LU_TRY(count_cell(walk, values[col], percent != NULL ? percent[col] : 0, drawn,
					  walk->area_m2[col], err));
		else if (drawn)
			walk->visit(walk->user, row, col, values[col], percent != NULL ? percent[col] : 0);
	}
out:
	return status;
}

static enum lu_status walk_all(struct walk *walk, const char *stage, struct lu_error *err)
{
	const struct lu_population *p = walk->population;
	const struct lu_frame *frame = p->classed->frame;
	const int64_t rows = strip_rows(frame);
	enum lu_status status;

	LU_TRY(lu_alloc(&walk->values, (size_t)(rows * frame->width), sizeof(uint16_t), "rows of a map", err));
	if (p->probability != NULL)
		LU_TRY(lu_alloc(&walk->percent, (size_t)(rows * frame->width), sizeof(uint16_t), "rows of a map", err));
	LU_TRY(lu_alloc(&walk->share, (size_t)frame->width, sizeof(double), "a row", err));
	LU_TRY(lu_alloc(&walk->area_m2, (size_t)frame->width, sizeof(double), "a row", err));
	for (int64_t row0 = 0; row0 < frame->height && status == LU_OK; row0 += rows) {
		const int64_t count = frame->height - row0 < rows ? frame->height - row0 : rows;
		if (lu_cancelled(p->hooks))
			status = lu_fail(err, LU_ERROR_CANCELLED, "stopped");
		if (status == LU_OK)
			status = lu_classed_read(p->classed, row0, count, walk->values, err);
		if (status == LU_OK && p->probability != NULL)
			status = lu_probability_read(p->probability, p->probability_path, row0, count, walk->percent,
						     err);
		for (int64_t i = 0; i < count && status == LU_OK; i++)
			status = walk_row(walk, row0 + i, walk->values + i * frame->width,
					  walk->percent != NULL ? walk->percent + i * frame->width : NULL, err);
		lu_progress(p->hooks, stage, (uint64_t)((row0 + count) * frame->width),
			    (uint64_t)(frame->height * frame->width));
	}
out:
	lu_free(walk->values);
	lu_free(walk->percent);
	lu_free(walk->share);
	lu_free(walk->area_m2);
	return status;
}

enum lu_status lu_population_walk(const struct lu_population *population, const char *stage, lu_cell_visit visit,
				  void *user, struct lu_error *err)
{
	struct walk walk = {.population = population, .visit = visit, .user = user};

	return walk_all(&walk, stage, err);
}

static int by_value(const void *a, const void *b)
{
	const struct lu_census_class *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->bin > y->bin) - (x->bin < y->bin);
}

enum lu_status lu_census_make(const struct lu_population *population, struct lu_census *out, struct lu_error *err)
{
	struct walk walk = {.population = population, .census = out};
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_alloc(&walk.index, ((size_t)UINT16_MAX + 1) * LU_PROBABILITY_BINS, sizeof(*walk.index), "classes",
			err));
	LU_TRY(walk_all(&walk, "counting", err));
	if (out->count == 0)
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: no mapped cell inside the boundary",
				 population->classed->paths[0]);
out:
	if (out->count > 0)
		qsort(out->classes, out->count, sizeof(*out->classes), by_value);
	lu_free(walk.index);
	if (status != LU_OK)
		lu_census_release(out);
	return status;
}

void lu_census_release(struct lu_census *census)
{
	lu_free(census->classes);
	memset(census, 0, sizeof(*census));
}

enum lu_status lu_census_ground(const struct lu_county_source *source, const struct lu_frame *frame,
				struct lu_ground *out, struct lu_error *err)
{
	struct lu_county_source whole = *source;
	struct lu_polygon polygon;
	char *name = NULL;
	enum lu_status status;

	whole.box = lu_frame_box(frame);
	LU_TRY(lu_county_polygon(&whole, frame->crs_wkt, &polygon, &name, err));
	LU_TRY(lu_ground_make(&polygon, frame, out, err));
out:
	if (status != LU_OK) {
		lu_free(name);
		return status;
	}
	out->name = name;
	if (lu_coverage_cells(out->coverage) == 0) {
		lu_ground_release(out);
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: does not overlap the map (check the boundary and its filter)", source->boundary);
	}
	return LU_OK;
}
