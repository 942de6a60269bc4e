/*
 * products.h: the rasters of a job: maps of each date, change of each pair.
 */
#ifndef LU_MAPS_PRODUCTS_H
#define LU_MAPS_PRODUCTS_H

#include "base/geometry.h"
#include "base/outputs.h"
#include "landuse.h"
#include "maps/class_rows.h"
#include "maps/metadata.h"
#include "maps/store.h"
#include "models/legend.h"
#include "raster/map.h"

/* LU_ERROR_CANCELLED when the hooks ask to stop while outputs are written: what is scored is kept. */
enum lu_status lu_products_go_on(const struct lu_hooks *hooks, struct lu_error *err);

/*
 * A raster of a job on its way: begun, then given its rows by lu_map_add on 'writer', then finished. Starts as {0}.
 * Several grow side by side out of one pass over the maps.
 */
struct lu_product {
	struct lu_map_writer *writer;
	char *name; /* SUB/FILE, for the list of outputs */
};

/* Make FOLDER/SUB and remove a killed job's temporary files in it; 'sub' NULL: nothing. Before any product in it begins. */
enum lu_status lu_products_folder(const char *folder, const char *sub, struct lu_error *err);

/* Begin FOLDER/SUB/FILE ('sub' NULL: FOLDER/FILE; the folder is there). Entries of 'spec' must outlive the product. */
enum lu_status lu_product_begin(const char *folder, const char *sub, const char *file, const struct lu_map_spec *spec,
				const struct lu_outputs *outputs, struct lu_product *out, struct lu_error *err);
/* Put it in place and note it in 'outputs'; the product is {0} again, whatever happens. */
enum lu_status lu_product_finish(struct lu_product *product, struct lu_outputs *outputs, struct lu_error *err);
/* Give it up; {0} is fine. */
void lu_product_drop(struct lu_product *product);

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

/* What the rasters of one date are of. All borrowed. */
struct lu_date_task {
	const struct lu_frame *frame;
	const struct lu_legend *legend;
	const char *smoothed; /* how the map was smoothed; NULL: it was not */
	bool probabilities; /* are wanted, too */
	size_t classes; /* of the scores, for the probabilities */
};

/* One row of a date: classes and confidence, classes before smoothing (where), scores (for probabilities). */
struct lu_date_row {
	const uint16_t *values, *raw;
	const uint8_t *percents;
	const float *scores;
};

struct lu_date_rasters;

/*
 * FOLDER/SUB/landuse.tif, confidence.tif, landuse_raw.tif of a smoothed map and, where it is wanted, probabilities.tif;
 * 'sub' NULL puts them right into 'folder'. How the map was smoothed is added to 'metadata', which is read at once; what
 * 'task' points to must outlive the rasters.
 */
enum lu_status lu_date_rasters_begin(const char *folder, const char *sub, const struct lu_date_task *task,
				     struct lu_metadata *metadata, const struct lu_outputs *outputs,
				     struct lu_date_rasters **out, struct lu_error *err);
/* The next row. */
enum lu_status lu_date_rasters_add(struct lu_date_rasters *rasters, const struct lu_date_row *row,
				   struct lu_error *err);
/* All rows are there. */
enum lu_status lu_date_rasters_finish(struct lu_date_rasters *rasters, struct lu_outputs *outputs,
				      struct lu_error *err);
void lu_date_rasters_free(struct lu_date_rasters *rasters);

/* The metadata item LANDUSE_CODES, by which a change raster is known. */
#define LU_CHANGE_CODES "before*100+after, unchanged keeps its class"

struct lu_change_raster;

/*
 * FOLDER/NAME/change.tif on 'frame': the codes of two dates' classes. 'metadata' is "KEY=VALUE" texts, NULL-terminated,
 * read at once; what 'frame' and 'legend' point to must outlive the raster. The folder is there.
 */
enum lu_status lu_change_raster_begin(const char *folder, const char *name, const struct lu_frame *frame,
				      const struct lu_legend *legend, const char *const *metadata,
				      const struct lu_outputs *outputs, struct lu_change_raster **out,
				      struct lu_error *err);
/* The next row. */
enum lu_status lu_change_raster_add(struct lu_change_raster *raster, const uint16_t *before, const uint16_t *after,
				    struct lu_error *err);
enum lu_status lu_change_raster_finish(struct lu_change_raster *raster, struct lu_outputs *outputs,
				       struct lu_error *err);
void lu_change_raster_free(struct lu_change_raster *raster);

/* The same from two streams of classes, at once. */
enum lu_status lu_products_change(const char *folder, const char *name, const struct lu_frame *frame,
				  struct lu_class_rows earlier, struct lu_class_rows later,
				  const struct lu_legend *legend, const char *const *metadata,
				  struct lu_outputs *outputs, struct lu_error *err);

#endif
