/*
 * guard.c: see guard.h.
 */
#include "models/guard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FEW = 50 };

void lu_guard_scores(float *answers, size_t classes)
{
	double sum = 0;

	for (size_t k = 0; k < classes; k++) {
		if (!(answers[k] >= 0))
			return;
		sum += (double)answers[k];
	}
	if (fabs(sum - 1) > 1e-4)
		return;
	for (size_t k = 0; k < classes; k++)
		answers[k] = logf(fmaxf(answers[k], 1e-30f));
}

/* The best and the next best of a picture's answers. */
static void find_best(const float *answers, size_t classes, size_t *best, size_t *next)
{
	*best = 0;
	for (size_t k = 1; k < classes; k++)
		*best = answers[k] > answers[*best] ? k : *best;
	*next = *best == 0 ? 1 : 0;
	for (size_t k = 0; k < classes; k++)
		*next = k != *best && answers[k] > answers[*next] ? k : *next;
}

double lu_guard_error(const struct lu_guard *g, const float *after)
{
	double margins = 0, errors = 0;

	for (size_t i = 0; i < g->pictures && g->classes > 1; i++) {
		const float *b = g->before + i * g->classes, *a = after + i * g->classes;
		size_t best, next;
		double margin;

		find_best(b, g->classes, &best, &next);
		margin = (double)b[best] - (double)b[next];
		margins += margin;
		errors += fabs((double)a[best] - (double)a[next] - margin);
	}
	return errors > 0 ? errors / fmax(margins, 1e-30) : 0;
}

static double squares(const struct lu_guard *g, const float *after, size_t every)
{
	double sum = 0;

	for (size_t i = 0; i < g->pictures; i += every)
		for (size_t k = i * g->classes; k < (i + 1) * g->classes; k++)
			sum += ((double)after[k] - (double)g->before[k]) * ((double)after[k] - (double)g->before[k]);
	return sum;
}

struct layer {
	int number;
	double error;
};

static int by_error(const void *a, const void *b)
{
	const struct layer *x = a, *y = b;

	return x->error != y->error ? (x->error < y->error ? 1 : -1) : x->number - y->number;
}

/* The layers, those that err most by themselves first. To tell them apart fewer pictures are enough. */
static enum lu_status rank(const struct lu_guard *g, bool *left, float *after, struct layer *layers,
			   struct lu_error *err)
{
	const size_t every = g->pictures > FEW ? g->pictures / FEW : 1;
	enum lu_status status = LU_OK;

	for (int k = 0; k < g->layers; k++) {
		for (int i = 0; i < g->layers; i++)
			left[i] = i != k;
		LU_TRY(g->answer(g->user, left, every, after, err));
		layers[k] = (struct layer){k, squares(g, after, every)};
	}
	qsort(layers, (size_t)g->layers, sizeof(*layers), by_error);
out:
	return status;
}

enum lu_status lu_guard_choose(const struct lu_guard *g, bool *left, double *error, struct lu_error *err)
{
	const size_t bytes = (size_t)g->layers * sizeof(*left);
	const int most = g->layers / 4; /* of three none: without integers it would be no network in integers */
	struct layer *layers = NULL;
	float *after = NULL;
	double with;
	int best = 0;
	enum lu_status status;

	memset(left, 0, bytes);
	LU_TRY(lu_alloc(&layers, (size_t)g->layers, sizeof(*layers), "layers", err));
	LU_TRY(lu_alloc(&after, g->pictures * g->classes, sizeof(*after), "answers", err));
	LU_TRY(g->answer(g->user, left, 1, after, err));
	*error = lu_guard_error(g, after);
	if (*error <= g->limit || most == 0)
		goto out;
	status = rank(g, left, after, layers, err);
	memset(left, 0, bytes);
	for (int i = 0; i < most && status == LU_OK; i++) {
		if (*error <= g->limit)
			break;
		left[layers[i].number] = true;
		status = g->answer(g->user, left, 1, after, err);
		with = lu_guard_error(g, after);
		best = with < *error ? i + 1 : best;
		*error = fmin(with, *error);
	}
	for (int i = best; i < most; i++) /* those that did not help */
		left[layers[i].number] = false;
out:
	lu_free(after);
	lu_free(layers);
	return status;
}
