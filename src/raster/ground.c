/*
 * ground.c: how large a pixel is on the earth. See ground.h.
 */
#include "raster/ground.h"

#include <geodesic.h>
#include <math.h>

#include "raster/transform.h"

enum lu_status lu_frame_pixel_m(const struct lu_frame *frame, double *across_m, double *down_m, struct lu_error *err)
{
	const double *t = frame->transform;
	const double col = (double)frame->width / 2;
	const double row = (double)frame->height / 2;
	const double x = t[0] + col * t[1] + row * t[2];
	const double y = t[3] + col * t[4] + row * t[5];
	/* The centre, one pixel to the right and one pixel down. */
	struct lu_point points[3] = {{x, y}, {x + t[1], y + t[4]}, {x + t[2], y + t[5]}};
	double a, inverse_flattening;
	struct lu_transform *to_degrees;
	struct geod_geodesic earth;
	enum lu_status status;

	status = lu_crs_ellipsoid(frame->crs_wkt, &a, &inverse_flattening, err);
	if (status != LU_OK)
		return status;
	status = lu_transform_new(frame->crs_wkt, NULL, &to_degrees, err);
	if (status != LU_OK)
		return status;
	status = lu_transform_points(to_degrees, points, 3, err);
	lu_transform_free(to_degrees);
	if (status != LU_OK)
		return status;
	geod_init(&earth, a, inverse_flattening > 0 ? 1 / inverse_flattening : 0);
	geod_inverse(&earth, points[0].y, points[0].x, points[1].y, points[1].x, across_m, NULL, NULL);
	geod_inverse(&earth, points[0].y, points[0].x, points[2].y, points[2].x, down_m, NULL, NULL);
	return LU_OK;
}

enum lu_status lu_frame_gsd_m(const struct lu_frame *frame, double *gsd_m, struct lu_error *err)
{
	double across, down;
	const enum lu_status status = lu_frame_pixel_m(frame, &across, &down, err);

	if (status == LU_OK)
		*gsd_m = sqrt(across * down);
	return status;
}
