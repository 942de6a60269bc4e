/*
 * test_front.c: a network whose first layers run chip by chip: where it is cut, what it says of itself, and that its
 * numbers are those of the whole.
 */
#include "base/memory.h"
#include "nn/plan/engine.h"
#include "support/net.h"

#define SIDE 40
#define CHIP (3 * SIDE * SIDE)
#define OUTPUTS 1280
#define MOST 8 /* the rule's batch is 4 with AVX-512, 8 with less */

/*
 * Two residual layers over 40 x 40 x 64 (0.4 MB each), pooled to 5 x 5 for convolutions with 11 MB of weights. Where
 * 'long_way', the image is read again behind them.
 */
static void large_image_large_product(struct net *net, bool long_way)
{
	const int64_t one[] = {1, 1, 1, 1}, eight[] = {8, 8};

	net_begin(net, 13);
	net_input(net, "image", FLOAT, 4, (int64_t[]){1, 3, SIDE, SIDE});
	net_random(net, "w1", 4, (int64_t[]){64, 3, 3, 3}, 1);
	net_random(net, "w2", 4, (int64_t[]){64, 64, 3, 3}, 2);
	net_random(net, "w3", 4, (int64_t[]){64, 64, 1, 1}, 3);
	net_random(net, "w4", 4, (int64_t[]){64, 64, 1, 1}, 4);
	net_random(net, "w5", 4, (int64_t[]){2048, 64, 1, 1}, 5);
	net_random(net, "w6", 4, (int64_t[]){OUTPUTS, 2048, 1, 1}, 6);
	node_ints(net_node(net, "Conv", "conv1", "image w1", "a"), "pads", 4, one);
	net_node(net, "Relu", "relu1", "a", "b");
	node_ints(net_node(net, "Conv", "conv2", "b w2", "c"), "pads", 4, one);
	net_node(net, "Add", "add2", "c b", "d");
	net_node(net, "Relu", "relu2", "d", "e");
	net_node(net, "Conv", "conv3", "e w3", "f");
	net_node(net, "Add", "add3", "f e", "g");
	net_node(net, "Relu", "relu3", "g", "h");
	node_ints(node_ints(net_node(net, "MaxPool", "pool", "h", "i"), "kernel_shape", 2, eight), "strides", 2, eight);
	/* What the front hands over is this one's source and addend. */
	net_node(net, "Conv", "conv4", "i w4", "j");
	net_node(net, "Add", "add4", "j i", "k");
	/* Not a MatMul, which below AVX-512 would keep chips from being batched. */
	net_node(net, "Conv", "conv5", "k w5", "l");
	net_node(net, "Conv", "conv6", "l w6", "l6");
	net_node(net, "GlobalAveragePool", "mean", "l6", "l7");
	net_node(net, "Flatten", "flat", "l7", long_way ? "m" : "scores");
	if (long_way) {
		net_node(net, "ReduceMean", "mean2", "image", "n");
		net_node(net, "Flatten", "flat2", "n", "o");
		net_node(net, "Add", "add5", "m o", "scores");
	}
	net_output(net, "scores");
}

static struct lu_plan *build(const struct lu_graph *graph, struct lu_plan_options options)
{
	struct lu_error err = {0};
	struct lu_plan *plan;

	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	return plan;
}

static void run(const struct lu_plan *plan, int n, const void *input, float *output)
{
	struct lu_session *session;
	struct lu_error err = {0};

	check_ok(lu_session_new(plan, &session, &err), err);
	/* Twice: what a pass leaves behind must not count. */
	for (int i = 0; i < 2; i++)
		check_ok(lu_session_run(session, n, input, output, &err), err);
	lu_session_free(session);
}

static bool has_onednn(void)
{
	return strcmp(lu_engine_names()[0], "onednn") == 0;
}

/* A plan by rule against one of batch 1, for 1 to a full batch of chips. */
static void compare(const struct lu_graph *graph, struct lu_plan_options options, const void *input, size_t chip_bytes)
{
	static float want[MOST * OUTPUTS], got[MOST * OUTPUTS];
	struct lu_plan *by_rule = build(graph, options), *single;

	options.batch = 1;
	single = build(graph, options);
	assert_null(single->front);
	assert_int_equal(by_rule->front != NULL, has_onednn());
	assert_in_range(by_rule->batch, 4, MOST);
	for (int i = 0; i < by_rule->batch; i++)
		run(single, 1, (const char *)input + (size_t)i * chip_bytes, want + i * OUTPUTS);
	for (int n = 1; n <= by_rule->batch; n++) {
		memset(got, 0, sizeof(got));
		run(by_rule, n, input, got);
		assert_memory_equal(got, want, sizeof(*got) * (size_t)n * OUTPUTS);
	}
	lu_plan_free(by_rule);
	lu_plan_free(single);
}

static void numbers_are_those_of_the_whole(void **state)
{
	static const float scale[3] = {0.01f, 0.02f, 0.015f}, offset[3] = {-1, -2, -1.5f};
	static unsigned char bytes[MOST * CHIP];
	static float floats[MOST * CHIP];
	struct lu_graph *graph;
	struct net net;

	(void)state;
	for (int i = 0; i < MOST * CHIP; i++) {
		floats[i] = net_number(9, (uint64_t)i);
		bytes[i] = (unsigned char)(128 + 127 * floats[i]);
	}
	large_image_large_product(&net, false);
	net_parse(&net, &graph);
	compare(graph, (struct lu_plan_options){.batch = 0}, floats, CHIP * sizeof(float));
	compare(graph, (struct lu_plan_options){.scale = scale, .offset = offset}, bytes, CHIP);
	if (has_onednn() && lu_precision_pays("onednn", LU_PRECISION_FP16))
		compare(graph, (struct lu_plan_options){.precision = LU_PRECISION_FP16}, floats, CHIP * sizeof(float));
	lu_graph_free(graph);
	net_end(&net);
}

static void says_what_it_is(void **state)
{
	struct lu_plan *plan, *whole;
	struct lu_plan_facts facts, other;
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct net net;
	char *text, line[40];

	(void)state;
	if (!has_onednn())
		skip();
	large_image_large_product(&net, false);
	net_parse(&net, &graph);
	plan = build(graph, (struct lu_plan_options){.batch = 0});
	whole = build(graph, (struct lu_plan_options){.batch = plan->batch});
	lu_plan_facts(plan, &facts);
	lu_plan_facts(whole, &other);
	assert_int_equal(facts.channels, 3);
	assert_int_equal(facts.height, SIDE);
	assert_int_equal(facts.outputs, OUTPUTS);
	assert_string_equal(facts.input_name, "image");
	assert_string_equal(facts.output_name, "scores");
	assert_int_equal(facts.parameters, other.parameters);
	assert_true(fabs(facts.gflop_per_chip / other.gflop_per_chip - 1) < 1e-9);
	/* Large images of one chip at a time. */
	assert_true(facts.arena_bytes < other.arena_bytes * 2 / 3);
	check_ok(lu_plan_describe(plan, &text, &err), err);
	assert_non_null(strstr(text, "input       image (1x3x40x40)"));
	snprintf(line, sizeof(line), "output      scores (%dx1280)", plan->batch);
	assert_non_null(strstr(text, line));
	assert_non_null(strstr(text, "the first layers take them one by one"));
	assert_true(strstr(text, "conv2") != NULL && strstr(text, "conv4") != NULL &&
		    strstr(text, "1x64x40x40") != NULL);
	lu_free(text);
	lu_plan_free(plan);
	lu_plan_free(whole);
	lu_graph_free(graph);
	net_end(&net);
}

/* Where later layers read more than one value, and for a precision whose layers look at who reads them. */
static void stays_whole(void **state)
{
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;

	(void)state;
	large_image_large_product(&net, true);
	net_parse(&net, &graph);
	plan = build(graph, (struct lu_plan_options){.batch = 0});
	assert_in_range(plan->batch, 4, MOST);
	assert_null(plan->front);
	lu_plan_free(plan);
	lu_graph_free(graph);
	net_end(&net);
	if (!has_onednn() || !lu_precision_pays("onednn", LU_PRECISION_BF16))
		return;
	large_image_large_product(&net, false);
	net_parse(&net, &graph);
	plan = build(graph, (struct lu_plan_options){.precision = LU_PRECISION_BF16});
	assert_null(plan->front);
	lu_plan_free(plan);
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_those_of_the_whole),
		cmocka_unit_test(says_what_it_is),
		cmocka_unit_test(stays_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
