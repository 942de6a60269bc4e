/*
 * training_fit.c: the head, and what is chosen on chips that it has not seen. See training.h.
 *
 *	for every fold		fit to the other folds, for each l2; logits of the fold's chips
 *	for every l2		temperature and log loss over all held-out chips: the least wins
 *	at the end		fit to everything that may be learned from, divide by the temperature
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "job/learning/training.h"
#include "learn/temperature.h"

static const double default_l2[] = {1e-1, 1e-2, 1e-3};

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
	enum lu_status status = lu_alloc(&lesson->rows, most, sizeof(*lesson->rows), "rows", err);

	if (status == LU_OK)
		status = lu_alloc(&lesson->classes, most, sizeof(size_t), "rows", err);
	if (status == LU_OK)
		status = lu_alloc(&lesson->row_weights, most, sizeof(double), "rows", err);
	if (status == LU_OK)
		status = lu_alloc(&lesson->weights, t->set->class_count, sizeof(double), "weights", err);
	if (status != LU_OK)
		return status;
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
	lu_balanced_weights(&lesson->view, lesson->weights);
	return LU_OK;
}

/* Logits of the held-out chips for each l2: trial, chip, class. A chip that no fold validates has none. */
struct held_out {
	double *logits;
	size_t stride; /* count x classes */
};

static enum lu_status fit_once(const struct lu_training *t, const struct lesson *lesson, double l2,
			       const struct lu_logistic *start, struct lu_logistic *out, struct lu_error *err)
{
	const struct lu_logistic_options options = {.l2 = l2,
						    .class_weights = t->options->balance ? lesson->weights : NULL,
						    .start = start,
						    .hooks = t->options->hooks};

	return lu_logistic_fit(&lesson->view, &options, out, err);
}

/* One fold, the strongest penalty first: each fit begins where the one before ended. */
static enum lu_status fit_fold(const struct lu_training *t, int fold, struct held_out *held_out, struct lu_error *err)
{
	const size_t classes = t->set->class_count;
	struct lesson lesson = {0};
	struct lu_logistic before = {0}, head = {0};
	enum lu_status status = lesson_make(t, fold, &lesson, err);

	for (size_t trial = 0; trial < t->trial_count && status == LU_OK; trial++) {
		status = fit_once(t, &lesson, t->trials[trial].l2, before.weights != NULL ? &before : NULL, &head, err);
		if (status != LU_OK)
			break;
		for (size_t i = 0; i < t->count; i++)
			if (t->folds[i] == fold)
				lu_logistic_logits(&head, t->features->rows[t->chips[i] * t->pose_count],
						   held_out->logits + trial * held_out->stride + i * classes);
		lu_logistic_release(&before);
		before = head;
		head = (struct lu_logistic){0};
	}
	lu_logistic_release(&before);
	lesson_release(&lesson);
	return status;
}

static enum lu_status fit_folds(struct lu_training *t, struct held_out *held_out, struct lu_error *err)
{
	struct lu_error first = {0};
	int done = 0;

	lu_progress(t->options->hooks, "fitting", 0, (uint64_t)t->fold_count);
#pragma omp parallel for schedule(dynamic) num_threads(t->threads)
	for (int fold = 0; fold < t->fold_count; fold++) {
		struct lu_error fault = {0};
		const enum lu_status status = fit_fold(t, fold, held_out, &fault);
		int now;
#pragma omp critical(training_fit)
		{
			if (status != LU_OK && first.status == LU_OK)
				first = fault;
			now = ++done;
		}
		lu_progress(t->options->hooks, "fitting", (uint64_t)now, (uint64_t)t->fold_count);
	}
	if (first.status != LU_OK)
		*err = first;
	return first.status;
}

static int strongest_first(const void *a, const void *b)
{
	const double left = ((const struct lu_l2_trial *)a)->l2, right = ((const struct lu_l2_trial *)b)->l2;

	return (left < right) - (left > right);
}

static void list_trials(struct lu_training *t)
{
	const double *list = t->options->l2_count > 0 ? t->options->l2 : default_l2;

	t->trial_count = t->options->l2_count > 0 ? t->options->l2_count : sizeof(default_l2) / sizeof(default_l2[0]);
	for (size_t i = 0; i < t->trial_count; i++)
		t->trials[i] = (struct lu_l2_trial){.l2 = list[i]};
	qsort(t->trials, t->trial_count, sizeof(t->trials[0]), strongest_first);
}

/* The chips that a fold validated, close together: their logits of one trial and their classes. */
struct validated {
	double *logits;
	size_t *truth, *predicted;
	float *confidence;
	bool *right;
	size_t n;
};

static void validated_release(struct validated *v)
{
	lu_free(v->logits);
	lu_free(v->truth);
	lu_free(v->predicted);
	lu_free(v->confidence);
	lu_free(v->right);
}

static enum lu_status validated_init(const struct lu_training *t, struct validated *v, struct lu_error *err)
{
	enum lu_status status = lu_alloc(&v->logits, t->count * t->set->class_count, sizeof(double), "figures", err);

	if (status == LU_OK)
		status = lu_alloc(&v->truth, t->count, sizeof(size_t), "figures", err);
	if (status == LU_OK)
		status = lu_alloc(&v->predicted, t->count, sizeof(size_t), "figures", err);
	if (status == LU_OK)
		status = lu_alloc(&v->confidence, t->count, sizeof(float), "figures", err);
	if (status == LU_OK)
		status = lu_alloc(&v->right, t->count, sizeof(bool), "figures", err);
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

static enum lu_status choose(struct lu_training *t, const struct held_out *held_out, struct lu_error *err)
{
	const size_t classes = t->set->class_count;
	struct validated v = {0};
	enum lu_status status = validated_init(t, &v, err);

	if (status != LU_OK)
		goto out;
	for (size_t k = 0; k < t->trial_count; k++) {
		struct lu_l2_trial *trial = &t->trials[k];
		validated_take(t, held_out, k, &v);
		trial->temperature = lu_temperature_fit(v.logits, v.truth, v.n, classes);
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
	status = lu_metrics_make(v.truth, v.predicted, v.confidence, v.n, classes, &t->metrics, err);
out:
	validated_release(&v);
	return status;
}

/* The head that is shipped: fitted to everything that may be learned from, temperature folded in. */
static enum lu_status fit_final(struct lu_training *t, struct lu_error *err)
{
	struct lesson lesson = {0};
	enum lu_status status = lesson_make(t, -1, &lesson, err);

	for (size_t i = 0; i < t->count; i++)
		t->learned += is_learned(t, i, -1);
	if (status == LU_OK)
		status = fit_once(t, &lesson, t->trials[t->chosen].l2, NULL, &t->head, err);
	lesson_release(&lesson);
	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < t->head.class_count * t->head.features; i++)
		t->head.weights[i] /= t->temperature;
	for (size_t k = 0; k < t->head.class_count; k++)
		t->head.bias[k] /= t->temperature;
	return LU_OK;
}

enum lu_status lu_training_fit(struct lu_training *t, struct lu_error *err)
{
	struct held_out held_out = {.stride = t->count * t->set->class_count};
	const double start = lu_seconds_now();
	enum lu_status status;

	list_trials(t);
	status = lu_alloc(&held_out.logits, t->trial_count * held_out.stride, sizeof(double), "logits", err);
	if (status == LU_OK)
		status = fit_folds(t, &held_out, err);
	if (status == LU_OK)
		status = choose(t, &held_out, err);
	if (status == LU_OK)
		status = fit_final(t, err);
	lu_free(held_out.logits);
	t->fit_seconds = lu_seconds_now() - start;
	return status;
}
