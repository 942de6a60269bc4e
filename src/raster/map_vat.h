/*
 * map_vat.h: inside raster/ only: the attribute table that ArcGIS keeps beside a raster, NAME.tif.vat.dbf.
 */
#ifndef LU_RASTER_MAP_VAT_H
#define LU_RASTER_MAP_VAT_H

#include "base/error.h"

/*
 * The table beside the raster at 'path', a GDALRasterAttributeTableH for GDALDestroyRasterAttributeTable; NULL: none that
 * can be read.
 */
void *lu_map_vat_read(const char *path);

/*
 * Write 'table', such a handle, as 'path'; where its texts are not ASCII, 'codes_path' says that they are UTF-8, and is
 * removed else. The same table gives the same bytes.
 */
enum lu_status lu_map_vat_write(const char *path, const char *codes_path, void *table, struct lu_error *err);

/* A dBASE table that has values. Within a trap. */
bool lu_map_vat_sound(const char *path);

#endif
