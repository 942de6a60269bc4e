/* time_products.c: sequences of classes, row by row, as rasters. */
#include "change/time_products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_METADATA = 16 };

/* One pass over the stories. */
struct time_rows {
	const struct lu_time_task *task;
	struct lu_stories stories;
	size_t date; /* of a smoothed map */
};

int lu_label_year(const char *label)
{
	const size_t digits = strspn(label, "0123456789");
	char year[5] = "";

	if (digits != 4 && digits != 6 && digits != 8)
		return 0;
	memcpy(year, label, 4);
	return atoi(year);
}

/* One byte a cell: a smoothed map, or the trajectories. */
static enum lu_status give_bytes(struct time_rows *rows, int64_t row0, int64_t count, bool smoothed, uint8_t *bytes,
				 struct lu_error *err)
{
	const int64_t cols = rows->task->frame->width;
	const uint16_t *values = rows->stories.smoothed + (int64_t)rows->date * cols;

	for (int64_t row = 0; row < count; row++, bytes += cols) {
		const enum lu_status status = lu_stories_row(&rows->stories, row0 + row, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++)
			bytes[col] = smoothed ? (uint8_t)values[col] : rows->stories.trajectory[col];
	}
	return LU_OK;
}

static enum lu_status give_smoothed(void *user, int64_t row0, int64_t count, int band, void *dst, struct lu_error *err)
{
	(void)band;
	return give_bytes(user, row0, count, true, dst, err);
}

static enum lu_status give_trajectory(void *user, int64_t row0, int64_t count, int band, void *dst,
				      struct lu_error *err)
{
	(void)band;
	return give_bytes(user, row0, count, false, dst, err);
}

static enum lu_status give_year(void *user, int64_t row0, int64_t count, int band, void *dst, struct lu_error *err)
{
	struct time_rows *rows = user;
	const struct lu_stories *stories = &rows->stories;
	const int64_t cols = rows->task->frame->width;
	uint16_t *years = dst;
	(void)band;

	for (int64_t row = 0; row < count; row++, years += cols) {
		const enum lu_status status = lu_stories_row(&rows->stories, row0 + row, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++) {
			const int change = stories->change[col];
			const bool changed = stories->trajectory[col] != LU_TRAJECTORY_NOT_MAPPED && change >= 0;
			years[col] = changed ? (uint16_t)lu_label_year(rows->task->labels[change]) : 0;
		}
	}
	return LU_OK;
}

static enum lu_status write_smoothed(struct time_rows *rows, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_time_task *task = rows->task;
	struct lu_style_entry *entries;
	enum lu_status status = lu_legend_styles(task->legend, &entries, err);

	for (rows->date = 0; rows->date < task->dates && status == LU_OK; rows->date++) {
		char date[128];
		const char *metadata[MOST_METADATA + 2] = {date};
		snprintf(date, sizeof(date), "LANDUSE_DATE=%s", task->labels[rows->date]);
		for (size_t i = 0; i < MOST_METADATA && task->metadata[i] != NULL; i++)
			metadata[i + 1] = task->metadata[i];
		const struct lu_map_spec spec = {.frame = task->frame,
						 .bands = 1,
						 .type = LU_MAP_BYTE,
						 .nodata = 0,
						 .has_nodata = true,
						 .entries = entries,
						 .entry_count = task->legend->count,
						 .palette = true,
						 .metadata = metadata,
						 .qml_title = "Land use, smoothed in time"};
		status = lu_products_write(task->folder, task->labels[rows->date], "landuse_smoothed.tif", &spec,
					   give_smoothed, rows, outputs, err);
	}
	lu_free(entries);
	return status;
}

static enum lu_status write_trajectory(struct time_rows *rows, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_style_entry entries[] = {
		{LU_TRAJECTORY_STABLE, lu_trajectory_name(LU_TRAJECTORY_STABLE), 225, 225, 225},
		{LU_TRAJECTORY_CHANGED, lu_trajectory_name(LU_TRAJECTORY_CHANGED), 215, 48, 39},
		{LU_TRAJECTORY_FLICKER, lu_trajectory_name(LU_TRAJECTORY_FLICKER), 255, 217, 47},
		{LU_TRAJECTORY_SEVERAL, lu_trajectory_name(LU_TRAJECTORY_SEVERAL), 118, 42, 131}};
	const struct lu_time_task *task = rows->task;
	const struct lu_map_spec spec = {.frame = task->frame,
					 .bands = 1,
					 .type = LU_MAP_BYTE,
					 .nodata = 0,
					 .has_nodata = true,
					 .entries = entries,
					 .entry_count = sizeof(entries) / sizeof(entries[0]),
					 .palette = true,
					 .metadata = task->metadata,
					 .qml_title = "Trajectory"};

	return lu_products_write(task->folder, NULL, "trajectory.tif", &spec, give_trajectory, rows, outputs, err);
}

static enum lu_status write_years(struct time_rows *rows, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_time_task *task = rows->task;
	const int first = lu_label_year(task->labels[0]), last = lu_label_year(task->labels[task->dates - 1]);
	const struct lu_map_spec spec = {.frame = task->frame,
					 .bands = 1,
					 .type = LU_MAP_UINT16,
					 .nodata = 0,
					 .has_nodata = true,
					 .metadata = task->metadata,
					 .qml_title = "Year of change",
					 .ramp = LU_RAMP_GREY,
					 .ramp_low = first,
					 .ramp_high = last};

	for (size_t d = 0; d < task->dates; d++)
		if (lu_label_year(task->labels[d]) == 0)
			return LU_OK;
	return lu_products_write(task->folder, NULL, "year_of_change.tif", &spec, give_year, rows, outputs, err);
}

enum lu_status lu_products_time(const struct lu_time_task *task, struct lu_outputs *outputs, struct lu_error *err)
{
	struct time_rows rows = {.task = task};
	enum lu_status status = lu_stories_init(&rows.stories, task, err);

	if (status == LU_OK)
		status = write_smoothed(&rows, outputs, err);
	if (status == LU_OK)
		status = write_trajectory(&rows, outputs, err);
	if (status == LU_OK)
		status = write_years(&rows, outputs, err);
	lu_stories_release(&rows.stories);
	return status;
}
