/* grid_over.c: the grid that covers a county. See grid_over.h. */
#include "grid/grid_over.h"

#include <math.h>

#include <string.h>

#include "base/memory.h"
#include "raster/reframe.h"

struct lu_box lu_frame_box(const struct lu_frame *frame)
{
	const double *t = frame->transform;
	const double x1 = t[0] + (double)frame->width * t[1], y1 = t[3] + (double)frame->height * t[5];

	return (struct lu_box){fmin(t[0], x1), fmin(t[3], y1), fmax(t[0], x1), fmax(t[3], y1)};
}

enum lu_status lu_grid_over(const struct lu_grid_request *request, const struct lu_frame *imagery, struct lu_grid *grid,
			    struct lu_polygon *polygon, char **name, struct lu_error *err)
{
	struct lu_frame seen = {0};
	struct lu_county_source source = request->county;
	struct lu_grid_options options = {.imagery = imagery,
					  .resolution = request->resolution,
					  .origin = {request->origin[0], request->origin[1]},
					  .has_origin = request->has_origin,
					  .chip_px = request->chip_px};
	char *crs = NULL;
	enum lu_status status = LU_OK;

	memset(grid, 0, sizeof(*grid));
	memset(polygon, 0, sizeof(*polygon));
	*name = NULL;
	if (request->crs != NULL) {
		status = lu_crs_normalise(request->crs, &crs, err);
		if (status != LU_OK)
			return lu_fail_within(err, "grid crs");
	}
	if (crs != NULL && !lu_crs_same(crs, imagery->crs_wkt)) {
		status = lu_frame_in_crs(imagery, crs, &seen, &source.box, err);
		options.imagery = &seen;
	} else {
		source.box = lu_frame_box(imagery);
	}
	if (status == LU_OK)
		status = lu_county_polygon(&source, options.imagery->crs_wkt, polygon, name, err);
	if (status != LU_OK)
		goto out;
	options.crs_wkt = options.imagery->crs_wkt;
	options.stride_px = request->stride_px > 0 ? request->stride_px : request->chip_px;
	options.extent = lu_polygon_box(polygon);
	status = lu_grid_make(&options, grid, err);
out:
	lu_frame_release(&seen);
	lu_free(crs);
	return status;
}
