/*
 * test_int8.c: quantised layers in integers against the reference's words, over odd sizes, grids and ends.
 *
 * Every layer's result may differ by one step of its grid (a sum rounded in another order), no more.
 */
#include <math.h>

#include "base/memory.h"
#include "nn/kernels/inverted_residual.h"
#include "nn/ops/interpret.h"
#include "nn/plan/plan.h"
#include "support/net.h"

#define INT8 ONNX__TENSOR_PROTO__DATA_TYPE__INT8
#define UINT8 ONNX__TENSOR_PROTO__DATA_TYPE__UINT8

/* name_s and name_z: a scale and a zero point of the type. */
static void grid(struct net *net, const char *name, float scale, int zero, int type)
{
	char text[64];
	const int8_t byte = (int8_t)zero;

	snprintf(text, sizeof(text), "%s_s", name);
	net_floats(net, text, 0, NULL, &scale);
	snprintf(text, sizeof(text), "%s_z", name);
	net_tensor(net, text, type, 0, NULL, &byte, 1);
}

static void quantize(struct net *net, const char *from, const char *to, const char *grid_name)
{
	char names[128];

	snprintf(names, sizeof(names), "%s %s_s %s_z", from, grid_name, grid_name);
	net_node(net, "QuantizeLinear", to, names, to);
}

static void dequantize(struct net *net, const char *from, const char *to, const char *grid_name)
{
	char names[128];

	snprintf(names, sizeof(names), "%s %s_s %s_z", from, grid_name, grid_name);
	net_node(net, "DequantizeLinear", to, names, to);
}

/* Weights 'name' of int8 and a scale for each index of 'axis', dequantised: extremes among them. */
static void weights(struct net *net, const char *name, int rank, const int64_t *dims, int axis, uint64_t seed)
{
	int8_t q[64 * 1024];
	int8_t zeros[256] = {0};
	float scales[256];
	char raw[64], s[64], z[64], names[256];
	size_t count = 1;

	for (int i = 0; i < rank; i++)
		count *= (size_t)dims[i];
	assert_true(count <= sizeof(q) && dims[axis] <= 256);
	for (size_t i = 0; i < count; i++)
		q[i] = i % 7 == 0 ? 127 : i % 11 == 0 ? -127 : (int8_t)lrintf(60 * net_number(seed, i));
	for (int64_t i = 0; i < dims[axis]; i++)
		scales[i] = 0.002f + 0.001f * (float)(i % 5);
	snprintf(raw, sizeof(raw), "%s_q", name);
	snprintf(s, sizeof(s), "%s_qs", name);
	snprintf(z, sizeof(z), "%s_qz", name);
	net_tensor(net, raw, INT8, rank, dims, q, count);
	net_floats(net, s, 1, &dims[axis], scales);
	net_tensor(net, z, INT8, 1, &dims[axis], zeros, (size_t)dims[axis]);
	snprintf(names, sizeof(names), "%s %s %s", raw, s, z);
	node_int(net_node(net, "DequantizeLinear", name, names, name), "axis", axis);
}

static int count_steps(const struct lu_plan *plan, const char *op)
{
	int count = 0;

	for (int i = 0; i < plan->n_steps; i++)
		count += strcmp(plan->steps[i].op, op) == 0;
	return count;
}

/*
 * The graph in int8 on onednn against the reference: each number within 'tolerance'. Batches give the same bits.
 * Returns how many numbers differ; '*made' is how many values were dequantised, and 100 for each sum that is a step of its own;
 * -1: no such engine here.
 */
static long try_int8(const struct lu_graph *graph, double tolerance, int *made, const char *what)
{
	enum { BATCH = 3 };
	struct lu_tensor x = graph->values[graph->inputs[0]].tensor;
	struct lu_plan_options options = {.engine = "onednn", .precision = LU_PRECISION_INT8, .batch = BATCH};
	size_t size = (size_t)lu_shape_span(&x.shape, 1, x.shape.rank), count;
	float *input = malloc(BATCH * size * sizeof(*input)), *got, *one;
	struct lu_session *session;
	struct lu_error err = {0};
	struct lu_plan_facts facts;
	struct lu_plan *plan;
	long differ = 0;

	*made = -1;
	if (strcmp(lu_engine_names()[0], "onednn") != 0) {
		free(input);
		return 0;
	}
	for (size_t i = 0; i < BATCH * size; i++)
		input[i] = i % 97 == 0 ? 1000 : 2 * net_number(77, i); /* some saturate */
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	assert_int_equal(facts.precision, LU_PRECISION_INT8);
	*made = count_steps(plan, "(dequantize)") + 100 * count_steps(plan, "Add");
	if (count_steps(plan, "DequantizeLinear")) /* no VNNI: all in float32 */
		*made = -1;
	count = facts.outputs;
	got = malloc(2 * BATCH * count * sizeof(*got));
	one = got + BATCH * count;
	check_ok(lu_session_new(plan, &session, &err), err);
	check_ok(lu_session_run(session, BATCH, input, got, &err), err);
	for (size_t i = 0; i < BATCH; i++) {
		struct lu_graph *done;
		const float *want;

		check_ok(lu_session_run(session, 1, input + i * size, one, &err), err);
		assert_memory_equal(one, got + i * count, count * sizeof(*one));
		x.shape.dim[0] = 1;
		x.data = input + i * size;
		check_ok(lu_graph_evaluate(graph, &x, &done, &err), err);
		want = done->values[done->outputs[0]].tensor.data;
		for (size_t k = 0; k < count; k++) {
			double gap = fabs((double)one[k] - want[k]);

			differ += gap > 1e-6 * fabs((double)want[k]) + 1e-9;
			if (!(gap <= tolerance))
				fail_msg("%s: chip %zu, element %zu of %zu is %g, expected %g", what, i, k, count,
					 (double)one[k], (double)want[k]);
		}
		lu_graph_free(done);
	}
	lu_session_free(session);
	lu_plan_free(plan);
	free(got);
	free(input);
	return differ;
}

struct conv_case {
	int64_t in, out, group, size, kernel, stride, pad;
	int x_type, x_zero, y_type, y_zero;
	const char *activation;
	int residual; /* 1: a shortcut's integers are added; 2: the layer's own input; 3: as 1, to a result on a grid */
	bool bias, open; /* open: the result is not quantised */
};

static void say_conv(const struct conv_case *c, char *what, size_t size)
{
	snprintf(what, size, "conv %lld->%lld/%lld %lldx%lld k%lld s%lld p%lld zero %d to %d %s %d", (long long)c->in,
		 (long long)c->out, (long long)c->group, (long long)c->size, (long long)c->size, (long long)c->kernel,
		 (long long)c->stride, (long long)c->pad, c->x_zero, c->y_zero, c->activation ? c->activation : "",
		 c->residual);
}

static void try_conv(const struct conv_case *c)
{
	const int64_t pads[] = {c->pad, c->pad, c->pad, c->pad};
	struct lu_graph *graph;
	const char *last = "y";
	struct net_node conv;
	struct net net;
	char what[200];
	double tolerance;
	long differ;
	int made, floats;

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, c->in, c->size, c->size});
	grid(&net, "gx", 0.015f, c->x_zero, c->x_type);
	grid(&net, "gy", 0.04f, c->y_zero, c->y_type);
	grid(&net, "ga", 0.033f, 120, UINT8);
	grid(&net, "gr", 0.05f, 140, UINT8); /* much is beyond its ends */
	net_floats(&net, "low", 0, NULL, (float[]){-0.5f});
	net_floats(&net, "high", 0, NULL, (float[]){2.5f});
	if (c->bias)
		net_random(&net, "b", 1, (int64_t[]){c->out}, 4);
	weights(&net, "w", 4, (int64_t[]){c->out, c->in / c->group, c->kernel, c->kernel}, 0, 5);
	quantize(&net, "x", "xq", "gx");
	dequantize(&net, "xq", "xd", "gx");
	if (c->residual % 2 == 1) {
		net_random(&net, "w2", 4, (int64_t[]){c->out, c->in / c->group, c->kernel, c->kernel}, 8);
		conv = net_node(&net, "Conv", "shortcut", "x w2", "s");
		node_ints(conv, "pads", 4, pads);
		node_ints(conv, "strides", 2, (int64_t[]){c->stride, c->stride});
		node_int(conv, "group", c->group);
		quantize(&net, "s", "sq", "ga");
		dequantize(&net, "sq", "sd", "ga");
	}
	conv = net_node(&net, "Conv", "conv", c->bias ? "xd w b" : "xd w", "y");
	node_ints(conv, "pads", 4, pads);
	node_ints(conv, "strides", 2, (int64_t[]){c->stride, c->stride});
	node_int(conv, "group", c->group);
	if (c->residual == 3) {
		quantize(&net, "y", "yq", "gr");
		dequantize(&net, "yq", "yd", "gr");
	}
	if (c->residual) {
		static const char *const operands[] = {"y sd", "y xd", "sd yd"};

		net_node(&net, "Add", "sum", operands[c->residual - 1], "a");
		last = "a";
	}
	if (c->activation) {
		char names[32];

		snprintf(names, sizeof(names), strcmp(c->activation, "Clip") == 0 ? "%s low high" : "%s", last);
		net_node(&net, c->activation, "act", names, "r");
		last = "r";
	}
	if (!c->open) {
		quantize(&net, last, "q", "gy");
		dequantize(&net, "q", "d", "gy");
		last = "d";
	}
	net_output(&net, last);
	net_parse(&net, &graph);
	say_conv(c, what, sizeof(what));
	tolerance = c->open ? 2e-4 : 1.01 * 0.04;
	if (c->residual == 3) /* the layer's own grid may be left out, or be a step off */
		tolerance += 0.05;
	differ = try_int8(graph, tolerance, &made, what);
	/* The result alone is made float32, but where an addend must be. (Oddities have no integer kernel.) */
	floats = c->open ? c->residual != 0 : 1;
	if (c->residual == 1 && c->y_type == INT8) /* uint8 is not added to int8 */
		floats = 2;
	made -= c->residual == 3 && made == 101 ? 100 : 0; /* where no kernel takes the sum */
	if (made >= 0 && c->in > 1 && c->size > 1 && made != floats)
		fail_msg("%s: %d values were dequantised", what, made);
	/* The grid between a layer and its sum is not rounded to. */
	if (!c->open && c->residual != 3 && differ > 3 * c->out * c->size * c->size / 50 + 1)
		fail_msg("%s: %ld numbers differ", what, differ);
	lu_graph_free(graph);
	net_end(&net);
}

static void convolutions(void **state)
{
	static const struct conv_case cases[] = {
		{16, 32, 1, 9, 3, 1, 1, UINT8, 0, UINT8, 0, "Relu", 0, true, false},
		{16, 32, 1, 9, 3, 2, 1, UINT8, 113, UINT8, 131, NULL, 0, true, false},
		{17, 21, 1, 7, 3, 1, 1, UINT8, 7, UINT8, 9, "Relu", 0, false, false},
		{3, 16, 1, 15, 7, 2, 3, UINT8, 114, UINT8, 0, "Relu", 0, true, false},
		{24, 40, 1, 5, 1, 1, 0, UINT8, 99, UINT8, 120, "Clip", 0, true, false},
		{24, 40, 1, 5, 1, 2, 0, INT8, -5, INT8, -128, "Relu", 0, true, false},
		{32, 16, 1, 6, 3, 1, 1, INT8, -128, INT8, 3, NULL, 0, true, false},
		{32, 16, 1, 6, 3, 1, 1, INT8, 0, INT8, 0, NULL, 0, false, false},
		{32, 32, 32, 11, 3, 1, 1, UINT8, 0, UINT8, 128, NULL, 0, true, false},
		{19, 19, 19, 8, 3, 2, 1, UINT8, 31, UINT8, 0, "Relu", 0, true, false},
		{16, 32, 4, 7, 3, 1, 1, UINT8, 12, UINT8, 0, "Relu", 0, true, false},
		{32, 32, 1, 7, 3, 1, 1, UINT8, 0, UINT8, 0, "Relu", 1, true, false},
		{32, 32, 1, 7, 3, 1, 1, UINT8, 40, UINT8, 100, NULL, 1, true, false},
		{32, 32, 1, 7, 3, 1, 1, UINT8, 128, UINT8, 100, "Relu", 2, true, false},
		{32, 32, 1, 7, 1, 1, 0, INT8, 4, INT8, -7, "Relu", 2, true, false},
		{32, 32, 1, 7, 3, 1, 1, UINT8, 0, UINT8, 0, "Relu", 3, true, false},
		{32, 32, 1, 7, 3, 1, 1, UINT8, 128, UINT8, 100, NULL, 3, false, false},
		{64, 64, 1, 9, 3, 1, 1, UINT8, 10, UINT8, 30, "Clip", 3, true, false},
		{160, 32, 1, 7, 3, 2, 1, UINT8, 10, UINT8, 30, NULL, 3, true, false},
		{160, 32, 1, 9, 3, 1, 1, UINT8, 10, UINT8, 0, "Relu", 3, true, false},
		{16, 48, 1, 9, 1, 1, 0, INT8, 4, UINT8, 0, "Relu", 3, true, false},
		{64, 64, 1, 9, 1, 1, 0, UINT8, 100, UINT8, 90, NULL, 3, true, false},
		{32, 32, 32, 11, 3, 1, 1, UINT8, 0, UINT8, 0, "Relu", 3, true, false},
		{32, 16, 1, 7, 3, 1, 1, UINT8, 9, UINT8, 0, NULL, 3, true, true},
		{16, 48, 1, 9, 1, 1, 0, INT8, 4, INT8, -7, "Clip", 1, true, false},
		{16, 24, 1, 7, 3, 1, 1, UINT8, 100, UINT8, 60, "HardSwish", 0, true, false},
		{16, 24, 1, 7, 3, 1, 1, UINT8, 100, UINT8, 60, "Sigmoid", 1, true, false},
		{16, 24, 1, 7, 3, 1, 1, UINT8, 100, UINT8, 0, "Relu", 0, true, true},
		{24, 24, 1, 7, 3, 1, 1, UINT8, 90, UINT8, 0, "Clip", 2, true, true},
		{1, 1, 1, 4, 3, 1, 1, UINT8, 90, UINT8, 4, NULL, 0, true, false},
		{64, 200, 1, 1, 1, 1, 0, UINT8, 0, UINT8, 0, "Relu", 0, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try_conv(&cases[i]);
}

/* Gemm and MatMul, and a pool, a sum and a flatten between grids: a network as other tools quantise them. */
static void a_network_of_elsewhere(void **state)
{
	struct lu_graph *graph;
	struct net net;
	int made;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 12, 14});
	grid(&net, "gx", 0.016f, 121, UINT8);
	grid(&net, "g1", 0.02f, 0, UINT8);
	grid(&net, "g2", 0.02f, 130, UINT8);
	grid(&net, "g3", 0.05f, 3, UINT8);
	grid(&net, "g4", 0.1f, -4, INT8);
	grid(&net, "g5", 0.2f, 117, UINT8);
	net_random(&net, "b", 1, (int64_t[]){7}, 4);
	net_int64s(&net, "flat", 2, (int64_t[]){0, -1});
	weights(&net, "w1", 4, (int64_t[]){16, 3, 3, 3}, 0, 1);
	weights(&net, "w2", 4, (int64_t[]){16, 16, 3, 3}, 0, 2);
	weights(&net, "fc1", 2, (int64_t[]){40, 16}, 0, 3);
	weights(&net, "fc2", 2, (int64_t[]){40, 7}, 1, 4);
	quantize(&net, "x", "xq", "gx");
	dequantize(&net, "xq", "xd", "gx");
	node_ints(net_node(&net, "Conv", "c1", "xd w1", "c1"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Relu", "r1", "c1", "r1");
	quantize(&net, "r1", "q1", "g1");
	dequantize(&net, "q1", "d1", "g1");
	node_ints(node_ints(node_ints(net_node(&net, "MaxPool", "p", "d1", "p"), "kernel_shape", 2, (int64_t[]){3, 3}),
			    "strides", 2, (int64_t[]){2, 2}),
		  "pads", 4, (int64_t[]){1, 1, 1, 1});
	quantize(&net, "p", "pq", "g1");
	dequantize(&net, "pq", "pd", "g1");
	node_ints(net_node(&net, "Conv", "c2", "pd w2", "c2"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	quantize(&net, "c2", "q2", "g2");
	dequantize(&net, "q2", "d2", "g2");
	dequantize(&net, "pq", "pd2", "g1"); /* some tools give every reader its own */
	net_node(&net, "Add", "add", "d2 pd2", "a");
	net_node(&net, "Relu", "r2", "a", "r2");
	quantize(&net, "r2", "q3", "g3");
	dequantize(&net, "q3", "d3", "g3");
	net_node(&net, "GlobalAveragePool", "gap", "d3", "g");
	quantize(&net, "g", "gq", "g3");
	dequantize(&net, "gq", "gd", "g3");
	net_node(&net, "Reshape", "flatten", "gd flat", "f");
	quantize(&net, "f", "fq", "g3");
	dequantize(&net, "fq", "fd", "g3");
	node_int(net_node(&net, "Gemm", "fc1", "fd fc1", "h"), "transB", 1);
	quantize(&net, "h", "hq", "g4");
	dequantize(&net, "hq", "hd", "g4");
	net_node(&net, "MatMul", "fc2", "hd fc2", "k");
	net_node(&net, "Add", "bias", "k b", "k2");
	quantize(&net, "k2", "kq", "g5");
	dequantize(&net, "kq", "y", "g5");
	net_output(&net, "y");
	net_parse(&net, &graph);
	/* Seven layers, each a step off at most; the last step is 0.2. */
	try_int8(graph, 0.41, &made, "elsewhere");
	if (made >= 0)
		assert_true(made <= 104);
	lu_graph_free(graph);
	net_end(&net);
}

/* The same shortcut of integers: it stays on its grid, so that only the result is made float32. */
static void try_moved(bool pairs)
{
	struct lu_graph *graph;
	struct net_node conv;
	struct net net;
	int made;

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, 10, 8});
	grid(&net, "gx", 0.015f, 113, UINT8);
	grid(&net, "gy", 0.05f, 100, UINT8);
	grid(&net, "ga", 0.05f, 128, UINT8);
	net_int64s(&net, "starts", 2, (int64_t[]){0, 1});
	net_int64s(&net, "ends", 2, (int64_t[]){100, 100});
	net_int64s(&net, "axes", 2, (int64_t[]){2, 3});
	net_int64s(&net, "steps", 2, (int64_t[]){2, 2});
	net_int64s(&net, "around", 8, (int64_t[]){0, 8, 0, 0, 0, 8, 0, 0});
	weights(&net, "w", 4, (int64_t[]){32, 16, 3, 3}, 0, 5);
	quantize(&net, "x", "xq", "gx");
	dequantize(&net, "xq", "xd", "gx");
	conv = net_node(&net, "Conv", "conv", "xd w", "a");
	node_ints(node_ints(conv, "pads", 4, (int64_t[]){1, 1, 1, 1}), "strides", 2, (int64_t[]){2, 2});
	if (pairs) {
		quantize(&net, "a", "aq", "ga");
		dequantize(&net, "aq", "ad", "ga");
	}
	net_node(&net, "Slice", "pixels", "xd starts ends axes steps", "b");
	net_node(&net, "Pad", "channels", "b around", "c");
	if (pairs) {
		quantize(&net, "c", "cq", "gx");
		dequantize(&net, "cq", "cd", "gx");
	}
	net_node(&net, "Add", "sum", pairs ? "ad cd" : "a c", "s");
	quantize(&net, "s", "q", "gy");
	dequantize(&net, "q", "y", "gy");
	net_output(&net, "y");
	net_parse(&net, &graph);
	try_int8(graph, pairs ? 2.02 * 0.05 : 1.01 * 0.05, &made, "a moved shortcut");
	if (made >= 0)
		assert_int_equal(made, 1);
	lu_graph_free(graph);
	net_end(&net);
}

/* Also where the file has the shortcut behind the layer that could add it, and a pair behind each. */
static void a_shortcut_that_is_moved(void **state)
{
	(void)state;
	try_moved(false);
	try_moved(true);
}

/*
 * An inverted residual and a sum, then a layer in integers: of few channels the block is one step of floats, without the
 * roundings inside; of more it is three steps of integers.
 */
static void try_block(int64_t wide)
{
	const char *const clips[] = {"e", "d"};
	struct lu_graph *graph;
	struct net net;
	int made;

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, 9, 7});
	grid(&net, "gx", 0.015f, 113, UINT8);
	grid(&net, "gw", 6.0f / 255, 0, UINT8);
	grid(&net, "gp", 2, 128, UINT8); /* wide enough: inside a thin block nothing is cut off */
	grid(&net, "gs", 2, 120, UINT8);
	grid(&net, "gy", 16, 128, UINT8);
	net_floats(&net, "low", 0, NULL, (float[]){0});
	net_floats(&net, "high", 0, NULL, (float[]){6});
	weights(&net, "w1", 4, (int64_t[]){wide, 16, 1, 1}, 0, 5);
	weights(&net, "w2", 4, (int64_t[]){wide, 1, 3, 3}, 0, 6);
	weights(&net, "w3", 4, (int64_t[]){16, wide, 1, 1}, 0, 7);
	weights(&net, "w4", 4, (int64_t[]){32, 16, 1, 1}, 0, 8);
	net_floats(&net, "least", 0, NULL, (float[]){-1.6f});
	net_floats(&net, "most", 0, NULL, (float[]){2});
	net_node(&net, "Clip", "within", "x least most", "xc");
	quantize(&net, "xc", "xq", "gx");
	dequantize(&net, "xq", "xd", "gx");
	net_node(&net, "Conv", "expand", "xd w1", "e");
	for (int i = 0; i < 2; i++) {
		char from[16], clipped[16], q[16], dq[16];

		snprintf(from, sizeof(from), "%s low high", clips[i]);
		snprintf(clipped, sizeof(clipped), "%sc", clips[i]);
		snprintf(q, sizeof(q), "%sq", clips[i]);
		snprintf(dq, sizeof(dq), "%sd", clips[i]);
		net_node(&net, "Clip", clipped, from, clipped);
		quantize(&net, clipped, q, "gw");
		dequantize(&net, q, dq, "gw");
		if (i == 0)
			node_int(node_ints(net_node(&net, "Conv", "by_channel", "ed w2", "d"), "pads", 4,
					   (int64_t[]){1, 1, 1, 1}),
				 "group", wide);
	}
	net_node(&net, "Conv", "project", "dd w3", "p");
	quantize(&net, "p", "pq", "gp");
	dequantize(&net, "pq", "pd", "gp");
	net_node(&net, "Add", "sum", "pd xd", "s");
	quantize(&net, "s", "sq", "gs");
	dequantize(&net, "sq", "sd", "gs");
	net_node(&net, "Conv", "behind", "sd w4", "t");
	quantize(&net, "t", "tq", "gy");
	dequantize(&net, "tq", "y", "gy");
	net_output(&net, "y");
	net_parse(&net, &graph);
	try_int8(graph, 1.01 * 16, &made, wide > 64 ? "a wide block" : "a thin block");
	if (made >= 0)
		assert_int_equal(made, 1);
	if (made >= 0 && lu_inverted_residual_kernel() && !getenv("ONEDNN_MAX_CPU_ISA")) {
		struct lu_plan_options options = {.precision = LU_PRECISION_INT8, .batch = 1};
		struct lu_error err = {0};
		struct lu_plan *plan;

		check_ok(lu_plan_build(graph, &options, &plan, &err), err);
		assert_int_equal(count_steps(plan, "Conv x 3"), wide > 64 ? 0 : 1);
		lu_plan_free(plan);
	}
	lu_graph_free(graph);
	net_end(&net);
}

static void blocks_of_few_channels(void **state)
{
	(void)state;
	try_block(48);
	try_block(96);
}

/* Grids that no integer kernel has: by channel, asymmetric weights, more than one reader. Right all the same. */
static void what_fits_no_kernel(void **state)
{
	const int8_t zeros[] = {3, 3, 3, 3, 0, 0, 0, 0}, q[8 * 8] = {1, -7, 100, 30, 127, -128, 5};
	const float scales[] = {0.01f, 0.02f, 0.03f, 0.04f, 0.05f, 0.01f, 0.02f, 0.03f};
	struct lu_graph *graph;
	struct net net;
	int made;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 8, 5, 6});
	grid(&net, "gx", 0.016f, 121, UINT8);
	grid(&net, "gy", 0.016f, 110, UINT8);
	net_floats(&net, "s", 1, (int64_t[]){8}, scales);
	net_tensor(&net, "z", INT8, 1, (int64_t[]){8}, zeros, 8);
	net_tensor(&net, "wq", INT8, 4, (int64_t[]){8, 8, 1, 1}, q, 64);
	net_int64s(&net, "flat", 2, (int64_t[]){0, -1});
	node_int(net_node(&net, "DequantizeLinear", "w", "wq s z", "w"), "axis", 0);
	weights(&net, "v", 4, (int64_t[]){8, 8, 1, 1}, 0, 9);
	node_int(net_node(&net, "QuantizeLinear", "cq", "x s z", "cq"), "axis", 1);
	node_int(net_node(&net, "DequantizeLinear", "cd", "cq s z", "cd"), "axis", 1);
	quantize(&net, "cd", "xq", "gx");
	dequantize(&net, "xq", "xd", "gx");
	net_node(&net, "Conv", "asymmetric", "xd w", "c");
	quantize(&net, "c", "q1", "gy");
	dequantize(&net, "q1", "d1", "gy");
	net_node(&net, "Conv", "two", "d1 v", "t");
	quantize(&net, "t", "tq", "gy");
	dequantize(&net, "tq", "td", "gy");
	net_node(&net, "Sigmoid", "also", "t", "u");
	net_node(&net, "Add", "join", "td u", "j");
	net_node(&net, "Reshape", "flatten", "xq flat", "fq");
	dequantize(&net, "fq", "fd", "gx");
	net_node(&net, "Reshape", "flatten2", "j flat", "jf");
	net_node(&net, "Add", "y", "jf fd", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	try_int8(graph, 0.05, &made, "odd ones");
	lu_graph_free(graph);
	net_end(&net);
}

static void refuses_plain_networks(void **state)
{
	struct lu_plan_options options = {.precision = LU_PRECISION_INT8, .batch = 1};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 5, 5});
	net_random(&net, "w", 4, (int64_t[]){4, 3, 3, 3}, 1);
	net_node(&net, "Conv", "c", "x w", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	assert_int_equal(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "int8"));
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(convolutions),
		cmocka_unit_test(a_network_of_elsewhere),
		cmocka_unit_test(a_shortcut_that_is_moved),
		cmocka_unit_test(blocks_of_few_channels),
		cmocka_unit_test(what_fits_no_kernel),
		cmocka_unit_test(refuses_plain_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
