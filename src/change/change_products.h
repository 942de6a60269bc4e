/*
 * change_products.h: the rasters of a pair of dates, what was flagged of it, and the areas of that, out of one pass.
 */
#ifndef LU_CHANGE_CHANGE_PRODUCTS_H
#define LU_CHANGE_CHANGE_PRODUCTS_H

#include "change/detect.h"
#include "maps/products.h"
#include "maps/statistics.h"
#include "maps/transition.h"

/* One pair of dates, all borrowed. */
struct lu_change_product {
	const char *folder, *name; /* FOLDER/NAME/, which is there */
	const struct lu_frame *frame;
	struct lu_detector *detector; /* NULL: there are maps alone, and nothing is judged */
	const struct lu_detection *detection;
	const struct lu_legend *legend; /* class k of the detector is legend->classes[k] */
	bool of_maps; /* only what the maps say has changed is flagged, as the pair that they say: they were smoothed */
	const char *const *metadata; /* "KEY=VALUE", NULL-terminated; read when the products begin */
	bool lists_cells; /* of the flagged ones */
};

/* One flagged cell. Classes are indices from 0. */
struct lu_flagged_cell {
	int64_t row, col;
	float probability; /* P(changed) */
	double area_m2; /* inside the county */
	uint16_t from, to;
	uint32_t patch; /* while patches are made */
};

/* Do two maps tell of a change where they say 'before' and 'after'? Not where one says nothing, or that it is not sure. */
bool lu_change_is_told(const struct lu_legend *legend, uint16_t before, uint16_t after);

struct lu_change_products;

/*
 * Begin FOLDER/NAME/change.tif, before * 100 + after of the two maps, and with a detector change_probability.tif,
 * P(changed) in whole percent, 255 = not mapped at both dates; and flagged.tif, before * 100 + after of the flagged cells,
 * 0 elsewhere.
 */
enum lu_status lu_change_products_begin(const struct lu_change_product *product, const struct lu_outputs *outputs,
					struct lu_change_products **out, struct lu_error *err);

/*
 * The next row: the classes of both maps and, for the detector, the cells' areas inside the county. Cells that do not touch the county are
 * never mapped, so all flags count.
 */
enum lu_status lu_change_products_add(struct lu_change_products *products, int64_t row, const uint16_t *before,
				      const uint16_t *after, const double *area_m2, struct lu_error *err);

/* All rows are there: put the rasters in place. */
enum lu_status lu_change_products_finish(struct lu_change_products *products, struct lu_outputs *outputs,
					 struct lu_error *err);
void lu_change_products_free(struct lu_change_products *products);

/* All flagged cells in row order, some 40 bytes each, the products' own; none unless they were to be listed. */
const struct lu_flagged_cell *lu_change_products_cells(const struct lu_change_products *products, size_t *count);

/* With 'of_maps', what became of cells that the scores alone would have flagged. */
struct lu_smoothed_flags lu_change_products_smoothed(const struct lu_change_products *products);

/*
 * Of each class of the legend, in its order, what it won less what it lost: every cell as far as it probably changed. The
 * mean area of a compared cell.
 */
double lu_change_products_expected(const struct lu_change_products *products, struct lu_class_net *net);

/* The flagged cells and their areas as a from-to table (NULL: nothing was judged), the caller's from now on: once. */
struct lu_transition *lu_change_products_take_table(struct lu_change_products *products);

#endif
