/* score.c: readers, workers and the two queues between them. */
#include "maps/score.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/queue.h"
#include "base/team.h"
#include "chips/cut.h"
#include "chips/fill.h"
#include "chips/resize.h"
#include "chips/valid.h"
#include "models/answers.h"
#include "raster/view.h"

/* A band is this many rows of blocks: at its edge a compressed tile may be decoded once more. */
enum { BAND_ROWS = 64 };

/* One block of cells on its way from a reader to a worker. */
struct block {
	int64_t number; /* in the store */
	int64_t row, col; /* of the grid's cells */
	int cells; /* in this block */
	struct lu_rect window; /* in pixels of the pipeline's reach */
	bool wanted[LU_BLOCK_CELLS], unreadable[LU_BLOCK_CELLS];
	double valid_share[LU_BLOCK_CELLS];
	uint8_t *pixels; /* bands x window.height x window.width */
	uint8_t *valid; /* window.height x window.width */
};

/* What all threads share. */
struct pipeline {
	const struct lu_score_task *task;
	struct lu_frame reach; /* where chips have pixels: the grid and what they overhang */
	struct lu_queue *empty, *filled;
	int64_t across, rows, units_across, units; /* blocks of the store's rows */
	pthread_mutex_t lock; /* guards everything below */
	int64_t next_unit;
	int readers_left;
	bool failed;
	struct lu_error error; /* the first one */
	uint64_t cells_done, cells_total, chips, no_data, too_little, unreadable;
	struct lu_answers answers;
	double read_seconds;
	struct lu_score_seconds processor;
};

static void stop_pipeline(struct pipeline *pipeline, const struct lu_error *error)
{
	pthread_mutex_lock(&pipeline->lock);
	if (!pipeline->failed)
		pipeline->error = *error;
	pipeline->failed = true;
	pthread_mutex_unlock(&pipeline->lock);
	lu_queue_abort(pipeline->empty);
	lu_queue_abort(pipeline->filled);
}

static struct lu_rect block_window(const struct lu_grid *grid, int64_t row, int64_t col, int cells)
{
	const struct lu_rect first = lu_grid_chip(grid, row, col), last = lu_grid_chip(grid, row, col + cells - 1);

	const int overhang = lu_grid_overhang(grid);

	return (struct lu_rect){first.x + overhang, first.y + overhang, last.x + last.width - first.x, first.height};
}

/* Where the chip of cell 'i' of a block begins in its window. */
static size_t chip_offset(const struct lu_grid *grid, const struct block *block, int i)
{
	return (size_t)(lu_grid_chip(grid, block->row, block->col + i).x -
			lu_grid_chip(grid, block->row, block->col).x);
}

static int64_t window_pixels(const struct lu_grid *grid)
{
	/* Where a step is no whole number, chips begin at the nearest pixel. */
	return (int64_t)grid->chip_px * (grid->chip_px + (int64_t)ceil((LU_BLOCK_CELLS - 1) * grid->step_px[0]));
}

static int pool_size(int threads, int readers)
{
	/* One block in hand for each thread, and one waiting for each worker. */
	return 2 * threads + readers;
}

size_t lu_score_buffer_bytes(const struct lu_grid *grid, size_t bands, int threads, int readers)
{
	return (size_t)pool_size(threads, readers) * (bands + 1) * (size_t)window_pixels(grid);
}

/* What a block's cells came to. */
struct count {
	uint64_t cells, chips, no_data, too_little, unreadable;
	struct lu_answers answers;
};

static void count_done(struct pipeline *pipeline, const struct count *count)
{
	const struct lu_score_task *task = pipeline->task;

	pthread_mutex_lock(&pipeline->lock);
	pipeline->cells_done += count->cells;
	pipeline->chips += count->chips;
	pipeline->no_data += count->no_data;
	pipeline->too_little += count->too_little;
	pipeline->unreadable += count->unreadable;
	pipeline->answers.numbers += count->answers.numbers;
	pipeline->answers.probable += count->answers.probable;
	const uint64_t done = pipeline->cells_done;
	pthread_mutex_unlock(&pipeline->lock);
	lu_progress(task->hooks, task->stage, done, pipeline->cells_total);
}

/* Cells of the block that touch the county; fills row, col, cells, window. */
static int place_block(const struct pipeline *pipeline, int64_t number, struct block *block)
{
	const struct lu_grid *grid = pipeline->task->grid;
	int touching = 0;

	block->number = number;
	block->row = pipeline->task->first_row + number / pipeline->across;
	block->col = number % pipeline->across * LU_BLOCK_CELLS;
	const int64_t left = grid->cells.width - block->col;
	block->cells = left < LU_BLOCK_CELLS ? (int)left : LU_BLOCK_CELLS;
	block->window = block_window(grid, block->row, block->col, block->cells);
	for (int i = 0; i < block->cells; i++)
		touching += lu_coverage_share(pipeline->task->coverage, block->row, block->col + i) > 0;
	return touching;
}

/* Which cells of a block that was read are to be scored. */
static void choose_cells(const struct pipeline *pipeline, struct block *block)
{
	const struct lu_score_task *task = pipeline->task;

	for (int i = 0; i < block->cells; i++) {
		const double inside = lu_coverage_share(task->coverage, block->row, block->col + i);
		const uint8_t *valid = block->valid + chip_offset(task->grid, block, i);
		block->valid_share[i] = inside > 0 && !block->unreadable[i]
						? lu_valid_share(valid, block->window.width, task->grid->chip_px)
						: 0;
		block->wanted[i] = lu_cell_mapped(block->valid_share[i], inside, task->min_valid);
	}
}

/* Pixels without data are changed like the others: nobody looks at them. */
static void normalise_pixels(const struct lu_score_task *task, struct block *block)
{
	const size_t plane = (size_t)(block->window.width * block->window.height);

	for (size_t b = 0; task->radiometry != NULL && b < task->model->bands; b++)
		lu_radiometry_apply(task->radiometry, b, block->pixels + b * plane, plane);
}

/* The chip of a cell alone, into its place in the block; 'chip' is room for it. */
static enum lu_status read_chip(const struct lu_score_task *task, struct lu_view *view, struct block *block, int i,
				uint8_t *chip, struct lu_error *err)
{
	const int side = task->grid->chip_px;
	const size_t plane = (size_t)side * (size_t)side, at = chip_offset(task->grid, block, i);
	const size_t width = (size_t)block->window.width, area = width * (size_t)block->window.height;
	struct lu_rect window = block->window;
	enum lu_status status;

	window.x += (int64_t)at;
	window.width = side;
	LU_TRY(lu_view_read(view, window, chip, chip + task->model->bands * plane, err));
	for (size_t b = 0; b <= task->model->bands; b++)
		for (size_t row = 0; row < (size_t)side; row++)
			memcpy((b < task->model->bands ? block->pixels + b * area : block->valid) + row * width + at,
			       chip + b * plane + row * (size_t)side, (size_t)side);
out:
	return status;
}

/*
 * A block that cannot be read as a whole, chip by chip: those that cannot either are left out. Chips may overlap: pixels come
 * the same however they are read.
 */
static enum lu_status read_chips(struct pipeline *pipeline, struct lu_view *view, struct block *block, const char *why,
				 struct lu_error *err)
{
	const struct lu_score_task *task = pipeline->task;
	const size_t plane = (size_t)task->grid->chip_px * (size_t)task->grid->chip_px;
	struct lu_error own = {0};
	uint8_t *chip = NULL;
	int unreadable = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&chip, plane, task->model->bands + 1, "a chip", err));
	for (int i = 0; i < block->cells; i++) {
		if (lu_coverage_share(task->coverage, block->row, block->col + i) <= 0)
			continue;
		status = read_chip(task, view, block, i, chip, &own);
		block->unreadable[i] = status == LU_ERROR_IO;
		unreadable += block->unreadable[i];
		if (status != LU_ERROR_IO && status != LU_OK) {
			*err = own;
			goto out;
		}
	}
	status = LU_OK;
	if (unreadable > 0)
		lu_log(task->hooks, LU_LEVEL_WARNING, "%s: %d cells are skipped: %s", task->stage, unreadable, why);
out:
	lu_free(chip);
	return status;
}

/* The pixels of a block. */
static enum lu_status read_pixels(struct pipeline *pipeline, struct lu_view *view, struct block *block,
				  struct lu_error *err)
{
	const enum lu_status status = lu_view_read(view, block->window, block->pixels, block->valid, err);
	struct lu_error why;

	if (status != LU_ERROR_IO || !pipeline->task->skip_unreadable)
		return status;
	why = *err;
	return read_chips(pipeline, view, block, why.text, err);
}

/* Read one block into a buffer from the pool and hand it on. False: the pipeline has stopped. */
static bool read_block(struct pipeline *pipeline, struct lu_view *view, int64_t number, double *seconds)
{
	const struct lu_score_task *task = pipeline->task;
	struct lu_error err = {0};
	struct block place, *block;
	void *item;

	if (lu_store_finished(task->store, number))
		return true;
	const int touching = place_block(pipeline, number, &place);
	const bool reached = touching > 0 && lu_view_touches(view, place.window);
	if (!lu_queue_pop(pipeline->empty, &item))
		return false;
	block = item;
	place.pixels = block->pixels;
	place.valid = block->valid;
	*block = place;
	memset(block->wanted, 0, sizeof(block->wanted));
	memset(block->unreadable, 0, sizeof(block->unreadable));
	memset(block->valid_share, 0, sizeof(block->valid_share));
	if (reached) {
		const double start = lu_seconds_now();
		if (read_pixels(pipeline, view, block, &err) != LU_OK) {
			stop_pipeline(pipeline, &err);
			return false;
		}
		normalise_pixels(task, block);
		*seconds += lu_seconds_now() - start;
		choose_cells(pipeline, block);
	}
	return lu_queue_push(pipeline->filled, block);
}

/* All blocks of one (swath, band), row by row. */
static bool read_unit(struct pipeline *pipeline, struct lu_view *view, int64_t unit, double *seconds)
{
	const int64_t swath = pipeline->task->swath_blocks, rows = pipeline->rows;
	const int64_t first = unit % pipeline->units_across * swath, row0 = unit / pipeline->units_across * BAND_ROWS;

	for (int64_t row = row0; row < rows && row < row0 + BAND_ROWS; row++) {
		for (int64_t i = first; i < pipeline->across && i < first + swath; i++) {
			if (lu_cancelled(pipeline->task->hooks)) {
				struct lu_error err = {0};
				lu_fail(&err, LU_ERROR_CANCELLED, "stopped");
				stop_pipeline(pipeline, &err);
				return false;
			}
			if (!read_block(pipeline, view, row * pipeline->across + i, seconds))
				return false;
		}
	}
	return true;
}

static void reader_main(void *context)
{
	struct pipeline *pipeline = context;
	struct lu_error err = {0};
	struct lu_view *view = NULL;
	double seconds = 0;
	const double start = lu_thread_seconds();
	bool going = lu_view_new(pipeline->task->imagery, &pipeline->reach, &view, &err) == LU_OK;

	if (!going)
		stop_pipeline(pipeline, &err);
	while (going) {
		pthread_mutex_lock(&pipeline->lock);
		const int64_t unit = pipeline->next_unit++;
		pthread_mutex_unlock(&pipeline->lock);
		if (unit >= pipeline->units)
			break;
		going = read_unit(pipeline, view, unit, &seconds);
	}
	lu_view_free(view);
	pthread_mutex_lock(&pipeline->lock);
	pipeline->read_seconds += seconds;
	pipeline->processor.reading += lu_thread_seconds() - start;
	const bool last = --pipeline->readers_left == 0;
	pthread_mutex_unlock(&pipeline->lock);
	if (last)
		lu_queue_close(pipeline->filled);
}

/* One worker's own buffers: allocated before the loop, none inside it. */
struct worker {
	struct lu_session *session;
	struct lu_resize *resize; /* NULL where the grid's chip is the model's */
	uint8_t *input, *chip;
	float *scratch, *output, *scores;
	int batch;
	double storing; /* processor seconds */
};

static void worker_release(struct worker *worker)
{
	lu_session_free(worker->session);
	lu_resize_free(worker->resize);
	lu_free(worker->input);
	lu_free(worker->chip);
	lu_free(worker->scratch);
	lu_free(worker->output);
	lu_free(worker->scores);
}

static enum lu_status worker_init(struct worker *worker, const struct lu_score_task *task, struct lu_error *err)
{
	struct lu_plan_facts facts;
	const size_t chip = (size_t)task->grid->chip_px * (size_t)task->grid->chip_px * task->model->bands;
	enum lu_status status;

	lu_plan_facts(task->plan, &facts);
	const size_t input = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
	worker->batch = facts.batch;
	LU_TRY(lu_session_new(task->plan, &worker->session, err));
	LU_TRY(lu_alloc_aligned(&worker->input, (size_t)facts.batch, input, "a batch", err));
	LU_TRY(lu_alloc(&worker->output, (size_t)facts.batch * facts.outputs, sizeof(float), "a batch", err));
	LU_TRY(lu_alloc(&worker->scores, LU_BLOCK_CELLS * lu_store_classes(task->store), sizeof(float),
			"a block's scores", err));
	if (task->grid->chip_px != task->model->chip_px) {
		LU_TRY(lu_resize_new(task->grid->chip_px, task->model->chip_px, &worker->resize, err));
		LU_TRY(lu_alloc_aligned(&worker->chip, chip, 1, "a chip", err));
		LU_TRY(lu_alloc_aligned(&worker->scratch, lu_resize_scratch(worker->resize), sizeof(float), "a chip",
					err));
	}
out:
	return status;
}

/* Cell 'i' of the block as the network's input. */
static void prepare_chip(const struct lu_score_task *task, const struct worker *worker, const struct block *block,
			 int i, uint8_t *input)
{
	const int chip = task->grid->chip_px, bands = (int)task->model->bands;
	const size_t row_stride = (size_t)block->window.width;
	const size_t plane_stride = row_stride * (size_t)block->window.height;
	const size_t at = chip_offset(task->grid, block, i), plane = (size_t)chip * (size_t)chip;
	uint8_t *dst = worker->resize != NULL ? worker->chip : input;

	lu_cut_chip(block->pixels + at, plane_stride, row_stride, bands, chip, dst);
	if (block->valid_share[i] < 1)
		lu_fill_invalid(dst, bands, chip, block->valid + at, block->window.width);
	if (worker->resize != NULL)
		lu_resize_chip(worker->resize, dst, plane, (size_t)chip, bands, input, worker->scratch);
}

/* Regrouped probabilities of one chip into its record; a vector that is not numbers leaves zeros. */
static enum lu_status keep_scores(const struct lu_score_task *task, float *output, float *record,
				  struct lu_answers *tally, struct lu_error *err)
{
	bool finite;
	enum lu_status status;

	LU_TRY(lu_answers_take(task->model, output, tally, &finite, err));
	if (finite)
		lu_regroup_sum(task->regroup, output, record);
out:
	return status;
}

/* Score the wanted cells of a block, a session's batch at a time, and put them into the store. */
static enum lu_status score_block(struct pipeline *pipeline, struct worker *worker, const struct block *block,
				  struct lu_error *err)
{
	const struct lu_score_task *task = pipeline->task;
	const size_t classes = lu_store_classes(task->store), outputs = task->model->class_count;
	const size_t input_size = (size_t)task->model->chip_px * (size_t)task->model->chip_px * task->model->bands;
	int pending[LU_BLOCK_CELLS], count = 0, done = 0;
	struct count counted = {0};
	enum lu_status status;

	memset(worker->scores, 0, LU_BLOCK_CELLS * classes * sizeof(float));
	for (int i = 0; i < block->cells; i++) {
		const bool inside = lu_coverage_share(task->coverage, block->row, block->col + i) > 0;
		counted.cells += inside;
		counted.unreadable += block->unreadable[i];
		counted.no_data += inside && !block->unreadable[i] && block->valid_share[i] == 0;
		if (block->unreadable[i])
			lu_store_mark_unreadable(worker->scores + (size_t)i * classes);
		counted.too_little += inside && block->valid_share[i] > 0 && !block->wanted[i];
		if (block->wanted[i])
			pending[count++] = i;
	}
	while (done < count) {
		const int n = count - done < worker->batch ? count - done : worker->batch;
		for (int k = 0; k < n; k++)
			prepare_chip(task, worker, block, pending[done + k], worker->input + (size_t)k * input_size);
		LU_TRY(lu_session_run(worker->session, n, worker->input, worker->output, err));
		for (int k = 0; k < n; k++)
			LU_TRY(keep_scores(task, worker->output + (size_t)k * outputs,
					   worker->scores + (size_t)pending[done + k] * classes, &counted.answers,
					   err));
		done += n;
	}
	const double start = lu_thread_seconds();
	LU_TRY(lu_store_put(task->store, block->number, worker->scores, err));
	worker->storing += lu_thread_seconds() - start;
	counted.chips = (uint64_t)count;
	count_done(pipeline, &counted);
out:
	return status;
}

static void worker_main(void *context)
{
	struct pipeline *pipeline = context;
	struct worker worker = {0};
	struct lu_error err = {0};
	const double start = lu_thread_seconds();
	void *item;
	enum lu_status status;

	LU_TRY(worker_init(&worker, pipeline->task, &err));
	while (lu_queue_pop(pipeline->filled, &item)) {
		LU_TRY(score_block(pipeline, &worker, item, &err));
		if (!lu_queue_push(pipeline->empty, item))
			break;
	}
out:
	if (status != LU_OK)
		stop_pipeline(pipeline, &err);
	pthread_mutex_lock(&pipeline->lock);
	pipeline->processor.storing += worker.storing;
	pipeline->processor.network += lu_thread_seconds() - start - worker.storing;
	pthread_mutex_unlock(&pipeline->lock);
	worker_release(&worker);
}

/* Count the county's cells, and those in blocks that an earlier run finished. */
static void count_cells(struct pipeline *pipeline)
{
	const struct lu_score_task *task = pipeline->task;
	struct block block;

	for (int64_t number = 0; number < lu_store_blocks(task->store); number++) {
		const uint64_t touching = (uint64_t)place_block(pipeline, number, &block);
		pipeline->cells_total += touching;
		if (lu_store_finished(task->store, number))
			pipeline->cells_done += touching;
	}
}

static enum lu_status make_pool(struct pipeline *pipeline, struct block *pool, int count, struct lu_error *err)
{
	const size_t pixels = (size_t)window_pixels(pipeline->task->grid);
	enum lu_status status = LU_OK;

	for (int i = 0; i < count; i++) {
		LU_TRY(lu_alloc_aligned(&pool[i].pixels, pixels, pipeline->task->model->bands, "block buffers", err));
		LU_TRY(lu_alloc_aligned(&pool[i].valid, pixels, 1, "block buffers", err));
		lu_queue_push(pipeline->empty, &pool[i]);
	}
out:
	return status;
}

static enum lu_status run_pipeline(struct pipeline *pipeline, struct lu_score_result *result, struct lu_error *err)
{
	const struct lu_score_task *task = pipeline->task;
	/* Workers drain the queue until the last reader closes it. */
	const enum lu_status status =
		lu_team_run_beside(task->threads, worker_main, task->readers, reader_main, pipeline, err);

	if (status != LU_OK)
		return status;
	result->chips = pipeline->chips;
	result->cells = pipeline->cells_total;
	result->no_data = pipeline->no_data;
	result->too_little = pipeline->too_little;
	result->unreadable = pipeline->unreadable;
	result->not_finite = pipeline->chips - pipeline->answers.numbers;
	lu_answers_tell(task->model, &pipeline->answers, task->hooks);
	result->read_seconds = pipeline->read_seconds;
	result->processor = pipeline->processor;
	if (pipeline->failed) {
		*err = pipeline->error;
		return pipeline->error.status;
	}
	return lu_store_sync(task->store, err);
}

enum lu_status lu_score(const struct lu_score_task *task, struct lu_score_result *result, struct lu_error *err)
{
	const int count = pool_size(task->threads, task->readers);
	const double start = lu_seconds_now();
	struct pipeline pipeline = {.task = task,
				    .reach = lu_grid_reach(task->grid),
				    .readers_left = task->readers,
				    .lock = PTHREAD_MUTEX_INITIALIZER};
	struct block *pool = NULL;
	enum lu_status status;

	memset(result, 0, sizeof(*result));
	status = lu_team_check(task->threads + task->readers, err);
	if (status != LU_OK)
		return status;
	pipeline.across = lu_store_blocks_across(task->store);
	pipeline.rows = lu_store_blocks(task->store) / pipeline.across;
	pipeline.units_across = (pipeline.across + task->swath_blocks - 1) / task->swath_blocks;
	pipeline.units = pipeline.units_across * ((pipeline.rows + BAND_ROWS - 1) / BAND_ROWS);
	LU_TRY(lu_alloc(&pool, (size_t)count, sizeof(*pool), "block buffers", err));
	LU_TRY(lu_queue_new((size_t)count, &pipeline.empty, err));
	LU_TRY(lu_queue_new((size_t)count, &pipeline.filled, err));
	LU_TRY(make_pool(&pipeline, pool, count, err));
	count_cells(&pipeline);
	lu_progress(task->hooks, task->stage, pipeline.cells_done, pipeline.cells_total);
	status = run_pipeline(&pipeline, result, err);
	result->seconds = lu_seconds_now() - start;
out:
	for (int i = 0; pool != NULL && i < count; i++) {
		lu_free(pool[i].pixels);
		lu_free(pool[i].valid);
	}
	lu_free(pool);
	lu_queue_free(pipeline.empty);
	lu_queue_free(pipeline.filled);
	return status;
}
