/*
 * test_ends.c: networks whose image has its channels last, or is bytes, or that have several outputs, answer what the
 * same network answers that was written as landuse likes it best.
 */
#include "base/memory.h"
#include "nn/plan/plan.h"
#include "support/net.h"

#define UINT8 ONNX__TENSOR_PROTO__DATA_TYPE__UINT8

enum { SIDE = 12, BANDS = 3, CLASSES = 5, CHIPS = 3, PIXELS = SIDE * SIDE * BANDS };

/* What a file's image is before the network proper, which begins with "image": channels first, floats. */
enum begin { PLAIN, LAST, LAST_SCALED, BYTES, BYTES_LAST, BYTES_JOINED, BEGINS };

static void begin(struct net *net, enum begin as)
{
	static const int64_t first[] = {1, BANDS, SIDE, SIDE}, last[] = {1, SIDE, SIDE, BANDS},
			     to_first[] = {0, 3, 1, 2};
	const bool is_last = as == LAST || as == LAST_SCALED || as == BYTES_LAST;

	net_begin(net, 13);
	net_input(net, as == PLAIN ? "image" : "x", as >= BYTES ? UINT8 : FLOAT, 4, is_last ? last : first);
	switch (as) {
	case LAST:
	case BYTES_LAST:
		node_ints(net_node(net, "Transpose", "turn", "x", as == LAST ? "image" : "t"), "perm", 4, to_first);
		if (as == BYTES_LAST)
			node_int(net_node(net, "Cast", "cast", "t", "image"), "to", FLOAT);
		break;
	case LAST_SCALED: /* as Keras' Rescaling does, before the axes are turned */
		net_floats(net, "two", 0, NULL, (float[]){2});
		net_floats(net, "half", 1, (int64_t[]){BANDS}, (float[]){.5f, .5f, .5f});
		net_node(net, "Mul", "twice", "x two", "d");
		net_node(net, "Mul", "fp16", "d half", "h");
		node_ints(net_node(net, "Transpose", "turn", "h", "image"), "perm", 4, to_first);
		break;
	case BYTES:
		node_int(net_node(net, "Cast", "cast", "x", "image"), "to", FLOAT);
		break;
	case BYTES_JOINED: /* Concat reads the bytes before they are cast */
		node_int(net_node(net, "Concat", "join", "x x", "j"), "axis", 1);
		node_int(net_node(net, "Cast", "cast", "j", "c"), "to", FLOAT);
		net_int64s(net, "from", 1, (int64_t[]){BANDS});
		net_int64s(net, "to", 1, (int64_t[]){2 * BANDS});
		net_int64s(net, "axis", 1, (int64_t[]){1});
		net_node(net, "Slice", "second", "c from to axis", "image");
		break;
	default:
		break;
	}
}

static void end(struct net *net)
{
	net_random(net, "w", 4, (int64_t[]){8, BANDS, 3, 3}, 1);
	net_random(net, "fc", 2, (int64_t[]){8, CLASSES}, 2);
	net_node(net, "Conv", "conv", "image w", "a");
	net_node(net, "Relu", "relu", "a", "b");
	net_node(net, "GlobalAveragePool", "gap", "b", "c2");
	net_node(net, "Flatten", "flat", "c2", "d2");
	net_node(net, "MatMul", "product", "d2 fc", "scores");
	net_output(net, "scores");
}

/* Answers of a run with bytes, a full batch and a short one; '*steps' counts those that are neither layers nor scaling. */
static void answer(struct net *net, const char *engine, float answers[CHIPS * CLASSES], int *steps)
{
	float scale[BANDS] = {1, 1, 1}, offset[BANDS] = {0, 0, 0}, again[CLASSES];
	struct lu_plan_options options = {.engine = engine, .batch = CHIPS, .scale = scale, .offset = offset};
	uint8_t pixels[CHIPS * PIXELS];
	struct lu_plan_facts facts;
	struct lu_session *session;
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;

	for (int i = 0; i < CHIPS * PIXELS; i++)
		pixels[i] = (uint8_t)(i * 37 % 256);
	net_parse(net, &graph);
	check_ok(lu_graph_choose(graph, NULL, LU_ORDER_BY_SHAPE, &err), err);
	assert_int_equal(lu_graph_channels(graph), BANDS);
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	assert_int_equal(facts.channels, BANDS);
	assert_int_equal(facts.height, SIDE);
	assert_int_equal(facts.width, SIDE);
	assert_int_equal(plan->pass, CHIPS);
	*steps = plan->n_steps;
	check_ok(lu_session_new(plan, &session, &err), err);
	check_ok(lu_session_run(session, CHIPS, pixels, answers, &err), err);
	check_ok(lu_session_run(session, 1, pixels + PIXELS, again, &err), err);
	assert_memory_equal(again, answers + CLASSES, sizeof(again));
	lu_session_free(session);
	lu_plan_free(plan);
	lu_graph_free(graph);
}

static void every_image_is_seen_alike(void **state)
{
	(void)state;
	for (const char *const *engine = lu_engine_names(); *engine; engine++) {
		float wanted[CHIPS * CLASSES], got[CHIPS * CLASSES];
		int least = 0, steps;

		for (enum begin as = PLAIN; as < BEGINS; as++) {
			struct net net;

			begin(&net, as);
			end(&net);
			answer(&net, *engine, as == PLAIN ? wanted : got, &steps);
			least = as == PLAIN ? steps : least;
			if (as != PLAIN && memcmp(got, wanted, sizeof(got)) != 0)
				fail_msg("%s: image %d gives %g, not %g", *engine, (int)as, (double)got[0],
					 (double)wanted[0]);
			/* Axes that are turned twice and bytes that are cast cost no step. */
			if ((as == LAST || as == BYTES || as == BYTES_LAST) && steps != least)
				fail_msg("%s: image %d takes %d steps, not %d", *engine, (int)as, steps, least);
			net_end(&net);
		}
	}
}

static void takes_the_output_that_is_named(void **state)
{
	struct lu_plan_options options = {.batch = 2};
	struct lu_error err = {0};
	struct lu_plan_facts facts;
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;
	char *text;

	(void)state;
	begin(&net, PLAIN);
	end(&net);
	net_node(&net, "Softmax", "soft", "scores", "probabilities");
	net_node(&net, "ArgMax", "best", "scores", "label");
	net_output(&net, "probabilities");
	net_output(&net, "label");
	net_parse(&net, &graph);
	assert_int_equal(lu_graph_ending(graph), LU_ENDING_OPEN);
	check_ok(lu_graph_choose(graph, "probabilities", LU_ORDER_BY_SHAPE, &err), err);
	assert_int_equal(lu_graph_ending(graph), LU_ENDING_SOFTMAX);
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	assert_string_equal(facts.output_name, "probabilities");
	check_ok(lu_plan_describe(plan, &text, &err), err);
	assert_non_null(strstr(text, "the network has 'scores', 'label', too"));
	lu_free(text);
	lu_plan_free(plan);
	check_fails(lu_graph_choose(graph, "odds", LU_ORDER_BY_SHAPE, &err), LU_ERROR_ARGUMENT, err,
		    "no output 'odds' (it has 'probabilities', 'scores', 'label')");
	check_ok(lu_graph_choose(graph, "label", LU_ORDER_BY_SHAPE, &err), err);
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "output 'label' is int64; landuse needs float32");
	lu_graph_free(graph);
	net_end(&net);
}

/* The shape tells most orders; where it is told, it is as told, right or wrong. */
static void sees_or_is_told_the_order(void **state)
{
	static const struct {
		int64_t shape[4];
		enum lu_order order, seen;
		int channels;
	} cases[] = {
		{{1, 3, 8, 8}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_FIRST, 3},
		{{1, 8, 8, 3}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_LAST, 3},
		{{1, 8, 8, 13}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_LAST, 13},
		{{1, 13, 8, 8}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_FIRST, 13},
		{{1, 8, 8, 8}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_FIRST, 8},
		{{1, 8, 9, 3}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_LAST, 3},
		{{1, 3, 9, 8}, LU_ORDER_BY_SHAPE, LU_ORDER_CHANNELS_FIRST, 3},
		{{1, 8, 8, 3}, LU_ORDER_CHANNELS_FIRST, LU_ORDER_CHANNELS_FIRST, 8},
		{{1, 3, 8, 8}, LU_ORDER_CHANNELS_LAST, LU_ORDER_CHANNELS_LAST, 8},
	};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct net net;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		net_begin(&net, 13);
		net_input(&net, "x", FLOAT, 4, cases[i].shape);
		net_node(&net, "Relu", "relu", "x", "y");
		net_output(&net, "y");
		net_parse(&net, &graph);
		check_ok(lu_graph_choose(graph, NULL, cases[i].order, &err), err);
		assert_int_equal(lu_graph_order(graph), cases[i].seen);
		assert_int_equal(lu_graph_channels(graph), cases[i].channels);
		lu_graph_free(graph);
		net_end(&net);
	}
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 2, (int64_t[]){1, 3});
	net_node(&net, "Relu", "relu", "x", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	check_fails(lu_graph_choose(graph, NULL, LU_ORDER_CHANNELS_LAST, &err), LU_ERROR_MISMATCH, err,
		    "input 'x' has 2 dimensions");
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_image_is_seen_alike),
		cmocka_unit_test(takes_the_output_that_is_named),
		cmocka_unit_test(sees_or_is_told_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
