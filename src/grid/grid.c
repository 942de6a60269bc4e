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

/* A share of a pixel by which corners are off each other for rounding's sake. */
static const double pixel_snap = 1e-6;

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
	if (!options->imagery && (!options->crs_wkt || options->resolution[0] == 0.0 || !options->has_origin))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: without imagery the CRS, the resolution and the origin must all be given");
	if (!options->crs_wkt && !options->imagery->crs_wkt)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: the first date's imagery has no CRS (set grid: crs in the job)");
	return LU_OK;
}

static enum lu_status fill_frame(struct lu_frame *frame, const char *crs, const double corner[2], const double side[2],
				 int64_t width, int64_t height, struct lu_error *err)
{
	frame->crs_wkt = lu_strdup(crs);
	if (!frame->crs_wkt)
		return lu_fail(err, LU_ERROR_MEMORY, "grid: out of memory for the CRS");
	frame->transform[0] = corner[0];
	frame->transform[1] = side[0];
	frame->transform[3] = corner[1];
	frame->transform[5] = -side[1];
	frame->width = width;
	frame->height = height;
	return LU_OK;
}

static double whole(double value)
{
	const double near = round(value);

	return fabs(value - near) <= 1e-9 * fabs(near) ? near : value;
}

/* Pixels of 'pixel' CRS units below grid->cells, one corner at 'corner'. */
static enum lu_status lay_pixels(struct lu_grid *grid, const double pixel[2], const double corner[2],
				 struct lu_error *err)
{
	const double *t = grid->cells.transform;
	const double way[2] = {1, -1}, cell[2] = {t[1], -t[5]}, at[2] = {t[0], t[3]};
	const int64_t count[2] = {grid->cells.width, grid->cells.height};
	double from[2], size[2];

	for (int i = 0; i < 2; i++) {
		const double pixels = way[i] * (at[i] - corner[i]) / pixel[i];
		double beyond = pixels - floor(pixels);
		if (beyond < pixel_snap || beyond > 1 - pixel_snap)
			beyond = 0;
		grid->step_px[i] = whole(cell[i] / pixel[i]);
		grid->corner_px[i] = beyond;
		from[i] = at[i] - way[i] * beyond * pixel[i];
		size[i] = ceil(beyond + (double)count[i] * grid->step_px[i] - pixel_snap);
		if (size[i] > max_side_px)
			return lu_fail(
				err, LU_ERROR_ARGUMENT,
				"grid: %lld cells of %g pixels: at most 2^31 - 1 pixels a side (are resolution and "
				"cell in the CRS's units?)",
				(long long)count[i], grid->step_px[i]);
	}
	return fill_frame(&grid->pixels, grid->cells.crs_wkt, from, pixel, (int64_t)size[0], (int64_t)size[1], err);
}

/* What gives a cell its side, and a pixel its own, in CRS units. */
static enum lu_status find_sides(const struct lu_grid_options *options, double pixel[2], double side[2],
				 struct lu_error *err)
{
	for (int i = 0; i < 2; i++) {
		pixel[i] = options->resolution[i] != 0.0 ? options->resolution[i] : pixel_side(options->imagery);
		if (!isfinite(pixel[i]) || pixel[i] <= 0.0)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "grid: resolution %g: must be a positive number of CRS units a pixel", pixel[i]);
		side[i] = options->side[i] != 0.0 ? options->side[i] : pixel[i] * options->stride_px;
	}
	return LU_OK;
}

enum lu_status lu_grid_make(const struct lu_grid_options *options, struct lu_grid *out, struct lu_error *err)
{
	struct lu_grid grid = {.chip_px = options->chip_px};
	double pixel[2], side[2];
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(check(options, err));
	LU_TRY(find_sides(options, pixel, side, err));
	const double x = options->has_origin ? options->origin[0] : options->imagery->transform[0];
	const double y = options->has_origin ? options->origin[1] : options->imagery->transform[3];
	if (!isfinite(x) || !isfinite(y))
		return lu_fail(err, LU_ERROR_ARGUMENT, "grid: origin %g %g: must be two finite CRS coordinates", x, y);

	/* Cell indices count from the origin, columns to the east and rows to the south. */
	const double left = floor((options->extent.min_x - x) / side[0] + snap);
	const double right = ceil((options->extent.max_x - x) / side[0] - snap);
	const double top = floor((y - options->extent.max_y) / side[1] + snap);
	const double bottom = ceil((y - options->extent.min_y) / side[1] - snap);
	/* An extent thinner than the snap still has its cell. */
	const double width = fmax(right - left, 1.0);
	const double height = fmax(bottom - top, 1.0);

	if (!(fabs(left) < max_index && fabs(right) < max_index && fabs(top) < max_index && fabs(bottom) < max_index))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: the county lies too many cells of %g CRS units from the origin %.9g %.9g "
			       "(are resolution and origin in the CRS's units?)",
			       side[0], x, y);
	if (width * height > max_cells || width * side[0] / pixel[0] > max_side_px ||
	    height * side[1] / pixel[1] > max_side_px)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"grid: %.0f x %.0f cells of %g px at %g CRS units a pixel: at most 2^31 cells and 2^31 - 1 "
			"pixels a side (is the resolution in the CRS's units? a larger stride makes fewer cells)",
			width, height, side[0] / pixel[0], pixel[0]);

	const char *crs = options->crs_wkt ? options->crs_wkt : options->imagery->crs_wkt;
	const double corner[2] = {x + left * side[0], y - top * side[1]};
	LU_TRY(fill_frame(&grid.cells, crs, corner, side, (int64_t)width, (int64_t)height, err));
	LU_TRY(lay_pixels(&grid, pixel, corner, err));
	*out = grid;
	memset(&grid, 0, sizeof(grid));
out:
	lu_grid_release(&grid);
	return status;
}

enum lu_status lu_grid_lay(const struct lu_grid *grid, const double pixel[2], const double corner[2], int chip_px,
			   struct lu_grid *out, struct lu_error *err)
{
	enum lu_status status;

	*out = (struct lu_grid){.chip_px = chip_px};
	LU_TRY(lu_frame_copy(&grid->cells, &out->cells, err));
	LU_TRY(lay_pixels(out, pixel, corner, err));
out:
	if (status != LU_OK)
		lu_grid_release(out);
	return status;
}

enum lu_status lu_grid_divide(const struct lu_grid *grid, int times, struct lu_grid *out, struct lu_error *err)
{
	const double width = (double)grid->cells.width * times, height = (double)grid->cells.height * times;
	enum lu_status status = LU_OK;

	*out = *grid;
	out->cells = out->pixels = (struct lu_frame){0};
	if (width * height > max_cells)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"grid: %.0f x %.0f windows of the model's ground: at most 2^31 (smaller cells, or a smaller "
			"county)",
			width, height);
	LU_TRY(lu_frame_copy(&grid->cells, &out->cells, err));
	LU_TRY(lu_frame_copy(&grid->pixels, &out->pixels, err));
out:
	if (status != LU_OK) {
		lu_grid_release(out);
		return status;
	}
	out->cells.width *= times;
	out->cells.height *= times;
	out->cells.transform[1] /= times;
	out->cells.transform[5] /= times;
	out->step_px[0] = whole(out->step_px[0] / times);
	out->step_px[1] = whole(out->step_px[1] / times);
	return LU_OK;
}

void lu_grid_release(struct lu_grid *grid)
{
	if (!grid)
		return;
	lu_frame_release(&grid->cells);
	lu_frame_release(&grid->pixels);
}

int lu_grid_stride(const struct lu_grid *grid)
{
	return (int)fmax(round(grid->step_px[0]), 1);
}

static int64_t chip_corner(const struct lu_grid *grid, int axis, int64_t cell)
{
	const double middle = grid->corner_px[axis] + ((double)cell + 0.5) * grid->step_px[axis];

	return (int64_t)floor(middle - 0.5 * grid->chip_px + pixel_snap);
}

struct lu_rect lu_grid_chip(const struct lu_grid *grid, int64_t row, int64_t col)
{
	return (struct lu_rect){.x = chip_corner(grid, 0, col),
				.y = chip_corner(grid, 1, row),
				.width = grid->chip_px,
				.height = grid->chip_px};
}

int lu_grid_overhang(const struct lu_grid *grid)
{
	const double beyond = (grid->chip_px - fmin(grid->step_px[0], grid->step_px[1])) / 2;

	/* Rounded up: an odd difference leaves the chip half a pixel to the upper left. */
	return beyond > pixel_snap ? (int)ceil(beyond - pixel_snap) : 0;
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
