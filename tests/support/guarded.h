/*
 * guarded.h: what tests of kernels share: memory that tells when it is overrun, comparing, and networks with the kernel.
 */
#ifndef LU_TESTS_GUARDED_H
#define LU_TESTS_GUARDED_H

#include <math.h>

#include "nn/ops/interpret.h"
#include "nn/plan/plan.h"
#include "support/net.h"

#define GUARD 64

/* 'count' aligned floats and a guard behind them that must stay NaN; everything is NaN at first. */
static inline float *guarded(size_t count)
{
	size_t bytes = ((count + GUARD) * sizeof(float) + 63) / 64 * 64;
	float *x = aligned_alloc(64, bytes);

	assert_non_null(x);
	for (size_t i = 0; i < bytes / sizeof(float); i++)
		x[i] = NAN;
	return x;
}

static inline void check_guard(const float *x, size_t count, const char *what)
{
	for (size_t i = count; i < count + GUARD; i++)
		if (!isnan(x[i]))
			fail_msg("%s: wrote %zu behind the end", what, i - count);
}

static inline float *numbers(size_t count, uint64_t seed)
{
	float *x = guarded(count);

	for (size_t i = 0; i < count; i++)
		x[i] = net_number(seed, i);
	return x;
}

/* Equal within 'tolerance' of the largest finite number; what is not finite must be the same. */
static inline void compare(const float *got, const float *want, size_t count, double tolerance, const char *what)
{
	double scale = 0;

	for (size_t i = 0; i < count; i++)
		if (isfinite(want[i]) && fabs(want[i]) > scale)
			scale = fabs(want[i]);
	for (size_t i = 0; i < count; i++) {
		bool same = isnan(want[i])   ? isnan(got[i])
			    : isinf(want[i]) ? got[i] == want[i]
					     : fabs((double)got[i] - want[i]) <= tolerance * scale + 1e-30;

		if (!same)
			fail_msg("%s: element %zu of %zu is %g, expected %g", what, i, count, (double)got[i],
				 (double)want[i]);
	}
}

/* 'count' results of one chip against the reference kernels'. */
static inline void compare_chip(const struct lu_graph *graph, const float *chip, const float *got, size_t count,
				double tolerance, const char *what)
{
	struct lu_tensor x = graph->values[graph->inputs[0]].tensor;
	struct lu_error err = {0};
	struct lu_graph *done;

	x.shape.dim[0] = 1;
	memcpy(&x.data, &chip, sizeof(x.data));
	check_ok(lu_graph_evaluate(graph, &x, &done, &err), err);
	compare(got, done->values[done->outputs[0]].tensor.data, count, tolerance, what);
	lu_graph_free(done);
}

/* Does the best engine run fp16 on this processor? */
static inline bool has_fp16(const struct lu_graph *graph)
{
	struct lu_plan_options options = {.precision = LU_PRECISION_FP16, .batch = 1};
	struct lu_error err = {0};
	struct lu_plan *plan;
	enum lu_status status = lu_plan_build(graph, &options, &plan, &err);

	if (status == LU_ERROR_UNSUPPORTED)
		return false;
	check_ok(status, err);
	lu_plan_free(plan);
	return true;
}

/* A plan and a session; how many steps have a kernel whose name begins with 'kernel'. */
static inline int begin_session(const struct lu_graph *graph, const char *engine, enum lu_precision precision,
				int batch, const char *kernel, struct lu_plan **plan, struct lu_session **session)
{
	struct lu_plan_options options = {.engine = engine, .precision = precision, .batch = batch};
	struct lu_error err = {0};
	int steps = 0;

	check_ok(lu_plan_build(graph, &options, plan, &err), err);
	for (int i = 0; i < (*plan)->n_steps; i++)
		steps += strncmp((*plan)->steps[i].kernel, kernel, strlen(kernel)) == 0;
	check_ok(lu_session_new(*plan, session, &err), err);
	return steps;
}

#endif
