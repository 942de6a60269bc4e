/* set_reach.c: pictures as the network would see them, and what they look like. See set_reach.h. */
#include "learn/set_reach.h"

#include <string.h>

#include "base/memory.h"
#include "chips/appearance.h"
#include "learn/folds.h"

/* A quantile of 99.9 % of 4,096 chips has four beyond it: more chips cost more time than they add. */
enum { MOST_CHIPS = 4096, FOLDS = 5 };

struct look {
	const struct lu_model *model;
	size_t count; /* numbers a chip */
	double *rows;
	bool *seen;
};

static enum lu_status keep(void *user, size_t item, const uint8_t *chip, struct lu_error *err)
{
	const struct look *look = user;
	const size_t px = (size_t)look->model->chip_px;
	float *scratch = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&scratch, px * px, sizeof(*scratch), "a chip", err));
	lu_appearance(chip, look->model->bands, look->model->chip_px, scratch, look->rows + item * look->count);
	look->seen[item] = true;
out:
	lu_free(scratch);
	return status;
}

/* Folds of whole blocks, as the task has none. */
static enum lu_status fold(const struct lu_set_reach_task *task, struct lu_folds *folds, struct lu_error *err)
{
	const char **blocks = NULL;
	size_t *classes = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&blocks, task->count, sizeof(*blocks), "blocks", err));
	LU_TRY(lu_alloc(&classes, task->count, sizeof(*classes), "blocks", err));
	for (size_t i = 0; i < task->count; i++) {
		const struct lu_labelled_chip *chip = &task->set->chips[task->chips[i]];
		blocks[i] = chip->block[0] != '\0' ? chip->block : chip->path;
		classes[i] = chip->class;
	}
	LU_TRY(lu_folds_make(blocks, classes, task->count, task->set->class_count, FOLDS, 0, folds, err));
out:
	lu_free(blocks);
	lu_free(classes);
	return status;
}

enum lu_status lu_set_reach(const struct lu_set_reach_task *task, struct lu_reach *out, struct lu_error *err)
{
	const size_t taken = task->count < MOST_CHIPS ? task->count : MOST_CHIPS;
	struct look look = {.model = task->classifier->model,
			    .count = lu_appearance_count(task->classifier->model->bands)};
	struct lu_picture_item *items = NULL;
	struct lu_picture_result done;
	struct lu_folds made = {0};
	bool *unreadable = NULL;
	int *folds = NULL;
	size_t n = 0;
	enum lu_status status;

	*out = (struct lu_reach){0};
	if (task->folds == NULL)
		LU_TRY(fold(task, &made, err));
	LU_TRY(lu_alloc(&items, taken, sizeof(*items), "chips", err));
	LU_TRY(lu_alloc(&folds, taken, sizeof(*folds), "chips", err));
	LU_TRY(lu_alloc(&unreadable, taken, sizeof(*unreadable), "chips", err));
	LU_TRY(lu_alloc(&look.seen, taken, sizeof(*look.seen), "chips", err));
	LU_TRY(lu_alloc(&look.rows, taken * look.count, sizeof(*look.rows), "chips", err));
	for (size_t i = 0; i < taken; i++) {
		const size_t from = i * task->count / taken;
		items[i].path = task->set->chips[task->chips[from]].path;
		folds[i] = task->folds != NULL ? task->folds[from] : made.of[from];
	}
	const struct lu_picture_task pictures = {.classifier = task->classifier,
						 .items = items,
						 .count = taken,
						 .fit = task->fit,
						 .range = task->range,
						 .threads = task->threads,
						 .look = keep,
						 .user = &look,
						 .unreadable = unreadable,
						 .hooks = task->hooks,
						 .stage = "looking"};
	LU_TRY(lu_score_pictures(&pictures, &done, err));
	for (size_t i = 0; i < taken; i++) {
		if (!look.seen[i])
			continue;
		memmove(look.rows + n * look.count, look.rows + i * look.count, look.count * sizeof(*look.rows));
		folds[n++] = folds[i];
	}
	LU_TRY(lu_reach_find(look.rows, folds, n, look.count, out, err));
out:
	lu_folds_release(&made);
	lu_free(items);
	lu_free(folds);
	lu_free(unreadable);
	lu_free(look.seen);
	lu_free(look.rows);
	return status;
}
