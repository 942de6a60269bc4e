/* windows.c: scoring windows, and their mean. See windows.h. */
#include "maps/windows.h"

#include <string.h>

#include "base/memory.h"

struct pool {
	const struct lu_score_task *task;
	const struct lu_windows *windows;
	struct lu_store *from;
	int64_t cols; /* of windows */
	size_t classes;
	float *scores; /* of the windows of a row of cells */
	float *block; /* of the cells of a block */
	struct lu_score_result *result;
};

/* The mean of the windows of a cell, or zeros where too few of those inside are mapped. */
static void pool_cell(struct pool *pool, int64_t row, int64_t col, float *record)
{
	const int64_t times = pool->windows->times;
	int inside = 0, mapped = 0;

	memset(record, 0, pool->classes * sizeof(*record));
	for (int64_t i = 0; i < times; i++) {
		for (int64_t k = col * times; k < (col + 1) * times; k++) {
			const float *window = pool->scores + (size_t)(i * pool->cols + k) * pool->classes;
			inside += lu_coverage_share(pool->windows->coverage, row * times + i, k) > 0;
			if (!lu_store_mapped(window, pool->classes))
				continue;
			mapped++;
			for (size_t c = 0; c < pool->classes; c++)
				record[c] += window[c];
		}
	}
	if (lu_coverage_share(pool->task->coverage, row, col) > 0) {
		pool->result->no_data += mapped == 0;
		pool->result->too_little += mapped > 0 && mapped < pool->task->min_valid * inside;
	}
	for (size_t c = 0; c < pool->classes; c++)
		record[c] = mapped > 0 && mapped >= pool->task->min_valid * inside ? record[c] / (float)mapped : 0;
}

static enum lu_status pool_row(struct pool *pool, int64_t row, struct lu_error *err)
{
	const struct lu_score_task *task = pool->task;
	const int64_t across = lu_store_blocks_across(task->store), cells = pool->cols / pool->windows->times;
	enum lu_status status =
		lu_store_rows(pool->from, row * pool->windows->times, pool->windows->times, pool->scores, err);

	for (int64_t i = 0; i < across && status == LU_OK; i++) {
		memset(pool->block, 0, LU_BLOCK_CELLS * pool->classes * sizeof(*pool->block));
		for (int64_t k = 0; k < LU_BLOCK_CELLS && i * LU_BLOCK_CELLS + k < cells; k++)
			pool_cell(pool, row, i * LU_BLOCK_CELLS + k, pool->block + (size_t)k * pool->classes);
		status = lu_store_put(task->store, row * across + i, pool->block, err);
	}
	return status;
}

static enum lu_status pool_all(struct pool *pool, int64_t rows, struct lu_error *err)
{
	const size_t windows = (size_t)pool->cols * (size_t)pool->windows->times;
	enum lu_status status =
		lu_alloc(&pool->scores, windows, pool->classes * sizeof(*pool->scores), "scores of windows", err);

	if (status == LU_OK)
		status = lu_alloc(&pool->block, LU_BLOCK_CELLS, pool->classes * sizeof(*pool->block), "scores of cells",
				  err);
	pool->result->no_data = pool->result->too_little = 0;
	for (int64_t row = 0; row < rows && status == LU_OK; row++)
		status = pool_row(pool, row, err);
	lu_free(pool->scores);
	lu_free(pool->block);
	return status == LU_OK ? lu_store_sync(pool->task->store, err) : status;
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
	const int64_t rows = frame->height / windows->times;
	struct lu_score_task of_windows = *task;
	struct lu_error exchanged = {0};
	struct pool pool = {.task = task,
			    .windows = windows,
			    .cols = frame->width,
			    .classes = lu_store_classes(task->store),
			    .result = result};

	if (windows->times == 1)
		return lu_score(task, result, err);
	*result = (struct lu_score_result){.cells = (uint64_t)lu_coverage_cells(task->coverage)};
	if (all_finished(task->store, rows))
		return LU_OK;
	enum lu_status status = lu_store_open(windows->folder, windows->name, windows->fingerprint, frame->height,
					      frame->width, pool.classes, &pool.from, NULL, err);
	if (status != LU_OK)
		return status;
	of_windows.store = pool.from;
	of_windows.coverage = windows->coverage;
	status = lu_score(&of_windows, result, err);
	result->cells = (uint64_t)lu_coverage_cells(task->coverage);
	/* Scores of two deliveries: no later run may go on with them, however this one ended. */
	if (lu_imagery_unchanged(task->imagery, &exchanged) != LU_OK) {
		lu_store_remove(pool.from);
		return lu_fail(err, exchanged.status, "%s", exchanged.text);
	}
	if (status == LU_OK)
		status = pool_all(&pool, rows, err);
	if (status == LU_OK)
		lu_store_remove(pool.from);
	else
		lu_store_close(pool.from);
	return status;
}

size_t lu_windows_bytes(int64_t cols, int times, size_t classes)
{
	return times > 1 ? (size_t)cols * (size_t)times * classes * sizeof(float) : 0;
}
