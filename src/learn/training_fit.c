/*
 * training_fit.c: the head, and what is chosen on chips that it has not seen. See training.h.
 *
 *	for every fold		fit to the other folds, with each setting; scores of the fold's chips
 *	for every setting	temperature and log loss over all held-out chips: the least wins; a temperature that
 *				does not help chips which it was not found on is 1 instead
 *	at the end		fit to everything that may be learned from
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/pool.h"
#include "learn/temperature.h"
#include "learn/training.h"
#include "models/score_scale.h"

/* Rows of the chips that fold 'without' leaves to learn from (-1: all), every pose of each. */
struct lesson {
	const float **rows;
	size_t *classes;
	double *row_weights;
	double *weights; /* of the classes */
	struct lu_rows view;
};

static void lesson_release(struct lesson *lesson)
{
	lu_free(lesson->rows);
	lu_free(lesson->classes);
	lu_free(lesson->row_weights);
	lu_free(lesson->weights);
}

static bool is_learned(const struct lu_training *t, size_t i, int without)
{
	/* With the set's own split the final head too leaves its validate chips alone. */
	return t->fold_count == 1 ? t->folds[i] < 0 : t->folds[i] != without;
}

static enum lu_status lesson_make(const struct lu_training *t, int without, struct lesson *lesson, struct lu_error *err)
{
	const size_t most = t->count * t->pose_count;
	size_t n = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&lesson->rows, most, sizeof(*lesson->rows), "rows", err));
	LU_TRY(lu_alloc(&lesson->classes, most, sizeof(size_t), "rows", err));
	LU_TRY(lu_alloc(&lesson->row_weights, most, sizeof(double), "rows", err));
	LU_TRY(lu_alloc(&lesson->weights, t->set->class_count, sizeof(double), "weights", err));
	for (size_t i = 0; i < t->count; i++) {
		for (size_t p = 0; p < t->pose_count && is_learned(t, i, without); p++) {
			lesson->rows[n] = t->features->rows[t->chips[i] * t->pose_count + p];
			lesson->classes[n] = t->classes[i];
			lesson->row_weights[n] = t->set->chips[t->chips[i]].weight;
			n += lesson->rows[n] != NULL;
		}
	}
	lesson->view = (struct lu_rows){.rows = lesson->rows,
					.classes = lesson->classes,
					.count = n,
					.features = t->features->features,
					.class_count = t->set->class_count,
					.weights = lesson->row_weights};
	if (t->balanced)
		lu_balanced_weights(&lesson->view, lesson->weights);
	else if (t->class_weights != NULL)
		memcpy(lesson->weights, t->class_weights, t->set->class_count * sizeof(double));
out:
	return status;
}

/* Scores of the held-out chips for each setting: trial, chip, class. A chip that no fold validates has none. */
struct held_out {
	double *logits;
	size_t stride; /* count x classes */
};

static enum lu_status fit_once(const struct lu_training *t, const struct lesson *lesson, size_t trial, int threads,
			       const struct lu_head *start, struct lu_head *out, struct lu_error *err)
{
	const struct lu_head_task task = {.rows = &lesson->view,
					  .class_weights =
						  t->balanced || t->class_weights != NULL ? lesson->weights : NULL,
					  .setting = t->trials[trial].setting,
					  .start = start,
					  .seed = t->task->seed,
					  .threads = threads,
					  .hooks = t->task->hooks};

	return lu_head_fit(t->kind, &task, out, err);
}

/* Scores of the chips that 'fold' validates, each to its place. */
static enum lu_status score_fold(const struct lu_training *t, int fold, const struct lu_head *head, double *scores,
				 struct lu_error *err)
{
	const size_t classes = t->set->class_count;
	const float **rows = NULL;
	double *dense = NULL;
	size_t n = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&rows, t->count, sizeof(*rows), "rows", err));
	for (size_t i = 0; i < t->count; i++)
		if (t->folds[i] == fold)
			rows[n++] = t->features->rows[t->chips[i] * t->pose_count];
	LU_TRY(lu_alloc(&dense, n * classes, sizeof(double), "scores", err));
	LU_TRY(t->kind->score(head, rows, n, dense, err));
	n = 0;
	for (size_t i = 0; i < t->count; i++)
		if (t->folds[i] == fold)
			memcpy(scores + i * classes, dense + n++ * classes, classes * sizeof(double));
out:
	lu_free(rows);
	lu_free(dense);
	return status;
}

/* One fold, with every setting in turn: each fit may begin where the one before ended. */
static enum lu_status fit_fold(const struct lu_training *t, int fold, int threads, struct held_out *held_out,
			       struct lu_error *err)
{
	struct lesson lesson = {0};
	struct lu_head before = {0}, head = {0};
	enum lu_status status;

	LU_TRY(lesson_make(t, fold, &lesson, err));
	for (size_t trial = 0; trial < t->trial_count && status == LU_OK; trial++) {
		status = fit_once(t, &lesson, trial, threads, before.kind != NULL ? &before : NULL, &head, err);
		if (status == LU_OK)
			status = score_fold(t, fold, &head, held_out->logits + trial * held_out->stride, err);
		lu_head_release(&before);
		before = head;
		head = (struct lu_head){0};
	}
out:
	lu_head_release(&before);
	lesson_release(&lesson);
	return status;
}

/* What fits the folds, into what. */
struct fitting {
	const struct lu_training *training;
	struct held_out *held_out;
	int threads; /* inside each fold */
};

static enum lu_status fit_fold_part(void *context, void *own, int64_t fold, struct lu_error *err)
{
	const struct fitting *fitting = context;

	(void)own;
	return fit_fold(fitting->training, (int)fold, fitting->threads, fitting->held_out, err);
}

static enum lu_status fit_folds(struct lu_training *t, struct held_out *held_out, struct lu_error *err)
{
	struct fitting fitting = {t, held_out, t->kind->spreads ? t->threads : 1};

	return lu_pool_run(&(struct lu_pool_task){.threads = t->kind->spreads ? 1 : t->threads,
						  .parts = t->fold_count,
						  .context = &fitting,
						  .part = fit_fold_part,
						  .stage = "fitting",
						  .unit = 1,
						  .total = (uint64_t)t->fold_count,
						  .hooks = t->task->hooks},
			   err);
}

static enum lu_status list_trials(struct lu_training *t, struct lu_error *err)
{
	struct lu_head_setting settings[LU_MOST_SETTINGS];
	const enum lu_status status = t->kind->list(&t->task->trials, settings, &t->trial_count, err);

	for (size_t i = 0; i < t->trial_count && status == LU_OK; i++)
		t->trials[i] = (struct lu_trial){.setting = settings[i]};
	return status;
}

/* The chips that a fold validated, close together: their logits of one trial and their classes. */
struct validated {
	double *logits;
	size_t *truth, *predicted;
	float *confidence;
	bool *right;
	struct lu_block_chip *blocks; /* sorted in the end */
	int *part; /* the fold; halves where there is one fold only */
	int parts;
	size_t n;
};

static void validated_release(struct validated *v)
{
	lu_free(v->logits);
	lu_free(v->truth);
	lu_free(v->predicted);
	lu_free(v->confidence);
	lu_free(v->right);
	lu_free(v->part);
	lu_free(v->blocks);
}

static enum lu_status validated_init(const struct lu_training *t, struct validated *v, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(&v->logits, t->count * t->set->class_count, sizeof(double), "figures", err));
	LU_TRY(lu_alloc(&v->truth, t->count, sizeof(size_t), "figures", err));
	LU_TRY(lu_alloc(&v->predicted, t->count, sizeof(size_t), "figures", err));
	LU_TRY(lu_alloc(&v->confidence, t->count, sizeof(float), "figures", err));
	LU_TRY(lu_alloc(&v->right, t->count, sizeof(bool), "figures", err));
	LU_TRY(lu_alloc(&v->blocks, t->count, sizeof(*v->blocks), "figures", err));
	LU_TRY(lu_alloc(&v->part, t->count, sizeof(int), "figures", err));
out:
	v->parts = t->fold_count > 1 ? t->fold_count : 2;
	return status;
}

static void validated_take(const struct lu_training *t, const struct held_out *held_out, size_t trial,
			   struct validated *v)
{
	const size_t classes = t->set->class_count;

	v->n = 0;
	for (size_t i = 0; i < t->count; i++) {
		if (t->folds[i] < 0)
			continue;
		memcpy(v->logits + v->n * classes, held_out->logits + trial * held_out->stride + i * classes,
		       classes * sizeof(double));
		v->part[v->n] = t->fold_count > 1 ? t->folds[i] : (int)(v->n % 2);
		const struct lu_labelled_chip *chip = &t->set->chips[t->chips[i]];
		v->blocks[v->n].block = chip->block[0] != '\0' ? chip->block : chip->path;
		v->truth[v->n++] = t->classes[i];
	}
}

/* Predictions at a temperature; returns how many are right. */
static size_t predict(struct validated *v, size_t classes, double temperature)
{
	size_t right = 0;

	for (size_t i = 0; i < v->n; i++) {
		v->predicted[i] = lu_softmax_best(v->logits + i * classes, classes, temperature, &v->confidence[i]);
		v->right[i] = v->predicted[i] == v->truth[i];
		right += v->right[i];
	}
	return right;
}

/* The chips of 'part', or all others, from 'v' to 'to': logits and truths only. */
static void take_part(const struct validated *v, size_t classes, int part, bool others, struct validated *to)
{
	to->n = 0;
	for (size_t i = 0; i < v->n; i++) {
		if ((v->part[i] == part) == others)
			continue;
		memcpy(to->logits + to->n * classes, v->logits + i * classes, classes * sizeof(double));
		to->truth[to->n++] = v->truth[i];
	}
}

/*
 * The calibration error that a temperature leaves on chips that have no say in it: each part is scaled by what the other
 * parts find. Not below that of all chips at 'temperature', which is the one to be shipped. 'spare' has room for as many
 * chips as 'v'.
 */
static double error_held_out(struct validated *v, size_t classes, double temperature, struct validated *spare)
{
	predict(v, classes, temperature);
	const double shipped = lu_calibration_error(v->confidence, v->right, v->n);

	for (int part = 0; part < v->parts; part++) {
		size_t k = 0;
		take_part(v, classes, part, true, spare);
		const double found = lu_temperature_fit(spare->logits, spare->truth, spare->n, classes);
		take_part(v, classes, part, false, spare);
		predict(spare, classes, found);
		for (size_t i = 0; i < v->n; i++)
			if (v->part[i] == part)
				v->confidence[i] = spare->confidence[k++];
	}
	return fmax(shipped, lu_calibration_error(v->confidence, v->right, v->n));
}

static enum lu_status choose(struct lu_training *t, const struct held_out *held_out, struct lu_error *err)
{
	const size_t classes = t->set->class_count;
	struct validated v = {0}, spare = {0};
	enum lu_status status;

	LU_TRY(validated_init(t, &v, err));
	LU_TRY(validated_init(t, &spare, err));

	for (size_t k = 0; k < t->trial_count; k++) {
		struct lu_trial *trial = &t->trials[k];
		validated_take(t, held_out, k, &v);
		trial->tried = lu_temperature_fit(v.logits, v.truth, v.n, classes);
		trial->ece_tried = error_held_out(&v, classes, trial->tried, &spare);
		predict(&v, classes, 1);
		const bool helps = trial->ece_tried <= lu_calibration_error(v.confidence, v.right, v.n);
		trial->temperature = helps ? trial->tried : 1;
		trial->log_loss = lu_log_loss(v.logits, v.truth, v.n, classes, trial->temperature);
		trial->accuracy = (double)predict(&v, classes, 1) / (double)v.n;
		if (trial->log_loss < t->trials[t->chosen].log_loss)
			t->chosen = k;
	}
	t->temperature = t->trials[t->chosen].temperature;
	validated_take(t, held_out, t->chosen, &v);
	predict(&v, classes, 1);
	t->ece_before = lu_calibration_error(v.confidence, v.right, v.n);
	predict(&v, classes, t->temperature);
	t->ece_by_chance = lu_calibration_error_by_chance(v.confidence, v.n);
	for (size_t i = 0; i < v.n; i++)
		v.blocks[i].right = v.right[i];
	t->by_blocks = lu_accuracy_by_blocks(v.blocks, v.n);
	for (size_t i = 0; i < v.n * classes; i++)
		v.logits[i] /= t->temperature;
	LU_TRY(lu_score_scale(v.logits, v.truth, v.n, classes, &t->score_scale, err));
	LU_TRY(lu_metrics_make(v.truth, v.predicted, v.confidence, v.n, classes, &t->metrics, err));
out:
	validated_release(&v);
	validated_release(&spare);
	return status;
}

/* The head that is shipped: fitted to everything that may be learned from. */
static enum lu_status fit_final(struct lu_training *t, struct lu_error *err)
{
	struct lesson lesson = {0};
	enum lu_status status;

	LU_TRY(lesson_make(t, -1, &lesson, err));
	for (size_t i = 0; i < t->count; i++)
		t->learned += is_learned(t, i, -1);
	LU_TRY(fit_once(t, &lesson, t->chosen, t->threads, NULL, &t->head, err));
	if (t->kind->settle != NULL)
		LU_TRY(t->kind->settle(&t->head, &lesson.view, err));
out:
	lesson_release(&lesson);
	return status;
}

/* What is about to be needed, before it is. */
static void tell_need(const struct lu_training *t)
{
	const struct lu_rows most = {.count = t->count * t->pose_count,
				     .features = t->features->features,
				     .class_count = t->set->class_count};
	double each = 0;

	for (size_t i = 0; i < t->trial_count; i++)
		each = fmax(each, t->kind->bytes(&most, &t->trials[i].setting));
	lu_log(t->task->hooks, LU_LEVEL_INFO,
	       "fitting to %zu rows of %zu features: %.0f MB in a file that is mapped, and up to %.0f MB of memory a "
	       "thread",
	       most.count, most.features, 4e-6 * (double)most.count * (double)most.features, 1e-6 * each);
}

enum lu_status lu_training_fit(struct lu_training *t, struct lu_error *err)
{
	struct held_out held_out = {.stride = t->count * t->set->class_count};
	const double start = lu_seconds_now();
	enum lu_status status;

	LU_TRY(list_trials(t, err));
	tell_need(t);
	LU_TRY(lu_alloc(&held_out.logits, t->trial_count * held_out.stride, sizeof(double), "logits", err));
	LU_TRY(fit_folds(t, &held_out, err));
	LU_TRY(choose(t, &held_out, err));
	LU_TRY(fit_final(t, err));
out:
	lu_free(held_out.logits);
	t->fit_seconds = lu_seconds_now() - start;
	return status;
}
