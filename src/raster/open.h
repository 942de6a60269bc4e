/*
 * open.h: inside raster/ only: the one door through which files come to GDAL.
 *
 * What may be opened depends on who said the name (trust.h).
 */
#ifndef LU_RASTER_OPEN_H
#define LU_RASTER_OPEN_H

#include "raster/trust.h"

/*
 * A GDALDatasetH to read from, the caller's (GDALClose). NULL with the reason through CPLError, which a trap has. A name
 * that is neither file nor folder (a FIFO, a device) is refused, as opening it could block for ever.
 */
void *lu_open_raster(const char *path, enum lu_trust trust);
/* 'options' are GDAL's open options; may be NULL. */
void *lu_open_vector(const char *path, enum lu_trust trust, const char *const *options);

#endif
