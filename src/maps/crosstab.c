/* crosstab.c: a worker pool that shares out the maps' blocks. */
#include "maps/crosstab.h"

#include "base/memory.h"
#include "base/pool.h"
#include "grid/cell_area.h"
#include "raster/map.h"
#include "raster/start.h"

/* Cells of a block: more pay for the calls of a block, fewer stay in the cache. Found by trying 2^16 to 2^20. */
enum { BLOCK_CELLS = 1 << 18, MOST_BLOCK_CELLS = 1 << 20 };
enum { MOST_CELL_BYTES = 4, LEAST_CACHE = 16 << 20, MOST_CACHE = 256 << 20 };

struct shared {
	const struct lu_crosstab_task *task;
	int64_t width, height; /* of a block, in cells */
	int64_t across, count; /* blocks in a row of blocks, and in all */
	struct lu_tally *tally; /* added to by one thread at a time */
};

/* One thread's own: maps, areas, a block of each map and a table a pair. */
struct worker {
	struct lu_map **maps;
	struct lu_ground_meter meter;
	uint16_t *values; /* one block a map */
	double *area_m2; /* a row of a block; NULL: no areas */
	struct lu_transition **tables;
	size_t map_count, pair_count;
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
static void choose_block(struct shared *shared, struct lu_map *const *maps)
{
	const struct lu_frame *frame = shared->task->frame;
	int64_t width = 1, height = 1;

	for (size_t i = 0; i < shared->task->count; i++) {
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
	shared->width = least(width, frame->width);
	shared->height = least(height, frame->height);
	shared->across = (frame->width + shared->width - 1) / shared->width;
	shared->count = shared->across * ((frame->height + shared->height - 1) / shared->height);
}

/*
 * GDAL's cache for the time: blocks of whole tiles need none of it twice, others share tiles with the
 * blocks beside them, so a row of tiles of each thread's map should stay.
 */
static void choose_cache(const struct shared *shared, struct lu_map *const *maps)
{
	const struct lu_crosstab_task *task = shared->task;
	int64_t cells = 0;

	for (size_t i = 0; i < task->count; i++) {
		int64_t width, height;
		lu_map_tile(maps[i], &width, &height);
		if (shared->width % width != 0 || shared->height % height != 0)
			cells += task->frame->width * (height + shared->height);
	}
	const int64_t bytes = cells * MOST_CELL_BYTES * task->threads;
	lu_raster_start(bytes < LEAST_CACHE ? LEAST_CACHE : bytes > MOST_CACHE ? MOST_CACHE : (size_t)bytes);
}

static enum lu_status open_maps(const struct lu_crosstab_task *task, struct lu_map ***maps, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(maps, task->count, sizeof(**maps), "maps", err));
	for (size_t i = 0; i < task->count; i++)
		LU_TRY(lu_map_open(task->paths[i], &(*maps)[i], err));
out:
	return status;
}

static void close_maps(struct lu_map **maps, size_t count)
{
	for (size_t i = 0; maps != NULL && i < count; i++)
		lu_map_close(maps[i]);
	lu_free(maps);
}

static enum lu_status worker_init(void *context, void *own, struct lu_error *err)
{
	const struct shared *shared = context;
	struct worker *worker = own;
	const struct lu_crosstab_task *task = shared->task;
	const size_t cells = (size_t)(shared->width * shared->height);
	enum lu_status status;

	worker->map_count = task->count;
	LU_TRY(open_maps(task, &worker->maps, err));
	if (task->ground != NULL) {
		LU_TRY(lu_ground_meter_make(task->ground, task->frame, &worker->meter, err));
		LU_TRY(lu_alloc(&worker->area_m2, (size_t)shared->width, sizeof(*worker->area_m2), "a row", err));
	}
	LU_TRY(lu_alloc(&worker->values, cells, task->count * sizeof(*worker->values), "blocks of maps", err));
	LU_TRY(lu_alloc(&worker->tables, shared->tally->pair_count, sizeof(*worker->tables), "tables", err));
	worker->pair_count = shared->tally->pair_count;
	for (size_t i = 0; i < worker->pair_count; i++)
		LU_TRY(lu_transition_new(NULL, 0, &worker->tables[i], err));
out:
	return status;
}

static void worker_release(void *own)
{
	struct worker *worker = own;

	for (size_t i = 0; i < worker->pair_count; i++)
		lu_transition_free(worker->tables[i]);
	lu_free(worker->tables);
	lu_free(worker->values);
	lu_free(worker->area_m2);
	lu_ground_meter_release(&worker->meter);
	close_maps(worker->maps, worker->map_count);
}

/* Cross one block; the pairs and their order do not change while the pool works, so no lock is needed to read them. */
static enum lu_status cross_block(void *context, void *own, int64_t number, struct lu_error *err)
{
	const struct shared *shared = context;
	struct worker *worker = own;
	const struct lu_crosstab_task *task = shared->task;
	const int64_t x = number % shared->across * shared->width, y = number / shared->across * shared->height;
	const struct lu_rect rect = {x, y, least(shared->width, task->frame->width - x),
				     least(shared->height, task->frame->height - y)};
	const size_t cells = (size_t)(rect.width * rect.height);
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < task->count; i++)
		LU_TRY(lu_map_read_rect(worker->maps[i], rect, worker->values + i * cells, err));
	for (int64_t row = 0; row < rect.height; row++) {
		if (task->ground != NULL)
			LU_TRY(lu_cell_area_run(task->ground->coverage, worker->meter.cells, y + row, x, rect.width,
						worker->area_m2, err));
		for (size_t i = 0; i < shared->tally->pair_count; i++) {
			const struct lu_pair_statistics *pair = &shared->tally->pairs[i];
			const uint16_t *values = worker->values + row * rect.width;
			LU_TRY(lu_transition_add(worker->tables[i], values + pair->earlier * cells,
						 values + pair->later * cells, worker->area_m2, (size_t)rect.width,
						 err));
		}
	}
out:
	return status;
}

static enum lu_status add_up(void *context, void *worker, struct lu_error *err)
{
	const struct lu_tally *tally = ((struct shared *)context)->tally;
	struct lu_transition *const *tables = ((struct worker *)worker)->tables;
	enum lu_status status = LU_OK;

	/* The statistics hold their tables as const: they are made here, and only read elsewhere. */
	for (size_t i = 0; i < tally->pair_count; i++)
		LU_TRY(lu_transition_merge((struct lu_transition *)(uintptr_t)tally->pairs[i].transition, tables[i],
					   err));
out:
	return status;
}

enum lu_status lu_crosstab(const struct lu_crosstab_task *task, struct lu_tally *out, struct lu_error *err)
{
	struct shared shared = {.task = task, .tally = out};
	struct lu_map **maps = NULL;
	const struct lu_legend nothing = {.uncertain = task->uncertain};
	enum lu_status status;

	LU_TRY(lu_tally_new(task->labels, task->count, task->pairs, &nothing, out, err));
	LU_TRY(open_maps(task, &maps, err));
	choose_block(&shared, maps);
	choose_cache(&shared, maps);
	close_maps(maps, task->count); /* each thread opens its own */
	maps = NULL;
	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = task->threads,
						  .parts = shared.count,
						  .context = &shared,
						  .worker_bytes = sizeof(struct worker),
						  .begin = worker_init,
						  .release = worker_release,
						  .part = cross_block,
						  .finish = add_up,
						  .stage = "counting",
						  .unit = 1,
						  .total = (uint64_t)shared.count,
						  .hooks = task->hooks},
			   err));
	LU_TRY(lu_tally_from_pairs(out, task->ground, err));
out:
	close_maps(maps, task->count);
	if (status != LU_OK)
		lu_tally_release(out);
	return status;
}
