/*
 * footprint.h: does a piece of ground, told as GeoJSON in longitude and latitude, share ground with a county?
 */
#ifndef LU_RASTER_FOOTPRINT_H
#define LU_RASTER_FOOTPRINT_H

#include "base/error.h"
#include "base/geometry.h"

struct lu_footprint;

/* 'county' in degrees of WGS 84; it is copied. One footprint serves one thread. */
enum lu_status lu_footprint_new(const struct lu_polygon *county, struct lu_footprint **out, struct lu_error *err);
void lu_footprint_free(struct lu_footprint *footprint);

struct lu_box lu_footprint_box(const struct lu_footprint *footprint);

/*
 * '*meets': 'geojson', a geometry of RFC 7946, shares area with the county (a common edge is none). LU_ERROR_FORMAT: it is no
 * such geometry; the text has no file's name.
 */
enum lu_status lu_footprint_meets(const struct lu_footprint *footprint, const char *geojson, bool *meets,
				  struct lu_error *err);

#endif
