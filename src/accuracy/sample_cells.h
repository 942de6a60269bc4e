/*
 * sample_cells.h: the grid of the cells that a sample was drawn from: a file of landuse sample comes in, a corner and the
 * sides of a cell go out, so that chips can be cut just where somebody has looked.
 */
#ifndef LU_ACCURACY_SAMPLE_CELLS_H
#define LU_ACCURACY_SAMPLE_CELLS_H

#include "base/error.h"

struct lu_sample_cells {
	char *crs_wkt; /* NULL: the file is no designed sample of cells */
	double origin[2]; /* the upper-left corner of one of them, CRS units */
	double side[2]; /* across and down, CRS units */
	double side_m; /* across, on the ground */
};

/*
 * Of 'path', any file of shapes. LU_ERROR_ARGUMENT: no such file; LU_ERROR_FORMAT: no shapes. Release '*out', also after a
 * failure. Any thread.
 */
enum lu_status lu_sample_cells_read(const char *path, struct lu_sample_cells *out, struct lu_error *err);
void lu_sample_cells_release(struct lu_sample_cells *cells);

#endif
