/* adapt.c: loss and gradient of the correction, folds, and the comparison with what was there. See adapt.h. */
#include "learn/adapt.h"

#include <cblas.h>
#include <lbfgs.h>
#include <math.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/pool.h"
#include "learn/rows.h"

const double lu_adapt_strengths[LU_ADAPT_STRENGTHS] = {1, 0.3, 0.1, 0.03, 0.01, 0.003};

enum { MOST_ITERATIONS = 300 };

/* Everything that is the same for all fits. */
struct fitting {
	const struct lu_adapt_task *task;
	double *mean, *inverse; /* of the features of all rows */
	float *z; /* count x features */
	/* Of held-out rows, strength x count: the loss, whether the best group is the true one, and x classes logits. */
	double *losses;
	uint8_t *right;
	float *logits;
};

/* One fit: the rows outside fold 'without' (-1: all). */
struct fit {
	const struct fitting *all;
	int without;
	double l2, weight_sum;
	float *x, *g; /* classes x features: weights and gradient */
	float *p; /* count x classes: logits, then residuals */
	double *logits; /* of one row */
};

static bool learns(const struct fit *fit, size_t row)
{
	return fit->all->task->folds[row] != fit->without;
}

/* Probabilities of a row's classes from 'logits', in place; returns those of its group together. */
static double soften(const struct lu_adapt_task *task, double *logits, size_t group)
{
	double most = -INFINITY, sum = 0, together = 0;

	for (size_t k = 0; k < task->classes; k++)
		most = fmax(most, logits[k]);
	for (size_t k = 0; k < task->classes; k++)
		sum += logits[k] = exp(logits[k] - most);
	for (size_t k = 0; k < task->classes; k++) {
		logits[k] /= sum;
		together += task->group_of[k] == (int)group ? logits[k] : 0;
	}
	return together;
}

/* Never certain that it cannot be: a group that the prior knows nothing of can be learned. */
static double loss_of(double together)
{
	return -log(fmax(together, 1e-12));
}

/* The logits in 'p' of every row that is learned from become weight x (probability - share of the group). */
static double residuals(struct fit *fit, const double *bias, double *bias_gradient)
{
	const struct lu_adapt_task *task = fit->all->task;
	double loss = 0;

	for (size_t i = 0; i < task->count; i++) {
		float *p = fit->p + i * task->classes;
		if (!learns(fit, i)) {
			memset(p, 0, task->classes * sizeof(*p));
			continue;
		}
		const double weight = task->weights[i] / fit->weight_sum;
		for (size_t k = 0; k < task->classes; k++)
			fit->logits[k] = task->log_prior[i * task->classes + k] + (double)p[k] + bias[k];
		const double together = soften(task, fit->logits, task->truth[i]);
		loss += weight * loss_of(together);
		for (size_t k = 0; k < task->classes; k++) {
			const bool inside = task->group_of[k] == (int)task->truth[i];
			const double share =
				weight * (fit->logits[k] - (inside ? fit->logits[k] / fmax(together, 1e-12) : 0));
			bias_gradient[k] += share;
			p[k] = (float)share;
		}
	}
	return loss;
}

static void products(const struct fit *fit, const float *x, float *p)
{
	const struct lu_adapt_task *task = fit->all->task;

	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)task->count, (int)task->classes, (int)task->features,
		    1, fit->all->z, (int)task->features, x, (int)task->features, 0, p, (int)task->classes);
}

static lbfgsfloatval_t evaluate(void *instance, const lbfgsfloatval_t *x, lbfgsfloatval_t *gradient, const int n,
				const lbfgsfloatval_t step)
{
	struct fit *fit = instance;
	const struct lu_adapt_task *task = fit->all->task;
	const size_t weights = task->classes * task->features;
	double squares = 0;

	(void)step;
	for (int i = 0; i < n; i++) {
		squares += x[i] * x[i];
		gradient[i] = fit->l2 * x[i];
	}
	for (size_t i = 0; i < weights; i++)
		fit->x[i] = (float)x[i];
	products(fit, fit->x, fit->p);
	const double loss = residuals(fit, x + weights, gradient + weights);
	cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)task->classes, (int)task->features, (int)task->count,
		    1, fit->p, (int)task->classes, fit->all->z, (int)task->features, 0, fit->g, (int)task->features);
	for (size_t i = 0; i < weights; i++)
		gradient[i] += (double)fit->g[i];
	return loss + fit->l2 / 2 * squares;
}

static int stop(void *instance, const lbfgsfloatval_t *x, const lbfgsfloatval_t *g, const lbfgsfloatval_t fx,
		const lbfgsfloatval_t xnorm, const lbfgsfloatval_t gnorm, const lbfgsfloatval_t step, int n, int k,
		int ls)
{
	const struct fit *fit = instance;

	(void)x, (void)g, (void)fx, (void)xnorm, (void)gnorm, (void)step, (void)n, (void)k, (void)ls;
	return lu_cancelled(fit->all->task->hooks);
}

static void fit_release(struct fit *fit)
{
	lu_free(fit->x);
	lu_free(fit->g);
	lu_free(fit->p);
	lu_free(fit->logits);
}

static enum lu_status fit_init(struct fit *fit, const struct fitting *all, int without, struct lu_error *err)
{
	const struct lu_adapt_task *task = all->task;
	enum lu_status status;

	*fit = (struct fit){.all = all, .without = without};
	LU_TRY(lu_alloc(&fit->x, task->classes * task->features, sizeof(float), "a fit", err));
	LU_TRY(lu_alloc(&fit->g, task->classes * task->features, sizeof(float), "a fit", err));
	LU_TRY(lu_alloc(&fit->p, task->count * task->classes, sizeof(float), "a fit", err));
	LU_TRY(lu_alloc(&fit->logits, task->classes, sizeof(double), "a fit", err));
	for (size_t i = 0; i < task->count; i++)
		fit->weight_sum += learns(fit, i) ? task->weights[i] : 0;
out:
	return status;
}

/* From 'x' on to the least: classes x features weights, then the biases. */
static enum lu_status minimise(struct fit *fit, double l2, lbfgsfloatval_t *x, int count, struct lu_error *err)
{
	lbfgs_parameter_t parameter;

	fit->l2 = l2;
	lbfgs_parameter_init(&parameter);
	parameter.max_iterations = MOST_ITERATIONS;
	parameter.epsilon = 1e-3;
	parameter.past = 5;
	parameter.delta = 1e-3;
	parameter.linesearch = LBFGS_LINESEARCH_BACKTRACKING_WOLFE;
	const int code = lbfgs(count, x, NULL, evaluate, stop, fit, &parameter);
	if (lu_cancelled(fit->all->task->hooks))
		return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
	if (code == LBFGSERR_OUTOFMEMORY)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a fit of %d weights", count);
	return LU_OK; /* out of iterations, or no lower point within rounding: what there is, is good */
}

/* liblbfgs built for SSE wants a multiple of 16: the rest has no gradient and stays 0. */
static size_t padded(const struct lu_adapt_task *task)
{
	return (task->classes * (task->features + 1) + 15) / 16 * 16;
}

/* How the rows of the fold fare under weights and biases 'x' (NULL: without a correction); 'logits' may be NULL. */
static void judge(struct fit *fit, const lbfgsfloatval_t *x, double *losses, uint8_t *right, float *logits,
		  double *sums)
{
	const struct lu_adapt_task *task = fit->all->task;
	const size_t weights = task->classes * task->features;

	memset(fit->p, 0, task->count * task->classes * sizeof(*fit->p));
	for (size_t i = 0; i < weights && x != NULL; i++)
		fit->x[i] = (float)x[i];
	if (x != NULL)
		products(fit, fit->x, fit->p);
	for (size_t i = 0; i < task->count; i++) {
		size_t best = 0;
		if (fit->without >= 0 && learns(fit, i))
			continue;
		for (size_t k = 0; k < task->classes; k++)
			fit->logits[k] = task->log_prior[i * task->classes + k] +
					 (double)fit->p[i * task->classes + k] + (x != NULL ? x[weights + k] : 0);
		for (size_t k = 0; k < task->classes && logits != NULL; k++)
			logits[i * task->classes + k] = (float)fit->logits[k];
		losses[i] = loss_of(soften(task, fit->logits, task->truth[i]));
		memset(sums, 0, task->groups * sizeof(*sums));
		for (size_t k = 0; k < task->classes; k++)
			if (task->group_of[k] >= 0)
				sums[task->group_of[k]] += fit->logits[k];
		for (size_t k = 1; k < task->groups; k++)
			best = sums[k] > sums[best] ? k : best;
		right[i] = best == task->truth[i];
	}
}

/* One fold with every strength in turn, each beginning where the one before ended. */
static enum lu_status fit_fold(void *context, void *own, int64_t fold, struct lu_error *err)
{
	struct fitting *all = context;
	const struct lu_adapt_task *task = all->task;
	const size_t count = padded(task);
	struct fit fit;
	double *sums = NULL;
	lbfgsfloatval_t *x = lbfgs_malloc((int)count);
	enum lu_status status;

	(void)own;
	openblas_set_num_threads(1);
	LU_TRY(fit_init(&fit, all, (int)fold, err));
	LU_TRY(lu_alloc(&sums, task->groups, sizeof(*sums), "a fit", err));
	LU_TRY(x != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a fit"));
	memset(x, 0, count * sizeof(*x));
	for (size_t s = 0; s < LU_ADAPT_STRENGTHS; s++) {
		LU_TRY(minimise(&fit, lu_adapt_strengths[s], x, (int)count, err));
		judge(&fit, x, all->losses + s * task->count, all->right + s * task->count,
		      all->logits + s * task->count * task->classes, sums);
	}
out:
	fit_release(&fit);
	lu_free(sums);
	lbfgs_free(x);
	return status;
}

double lu_student_95(size_t freedom)
{
	static const double exact[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
	const double z = 1.959964, v = (double)freedom;

	if (freedom <= sizeof(exact) / sizeof(exact[0]))
		return exact[freedom > 0 ? freedom - 1 : 0];
	/* The first terms of Fisher's expansion, off by a thousandth from here on. */
	return z + (z * z * z + z) / (4 * v) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * v * v);
}

/* The weighted mean of 'values', with an interval by blocks. */
static struct lu_paired pair(const struct lu_adapt_task *task, const double *values, size_t *blocks)
{
	struct lu_paired out = {.mean = 0};
	double weight = 0, squares = 0;

	*blocks = 0;
	for (size_t i = 0; i < task->count; i++) {
		weight += task->weights[i];
		out.mean += task->weights[i] * values[i];
	}
	out.mean /= weight;
	for (size_t i = 0; i < task->count; i++) {
		double off = 0;
		size_t before = 0;
		while (before < i && strcmp(task->blocks[before], task->blocks[i]) != 0)
			before++;
		if (before < i)
			continue; /* the block has been counted */
		++*blocks;
		for (size_t k = i; k < task->count; k++)
			if (strcmp(task->blocks[k], task->blocks[i]) == 0)
				off += task->weights[k] * (values[k] - out.mean);
		squares += off * off;
	}
	const double n = (double)*blocks;
	out.error = n > 1 ? sqrt(squares * n / (n - 1)) / weight : INFINITY;
	out.low = out.mean - out.error * lu_student_95(*blocks - 1);
	out.high = out.mean + out.error * lu_student_95(*blocks - 1);
	return out;
}

/* The strength with the least loss over the rows outside fold 'without' (-1: all rows). */
static size_t choose(const struct fitting *all, int without)
{
	const struct lu_adapt_task *task = all->task;
	size_t best = 0;
	double least = INFINITY;

	for (size_t s = 0; s < LU_ADAPT_STRENGTHS; s++) {
		double sum = 0;
		for (size_t i = 0; i < task->count; i++)
			sum += task->folds[i] != without ? task->weights[i] * all->losses[s * task->count + i] : 0;
		if (sum < least) {
			least = sum;
			best = s;
		}
	}
	return best;
}

static enum lu_status compare(const struct fitting *all, struct lu_adapt *out, struct lu_error *err)
{
	const struct lu_adapt_task *task = all->task;
	struct fit fit;
	double *losses = NULL, *gains = NULL, *sums = NULL, weight = 0;
	uint8_t *right = NULL;
	enum lu_status status;

	LU_TRY(fit_init(&fit, all, -1, err));
	LU_TRY(lu_alloc(&losses, task->count, sizeof(*losses), "figures", err));
	LU_TRY(lu_alloc(&gains, 2 * task->count, sizeof(*gains), "figures", err));
	LU_TRY(lu_alloc(&sums, task->groups, sizeof(*sums), "figures", err));
	LU_TRY(lu_alloc(&right, task->count, 1, "figures", err));
	LU_TRY(lu_alloc(&out->logits, task->count * task->classes, sizeof(*out->logits), "figures", err));
	judge(&fit, NULL, losses, right, NULL, sums);
	for (size_t i = 0; i < task->count; i++) {
		const size_t at = choose(all, task->folds[i]) * task->count + i;
		const double w = task->weights[i];
		gains[i] = losses[i] - all->losses[at];
		gains[task->count + i] = (double)all->right[at] - (double)right[i];
		weight += w;
		out->loss_before += w * losses[i];
		out->loss_after += w * all->losses[at];
		out->right_before += w * right[i];
		out->right_after += w * all->right[at];
		for (size_t k = 0; k < task->classes; k++)
			out->logits[i * task->classes + k] = (double)all->logits[at * task->classes + k];
	}
	out->loss_before /= weight;
	out->loss_after /= weight;
	out->right_before /= weight;
	out->right_after /= weight;
	out->loss_gain = pair(task, gains, &out->blocks);
	out->right_gain = pair(task, gains + task->count, &out->blocks);
	/* The rule of one standard error (Breiman et al. 1984). */
	out->helped = out->loss_gain.mean > out->loss_gain.error;
out:
	fit_release(&fit);
	lu_free(losses);
	lu_free(gains);
	lu_free(sums);
	lu_free(right);
	return status;
}

/* The correction from all rows, standardisation folded in. */
static enum lu_status fit_all(const struct fitting *all, struct lu_adapt *out, struct lu_error *err)
{
	const struct lu_adapt_task *task = all->task;
	const size_t count = padded(task), weights = task->classes * task->features;
	struct fit fit;
	lbfgsfloatval_t *x = lbfgs_malloc((int)count);
	enum lu_status status;

	LU_TRY(fit_init(&fit, all, -1, err));
	LU_TRY(x != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a fit"));
	memset(x, 0, count * sizeof(*x));
	LU_TRY(lu_alloc(&out->weights, weights, sizeof(double), "weights", err));
	LU_TRY(lu_alloc(&out->bias, task->classes, sizeof(double), "weights", err));
	LU_TRY(minimise(&fit, out->l2, x, (int)count, err));
	for (size_t k = 0; k < task->classes; k++) {
		out->bias[k] = x[weights + k];
		for (size_t f = 0; f < task->features; f++) {
			const double w = x[k * task->features + f] * all->inverse[f];
			out->weights[k * task->features + f] = w;
			out->bias[k] -= w * all->mean[f];
		}
	}
out:
	fit_release(&fit);
	lbfgs_free(x);
	return status;
}

static enum lu_status prepare(struct fitting *all, struct lu_error *err)
{
	const struct lu_adapt_task *task = all->task;
	const struct lu_rows rows = {.rows = task->rows, .count = task->count, .features = task->features};
	enum lu_status status;

	LU_TRY(lu_alloc(&all->mean, task->features, sizeof(double), "a fit", err));
	LU_TRY(lu_alloc(&all->inverse, task->features, sizeof(double), "a fit", err));
	LU_TRY(lu_alloc(&all->z, task->count * task->features, sizeof(float), "a fit", err));
	LU_TRY(lu_alloc(&all->losses, LU_ADAPT_STRENGTHS * task->count, sizeof(double), "a fit", err));
	LU_TRY(lu_alloc(&all->right, LU_ADAPT_STRENGTHS * task->count, 1, "a fit", err));
	LU_TRY(lu_alloc(&all->logits, LU_ADAPT_STRENGTHS * task->count * task->classes, sizeof(*all->logits), "a fit",
			err));
	LU_TRY(lu_standardise(&rows, all->mean, all->inverse, err));
	for (size_t i = 0; i < task->count; i++)
		lu_standardised(task->rows[i], task->features, all->mean, all->inverse, all->z + i * task->features);
out:
	return status;
}

enum lu_status lu_adapt_fit(const struct lu_adapt_task *task, struct lu_adapt *out, struct lu_error *err)
{
	struct fitting all = {.task = task};
	enum lu_status status;

	*out = (struct lu_adapt){0};
	LU_TRY(prepare(&all, err));
	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = task->threads,
						  .parts = task->fold_count,
						  .context = &all,
						  .part = fit_fold,
						  .stage = "fitting",
						  .unit = 1,
						  .total = (uint64_t)task->fold_count,
						  .hooks = task->hooks},
			   err));
	out->l2 = lu_adapt_strengths[choose(&all, -1)];
	LU_TRY(compare(&all, out, err));
	LU_TRY(fit_all(&all, out, err));
out:
	lu_free(all.mean);
	lu_free(all.inverse);
	lu_free(all.z);
	lu_free(all.losses);
	lu_free(all.right);
	lu_free(all.logits);
	if (status != LU_OK)
		lu_adapt_release(out);
	return status;
}

void lu_adapt_release(struct lu_adapt *adapt)
{
	lu_free(adapt->weights);
	lu_free(adapt->bias);
	lu_free(adapt->logits);
	*adapt = (struct lu_adapt){0};
}
