/* change_products.c: rows of a detection as rasters, as a list and as a table. */
#include "change/change_products.h"

#include <string.h>

#include "base/memory.h"
#include "change/change_styles.h"

enum { NOT_MAPPED = 255 };

struct lu_change_products {
	struct lu_change_product product;
	struct lu_product change, probability, flags;
	struct lu_change_styles change_styles, flag_styles;
	struct lu_transition *table;
	struct lu_flagged_cell *flagged;
	size_t flagged_count, flagged_room;
	/* One row each. */
	struct lu_detected *cells;
	uint16_t *codes, *from, *to;
	uint8_t *bytes;
	double *flagged_m2;
	struct lu_class_net *expected; /* of all rows: one a class of the legend */
	double compared_m2; /* of all rows */
	uint64_t compared_cells;
	struct lu_smoothed_flags smoothed;
};

static enum lu_status make_rows(struct lu_change_products *products, struct lu_error *err)
{
	const size_t cols = (size_t)products->product.frame->width;
	enum lu_status status;

	LU_TRY(lu_alloc(&products->cells, cols, sizeof(*products->cells), "a row of changes", err));
	LU_TRY(lu_alloc(&products->from, cols, sizeof(*products->from), "a row", err));
	LU_TRY(lu_alloc(&products->to, cols, sizeof(*products->to), "a row", err));
	LU_TRY(lu_alloc(&products->bytes, cols, 1, "a row", err));
	LU_TRY(lu_alloc(&products->flagged_m2, cols, sizeof(*products->flagged_m2), "a row", err));
	LU_TRY(lu_alloc(&products->expected, products->product.legend->count, sizeof(*products->expected),
			"areas of classes", err));
	for (size_t k = 0; k < products->product.legend->count; k++)
		products->expected[k].value = products->product.legend->classes[k].value;
out:
	return status;
}

/*
 * Codes of pairs; those of unchanged classes are smaller. All classes stay in the legend, which names them for whoever reads
 * the raster; of the pairs, those that occur.
 */
enum { FIRST_PAIR = 100 };

/* A raster of change codes in the colours of 'styles'. */
static struct lu_map_spec codes_spec(const struct lu_change_product *product, const struct lu_change_styles *styles,
				     int style_from, const char *title)
{
	return (struct lu_map_spec){.frame = product->frame,
				    .bands = 1,
				    .type = LU_MAP_UINT16,
				    .nodata = 0,
				    .has_nodata = true,
				    .entries = styles->entries,
				    .entry_count = styles->count,
				    .style_from = style_from,
				    .metadata = product->metadata,
				    .qml_title = title};
}

static enum lu_status begin_change(struct lu_change_products *products, const struct lu_outputs *outputs,
				   struct lu_error *err)
{
	const struct lu_change_product *product = &products->product;
	enum lu_status status;

	LU_TRY(lu_alloc(&products->codes, (size_t)product->frame->width, sizeof(*products->codes), "a row of changes",
			err));
	LU_TRY(lu_change_styles_make(product->legend, true, &products->change_styles, err));
	const struct lu_map_spec spec = codes_spec(product, &products->change_styles, FIRST_PAIR, "Change");
	LU_TRY(lu_product_begin(product->folder, product->name, "change.tif", &spec, outputs, &products->change, err));
out:
	return status;
}

static enum lu_status begin_rasters(struct lu_change_products *products, const struct lu_outputs *outputs,
				    struct lu_error *err)
{
	const struct lu_change_product *product = &products->product;
	const struct lu_map_spec flags = codes_spec(product, &products->flag_styles, 1, "Significant change");
	const struct lu_map_spec probability = {.frame = product->frame,
						.bands = 1,
						.type = LU_MAP_BYTE,
						.nodata = NOT_MAPPED,
						.has_nodata = true,
						.metadata = product->metadata,
						.qml_title = "Probability of change, percent",
						.ramp = LU_RAMP_CHANGE,
						.ramp_low = 0,
						.ramp_high = 100};
	enum lu_status status;

	LU_TRY(lu_product_begin(product->folder, product->name, "change_probability.tif", &probability, outputs,
				&products->probability, err));
	LU_TRY(lu_product_begin(product->folder, product->name, "flagged.tif", &flags, outputs, &products->flags, err));
out:
	return status;
}

/* All that needs probabilities. */
static enum lu_status begin_judged(struct lu_change_products *products, const struct lu_outputs *outputs,
				   struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(make_rows(products, err));
	LU_TRY(lu_change_styles_make(products->product.legend, false, &products->flag_styles, err));
	LU_TRY(lu_transition_new(NULL, 0, &products->table, err));
	LU_TRY(begin_rasters(products, outputs, err));
out:
	return status;
}

enum lu_status lu_change_products_begin(const struct lu_change_product *product, const struct lu_outputs *outputs,
					struct lu_change_products **out, struct lu_error *err)
{
	struct lu_change_products *products;
	enum lu_status status = lu_alloc(&products, 1, sizeof(*products), "rasters of change", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	products->product = *product;
	LU_TRY(begin_change(products, outputs, err));
	if (product->detector != NULL)
		LU_TRY(begin_judged(products, outputs, err));
out:
	if (status != LU_OK) {
		lu_change_products_free(products);
		return status;
	}
	*out = products;
	return LU_OK;
}

static enum lu_status list_cell(struct lu_change_products *products, int64_t row, int64_t col, double area_m2,
				struct lu_error *err)
{
	const struct lu_detected *cell = &products->cells[col];
	enum lu_status status = LU_OK;

	if (products->flagged_count == products->flagged_room) {
		products->flagged_room = products->flagged_room > 0 ? 2 * products->flagged_room : 256;
		LU_TRY(lu_grow(&products->flagged, products->flagged_room, sizeof(*products->flagged), "flagged cells",
			       err));
	}
	products->flagged[products->flagged_count++] = (struct lu_flagged_cell){.row = row,
										.col = col,
										.probability = cell->changed,
										.area_m2 = area_m2,
										.from = cell->from,
										.to = cell->to};
out:
	return status;
}

bool lu_change_is_told(const struct lu_legend *legend, uint16_t before, uint16_t after)
{
	return before != after && before != 0 && after != 0 &&
	       (legend->uncertain == 0 || (before != legend->uncertain && after != legend->uncertain));
}

/* The legend's number of a class that is in it. */
static uint16_t index_of(const struct lu_legend *legend, uint16_t value)
{
	return (uint16_t)(lu_legend_find(legend, value) - legend->classes);
}

/* A flagged cell as the maps have it; what they do not tell of is no flag. */
static void follow_maps(struct lu_change_products *products, struct lu_detected *cell, uint16_t before, uint16_t after,
			double area_m2)
{
	const struct lu_legend *legend = products->product.legend;

	if (!lu_change_is_told(legend, before, after)) {
		cell->flagged = false;
		products->smoothed.unchanged_cells++;
		products->smoothed.unchanged_m2 += area_m2;
		return;
	}
	const uint16_t from = index_of(legend, before), to = index_of(legend, after);
	products->smoothed.other_pair_cells += from != cell->from || to != cell->to;
	cell->from = from;
	cell->to = to;
}

/* One row's flags as classes before and after; a cell that is not flagged gets area 0 and does not count. */
static enum lu_status add_flags(struct lu_change_products *products, int64_t row, const uint16_t *before,
				const uint16_t *after, const double *area_m2, struct lu_error *err)
{
	const struct lu_change_product *product = &products->product;
	const struct lu_class *classes = product->legend->classes;
	const size_t cols = (size_t)product->frame->width;
	enum lu_status status = LU_OK;

	for (size_t col = 0; col < cols; col++) {
		struct lu_detected *cell = &products->cells[col];
		if (product->of_maps && cell->flagged)
			follow_maps(products, cell, before[col], after[col], area_m2[col]);
		products->from[col] = classes[cell->from].value;
		products->to[col] = classes[cell->to].value;
		products->flagged_m2[col] = cell->flagged ? area_m2[col] : 0;
		products->codes[col] = cell->flagged ? lu_change_code(products->from[col], products->to[col]) : 0;
		if (cell->flagged && product->lists_cells)
			LU_TRY(list_cell(products, row, (int64_t)col, area_m2[col], err));
	}
	LU_TRY(lu_product_add(&products->flags, 1, products->codes, 1, err));
	LU_TRY(lu_transition_add(products->table, products->from, products->to, products->flagged_m2, cols, err));
out:
	return status;
}

/* A cell that changed with this probability won and lost so much of its area. */
static void expect(struct lu_change_products *products, const struct lu_detected *cell, double area_m2)
{
	const double m2 = (double)cell->changed * area_m2, open = cell->flagged ? 0 : m2;
	struct lu_class_net *to = &products->expected[cell->to], *from = &products->expected[cell->from];

	to->m2 += m2;
	from->m2 -= m2;
	to->open_gain_m2 += open;
	from->open_loss_m2 += open;
}

enum lu_status lu_change_products_add(struct lu_change_products *products, int64_t row, const uint16_t *before,
				      const uint16_t *after, const double *area_m2, struct lu_error *err)
{
	const struct lu_change_product *product = &products->product;
	const uint16_t uncertain = product->legend->uncertain;
	enum lu_status status;

	for (int64_t col = 0; col < product->frame->width; col++)
		products->codes[col] = uncertain != 0 && (before[col] == uncertain || after[col] == uncertain)
					       ? 0
					       : lu_change_code(before[col], after[col]);
	LU_TRY(lu_product_add(&products->change, 1, products->codes, 1, err));
	if (product->detector == NULL)
		return LU_OK;
	LU_TRY(lu_detector_row(product->detector, product->detection, row, products->cells, err));
	for (int64_t col = 0; col < product->frame->width; col++) {
		const float changed = product->detection->refused ? -1 : products->cells[col].changed;
		products->bytes[col] = changed >= 0 ? (uint8_t)(changed * 100 + 0.5f) : NOT_MAPPED;
		if (changed < 0)
			continue;
		expect(products, &products->cells[col], area_m2[col]);
		products->compared_m2 += area_m2[col];
		products->compared_cells++;
	}
	LU_TRY(lu_product_add(&products->probability, 1, products->bytes, 1, err));
	LU_TRY(add_flags(products, row, before, after, area_m2, err));
out:
	return status;
}

enum lu_status lu_change_products_finish(struct lu_change_products *products, struct lu_outputs *outputs,
					 struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_product_finish(&products->change, outputs, err));
	if (products->product.detector == NULL)
		return LU_OK;
	LU_TRY(lu_product_finish(&products->probability, outputs, err));
	LU_TRY(lu_product_finish(&products->flags, outputs, err));
out:
	return status;
}

void lu_change_products_free(struct lu_change_products *products)
{
	if (products == NULL)
		return;
	lu_product_drop(&products->change);
	lu_product_drop(&products->probability);
	lu_product_drop(&products->flags);
	lu_change_styles_release(&products->change_styles);
	lu_change_styles_release(&products->flag_styles);
	lu_transition_free(products->table);
	lu_free(products->flagged);
	lu_free(products->cells);
	lu_free(products->codes);
	lu_free(products->from);
	lu_free(products->to);
	lu_free(products->bytes);
	lu_free(products->flagged_m2);
	lu_free(products->expected);
	lu_free(products);
}

const struct lu_flagged_cell *lu_change_products_cells(const struct lu_change_products *products, size_t *count)
{
	*count = products->flagged_count;
	return products->flagged;
}

struct lu_smoothed_flags lu_change_products_smoothed(const struct lu_change_products *products)
{
	return products->smoothed;
}

double lu_change_products_expected(const struct lu_change_products *products, struct lu_class_net *net)
{
	memcpy(net, products->expected, products->product.legend->count * sizeof(*net));
	return products->compared_cells > 0 ? products->compared_m2 / (double)products->compared_cells : 0;
}

struct lu_transition *lu_change_products_take_table(struct lu_change_products *products)
{
	struct lu_transition *table = products->table;

	products->table = NULL;
	return table;
}
