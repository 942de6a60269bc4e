/*
 * osr.h: inside raster/ only: a CRS as the handle (OGRSpatialReferenceH) that GDAL's calls take.
 *
 * The handle travels as void *, which is what GDAL's C interface typedefs it to, so that no header
 * of raster/ needs GDAL's.
 */
#ifndef LU_RASTER_OSR_H
#define LU_RASTER_OSR_H

#include "base/error.h"

/* Text (see lu_crs_normalise) to a handle with axes in x, y order; release with lu_osr_free. */
enum lu_status lu_osr_import(const char *text, void **crs, struct lu_error *err);
void lu_osr_free(void *crs);

/* The horizontal part of 'crs' as WKT2 in '*wkt' (lu_free it). 'crs' is not changed. */
enum lu_status lu_osr_export(void *crs, char **wkt, struct lu_error *err);

#endif
