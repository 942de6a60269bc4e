/* windows.c: scoring windows, and their mean. See windows.h. */
#include "maps/windows.h"

#include <string.h>

#include "base/memory.h"

/* Windows that have been scored, and the cells that they become. */
struct averaging {
	const struct lu_score_task *task;
	const struct lu_windows *windows;
	struct lu_store *from;
	int64_t cols; /* of windows */
	size_t classes;
	float *scores; /* of the windows of a row of cells */
	float *block; /* of the cells of a block */
	struct lu_score_result *result;
};

/* The mean of the windows of a cell of the store's row 'at', or zeros where too few of those inside are mapped. */
static void average_cell(struct averaging *a, int64_t at, int64_t col, float *record)
{
	const int64_t times = a->windows->times, row = a->task->first_row + at;
	int inside = 0, mapped = 0, unreadable = 0;

	memset(record, 0, a->classes * sizeof(*record));
	for (int64_t i = 0; i < times; i++) {
		for (int64_t k = col * times; k < (col + 1) * times; k++) {
			const float *window = a->scores + (size_t)(i * a->cols + k) * a->classes;
			inside += lu_coverage_share(a->windows->coverage, row * times + i, k) > 0;
			unreadable += lu_store_unreadable(window);
			if (!lu_store_mapped(window, a->classes))
				continue;
			mapped++;
			for (size_t c = 0; c < a->classes; c++)
				record[c] += window[c];
		}
	}
	const bool kept = mapped > 0 && mapped >= a->task->min_valid * inside;
	if (lu_coverage_share(a->task->coverage, row, col) > 0) {
		a->result->no_data += mapped == 0 && unreadable == 0;
		a->result->too_little += mapped > 0 && !kept && unreadable == 0;
		a->result->unreadable += !kept && unreadable > 0;
	}
	for (size_t c = 0; c < a->classes; c++)
		record[c] = kept ? record[c] / (float)mapped : 0;
	if (!kept && unreadable > 0)
		lu_store_mark_unreadable(record);
}

static enum lu_status average_row(struct averaging *a, int64_t row, struct lu_error *err)
{
	struct lu_store *to = a->task->store;
	const int64_t times = a->windows->times, across = lu_store_blocks_across(to), cells = a->cols / times;
	enum lu_status status;

	LU_TRY(lu_store_rows(a->from, row * times, times, a->scores, err));
	for (int64_t i = 0; i < across; i++) {
		memset(a->block, 0, LU_BLOCK_CELLS * a->classes * sizeof(*a->block));
		for (int64_t k = 0; k < LU_BLOCK_CELLS && i * LU_BLOCK_CELLS + k < cells; k++)
			average_cell(a, row, i * LU_BLOCK_CELLS + k, a->block + (size_t)k * a->classes);
		LU_TRY(lu_store_put(to, row * across + i, a->block, err));
	}
out:
	return status;
}

static enum lu_status average_all(struct averaging *a, int64_t rows, struct lu_error *err)
{
	const size_t windows = (size_t)a->cols * (size_t)a->windows->times, record = a->classes * sizeof(float);
	enum lu_status status;

	LU_TRY(lu_alloc(&a->scores, windows, record, "scores of windows", err));
	LU_TRY(lu_alloc(&a->block, LU_BLOCK_CELLS, record, "scores of cells", err));
	a->result->no_data = a->result->too_little = a->result->unreadable = 0;
	for (int64_t row = 0; row < rows; row++)
		LU_TRY(average_row(a, row, err));
	LU_TRY(lu_store_sync(a->task->store, err));
out:
	lu_free(a->scores);
	lu_free(a->block);
	return status;
}

static bool all_finished(const struct lu_store *store, int64_t rows)
{
	const int64_t blocks = rows * lu_store_blocks_across(store);
	int64_t block = 0;

	while (block < blocks && lu_store_finished(store, block))
		block++;
	return block == blocks;
}

enum lu_status lu_windows_score(const struct lu_score_task *task, const struct lu_windows *windows,
				struct lu_score_result *result, struct lu_error *err)
{
	const struct lu_frame *frame = &task->grid->cells;
	const int64_t rows = lu_store_blocks(task->store) / lu_store_blocks_across(task->store);
	struct lu_score_task of_windows = *task;
	struct lu_error exchanged = {0};
	struct averaging averaging = {.task = task,
				      .windows = windows,
				      .cols = frame->width,
				      .classes = lu_store_classes(task->store),
				      .result = result};

	if (windows->times == 1)
		return lu_score(task, result, err);
	*result = (struct lu_score_result){.cells = (uint64_t)lu_coverage_cells(task->coverage)};
	if (all_finished(task->store, rows))
		return LU_OK;
	enum lu_status status =
		lu_store_open(windows->folder, windows->name, windows->fingerprint, rows * windows->times, frame->width,
			      averaging.classes, &averaging.from, NULL, err);
	if (status != LU_OK)
		return status;
	of_windows.store = averaging.from;
	of_windows.coverage = windows->coverage;
	of_windows.first_row = task->first_row * windows->times;
	status = lu_score(&of_windows, result, err);
	result->cells = (uint64_t)lu_coverage_cells(task->coverage);
	/* Scores of two deliveries: no later run may go on with them, however this one ended. */
	if (lu_imagery_unchanged(task->imagery, &exchanged) != LU_OK) {
		lu_store_remove(averaging.from);
		return lu_fail(err, exchanged.status, "%s", exchanged.text);
	}
	if (status == LU_OK)
		status = average_all(&averaging, rows, err);
	if (status == LU_OK)
		lu_store_remove(averaging.from);
	else
		lu_store_close(averaging.from);
	return status;
}

size_t lu_windows_bytes(int64_t cols, int times, size_t classes)
{
	return times > 1 ? (size_t)cols * (size_t)times * classes * sizeof(float) : 0;
}
