/*
 * qml.h: inside raster/ only: QGIS's style file beside a raster.
 *
 * NAME.qml beside NAME.tif wins over palette and category names in every QGIS,
 * and shows exactly its entries; values it lacks are transparent. For UInt16 rasters it is the
 * style: a UInt16 palette would cost 393 kB in every image directory.
 */
#ifndef LU_RASTER_QML_H
#define LU_RASTER_QML_H

#include "base/error.h"
#include "raster/style.h"

/* The style file's text for classes, "none" where there are none; 'title' may be NULL. lu_free '*text'. */
enum lu_status lu_qml_classes(const struct lu_class *entries, size_t count, const char *title, char **text,
			      struct lu_error *err);

/* The same for measured values between 'low' and 'high'. */
enum lu_status lu_qml_ramp(enum lu_map_ramp ramp, double low, double high, const char *title, char **text,
			   struct lu_error *err);

/*
 * The classes of the style file beside 'raster_path': '*count' is 0 when there is no such file or
 * it is not paletted. Names and the array are the caller's to lu_free.
 */
enum lu_status lu_qml_read(const char *raster_path, struct lu_class **entries, size_t *count, struct lu_error *err);

#endif
