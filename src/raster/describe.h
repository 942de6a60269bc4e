/*
 * describe.h: what `landuse info FILE` says about an image or a map.
 */
#ifndef LU_RASTER_DESCRIBE_H
#define LU_RASTER_DESCRIBE_H

#include "base/error.h"

/*
 * Describe the raster 'path' in '*text' (lu_free it): size, CRS, resolution and ground sample
 * distance, bands, types, nodata and masks, blocks, compression, whether it is a COG, and for a
 * map its classes with cells and shares and the metadata it carries. 'json': one JSON object with
 * the same facts, else lines for a person. A map with classes is read once to count its cells.
 *
 * A raster without CRS or georeference is described as such; one that cannot be opened or is cut
 * off is an error, as in imagery.h.
 */
enum lu_status lu_raster_describe(const char *path, bool json, char **text, struct lu_error *err);

#endif
