/* smooth_stage.c: strips, the sieve, and what each altered. */
#include "maps/smooth_stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "grid/cell_area.h"
#include "maps/cell_file.h"
#include "maps/smooth.h"

/* Steps of the mean field (smooth.h: eight settle it), and so the rows of halo that a strip needs. */
enum { FIELD_STEPS = 8, STRIP_ROWS = 64, MOST_STEPS = 2 };

/* One date's map. */
struct smoothed {
	struct lu_store *store; /* NULL: there are only maps */
	const struct lu_regroup *regroup;
	int64_t cols;
	struct lu_cell_file *file;
	struct lu_smoothing_statistics steps[MOST_STEPS];
	size_t step_count;
};

struct lu_smooth_stage {
	struct lu_smooth_task task;
	uint64_t min_cells; /* 0: no minimum mapping unit */
	size_t date_count;
	struct smoothed *dates;
	char text[160];
};

/* Confidence is the probability that the network gave to the class on the map, first choice or not. */
static uint8_t percent_of(const struct lu_regroup *regroup, const float *record, uint16_t value)
{
	uint8_t percent = 0;

	if (value == LU_UNCERTAIN && regroup->min_confidence > 0)
		lu_regroup_best(regroup, record, &percent);
	if (percent > 0)
		return percent;
	for (size_t k = 0; k < regroup->map_count; k++)
		if (regroup->values[k] == value)
			return lu_confidence_percent(record[k]);
	return 0;
}

static enum lu_status read_smoothed(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
				    struct lu_error *err)
{
	const struct smoothed *smoothed = user;
	const size_t classes = smoothed->store != NULL ? smoothed->regroup->map_count : 0;
	enum lu_status status;

	LU_TRY(lu_cell_file_rows(smoothed->file, row0, rows, values, err));
	if (confidence != NULL && smoothed->store == NULL)
		memset(confidence, 0, (size_t)(rows * smoothed->cols));
	for (int64_t row = 0; row < rows && confidence != NULL && smoothed->store != NULL; row++) {
		const float *scores;
		LU_TRY(lu_store_row(smoothed->store, row0 + row, &scores, err));
		for (int64_t col = 0; col < smoothed->cols; col++) {
			const int64_t at = row * smoothed->cols + col;
			confidence[at] = percent_of(smoothed->regroup, scores + (size_t)col * classes, values[at]);
		}
	}
out:
	return status;
}

/* Uncertain cells of 'before' become cells without a class, ... */
static void put_aside(uint16_t uncertain, uint16_t *before, size_t cells)
{
	for (size_t i = 0; uncertain != 0 && i < cells; i++)
		before[i] = before[i] == uncertain ? 0 : before[i];
}

/* ... and come back into rows row0 .. row0 + rows - 1 of the smoothed map; 'scratch' has their room. */
static enum lu_status put_back(uint16_t uncertain, struct lu_class_rows before, int64_t row0, int64_t rows,
			       int64_t cols, uint16_t *scratch, uint16_t *after, struct lu_error *err)
{
	const enum lu_status status = uncertain != 0 ? before.read(before.user, row0, rows, scratch, NULL, err) : LU_OK;

	for (int64_t i = 0; uncertain != 0 && status == LU_OK && i < rows * cols; i++)
		after[i] = scratch[i] == uncertain ? uncertain : after[i];
	return status;
}

/* Rows first .. end - 1 and their halo, as far as there are rows. */
struct strip {
	int64_t first, end, from, to;
};

static struct strip strip_at(int64_t first, int64_t height, int64_t halo)
{
	struct strip strip = {.first = first, .end = first + STRIP_ROWS, .from = first - halo};

	strip.end = strip.end < height ? strip.end : height;
	strip.from = strip.from > 0 ? strip.from : 0;
	strip.to = strip.end + halo < height ? strip.end + halo : height;
	return strip;
}

/* Probabilities of cells that are uncertain have no say in their neighbours'. */
static void hush(float *scores, int64_t cells, size_t classes, float least)
{
	for (int64_t i = 0; least > 0 && i < cells; i++, scores += classes)
		if (lu_regroup_doubts(scores, classes, least))
			memset(scores, 0, classes * sizeof(*scores));
}

static enum lu_status smooth_field(const struct lu_smooth_stage *stage, const struct smoothed *smoothed,
				   struct lu_class_rows from, struct lu_cell_file *to, struct lu_error *err)
{
	const int64_t height = stage->task.cells->height, cols = smoothed->cols;
	const size_t classes = smoothed->regroup->map_count;
	struct lu_regroup settled =
		*smoothed->regroup; /* what the field makes of a cell is no longer the network's doubt */
	float *scores = NULL;
	uint16_t *values = NULL, *scratch = NULL;
	uint64_t altered;
	enum lu_status status;

	settled.min_confidence = 0;
	LU_TRY(lu_alloc(&scratch, STRIP_ROWS * (size_t)cols, sizeof(*scratch), "a strip", err));
	LU_TRY(lu_alloc(&scores, (STRIP_ROWS + 2 * FIELD_STEPS) * (size_t)cols, classes * sizeof(*scores),
			"a strip of scores", err));
	LU_TRY(lu_alloc(&values, STRIP_ROWS * (size_t)cols, sizeof(*values), "a strip", err));
	for (int64_t row = 0; row < height; row += STRIP_ROWS) {
		const struct strip strip = strip_at(row, height, FIELD_STEPS);
		const int64_t rows = strip.to - strip.from;
		const float *records = scores + (size_t)((strip.first - strip.from) * cols) * classes;
		uint8_t percent;
		LU_TRY(lu_store_rows(smoothed->store, strip.from, rows, scores, err));
		hush(scores, rows * cols, classes, smoothed->regroup->min_confidence);
		LU_TRY(lu_smooth_mean_field(scores, cols, rows, classes, stage->task.keys->weight, FIELD_STEPS,
					    &altered, err));
		for (int64_t i = 0; i < (strip.end - strip.first) * cols; i++, records += classes)
			values[i] =
				lu_store_mapped(records, classes) ? lu_regroup_best(&settled, records, &percent) : 0;
		LU_TRY(put_back(stage->task.uncertain, from, strip.first, strip.end - strip.first, cols, scratch,
				values, err));
		LU_TRY(lu_cell_file_add(to, values, strip.end - strip.first, err));
	}
out:
	lu_free(scores);
	lu_free(values);
	lu_free(scratch);
	return status;
}

static enum lu_status smooth_plurality(const struct lu_smooth_stage *stage, int64_t cols, struct lu_class_rows from,
				       struct lu_cell_file *to, struct lu_error *err)
{
	const int64_t height = stage->task.cells->height;
	const size_t cells = (STRIP_ROWS + 2) * (size_t)cols;
	uint16_t *before = NULL, *after = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&before, cells, sizeof(*before), "a strip", err));
	LU_TRY(lu_alloc(&after, cells, sizeof(*after), "a strip", err));
	for (int64_t row = 0; row < height; row += STRIP_ROWS) {
		const struct strip strip = strip_at(row, height, 1);
		const int64_t rows = strip.to - strip.from;
		LU_TRY(from.read(from.user, strip.from, rows, before, NULL, err));
		put_aside(stage->task.uncertain, before, (size_t)(rows * cols));
		lu_smooth_plurality(before, cols, rows, stage->task.keys->weight, after);
		uint16_t *made = after + (strip.first - strip.from) * cols;
		LU_TRY(put_back(stage->task.uncertain, from, strip.first, strip.end - strip.first, cols, before, made,
				err));
		LU_TRY(lu_cell_file_add(to, made, strip.end - strip.first, err));
	}
out:
	lu_free(before);
	lu_free(after);
	return status;
}

static enum lu_status sieve(const struct lu_smooth_stage *stage, int64_t cols, struct lu_class_rows from,
			    struct lu_cell_file *to, struct lu_error *err)
{
	const int64_t height = stage->task.cells->height;
	uint16_t *map = NULL, *scratch = NULL;
	uint64_t altered;
	enum lu_status status;

	LU_TRY(lu_alloc(&map, (size_t)(cols * height), sizeof(*map), "the map, for its minimum mapping unit", err));
	LU_TRY(lu_alloc(&scratch, (size_t)cols, sizeof(*scratch), "a row", err));
	LU_TRY(from.read(from.user, 0, height, map, NULL, err));
	put_aside(stage->task.uncertain, map, (size_t)(cols * height));
	LU_TRY(lu_smooth_sieve(map, cols, height, stage->min_cells, stage->task.keys->corners, &altered, err));
	for (int64_t row = 0; row < height; row++)
		LU_TRY(put_back(stage->task.uncertain, from, row, 1, cols, scratch, map + row * cols, err));
	LU_TRY(lu_cell_file_add(to, map, height, err));
out:
	lu_free(scratch);
	lu_free(map);
	return status;
}

/* The cells and areas that went from one class to another between two maps. */
static enum lu_status tell_step(const struct lu_smooth_stage *stage, struct lu_class_rows before,
				struct lu_class_rows after, struct lu_smoothing_statistics *step, struct lu_error *err)
{
	const struct lu_ground *ground = stage->task.ground;
	const int64_t cols = stage->task.cells->width;
	uint16_t *rows = NULL;
	double *area_m2 = NULL;
	struct lu_transition *table = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&rows, 2 * (size_t)cols, sizeof(*rows), "rows", err));
	LU_TRY(lu_alloc(&area_m2, (size_t)cols, sizeof(*area_m2), "a row", err));
	LU_TRY(lu_transition_new(NULL, 0, &table, err));
	step->table = table;
	for (int64_t row = 0; row < stage->task.cells->height; row++) {
		LU_TRY(lu_cell_area_row(ground->coverage, ground->meter, row, cols, area_m2, err));
		LU_TRY(before.read(before.user, row, 1, rows, NULL, err));
		LU_TRY(after.read(after.user, row, 1, rows + cols, NULL, err));
		LU_TRY(lu_transition_add(table, rows, rows + cols, area_m2, (size_t)cols, err));
	}
out:
	lu_free(rows);
	lu_free(area_m2);
	return status;
}

/* One step from 'before' to the date's next file; 'unit' is the minimum mapping unit, otherwise the method. */
static enum lu_status take_step(struct lu_smooth_stage *stage, struct smoothed *smoothed, struct lu_class_rows before,
				bool unit, struct lu_error *err)
{
	const struct lu_smoothing *keys = stage->task.keys;
	struct lu_smoothing_statistics *step = &smoothed->steps[smoothed->step_count];
	struct lu_cell_file *made = NULL, *read = smoothed->file;
	struct smoothed result = {.cols = smoothed->cols};
	enum lu_status status;

	*step = (struct lu_smoothing_statistics){.step = lu_smooth_methods[keys->method], .weight = keys->weight};
	if (unit)
		*step = (struct lu_smoothing_statistics){.step = "minimum_mapping_unit", .min_cells = stage->min_cells};
	smoothed->step_count++;
	LU_TRY(lu_cell_file_new(stage->task.work, smoothed->cols, &made, err));
	LU_TRY(unit                            ? sieve(stage, smoothed->cols, before, made, err)
	       : keys->method == LU_SMOOTH_MRF ? smooth_field(stage, smoothed, before, made, err)
					       : smooth_plurality(stage, smoothed->cols, before, made, err));
	result.file = made;
	LU_TRY(tell_step(stage, before, (struct lu_class_rows){read_smoothed, &result}, step, err));
out:
	smoothed->file = made;
	lu_cell_file_free(read);
	return status;
}

static enum lu_status smooth_date(struct lu_smooth_stage *stage, struct smoothed *smoothed, struct lu_class_rows raw,
				  struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (stage->task.keys->method != LU_SMOOTH_NONE)
		LU_TRY(take_step(stage, smoothed, raw, false, err));
	if (stage->min_cells > 0)
		LU_TRY(take_step(stage, smoothed,
				 smoothed->file != NULL ? (struct lu_class_rows){read_smoothed, smoothed} : raw, true,
				 err));
out:
	return status;
}

/* Hectares become whole cells by the area of the cell in the middle of the grid. */
static enum lu_status find_min_cells(struct lu_smooth_stage *stage, struct lu_error *err)
{
	const struct lu_smoothing *keys = stage->task.keys;
	const struct lu_frame *cells = stage->task.cells;
	double cell_m2;

	stage->min_cells = (uint64_t)keys->min_cells;
	if (!(keys->min_hectares > 0))
		return LU_OK;
	const enum lu_status status =
		lu_cell_meter_row(stage->task.ground->meter, cells->height / 2, cells->width / 2, 1, &cell_m2, err);
	if (status != LU_OK)
		return status;
	stage->min_cells = (uint64_t)ceil(keys->min_hectares * 1e4 / cell_m2 * (1 - 1e-9));
	if (stage->min_cells < 2) {
		stage->min_cells = 1;
		lu_log(stage->task.hooks, LU_LEVEL_WARNING,
		       "a minimum mapping unit of %g ha alters nothing: a cell has %.4g ha", keys->min_hectares,
		       cell_m2 / 1e4);
	}
	return LU_OK;
}

static void describe(struct lu_smooth_stage *stage)
{
	const struct lu_smoothing *keys = stage->task.keys;
	char *text = stage->text;

	if (keys->method != LU_SMOOTH_NONE)
		snprintf(text, sizeof(stage->text), "%s, weight %g", lu_smooth_methods[keys->method], keys->weight);
	if (stage->min_cells > 0)
		snprintf(text + strlen(text), sizeof(stage->text) - strlen(text),
			 "%sminimum mapping unit of %llu cells%s", text[0] != '\0' ? "; " : "",
			 (unsigned long long)stage->min_cells, keys->corners ? " joined by corners too" : "");
}

enum lu_status lu_smooth_stage_new(const struct lu_smooth_task *task, struct lu_smooth_stage **out,
				   struct lu_error *err)
{
	struct lu_smooth_stage *stage = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&stage, 1, sizeof(*stage), "smoothing", err));
	stage->task = *task;
	LU_TRY(lu_alloc(&stage->dates, task->date_count, sizeof(*stage->dates), "dates", err));
	stage->date_count = task->date_count;
	LU_TRY(find_min_cells(stage, err));
	describe(stage);
	for (size_t i = 0; i < stage->date_count; i++) {
		stage->dates[i] = (struct smoothed){.store = task->stores != NULL ? task->stores[i] : NULL,
						    .regroup = task->regroup,
						    .cols = task->cells->width};
		LU_TRY(lu_cancelled(task->hooks)
			       ? lu_fail(err, LU_ERROR_CANCELLED, "stopped while smoothing%s",
					 task->stores != NULL
						 ? "; what is scored is kept: run the same job again to go on"
						 : "")
			       : smooth_date(stage, &stage->dates[i], task->raw[i], err));
	}
	*out = stage;
	stage = NULL; /* now the caller's */
out:
	lu_smooth_stage_free(stage);
	return status;
}

void lu_smooth_stage_free(struct lu_smooth_stage *stage)
{
	if (stage == NULL)
		return;
	for (size_t i = 0; i < stage->date_count; i++) {
		struct smoothed *smoothed = &stage->dates[i];
		for (size_t k = 0; k < smoothed->step_count; k++)
			lu_transition_free((struct lu_transition *)(uintptr_t)smoothed->steps[k].table);
		lu_cell_file_free(smoothed->file);
	}
	lu_free(stage->dates);
	lu_free(stage);
}

struct lu_class_rows lu_smooth_stage_map(struct lu_smooth_stage *stage, size_t date)
{
	return (struct lu_class_rows){read_smoothed, &stage->dates[date]};
}

const char *lu_smooth_stage_text(const struct lu_smooth_stage *stage)
{
	return stage->text;
}

const struct lu_smoothing_statistics *lu_smooth_stage_steps(const struct lu_smooth_stage *stage, size_t date,
							    size_t *count)
{
	*count = stage->dates[date].step_count;
	return stage->dates[date].steps;
}

size_t lu_smooth_stage_bytes(const struct lu_smoothing *keys, const struct lu_frame *cells,
			     const struct lu_ground *ground)
{
	const size_t sides = keys->corners ? 8 : 4;
	const size_t count = (size_t)(cells->width * cells->height);

	if (keys->min_cells == 0 && !(keys->min_hectares > 0))
		return 0;
	return count * (sizeof(uint16_t) + LU_SIEVE_BYTES) +
	       2 * sides * LU_SIEVE_BORDER_BYTES * (size_t)lu_coverage_cells(ground->coverage);
}
