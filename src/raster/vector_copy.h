/* vector_copy.h: a layer of a GeoPackage as a file of its own, in the format of the file's suffix. */
#ifndef LU_RASTER_VECTOR_COPY_H
#define LU_RASTER_VECTOR_COPY_H

#include "base/error.h"

/*
 * Write 'layer' of the GeoPackage 'package' to 'path', which appears when it is whole; in degrees of WGS 84 where the format
 * is (GeoJSON). LU_ERROR_ARGUMENT: the suffix (raster/vector_format.h). The same layer gives the same bytes.
 */
enum lu_status lu_vector_copy(const char *package, const char *layer, const char *path, struct lu_error *err);

#endif
