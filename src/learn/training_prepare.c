/* training_prepare.c: the chips that a head may learn from. See training.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "learn/folds.h"
#include "learn/set_leaks.h"
#include "learn/training.h"

/* Sides of the set's own split. */
enum { LEARN, VALIDATE, TEST };

static int side_of(const struct lu_labelled_chip *chip)
{
	return chip->split == LU_SPLIT_TEST ? TEST : chip->split == LU_SPLIT_VALIDATE ? VALIDATE : LEARN;
}

/* No block and no picture may be on two sides of the set's own split. */
static enum lu_status check_leaks(const struct lu_training *t, struct lu_error *err)
{
	const struct lu_labelled_set *set = t->set;
	const char **names = NULL;
	bool leaks = false;
	size_t a = 0, b = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&names, set->chip_count, sizeof(*names), "blocks", err));
	LU_TRY(lu_set_leak(set, NULL, &leaks, &a, &b, err));
	if (leaks) {
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: block '%s' is in split %s and in split %s: validation would be by memory (put each "
			"block on one side)",
			set->path, set->chips[a].block, lu_choice_word(LU_CHOICE_SPLIT, set->chips[a].split),
			lu_choice_word(LU_CHOICE_SPLIT, set->chips[b].split));
		goto out;
	}
	for (size_t i = 0; i < set->chip_count; i++)
		names[i] = t->features->sha256[i];
	LU_TRY(lu_set_leak(set, names, &leaks, &a, &b, err));
	if (leaks)
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s and %s are the same picture in split %s and in split %s",
				 set->chips[a].path, set->chips[b].path,
				 lu_choice_word(LU_CHOICE_SPLIT, set->chips[a].split),
				 lu_choice_word(LU_CHOICE_SPLIT, set->chips[b].split));
out:
	lu_free(names);
	return status;
}

/* The chips with features, each once; the classes that are too small are refused. */
static enum lu_status choose_chips(struct lu_training *t, struct lu_error *err)
{
	const struct lu_labelled_set *set = t->set;
	size_t *found = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&t->chips, set->chip_count, sizeof(size_t), "chips", err));
	LU_TRY(lu_alloc(&t->classes, set->chip_count, sizeof(size_t), "chips", err));
	LU_TRY(lu_alloc(&t->folds, set->chip_count, sizeof(int), "chips", err));
	LU_TRY(lu_alloc(&found, set->class_count, sizeof(size_t), "chips", err));
	for (size_t i = 0; i < set->chip_count; i++) {
		if (set->chips[i].split == LU_SPLIT_TEST || t->left_out.why[i] != LU_TAKEN)
			continue;
		t->chips[t->count] = i;
		t->classes[t->count++] = set->chips[i].class;
		found[set->chips[i].class] += side_of(&set->chips[i]) == LEARN;
	}
	for (size_t k = 0; k < set->class_count; k++)
		if (found[k] < 2) {
			status = lu_fail(
				err, LU_ERROR_MISMATCH,
				"%s: class '%s' has %zu readable picture%s to learn from, a class needs 2 or more",
				set->path, set->classes[k], found[k], found[k] == 1 ? "" : "s");
			goto out;
		}
out:
	lu_free(found);
	return status;
}

/* Folds over blocks, or the set's own validate split as the only one. */
static enum lu_status choose_folds(struct lu_training *t, struct lu_error *err)
{
	struct lu_folds folds = {0};
	const char **names = NULL;
	enum lu_status status = LU_OK;

	if (t->set->counts[LU_SPLIT_VALIDATE] > 0) {
		t->fold_count = 1;
		for (size_t i = 0; i < t->count; i++)
			t->folds[i] = side_of(&t->set->chips[t->chips[i]]) == VALIDATE ? 0 : -1;
		return LU_OK;
	}
	LU_TRY(lu_alloc(&names, t->count, sizeof(*names), "blocks", err));
	for (size_t i = 0; i < t->count; i++) {
		const struct lu_labelled_chip *chip = &t->set->chips[t->chips[i]];
		names[i] = chip->block[0] != '\0' ? chip->block : chip->path;
	}
	LU_TRY(lu_folds_make(names, t->classes, t->count, t->set->class_count, t->task->folds, t->task->seed, &folds,
			     err));
out:
	if (status == LU_OK) {
		memcpy(t->folds, folds.of, t->count * sizeof(int));
		t->fold_count = folds.count;
		t->blocks = folds.blocks;
	} else {
		lu_fail_within(err, "%s", t->set->path);
	}
	lu_folds_release(&folds);
	lu_free(names);
	return status;
}

struct draw {
	size_t class, chip;
	uint64_t order;
};

static int by_class_and_order(const void *a, const void *b)
{
	const struct draw *left = a, *right = b;

	if (left->class != right->class)
		return left->class < right->class ? -1 : 1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return (left->chip > right->chip) - (left->chip < right->chip);
}

/* Keep a share of each class's chips, at least 2, drawn by picture and seed: the same whatever the paths are. */
static enum lu_status sample(struct lu_training *t, struct lu_error *err)
{
	const double share = t->task->sample_frac;
	struct draw *draws = NULL;
	bool *kept = NULL;
	size_t count = 0;

	if (!(share > 0) || share >= 1)
		return LU_OK;
	enum lu_status status;

	LU_TRY(lu_alloc(&draws, t->count, sizeof(*draws), "a draw", err));
	LU_TRY(lu_alloc(&kept, t->count, sizeof(*kept), "a draw", err));
	for (size_t i = 0; i < t->count; i++)
		draws[i] = (struct draw){t->classes[i], i,
					 lu_seeded_hash(t->task->seed, t->features->sha256[t->chips[i]])};
	qsort(draws, t->count, sizeof(*draws), by_class_and_order);
	for (size_t first = 0, end; first < t->count; first = end) {
		for (end = first; end < t->count && draws[end].class == draws[first].class;)
			end++;
		size_t wanted = (size_t)ceil(share * (double)(end - first));
		wanted = wanted < 2 ? 2 : wanted;
		for (size_t i = first; i < end && i < first + wanted; i++)
			kept[draws[i].chip] = true;
	}
	for (size_t i = 0; i < t->count; i++) {
		if (!kept[i])
			continue;
		t->chips[count] = t->chips[i];
		t->classes[count] = t->classes[i];
		t->folds[count++] = t->folds[i];
	}
	t->count = count;
out:
	lu_free(draws);
	lu_free(kept);
	return status;
}

/* A chip that the backbone has learned from is held out from the head alone. */
static enum lu_status find_known(struct lu_training *t, struct lu_error *err)
{
	const enum lu_status status = lu_training_chips_read(t->backbone->model, &t->known, err);
	size_t held_out = 0;

	for (size_t i = 0; i < t->count && status == LU_OK; i++) {
		held_out += t->folds[i] >= 0;
		t->held_out_known +=
			t->folds[i] >= 0 && lu_training_chips_have(&t->known, t->features->sha256[t->chips[i]]);
	}
	if (t->held_out_known > 0)
		lu_log(t->task->hooks, LU_LEVEL_WARNING,
		       "%s: %zu of %zu chips held out were in the training of backbone %s: the figures flatter the "
		       "model "
		       "(hold out ground that it has not seen)",
		       t->set->path, t->held_out_known, held_out, t->backbone->model->name);
	return status;
}

enum lu_status lu_training_prepare(struct lu_training *t, struct lu_error *err)
{
	const struct lu_left_out_task task = {.set = t->set,
					      .features = t->features,
					      .pose_count = t->pose_count,
					      .dedupe = t->task->dedupe,
					      .dedupe_bits = t->task->dedupe_bits,
					      .bands = (int)t->backbone->model->bands,
					      .range = t->range,
					      .threads = t->threads,
					      .hooks = t->task->hooks};
	enum lu_status status;

	if (t->set->class_count < 2)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: one class alone ('%s'): a classifier needs two or more",
			       t->set->path, t->set->classes[0]);
	LU_TRY(check_leaks(t, err));
	LU_TRY(lu_left_out_find(&task, &t->left_out, err));
	LU_TRY(choose_chips(t, err));
	LU_TRY(choose_folds(t, err));
	LU_TRY(sample(t, err));
	LU_TRY(find_known(t, err));
out:
	return status;
}

void lu_training_release(struct lu_training *t)
{
	lu_left_out_release(&t->left_out);
	lu_free(t->chips);
	lu_free(t->classes);
	lu_free(t->folds);
	lu_metrics_release(&t->metrics);
	lu_training_chips_release(&t->known);
	lu_free(t->class_weights);
	lu_head_release(&t->head);
	lu_reach_release(&t->reach);
}
