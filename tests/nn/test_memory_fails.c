/* test_memory_fails.c: a network read, planned and run: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/memory.h"
#include "nn/nn.h"

static enum lu_status network(struct lu_error *err)
{
	const struct lu_plan_options options = {.engine = "blas", .batch = 1};
	struct lu_graph *graph = NULL;
	struct lu_plan *plan = NULL;
	struct lu_session *session = NULL;
	struct lu_onnx_digest digest;
	enum lu_status status;

	LU_TRY(lu_onnx_digest("models/aerial-21/model.onnx", &digest, err));
	assert_string_equal(digest.all, "b850a127d81dd179b620d37deb23808bc7343a6434ffdc1c7d62455967e95406");
	LU_TRY(lu_graph_load("models/aerial-21/model.onnx", &graph, err));
	LU_TRY(lu_graph_choose(graph, NULL, LU_ORDER_BY_SHAPE, err));
	LU_TRY(lu_plan_build(graph, &options, &plan, err));
	LU_TRY(lu_session_new(plan, &session, err));
out:
	lu_session_free(session);
	lu_plan_free(plan);
	lu_graph_free(graph);
	return status;
}

static void network_fails(void **state)
{
	(void)state;
	check_every_allocation(network);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(network_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
