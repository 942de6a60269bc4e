/* time_products.c: sequences of classes, row by row, as rasters. */
#include "change/time_products.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "grid/date_labels.h"

enum { MOST_METADATA = 16 };

struct lu_time_products {
	const struct lu_time_task *task;
	struct lu_product *smoothed; /* one a date */
	struct lu_product trajectory, years; /* years {0}: not written */
	struct lu_class trajectories[4];
	/* The legend of years: one for each date after the first, without repetition. */
	struct lu_class *year_entries;
	char (*year_names)[8];
	size_t year_count;
	/* One row each. */
	uint8_t *bytes;
	uint16_t *codes;
};

static enum lu_status begin_smoothed(struct lu_time_products *products, const struct lu_outputs *outputs,
				     struct lu_error *err)
{
	const struct lu_time_task *task = products->task;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < task->dates; d++) {
		char date[128];
		const char *metadata[MOST_METADATA + 2] = {date};
		snprintf(date, sizeof(date), "LANDUSE_DATE=%s", task->labels[d]);
		for (size_t i = 0; i < MOST_METADATA && task->metadata[i] != NULL; i++)
			metadata[i + 1] = task->metadata[i];
		const struct lu_map_spec spec = {.frame = task->frame,
						 .bands = 1,
						 .type = LU_MAP_BYTE,
						 .nodata = 0,
						 .has_nodata = true,
						 .entries = task->legend->classes,
						 .entry_count = task->legend->count,
						 .palette = true,
						 .metadata = metadata,
						 .qml_title = "Land use, temporally consistent"};
		LU_TRY(lu_product_begin(task->folder, task->labels[d], "landuse_consistent.tif", &spec, outputs,
					&products->smoothed[d], err));
	}
out:
	return status;
}

static enum lu_status begin_trajectory(struct lu_time_products *products, const struct lu_outputs *outputs,
				       struct lu_error *err)
{
	const struct lu_class entries[] = {
		{LU_TRAJECTORY_STABLE, lu_trajectory_name(LU_TRAJECTORY_STABLE), 225, 225, 225},
		{LU_TRAJECTORY_CHANGED, lu_trajectory_name(LU_TRAJECTORY_CHANGED), 215, 48, 39},
		{LU_TRAJECTORY_UNSTABLE, lu_trajectory_name(LU_TRAJECTORY_UNSTABLE), 255, 217, 47},
		{LU_TRAJECTORY_SEVERAL, lu_trajectory_name(LU_TRAJECTORY_SEVERAL), 118, 42, 131}};
	const struct lu_time_task *task = products->task;
	const struct lu_map_spec spec = {.frame = task->frame,
					 .bands = 1,
					 .type = LU_MAP_BYTE,
					 .nodata = 0,
					 .has_nodata = true,
					 .entries = products->trajectories,
					 .entry_count = sizeof(entries) / sizeof(entries[0]),
					 .palette = true,
					 .metadata = task->metadata,
					 .qml_title = "Trajectory"};

	memcpy(products->trajectories, entries, sizeof(entries));
	return lu_product_begin(task->folder, NULL, "trajectory.tif", &spec, outputs, &products->trajectory, err);
}

/* The earlier, the lighter; in yellow to violet, which colour-blind readers tell apart by lightness. */
static enum lu_status list_years(struct lu_time_products *products, struct lu_error *err)
{
	static const int first[3] = {254, 217, 118}, last[3] = {74, 20, 134};
	const struct lu_time_task *task = products->task;
	const int steps = task->dates > 2 ? (int)task->dates - 2 : 1;
	enum lu_status status;

	LU_TRY(lu_alloc(&products->year_entries, task->dates, sizeof(*products->year_entries), "years", err));
	LU_TRY(lu_alloc(&products->year_names, task->dates, sizeof(*products->year_names), "years", err));
	for (size_t d = 1; d < task->dates; d++) {
		const int year = lu_date_label_calendar_year(task->labels[d]), at = (int)d - 1;
		struct lu_class *entry = &products->year_entries[products->year_count];
		uint8_t rgb[3];
		if (products->year_count > 0 && entry[-1].value == year)
			continue;
		for (int i = 0; i < 3; i++)
			rgb[i] = (uint8_t)(first[i] + (last[i] - first[i]) * at / steps);
		snprintf(products->year_names[products->year_count], sizeof(*products->year_names), "%d", year);
		*entry = (struct lu_class){(uint16_t)year, products->year_names[products->year_count], rgb[0], rgb[1],
					   rgb[2]};
		products->year_count++;
	}
out:
	return status;
}

static enum lu_status begin_years(struct lu_time_products *products, const struct lu_outputs *outputs,
				  struct lu_error *err)
{
	const struct lu_time_task *task = products->task;
	struct lu_map_spec spec = {.frame = task->frame,
				   .bands = 1,
				   .type = LU_MAP_UINT16,
				   .nodata = 0,
				   .has_nodata = true,
				   .metadata = task->metadata,
				   .qml_title = "Year of change"};
	enum lu_status status;

	for (size_t d = 0; d < task->dates; d++)
		if (lu_date_label_calendar_year(task->labels[d]) == 0)
			return LU_OK;
	LU_TRY(list_years(products, err));
	spec.entries = products->year_entries;
	spec.entry_count = products->year_count;
	LU_TRY(lu_product_begin(task->folder, NULL, "year_of_change.tif", &spec, outputs, &products->years, err));
out:
	return status;
}

enum lu_status lu_time_products_begin(const struct lu_time_task *task, const struct lu_outputs *outputs,
				      struct lu_time_products **out, struct lu_error *err)
{
	const size_t cols = (size_t)task->frame->width;
	struct lu_time_products *products;
	enum lu_status status = lu_alloc(&products, 1, sizeof(*products), "rasters", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	products->task = task;
	LU_TRY(lu_alloc(&products->smoothed, task->dates, sizeof(*products->smoothed), "rasters", err));
	LU_TRY(lu_alloc(&products->bytes, cols, 1, "a row", err));
	LU_TRY(lu_alloc(&products->codes, cols, sizeof(*products->codes), "a row", err));
	LU_TRY(begin_smoothed(products, outputs, err));
	LU_TRY(begin_trajectory(products, outputs, err));
	LU_TRY(begin_years(products, outputs, err));
out:
	if (status != LU_OK) {
		lu_time_products_free(products);
		return status;
	}
	*out = products;
	return LU_OK;
}

static enum lu_status add_years(struct lu_time_products *products, const struct lu_trajectory_rows *trajectories,
				struct lu_error *err)
{
	const struct lu_time_task *task = products->task;

	for (int64_t col = 0; col < task->frame->width; col++) {
		const int change = trajectories->change[col];
		const bool changed = trajectories->trajectory[col] != LU_TRAJECTORY_NOT_MAPPED && change >= 0;
		products->codes[col] = changed ? (uint16_t)lu_date_label_calendar_year(task->labels[change]) : 0;
	}
	return lu_product_add(&products->years, 1, products->codes, 1, err);
}

enum lu_status lu_time_products_add(struct lu_time_products *products, const struct lu_trajectory_rows *trajectories,
				    struct lu_error *err)
{
	const struct lu_time_task *task = products->task;
	const int64_t cols = task->frame->width;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < task->dates; d++) {
		const uint16_t *values = trajectories->smoothed + (int64_t)d * cols;
		for (int64_t col = 0; col < cols; col++)
			products->bytes[col] = (uint8_t)values[col];
		LU_TRY(lu_product_add(&products->smoothed[d], 1, products->bytes, 1, err));
	}
	LU_TRY(lu_product_add(&products->trajectory, 1, trajectories->trajectory, 1, err));
	if (products->years.name != NULL)
		LU_TRY(add_years(products, trajectories, err));
out:
	return status;
}

enum lu_status lu_time_products_finish(struct lu_time_products *products, struct lu_outputs *outputs,
				       struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < products->task->dates; d++)
		LU_TRY(lu_product_finish(&products->smoothed[d], outputs, err));
	LU_TRY(lu_product_finish(&products->trajectory, outputs, err));
	if (products->years.name != NULL)
		LU_TRY(lu_product_finish(&products->years, outputs, err));
out:
	return status;
}

void lu_time_products_free(struct lu_time_products *products)
{
	if (products == NULL)
		return;
	for (size_t d = 0; products->smoothed != NULL && d < products->task->dates; d++)
		lu_product_drop(&products->smoothed[d]);
	lu_free(products->smoothed);
	lu_product_drop(&products->trajectory);
	lu_product_drop(&products->years);
	lu_free(products->year_entries);
	lu_free(products->year_names);
	lu_free(products->bytes);
	lu_free(products->codes);
	lu_free(products);
}
