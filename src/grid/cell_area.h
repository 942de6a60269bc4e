/*
 * cell_area.h: square metres of every cell that lie inside the county.
 *
 * Where a cell is cut is the business of grid/coverage.h, how large a piece of the ellipsoid is
 * that of grid/areas.h; here they meet. A cell wholly inside gets its whole area, a cut cell the
 * area of its clipped polygon, and any other cell 0.
 */
#ifndef LU_GRID_CELL_AREA_H
#define LU_GRID_CELL_AREA_H

#include "grid/areas.h"
#include "grid/coverage.h"

/*
 * One row: 'area_m2' takes the frame's width. 'meter' was made for the frame of 'coverage'; a meter
 * serves one thread, a coverage serves all.
 */
enum lu_status lu_cell_area_row(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t width, double *area_m2, struct lu_error *err);

/* The same for the cells 'first' .. 'first' + 'count' - 1 of the row, into area_m2[0 .. count - 1]. */
enum lu_status lu_cell_area_run(const struct lu_coverage *coverage, struct lu_cell_meter *meter, int64_t row,
				int64_t first, int64_t count, double *area_m2, struct lu_error *err);

#endif
