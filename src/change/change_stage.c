/* change_stage.c: pairs of dates, written in one pass over the maps; with scores, judged in one pass over these before. */
#include "change/change_stage.h"

#include <pthread.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "change/change_layers.h"
#include "change/change_styles.h"
#include "change/package_errors.h"
#include "change/time_products.h"
#include "grid/cell_area.h"
#include "maps/metadata.h"
#include "change/timeline.h"

/*
 * Pairs judged in one pass and written in the next. Each holds a histogram, three rasters on their way (a row of tiles and
 * an open file each) and its flagged cells: some 20 MB for a county of 3,000 columns.
 */
enum { PAIRS_AT_ONCE = 16 };

/* A pair of dates. */
struct judged {
	size_t earlier, later;
	struct lu_detection detection;
	struct lu_flag_statistics flags;
	struct lu_transition *table; /* NULL: not judged */
	struct lu_class_net *expected; /* one a class of the legend */
	/* While it is written: */
	char *name; /* EARLIER_LATER */
	struct lu_change_products *products;
	struct lu_change_layers *layers;
	struct lu_outputs outputs; /* what was written of it */
};

struct lu_change_stage {
	struct lu_change_task task;
	struct lu_timelines *timelines; /* NULL: there are no scores, as of the next three */
	struct lu_detector *detector;
	double *trained; /* one a class */
	double *allow;
	struct lu_time_tally time;
	struct judged *pairs;
	size_t pair_count;
	uint16_t *values; /* one row of the maps of all dates */
	double *area_m2; /* one row */
	bool *told; /* one row: the maps tell of a change; NULL where that does not matter */
};

/*
 * The class shares that the network was trained under: every class of the model as common as any other
 * (models/README.md), so a map class has as much as it has members. One that the model cannot see has a
 * probability of 0 everywhere, and its share does not matter as long as it is not 0.
 */
static enum lu_status trained_shares(const struct lu_regroup *regroup, double **out, struct lu_error *err)
{
	const enum lu_status status = lu_alloc(out, regroup->map_count, sizeof(**out), "class shares", err);
	double sum = 0;

	for (size_t m = 0; status == LU_OK && m < regroup->model_count; m++)
		if (regroup->member_of[m] >= 0)
			(*out)[regroup->member_of[m]] += 1;
	for (size_t k = 0; status == LU_OK && k < regroup->map_count; k++) {
		(*out)[k] = (*out)[k] > 0 ? (*out)[k] : 1;
		sum += (*out)[k];
	}
	for (size_t k = 0; status == LU_OK && k < regroup->map_count; k++)
		(*out)[k] /= sum;
	return status;
}

static enum lu_status list_pairs(struct lu_change_stage *stage, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	enum lu_status status;

	LU_TRY(lu_alloc(&stage->pairs, task->dates * task->dates, sizeof(*stage->pairs), "pairs of dates", err));
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, task->dates, task->pairs);)
		stage->pairs[stage->pair_count++] = (struct judged){.earlier = pair.earlier, .later = pair.later};
out:
	return status;
}

/* What the scores of all dates say of change will be judged by this. */
static enum lu_status begin_judging(struct lu_change_stage *stage, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	double *blend = NULL;
	enum lu_status status;

	LU_TRY(lu_change_allow(task->keys, task->scheme, &stage->allow, err));
	LU_TRY(trained_shares(task->regroup, &stage->trained, err));
	if (lu_package_errors_used(task->keys, task->dates, task->model))
		LU_TRY(lu_package_errors_blend(task->model, task->regroup, stage->trained, &blend, err));
	LU_TRY(lu_timelines_new(task->stores, task->dates, task->cells->height, task->cells->width,
				task->regroup->min_confidence, blend,
				task->model->score_scale > 0 ? task->model->score_scale : 1, &stage->timelines, err));
out:
	lu_free(blend);
	return status;
}

enum lu_status lu_change_stage_new(const struct lu_change_task *task, struct lu_change_stage **out,
				   struct lu_error *err)
{
	const size_t cols = (size_t)task->cells->width;
	struct lu_change_stage *stage;
	enum lu_status status = lu_alloc(&stage, 1, sizeof(*stage), "change", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	stage->task = *task;
	LU_TRY(list_pairs(stage, err));
	LU_TRY(lu_alloc(&stage->values, task->dates * cols, sizeof(*stage->values), "a row of maps", err));
	LU_TRY(lu_alloc(&stage->area_m2, cols, sizeof(*stage->area_m2), "a row", err));
	if (task->stores != NULL)
		LU_TRY(begin_judging(stage, err));
	if (task->stores != NULL && task->smoothed)
		LU_TRY(lu_alloc(&stage->told, cols, sizeof(*stage->told), "a row", err));
out:
	if (status != LU_OK) {
		lu_change_stage_free(stage);
		return status;
	}
	*out = stage;
	return LU_OK;
}

void lu_change_stage_free(struct lu_change_stage *stage)
{
	if (stage == NULL)
		return;
	for (size_t i = 0; i < stage->pair_count; i++) {
		lu_detection_release(&stage->pairs[i].detection);
		lu_transition_free(stage->pairs[i].table);
		lu_free(stage->pairs[i].expected);
		lu_change_layers_free(stage->pairs[i].layers);
		lu_change_products_free(stage->pairs[i].products);
		lu_outputs_release(&stage->pairs[i].outputs);
		lu_free(stage->pairs[i].name);
	}
	lu_free(stage->pairs);
	lu_time_tally_release(&stage->time);
	lu_detector_free(stage->detector);
	lu_timelines_free(stage->timelines);
	lu_free(stage->trained);
	lu_free(stage->allow);
	lu_free(stage->values);
	lu_free(stage->area_m2);
	lu_free(stage->told);
	lu_free(stage);
}

size_t lu_change_stage_cell_bytes(size_t dates, enum lu_date_pairs pairs)
{
	size_t count = 0;

	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, dates, pairs);)
		count++;
	/* Two bytes of change, one of probability, two of flags; a smoothed map a date, the trajectory, the year. */
	return 5 * (count < PAIRS_AT_ONCE ? count : PAIRS_AT_ONCE) + (dates > 2 ? dates + 3 : 0);
}

enum lu_status lu_change_stage_sample(struct lu_change_stage *stage, int64_t row, struct lu_error *err)
{
	return stage->timelines != NULL ? lu_timelines_sample_row(stage->timelines, row, err) : LU_OK;
}

/* Asked now and then. */
static enum lu_status stopped(const struct lu_change_stage *stage, int64_t row, struct lu_error *err)
{
	return row % 64 == 0 ? lu_products_go_on(stage->task.hooks, stage->task.stores != NULL, err) : LU_OK;
}

/* The classes of all dates at one row. */
static enum lu_status read_maps(struct lu_change_stage *stage, const struct lu_class_rows *maps, int64_t row,
				struct lu_error *err)
{
	const size_t cols = (size_t)stage->task.cells->width;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < stage->task.dates; d++)
		LU_TRY(maps[d].read(maps[d].user, row, 1, stage->values + d * cols, NULL, err));
out:
	return status;
}

/* Which cells of the row that was read may be flagged; NULL: all. */
static const bool *find_told(struct lu_change_stage *stage, const struct judged *pair)
{
	const size_t cols = (size_t)stage->task.cells->width;
	const uint16_t *before = stage->values + pair->earlier * cols, *after = stage->values + pair->later * cols;

	for (size_t col = 0; stage->told != NULL && col < cols; col++)
		stage->told[col] = lu_change_is_told(stage->task.legend, before[col], after[col]);
	return stage->told;
}

/* Pairs that threads share out; each pair is one thread's. */
struct worker_pool {
	struct lu_change_stage *stage;
	struct judged *pairs;
};
struct worker {
	struct lu_detector *detector; /* its own */
};

static enum lu_status begin_worker(void *context, void *worker, struct lu_error *err)
{
	const struct worker_pool *pool = context;

	return lu_detector_twin(pool->stage->detector, &((struct worker *)worker)->detector, err);
}

static void release_worker(void *worker)
{
	lu_detector_free(((struct worker *)worker)->detector);
}

static enum lu_status fit_pair(void *context, void *worker, int64_t number, struct lu_error *err)
{
	const struct worker_pool *pool = context;
	struct judged *pair = &pool->pairs[number];

	return lu_detector_begin(((struct worker *)worker)->detector, pair->earlier, pair->later, &pair->detection,
				 err);
}

/* The thresholds of 'count' pairs: one pass over the scores and, where they are smoothed, over the maps. */
static enum lu_status judge(struct lu_change_stage *stage, struct judged *pairs, size_t count,
			    const struct lu_class_rows *maps, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = stage->task.threads,
						  .parts = (int64_t)count,
						  .context = &(struct worker_pool){stage, pairs},
						  .worker_bytes = sizeof(struct worker),
						  .begin = begin_worker,
						  .release = release_worker,
						  .part = fit_pair,
						  .hooks = stage->task.hooks},
			   err));
	for (int64_t row = 0; row < stage->task.cells->height; row++) {
		LU_TRY(stopped(stage, row, err));
		if (stage->told != NULL)
			LU_TRY(read_maps(stage, maps, row, err));
		for (size_t i = 0; i < count; i++)
			LU_TRY(lu_detector_add(stage->detector, &pairs[i].detection, row, find_told(stage, &pairs[i]),
					       err));
	}
	for (size_t i = 0; i < count; i++)
		lu_detector_choose(stage->detector, &pairs[i].detection);
out:
	return status;
}

static enum lu_status begin_pair(struct lu_change_stage *stage, struct judged *pair, const char *folder,
				 const struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	struct lu_metadata metadata;

	pair->name = lu_sprintf("%s_%s", task->labels[pair->earlier], task->labels[pair->later]);
	if (pair->name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	lu_metadata_begin(&metadata);
	lu_metadata_add(&metadata, "LANDUSE_EARLIER", task->labels[pair->earlier]);
	lu_metadata_add(&metadata, "LANDUSE_LATER", task->labels[pair->later]);
	if (task->model != NULL)
		lu_metadata_add_model(&metadata, task->model, task->scheme);
	lu_metadata_add(&metadata, "LANDUSE_CODES", LU_CHANGE_CODES);
	if (stage->told != NULL)
		lu_metadata_add(&metadata, "LANDUSE_FLAGS",
				"cells that changed on the smoothed maps, by their classes there");
	const struct lu_change_product product = {
		.folder = folder,
		.name = pair->name,
		.frame = task->cells,
		.detector = stage->detector,
		.detection = &pair->detection,
		.legend = task->legend,
		.of_maps = task->smoothed,
		.metadata = metadata.list,
		.lists_cells = stage->detector != NULL && lu_change_layer_name(task->keys, task->scheme, 0) != NULL};
	enum lu_status status;

	LU_TRY(lu_products_folder(folder, pair->name, err));
	LU_TRY(lu_change_products_begin(&product, outputs, &pair->products, err));
out:
	return status;
}

/* The patches of what is flagged, and the pictures that they want. */
static enum lu_status make_layers(struct lu_change_stage *stage, struct judged *pair, const struct lu_class_rows *maps,
				  const char *folder, struct lu_picture_book *book, const struct lu_outputs *outputs,
				  struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	struct lu_change_layer_task layers = {.folder = folder,
					      .name = pair->name,
					      .frame = task->cells,
					      .legend = task->legend,
					      .keys = task->keys,
					      .scheme = task->scheme,
					      .dates = {pair->earlier, pair->later},
					      .hooks = task->hooks,
					      .earlier = task->labels[pair->earlier],
					      .later = task->labels[pair->later],
					      .before = maps[pair->earlier],
					      .after = maps[pair->later]};

	layers.cells = lu_change_products_cells(pair->products, &layers.cell_count);
	return lu_change_layers_make(&layers, book, outputs, &pair->layers, err);
}

/* The layers of 'count' pairs with all their pictures. */
static enum lu_status draw_layers(struct lu_change_stage *stage, struct judged *pairs, size_t count,
				  const struct lu_class_rows *maps, const char *folder,
				  const struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	struct lu_patch_pictures_task pictures = {.folder = folder,
						  .labels = task->labels,
						  .dates = task->dates,
						  .imagery = task->imagery,
						  .cells = task->cells,
						  .threads = task->threads,
						  .hooks = task->hooks};
	struct lu_picture_book *book = NULL;
	enum lu_status status;

	lu_model_colours(task->model, pictures.colours);
	LU_TRY(lu_picture_book_new(&pictures, &book, err));
	for (size_t i = 0; i < count; i++)
		LU_TRY(make_layers(stage, &pairs[i], maps, folder, book, outputs, err));
	LU_TRY(lu_picture_book_draw(book, outputs, err));
out:
	lu_picture_book_free(book);
	return status;
}

/* The figures of what is flagged. */
static enum lu_status tell_flagged(struct lu_change_stage *stage, struct judged *pair, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	const struct lu_change_keys *keys = task->keys;
	const struct lu_detection *detection = &pair->detection;
	const enum lu_status status =
		lu_alloc(&pair->expected, task->legend->count, sizeof(*pair->expected), "areas of classes", err);

	if (status != LU_OK)
		return status;
	const double cell_m2 = lu_change_products_expected(pair->products, pair->expected);
	pair->table = lu_change_products_take_table(pair->products);
	pair->flags = (struct lu_flag_statistics){.asked_false_discovery_rate = keys->false_discovery_rate,
						  .min_probability = keys->min_probability,
						  .change_rate = detection->rate,
						  .rate_is_stated = keys->rate > 0,
						  .threshold = detection->choice.threshold,
						  .expected_false = detection->choice.expected_false,
						  .expected_found = detection->choice.expected_found,
						  .compared_cells = detection->cells,
						  .likeness = detection->likeness,
						  .refused = detection->refused,
						  .table = pair->table,
						  .expected = pair->expected,
						  .expected_count = task->legend->count,
						  .cell_m2 = cell_m2,
						  .of_smoothed_maps = stage->told != NULL,
						  .smoothed = lu_change_products_smoothed(pair->products)};
	return LU_OK;
}

/* The pair's rasters, layers and figures are complete. */
static enum lu_status finish_pair(void *context, void *worker, int64_t number, struct lu_error *err)
{
	const struct worker_pool *pool = context;
	struct lu_change_stage *stage = pool->stage;
	struct judged *pair = &pool->pairs[number];
	enum lu_status status;

	(void)worker;
	LU_TRY(lu_change_products_finish(pair->products, &pair->outputs, err));
	if (stage->detector != NULL) {
		LU_TRY(lu_change_layers_write(pair->layers, &pair->outputs, err));
		LU_TRY(tell_flagged(stage, pair, err));
	}
out:
	lu_change_layers_free(pair->layers);
	pair->layers = NULL;
	lu_change_products_free(pair->products);
	pair->products = NULL;
	return status;
}

/* A map that several threads read. */
struct shared_map {
	pthread_mutex_t *reading; /* of all maps */
	struct lu_class_rows rows;
};

static enum lu_status read_shared(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
				  struct lu_error *err)
{
	const struct shared_map *map = user;

	pthread_mutex_lock(map->reading);
	const enum lu_status status = map->rows.read(map->rows.user, row0, rows, values, confidence, err);
	pthread_mutex_unlock(map->reading);
	return status;
}

/* All rows of 'count' pairs are there: each is finished by one thread, and told in the order of the pairs. */
static enum lu_status finish_pairs(struct lu_change_stage *stage, struct judged *pairs, size_t count,
				   const struct lu_class_rows *maps, const char *folder, struct lu_outputs *outputs,
				   struct lu_error *err)
{
	pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;
	struct shared_map *shared = NULL;
	struct lu_class_rows *rows = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&shared, stage->task.dates, sizeof(*shared), "dates", err));
	LU_TRY(lu_alloc(&rows, stage->task.dates, sizeof(*rows), "dates", err));
	for (size_t d = 0; d < stage->task.dates; d++) {
		shared[d] = (struct shared_map){&reading, maps[d]};
		rows[d] = (struct lu_class_rows){read_shared, &shared[d]};
	}
	if (stage->detector != NULL)
		LU_TRY(draw_layers(stage, pairs, count, rows, folder, outputs, err));
	for (size_t i = 0; i < count; i++)
		pairs[i].outputs = (struct lu_outputs){.names = outputs->names};
	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = stage->task.threads,
						  .parts = (int64_t)count,
						  .context = &(struct worker_pool){stage, pairs},
						  .part = finish_pair,
						  .hooks = stage->task.hooks},
			   err));
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < pairs[i].outputs.count; k++)
			LU_TRY(lu_outputs_add(outputs, err, "%s", pairs[i].outputs.paths[k]));
out:
	lu_free(shared);
	lu_free(rows);
	return status;
}

/* Three dates or more, while they are told together. */
struct telling {
	struct lu_time_task task;
	struct lu_metadata metadata;
	struct lu_trajectory_rows trajectories;
	struct lu_time_products *products; /* NULL: this pass does not tell them */
};

static enum lu_status begin_telling(struct lu_change_stage *stage, struct telling *telling, const char *folder,
				    const struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;

	lu_metadata_begin(&telling->metadata);
	lu_metadata_add_model(&telling->metadata, task->model, task->scheme);
	telling->task = (struct lu_time_task){.folder = folder,
					      .frame = task->cells,
					      .detector = stage->detector,
					      .dates = task->dates,
					      .labels = task->labels,
					      .legend = task->legend,
					      .metadata = telling->metadata.list};
	enum lu_status status;

	LU_TRY(lu_trajectory_rows_init(&telling->trajectories, &telling->task, err));
	LU_TRY(lu_time_tally_begin(&telling->task, &stage->time, err));
	LU_TRY(lu_time_products_begin(&telling->task, outputs, &telling->products, err));
out:
	return status;
}

/* One row of everything that is written in this pass. */
static enum lu_status write_row(struct lu_change_stage *stage, struct judged *pairs, size_t count,
				struct telling *telling, const struct lu_class_rows *maps, int64_t row,
				struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	const size_t cols = (size_t)task->cells->width;
	enum lu_status status = LU_OK;

	if (stage->detector != NULL)
		LU_TRY(lu_cell_area_row(task->ground->coverage, task->ground->meter, row, task->cells->width,
					stage->area_m2, err));
	LU_TRY(read_maps(stage, maps, row, err));
	for (size_t i = 0; i < count; i++)
		LU_TRY(lu_change_products_add(pairs[i].products, row, stage->values + pairs[i].earlier * cols,
					      stage->values + pairs[i].later * cols, stage->area_m2, err));
	if (telling->products == NULL)
		return LU_OK;
	LU_TRY(lu_trajectory_rows_read(&telling->trajectories, row, stage->values, err));
	LU_TRY(lu_time_products_add(telling->products, &telling->trajectories, err));
	LU_TRY(lu_time_tally_add(&stage->time, &telling->trajectories, stage->area_m2, err));
out:
	return status;
}

/* Write 'count' pairs and, in the last pass, what the scores of all dates say together: one pass. */
static enum lu_status write_pairs(struct lu_change_stage *stage, struct judged *pairs, size_t count, bool last,
				  const struct lu_class_rows *maps, const char *folder, struct lu_outputs *outputs,
				  struct lu_error *err)
{
	struct telling telling = {.products = NULL};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < count; i++)
		LU_TRY(begin_pair(stage, &pairs[i], folder, outputs, err));
	if (last && stage->detector != NULL && stage->task.dates > 2)
		LU_TRY(begin_telling(stage, &telling, folder, outputs, err));
	for (int64_t row = 0; row < stage->task.cells->height; row++) {
		LU_TRY(stopped(stage, row, err));
		LU_TRY(write_row(stage, pairs, count, &telling, maps, row, err));
	}
	LU_TRY(finish_pairs(stage, pairs, count, maps, folder, outputs, err));
	if (telling.products != NULL)
		LU_TRY(lu_time_products_finish(telling.products, outputs, err));
out:
	lu_time_products_free(telling.products);
	lu_trajectory_rows_release(&telling.trajectories);
	return status;
}

static enum lu_status begin_detector(struct lu_change_stage *stage, struct lu_error *err)
{
	const struct lu_change_keys *keys = stage->task.keys;
	const struct lu_detect_options options = {.false_discovery_rate = keys->false_discovery_rate,
						  .min_probability = keys->min_probability,
						  .rate = keys->rate,
						  .allow = stage->allow,
						  .threads = stage->task.threads};

	return lu_detector_new(stage->timelines, stage->trained, &options, &stage->detector, err);
}

enum lu_status lu_change_stage_write(struct lu_change_stage *stage, const struct lu_class_rows *maps,
				     const char *folder, struct lu_outputs *outputs, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (stage->timelines != NULL)
		LU_TRY(begin_detector(stage, err));
	for (size_t first = 0; first < stage->pair_count; first += PAIRS_AT_ONCE) {
		const size_t left = stage->pair_count - first, count = left < PAIRS_AT_ONCE ? left : PAIRS_AT_ONCE;
		if (stage->detector != NULL)
			LU_TRY(judge(stage, stage->pairs + first, count, maps, err));
		LU_TRY(write_pairs(stage, stage->pairs + first, count, count == left, maps, folder, outputs, err));
	}
out:
	return status;
}

const struct lu_time_tally *lu_change_stage_time_tally(const struct lu_change_stage *stage)
{
	return stage != NULL && stage->time.trajectory != NULL ? &stage->time : NULL;
}

const struct lu_flag_statistics *lu_change_stage_flags(const struct lu_change_stage *stage, size_t earlier,
						       size_t later)
{
	for (size_t i = 0; i < stage->pair_count; i++)
		if (stage->pairs[i].earlier == earlier && stage->pairs[i].later == later)
			return stage->pairs[i].table != NULL ? &stage->pairs[i].flags : NULL;
	return NULL;
}
