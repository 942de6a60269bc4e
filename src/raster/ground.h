/*
 * ground.h: how large a pixel is on the earth.
 */
#ifndef LU_RASTER_GROUND_H
#define LU_RASTER_GROUND_H

#include "base/error.h"
#include "base/geometry.h"

/*
 * Ground sample distance in metres: the geometric mean of the geodesic lengths (on the CRS's own
 * ellipsoid; Karney 2013) of a pixel's two sides, at the frame's centre. Good for metres, feet and
 * degrees alike. LU_ERROR_MISMATCH when the centre has no place on the earth.
 */
enum lu_status lu_frame_gsd_m(const struct lu_frame *frame, double *gsd_m, struct lu_error *err);

#endif
