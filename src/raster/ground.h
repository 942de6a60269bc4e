/*
 * ground.h: how large a pixel is on the earth.
 */
#ifndef LU_RASTER_GROUND_H
#define LU_RASTER_GROUND_H

#include "base/error.h"
#include "base/geometry.h"

/*
 * The geodesic lengths in metres (on the CRS's own ellipsoid; Karney 2013) of the sides of the pixel at the frame's
 * centre: what it measures on the ground, whatever the projection makes of it. LU_ERROR_MISMATCH when the centre has no
 * place on the earth.
 */
enum lu_status lu_frame_pixel_m(const struct lu_frame *frame, double *across_m, double *down_m, struct lu_error *err);

/*
 * Ground sample distance in metres: the geometric mean of these two sides. Good for metres, feet and
 * degrees alike. LU_ERROR_MISMATCH when the centre has no place on the earth.
 */
enum lu_status lu_frame_gsd_m(const struct lu_frame *frame, double *gsd_m, struct lu_error *err);

#endif
