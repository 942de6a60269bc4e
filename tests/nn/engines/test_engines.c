/*
 * test_engines.c: every engine against the reference kernels, over odd sizes and ugly values.
 */
#include "support/guarded.h"

/* A network with input "x", and what to feed it. */
struct trial {
	struct lu_graph *graph;
	const float *input;
	int batch;
	double tolerance; /* relative to the largest expected number */
};

static int64_t input_size(const struct lu_graph *graph)
{
	const struct lu_shape *shape = &graph->values[graph->inputs[0]].tensor.shape;

	return lu_shape_span(shape, 1, shape->rank);
}

/* The reference's outputs for 'batch' chips, chip by chip. */
static float *reference(const struct trial *t, size_t *count)
{
	struct lu_tensor x = t->graph->values[t->graph->inputs[0]].tensor;
	int64_t size = input_size(t->graph);
	struct lu_error err = {0};
	float *all = NULL;

	x.shape.dim[0] = 1;
	for (int i = 0; i < t->batch; i++) {
		struct lu_graph *done;
		const struct lu_tensor *y;

		memcpy(&x.data, &(const float *){t->input + i * size}, sizeof(x.data));
		check_ok(lu_graph_evaluate(t->graph, &x, &done, &err), err);
		y = &done->values[done->outputs[0]].tensor;
		*count = (size_t)lu_shape_count(&y->shape);
		all = all ? all : malloc((size_t)t->batch * *count * sizeof(*all));
		assert_non_null(all);
		memcpy(all + (size_t)i * *count, y->data, *count * sizeof(*all));
		lu_graph_free(done);
	}
	return all;
}

/* One plan: a full batch is right; each shorter one, and each place in the batch, gives the same bits. */
static void try_plan(const struct trial *t, const struct lu_plan *plan, const float *want, size_t count,
		     double tolerance, const char *what)
{
	int64_t size = input_size(t->graph);
	float *full = malloc((size_t)t->batch * count * sizeof(*full));
	float *part = malloc((size_t)t->batch * count * sizeof(*part));
	struct lu_session *session;
	struct lu_error err = {0};

	check_ok(lu_session_new(plan, &session, &err), err);
	check_ok(lu_session_run(session, t->batch, t->input, full, &err), err);
	compare(full, want, (size_t)t->batch * count, tolerance, what);
	for (int n = 1; n <= t->batch; n++) {
		int first = t->batch - n; /* a chip moves to another place, too */

		check_ok(lu_session_run(session, n, t->input + first * size, part, &err), err);
		if (memcmp(part, full + (size_t)first * count, (size_t)n * count * sizeof(*part)) != 0)
			fail_msg("%s: %d of %d chips give other bits", what, n, t->batch);
	}
	lu_session_free(session);
	free(full);
	free(part);
}

/* Every engine in every precision that this processor has. */
static void try_engines(const struct trial *t, const char *what)
{
	static const enum lu_precision precisions[] = {LU_PRECISION_FP32, LU_PRECISION_BF16, LU_PRECISION_FP16};
	size_t count = 0;
	float *want;

	want = reference(t, &count);
	for (const char *const *engine = lu_engine_names(); *engine; engine++)
		for (size_t i = 0; i < sizeof(precisions) / sizeof(precisions[0]); i++) {
			struct lu_plan_options options = {
				.engine = *engine, .precision = precisions[i], .batch = t->batch};
			struct lu_error err = {0};
			enum lu_status status;
			struct lu_plan *plan;
			char text[256];

			status = lu_plan_build(t->graph, &options, &plan, &err);
			if (status == LU_ERROR_UNSUPPORTED && precisions[i] != LU_PRECISION_FP32)
				continue;
			check_ok(status, err);
			snprintf(text, sizeof(text), "%s on %s in %s", what, *engine, lu_precision_name(precisions[i]));
			/* bf16 has 8 bits: errors of 2^-9 a number, and a few layers. fp16 has 11. */
			try_plan(t, plan, want, count, precisions[i] == LU_PRECISION_FP32 ? t->tolerance : 0.03, text);
			lu_plan_free(plan);
		}
	free(want);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(convolutions),
		cmocka_unit_test(a_layer_added_to_its_own_input),
		cmocka_unit_test(a_shortcut_that_is_moved),
		cmocka_unit_test(a_network_of_everything),
		cmocka_unit_test(patterns_of_exporters),
		cmocka_unit_test(spelled_normalisations),
		cmocka_unit_test(no_normalisations),
		cmocka_unit_test(spelled_gelus),
		cmocka_unit_test(channels_last_blocks),
		cmocka_unit_test(broadcast_operands),
		cmocka_unit_test(dense_blocks),
		cmocka_unit_test(transposed_values),
		cmocka_unit_test(dense_layers),
		cmocka_unit_test(ugly_values),
		cmocka_unit_test(networks_that_cannot_take_a_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
