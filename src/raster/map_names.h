/*
 * map_names.h: inside raster/ only: the classes that a raster's own tables name.
 */
#ifndef LU_RASTER_MAP_NAMES_H
#define LU_RASTER_MAP_NAMES_H

#include "base/error.h"
#include "raster/style.h"

/*
 * The classes of 'band' (a GDALRasterBandH) by value, with their colours: from its attribute table, else from its category names, else
 * from ArcGIS's table beside it (map_vat.h), else none. The table's columns are found by their usage or, where a program declared none, by the names that are usual
 * for them. '*entries' and the names in it are the caller's (lu_free), also on failure.
 */
enum lu_status lu_map_names_read(void *band, struct lu_class **entries, size_t *count, struct lu_error *err);

#endif
