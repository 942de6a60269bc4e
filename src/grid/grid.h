/*
 * grid.h: the one analysis grid of a county, the same for every date.
 *
 *	origin + k * (stride * resolution)
 *	   +-------+-------+-------+
 *	   |  cell | +---+ |       |	a cell is stride x stride pixels;
 *	   |       | |chip |       |	its chip is chip x chip pixels, centred on it
 *	   +-------+-------+-------+
 *
 * Two frames share the upper-left corner and the CRS: 'cells' (what is mapped) and 'pixels' (what
 * imagery is warped to). With stride = chip the cell is its chip. With stride < chip neighbours'
 * chips overlap and those of the outermost cells reach beyond the frame.
 */
#ifndef LU_GRID_GRID_H
#define LU_GRID_GRID_H

#include "base/geometry.h"

struct lu_grid {
	struct lu_frame cells;
	struct lu_frame pixels;
	int chip_px;
	int stride_px;
};

/*
 * 'imagery' is the first date's frame, in the grid's CRS (a caller who wants another CRS warps the
 * frame first); it gives what the job leaves open, and may be NULL when nothing is. A rotated or
 * oblong pixel gives the side of the square of equal area.
 */
struct lu_grid_options {
	const struct lu_frame *imagery;
	const char *crs_wkt; /* NULL: imagery's */
	double resolution; /* CRS units per pixel; 0: imagery's */
	double origin[2]; /* x, y of any cell corner */
	bool has_origin; /* false: imagery's upper-left corner */
	int chip_px; /* at least 1 */
	int stride_px; /* at least 1 */
	struct lu_box extent; /* the county's box, in the grid's CRS */
};

/*
 * The smallest grid of whole cells that covers 'extent': north-up, square pixels, corners at
 * origin + k * stride * resolution. An extent that passes a cell line by less than 1e-9 of a cell
 * is taken to end there.
 *
 * Fails with LU_ERROR_ARGUMENT, naming the job's key, for a resolution or size that is not
 * positive, an empty extent, more than 2^31 cells, or more pixels a side than GDAL can count
 * (2^31 - 1). '*out' is the caller's: lu_grid_release. Any thread.
 */
enum lu_status lu_grid_make(const struct lu_grid_options *options, struct lu_grid *out, struct lu_error *err);

/* Release what lu_grid_make filled; a zeroed grid is fine. */
void lu_grid_release(struct lu_grid *grid);

/*
 * The chip of cell (row, col) in pixels of grid->pixels. Its corner is at
 * col * stride + floor((stride - chip) / 2): an odd difference leaves the chip half a pixel to the
 * upper left of the cell's centre. It may reach beyond the frame.
 */
struct lu_rect lu_grid_chip(const struct lu_grid *grid, int64_t row, int64_t col);

/*
 * Pixels by which the outermost chips reach beyond grid->pixels on every side: 0 unless the stride
 * is smaller than the chip.
 */
int lu_grid_overhang(const struct lu_grid *grid);

/*
 * The frame that holds every chip whole: grid->pixels grown by the overhang on every side. Imagery
 * goes on there even if the county does not. The CRS text is borrowed from 'grid': do not release.
 */
struct lu_frame lu_grid_reach(const struct lu_grid *grid);

#endif
