/*
 * date_grids.h: what the network is shown of a county: windows of the model's ground below the grid of cells, on pixels of
 * each date's own. The grid, the county and the dates' imagery come in; a grid a date goes out.
 *
 * A window is a cell, or one of 'windows' x 'windows' of a cell larger than the model's ground.
 */
#ifndef LU_GRID_DATE_GRIDS_H
#define LU_GRID_DATE_GRIDS_H

#include "grid/chip_ground.h"
#include "grid/grid.h"
#include "grid/ground.h"
#include "raster/imagery.h"

struct lu_date_grids {
	struct lu_grid *dates; /* of the same windows each */
	size_t count;
	int windows; /* a side of a cell */
	struct lu_coverage *coverage; /* of the windows; NULL: they are the cells */
};

struct lu_date_grids_request {
	const struct lu_grid *cells; /* on the first date's pixels */
	const struct lu_ground *ground;
	struct lu_imagery *const *imagery; /* one a date */
	size_t count;
	struct lu_chip_ground model; /* what a chip shows */
	bool same_pixels; /* of all dates; false: each date at its own resolution */
	bool divide; /* cells larger than the model's ground */
};

/* '*out' is to be released, also on failure. */
enum lu_status lu_date_grids_make(const struct lu_date_grids_request *request, struct lu_date_grids *out,
				  struct lu_error *err);
void lu_date_grids_release(struct lu_date_grids *grids);

#endif
