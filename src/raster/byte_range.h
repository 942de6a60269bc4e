/*
 * byte_range.h: inside raster/ only: where in a TIFF the pixels of a window lie: what was to come over a network and did not.
 */
#ifndef LU_RASTER_BYTE_RANGE_H
#define LU_RASTER_BYTE_RANGE_H

#include "base/geometry.h"

/* "bytes 16384-90111": of the blocks that 'window' (in pixels of 'dataset', a GDALDatasetH) touches; "its pixels" where the format does not tell. */
enum { LU_BYTE_RANGE = 64 };
void lu_byte_range(void *dataset, struct lu_rect window, char text[LU_BYTE_RANGE]);

#endif
