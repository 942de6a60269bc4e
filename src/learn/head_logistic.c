/* head_logistic.c: softmax regression as a head. See head.h and learn/logistic.h. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "landuse/commands.h"
#include "learn/head.h"
#include "nn/onnx_head.h"

static const double default_l2[] = {LU_LOGISTIC_L2};

static int strongest_first(const void *a, const void *b)
{
	const double left = ((const struct lu_head_setting *)a)->l2, right = ((const struct lu_head_setting *)b)->l2;

	return (left < right) - (left > right);
}

/* The strongest penalty first: each fit begins where the one before ended. */
static enum lu_status list(const struct lu_head_trials *trials, struct lu_head_setting *settings, size_t *count,
			   struct lu_error *err)
{
	const double *l2 = trials->l2_count > 0 ? trials->l2 : default_l2;

	*count = trials->l2_count > 0 ? trials->l2_count : sizeof(default_l2) / sizeof(default_l2[0]);
	if (trials->trees > 0 || trials->depth_count > 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".trees and .depth are for .head = forest");
	if (*count > LU_MOST_SETTINGS)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".l2 has %zu numbers, at most %d", *count, LU_MOST_SETTINGS);
	for (size_t i = 0; i < *count; i++) {
		if (!(l2[i] >= 0))
			return lu_fail(err, LU_ERROR_ARGUMENT, ".l2 has %g, it should be 0 or above", l2[i]);
		settings[i] = (struct lu_head_setting){.l2 = l2[i]};
	}
	qsort(settings, *count, sizeof(*settings), strongest_first);
	return LU_OK;
}

static void describe(const struct lu_head_setting *setting, char text[64])
{
	snprintf(text, 64, "l2 %g", setting->l2);
}

static double bytes(const struct lu_rows *rows, const struct lu_head_setting *setting)
{
	(void)setting;
	/* A block of rows in floats, and the six pairs of vectors that L-BFGS remembers beside its own five. */
	return 256.0 * 4 * (double)(rows->features + rows->class_count) +
	       17.0 * 8 * (double)rows->class_count * (double)(rows->features + 1);
}

static enum lu_status fit(const struct lu_head_task *task, struct lu_head *out, struct lu_error *err)
{
	const struct lu_logistic_options options = {.l2 = task->setting.l2,
						    .class_weights = task->class_weights,
						    .start = task->start != NULL ? &task->start->logistic : NULL,
						    .hooks = task->hooks};

	return lu_logistic_fit(task->rows, &options, &out->logistic, err);
}

static enum lu_status score(const struct lu_head *head, const float *const *rows, size_t n, double *scores,
			    struct lu_error *err)
{
	(void)err;
	for (size_t i = 0; i < n; i++)
		lu_logistic_logits(&head->logistic, rows[i], scores + i * head->class_count);
	return LU_OK;
}

static enum lu_status append(const struct lu_head *head, double temperature, struct lu_onnx *onnx, struct lu_error *err)
{
	const struct lu_logistic *logistic = &head->logistic;
	const size_t count = logistic->class_count * logistic->features;
	float *weights = NULL, *bias = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&weights, count, sizeof(float), "weights", err));
	LU_TRY(lu_alloc(&bias, logistic->class_count, sizeof(float), "weights", err));
	for (size_t i = 0; i < count; i++)
		weights[i] = (float)(logistic->weights[i] / temperature);
	for (size_t k = 0; k < logistic->class_count; k++)
		bias[k] = (float)(logistic->bias[k] / temperature);
	LU_TRY(lu_onnx_append_softmax_regression(onnx, weights, bias, logistic->features, logistic->class_count, err));
out:
	lu_free(weights);
	lu_free(bias);
	return status;
}

static void release(struct lu_head *head)
{
	lu_logistic_release(&head->logistic);
}

const struct lu_head_kind lu_head_logistic = {
	.name = "logistic",
	.title = "softmax regression",
	.list = list,
	.describe = describe,
	.bytes = bytes,
	.fit = fit,
	.score = score,
	.append = append,
	.release = release,
};
