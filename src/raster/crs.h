/*
 * crs.h: coordinate reference systems as text.
 *
 * Between the parts a CRS is WKT2, horizontal only: heights are stripped, since a compound CRS
 * (UTM + NAVD88) lies on the same ground as its horizontal part. Axes are always x = east or
 * longitude, y = north or latitude, whatever the authority's order (GDAL's "traditional GIS
 * order", also what RFC 7946 wants).
 *
 * All functions: any thread; strings given out are released with lu_free.
 */
#ifndef LU_RASTER_CRS_H
#define LU_RASTER_CRS_H

#include "base/error.h"

/*
 * "EPSG:5070", WKT 1 or 2, ESRI's WKT, a PROJ string or PROJJSON to WKT2. LU_ERROR_ARGUMENT when
 * it is none of them, LU_ERROR_UNSUPPORTED when it does not tie to the earth (a local or
 * engineering CRS).
 */
enum lu_status lu_crs_normalise(const char *text, char **wkt, struct lu_error *err);

/* True when both mean the same place for the same numbers (names and axis order aside). */
bool lu_crs_same(const char *wkt_a, const char *wkt_b);

/* "NAD83 / Conus Albers (EPSG:5070)"; without the code when the CRS carries none. NULL when memory is out. */
char *lu_crs_name(const char *wkt);

/* "EPSG:5070" or NULL: the code that the CRS itself carries, or that a search finds for certain. */
char *lu_crs_code(const char *wkt);

/* Semi-major axis in metres and inverse flattening (0 for a sphere). */
enum lu_status lu_crs_ellipsoid(const char *wkt, double *a_m, double *inverse_flattening, struct lu_error *err);

/*
 * Metres in one unit of the CRS's coordinates. For a geographic CRS '*geographic' is true and the
 * unit is that of the equator (a pi/180 for degrees): good for choosing steps, not for areas.
 */
enum lu_status lu_crs_unit(const char *wkt, double *metres, bool *geographic, struct lu_error *err);

#endif
