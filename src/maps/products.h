/*
 * products.h: the rasters of a job: maps of each date, change of each pair.
 */
#ifndef LU_MAPS_PRODUCTS_H
#define LU_MAPS_PRODUCTS_H

#include "base/geometry.h"
#include "base/outputs.h"
#include "maps/class_rows.h"
#include "maps/metadata.h"
#include "maps/store.h"
#include "models/legend.h"
#include "raster/map.h"

/* Write the raster FOLDER/SUB/FILE ('sub' NULL: FOLDER/FILE; the folder must be there) and note it in 'outputs'. */
enum lu_status lu_products_write(const char *folder, const char *sub, const char *file, const struct lu_map_spec *spec,
				 lu_map_rows rows, void *user, struct lu_outputs *outputs, struct lu_error *err);

/* A map of classes, of values up to 255, with its colours. All borrowed. */
struct lu_class_map {
	const char *file, *title; /* "landuse.tif"; the layer's title in QGIS */
	const struct lu_frame *frame;
	struct lu_class_rows rows;
	const struct lu_legend *legend;
	const char *const *metadata; /* "KEY=VALUE" texts, NULL-terminated */
};

/* Write it into FOLDER/SUB, which is made ('sub' NULL: into FOLDER). */
enum lu_status lu_products_classes(const char *folder, const char *sub, const struct lu_class_map *map,
				   struct lu_outputs *outputs, struct lu_error *err);

/*
 * The legend of change codes: every from-to pair in the colour of what it became and, where 'unchanged'
 * says so, every class unchanged in a pale tint of its own.
 */
struct lu_change_styles {
	struct lu_style_entry *entries;
	size_t count;
	char **names; /* owned; the entries point here */
};
enum lu_status lu_change_styles_make(const struct lu_legend *legend, bool unchanged, struct lu_change_styles *out,
				     struct lu_error *err);
void lu_change_styles_release(struct lu_change_styles *styles);

/* What there is of one date. All borrowed. */
struct lu_date_maps {
	const struct lu_store *store;
	struct lu_class_rows map; /* the map, with its confidence */
	struct lu_class_rows raw; /* the map before it was smoothed, where */
	const char *smoothed; /* ... this says how it was; NULL: it was not */
	const struct lu_frame *frame;
	const struct lu_legend *legend;
	bool probabilities; /* are wanted, too */
};

/*
 * FOLDER/SUB/landuse.tif, confidence.tif, landuse_raw.tif of a smoothed map and, where it is wanted, probabilities.tif;
 * 'sub' NULL puts them right into 'folder'. How the map was smoothed is added to 'metadata'.
 */
enum lu_status lu_products_date(const char *folder, const char *sub, const struct lu_date_maps *maps,
				struct lu_metadata *metadata, struct lu_outputs *outputs, struct lu_error *err);

/* The metadata item LANDUSE_CODES, by which a change raster is known. */
#define LU_CHANGE_CODES "before*100+after, unchanged keeps its class"

/*
 * FOLDER/NAME/change.tif from two streams of classes on 'frame'. 'metadata' is "KEY=VALUE" texts, NULL-terminated.
 */
enum lu_status lu_products_change(const char *folder, const char *name, const struct lu_frame *frame,
				  struct lu_class_rows earlier, struct lu_class_rows later,
				  const struct lu_legend *legend, const char *const *metadata,
				  struct lu_outputs *outputs, struct lu_error *err);

#endif
