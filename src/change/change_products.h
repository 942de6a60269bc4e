/*
 * change_products.h: what is written of a pair's detection: change_probability.tif and flagged.tif.
 */
#ifndef LU_CHANGE_CHANGE_PRODUCTS_H
#define LU_CHANGE_CHANGE_PRODUCTS_H

#include "change/detect.h"
#include "grid/ground.h"
#include "maps/products.h"
#include "maps/transition.h"

/* One pair of dates, all borrowed. */
struct lu_change_product {
	const char *folder, *name; /* FOLDER/NAME/ */
	const struct lu_frame *frame;
	struct lu_detector *detector;
	const struct lu_detection *detection;
	const struct lu_legend *legend; /* class k of the detector is legend->classes[k] */
	const char *const *metadata; /* "KEY=VALUE", NULL-terminated */
};

/*
 * FOLDER/NAME/change_probability.tif: P(changed) in whole percent, 255 = not mapped at both dates; and
 * FOLDER/NAME/flagged.tif: before * 100 + after of the flagged cells, 0 elsewhere.
 */
enum lu_status lu_products_detection(const struct lu_change_product *product, struct lu_outputs *outputs,
				     struct lu_error *err);

/*
 * The flagged cells and their areas inside the county as a from-to table; '*out' is the caller's. Cells
 * that do not touch the county are never mapped, so all of them count.
 */
enum lu_status lu_tally_flags(const struct lu_change_product *product, struct lu_ground *ground,
			      struct lu_transition **out, struct lu_error *err);

#endif
