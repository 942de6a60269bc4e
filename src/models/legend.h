/*
 * legend.h: the classes of a map by value, with the names and colours that maps and tables give them.
 *
 * A legend comes from a scheme, or from what maps say of themselves; it grows one class at a time.
 */
#ifndef LU_MODELS_LEGEND_H
#define LU_MODELS_LEGEND_H

#include "models/scheme.h"
#include "raster/map.h"

/* The metadata item of maps that have a least confidence: what it is. */
#define LU_MIN_CONFIDENCE "LANDUSE_MIN_CONFIDENCE"

struct lu_legend {
	struct lu_class *classes; /* ascending by value, from 1 to 65535; names are the legend's own */
	size_t count;
	uint16_t uncertain; /* the value, among these, of cells that are in no class; 0: there are none */
};
enum lu_status lu_legend_of_scheme(const struct lu_scheme *scheme, struct lu_legend *out, struct lu_error *err);
/* Add a class with a copy of its name, or keep the one that has the value already. */
enum lu_status lu_legend_add(struct lu_legend *legend, struct lu_class class, struct lu_error *err);
/* Add "Uncertain", which is no class. */
enum lu_status lu_legend_add_uncertain(struct lu_legend *legend, struct lu_error *err);
/* Add what a map names, but for 0, its nodata value and what is above 65535; a map that has a least confidence says so. */
enum lu_status lu_legend_add_map(struct lu_legend *legend, const struct lu_map *map, struct lu_error *err);
/* The legend of a scheme, by its name or file. */
enum lu_status lu_legend_read_scheme(const char *scheme, struct lu_legend *out, struct lu_error *err);
const struct lu_class *lu_legend_find(const struct lu_legend *legend, uint16_t value);
void lu_legend_release(struct lu_legend *legend);

#endif
