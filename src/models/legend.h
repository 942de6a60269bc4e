/*
 * legend.h: the classes of a map by value, with the names and colours that maps and tables give them.
 *
 * A legend comes from a scheme, or from what maps say of themselves; it grows one class at a time.
 */
#ifndef LU_MODELS_LEGEND_H
#define LU_MODELS_LEGEND_H

#include "models/scheme.h"
#include "raster/map.h"

/* A class of a legend as maps and tables name it. */
struct lu_legend_class {
	uint16_t value;
	char *name;
	uint8_t red, green, blue;
};
struct lu_legend {
	struct lu_legend_class *classes; /* ascending by value */
	size_t count;
};
enum lu_status lu_legend_of_scheme(const struct lu_scheme *scheme, struct lu_legend *out, struct lu_error *err);
/* Add a class, or keep the one that has the value already. */
enum lu_status lu_legend_add(struct lu_legend *legend, uint16_t value, const char *name, uint8_t red, uint8_t green,
			     uint8_t blue, struct lu_error *err);
/* Add what a map names, but for 0, its nodata value and what is above 65535. */
enum lu_status lu_legend_add_map(struct lu_legend *legend, const struct lu_map *map, struct lu_error *err);
/* The legend of a scheme, by its name or file. */
enum lu_status lu_legend_read_scheme(const char *scheme, struct lu_legend *out, struct lu_error *err);
const struct lu_legend_class *lu_legend_find(const struct lu_legend *legend, uint16_t value);
/* Its colours, one entry a class; lu_free '*out'. Names stay the legend's. */
enum lu_status lu_legend_styles(const struct lu_legend *legend, struct lu_style_entry **out, struct lu_error *err);
void lu_legend_release(struct lu_legend *legend);

#endif
