/*
 * trial.h: a network on every engine, in every precision, against the reference kernels.
 */
#ifndef LU_TESTS_TRIAL_H
#define LU_TESTS_TRIAL_H

#include "support/guarded.h"

/* A network with input "x", and what to feed it. */
struct trial {
	struct lu_graph *graph;
	const float *input;
	int batch;
	double tolerance; /* relative to the largest expected number */
};

static inline int64_t input_size(const struct lu_graph *graph)
{
	const struct lu_shape *shape = &graph->values[graph->inputs[0]].tensor.shape;

	return lu_shape_span(shape, 1, shape->rank);
}

/* The reference's outputs for 'batch' chips, chip by chip. */
static inline float *reference(const struct trial *t, size_t *count)
{
	struct lu_tensor x = t->graph->values[t->graph->inputs[0]].tensor;
	int64_t size = input_size(t->graph);
	struct lu_error err = {0};
	float *all = NULL;

	x.shape.dim[0] = 1;
	for (int i = 0; i < t->batch; i++) {
		struct lu_graph *done;
		const struct lu_tensor *y;

		memcpy(&x.data, &(const float *){t->input + i * size}, sizeof(x.data));
		check_ok(lu_graph_evaluate(t->graph, &x, &done, &err), err);
		y = &done->values[done->outputs[0]].tensor;
		*count = (size_t)lu_shape_count(&y->shape);
		all = all ? all : malloc((size_t)t->batch * *count * sizeof(*all));
		assert_non_null(all);
		memcpy(all + (size_t)i * *count, y->data, *count * sizeof(*all));
		lu_graph_free(done);
	}
	return all;
}

/* One plan: a full batch is right; each shorter one, and each place in the batch, gives the same bits. */
static inline void try_plan(const struct trial *t, const struct lu_plan *plan, const float *want, size_t count,
			    double tolerance, const char *what)
{
	int64_t size = input_size(t->graph);
	float *full = malloc((size_t)t->batch * count * sizeof(*full));
	float *part = malloc((size_t)t->batch * count * sizeof(*part));
	struct lu_session *session;
	struct lu_error err = {0};

	check_ok(lu_session_new(plan, &session, &err), err);
	check_ok(lu_session_run(session, t->batch, t->input, full, &err), err);
	compare(full, want, (size_t)t->batch * count, tolerance, what);
	for (int n = 1; n <= t->batch; n++) {
		int first = t->batch - n; /* a chip moves to another place, too */

		check_ok(lu_session_run(session, n, t->input + first * size, part, &err), err);
		if (memcmp(part, full + (size_t)first * count, (size_t)n * count * sizeof(*part)) != 0)
			fail_msg("%s: %d of %d chips give other bits", what, n, t->batch);
	}
	lu_session_free(session);
	free(full);
	free(part);
}

/* Every engine in every precision that this processor has. */
static inline void try_engines(const struct trial *t, const char *what)
{
	static const enum lu_precision precisions[] = {LU_PRECISION_FP32, LU_PRECISION_BF16, LU_PRECISION_FP16};
	size_t count = 0;
	float *want;

	want = reference(t, &count);
	for (const char *const *engine = lu_engine_names(); *engine; engine++)
		for (size_t i = 0; i < sizeof(precisions) / sizeof(precisions[0]); i++) {
			struct lu_plan_options options = {
				.engine = *engine, .precision = precisions[i], .batch = t->batch};
			struct lu_error err = {0};
			enum lu_status status;
			struct lu_plan *plan;
			char text[256];

			status = lu_plan_build(t->graph, &options, &plan, &err);
			if (status == LU_ERROR_UNSUPPORTED && precisions[i] != LU_PRECISION_FP32)
				continue;
			check_ok(status, err);
			snprintf(text, sizeof(text), "%s on %s in %s", what, *engine,
				 lu_choice_word(LU_CHOICE_PRECISION, precisions[i]));
			/* bf16 has 8 bits: errors of 2^-9 a number, and a few layers. fp16 has 11. */
			try_plan(t, plan, want, count, precisions[i] == LU_PRECISION_FP32 ? t->tolerance : 0.03, text);
			lu_plan_free(plan);
		}
	free(want);
}

#endif
