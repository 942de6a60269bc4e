/*
 * map_classes.h: rasters that are taken for maps of classes: is one that, and are cells of it lost?
 */
#ifndef LU_RASTER_MAP_CLASSES_H
#define LU_RASTER_MAP_CLASSES_H

#include "landuse/core.h"
#include "raster/map.h"

/*
 * As lu_map_open, and LU_ERROR_MISMATCH for a raster of several bands: a picture of a map in red, green and blue is no
 * map, while a band of classes may have its alpha beside it. Value 0 is never a class: where the file seems to mean one
 * (it names it, or declares another value as nodata) a warning tells how many cells are left out, and how to keep them.
 */
enum lu_status lu_map_open_classes(const char *path, const struct lu_hooks *hooks, struct lu_map **out,
				   struct lu_error *err);

/* Does a name say that its value is no class ("Unclassified", "No data")? */
bool lu_map_names_nothing(const char *name);

#endif
