/*
 * round_weights.c: coordinate descent over the integers of each output channel. See round_weights.h.
 */
#include "nn/quantize/round_weights.h"

#include <math.h>

#include "base/memory.h"

enum { MOST_SWEEPS = 20 };

/*
 * What is added to the diagonal, as a share of its mean: few rows cannot tell which weights may make up for each other.
 * On ResNet-20 of CIFAR-10 the logits are as near with 0.001 as with 0.01.
 */
static const double DAMPING = 0.01;

enum lu_status lu_moments_init(struct lu_moments *m, int64_t depth, struct lu_error *err)
{
	enum lu_status status;

	*m = (struct lu_moments){.depth = depth};
	LU_TRY(lu_alloc(&m->sums, (size_t)depth, sizeof(*m->sums), "sums", err));
	if (depth <= LU_MOMENTS_DEEPEST)
		LU_TRY(lu_alloc(&m->products, (size_t)(depth * depth), sizeof(*m->products), "products", err));
out:
	return status;
}

void lu_moments_release(struct lu_moments *m)
{
	lu_free(m->sums);
	lu_free(m->products);
	*m = (struct lu_moments){0};
}

static int32_t dot(const int16_t *a, const int16_t *b)
{
	int32_t sum = 0; /* 64 x 255 x 255 at most */

	for (int i = 0; i < LU_MOMENTS_ROWS; i++)
		sum += a[i] * b[i];
	return sum;
}

void lu_moments_add(struct lu_moments *m, const int16_t *x, int n)
{
	for (int64_t k = 0; k < m->depth; k++)
		for (int i = 0; i < n; i++)
			m->sums[k] += x[k * LU_MOMENTS_ROWS + i];
	for (int64_t k = 0; k < m->depth && m->products != NULL; k++)
		for (int64_t j = 0; j <= k; j++)
			m->products[k * m->depth + j] += dot(x + k * LU_MOMENTS_ROWS, x + j * LU_MOMENTS_ROWS);
	m->count += n;
}

/* The matrix of the quadratic form, both halves, damped. */
static void set_form(const struct lu_moments *m, bool centred, double *form)
{
	double trace = 0;

	for (int64_t i = 0; i < m->depth; i++) {
		for (int64_t j = 0; j <= i; j++) {
			double sum = (double)m->products[i * m->depth + j];

			if (centred)
				sum -= (double)m->sums[i] * ((double)m->sums[j] / (double)m->count);
			form[i * m->depth + j] = form[j * m->depth + i] = sum / (double)m->count;
		}
		trace += form[i * m->depth + i];
	}
	for (int64_t i = 0; i < m->depth; i++)
		form[i * m->depth + i] += DAMPING * trace / (double)m->depth;
}

static double nearest(double x)
{
	return fmax(-127, fmin(127, rint(x)));
}

/* One channel; 'error' are its weights' errors in steps, 'pull' is the form times them. */
static void descend(const double *form, int64_t depth, int64_t stride, double *error, double *pull, int8_t *integers)
{
	bool moved = true;

	for (int64_t k = 0; k < depth; k++) {
		pull[k] = 0;
		for (int64_t j = 0; j < depth; j++)
			pull[k] += form[k * depth + j] * error[j];
	}
	for (int sweep = 0; sweep < MOST_SWEEPS && moved; sweep++) {
		moved = false;
		for (int64_t k = 0; k < depth; k++) {
			const double *row = form + k * depth;
			double move;

			if (!(row[k] > 0))
				continue;
			move = nearest(integers[k * stride] + pull[k] / row[k]) - integers[k * stride];
			if (move == 0)
				continue;
			moved = true;
			integers[k * stride] = (int8_t)(integers[k * stride] + move);
			error[k] -= move;
			for (int64_t j = 0; j < depth; j++)
				pull[j] -= move * row[j];
		}
	}
}

enum lu_status lu_round_weights(const struct lu_moments *m, const struct lu_rounding *r, struct lu_error *err)
{
	double *form = NULL, *error = NULL;
	enum lu_status status;
	bool descends = m->products != NULL && m->count > 0;

	LU_TRY(lu_alloc(&error, 2 * (size_t)m->depth, sizeof(*error), "weights", err));
	if (descends)
		LU_TRY(lu_alloc(&form, (size_t)(m->depth * m->depth), sizeof(*form), "a covariance", err));
	if (descends)
		set_form(m, r->gains != NULL, form);
	for (int64_t c = 0; c < r->channels; c++) {
		int8_t *integers = r->integers + c * r->by_channel;
		double gain = 0;

		for (int64_t k = 0; k < m->depth; k++) {
			double w = (double)r->weights[c * r->by_channel + k * r->by_depth] / r->steps[c];

			integers[k * r->by_depth] = (int8_t)nearest(w);
			error[k] = w - integers[k * r->by_depth];
		}
		if (descends)
			descend(form, m->depth, r->by_depth, error, error + m->depth, integers);
		for (int64_t k = 0; k < m->depth && m->count > 0; k++)
			gain += error[k] * ((double)m->sums[k] / (double)m->count);
		if (r->gains != NULL)
			r->gains[c] = gain;
	}
out:
	lu_free(form);
	lu_free(error);
	return status;
}
