/*
 * net_logits.c: does a network give, on every engine, the logits that another runtime gave?
 *
 * usage: net_logits MODEL INPUT.bin LOGITS.bin
 *
 * Both files are raw float32, as many chips as INPUT holds. Each engine runs all of them as one
 * batch and one by one. A logit may differ by 1e-4 of the largest of its chip. Exit 0 if all agree.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/nn.h"

#define TOLERANCE 1e-4
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
