/* change_products.c: rows of a detection as rasters and as a table. */
#include "change/change_products.h"

#include <string.h>

#include "base/memory.h"
#include "grid/cell_area.h"
#include "raster/map.h"

enum { NOT_MAPPED = 255 };

/* One pass over a detection. */
struct detected_rows {
	const struct lu_change_product *product;
	struct lu_detected *cells; /* one row */
};

static uint16_t flag_code(const struct lu_change_product *product, const struct lu_detected *cell)
{
	const struct lu_legend_class *classes = product->legend->classes;

	return cell->flagged ? lu_change_code(classes[cell->from].value, classes[cell->to].value) : 0;
}

static enum lu_status give_probability(void *user, int64_t row0, int64_t rows, int band, void *dst,
				       struct lu_error *err)
{
	const struct detected_rows *detected = user;
	const int64_t cols = detected->product->frame->width;
	uint8_t *bytes = dst;
	(void)band;

	for (int64_t row = 0; row < rows; row++, bytes += cols) {
		const enum lu_status status = lu_detector_row(detected->product->detector, detected->product->detection,
							      row0 + row, detected->cells, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++) {
			const float changed = detected->cells[col].changed;
			bytes[col] = changed >= 0 ? (uint8_t)(changed * 100 + 0.5f) : NOT_MAPPED;
		}
	}
	return LU_OK;
}

static enum lu_status give_flags(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	const struct detected_rows *detected = user;
	const int64_t cols = detected->product->frame->width;
	uint16_t *codes = dst;
	(void)band;

	for (int64_t row = 0; row < rows; row++, codes += cols) {
		const enum lu_status status = lu_detector_row(detected->product->detector, detected->product->detection,
							      row0 + row, detected->cells, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++)
			codes[col] = flag_code(detected->product, &detected->cells[col]);
	}
	return LU_OK;
}

static enum lu_status detected_rows_init(struct detected_rows *rows, const struct lu_change_product *product,
					 struct lu_error *err)
{
	*rows = (struct detected_rows){.product = product};
	return lu_alloc(&rows->cells, (size_t)product->frame->width, sizeof(*rows->cells), "a row of changes", err);
}

enum lu_status lu_products_detection(const struct lu_change_product *product, struct lu_outputs *outputs,
				     struct lu_error *err)
{
	struct detected_rows rows;
	struct lu_change_styles styles = {0};
	enum lu_status status = detected_rows_init(&rows, product, err);

	if (status == LU_OK)
		status = lu_change_styles_make(product->legend, false, &styles, err);
	const struct lu_map_spec probability = {.frame = product->frame,
						.bands = 1,
						.type = LU_MAP_BYTE,
						.nodata = NOT_MAPPED,
						.has_nodata = true,
						.metadata = product->metadata,
						.qml_title = "Probability of change, percent",
						.ramp = LU_RAMP_GREY,
						.ramp_low = 0,
						.ramp_high = 100};
	const struct lu_map_spec flags = {.frame = product->frame,
					  .bands = 1,
					  .type = LU_MAP_UINT16,
					  .nodata = 0,
					  .has_nodata = true,
					  .entries = styles.entries,
					  .entry_count = styles.count,
					  .metadata = product->metadata,
					  .qml_title = "Significant change"};
	if (status == LU_OK)
		status = lu_products_write(product->folder, product->name, "change_probability.tif", &probability,
					   give_probability, &rows, outputs, err);
	if (status == LU_OK)
		status = lu_products_write(product->folder, product->name, "flagged.tif", &flags, give_flags, &rows,
					   outputs, err);
	lu_change_styles_release(&styles);
	lu_free(rows.cells);
	return status;
}

/* One row's flags as classes before and after; a cell that is not flagged gets area 0 and does not count. */
static enum lu_status flag_row(const struct detected_rows *detected, struct lu_ground *ground, int64_t row,
			       uint16_t *before, uint16_t *after, double *area_m2, struct lu_error *err)
{
	const struct lu_change_product *product = detected->product;
	const int64_t cols = product->frame->width;
	enum lu_status status = lu_detector_row(product->detector, product->detection, row, detected->cells, err);

	if (status == LU_OK)
		status = lu_cell_area_row(ground->coverage, ground->meter, row, cols, area_m2, err);
	for (int64_t col = 0; status == LU_OK && col < cols; col++) {
		const struct lu_detected *cell = &detected->cells[col];
		before[col] = product->legend->classes[cell->from].value;
		after[col] = product->legend->classes[cell->to].value;
		if (!cell->flagged)
			area_m2[col] = 0;
	}
	return status;
}

enum lu_status lu_tally_flags(const struct lu_change_product *product, struct lu_ground *ground,
			      struct lu_transition **out, struct lu_error *err)
{
	const size_t cols = (size_t)product->frame->width;
	struct detected_rows rows;
	struct lu_transition *table = NULL;
	uint16_t *before = NULL, *after = NULL;
	double *area_m2 = NULL;
	enum lu_status status = detected_rows_init(&rows, product, err);

	if (status == LU_OK)
		status = lu_transition_new(NULL, 0, &table, err);
	if (status == LU_OK)
		status = lu_alloc(&before, cols, sizeof(*before), "a row", err);
	if (status == LU_OK)
		status = lu_alloc(&after, cols, sizeof(*after), "a row", err);
	if (status == LU_OK)
		status = lu_alloc(&area_m2, cols, sizeof(*area_m2), "a row", err);
	for (int64_t row = 0; row < product->frame->height && status == LU_OK; row++) {
		status = flag_row(&rows, ground, row, before, after, area_m2, err);
		if (status == LU_OK)
			status = lu_transition_add(table, before, after, area_m2, cols, err);
	}
	lu_free(before);
	lu_free(after);
	lu_free(area_m2);
	lu_free(rows.cells);
	if (status != LU_OK) {
		lu_transition_free(table);
		return status;
	}
	*out = table;
	return LU_OK;
}
