/*
 * tiff.h: inside raster/ only: TIFF files seen from below, through libtiff.
 *
 * GDAL opens a TIFF whose tail is missing without a word and fails hours later at the first
 * missing tile. Every directory says where its tiles or strips lie, so a look at the offsets
 * finds a copy that did not finish at once, without reading a pixel.
 */
#ifndef LU_RASTER_TIFF_H
#define LU_RASTER_TIFF_H

#include "base/error.h"

/* libtiff's handle (TIFF *), open for reading and silent; NULL when 'path' is not a readable TIFF. TIFFClose it. */
void *lu_tiff_open(const char *path);

/*
 * Check that every tile or strip of every directory (overviews and masks too) lies inside the
 * file. LU_ERROR_FORMAT with both sizes when the file is cut off. 'path' is a local file.
 */
enum lu_status lu_tiff_whole(const char *path, struct lu_error *err);

#endif
