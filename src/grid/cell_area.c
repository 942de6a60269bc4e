/*
 * cell_area.c: coverage and geodesy, row by row.
 */
#include "grid/cell_area.h"

#include <string.h>

#include "grid/area_sum.h"

enum lu_status lu_cell_area_run(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t first, int64_t count, double *area_m2, struct lu_error *err)
{
	const int64_t end = first + count;
	size_t span_count;
	const struct lu_coverage_span *spans = lu_coverage_row(coverage, row, &span_count);
	enum lu_status status = LU_OK;

	memset(area_m2, 0, (size_t)count * sizeof(*area_m2));
	for (size_t i = 0; i < span_count; i++) {
		const struct lu_coverage_span *span = &spans[i];
		const int64_t from = span->first > first ? span->first : first, to = span->end < end ? span->end : end;
		double *at = area_m2 + (from - first);

		if (from >= to)
			continue;
		if (span->clip.count == 0) {
			LU_TRY(lu_cell_meter_row(meter, row, from, to - from, at, err));
		} else {
			LU_TRY(lu_cell_meter_polygon(meter, &span->clip, at, err));
			/* A sliver's area may round to nothing; it still touches, and counts. */
			if (*at < 1.0 / LU_AREA_UNITS_PER_M2)
				*at = 1.0 / LU_AREA_UNITS_PER_M2;
		}
	}
out:
	return status;
}

enum lu_status lu_cell_area_row(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t width, double *area_m2, struct lu_error *err)
{
	return lu_cell_area_run(coverage, meter, row, 0, width, area_m2, err);
}
