/*
 * fuzz_onnx.c: any byte sequence gives a model or a one-line error, within bounded memory and time.
 *
 * libFuzzer's entry point: parse the bytes, plan what parses, run what plans. See README.md here. The
 * blas engine is used: it has no code generator whose speed would hide ours.
 */
#include "in_memory.h"

#include "nn/nn.h"
#include "nn/ops/infer.h"
#include "nn/plan/plan.h"

/* Constants are not folded, and plans not run, beyond this: the time would be the network's, not the reader's. */
#define MAX_BYTES ((size_t)64 << 20)
#define MAX_WORK 1e7

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static double work_of(const struct lu_plan *plan)
{
	double work = 0;

	for (int i = 0; i < plan->graph->n_nodes; i++)
		if (plan->graph->nodes[i].op)
			work += lu_node_work(plan->graph, &plan->graph->nodes[i]);
	return work;
}

static void run(const struct lu_plan *plan, const struct lu_plan_facts *facts)
{
	size_t count = (size_t)facts->channels * (size_t)facts->height * (size_t)facts->width;
	float *input = calloc(2 * count + 1, sizeof(*input)), *output = calloc(2 * facts->outputs + 1, sizeof(*output));
	struct lu_session *session = NULL;
	struct lu_error err = {0};

	if (input && output && lu_session_new(plan, &session, &err) == LU_OK)
		lu_session_run(session, 2, input, output, &err);
	lu_session_free(session);
	free(input);
	free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct lu_plan_options options = {.engine = "blas", .batch = 2};
	struct lu_graph *graph = NULL;
	struct lu_plan *plan = NULL;
	struct lu_plan_facts facts;
	struct lu_error err = {0};

	if (lu_graph_parse(bytes, size, "fuzz.onnx", &graph, &err) != LU_OK) {
		check_refusal(&err);
		return 0;
	}
	graph->fold_bytes = MAX_BYTES;
	graph->fold_work = MAX_WORK;
	if (lu_graph_choose(graph, NULL, LU_ORDER_BY_SHAPE, &err) == LU_OK &&
	    lu_plan_build(graph, &options, &plan, &err) == LU_OK) {
		lu_plan_facts(plan, &facts);
		if (facts.arena_bytes < MAX_BYTES && work_of(plan) < MAX_WORK)
			run(plan, &facts);
	} else {
		check_refusal(&err);
	}
	lu_plan_free(plan);
	lu_graph_free(graph);
	return 0;
}
