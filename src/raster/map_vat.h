/*
 * map_vat.h: inside raster/ only: the attribute table that ArcGIS puts beside a raster, NAME.tif.vat.dbf.
 */
#ifndef LU_RASTER_MAP_VAT_H
#define LU_RASTER_MAP_VAT_H

/*
 * The table beside the raster at 'path', a GDALRasterAttributeTableH for GDALDestroyRasterAttributeTable; NULL: none that
 * can be read.
 */
void *lu_map_vat_read(const char *path);

#endif
