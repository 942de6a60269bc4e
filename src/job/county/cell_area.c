/*
 * cell_area.c: coverage and geodesy, row by row.
 */
#include "job/county/cell_area.h"

#include <string.h>

#include "base/memory.h"
#include "change/area_sum.h"

enum lu_status lu_cell_area_row(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t width, double *area_m2, struct lu_error *err)
{
	size_t count;
	const struct lu_coverage_span *spans = lu_coverage_row(coverage, row, &count);

	memset(area_m2, 0, (size_t)width * sizeof(*area_m2));
	for (size_t i = 0; i < count; i++) {
		const struct lu_coverage_span *span = &spans[i];
		double *at = area_m2 + span->first;
		enum lu_status status;

		if (span->clip.count == 0) {
			status = lu_cell_meter_row(meter, row, span->first, span->end - span->first, at, err);
		} else {
			status = lu_cell_meter_polygon(meter, &span->clip, at, err);
			/* A sliver's area may round to nothing; it still touches, and counts. */
			if (*at < 1.0 / LU_AREA_UNITS_PER_M2)
				*at = 1.0 / LU_AREA_UNITS_PER_M2;
		}
		if (status != LU_OK)
			return status;
	}
	return LU_OK;
}

enum lu_status lu_cell_areas_make(const struct lu_polygon *county, const struct lu_coverage *coverage,
				  const struct lu_frame *cells, const struct lu_geodesy *geodesy,
				  struct lu_cell_areas *out, struct lu_error *err)
{
	struct lu_cell_areas areas = {.width = cells->width, .height = cells->height};
	struct lu_cell_meter *meter = NULL;
	int64_t covered = 0;
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
