/* score_scale.c: two medians, brought apart by bisection. */
#include "models/score_scale.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

enum { FEWEST = 20, DRAWS = 4096, STEPS = 40 };

/* Log-odds beyond these say no more than "certain". */
static const double most_odds = 60;

struct pairs {
	const double *logits;
	size_t classes, n;
	size_t (*changed)[2]; /* 'count' pairs of rows of different classes */
	size_t count;
	double *p; /* n x classes: answers at the scale that is tried */
	double *scores; /* scratch */
};

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), ascending);
	return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/* Log-odds, but for what is common to all, that two answers are of different classes. */
static double score(const double *p, const double *q, size_t classes)
{
	double same = 0, differ = 0;

	for (size_t k = 0; k < classes; k++) {
		same += p[k] * q[k];
		differ += p[k] * (1 - q[k]);
	}
	const double odds = log(differ) - log(same);

	return isnan(odds) ? 0 : fmin(fmax(odds, -most_odds), most_odds);
}

static double gap_at(struct pairs *pairs, double scale)
{
	const size_t classes = pairs->classes;

	for (size_t i = 0; i < pairs->n; i++) {
		const double *row = pairs->logits + i * classes;
		double *p = pairs->p + i * classes, most = row[0], sum = 0;
		for (size_t k = 1; k < classes; k++)
			most = fmax(most, row[k]);
		for (size_t k = 0; k < classes; k++)
			sum += p[k] = exp(scale * (row[k] - most));
		for (size_t k = 0; k < classes; k++)
			p[k] /= sum;
	}
	for (size_t i = 0; i < pairs->n; i++)
		pairs->scores[i] = score(pairs->p + i * classes, pairs->p + i * classes, classes);
	const double stayed = median(pairs->scores, pairs->n);
	for (size_t i = 0; i < pairs->count; i++)
		pairs->scores[i] = score(pairs->p + pairs->changed[i][0] * classes,
					 pairs->p + pairs->changed[i][1] * classes, classes);
	return median(pairs->scores, pairs->count) - stayed;
}

enum lu_status lu_score_scale(const double *logits, const size_t *truth, size_t n, size_t classes, double *scale,
			      struct lu_error *err)
{
	struct pairs pairs = {.logits = logits, .classes = classes, .n = n};
	double low = LU_SCORE_SCALE_LEAST, high = LU_SCORE_SCALE_MOST;
	uint64_t random = 1;
	enum lu_status status;

	*scale = 1;
	if (n < FEWEST)
		return LU_OK;
	LU_TRY(lu_alloc(&pairs.changed, DRAWS, sizeof(*pairs.changed), "pairs of chips", err));
	LU_TRY(lu_alloc(&pairs.p, n * classes, sizeof(double), "answers", err));
	LU_TRY(lu_alloc(&pairs.scores, n > DRAWS ? n : DRAWS, sizeof(double), "scores of change", err));
	for (int i = 0; i < DRAWS; i++) {
		const size_t a = lu_random_next(&random) % n, b = lu_random_next(&random) % n;
		if (truth[a] == truth[b])
			continue;
		pairs.changed[pairs.count][0] = a;
		pairs.changed[pairs.count++][1] = b;
	}
	if (pairs.count < FEWEST)
		goto out;
	/* In logarithms, since it is a factor. */
	for (int i = 0; i < STEPS; i++) {
		const double middle = sqrt(low * high);
		if (gap_at(&pairs, middle) < LU_SCORE_GAP)
			low = middle;
		else
			high = middle;
	}
	*scale = sqrt(low * high);
out:
	lu_free(pairs.changed);
	lu_free(pairs.p);
	lu_free(pairs.scores);
	return status;
}
