/*
 * map_table.h: inside raster/ only: the classes of a raster as tables that other programs read.
 */
#ifndef LU_RASTER_MAP_TABLE_H
#define LU_RASTER_MAP_TABLE_H

#include <stddef.h>

#include "base/class.h"

/*
 * The table of attributes, a GDALRasterAttributeTableH for GDALDestroyRasterAttributeTable: Value, Count, Class, Red, Green,
 * Blue. 'counts' has the cells of every value.
 */
void *lu_map_table(const struct lu_class *entries, size_t count, const uint64_t *counts);

/* Category names of 'band', a GDALRasterBandH: one a value, "Not mapped" first. */
void lu_map_table_name(void *band, const struct lu_class *entries, size_t count);

#endif
