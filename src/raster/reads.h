/*
 * reads.h: the files that a raster or a layer of polygons is read from, for the list of what a command must not write
 * over (base/inputs.h).
 */
#ifndef LU_RASTER_READS_H
#define LU_RASTER_READS_H

#include "base/inputs.h"

/*
 * Add the file at 'path' and all that GDAL reads with it: tables, indices and styles beside it, a VRT's sources at any
 * depth. NULL, and what cannot be opened, adds the file alone: whoever reads it says what is wrong with it.
 */
enum lu_status lu_reads_add(struct lu_inputs *inputs, const char *path, struct lu_error *err);

#endif
