/*
 * county_vectors.h: the layers of county.gpkg as files of one layer each (raster/vector_format.h), for programs that read no
 * GeoPackage: vectors/landuse_2016.fgb, vectors/candidates.geojson.
 */
#ifndef LU_REPORT_COUNTY_VECTORS_H
#define LU_REPORT_COUNTY_VECTORS_H

#include "base/outputs.h"
#include "report/county_gpkg.h"

#define LU_COUNTY_VECTORS "vectors"

/*
 * Write FOLDER/vectors/LAYER.SUFFIX for each layer of shapes of FOLDER/county.gpkg, which was written from 'task', and each of
 * 'formats' (by suffix, or as GDAL calls them), and note them in 'outputs'. The same GeoPackage gives the same bytes.
 */
enum lu_status lu_county_vectors_write(const struct lu_county_gpkg *task, char *const *formats, size_t count,
				       struct lu_outputs *outputs, struct lu_error *err);

#endif
