/* crosstab.c: a crew that shares out the maps' blocks. */
#include "maps/crosstab.h"

#include <pthread.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "grid/cell_area.h"
#include "raster/map.h"
#include "raster/start.h"

/* Cells of a block: more pay for the calls of a block, fewer stay in the cache. Found by trying 2^16 to 2^20. */
enum { BLOCK_CELLS = 1 << 18, MOST_BLOCK_CELLS = 1 << 20 };
enum { MOST_CELL_BYTES = 4, LEAST_CACHE = 16 << 20, MOST_CACHE = 256 << 20 };

struct crew {
	const struct lu_crosstab_task *task;
	int64_t width, height; /* of a block, in cells */
	int64_t across, count; /* blocks in a row of blocks, and in all */
	pthread_mutex_t lock; /* guards everything below */
	int64_t next, done;
	bool failed;
	struct lu_error error; /* the first */
	struct lu_tally *tally;
};

/* One thread's own: maps, areas, a block of each map and a table a pair. */
struct worker {
	struct lu_map **maps;
	struct lu_ground_meter meter;
	uint16_t *values; /* one block a map */
	double *area_m2; /* a row of a block; NULL: no areas */
	struct lu_transition **tables;
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The least number that both divide, or 'most' where that is smaller. */
static int64_t common_multiple(int64_t a, int64_t b, int64_t most)
{
	int64_t multiple = a;

	while (multiple % b != 0 && multiple < most)
		multiple += a;
	return least(multiple, most);
}

/*
 * Blocks hold whole tiles or strips of every map as far as that stays small, so that each is decoded
 * once; small tiles are taken several at a time, along the row first, as they lie in the file.
 */
static void choose_block(struct crew *crew, struct lu_map *const *maps)
{
	const struct lu_frame *frame = crew->task->frame;
	int64_t width = 1, height = 1;

	for (size_t i = 0; i < crew->task->count; i++) {
		int64_t tile_width, tile_height;
		lu_map_tile(maps[i], &tile_width, &tile_height);
		width = common_multiple(width, tile_width, frame->width);
		height = common_multiple(height, tile_height, frame->height);
	}
	if (width * height > MOST_BLOCK_CELLS)
		height = width < MOST_BLOCK_CELLS ? MOST_BLOCK_CELLS / width : 1;
	while (width < frame->width && 2 * width * height <= BLOCK_CELLS)
		width *= 2;
	while (height < frame->height && 2 * width * height <= BLOCK_CELLS)
		height *= 2;
	crew->width = least(width, frame->width);
	crew->height = least(height, frame->height);
	crew->across = (frame->width + crew->width - 1) / crew->width;
	crew->count = crew->across * ((frame->height + crew->height - 1) / crew->height);
}

/*
 * GDAL's cache for the time: blocks of whole tiles need none of it twice, others share tiles with the
 * blocks beside them, so a row of tiles of each thread's map should stay.
 */
static void choose_cache(const struct crew *crew, struct lu_map *const *maps)
{
	const struct lu_crosstab_task *task = crew->task;
	int64_t cells = 0;

	for (size_t i = 0; i < task->count; i++) {
		int64_t width, height;
		lu_map_tile(maps[i], &width, &height);
		if (crew->width % width != 0 || crew->height % height != 0)
			cells += task->frame->width * (height + crew->height);
	}
	const int64_t bytes = cells * MOST_CELL_BYTES * task->threads;
	lu_raster_start(bytes < LEAST_CACHE ? LEAST_CACHE : bytes > MOST_CACHE ? MOST_CACHE : (size_t)bytes);
}

static enum lu_status open_maps(const struct lu_crosstab_task *task, struct lu_map ***maps, struct lu_error *err)
{
	enum lu_status status = lu_alloc(maps, task->count, sizeof(**maps), "maps", err);

	for (size_t i = 0; i < task->count && status == LU_OK; i++)
		status = lu_map_open(task->paths[i], &(*maps)[i], err);
	return status;
}

static void close_maps(struct lu_map **maps, size_t count)
{
	for (size_t i = 0; maps != NULL && i < count; i++)
		lu_map_close(maps[i]);
	lu_free(maps);
}

static enum lu_status worker_init(struct worker *worker, const struct crew *crew, struct lu_error *err)
{
	const struct lu_crosstab_task *task = crew->task;
	const size_t cells = (size_t)(crew->width * crew->height);
	enum lu_status status = open_maps(task, &worker->maps, err);

	if (status == LU_OK && task->ground != NULL)
		status = lu_ground_meter_make(task->ground, task->frame, &worker->meter, err);
	if (status == LU_OK && task->ground != NULL)
		status = lu_alloc(&worker->area_m2, (size_t)crew->width, sizeof(*worker->area_m2), "a row", err);
	if (status == LU_OK)
		status = lu_alloc(&worker->values, cells, task->count * sizeof(*worker->values), "blocks of maps", err);
	if (status == LU_OK)
		status = lu_alloc(&worker->tables, crew->tally->pair_count, sizeof(*worker->tables), "tables", err);
	for (size_t i = 0; i < crew->tally->pair_count && status == LU_OK; i++)
		status = lu_transition_new(NULL, 0, &worker->tables[i], err);
	return status;
}

static void worker_release(struct worker *worker, const struct crew *crew)
{
	for (size_t i = 0; worker->tables != NULL && i < crew->tally->pair_count; i++)
		lu_transition_free(worker->tables[i]);
	lu_free(worker->tables);
	lu_free(worker->values);
	lu_free(worker->area_m2);
	lu_ground_meter_release(&worker->meter);
	close_maps(worker->maps, crew->task->count);
}

/* Cross one block; the pairs and their order do not change while the crew works, so no lock is needed to read them. */
static enum lu_status cross_block(const struct crew *crew, struct worker *worker, int64_t number, struct lu_error *err)
{
	const struct lu_crosstab_task *task = crew->task;
	const int64_t x = number % crew->across * crew->width, y = number / crew->across * crew->height;
	const struct lu_rect rect = {x, y, least(crew->width, task->frame->width - x),
				     least(crew->height, task->frame->height - y)};
	const size_t cells = (size_t)(rect.width * rect.height);
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < task->count && status == LU_OK; i++)
		status = lu_map_read_rect(worker->maps[i], rect, worker->values + i * cells, err);
	for (int64_t row = 0; row < rect.height && status == LU_OK; row++) {
		if (task->ground != NULL)
			status = lu_cell_area_run(task->ground->coverage, worker->meter.cells, y + row, x, rect.width,
						  worker->area_m2, err);
		for (size_t i = 0; i < crew->tally->pair_count && status == LU_OK; i++) {
			const struct lu_pair_statistics *pair = &crew->tally->pairs[i];
			const uint16_t *values = worker->values + row * rect.width;
			status = lu_transition_add(worker->tables[i], values + pair->earlier * cells,
						   values + pair->later * cells, worker->area_m2, (size_t)rect.width,
						   err);
		}
	}
	return status;
}

/* The number of a block that nobody has, or -1 when there are no more. */
static int64_t take_block(struct crew *crew)
{
	int64_t number;

	pthread_mutex_lock(&crew->lock);
	number = !crew->failed && crew->next < crew->count ? crew->next++ : -1;
	pthread_mutex_unlock(&crew->lock);
	return number;
}

static void tell_block(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	const uint64_t done = (uint64_t)++crew->done;
	pthread_mutex_unlock(&crew->lock);
	lu_progress(crew->task->hooks, "counting", done, (uint64_t)crew->count);
}

/* Add the worker's tables to the crew's, or stop the crew. */
static void hand_over(struct crew *crew, const struct worker *worker, enum lu_status status, struct lu_error *err)
{
	struct lu_tally *tally = crew->tally;

	pthread_mutex_lock(&crew->lock);
	/* The statistics hold their tables as const: they are made here, and only read elsewhere. */
	for (size_t i = 0; i < tally->pair_count && status == LU_OK && !crew->failed; i++)
		status = lu_transition_merge((struct lu_transition *)(uintptr_t)tally->pairs[i].transition,
					     worker->tables[i], err);
	if (status != LU_OK && !crew->failed) {
		crew->failed = true;
		crew->error = *err;
	}
	pthread_mutex_unlock(&crew->lock);
}

static void work(void *context)
{
	struct crew *crew = context;
	struct worker worker = {0};
	struct lu_error err = {0};
	enum lu_status status = worker_init(&worker, crew, &err);

	for (int64_t number; status == LU_OK && (number = take_block(crew)) >= 0;) {
		if (lu_cancelled(crew->task->hooks))
			status = lu_fail(&err, LU_ERROR_CANCELLED, "stopped");
		if (status == LU_OK)
			status = cross_block(crew, &worker, number, &err);
		if (status == LU_OK)
			tell_block(crew);
	}
	hand_over(crew, &worker, status, &err);
	worker_release(&worker, crew);
}

enum lu_status lu_crosstab(const struct lu_crosstab_task *task, struct lu_tally *out, struct lu_error *err)
{
	struct crew crew = {.task = task, .lock = PTHREAD_MUTEX_INITIALIZER, .tally = out};
	struct lu_map **maps = NULL;
	const struct lu_legend nothing = {0};
	enum lu_status status = lu_tally_new(task->labels, task->count, task->pairs, &nothing, out, err);

	if (status == LU_OK)
		status = open_maps(task, &maps, err);
	if (status == LU_OK) {
		choose_block(&crew, maps);
		choose_cache(&crew, maps);
	}
	close_maps(maps, task->count);
	if (status == LU_OK)
		status = lu_team_check((int)least(task->threads, crew.count), err);
	if (status == LU_OK) {
		lu_team_run((int)least(task->threads, crew.count), work, &crew);
		if (crew.failed) {
			*err = crew.error;
			status = err->status;
		}
	}
	if (status == LU_OK)
		status = lu_tally_from_pairs(out, task->ground, err);
	if (status != LU_OK)
		lu_tally_release(out);
	return status;
}
