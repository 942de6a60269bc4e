/*
 * products.h: the rasters of a job: maps of each date, change of each pair.
 */
#ifndef LU_MAPS_PRODUCTS_H
#define LU_MAPS_PRODUCTS_H

#include "base/geometry.h"
#include "base/outputs.h"
#include "landuse/core.h"
#include "maps/class_rows.h"
#include "maps/metadata.h"
#include "maps/store.h"
#include "models/legend.h"
#include "raster/map.h"

/* LU_ERROR_CANCELLED when the hooks ask to stop while outputs are written; where there are scores ('scored'), they are kept. */
enum lu_status lu_products_go_on(const struct lu_hooks *hooks, bool scored, struct lu_error *err);

/*
 * A raster of a job on its way: begun, then given its rows, then finished. Starts as {0}. Several grow side by side out of
 * one pass over the maps. One that is kept (lu_outputs_keep) takes its rows and lets them go.
 */
struct lu_product {
	struct lu_map_writer *writer; /* NULL: it is kept */
	char *name; /* SUB/FILE, for the list of outputs; NULL: not begun */
};

/* Make FOLDER/SUB and remove a killed job's temporary files in it; 'sub' NULL: nothing. Before any product in it begins. */
enum lu_status lu_products_folder(const char *folder, const char *sub, struct lu_error *err);

/* Begin FOLDER/SUB/FILE ('sub' NULL: FOLDER/FILE; the folder is there). Entries of 'spec' must outlive the product. */
enum lu_status lu_product_begin(const char *folder, const char *sub, const char *file, const struct lu_map_spec *spec,
				const struct lu_outputs *outputs, struct lu_product *out, struct lu_error *err);
/* The next 'rows' rows of a band (from 1), as lu_map_add has them. */
enum lu_status lu_product_add(struct lu_product *product, int band, const void *values, int64_t rows,
			      struct lu_error *err);
/* Put it in place and note it in 'outputs'; the product is {0} again, whatever happens. */
enum lu_status lu_product_finish(struct lu_product *product, struct lu_outputs *outputs, struct lu_error *err);
/* Give it up; {0} is fine. */
void lu_product_drop(struct lu_product *product);

/* What the rasters of one date are of. All borrowed. */
struct lu_date_task {
	const struct lu_frame *frame;
	const struct lu_legend *legend; /* the classes of the scores first */
	const char *smoothed; /* how the map was smoothed; NULL: it was not */
	size_t classes; /* of the scores; 0: there are none, only a map that was made elsewhere */
	bool probabilities; /* are wanted, too */
};

/* One row of a date: classes and confidence, classes before smoothing (where), scores (for probabilities). */
struct lu_date_row {
	const uint16_t *values, *raw;
	const uint8_t *percents;
	const float *scores;
};

struct lu_date_rasters;

/*
 * FOLDER/SUB/landuse.tif and, of scores, confidence.tif, landuse_raw.tif of a smoothed map and, where it is wanted,
 * probabilities.tif; 'sub' NULL puts them right into 'folder'. How the map was smoothed is added to 'metadata'; both are
 * read at once. 'frame' and 'legend' must outlive the rasters.
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

#endif
