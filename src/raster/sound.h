/*
 * sound.h: whether files that people and QGIS write into are still what they were written as.
 */
#ifndef LU_RASTER_SOUND_H
#define LU_RASTER_SOUND_H

#include <stdbool.h>

/* A GeoPackage that SQLite finds no fault with, and that holds the layer of its own name: "zones" of zones.gpkg. */
bool lu_layer_sound(const char *path);

/* A style, or a table beside a raster (base/beside.h): XML of its kind to its end, or a dBASE table with its values. */
bool lu_beside_sound(const char *path);

#endif
