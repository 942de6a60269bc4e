/*
 * grid.h: the one analysis grid of a county, the same for every date.
 *
 *	origin + k * side
 *	   +-------+-------+-------+
 *	   |  cell | +---+ |       |	a cell is a piece of ground, a step of so many pixels, whole or not;
 *	   |       | |chip |       |	its chip is chip x chip pixels, centred on it to the nearest pixel
 *	   +-------+-------+-------+
 *
 * Two frames of one CRS: 'cells' (what is mapped) and 'pixels' (what imagery is warped to), which covers them. Dates of
 * other pixel sizes have the same cells and pixels of their own (lu_grid_lay). With step = chip the cell is its chip.
 * With a smaller step neighbours' chips overlap and those of the outermost cells reach beyond the frames.
 */
#ifndef LU_GRID_GRID_H
#define LU_GRID_GRID_H

#include "base/geometry.h"

struct lu_grid {
	struct lu_frame cells;
	struct lu_frame pixels;
	int chip_px;
	double step_px[2]; /* pixels from cell to cell, across and down */
	double corner_px[2]; /* of the cells, from the corner of the pixels: less than one pixel */
};

/*
 * 'imagery' is the first date's frame, in the grid's CRS (a caller who wants another CRS warps the
 * frame first); it gives what the job leaves open, and may be NULL when nothing is. A rotated or
 * oblong pixel gives the side of the square of equal area.
 */
struct lu_grid_options {
	const struct lu_frame *imagery;
	const char *crs_wkt; /* NULL: imagery's */
	double resolution[2]; /* CRS units of a pixel, across and down; 0: imagery's */
	double origin[2]; /* x, y of any cell corner */
	bool has_origin; /* false: imagery's upper-left corner */
	int chip_px; /* at least 1 */
	int stride_px; /* at least 1; not used where there is a side */
	double side[2]; /* CRS units of a cell, across and down; 0: by the stride */
	struct lu_box extent; /* the county's box, in the grid's CRS */
};

/*
 * The smallest grid of whole cells that covers 'extent': north-up, corners at origin + k * side, pixels from the cells'
 * corner on. An extent that passes a cell line by less than 1e-9 of a cell
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
 * Other pixels below the cells of 'grid': of 'pixel' CRS units, with one corner at 'corner', in chips of 'chip_px'.
 * '*out' (lu_grid_release) has cells of its own. Any thread.
 */
enum lu_status lu_grid_lay(const struct lu_grid *grid, const double pixel[2], const double corner[2], int chip_px,
			   struct lu_grid *out, struct lu_error *err);

/*
 * The cells of 'grid' divided into 'times' x 'times', with the same pixels and chips: windows of larger cells. '*out' is
 * the caller's. LU_ERROR_ARGUMENT for more than lu_grid_make allows.
 */
enum lu_status lu_grid_divide(const struct lu_grid *grid, int times, struct lu_grid *out, struct lu_error *err);

/* Pixels from cell to cell in whole numbers, for whoever tells of it. */
int lu_grid_stride(const struct lu_grid *grid);

/*
 * The chip of cell (row, col) in pixels of grid->pixels. Its corner is where a chip centred on the cell begins, or the
 * next pixel to the upper left. It may reach beyond the frame.
 */
struct lu_rect lu_grid_chip(const struct lu_grid *grid, int64_t row, int64_t col);

/* Pixels by which the outermost chips reach beyond grid->pixels on every side: 0 unless a step is smaller than the chip. */
int lu_grid_overhang(const struct lu_grid *grid);

/*
 * The frame that holds every chip whole: grid->pixels grown by the overhang on every side. Imagery
 * goes on there even if the county does not. The CRS text is borrowed from 'grid': do not release.
 */
struct lu_frame lu_grid_reach(const struct lu_grid *grid);

#endif
