/*
 * test_patterns.c: what exporters spell out is recognised, fused and right on every engine; what only looks like it is left.
 */
#include "trial.h"

static int count_steps(const struct lu_plan *plan, const char *op)
{
	int n = 0;

	for (int i = 0; i < plan->n_steps; i++)
		n += strcmp(plan->steps[i].op, op) == 0;
	return n;
}

/* What exporters spell out: Swish, HardSwish, Gelu, a mean over space with its axes dropped, a product and its bias. */
static void patterns_of_exporters(void **state)
{
	struct trial t = {.tolerance = 5e-6};
	struct net net;
	float *input;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 9, 11});
	net_random(&net, "w1", 4, (int64_t[]){24, 3, 3, 3}, 1);
	net_random(&net, "w2", 4, (int64_t[]){20, 24, 1, 1}, 2);
	net_random(&net, "fc", 2, (int64_t[]){20, 7}, 3);
	net_random(&net, "b", 1, (int64_t[]){7}, 4);
	net_floats(&net, "root", 0, NULL, (float[]){1.41421356f});
	net_floats(&net, "one", 0, NULL, (float[]){1});
	net_floats(&net, "half", 0, NULL, (float[]){0.5f});
	net_node(&net, "Conv", "c1", "x w1", "a");
	net_node(&net, "Sigmoid", "s", "a", "as");
	net_node(&net, "Mul", "swish", "as a", "sw");
	node_float(net_node(&net, "HardSigmoid", "hs", "sw", "hg"), "alpha", 1 / 6.0f);
	net_node(&net, "Mul", "hardswish", "hg sw", "hw");
	net_node(&net, "HardSigmoid", "other", "hw", "hh"); /* of another slope */
	net_node(&net, "Mul", "times", "hh hw", "ht");
	net_node(&net, "Conv", "c2", "ht w2", "c");
	net_node(&net, "Div", "d", "c root", "cd");
	net_node(&net, "Erf", "e", "cd", "ce");
	net_node(&net, "Add", "p", "ce one", "cp");
	net_node(&net, "Mul", "m", "c cp", "cm");
	net_node(&net, "Mul", "gelu", "cm half", "g");
	node_int(node_ints(net_node(&net, "ReduceMean", "mean", "g", "f"), "axes", 2, (int64_t[]){-1, -2}), "keepdims",
		 0);
	net_node(&net, "MatMul", "product", "f fc", "k");
	net_node(&net, "Add", "bias", "b k", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	for (t.batch = 1; t.batch <= 3; t.batch++) {
		struct lu_plan_options options = {.batch = t.batch};
		struct lu_error err = {0};
		struct lu_plan_facts facts;
		struct lu_plan *plan;

		t.input = input = numbers((size_t)t.batch * 3 * 9 * 11, 7);
		try_engines(&t, "patterns");
		free(input);
		check_ok(lu_plan_build(t.graph, &options, &plan, &err), err);
		lu_plan_facts(plan, &facts);
		assert_string_equal(facts.output_name, "y");
		/* The slope that is not HardSwish's keeps its product. */
		assert_int_equal(count_steps(plan, "Mul"), 1);
		assert_int_equal(count_steps(plan, "HardSigmoid"), 1);
		/* conv, hard swish, gate, product, conv, pool, product; and layouts may change. */
		assert_true(facts.layers <= 11);
		lu_plan_free(plan);
	}
	lu_graph_free(t.graph);
	net_end(&net);
}

/* Names of nodes and values that begin with 'name', for patterns that occur more than once. */
static const char *join(char *text, size_t size, const char *format, const char *name)
{
	size_t used = 0;

	for (; *format && used + 1 < size; format++) {
		if (*format != '$')
			text[used++] = *format;
		else
			used += (size_t)snprintf(text + used, size - used, "%s", name);
	}
	text[used < size ? used : size - 1] = '\0';
	return text;
}

/* A node whose name, inputs and outputs have the pattern's name for each $. */
static struct net_node add_node(struct net *net, const char *op, const char *name, const char *inputs,
				const char *output)
{
	char in[128], out[64];

	return net_node(net, op, join(out, sizeof(out), output, name), join(in, sizeof(in), inputs, name), out);
}

/*
 * A normalisation of 'x' as exporters spell it, over 'axes' ('n' of them). 'way' 0: as PyTorch does; 1: the deviation made
 * twice and squared by a product; 2: with a Reciprocal of the root; 3: without scale and bias. The result is NAME_y.
 */
static void spell_norm(struct net *net, const char *x, const char *name, const int64_t *axes, size_t n, int way)
{
	char in[64];

	snprintf(in, sizeof(in), "%s $_m", x);
	node_ints(add_node(net, "ReduceMean", name, x, "$_m"), "axes", n, axes);
	add_node(net, "Sub", name, in, "$_d");
	if (way == 1)
		add_node(net, "Sub", name, in, "$_e");
	if (way == 1)
		add_node(net, "Mul", name, "$_e $_e", "$_s");
	else
		add_node(net, "Pow", name, "$_d two", "$_s");
	node_ints(add_node(net, "ReduceMean", name, "$_s", "$_v"), "axes", n, axes);
	add_node(net, "Add", name, way == 1 ? "epsilon $_v" : "$_v epsilon", "$_p");
	add_node(net, "Sqrt", name, "$_p", "$_r");
	if (way == 2) {
		add_node(net, "Reciprocal", name, "$_r", "$_i");
		add_node(net, "Mul", name, "$_i $_d", "$_n");
	} else {
		add_node(net, "Div", name, "$_d $_r", way == 3 ? "$_y" : "$_n");
	}
	if (way == 3)
		return;
	add_node(net, "Mul", name, "$_n $_scale", "$_a");
	add_node(net, "Add", name, way == 1 ? "$_shift $_a" : "$_a $_shift", "$_y");
}

/* On the engines, and what the first one's steps are. */
static void try_steps(struct trial *t, const char *what, const char *op, int expected)
{
	struct lu_plan_options options = {.batch = t->batch};
	struct lu_error err = {0};
	struct lu_plan *plan;

	try_engines(t, what);
	check_ok(lu_plan_build(t->graph, &options, &plan, &err), err);
	if (count_steps(plan, op) != expected)
		fail_msg("%s: %d steps are %s, not %d", what, count_steps(plan, op), op, expected);
	lu_plan_free(plan);
}

/* Normalisations over the last axes and over channels, of all spellings; channels and sizes that fill no register. */
static void spelled_normalisations(void **state)
{
	static const int64_t channels[] = {1, 3, 16, 37};

	(void)state;
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
		for (int way = 0; way < 4; way++) {
			const int64_t c = channels[i], last = -1, both[] = {2, 3}, middle = 1;
			struct trial t = {.batch = 1 + way, .tolerance = 5e-6};
			struct net net;
			float *input;

			net_begin(&net, 13);
			net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 5, 3, c});
			net_floats(&net, "two", 0, NULL, (float[]){2});
			net_floats(&net, "epsilon", 0, NULL, (float[]){1e-3f});
			net_random(&net, "last_scale", 1, (int64_t[]){c}, 1);
			net_random(&net, "last_shift", 3, (int64_t[]){1, 1, c}, 2);
			net_random(&net, "both_scale", 2, (int64_t[]){3, c}, 3);
			net_random(&net, "both_shift", 2, (int64_t[]){3, c}, 4);
			net_random(&net, "middle_scale", 3, (int64_t[]){5, 1, 1}, 5);
			net_random(&net, "middle_shift", 4, (int64_t[]){1, 5, 1, 1}, 6);
			spell_norm(&net, "x", "last", &last, 1, way);
			spell_norm(&net, "last_y", "both", both, 2, way);
			spell_norm(&net, "both_y", "middle", &middle, 1, way);
			net_output(&net, "middle_y");
			net_parse(&net, &t.graph);
			t.input = input = numbers((size_t)(t.batch * 15 * c), 7);
			try_steps(&t, "spelled normalisations", "LayerNormalization", 3);
			free(input);
			lu_graph_free(t.graph);
			net_end(&net);
		}
}

/* What only looks like a normalisation: another epsilon's place, other axes, a square of something else. */
static void no_normalisations(void **state)
{
	static const struct {
		const char *square, *root;
		int64_t second;
	} cases[] = {
		{"x", "$_p", -1}, /* the square of what has not been shifted */
		{"$_d", "$_v", -1}, /* no epsilon */
		{"$_d", "$_p", 2}, /* the variance over another axis */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trial t = {.batch = 2, .tolerance = 2e-5};
		struct net net;
		float *input;
		char in[64];

		net_begin(&net, 13);
		net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 5, 6, 6});
		net_floats(&net, "two", 0, NULL, (float[]){2});
		net_floats(&net, "epsilon", 0, NULL, (float[]){1e-3f});
		node_ints(add_node(&net, "ReduceMean", "n", "x", "$_m"), "axes", 1, (int64_t[]){-1});
		add_node(&net, "Sub", "n", "x $_m", "$_d");
		snprintf(in, sizeof(in), "%s two", cases[i].square);
		add_node(&net, "Pow", "n", in, "$_s");
		node_ints(add_node(&net, "ReduceMean", "n", "$_s", "$_v"), "axes", 1, &cases[i].second);
		add_node(&net, "Add", "n", "$_v epsilon", "$_p");
		add_node(&net, "Sqrt", "n", cases[i].root, "$_r");
		add_node(&net, "Div", "n", "$_d $_r", "$_y");
		net_output(&net, "n_y");
		net_parse(&net, &t.graph);
		t.input = input = numbers(2 * 5 * 36, 7);
		try_steps(&t, "no normalisation", "LayerNormalization", 0);
		free(input);
		lu_graph_free(t.graph);
		net_end(&net);
	}
}

/* Gelu in the three orders of its product, each behind a convolution and fused into it. */
static void spelled_gelus(void **state)
{
	struct trial t = {.batch = 2, .tolerance = 5e-6};
	struct net net;
	float *input;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 5, 7});
	net_random(&net, "w", 4, (int64_t[]){3, 3, 3, 3}, 1);
	net_floats(&net, "root", 0, NULL, (float[]){1.41421356f});
	net_floats(&net, "inverse", 0, NULL, (float[]){0.70710678f});
	net_floats(&net, "one", 0, NULL, (float[]){1});
	net_floats(&net, "half", 0, NULL, (float[]){0.5f});
	for (int way = 0; way < 3; way++) {
		const char *name = (const char *[]){"a", "b", "c"}[way];

		node_ints(add_node(&net, "Conv", name, (const char *[]){"x w", "a_y w", "b_y w"}[way], "$"), "pads", 4,
			  (int64_t[]){1, 1, 1, 1});
		if (way)
			add_node(&net, "Mul", name, "inverse $", "$_d");
		else
			add_node(&net, "Div", name, "$ root", "$_d");
		add_node(&net, "Erf", name, "$_d", "$_e");
		add_node(&net, "Add", name, way ? "one $_e" : "$_e one", "$_p");
		add_node(&net, "Mul", name, (const char *[]){"$ $_p", "$_p half", "$ half"}[way], "$_m");
		add_node(&net, "Mul", name, (const char *[]){"$_m half", "$_m $", "$_m $_p"}[way], "$_y");
	}
	net_output(&net, "c_y");
	net_parse(&net, &t.graph);
	t.input = input = numbers(2 * 3 * 35, 7);
	try_steps(&t, "spelled Gelus", "Mul", 0);
	try_steps(&t, "spelled Gelus", "Gelu", 0);
	try_steps(&t, "spelled Gelus", "Conv", 3);
	free(input);
	lu_graph_free(t.graph);
	net_end(&net);
}

/* A block that is channels-last inside, as ConvNeXt has them, and a head without space. */
static void channels_last_blocks(void **state)
{
	static const int64_t sizes[][3] = {{8, 5, 7}, {19, 6, 3}, {32, 7, 7}};
	const int64_t last[] = {0, 2, 3, 1}, back[] = {0, 3, 1, 2}, axis = -1;

	(void)state;
	for (int at = 0; at < 9; at++) {
		const int64_t c = sizes[at % 3][0], h = sizes[at % 3][1], w = sizes[at % 3][2];
		struct trial t = {.batch = 1 + at / 3 * 2, .tolerance = 1e-5};
		struct net net;
		float *input;

		net_begin(&net, 17);
		net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 2 * h, 2 * w});
		net_random(&net, "stem", 4, (int64_t[]){c, 3, 2, 2}, 1);
		net_random(&net, "spread", 4, (int64_t[]){c, 1, 7, 7}, 2);
		net_random(&net, "norm_scale", 1, &c, 3);
		net_random(&net, "norm_shift", 1, &c, 4);
		net_random(&net, "wide", 2, (int64_t[]){c, 3 * c}, 5);
		net_random(&net, "wide_bias", 1, (int64_t[]){3 * c}, 6);
		net_random(&net, "narrow", 2, (int64_t[]){3 * c, c}, 7);
		net_random(&net, "gamma", 1, &c, 8);
		net_random(&net, "head", 2, (int64_t[]){c, 5}, 9);
		net_floats(&net, "two", 0, NULL, (float[]){2});
		net_floats(&net, "epsilon", 0, NULL, (float[]){1e-5f});
		node_ints(net_node(&net, "Conv", "stem", "x stem", "a"), "strides", 2, (int64_t[]){2, 2});
		node_ints(node_int(net_node(&net, "Conv", "spread", "a spread", "b"), "group", c), "pads", 4,
			  (int64_t[]){3, 3, 3, 3});
		node_ints(net_node(&net, "Transpose", "last", "b", "norm"), "perm", 4, last);
		spell_norm(&net, "norm", "norm", &axis, 1, 0);
		net_node(&net, "MatMul", "wide", "norm_y wide", "d");
		net_node(&net, "Add", "wide_bias", "wide_bias d", "e");
		net_node(&net, "Relu", "relu", "e", "f");
		net_node(&net, "MatMul", "narrow", "f narrow", "g");
		net_node(&net, "Mul", "gamma", "gamma g", "i");
		node_ints(net_node(&net, "Transpose", "back", "i", "j"), "perm", 4, back);
		net_node(&net, "Add", "sum", "a j", "k");
		net_node(&net, "GlobalAveragePool", "pool", "k", "l");
		node_ints(net_node(&net, "Transpose", "last2", "l", "m"), "perm", 4, last);
		net_node(&net, "LayerNormalization", "norm2", "m norm_scale norm_shift", "n");
		node_ints(net_node(&net, "Transpose", "back2", "n", "o"), "perm", 4, back);
		net_node(&net, "Flatten", "flat", "o", "p");
		net_node(&net, "MatMul", "head", "p head", "y");
		net_output(&net, "y");
		net_parse(&net, &t.graph);
		t.input = input = numbers((size_t)(t.batch * 12 * h * w), 7);
		try_steps(&t, "channels last", "Conv", 4);
		try_steps(&t, "channels last", "LayerNormalization", 2);
		try_steps(&t, "channels last", "Add", 0);
		if (strcmp(lu_engine_names()[0], "onednn") == 0)
			try_steps(&t, "channels last", "Transpose", 0);
		free(input);
		lu_graph_free(t.graph);
		net_end(&net);
	}
}

/* Numbers by channel, by pixel, for a chip and for all, on an image that a convolution left in a layout of its own. */
static void broadcast_operands(void **state)
{
	static const int64_t channels[] = {3, 8, 13, 16, 24, 37};

	(void)state;
	for (int at = 0; at < 12; at++) {
		const int64_t c = channels[at % 6], size = 4 + at % 5;
		struct trial t = {.batch = 1 + at % 3, .tolerance = 5e-6};
		struct net net;
		float *input;

		net_begin(&net, 13);
		net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 8, size, size + 1});
		net_random(&net, "w1", 4, (int64_t[]){c, 8, 3, 3}, 1);
		net_random(&net, "w2", 4, (int64_t[]){c, c, 1, 1}, 2);
		net_random(&net, "w3", 4, (int64_t[]){1, c, 1, 1}, 3);
		net_random(&net, "k", 4, (int64_t[]){1, c, 1, 1}, 4);
		net_random(&net, "pixels", 4, (int64_t[]){1, 1, size, size + 1}, 5);
		node_ints(net_node(&net, "Conv", "c1", "x w1", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
		net_node(&net, "Relu", "r1", "a", "b");
		net_node(&net, "GlobalAveragePool", "pool", "b", "p");
		net_node(&net, "Conv", "gate", "p w2", "g");
		net_node(&net, "Mul", "excite", at % 2 ? "g b" : "b g", "d"); /* by channel of a chip */
		net_node(&net, "Add", "all", "d k", "e"); /* of all chips */
		net_node(&net, "Sub", "less", "e g", "f");
		net_node(&net, "Conv", "map", "f w3", "m");
		net_node(&net, "Mul", "attend", "f m", "h"); /* by pixel of a chip */
		net_node(&net, "Add", "fixed", "pixels h", "i"); /* of all chips */
		net_node(&net, "Conv", "last", "i w2", "y");
		net_output(&net, "y");
		net_parse(&net, &t.graph);
		t.input = input = numbers((size_t)(t.batch * 8 * size * (size + 1)), 7);
		try_engines(&t, "broadcast operands");
		free(input);
		lu_graph_free(t.graph);
		net_end(&net);
	}
}

/* A DenseNet in small: joined pieces that only a normalisation reads, nested and flat, and one that is read otherwise, too. */
static void dense_blocks(void **state)
{
	static const int64_t widths[] = {16, 3, 32, 17, 48};
	const int64_t all = 16 + 3 + 32 + 17 + 48;

	(void)state;
	for (int at = 0; at < 10; at++) {
		const int64_t size = 3 + at;
		struct trial t = {.batch = 1 + at % 3, .tolerance = 1e-5};
		float variance[116];
		struct net net;
		float *input;

		for (int64_t i = 0; i < all; i++)
			variance[i] = 1.5f + net_number(9, (uint64_t)i);
		net_begin(&net, 13);
		net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, size, size + 2});
		for (int i = 0; i < 5; i++) {
			char name[8], conv[8];
			const int64_t weights[] = {widths[i], 16, 3, 3};

			snprintf(name, sizeof(name), "w%d", i);
			snprintf(conv, sizeof(conv), "p%d", i);
			net_random(&net, name, 4, weights, (uint64_t)i + 1);
			snprintf(name, sizeof(name), "x w%d", i);
			node_ints(net_node(&net, "Conv", conv, name, conv), "pads", 4, (int64_t[]){1, 1, 1, 1});
		}
		net_random(&net, "w", 4, (int64_t[]){16, all, 1, 1}, 7);
		net_random(&net, "scale", 1, &all, 10);
		net_random(&net, "shift", 1, &all, 11);
		net_random(&net, "mean", 1, &all, 12);
		net_floats(&net, "variance", 1, &all, variance);
		if (at % 2) {
			node_int(net_node(&net, "Concat", "j1", "p0 p1", "q1"), "axis", 1);
			node_int(net_node(&net, "Concat", "j2", "q1 p2 p3", "q2"), "axis", -3);
			node_int(net_node(&net, "Concat", "j3", "q2 p4", "q"), "axis", 1);
		} else {
			node_int(net_node(&net, "Concat", "j", "p0 p1 p2 p3 p4", "q"), "axis", 1);
		}
		net_node(&net, "BatchNormalization", "norm", "q scale shift mean variance", "n");
		if (at % 3)
			net_node(&net, "Relu", "relu", "n", "r");
		net_node(&net, "Conv", "last", at % 3 ? "r w" : "n w", "y");
		if (at % 5 == 4) {
			net_node(&net, "Sigmoid", "other", "q", "s");
			net_node(&net, "GlobalAveragePool", "pool", "s", "g");
			net_node(&net, "Conv", "gate", "g w", "h");
			net_node(&net, "Mul", "times", "y h", "z");
		}
		net_output(&net, at % 5 == 4 ? "z" : "y");
		net_parse(&net, &t.graph);
		t.input = input = numbers((size_t)(t.batch * 16 * size * (size + 2)), 7);
		try_engines(&t, "dense blocks");
		free(input);
		lu_graph_free(t.graph);
		net_end(&net);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_of_exporters), cmocka_unit_test(spelled_normalisations),
		cmocka_unit_test(no_normalisations),     cmocka_unit_test(spelled_gelus),
		cmocka_unit_test(channels_last_blocks),  cmocka_unit_test(broadcast_operands),
		cmocka_unit_test(dense_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
