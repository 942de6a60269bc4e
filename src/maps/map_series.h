/*
 * map_series.h: maps of several dates that belong together: opened, compared with each other, and labelled.
 */
#ifndef LU_MAPS_MAP_SERIES_H
#define LU_MAPS_MAP_SERIES_H

#include "grid/date_pairs.h"
#include "maps/class_rows.h"
#include "maps/products.h"
#include "raster/map.h"

struct lu_map_ahead;
struct lu_map_series {
	const char *const *paths; /* borrowed */
	size_t count;
	struct lu_map **maps;
	struct lu_map_ahead *ahead; /* rows of each, read ahead */
	char **labels; /* of the dates: words that a folder may be called by */
	struct lu_legend *legends; /* what each map names, */
	struct lu_legend legend; /* and all of them, after the scheme's */
};

struct lu_map_series_options {
	const char *const *paths; /* earliest first; they must stay */
	size_t count;
	const char *const *labels; /* NULL: lu_map_date of each */
	enum lu_date_pairs pairs; /* that will be compared */
	const char *scheme; /* names classes before the maps do; NULL: none */
	bool by_number; /* whatever the maps call them, classes of one number are one */
	const struct lu_hooks *hooks;
};

/*
 * LU_ERROR_MISMATCH when a map does not go with another (same_grid.h, same_legend.h), LU_ERROR_UNSUPPORTED when its rows do not run
 * along the axes, LU_ERROR_ARGUMENT for dates that cannot be called so or stand in the wrong order (date_labels.h).
 * Release also after a failure.
 */
enum lu_status lu_map_series_open(const struct lu_map_series_options *options, struct lu_map_series *out,
				  struct lu_error *err);
void lu_map_series_release(struct lu_map_series *series);

/* The classes of map 'i', row by row; confidence is not known. The series must stay open; one thread at a time. */
struct lu_class_rows lu_map_series_rows(const struct lu_map_series *series, size_t i);

#endif
