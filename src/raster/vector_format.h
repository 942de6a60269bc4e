/*
 * vector_format.h: the kinds of vector files that are written, by the suffix of their names.
 *
 * A GeoPackage has layers, tables, styles and words for columns; the others are one layer a file.
 */
#ifndef LU_RASTER_VECTOR_FORMAT_H
#define LU_RASTER_VECTOR_FORMAT_H

#include "base/error.h"

struct lu_vector_format {
	const char *suffix; /* "fgb" */
	const char *driver; /* GDAL's name of it */
	bool tables; /* several layers, tables and styles; false: one layer alone */
	const char *const *options; /* GDAL's, of a layer: "NAME=VALUE", NULL at the end */
};

/*
 * The format by the suffix of 'path' (upper and lower case are the same). LU_ERROR_ARGUMENT, with those that this GDAL
 * writes: no such suffix, or GDAL was built without it.
 */
enum lu_status lu_vector_format_of(const char *path, const struct lu_vector_format **out, struct lu_error *err);

/* The same by the suffix alone or by GDAL's name; of formats of one layer only. */
enum lu_status lu_vector_format_named(const char *name, const struct lu_vector_format **out, struct lu_error *err);

#endif
