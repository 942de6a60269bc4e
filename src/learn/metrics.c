/* metrics.c: counts and the shares that follow from them. See metrics.h. */
#include "learn/metrics.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interval.h"
#include "base/memory.h"
#include "base/random.h"

/* Running sums of the bins of confidence: ((k / 15), (k + 1) / 15]. */
struct bins {
	double confidence[LU_ECE_BINS];
	uint64_t n[LU_ECE_BINS], right[LU_ECE_BINS];
};

static void bins_add(struct bins *bins, float confidence, bool right)
{
	int bin = (int)ceil((double)confidence * LU_ECE_BINS) - 1;

	bin = bin < 0 ? 0 : bin >= LU_ECE_BINS ? LU_ECE_BINS - 1 : bin;
	bins->confidence[bin] += confidence;
	bins->n[bin]++;
	bins->right[bin] += right;
}

static double bins_error(const struct bins *bins, size_t n)
{
	double sum = 0;

	for (int k = 0; k < LU_ECE_BINS; k++)
		sum += fabs((double)bins->right[k] - bins->confidence[k]);
	return n > 0 ? sum / (double)n : NAN;
}

double lu_calibration_error(const float *confidence, const bool *right, size_t n)
{
	struct bins bins = {0};

	for (size_t i = 0; i < n; i++)
		bins_add(&bins, confidence[i], right[i]);
	return bins_error(&bins, n);
}

double lu_calibration_error_by_chance(const float *confidence, size_t n)
{
	enum { DRAWS = 200 };
	uint64_t random = 1;
	double sum = 0;

	for (int draw = 0; draw < DRAWS; draw++) {
		struct bins bins = {0};
		for (size_t i = 0; i < n; i++)
			bins_add(&bins, confidence[i], lu_random_unit(lu_random_next(&random)) < (double)confidence[i]);
		sum += bins_error(&bins, n) / DRAWS;
	}
	return sum;
}

static int by_block(const void *a, const void *b)
{
	const struct lu_block_chip *x = a, *y = b;

	return strcmp(x->block, y->block);
}

struct lu_by_blocks lu_accuracy_by_blocks(struct lu_block_chip *chips, size_t n)
{
	struct lu_by_blocks out = {.design_effect = 1};
	double right = 0, squares = 0, off = 0;

	qsort(chips, n, sizeof(*chips), by_block);
	for (size_t i = 0; i < n; i++)
		right += chips[i].right;
	const double accuracy = right / (double)n, alone = accuracy * (1 - accuracy) * (double)n;
	for (size_t i = 0; i < n; i++) {
		off += (double)chips[i].right - accuracy;
		if (i + 1 < n && strcmp(chips[i].block, chips[i + 1].block) == 0)
			continue;
		squares += off * off;
		off = 0;
		out.blocks++;
	}
	if (!(alone > 0))
		out.design_effect = (double)n / (double)out.blocks;
	else if (out.blocks > 1)
		out.design_effect = fmax(1, squares * (double)out.blocks / (double)(out.blocks - 1) / alone);
	const struct lu_interval within = lu_wilson(accuracy, (double)n / out.design_effect, LU_WILSON_Z95);

	out.low = within.low;
	out.high = within.high;
	return out;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : NAN;
}

/* Everything that follows from the confusion matrix. */
static void derive(struct lu_metrics *m)
{
	const double n = (double)m->n;
	double chance = 0, f1 = 0;
	size_t supported = 0;

	for (size_t k = 0; k < m->class_count; k++) {
		struct lu_class_metrics *class = &m->classes[k];

		class->right = m->confusion[k * m->class_count + k];
		class->precision = share(class->right, class->predicted);
		class->recall = share(class->right, class->support);
		class->f1 = share(2 * class->right, class->predicted + class->support);
		m->right += class->right;
		chance += (double)class->predicted * (double)class->support / (n * n);
		if (class->support > 0) {
			f1 += class->f1;
			supported++;
		}
	}
	m->accuracy = share(m->right, m->n);
	const struct lu_interval within = lu_wilson(m->n > 0 ? m->accuracy : 0, (double)m->n, LU_WILSON_Z95);

	m->low = within.low;
	m->high = within.high;
	m->kappa = chance < 1 ? (m->accuracy - chance) / (1 - chance) : NAN;
	m->macro_f1 = supported > 0 ? f1 / (double)supported : NAN;
}

enum lu_status lu_metrics_make(const size_t *reference, const size_t *predicted, const float *confidence, size_t n,
			       size_t class_count, struct lu_metrics *out, struct lu_error *err)
{
	struct bins bins = {0};
	double confidence_sum = 0;
	size_t cells;

	*out = (struct lu_metrics){.class_count = class_count, .n = n};
	if (!lu_mul(class_count, class_count, &cells))
		return lu_fail(err, LU_ERROR_MEMORY, "a confusion matrix of %zu classes is too large", class_count);
	enum lu_status status;

	LU_TRY(lu_alloc(&out->confusion, cells, sizeof(*out->confusion), "a confusion matrix", err));
	LU_TRY(lu_alloc(&out->classes, class_count, sizeof(*out->classes), "class metrics", err));
	for (size_t i = 0; i < n; i++) {
		assert(reference[i] < class_count && predicted[i] < class_count);
		out->confusion[predicted[i] * class_count + reference[i]]++;
		out->classes[reference[i]].support++;
		out->classes[predicted[i]].predicted++;
		bins_add(&bins, confidence[i], reference[i] == predicted[i]);
		confidence_sum += confidence[i];
	}
	derive(out);
	out->ece = bins_error(&bins, n);
	out->mean_confidence = n > 0 ? confidence_sum / (double)n : NAN;
out:
	if (status != LU_OK)
		lu_metrics_release(out);
	return status;
}

void lu_metrics_release(struct lu_metrics *metrics)
{
	lu_free(metrics->confusion);
	lu_free(metrics->classes);
	*metrics = (struct lu_metrics){0};
}

const char *lu_figure_text(double figure, char text[LU_FIGURE_TEXT])
{
	if (isfinite(figure))
		snprintf(text, LU_FIGURE_TEXT, "%.4f", figure);
	else
		snprintf(text, LU_FIGURE_TEXT, "-");
	return text;
}
