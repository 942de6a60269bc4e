/*
 * net_logits.c: does a network give, on every engine, the logits that another runtime gave?
 *
 * usage: net_logits MODEL INPUT.bin LOGITS.bin
 *
 * Both files are raw float32, as many chips as INPUT holds. Each engine runs all of them as one
 * batch and one by one. A logit may differ by 1e-4 of the largest of its chip. No step of the best engine that is a reference
 * kernel may have more than a hundredth of all that steps read and write. Exit 0 if all agree.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/plan/plan.h"

#define TOLERANCE 1e-4
#define MOST_BY_REFERENCE 0.01
#define MAX_BYTES ((size_t)1 << 30)

/* Largest difference as a share of the chip's largest expected number; infinite where a number is missing. */
static double worst_share(const float *got, const float *want, size_t count)
{
	double scale = 0, worst = 0;

	for (size_t i = 0; i < count; i++)
		scale = fmax(scale, fabs(want[i]));
	for (size_t i = 0; i < count; i++) {
		double share = fabs((double)got[i] - want[i]) / scale;

		worst = share <= worst ? worst : isnan(share) ? INFINITY : share;
	}
	return worst;
}

/* Bytes that a step reads and writes, its weights left out. */
static double traffic(const struct lu_plan *plan, const struct lu_step *step)
{
	double bytes = 0;

	for (int i = 0; i < step->n_in; i++)
		if (plan->buffers[step->in[i]].kind != LU_BUFFER_CONSTANT)
			bytes += (double)plan->buffers[step->in[i]].bytes;
	for (int i = 0; i < step->n_out; i++)
		bytes += (double)plan->buffers[step->out[i]].bytes;
	return bytes;
}

/* The step by a reference kernel, ours or oneDNN's, that has the largest share of what all steps read and write. */
static double share_by_reference(const struct lu_plan *plan, const struct lu_step **which)
{
	double all = 0, most = 0;

	*which = NULL;
	for (int i = 0; i < plan->n_steps; i++)
		all += traffic(plan, &plan->steps[i]);
	for (int i = 0; i < plan->n_steps; i++) {
		const struct lu_step *step = &plan->steps[i];
		const double share = traffic(plan, step) / all;

		if (strncmp(step->kernel, "ref", 3) == 0 && share > most) {
			most = share;
			*which = step;
		}
	}
	return most;
}

/* All chips of 'input' in batches of 'batch'; the result lies in '*worst'. */
static enum lu_status run(const struct lu_graph *graph, const char *engine, int batch, const float *input,
			  size_t input_count, const float *want, size_t want_count, double *worst, struct lu_error *err)
{
	struct lu_plan_options options = {.engine = engine, .precision = LU_PRECISION_FP32, .batch = batch};
	struct lu_session *session = NULL;
	struct lu_plan *plan = NULL;
	struct lu_plan_facts facts;
	enum lu_status status;
	float *got = NULL;
	size_t in;

	*worst = 0;
	status = lu_plan_build(graph, &options, &plan, err);
	if (status != LU_OK)
		goto out;
	lu_plan_facts(plan, &facts);
	if (strcmp(engine, lu_engine_names()[0]) == 0) {
		const struct lu_step *by_reference;
		const double share = share_by_reference(plan, &by_reference);

		if (by_reference != NULL)
			printf("  %-7s batch %d: %s (%s) is run by %s and has %.2f %% of what is read and written\n",
			       engine, batch, by_reference->what, by_reference->op, by_reference->kernel, 100 * share);
		if (share > MOST_BY_REFERENCE && strcmp(engine, "onednn") == 0) {
			status = lu_fail(err, LU_ERROR_UNSUPPORTED,
					 "a reference kernel has more than 1 %% of what is read and written");
			goto out;
		}
	}
	in = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
	if (input_count % (in * (size_t)batch) != 0 || want_count != input_count / in * facts.outputs) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%zu numbers in and %zu out do not suit %zu and %zu a chip",
				 input_count, want_count, in, facts.outputs);
		goto out;
	}
	status = lu_session_new(plan, &session, err);
	if (status == LU_OK)
		status = lu_alloc(&got, want_count, sizeof(*got), "logits", err);
	for (size_t chip = 0; chip < input_count / in && status == LU_OK; chip += (size_t)batch)
		status = lu_session_run(session, batch, input + chip * in, got + chip * facts.outputs, err);
	for (size_t chip = 0; chip < input_count / in && status == LU_OK; chip++)
		*worst = fmax(*worst,
			      worst_share(got + chip * facts.outputs, want + chip * facts.outputs, facts.outputs));
out:
	lu_free(got);
	lu_session_free(session);
	lu_plan_free(plan);
	return status;
}

/* A file of float32, aligned as they need it. */
static enum lu_status read_floats(const char *path, float **numbers, size_t *count, struct lu_error *err)
{
	enum lu_status status;
	size_t bytes;
	char *file;

	*numbers = NULL;
	status = lu_file_read(path, MAX_BYTES, &file, &bytes, err);
	if (status != LU_OK)
		return status;
	*count = bytes / sizeof(**numbers);
	status = lu_alloc_aligned(numbers, *count, sizeof(**numbers), path, err);
	if (status == LU_OK)
		memcpy(*numbers, file, *count * sizeof(**numbers));
	lu_free(file);
	return status;
}

int main(int argc, char **argv)
{
	float *input = NULL, *want = NULL;
	struct lu_graph *graph = NULL;
	struct lu_error err = {0};
	size_t input_count, want_count;
	enum lu_status status;
	int failures = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: net_logits MODEL INPUT.bin LOGITS.bin\n");
		return 2;
	}
	status = lu_graph_load(argv[1], &graph, &err);
	if (status == LU_OK)
		status = lu_graph_choose(graph, NULL, LU_ORDER_BY_SHAPE, &err);
	if (status == LU_OK)
		status = read_floats(argv[2], &input, &input_count, &err);
	if (status == LU_OK)
		status = read_floats(argv[3], &want, &want_count, &err);
	for (const char *const *engine = lu_engine_names(); *engine && status == LU_OK; engine++)
		for (int batch = 1; batch <= 2 && status == LU_OK; batch++) {
			double worst;

			status = run(graph, *engine, batch, input, input_count, want, want_count, &worst, &err);
			if (status != LU_OK)
				break;
			printf("  %-7s batch %d: worst difference %.1e of the largest logit%s\n", *engine, batch, worst,
			       worst <= TOLERANCE ? "" : "  FAILED");
			failures += !(worst <= TOLERANCE);
		}
	if (status != LU_OK)
		fprintf(stderr, "net_logits: %s\n", err.text);
	lu_free(want);
	lu_free(input);
	lu_graph_free(graph);
	return status != LU_OK || failures;
}
