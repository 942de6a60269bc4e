/* score_pictures.c: decode, fit, run, hand on: one loop for evaluation and for features. See score_pictures.h. */
#include "learn/score_pictures.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/pool.h"
#include "chips/cut.h"
#include "chips/recolour.h"
#include "chips/resize.h"
#include "raster/photo.h"

/* Unreadable pictures named one by one before only the count is told. */
enum { MOST_NAMED = 20 };

/* More pictures in a batch would only wait for each other. */
enum { MOST_BATCH = 64 };

const char *lu_fit_name(enum lu_fit fit)
{
	return fit == LU_FIT_CROP ? "crop" : "resize";
}

/* What all threads share. */
struct shared {
	const struct lu_picture_task *task;
	size_t batch;
	pthread_mutex_t lock; /* guards what follows */
	size_t unreadable;
};

/* One thread's own buffers. */
struct worker {
	struct lu_session *session;
	struct lu_photo picture;
	struct lu_resize *resize; /* for squares of resize_px; made anew when the size changes */
	int resize_px;
	float *scratch; /* of 'resize' */
	uint8_t *turned; /* one chip */
	uint8_t *input; /* a batch */
	float *output;
};

static void worker_release(void *own)
{
	struct worker *worker = own;

	lu_session_free(worker->session);
	lu_photo_release(&worker->picture);
	lu_resize_free(worker->resize);
	lu_free(worker->scratch);
	lu_free(worker->turned);
	lu_free(worker->input);
	lu_free(worker->output);
}

static size_t chip_bytes(const struct lu_model *model)
{
	return (size_t)model->chip_px * (size_t)model->chip_px * model->bands;
}

static enum lu_status worker_init(void *context, void *own, struct lu_error *err)
{
	const struct lu_picture_task *task = ((const struct shared *)context)->task;
	const struct lu_classifier *c = task->classifier;
	struct worker *worker = own;
	const size_t chip = chip_bytes(c->model), batch = (size_t)c->batch;
	enum lu_status status;

	if (task->sink != NULL)
		LU_TRY(lu_session_new(c->plan, &worker->session, err));
	LU_TRY(lu_alloc_aligned(&worker->input, batch, chip, "a batch", err));
	LU_TRY(lu_alloc_aligned(&worker->turned, chip, 1, "a chip", err));
	LU_TRY(lu_alloc(&worker->output, batch * c->outputs, sizeof(float), "a batch", err));
out:
	return status;
}

static enum lu_status prepare_resize(struct worker *worker, int from_px, int chip_px, struct lu_error *err)
{
	if (worker->resize_px == from_px)
		return LU_OK;
	lu_resize_free(worker->resize);
	lu_free(worker->scratch);
	worker->resize = NULL;
	worker->scratch = NULL;
	worker->resize_px = 0;
	enum lu_status status;

	LU_TRY(lu_resize_new(from_px, chip_px, &worker->resize, err));
	LU_TRY(lu_alloc_aligned(&worker->scratch, lu_resize_scratch(worker->resize), sizeof(float), "a picture", err));
	worker->resize_px = from_px;
out:
	return status;
}

/* Turn and mirror a chip's planes: dst(row, col) comes from where the pose takes it. */
static void lay(const uint8_t *src, int px, int bands, lu_pose pose, uint8_t *dst)
{
	for (int band = 0; band < bands; band++) {
		const uint8_t *from = src + (size_t)band * px * px;
		uint8_t *to = dst + (size_t)band * px * px;

		for (int row = 0; row < px; row++) {
			for (int col = 0; col < px; col++) {
				int r = row, c = col;
				/* One quarter clockwise: what is at (r, c) was at (px - 1 - c, r). */
				for (int quarter = 0; quarter < (pose & 3); quarter++) {
					const int t = r;
					r = px - 1 - c;
					c = t;
				}
				if (pose & 4)
					c = px - 1 - c;
				to[row * px + col] = from[r * px + c];
			}
		}
	}
}

/* One file as the network's input. What goes wrong with the picture itself is '*unreadable'. */
static enum lu_status prepare(const struct lu_picture_task *task, struct worker *worker,
			      const struct lu_picture_item *item, uint8_t *input, bool *unreadable,
			      struct lu_error *err)
{
	const struct lu_model *model = task->classifier->model;
	struct lu_photo *picture = &worker->picture;
	const int bands = (int)model->bands, chip = model->chip_px;

	enum lu_status status = lu_photo_read(item->path, bands, task->range, picture, err);
	*unreadable = status != LU_OK && status != LU_ERROR_MEMORY;
	if (status != LU_OK)
		return status;
	const int shorter = picture->width < picture->height ? picture->width : picture->height;
	const int side = task->fit == LU_FIT_CROP && shorter >= chip ? chip : shorter;
	const size_t plane = (size_t)picture->width * (size_t)picture->height;
	const uint8_t *corner = picture->pixels + (size_t)((picture->height - side) / 2) * (size_t)picture->width +
				(size_t)((picture->width - side) / 2);
	const lu_pose laid = item->pose & (LU_POSE_RECOLOURED - 1);
	uint8_t *upright = laid != 0 ? worker->turned : input;

	if (side == chip) {
		lu_cut_chip(corner, plane, (size_t)picture->width, bands, chip, upright);
	} else {
		status = prepare_resize(worker, side, chip, err);
		if (status != LU_OK)
			return status;
		lu_resize_chip(worker->resize, corner, plane, (size_t)picture->width, bands, upright, worker->scratch);
	}
	if (laid != 0)
		lay(upright, chip, bands, laid, input);
	if (item->pose & LU_POSE_RECOLOURED)
		lu_recolour_chip(input, chip, bands, item->draw);
	return LU_OK;
}

static void pass_over(struct shared *shared, size_t item, const struct lu_error *err)
{
	size_t found;

	pthread_mutex_lock(&shared->lock);
	found = ++shared->unreadable;
	pthread_mutex_unlock(&shared->lock);
	shared->task->unreadable[item] = true;
	if (found <= MOST_NAMED)
		lu_log(shared->task->hooks, LU_LEVEL_WARNING, "%s (passed over)", err->text);
}

/* A batch of items. */
static enum lu_status score_batch(void *context, void *own, int64_t number, struct lu_error *err)
{
	struct shared *shared = context;
	struct worker *worker = own;
	const struct lu_picture_task *task = shared->task;
	const size_t chip = chip_bytes(task->classifier->model), first = (size_t)number * shared->batch;
	const size_t end = first + shared->batch < task->count ? first + shared->batch : task->count;
	size_t taken[MOST_BATCH];
	int n = 0;
	enum lu_status status = LU_OK;

	for (size_t i = first; i < end; i++) {
		bool unreadable = false;
		uint8_t *input = worker->input + (size_t)n * chip;
		status = prepare(task, worker, &task->items[i], input, &unreadable, err);
		if (status == LU_OK && task->look != NULL)
			status = task->look(task->user, i, input, err);
		if (unreadable)
			pass_over(shared, i, err);
		else if (status != LU_OK)
			return status;
		else
			taken[n++] = i;
	}
	status = LU_OK;
	if (n == 0 || task->sink == NULL)
		return LU_OK;
	LU_TRY(lu_session_run(worker->session, n, worker->input, worker->output, err));
	for (int k = 0; k < n; k++)
		LU_TRY(task->sink(task->user, taken[k], worker->output + (size_t)k * task->classifier->outputs, err));
out:
	return status;
}

enum lu_status lu_score_pictures(const struct lu_picture_task *task, struct lu_picture_result *result,
				 struct lu_error *err)
{
	const double start = lu_seconds_now();
	struct shared shared = {.task = task, .lock = PTHREAD_MUTEX_INITIALIZER};

	shared.batch = task->classifier->batch < MOST_BATCH ? (size_t)task->classifier->batch : MOST_BATCH;
	*result = (struct lu_picture_result){0};
	const enum lu_status status =
		lu_pool_run(&(struct lu_pool_task){.threads = task->threads,
						   .parts = (int64_t)((task->count + shared.batch - 1) / shared.batch),
						   .context = &shared,
						   .worker_bytes = sizeof(struct worker),
						   .begin = worker_init,
						   .release = worker_release,
						   .part = score_batch,
						   .stage = task->stage,
						   .unit = shared.batch,
						   .total = task->count,
						   .hooks = task->hooks},
			    err);
	*result = (struct lu_picture_result){.unreadable = shared.unreadable, .seconds = lu_seconds_now() - start};
	if (shared.unreadable > MOST_NAMED)
		lu_log(task->hooks, LU_LEVEL_WARNING, "%zu pictures in all could not be read (passed over)",
		       shared.unreadable);
	return status;
}

/* What is hashed. */
struct hashing {
	const struct lu_picture_item *items;
	char (*hex)[LU_SHA256_HEX];
};

static enum lu_status hash_one(void *context, void *own, int64_t item, struct lu_error *err)
{
	const struct hashing *hashing = context;

	(void)own;
	(void)err;
	if (lu_sha256_file(hashing->items[item].path, hashing->hex[item], NULL) != LU_OK)
		hashing->hex[item][0] = '\0';
	return LU_OK;
}

enum lu_status lu_hash_pictures(const struct lu_picture_item *items, size_t item_count, int threads,
				char (*hex)[LU_SHA256_HEX], const struct lu_hooks *hooks, struct lu_error *err)
{
	struct hashing hashing = {items, hex};

	return lu_pool_run(&(struct lu_pool_task){.threads = threads,
						  .parts = (int64_t)item_count,
						  .context = &hashing,
						  .part = hash_one,
						  .hooks = hooks},
			   err);
}
