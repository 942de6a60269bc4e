/*
 * cell_area.c: coverage and geodesy, row by row.
 */
#include "grid/cell_area.h"

#include <string.h>

#include "base/memory.h"
#include "grid/area_sum.h"

enum lu_status lu_cell_area_run(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t first, int64_t count, double *area_m2, struct lu_error *err)
{
	const int64_t end = first + count;
	size_t span_count;
	const struct lu_coverage_span *spans = lu_coverage_row(coverage, row, &span_count);
	enum lu_status status = LU_OK;

	memset(area_m2, 0, (size_t)count * sizeof(*area_m2));
	for (size_t i = 0; i < span_count && status == LU_OK; i++) {
		const struct lu_coverage_span *span = &spans[i];
		const int64_t from = span->first > first ? span->first : first, to = span->end < end ? span->end : end;
		double *at = area_m2 + (from - first);

		if (from >= to)
			continue;
		if (span->clip.count == 0) {
			status = lu_cell_meter_row(meter, row, from, to - from, at, err);
		} else {
			status = lu_cell_meter_polygon(meter, &span->clip, at, err);
			/* A sliver's area may round to nothing; it still touches, and counts. */
			if (*at < 1.0 / LU_AREA_UNITS_PER_M2)
				*at = 1.0 / LU_AREA_UNITS_PER_M2;
		}
	}
	return status;
}

enum lu_status lu_cell_area_row(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t width, double *area_m2, struct lu_error *err)
{
	return lu_cell_area_run(coverage, meter, row, 0, width, area_m2, err);
}

enum lu_status lu_cell_areas_make(const struct lu_polygon *county, const struct lu_coverage *coverage,
				  const struct lu_frame *cells, const struct lu_geodesy *geodesy,
				  struct lu_cell_areas *out, struct lu_error *err)
{
	struct lu_cell_areas areas = {.width = cells->width, .height = cells->height};
	struct lu_cell_meter *meter = NULL;
	lu_area_sum covered = 0;
	size_t count;
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	if (!lu_mul((size_t)areas.width, (size_t)areas.height, &count))
		return lu_fail(err, LU_ERROR_MEMORY, "cell areas: %lld x %lld cells do not fit in memory",
			       (long long)areas.width, (long long)areas.height);
	status = lu_alloc(&areas.area_m2, count, sizeof(*areas.area_m2), "cell areas", err);
	if (status != LU_OK)
		goto out;
	status = lu_cell_meter_new(geodesy, cells, &meter, err);
	if (status != LU_OK)
		goto out;
	for (int64_t row = 0; row < areas.height; row++) {
		double *line = areas.area_m2 + row * areas.width;

		status = lu_cell_area_row(coverage, meter, row, areas.width, line, err);
		if (status != LU_OK)
			goto out;
		for (int64_t col = 0; col < areas.width; col++)
			covered += lu_area_units(line[col]);
	}
	areas.covered_m2 = lu_area_m2(covered);
	status = lu_geodesic_area(geodesy, county, &areas.county_m2, err);
	if (status != LU_OK)
		goto out;
	*out = areas;
	memset(&areas, 0, sizeof(areas));
out:
	lu_cell_meter_free(meter);
	lu_cell_areas_release(&areas);
	return status;
}

void lu_cell_areas_release(struct lu_cell_areas *areas)
{
	if (!areas)
		return;
	lu_free(areas->area_m2);
	memset(areas, 0, sizeof(*areas));
}
