/*
 * grid.c: from a county's box to whole cells on a fixed lattice.
 */
#include "grid/grid.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Part of a cell by which an extent may pass a line before another cell is added: rounding, not ground. */
static const double snap = 1e-9;
static const double max_cells = 2147483648.0; /* 2^31 */
static const double max_side_px = 2147483647.0; /* GDAL counts pixels in an int */
static const double max_index = 4503599627370496.0; /* 2^52: beyond, cell lines round to each other */

/* The imagery's pixel side; exactly as stored when the pixel is square. */
static double pixel_side(const struct lu_frame *frame)
{
	const double *t = frame->transform;

	if (t[2] == 0.0 && t[4] == 0.0 && fabs(fabs(t[1]) - fabs(t[5])) <= 1e-9 * fabs(t[1]))
		return fabs(t[1]);
	return sqrt(fabs(t[1] * t[5] - t[2] * t[4]));
}

static enum lu_status check(const struct lu_grid_options *options, struct lu_error *err)
{
	const struct lu_box *e = &options->extent;

	if (options->chip_px < 1 || options->stride_px < 1)
		return lu_fail(err, LU_ERROR_ARGUMENT, "grid: chip %d px and stride %d px: both must be at least 1",
			       options->chip_px, options->stride_px);
	if (!isfinite(e->min_x) || !isfinite(e->min_y) || !isfinite(e->max_x) || !isfinite(e->max_y))
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"grid: the county's extent is not finite in the grid's CRS (does the CRS cover the county?)");
	if (e->max_x <= e->min_x || e->max_y <= e->min_y)
		return lu_fail(err, LU_ERROR_ARGUMENT, "grid: the county's extent is empty (%.9g %.9g to %.9g %.9g)",
			       e->min_x, e->min_y, e->max_x, e->max_y);
	if (!options->imagery && (!options->crs_wkt || options->resolution == 0.0 || !options->has_origin))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: without imagery the CRS, the resolution and the origin must all be given");
	if (!options->crs_wkt && !options->imagery->crs_wkt)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: the first date's imagery has no CRS (set grid: crs in the job)");
	return LU_OK;
}

static enum lu_status fill_frame(struct lu_frame *frame, const char *crs, double x, double y, double side, double width,
				 double height, struct lu_error *err)
{
	frame->crs_wkt = lu_strdup(crs);
	if (!frame->crs_wkt)
		return lu_fail(err, LU_ERROR_MEMORY, "grid: out of memory for the CRS");
	frame->transform[0] = x;
	frame->transform[1] = side;
	frame->transform[3] = y;
	frame->transform[5] = -side;
	frame->width = (int64_t)width;
	frame->height = (int64_t)height;
	return LU_OK;
}

enum lu_status lu_grid_make(const struct lu_grid_options *options, struct lu_grid *out, struct lu_error *err)
{
	struct lu_grid grid = {.chip_px = options->chip_px, .stride_px = options->stride_px};
	enum lu_status status = check(options, err);

	memset(out, 0, sizeof(*out));
	if (status != LU_OK)
		return status;

	const double resolution = options->resolution != 0.0 ? options->resolution : pixel_side(options->imagery);
	if (!isfinite(resolution) || resolution <= 0.0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: resolution %g: must be a positive number of CRS units a pixel", resolution);
	const double x = options->has_origin ? options->origin[0] : options->imagery->transform[0];
	const double y = options->has_origin ? options->origin[1] : options->imagery->transform[3];
	if (!isfinite(x) || !isfinite(y))
		return lu_fail(err, LU_ERROR_ARGUMENT, "grid: origin %g %g: must be two finite CRS coordinates", x, y);

	/* Cell indices count from the origin, columns to the east and rows to the south. */
	const double side = resolution * options->stride_px;
	const double left = floor((options->extent.min_x - x) / side + snap);
	const double right = ceil((options->extent.max_x - x) / side - snap);
	const double top = floor((y - options->extent.max_y) / side + snap);
	const double bottom = ceil((y - options->extent.min_y) / side - snap);
	/* An extent thinner than the snap still has its cell. */
	const double width = fmax(right - left, 1.0);
	const double height = fmax(bottom - top, 1.0);

	if (!(fabs(left) < max_index && fabs(right) < max_index && fabs(top) < max_index && fabs(bottom) < max_index))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: the county lies too many cells of %g CRS units from the origin %.9g %.9g "
			       "(are resolution and origin in the CRS's units?)",
			       side, x, y);
	if (width * height > max_cells || width * options->stride_px > max_side_px ||
	    height * options->stride_px > max_side_px)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"grid: %.0f x %.0f cells of %d px at %g CRS units a pixel: at most 2^31 cells and 2^31 - 1 "
			"pixels a side (is the resolution in the CRS's units? a larger stride makes fewer cells)",
			width, height, options->stride_px, resolution);

	const char *crs = options->crs_wkt ? options->crs_wkt : options->imagery->crs_wkt;
	status = fill_frame(&grid.cells, crs, x + left * side, y - top * side, side, width, height, err);
	if (status != LU_OK)
		goto out;
	status = fill_frame(&grid.pixels, crs, x + left * side, y - top * side, resolution, width * options->stride_px,
			    height * options->stride_px, err);
	if (status != LU_OK)
		goto out;
	*out = grid;
	memset(&grid, 0, sizeof(grid));
out:
	lu_grid_release(&grid);
	return status;
}

void lu_grid_release(struct lu_grid *grid)
{
	if (!grid)
		return;
	lu_frame_release(&grid->cells);
	lu_frame_release(&grid->pixels);
}

struct lu_rect lu_grid_chip(const struct lu_grid *grid, int64_t row, int64_t col)
{
	const int64_t chip = grid->chip_px, stride = grid->stride_px;
	const int64_t spare = stride - chip;
	const int64_t margin = spare >= 0 ? spare / 2 : -((1 - spare) / 2); /* floor, also below zero */

	return (struct lu_rect){.x = col * stride + margin, .y = row * stride + margin, .width = chip, .height = chip};
}

int lu_grid_overhang(const struct lu_grid *grid)
{
	/* Rounded up: an odd difference leaves the chip half a pixel to the upper left. */
	return grid->chip_px > grid->stride_px ? (grid->chip_px - grid->stride_px + 1) / 2 : 0;
}

struct lu_frame lu_grid_reach(const struct lu_grid *grid)
{
	const int overhang = lu_grid_overhang(grid);
	struct lu_frame reach = grid->pixels;

	reach.transform[0] -= overhang * (reach.transform[1] + reach.transform[2]);
	reach.transform[3] -= overhang * (reach.transform[4] + reach.transform[5]);
	reach.width += 2 * (int64_t)overhang;
	reach.height += 2 * (int64_t)overhang;
	return reach;
}
