/*
 * significance.c: the posterior of from-to pairs.
 */
#include "change/significance.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

static enum lu_status check(const double *joint, const double *earlier, const double *later, size_t classes,
			    struct lu_error *err)
{
	if (classes < 2)
		return lu_fail(err, LU_ERROR_ARGUMENT, "change needs two classes at least, not %zu", classes);
	for (size_t i = 0; i < classes * classes; i++) {
		if (!isfinite(joint[i]) || joint[i] < 0.0)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "change prior %g of pair %zu to %zu: must not be negative", joint[i],
				       i / classes, i % classes);
	}
	for (size_t k = 0; k < classes; k++) {
		const double least = fmin(earlier ? earlier[k] : 1.0, later ? later[k] : 1.0);

		if (!(least > 0.0) || (earlier && !isfinite(earlier[k])) || (later && !isfinite(later[k])))
			return lu_fail(
				err, LU_ERROR_ARGUMENT,
				"class prior %g of class %zu: the classifier cannot know a class it was not trained on",
				least, k);
	}
	return LU_OK;
}

enum lu_status lu_change_model_new(const double *joint, const double *trained_earlier, const double *trained_later,
				   size_t classes, struct lu_change_model **out, struct lu_error *err)
{
	struct lu_change_model *model = NULL;
	enum lu_status status = check(joint, trained_earlier, trained_later, classes, err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	status = lu_alloc(&model, 1, sizeof(*model), "change model", err);
	if (status != LU_OK)
		goto out;
	status = lu_alloc(&model->factor, classes * classes, sizeof(*model->factor), "change model", err);
	if (status != LU_OK)
		goto out;
	model->classes = classes;
	for (size_t i = 0; i < classes; i++) {
		for (size_t j = 0; j < classes; j++)
			model->factor[i * classes + j] = joint[i * classes + j] /
							 (trained_earlier ? trained_earlier[i] : 1.0) /
							 (trained_later ? trained_later[j] : 1.0);
	}
	*out = model;
	model = NULL;
out:
	lu_change_model_free(model);
	return status;
}

void lu_change_model_free(struct lu_change_model *model)
{
	if (!model)
		return;
	lu_free(model->factor);
	lu_free(model);
}

void lu_change_prior(const double *share, size_t classes, double change_rate, double *joint)
{
	for (size_t i = 0; i < classes; i++) {
		for (size_t j = 0; j < classes; j++) {
			const double rest = 1.0 - share[i];

			joint[i * classes + j] = i == j       ? share[i] * (1.0 - change_rate)
						 : rest > 0.0 ? share[i] * change_rate * share[j] / rest
							      : 0.0;
		}
	}
}

struct lu_change_posterior lu_change_posterior(const struct lu_change_model *model, const float *earlier,
					       const float *later)
{
	const size_t n = model->classes;
	struct lu_change_posterior p = {.from = 0, .to = 1};
	double same = 0.0, different = 0.0, best_pair = -1.0, best_same = -1.0;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			const double pair = model->factor[i * n + j] * (double)earlier[i] * (double)later[j];

			if (i == j) {
				same += pair;
				if (pair > best_same) {
					best_same = pair;
					p.stable = i;
				}
			} else {
				different += pair;
				if (pair > best_pair) {
					best_pair = pair;
					p.from = i;
					p.to = j;
				}
			}
		}
	}
	p.known = isfinite(same + different) && same + different > 0.0;
	if (p.known) {
		p.changed = different / (same + different);
		p.pair = best_pair / (same + different);
	}
	return p;
}

/* One EM step: 'next' becomes the mean of the cells' pair posteriors and of 'strength' cells of 'start'. */
static void em_step(const float *earlier, const float *later, size_t cells, const struct lu_change_model *model,
		    const double *start, double strength, double *next)
{
	const size_t n = model->classes;
	double counted = strength;

	for (size_t k = 0; k < n * n; k++)
		next[k] = strength * start[k];
	for (size_t c = 0; c < cells; c++) {
		const float *p = earlier + c * n, *q = later + c * n;
		double total = 0.0;

		for (size_t k = 0; k < n * n; k++)
			total += model->factor[k] * (double)p[k / n] * (double)q[k % n];
		if (!(total > 0.0) || !isfinite(total))
			continue;
		for (size_t k = 0; k < n * n; k++)
			next[k] += model->factor[k] * (double)p[k / n] * (double)q[k % n] / total;
		counted += 1.0;
	}
	for (size_t k = 0; k < n * n && counted > 0.0; k++)
		next[k] /= counted;
}

enum lu_status lu_change_prior_fit(const float *earlier, const float *later, size_t cells, size_t classes,
				   const double *trained_earlier, const double *trained_later, double strength,
				   int iterations, double *joint, struct lu_error *err)
{
	double *start = NULL, *next = NULL, sum = 0.0, moved = 1.0;
	enum lu_status status = check(joint, trained_earlier, trained_later, classes, err);

	if (status != LU_OK)
		return status;
	status = lu_alloc(&start, classes * classes, sizeof(*start), "change prior", err);
	if (status != LU_OK)
		goto out;
	status = lu_alloc(&next, classes * classes, sizeof(*next), "change prior", err);
	if (status != LU_OK)
		goto out;
	for (size_t k = 0; k < classes * classes; k++)
		sum += joint[k];
	for (size_t k = 0; k < classes * classes; k++)
		start[k] = joint[k] = sum > 0.0 ? joint[k] / sum : 0.0;
	for (int step = 0; step < iterations && moved > 1e-6; step++) {
		struct lu_change_model *model;

		status = lu_change_model_new(joint, trained_earlier, trained_later, classes, &model, err);
		if (status != LU_OK)
			goto out;
		em_step(earlier, later, cells, model, start, strength, next);
		lu_change_model_free(model);
		moved = 0.0;
		for (size_t k = 0; k < classes * classes; k++) {
			moved = fmax(moved, fabs(next[k] - joint[k]));
			joint[k] = next[k];
		}
	}
out:
	lu_free(start);
	lu_free(next);
	return status;
}

void lu_label_likelihood(const double *confusion, size_t classes, size_t label, float *probability)
{
	double sum = 0.0;

	for (size_t i = 0; i < classes; i++) {
		double row = 0.0;

		for (size_t j = 0; j < classes; j++)
			row += confusion[i * classes + j] + 0.5;
		probability[i] = (float)((confusion[i * classes + label] + 0.5) / row);
		sum += (double)probability[i];
	}
	for (size_t i = 0; i < classes; i++)
		probability[i] = (float)((double)probability[i] / sum);
}
