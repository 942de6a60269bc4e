/*
 * describe_vector.h: what `landuse info FILE` says about a file of vectors or tables.
 */
#ifndef LU_RASTER_DESCRIBE_VECTOR_H
#define LU_RASTER_DESCRIBE_VECTOR_H

#include "base/error.h"

struct json_t;

/* Is it called like one? */
bool lu_path_is_vector(const char *path);

/*
 * '*out' (json_decref it): format, bytes, and of each layer its name, geometry, features, CRS, extent, hectares of its polygons
 * (in the CRS's own plane; left out in degrees) and fields. LU_ERROR_ARGUMENT: no such file; LU_ERROR_FORMAT: not vectors.
 */
enum lu_status lu_vector_describe(const char *path, struct json_t **out, struct lu_error *err);

#endif
