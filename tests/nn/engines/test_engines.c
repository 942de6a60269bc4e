/*
 * test_engines.c: every engine against the reference kernels, over odd sizes and ugly values.
 */
#include "trial.h"

/* A convolution, what may be fused behind it, and the image it is given. */
struct conv_case {
	int64_t in, out, group, height, width, kernel, stride, dilation;
	int64_t pads[4];
	bool bias, norm, residual;
	const char *activation;
};

static void add_norm(struct net *net, const char *from, const char *to, int64_t channels)
{
	float variance[256];
	char names[256];

	for (int64_t i = 0; i < channels; i++)
		variance[i] = 1.5f + net_number(9, (uint64_t)i);
	net_random(net, "scale", 1, &channels, 10);
	net_random(net, "shift", 1, &channels, 11);
	net_random(net, "mean", 1, &channels, 12);
	net_floats(net, "variance", 1, &channels, variance);
	snprintf(names, sizeof(names), "%s scale shift mean variance", from);
	net_node(net, "BatchNormalization", "norm", names, to);
}

static void try_conv(const struct conv_case *c, int batch)
{
	struct net net;
	struct trial t = {.batch = batch, .tolerance = 2e-6};
	const char *last = "c";
	struct net_node conv;
	char what[200];
	float *input;

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, c->in, c->height, c->width});
	net_random(&net, "w", 4, (int64_t[]){c->out, c->in / c->group, c->kernel, c->kernel}, 3);
	if (c->bias)
		net_random(&net, "b", 1, (int64_t[]){c->out}, 4);
	conv = net_node(&net, "Conv", "conv", c->bias ? "x w b" : "x w", "c");
	node_ints(conv, "pads", 4, c->pads);
	node_ints(conv, "strides", 2, (int64_t[]){c->stride, c->stride});
	node_ints(conv, "dilations", 2, (int64_t[]){c->dilation, c->dilation});
	node_int(conv, "group", c->group);
	if (c->norm) {
		add_norm(&net, last, "n", c->out);
		last = "n";
	}
	if (c->residual) {
		char names[64];

		/* The shortcut is a second convolution of the same form, and is used again at the end. */
		net_random(&net, "w2", 4, (int64_t[]){c->out, c->in / c->group, c->kernel, c->kernel}, 5);
		conv = net_node(&net, "Conv", "shortcut", "x w2", "s");
		node_ints(conv, "pads", 4, c->pads);
		node_ints(conv, "strides", 2, (int64_t[]){c->stride, c->stride});
		node_ints(conv, "dilations", 2, (int64_t[]){c->dilation, c->dilation});
		node_int(conv, "group", c->group);
		snprintf(names, sizeof(names), "%s s", last);
		net_node(&net, "Add", "add", names, "a");
		net_node(&net, "Add", "again", "a s", "a2");
		last = "a2";
	}
	if (c->activation) {
		net_node(&net, c->activation, "act", last, "r");
		last = "r";
	}
	net_output(&net, last);
	net_parse(&net, &t.graph);
	input = numbers((size_t)(batch * c->in * c->height * c->width), 6);
	t.input = input;
	snprintf(what, sizeof(what), "conv %lld->%lld/%lld %lldx%lld k%lld s%lld d%lld %s", (long long)c->in,
		 (long long)c->out, (long long)c->group, (long long)c->height, (long long)c->width,
		 (long long)c->kernel, (long long)c->stride, (long long)c->dilation,
		 c->activation ? c->activation : "");
	try_engines(&t, what);
	free(input);
	lu_graph_free(t.graph);
	net_end(&net);
}

static void convolutions(void **state)
{
	static const struct conv_case cases[] = {
		{3, 16, 1, 17, 13, 3, 2, 1, {0, 0, 1, 1}, false, true, false, "Relu"},
		{3, 5, 1, 9, 31, 7, 2, 1, {3, 3, 3, 3}, true, true, false, "Relu"},
		{1, 1, 1, 5, 5, 3, 1, 1, {0, 0, 0, 0}, false, false, false, NULL},
		{16, 16, 16, 15, 7, 3, 1, 1, {1, 1, 1, 1}, false, true, false, "HardSwish"},
		{17, 17, 17, 8, 9, 3, 2, 1, {0, 1, 1, 0}, true, false, false, "Sigmoid"},
		{8, 24, 8, 11, 11, 5, 1, 2, {4, 4, 4, 4}, false, false, false, "Tanh"},
		{24, 7, 1, 10, 3, 1, 1, 1, {0, 0, 0, 0}, true, true, false, "LeakyRelu"},
		{32, 64, 1, 7, 7, 1, 2, 1, {0, 0, 0, 0}, false, true, false, NULL},
		{33, 35, 1, 6, 5, 3, 1, 3, {3, 2, 3, 2}, true, false, false, "Elu"},
		{12, 20, 4, 7, 8, 3, 1, 1, {1, 1, 1, 1}, true, false, false, "Relu"},
		{16, 32, 1, 14, 14, 3, 2, 1, {1, 1, 1, 1}, false, true, true, "Relu"},
		{10, 11, 1, 7, 7, 3, 1, 1, {1, 1, 1, 1}, true, true, true, "HardSigmoid"},
		{64, 96, 1, 1, 1, 1, 1, 1, {0, 0, 0, 0}, true, false, false, "Relu"},
		{100, 40, 1, 4, 4, 3, 1, 1, {2, 0, 1, 3}, true, true, false, "Relu"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int batch = 1; batch <= 3; batch++)
			try_conv(&cases[i], batch);
}

/* y = w * x + x: the sum must not be made in the memory that the convolution still reads. */
static void a_layer_added_to_its_own_input(void **state)
{
	struct trial t = {.tolerance = 3e-6};
	struct net net;
	float *input;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 32, 9, 8});
	net_random(&net, "w", 4, (int64_t[]){32, 32, 3, 3}, 1);
	net_random(&net, "v", 4, (int64_t[]){32, 32, 3, 3}, 2);
	node_ints(net_node(&net, "Conv", "first", "x w", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	node_ints(net_node(&net, "Conv", "second", "a v", "b"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Add", "sum", "b a", "s");
	net_node(&net, "Relu", "relu", "s", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	for (t.batch = 1; t.batch <= 2; t.batch++) {
		t.input = input = numbers((size_t)t.batch * 32 * 9 * 8, 7);
		try_engines(&t, "added to its input");
		free(input);
	}
	lu_graph_free(t.graph);
	net_end(&net);
}

/* A shortcut without weights: every other pixel, channels of zeros around; it is made behind the layer it is added to. */
static void a_shortcut_that_is_moved(void **state)
{
	struct trial t = {.tolerance = 5e-6};
	struct net net;
	float *input;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, 11, 14});
	net_random(&net, "w", 4, (int64_t[]){16, 16, 3, 3}, 1);
	net_random(&net, "v", 4, (int64_t[]){32, 16, 3, 3}, 2);
	net_int64s(&net, "starts", 2, (int64_t[]){1, 0});
	net_int64s(&net, "ends", 2, (int64_t[]){100, 100});
	net_int64s(&net, "axes", 2, (int64_t[]){2, 3});
	net_int64s(&net, "steps", 2, (int64_t[]){2, 2});
	net_int64s(&net, "around", 8, (int64_t[]){0, 7, 1, 0, 0, 9, 0, 0});
	net_int64s(&net, "three", 8, (int64_t[]){0, 0, 0, 2, 0, 0, 0, 0});
	net_floats(&net, "number", 0, NULL, (float[]){3});
	node_ints(net_node(&net, "Conv", "first", "x w", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	node_ints(node_ints(net_node(&net, "Conv", "second", "a v", "b"), "pads", 4, (int64_t[]){1, 1, 1, 1}),
		  "strides", 2, (int64_t[]){2, 2});
	net_node(&net, "Slice", "pixels", "a starts ends axes steps", "c");
	net_node(&net, "Pad", "channels", "c around", "d");
	net_node(&net, "Add", "sum", "b d", "e");
	net_node(&net, "Relu", "relu", "e", "f");
	net_node(&net, "Pad", "not_zeros", "f three number", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	for (t.batch = 1; t.batch <= 3; t.batch++) {
		t.input = input = numbers((size_t)t.batch * 16 * 11 * 14, 7);
		try_engines(&t, "a moved shortcut");
		free(input);
	}
	lu_graph_free(t.graph);
	net_end(&net);
}

/* Layers between convolutions, so that blocked layouts meet every other kind of step. */
static void a_network_of_everything(void **state)
{
	struct net net;
	struct trial t = {.tolerance = 3e-6};
	float *input;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 19, 21});
	net_random(&net, "w1", 4, (int64_t[]){20, 3, 3, 3}, 1);
	net_random(&net, "w2", 4, (int64_t[]){20, 1, 3, 3}, 2);
	net_random(&net, "w3", 4, (int64_t[]){20, 20, 1, 1}, 3);
	net_random(&net, "fc", 2, (int64_t[]){40, 9}, 4);
	net_random(&net, "fcb", 1, (int64_t[]){9}, 5);
	net_int64s(&net, "pads", 8, (int64_t[]){0, 0, 0, 0, 0, 0, 1, 1});
	net_floats(&net, "six", 0, NULL, (float[]){6});
	net_floats(&net, "zero", 0, NULL, (float[]){0});
	net_int64s(&net, "starts", 2, (int64_t[]){0, 1});
	net_int64s(&net, "ends", 2, (int64_t[]){9, 100});
	net_int64s(&net, "axes", 2, (int64_t[]){2, 3});
	net_int64s(&net, "steps", 2, (int64_t[]){2, 1});
	net_int64s(&net, "flat", 2, (int64_t[]){1, 40});
	net_node(&net, "Pad", "pad", "x pads", "p");
	node_ints(net_node(&net, "Conv", "stem", "p w1", "c1"), "strides", 2, (int64_t[]){2, 2});
	net_node(&net, "Clip", "relu6", "c1 zero six", "r1");
	node_ints(node_int(net_node(&net, "Conv", "depth", "r1 w2", "d"), "group", 20), "pads", 4,
		  (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Conv", "point", "d w3", "e");
	net_node(&net, "Add", "res", "r1 e", "a");
	net_node(&net, "GlobalAveragePool", "squeeze", "a", "g");
	net_node(&net, "Sigmoid", "gate", "g", "gs");
	net_node(&net, "Mul", "excite", "a gs", "m");
	net_node(&net, "Slice", "crop", "m starts ends axes steps", "sl");
	node_ints(node_ints(net_node(&net, "MaxPool", "max", "sl", "mp"), "kernel_shape", 2, (int64_t[]){2, 3}),
		  "strides", 2, (int64_t[]){1, 2});
	node_ints(node_int(node_ints(net_node(&net, "AveragePool", "avg", "sl", "ap"), "kernel_shape", 2,
				     (int64_t[]){2, 3}),
			   "ceil_mode", 0),
		  "strides", 2, (int64_t[]){1, 2});
	node_int(net_node(&net, "Concat", "cat", "mp ap", "cc"), "axis", 1);
	add_norm(&net, "cc", "bn", 40);
	node_int(node_float(net_node(&net, "LRN", "lrn", "bn", "ln"), "alpha", 0.1f), "size", 5);
	node_ints(net_node(&net, "Transpose", "turn", "ln", "tr"), "perm", 4, (int64_t[]){0, 1, 3, 2});
	net_node(&net, "GlobalMaxPool", "gmp", "tr", "gm");
	net_node(&net, "Reshape", "flatten", "gm flat", "f");
	node_float(net_node(&net, "Gemm", "fc", "f fc fcb", "logits"), "alpha", 0.5f);
	net_node(&net, "Softmax", "softmax", "logits", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	for (t.batch = 1; t.batch <= 5; t.batch++) {
		t.input = input = numbers((size_t)t.batch * 3 * 19 * 21, 7);
		try_engines(&t, "everything");
		free(input);
	}
	lu_graph_free(t.graph);
	net_end(&net);
}

/* Transposed values that are read as they are, turned further, overwritten beside a reader, and given out. */
static void transposed_values(void **state)
{
	struct trial t = {.tolerance = 2e-6};
	struct net net;
	float *input;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 4, 5, 16});
	net_random(&net, "w", 4, (int64_t[]){16, 16, 3, 3}, 1);
	net_random(&net, "rows", 3, (int64_t[]){4, 1, 16}, 2);
	net_random(&net, "fc", 2, (int64_t[]){320, 3}, 3);
	net_int64s(&net, "flat", 2, (int64_t[]){0, -1});
	node_ints(net_node(&net, "Transpose", "t1", "x", "a"), "perm", 4, (int64_t[]){0, 3, 1, 2});
	node_ints(net_node(&net, "Conv", "c1", "a w", "b"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Add", "a1", "b a", "c");
	node_ints(net_node(&net, "Transpose", "t2", "c", "d"), "perm", 4, (int64_t[]){0, 2, 3, 1});
	net_node(&net, "Sigmoid", "s1", "d", "e"); /* may not overwrite what t3 turns */
	node_ints(net_node(&net, "Transpose", "t3", "d", "f"), "perm", 4, (int64_t[]){0, 2, 1, 3});
	node_ints(net_node(&net, "Transpose", "t4", "f", "g"), "perm", 4, (int64_t[]){0, 2, 1, 3});
	net_node(&net, "Mul", "m1", "e g", "h");
	net_node(&net, "Add", "a2", "h rows", "i"); /* a constant with two long dimensions */
	node_ints(net_node(&net, "Transpose", "t5", "i", "j"), "perm", 4, (int64_t[]){0, 1, 3, 2});
	net_node(&net, "Tanh", "th", "j", "k");
	net_node(&net, "Reshape", "flat", "k flat", "l");
	net_node(&net, "MatMul", "fc", "l fc", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	for (t.batch = 1; t.batch <= 3; t.batch++) {
		t.input = input = numbers((size_t)t.batch * 320, 7);
		try_engines(&t, "transposed values");
		free(input);
	}
	lu_graph_free(t.graph);
	net_end(&net);
}

/* Products at every batch: a row's bits must not depend on how many rows there are. */
static void dense_layers(void **state)
{
	static const int64_t sizes[][2] = {{1, 1}, {7, 3}, {64, 100}, {129, 33}, {1280, 21}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int trans = 0; trans <= 1; trans++)
			for (int batch = 1; batch <= 17; batch += 4) {
				const int64_t n = sizes[i][0], m = sizes[i][1];
				struct trial t = {.batch = batch, .tolerance = 2e-6};
				struct net net;
				float *input;

				net_begin(&net, 11);
				net_input(&net, "x", FLOAT, 2, (int64_t[]){1, n});
				net_random(&net, "w", 2, trans ? (int64_t[]){m, n} : (int64_t[]){n, m}, 8);
				net_random(&net, "b", 1, &m, 9);
				node_int(net_node(&net, "Gemm", "fc", "x w b", "y"), "transB", trans);
				net_node(&net, "Relu", "relu", "y", "r");
				net_output(&net, "r");
				net_parse(&net, &t.graph);
				t.input = input = numbers((size_t)(batch * n), 10);
				try_engines(&t, "gemm");
				free(input);
				lu_graph_free(t.graph);
				net_end(&net);
			}
}

/* NaN, infinities, denormals and huge numbers go through a convolution as they do in the reference. */
static void ugly_values(void **state)
{
	static const float ugly[] = {NAN, INFINITY, -INFINITY, 1e-40f, -1e-42f, 3e38f, 0.0f, -0.0f};
	struct trial t = {.batch = 2, .tolerance = 1e-5};
	float input[2 * 16 * 25];
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, 5, 5});
	net_random(&net, "w", 4, (int64_t[]){16, 1, 1, 1}, 1);
	node_int(net_node(&net, "Conv", "conv", "x w", "y"), "group", 16);
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	for (size_t i = 0; i < sizeof(input) / sizeof(input[0]); i++)
		input[i] = i % 3 ? net_number(1, i) : ugly[i / 3 % 8];
	t.input = input;
	try_engines(&t, "ugly values");
	lu_graph_free(t.graph);
	net_end(&net);
}

/* Networks that mix chips, or fix their batch, are run chip by chip and still right. */
static void networks_that_cannot_take_a_batch(void **state)
{
	struct trial t = {.batch = 4, .tolerance = 1e-6};
	float *input = numbers(4 * 4 * 4, 3);
	struct net net;

	(void)state;
	t.input = input;

	/* A batch that leaves axis 0. */
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 3, (int64_t[]){1, 4, 4});
	node_ints(net_node(&net, "Transpose", "turn", "x", "tr"), "perm", 3, (int64_t[]){1, 0, 2});
	node_int(net_node(&net, "Softmax", "soft", "tr", "s"), "axis", 1);
	net_node(&net, "Add", "add", "s tr", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	try_engines(&t, "transposed batch");
	lu_graph_free(t.graph);
	net_end(&net);

	/* [1, 4, 4] + [1, 4] along rows: with four chips the shapes would fit by accident. */
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 3, (int64_t[]){1, 4, 4});
	net_int64s(&net, "shape", 2, (int64_t[]){1, 4});
	net_int64s(&net, "starts", 2, (int64_t[]){0, 0});
	net_int64s(&net, "ends", 2, (int64_t[]){1, 1});
	net_node(&net, "Slice", "row", "x starts ends", "first");
	net_node(&net, "Reshape", "flat", "first shape", "v");
	net_node(&net, "Add", "add", "x v", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	try_engines(&t, "misaligned addition");
	lu_graph_free(t.graph);
	net_end(&net);
	free(input);
}

/* A window as large as the image: each chip's bits are those it has alone, on every engine. */
static void window_of_the_whole_image(void **state)
{
	enum { CHIPS = 4, OUTPUTS = 128 };
	static float alone[CHIPS * OUTPUTS], together[CHIPS * OUTPUTS];
	const size_t size = 64 * 10 * 10;
	float *input = numbers(CHIPS * size, 3);
	struct lu_graph *graph;
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 64, 10, 10});
	net_random(&net, "w", 4, (int64_t[]){OUTPUTS, 64, 10, 10}, 1);
	net_node(&net, "Conv", "whole", "x w", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	for (const char *const *engine = lu_engine_names(); *engine != NULL; engine++)
		for (int batch = 1; batch <= CHIPS; batch += CHIPS - 1) {
			struct lu_plan_options options = {.engine = *engine, .batch = batch};
			struct lu_session *session;
			struct lu_error err = {0};
			struct lu_plan *plan;

			check_ok(lu_plan_build(graph, &options, &plan, &err), err);
			check_ok(lu_session_new(plan, &session, &err), err);
			for (int i = 0; i < CHIPS; i += batch)
				check_ok(lu_session_run(session, batch, input + (size_t)i * size,
							(batch == 1 ? alone : together) + i * OUTPUTS, &err),
					 err);
			if (batch > 1)
				assert_memory_equal(alone, together, sizeof(alone));
			lu_session_free(session);
			lu_plan_free(plan);
		}
	free(input);
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(convolutions),
		cmocka_unit_test(a_layer_added_to_its_own_input),
		cmocka_unit_test(a_shortcut_that_is_moved),
		cmocka_unit_test(a_network_of_everything),
		cmocka_unit_test(transposed_values),
		cmocka_unit_test(dense_layers),
		cmocka_unit_test(ugly_values),
		cmocka_unit_test(networks_that_cannot_take_a_batch),
		cmocka_unit_test(window_of_the_whole_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
