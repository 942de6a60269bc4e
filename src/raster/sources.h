/*
 * sources.h: inside raster/ only: every file that an open raster reads from.
 *
 * GDAL lists what belongs to one file (masks, overviews, statistics beside it) and, of a VRT, the sources that are
 * there: not those that are missing, nor what belongs to a source, nor the sources of a VRT in a VRT. Here all of
 * them are found, so that a delivery of which a part is missing, cut off or exchanged is noticed before pixels are read.
 */
#ifndef LU_RASTER_SOURCES_H
#define LU_RASTER_SOURCES_H

#include "base/error.h"
#include "raster/vsi.h"

/* One file, as GDAL names it; anything but LU_OK ends the walk. */
typedef enum lu_status (*lu_sources_visit)(void *user, const char *path, const struct lu_vsi_info *info,
					   struct lu_error *err);

/*
 * Visit every file that 'dataset' (a GDALDatasetH, open) reads from, itself first, each once, in an order that
 * depends on names and contents alone ('visit' NULL: only see whether they are there). Costs one open of each source
 * in a local file system and no pixel; a source across a network is asked for its size only, unless it is a VRT.
 *
 * LU_ERROR_IO: a source is missing; LU_ERROR_FORMAT: it is not an image, or cut off (TIFF); the text names the VRTs on
 * the way to it. Any thread, each with a dataset of its own.
 */
enum lu_status lu_sources_walk(void *dataset, lu_sources_visit visit, void *user, struct lu_error *err);

/*
 * Add to '*warnings' (GDAL's list of strings, CSLDestroy) what GDAL warns of when 'dataset', opened anew, and each of
 * its sources are opened: tags that it does not know, a CRS unlike its code. Such words say nothing of pixels.
 */
void lu_sources_warnings(void *dataset, char ***warnings);

#endif
