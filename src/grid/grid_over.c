/* grid_over.c: the grid that covers a county. See grid_over.h. */
#include "grid/grid_over.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "landuse/types.h"
#include "raster/ground.h"
#include "raster/reframe.h"

/* Resolutions that are one: their dates share pixels. */
static const double same_resolution = 0.02;
/* What may be meant by metres of a cell. */
static const double least_cell_m = 0.01, most_cell_m = 1e6;

struct lu_box lu_frame_box(const struct lu_frame *frame)
{
	const double *t = frame->transform;
	const double x1 = t[0] + (double)frame->width * t[1], y1 = t[3] + (double)frame->height * t[5];

	return (struct lu_box){fmin(t[0], x1), fmin(t[3], y1), fmax(t[0], x1), fmax(t[3], y1)};
}

struct lu_point lu_box_middle(struct lu_box box)
{
	return (struct lu_point){(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
}

enum lu_status lu_cell_parse(const char *text, double *metres, struct lu_error *err)
{
	char *end;

	*metres = strtod(text, &end);
	if (end != text)
		end += strspn(end, " ");
	if (end != text && *end == 'm')
		end++;
	if (end == text || *end != '\0' || !(*metres >= least_cell_m && *metres <= most_cell_m))
		return lu_fail(err, LU_ERROR_ARGUMENT, "a cell of '%s', it should be metres on the ground such as 67m",
			       text);
	return LU_OK;
}

static bool is_square(const struct lu_frame *frame)
{
	const double *t = frame->transform;

	return t[2] == 0 && t[4] == 0 && fabs(fabs(t[1]) - fabs(t[5])) <= 1e-9 * fabs(t[1]);
}

/* Sides of the pixels of imagery; a rotated pixel counts as a square of its area. */
static void native_pixel(const struct lu_frame *frame, double pixel[2])
{
	const double *t = frame->transform;
	const double side = sqrt(fabs(t[1] * t[5] - t[2] * t[4]));

	pixel[0] = pixel[1] = is_square(frame) ? fabs(t[1]) : side;
	if (t[2] == 0 && t[4] == 0 && !is_square(frame)) {
		pixel[0] = fabs(t[1]);
		pixel[1] = fabs(t[5]);
	}
}

/* The sizes that are stated on the ground, in the grid's pixels and units. */
static enum lu_status find_sizes(const struct lu_grid_request *request, struct lu_grid_options *options,
				 struct lu_error *err)
{
	const struct lu_box box = options->extent;
	const struct lu_point middle = lu_box_middle(box);
	double native[2] = {request->resolution, request->resolution};
	struct lu_chip_pixels pixels = {0};
	enum lu_status status = LU_OK;

	if (request->cell_m > 0 && (request->chip_px > 0 || request->stride_px > 0))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "a cell is so many metres or so many pixels (give .cell_m, or .chip_px and .stride_px)");
	if (request->resolution == 0)
		native_pixel(options->imagery, native);
	if (request->chip_px == 0) {
		status = lu_chip_pixels_find(&request->ground, options->crs_wkt, middle, native, &pixels, err);
		options->chip_px = pixels.chip_px;
		memcpy(options->resolution, pixels.pixel, sizeof(pixels.pixel));
	}
	options->stride_px = request->stride_px > 0 ? request->stride_px : options->chip_px;
	if (status != LU_OK || request->cell_m == 0)
		return status;
	memcpy(options->side, request->side, sizeof(request->side));
	if (options->side[0] == 0)
		status = lu_ground_units(options->crs_wkt, middle, native, request->cell_m, options->side, err);
	if (status != LU_OK)
		return status;
	if (options->side[0] < options->resolution[0] * (1 - same_resolution))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: cells of %g m are smaller than a pixel of %.3g m (larger cells)", request->cell_m,
			       pixels.pixel_m);
	if (options->side[0] > box.max_x - box.min_x && options->side[1] > box.max_y - box.min_y)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "grid: cells of %g m are larger than the county, of %.3g x %.3g m (smaller cells)",
			       request->cell_m, (box.max_x - box.min_x) / options->side[0] * request->cell_m,
			       (box.max_y - box.min_y) / options->side[1] * request->cell_m);
	return LU_OK;
}

/* Cells of any size begin between the imagery's pixels; its own ones are better than others made of them. */
static enum lu_status lay_on_imagery(struct lu_grid *grid, const struct lu_frame *imagery, struct lu_error *err)
{
	const double *t = grid->pixels.transform;
	const double corner[2] = {imagery->transform[0], imagery->transform[3]}, pixel[2] = {t[1], -t[5]};
	struct lu_grid laid;
	const enum lu_status status = lu_grid_lay(grid, pixel, corner, grid->chip_px, &laid, err);

	if (status == LU_OK) {
		lu_grid_release(grid);
		*grid = laid;
	}
	return status;
}

enum lu_status lu_grid_over(const struct lu_grid_request *request, const struct lu_frame *imagery, struct lu_grid *grid,
			    struct lu_polygon *polygon, char **name, struct lu_error *err)
{
	struct lu_frame seen = {0};
	struct lu_county_source source = request->county;
	struct lu_grid_options options = {.imagery = imagery,
					  .resolution = {request->resolution, request->resolution},
					  .origin = {request->origin[0], request->origin[1]},
					  .has_origin = request->has_origin,
					  .chip_px = request->chip_px};
	char *crs = NULL;
	enum lu_status status = LU_OK;

	memset(grid, 0, sizeof(*grid));
	memset(polygon, 0, sizeof(*polygon));
	*name = NULL;
	if (request->crs != NULL && lu_crs_normalise(request->crs, &crs, err) != LU_OK)
		return lu_fail_within(err, "grid crs");
	if (crs != NULL && !lu_crs_same(crs, imagery->crs_wkt)) {
		LU_TRY(lu_frame_in_crs(imagery, crs, &seen, &source.box, err));
		options.imagery = &seen;
	} else {
		source.box = lu_frame_box(imagery);
	}
	LU_TRY(lu_county_polygon(&source, options.imagery->crs_wkt, polygon, name, err));
	options.crs_wkt = options.imagery->crs_wkt;
	options.extent = lu_polygon_box(polygon);
	LU_TRY(find_sizes(request, &options, err));
	LU_TRY(lu_grid_make(&options, grid, err));
	if (request->cell_m > 0)
		LU_TRY(lay_on_imagery(grid, options.imagery, err));
out:
	lu_frame_release(&seen);
	lu_free(crs);
	return status;
}

enum lu_status lu_grid_of_date(const struct lu_grid *grid, const struct lu_frame *imagery,
			       const struct lu_chip_ground *ground, struct lu_grid *out, struct lu_error *err)
{
	const double *t = grid->pixels.transform;
	const double corner[2] = {t[0], t[3]}, pixel[2] = {t[1], -t[5]};
	const bool own_crs = lu_crs_same(imagery->crs_wkt, grid->cells.crs_wkt);
	struct lu_frame seen = {0};
	const struct lu_frame *frame = imagery;
	struct lu_chip_pixels pixels = {0}, shared = {0};
	struct lu_box box;
	double native[2];
	enum lu_status status = LU_OK;

	if (!own_crs) {
		LU_TRY(lu_frame_in_crs(imagery, grid->cells.crs_wkt, &seen, &box, err));
		frame = &seen;
	}
	const struct lu_point middle = lu_box_middle(lu_frame_box(&grid->cells));
	native_pixel(frame, native);
	LU_TRY(lu_chip_pixels_find(ground, grid->cells.crs_wkt, middle, native, &pixels, err));
	LU_TRY(lu_chip_pixels_find(ground, grid->cells.crs_wkt, middle, pixel, &shared, err));
	if (fabs(pixels.pixel_m / shared.pixel_m - 1) <= same_resolution)
		LU_TRY(lu_grid_lay(grid, pixel, corner, grid->chip_px, out, err));
	else {
		const double *own = own_crs ? imagery->transform : t;
		const double from[2] = {own[0], own[3]};
		LU_TRY(lu_grid_lay(grid, pixels.pixel, from, pixels.chip_px, out, err));
	}
out:
	lu_frame_release(&seen);
	return status;
}
