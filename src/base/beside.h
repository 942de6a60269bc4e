/*
 * beside.h: the files that go with a raster: what its values are called and look like, for whoever opens it.
 */
#ifndef LU_BASE_BESIDE_H
#define LU_BASE_BESIDE_H

#include <stdbool.h>

enum lu_beside {
	LU_BESIDE_AUX, /* NAME.tif.aux.xml: GDAL's table of attributes and names */
	LU_BESIDE_QML, /* NAME.qml: QGIS's style; not NAME.tif.qml, which QGIS does not look for */
	LU_BESIDE_VAT, /* NAME.tif.vat.dbf: ArcGIS's table of values */
	LU_BESIDE_VAT_CODES, /* NAME.tif.vat.cpg: how its letters are coded, where they are not ASCII */
	LU_BESIDES,
};

/* The path of such a file for the raster at 'raster'; lu_free it. NULL when memory is out. */
char *lu_beside(const char *raster, enum lu_beside which);

/* Is 'path' one of those of 'raster'? */
bool lu_is_beside_of(const char *raster, const char *path);

/* Is 'path' called like such a file of any raster? '*which' (may be NULL): which. */
bool lu_is_beside(const char *path, enum lu_beside *which);

#endif
