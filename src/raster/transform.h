/*
 * transform.h: points from one CRS to another.
 *
 * PROJ's default operation for the two CRSs, x before y on both sides. Longitude and latitude are
 * in degrees from Greenwich or the CRS's own prime meridian, whatever unit that CRS would use.
 */
#ifndef LU_RASTER_TRANSFORM_H
#define LU_RASTER_TRANSFORM_H

#include "base/error.h"
#include "base/geometry.h"
#include "raster/crs.h"

struct lu_transform;

/*
 * 'to_wkt' NULL: longitude and latitude, in degrees, on from's own datum (no datum shift: for
 * areas and distances on from's ellipsoid). One transform serves one thread.
 */
enum lu_status lu_transform_new(const char *from_wkt, const char *to_wkt, struct lu_transform **out,
				struct lu_error *err);
void lu_transform_free(struct lu_transform *transform);

/* Move all 'count' points in place. LU_ERROR_MISMATCH, naming the first, when one has no image. */
enum lu_status lu_transform_points(struct lu_transform *transform, struct lu_point *points, size_t count,
				   struct lu_error *err);

/* The same, but a point without an image becomes (NAN, NAN); returns how many have one. */
size_t lu_transform_points_if_possible(struct lu_transform *transform, struct lu_point *points, size_t count);

#endif
