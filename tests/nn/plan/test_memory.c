/*
 * test_memory.c: what a plan and its sessions are said to take, they take: within a tenth, and no more after many runs.
 */
#include <malloc.h>

#include "nn/plan/plan.h"
#include "support/net.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/* Bytes that malloc has given out. */
static double held(void)
{
	const struct mallinfo2 info = mallinfo2();

	return (double)info.uordblks + (double)info.hblkhd;
}

/* Convolutions with more weights than activations, so that a batch is chosen; or the other way round. */
static void network(struct net *net, int64_t channels, int64_t side)
{
	net_begin(net, 13);
	net_input(net, "x", FLOAT, 4, (int64_t[]){1, 3, side, side});
	net_random(net, "w1", 4, (int64_t[]){channels, 3, 3, 3}, 1);
	net_random(net, "w2", 4, (int64_t[]){channels, channels, 3, 3}, 2);
	net_random(net, "w3", 4, (int64_t[]){channels, channels, 1, 1}, 3);
	net_random(net, "fc", 2, (int64_t[]){channels, 10}, 4);
	net_node(net, "Conv", "conv1", "x w1", "a");
	net_node(net, "Relu", "relu1", "a", "b");
	node_ints(net_node(net, "Conv", "conv2", "b w2", "c"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(net, "Relu", "relu2", "c", "d");
	net_node(net, "Conv", "conv3", "d w3", "e");
	net_node(net, "GlobalAveragePool", "pool", "e", "g");
	net_node(net, "Flatten", "flat", "g", "h");
	net_node(net, "MatMul", "product", "h fc", "y");
	net_output(net, "y");
}

static void check(const char *engine, int64_t channels, int64_t side, int batch)
{
	struct lu_plan_options options = {.engine = engine, .batch = batch};
	struct lu_session *sessions[3];
	struct lu_plan_facts facts;
	struct lu_error err = {0};
	struct lu_graph *graph;
	double before, planned, opened;
	struct lu_plan *plan;
	struct net net;
	float *x, *y;

	network(&net, channels, side);
	net_parse(&net, &graph);
	net_end(&net);
	before = held();
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	planned = held() - before;
	/* A plan of few weights holds lists and primitives besides. */
	if (fabs(planned - (double)facts.weight_bytes) > .1 * (double)facts.weight_bytes + 300e3)
		fail_msg("%s, %d channels: the plan says %zu bytes of weights and holds %.0f", engine, (int)channels,
			 facts.weight_bytes, planned);
	x = calloc((size_t)facts.batch * 3 * (size_t)(side * side), sizeof(*x));
	y = calloc((size_t)facts.batch * facts.outputs, sizeof(*y));
	assert_true(x != NULL && y != NULL);
	for (int i = 0; i < 3; i++) {
		before = held();
		check_ok(lu_session_new(plan, &sessions[i], &err), err);
		opened = held() - before;
		for (int run = 0; run < 2; run++) {
			check_ok(lu_session_run(sessions[i], facts.batch, x, y, &err), err);
			check_ok(lu_session_run(sessions[i], 1, x, y, &err), err);
		}
		if (fabs(opened - (double)facts.arena_bytes) > .1 * (double)facts.arena_bytes + 10e3 ||
		    (i > 0 && held() - before > 1.1 * (double)facts.arena_bytes + 10e3))
			fail_msg("%s, %d channels: a session is said to take %zu bytes, takes %.0f and after two runs "
				 "%.0f",
				 engine, (int)channels, facts.arena_bytes, opened, held() - before);
	}
	for (int i = 0; i < 3; i++)
		lu_session_free(sessions[i]);
	lu_plan_free(plan);
	lu_graph_free(graph);
	free(x);
	free(y);
}

static void takes_what_it_says(void **state)
{
	(void)state;
	for (const char *const *engine = lu_engine_names(); *engine != NULL; engine++) {
		check(*engine, 256, 12, 0);
		check(*engine, 32, 96, 0);
		check(*engine, 32, 64, 5);
	}
}

#else

static void takes_what_it_says(void **state)
{
	(void)state;
	skip(); /* sanitizers have an allocator of their own */
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
