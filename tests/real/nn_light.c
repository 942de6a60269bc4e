/*
 * nn_light.c: nine whole networks of the ONNX backend suite, by every engine, against the suite's outputs.
 *
 * The suite's input for these is n numbers 0/n, 1/n, ... (n-1)/n in the shape of the input; weights
 * are constants. Outputs must agree to 1e-4 relative.
 */
#include <math.h>

#include "nn/graph/graph.h"
#include "nn/nn.h"
#include "support/nn_files.h"
#include "support/real_data.h"

static const char *const networks[] = {
	"bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50",
	"shufflenet",   "squeezenet",  "vgg19",        "zfnet512",
};

/* Largest difference as a share of 1e-4 |expected| + 1e-7. */
static double worst_share(const float *got, const struct lu_tensor *expected, size_t count)
{
	double worst = 0;

	for (size_t i = 0; i < count; i++) {
		double want = lu_tensor_get(expected, (int64_t)i);
		double share = fabs(got[i] - want) / (1e-4 * fabs(want) + 1e-7);

		worst = share > worst || isnan(share) ? share : worst;
	}
	return worst;
}

/*
 * Weights are constants, so squeezenet's thousand logits are equal but for the last bit, and so large that Softmax makes of
 * that bit 0.25 for four classes (a BLAS whose kernel takes 1000 rows as 83 times 12 and 4). Where the suite's answers are
 * all equal, the logits may differ by rounding.
 */
static bool flat(const float *logits, const struct lu_tensor *expected, size_t count)
{
	float low = logits[0], high = logits[0];

	for (size_t i = 0; i < count; i++) {
		if (fabs(lu_tensor_get(expected, (int64_t)i) * (double)count - 1) > 1e-4 || !isfinite(logits[i]))
			return false;
		low = fminf(low, logits[i]);
		high = fmaxf(high, logits[i]);
	}
	return high - low <= 1e-5F * fmaxf(fabsf(low), fabsf(high));
}

/* Let the network end before its Softmax; false where it has none. */
static bool cut_softmax(struct lu_graph *graph)
{
	const struct lu_node *last = lu_graph_maker(graph, graph->outputs[0]);

	if (!lu_node_is(last, "Softmax"))
		return false;
	graph->outputs[0] = last->in[0];
	return true;
}

static int run(const struct lu_graph *graph, const char *engine, int batch, bool logits,
	       const struct lu_tensor *expected, struct lu_error *err)
{
	struct lu_plan_options options = {.engine = engine, .batch = batch};
	float *input = NULL, *output = NULL;
	struct lu_session *session = NULL;
	struct lu_plan *plan = NULL;
	struct lu_plan_facts facts;
	double worst = INFINITY;
	size_t n;

	if (lu_plan_build(graph, &options, &plan, err) != LU_OK)
		goto out;
	lu_plan_facts(plan, &facts);
	n = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
	if (lu_session_new(plan, &session, err) != LU_OK ||
	    lu_alloc_aligned(&input, (size_t)batch * n, sizeof(*input), "input", err) != LU_OK ||
	    lu_alloc_aligned(&output, (size_t)batch * facts.outputs, sizeof(*output), "output", err) != LU_OK)
		goto out;
	for (size_t i = 0; i < (size_t)batch * n; i++)
		input[i] = (float)((double)(i % n) / (double)n);
	if (lu_session_run(session, batch, input, output, err) != LU_OK)
		goto out;
	if ((size_t)lu_shape_count(&expected->shape) != facts.outputs) {
		lu_fail(err, LU_ERROR_FORMAT, "%zu outputs", facts.outputs);
		goto out;
	}
	worst = 0;
	for (int i = 0; i < batch; i++)
		worst = logits ? fmax(worst, flat(output + (size_t)i * facts.outputs, expected, facts.outputs) ? 0 : 2)
			       : fmax(worst, worst_share(output + (size_t)i * facts.outputs, expected, facts.outputs));
	if (logits)
		printf("  %-7s batch %d: the logits are %sequal\n", engine, batch, worst > 1 ? "not " : "");
	else
		printf("  %-7s batch %d (%s): worst difference %.3f of the tolerance; %zu layers, arena %.1f MiB\n",
		       engine, batch, facts.engine, worst, facts.layers, (double)facts.arena_bytes / 1048576);
out:
	if (isinf(worst))
		printf("  %-7s batch %d: %s\n", engine, batch, err->text);
	lu_free(input);
	lu_free(output);
	lu_session_free(session);
	lu_plan_free(plan);
	return worst <= 1 ? 0 : 1;
}

int main(void)
{
	char name[256], path[1024];
	int failures = 0;

	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		struct lu_graph *graph = NULL, *logits = NULL;
		struct lu_pool pool = {0};
		struct lu_tensor expected;
		struct lu_error err = {0};

		printf("%s\n", networks[i]);
		snprintf(name, sizeof(name), "onnx_conformance/light/light_%s_output_0.pb", networks[i]);
		if (read_pb(real_path(path, name), &pool, &expected, &err) != LU_OK) {
			printf("%s\n", err.text);
			return 1;
		}
		snprintf(name, sizeof(name), "onnx_conformance/light/light_%s.onnx", networks[i]);
		if (lu_graph_load(real_path(path, name), &graph, &err) != LU_OK) {
			printf("  %s\n", err.text);
			failures++;
		}
		if (lu_graph_load(path, &logits, &err) == LU_OK && !cut_softmax(logits)) {
			lu_graph_free(logits);
			logits = NULL;
		}
		for (const char *const *engine = lu_engine_names(); *engine && graph; engine++)
			for (int batch = 1; batch <= 2; batch++)
				if (run(graph, *engine, batch, false, &expected, &err))
					failures += !logits || run(logits, *engine, batch, true, &expected, &err);
		lu_graph_free(logits);
		lu_graph_free(graph);
		lu_pool_release(&pool);
	}
	printf("%d failures\n", failures);
	return failures != 0;
}
