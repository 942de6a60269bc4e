/*
 * tile_index.h: inside raster/ only: GDAL's raster tile index (GTI, GDAL 3.9 and later): a table of where tiles lie, read as
 * one image.
 */
#ifndef LU_RASTER_TILE_INDEX_H
#define LU_RASTER_TILE_INDEX_H

#include "base/error.h"

/* Is it called like one (.gti, .gti.gpkg, .gti.fgb, .gti.parquet)? */
bool lu_is_tile_index(const char *path);

/* Can this GDAL read them? Else CPLError says from which version on. */
bool lu_tile_index_possible(void);

/* Call 'visit' with each tile's name as GDAL opens it, in the table's order, until it fails. */
enum lu_status lu_tile_index_walk(const char *path, enum lu_status (*visit)(void *user, const char *tile), void *user,
				  struct lu_error *err);

#endif
