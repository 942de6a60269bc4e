/* time_products.c: sequences of classes, row by row, as rasters. */
#include "job/change/time_products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "change/trajectory.h"

enum { MOST_METADATA = 16 };

/* One pass over the sequences. */
struct time_rows {
	const struct lu_time_task *task;
	uint16_t *paths; /* cols x dates: indices of classes */
	uint16_t *mapped; /* dates x cols: the maps' values */
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

static uint16_t value_of(const struct time_rows *rows, uint16_t class)
{
	return class == LU_NOT_MAPPED ? 0 : rows->task->legend->classes[class].value;
}

static enum lu_status give_smoothed(void *user, int64_t row0, int64_t count, int band, void *dst, struct lu_error *err)
{
	const struct time_rows *rows = user;
	const int64_t cols = rows->task->frame->width;
	uint8_t *bytes = dst;
	(void)band;

	for (int64_t row = 0; row < count; row++, bytes += cols) {
		const enum lu_status status = lu_detector_paths(rows->task->detector, row0 + row, rows->paths, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++)
			bytes[col] = (uint8_t)value_of(rows, rows->paths[(size_t)col * rows->task->dates + rows->date]);
	}
	return LU_OK;
}

/* A cell's story by its sequence; where that stands still and the maps did not, they flickered. */
static enum lu_trajectory story(const struct time_rows *rows, int64_t col, int *change)
{
	const struct lu_time_task *task = rows->task;
	uint16_t path[LU_MAX_DATES], map[LU_MAX_DATES];
	int unused;

	for (size_t d = 0; d < task->dates; d++) {
		path[d] = value_of(rows, rows->paths[(size_t)col * task->dates + d]);
		map[d] = rows->mapped[(int64_t)d * task->frame->width + col];
	}
	const enum lu_trajectory told = lu_trajectory_of(path, task->dates, change);
	if (told == LU_TRAJECTORY_STABLE && lu_trajectory_of(map, task->dates, &unused) != LU_TRAJECTORY_STABLE)
		return LU_TRAJECTORY_FLICKER;
	return told;
}

static enum lu_status read_row(const struct time_rows *rows, int64_t row, struct lu_error *err)
{
	const struct lu_time_task *task = rows->task;
	enum lu_status status = lu_detector_paths(task->detector, row, rows->paths, err);

	for (size_t d = 0; d < task->dates && status == LU_OK; d++)
		status = task->maps[d].read(task->maps[d].user, row, 1, rows->mapped + (int64_t)d * task->frame->width,
					    NULL, err);
	return status;
}

static enum lu_status give_trajectory(void *user, int64_t row0, int64_t count, int band, void *dst,
				      struct lu_error *err)
{
	const struct time_rows *rows = user;
	const int64_t cols = rows->task->frame->width;
	uint8_t *bytes = dst;
	int change;
	(void)band;

	for (int64_t row = 0; row < count; row++, bytes += cols) {
		const enum lu_status status = read_row(rows, row0 + row, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++)
			bytes[col] = (uint8_t)story(rows, col, &change);
	}
	return LU_OK;
}

static enum lu_status give_year(void *user, int64_t row0, int64_t count, int band, void *dst, struct lu_error *err)
{
	const struct time_rows *rows = user;
	const int64_t cols = rows->task->frame->width;
	uint16_t *years = dst;
	int change;
	(void)band;

	for (int64_t row = 0; row < count; row++, years += cols) {
		const enum lu_status status = read_row(rows, row0 + row, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < cols; col++) {
			const enum lu_trajectory told = story(rows, col, &change);
			const bool changed = told != LU_TRAJECTORY_NOT_MAPPED && change >= 0;
			years[col] = changed ? (uint16_t)lu_label_year(rows->task->labels[change]) : 0;
		}
	}
	return LU_OK;
}

static enum lu_status write_smoothed(struct time_rows *rows, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_time_task *task = rows->task;
	struct lu_style_entry *entries;
	enum lu_status status = lu_alloc(&entries, task->legend->count, sizeof(*entries), "colours", err);

	for (size_t k = 0; k < task->legend->count && status == LU_OK; k++) {
		const struct lu_legend_class *class = &task->legend->classes[k];
		entries[k] = (struct lu_style_entry){.value = class->value,
						     .name = class->name,
						     .red = class->red,
						     .green = class->green,
						     .blue = class->blue};
	}
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
	static const struct lu_style_entry entries[] = {{LU_TRAJECTORY_STABLE, "Stable", 225, 225, 225},
							{LU_TRAJECTORY_CHANGED, "One change", 215, 48, 39},
							{LU_TRAJECTORY_FLICKER, "Flicker", 255, 217, 47},
							{LU_TRAJECTORY_SEVERAL, "Several changes", 118, 42, 131}};
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
	const size_t cells = (size_t)task->frame->width * task->dates;
	struct time_rows rows = {.task = task};
	enum lu_status status = lu_alloc(&rows.paths, cells, sizeof(*rows.paths), "a row of sequences", err);

	if (status == LU_OK)
		status = lu_alloc(&rows.mapped, cells, sizeof(*rows.mapped), "a row of maps", err);
	if (status == LU_OK)
		status = write_smoothed(&rows, outputs, err);
	if (status == LU_OK)
		status = write_trajectory(&rows, outputs, err);
	if (status == LU_OK)
		status = write_years(&rows, outputs, err);
	lu_free(rows.paths);
	lu_free(rows.mapped);
	return status;
}
