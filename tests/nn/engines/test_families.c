/*
 * test_families.c: the blocks of the convolutional networks that people bring, one network a family, small: on every engine
 * against the reference kernels, and the best engine runs none of their steps by a reference kernel.
 *
 * test_transformers.c has ViT, DeiT and Swin; tests/real/nn_torch.sh the whole networks.
 */
#include "trial.h"

enum { SIDE = 32, CLASSES = 10 };

/* Fails where a step of the best engine is a reference kernel. */
static void check_steps(const struct lu_graph *graph, int batch, const char *what)
{
	struct lu_plan_options options = {.batch = batch};
	struct lu_engine_facts facts;
	struct lu_error err = {0};
	struct lu_plan *plan;

	/* On lesser processors oneDNN has fewer kernels. */
	lu_engine_facts(*lu_engine_names(), &facts);
	if (strcmp(*lu_engine_names(), "onednn") != 0 || strncmp(facts.processor, "AVX512", 6) != 0)
		return;
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	for (int i = 0; i < plan->n_steps; i++)
		if (strncmp(plan->steps[i].kernel, "ref", 3) == 0)
			fail_msg("%s: %s (%s) is run by '%s'", what, plan->steps[i].what, plan->steps[i].op,
				 plan->steps[i].kernel);
	lu_plan_free(plan);
}

/* A Conv with a bias that keeps the image or halves it, and is called what it makes. */
static void conv(struct net *net, const char *x, const char *y, int64_t in, int64_t out, int64_t kernel, int64_t stride,
		 int64_t group)
{
	const int64_t pad = stride == kernel ? 0 : kernel / 2;
	struct net_node node;
	char w[32], b[32], inputs[96];

	snprintf(w, sizeof(w), "%s_w", y);
	snprintf(b, sizeof(b), "%s_b", y);
	snprintf(inputs, sizeof(inputs), "%s %s %s", x, w, b);
	net_random(net, w, 4, (int64_t[]){out, in / group, kernel, kernel}, (uint64_t)(7 * out + kernel));
	net_random(net, b, 1, (int64_t[]){out}, (uint64_t)in);
	node = net_node(net, "Conv", y, inputs, y);
	node_ints(node, "pads", 4, (int64_t[]){pad, pad, pad, pad});
	node_ints(node, "strides", 2, (int64_t[]){stride, stride});
	node_int(node, "group", group);
}

static void swish(struct net *net, const char *x, const char *gate, const char *y)
{
	char both[64];

	snprintf(both, sizeof(both), "%s %s", x, gate);
	net_node(net, "Sigmoid", gate, x, gate);
	net_node(net, "Mul", y, both, y);
}

static void classify(struct net *net, const char *x, int64_t channels)
{
	net_random(net, "fc", 2, (int64_t[]){channels, CLASSES}, 99);
	net_random(net, "fc_b", 1, (int64_t[]){CLASSES}, 98);
	net_node(net, "GlobalAveragePool", "pool", x, "pooled");
	net_node(net, "Flatten", "flatten", "pooled", "flat");
	net_node(net, "Gemm", "gemm", "flat fc fc_b", "y");
	net_output(net, "y");
}

static void begin(struct net *net)
{
	net_begin(net, 14);
	net_input(net, "x", FLOAT, 4, (int64_t[]){1, 3, SIDE, SIDE});
}

static void try_net(struct net *net, const char *what)
{
	struct trial t = {.tolerance = 1e-5};
	float *input;

	net_parse(net, &t.graph);
	for (t.batch = 1; t.batch <= 3; t.batch += 2) {
		t.input = input = numbers((size_t)t.batch * 3 * SIDE * SIDE, 7);
		try_engines(&t, what);
		check_steps(t.graph, t.batch, what);
		free(input);
	}
	lu_graph_free(t.graph);
	net_end(net);
}

/* A block of ResNet-50 and one of ResNet-18, both with a projected shortcut. */
static void residual(void **state)
{
	struct net net;

	(void)state;
	begin(&net);
	conv(&net, "x", "a", 3, 16, 7, 2, 1);
	net_node(&net, "Relu", "ra", "a", "b");
	node_ints(node_ints(node_ints(net_node(&net, "MaxPool", "max", "b", "c"), "kernel_shape", 2, (int64_t[]){3, 3}),
			    "strides", 2, (int64_t[]){2, 2}),
		  "pads", 4, (int64_t[]){1, 1, 1, 1});
	conv(&net, "c", "d", 16, 16, 1, 1, 1);
	net_node(&net, "Relu", "rd", "d", "e");
	conv(&net, "e", "f", 16, 16, 3, 2, 1);
	net_node(&net, "Relu", "rf", "f", "g");
	conv(&net, "g", "h", 16, 64, 1, 1, 1);
	conv(&net, "c", "i", 16, 64, 1, 2, 1);
	net_node(&net, "Add", "sum", "h i", "j");
	net_node(&net, "Relu", "rj", "j", "k");
	conv(&net, "k", "l", 64, 64, 3, 1, 1);
	net_node(&net, "Relu", "rl", "l", "m");
	conv(&net, "m", "n", 64, 64, 3, 1, 1);
	net_node(&net, "Add", "sum2", "n k", "o");
	net_node(&net, "Relu", "ro", "o", "p");
	classify(&net, "p", 64);
	try_net(&net, "ResNet");
}

/* Inverted residuals: MobileNetV2's, clipped, and EfficientNet's, with Swish and squeeze-and-excitation. */
static void inverted(void **state)
{
	struct net net;

	(void)state;
	begin(&net);
	net_floats(&net, "zero", 0, NULL, (float[]){0});
	net_floats(&net, "six", 0, NULL, (float[]){6});
	conv(&net, "x", "a", 3, 16, 3, 2, 1);
	swish(&net, "a", "as", "b");
	conv(&net, "b", "c", 16, 48, 1, 1, 1);
	net_node(&net, "Clip", "c6", "c zero six", "d");
	conv(&net, "d", "e", 48, 48, 3, 2, 48);
	net_node(&net, "Clip", "e6", "e zero six", "f");
	conv(&net, "f", "g", 48, 24, 1, 1, 1);
	conv(&net, "g", "h", 24, 96, 1, 1, 1);
	swish(&net, "h", "hs", "i");
	conv(&net, "i", "j", 96, 96, 5, 1, 96);
	swish(&net, "j", "js", "k");
	net_node(&net, "GlobalAveragePool", "squeeze", "k", "l");
	conv(&net, "l", "m", 96, 6, 1, 1, 1);
	swish(&net, "m", "ms", "n");
	conv(&net, "n", "o", 6, 96, 1, 1, 1);
	net_node(&net, "Sigmoid", "gate", "o", "p");
	net_node(&net, "Mul", "gated", "k p", "q");
	conv(&net, "q", "r", 96, 24, 1, 1, 1);
	net_node(&net, "Add", "sum", "r g", "s");
	classify(&net, "s", 24);
	try_net(&net, "MobileNetV2 and EfficientNet");
}

/* RegNet-Y: groups of eight channels, a gate over channels that are no multiple of 16. */
static void grouped(void **state)
{
	struct net net;

	(void)state;
	begin(&net);
	conv(&net, "x", "a", 3, 32, 3, 2, 1);
	net_node(&net, "Relu", "ra", "a", "b");
	conv(&net, "b", "c", 32, 104, 1, 1, 1);
	net_node(&net, "Relu", "rc", "c", "d");
	conv(&net, "d", "e", 104, 104, 3, 2, 13);
	net_node(&net, "Relu", "re", "e", "f");
	net_node(&net, "GlobalAveragePool", "squeeze", "f", "g");
	conv(&net, "g", "h", 104, 8, 1, 1, 1);
	net_node(&net, "Relu", "rh", "h", "i");
	conv(&net, "i", "j", 8, 104, 1, 1, 1);
	net_node(&net, "Sigmoid", "gate", "j", "k");
	net_node(&net, "Mul", "gated", "f k", "l");
	conv(&net, "l", "m", 104, 104, 1, 1, 1);
	conv(&net, "b", "n", 32, 104, 1, 2, 1);
	net_node(&net, "Add", "sum", "m n", "o");
	net_node(&net, "Relu", "ro", "o", "p");
	classify(&net, "p", 104);
	try_net(&net, "RegNet-Y");
}

static void turn(struct net *net, const char *x, const char *y, bool to_last)
{
	const int64_t to[2][4] = {{0, 3, 1, 2}, {0, 2, 3, 1}};

	node_ints(net_node(net, "Transpose", y, x, y), "perm", 4, to[to_last]);
}

/* A LayerNormalization over the last axis, and a product of it with its bias as the first operand, as PyTorch has it. */
static void norm(struct net *net, const char *x, const char *y, int64_t channels)
{
	char scale[32], shift[32], inputs[96];

	snprintf(scale, sizeof(scale), "%s_scale", y);
	snprintf(shift, sizeof(shift), "%s_shift", y);
	snprintf(inputs, sizeof(inputs), "%s %s %s", x, scale, shift);
	net_random(net, scale, 1, (int64_t[]){channels}, (uint64_t)channels);
	net_random(net, shift, 1, (int64_t[]){channels}, 5);
	node_float(net_node(net, "LayerNormalization", y, inputs, y), "epsilon", 1e-6f);
}

static void linear(struct net *net, const char *x, const char *y, int64_t in, int64_t out)
{
	char w[32], b[32], product[32], inputs[96];

	snprintf(w, sizeof(w), "%s_w", y);
	snprintf(b, sizeof(b), "%s_b", y);
	snprintf(product, sizeof(product), "%s_p", y);
	net_random(net, w, 2, (int64_t[]){in, out}, (uint64_t)(3 * in + out));
	net_random(net, b, 1, (int64_t[]){out}, (uint64_t)out);
	snprintf(inputs, sizeof(inputs), "%s %s", x, w);
	net_node(net, "MatMul", product, inputs, product);
	snprintf(inputs, sizeof(inputs), "%s %s", b, product);
	net_node(net, "Add", y, inputs, y);
}

/* ConvNeXt: patches, channels by themselves over 7 x 7, a widened product with Gelu, a scaled layer; then half the image. */
static void mixed(void **state)
{
	struct net net;

	(void)state;
	net_begin(&net, 17);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, SIDE, SIDE});
	net_floats(&net, "root", 0, NULL, (float[]){1.41421356f});
	net_floats(&net, "one", 0, NULL, (float[]){1});
	net_floats(&net, "half", 0, NULL, (float[]){0.5f});
	conv(&net, "x", "a", 3, 48, 4, 4, 1);
	turn(&net, "a", "al", true);
	norm(&net, "al", "an", 48);
	turn(&net, "an", "b", false);
	conv(&net, "b", "c", 48, 48, 7, 1, 48);
	turn(&net, "c", "cl", true);
	norm(&net, "cl", "cn", 48);
	linear(&net, "cn", "d", 48, 192);
	net_node(&net, "Div", "div", "d root", "dd");
	net_node(&net, "Erf", "erf", "dd", "de");
	net_node(&net, "Add", "plus", "de one", "dp");
	net_node(&net, "Mul", "times", "d dp", "dm");
	net_node(&net, "Mul", "gelu", "dm half", "e");
	linear(&net, "e", "f", 192, 48);
	turn(&net, "f", "g", false);
	net_random(&net, "scale", 3, (int64_t[]){48, 1, 1}, 6);
	net_node(&net, "Mul", "scaled", "scale g", "h");
	net_node(&net, "Add", "sum", "b h", "i");
	turn(&net, "i", "il", true);
	norm(&net, "il", "in", 48);
	turn(&net, "in", "j", false);
	conv(&net, "j", "k", 48, 96, 2, 2, 1);
	classify(&net, "k", 96);
	try_net(&net, "ConvNeXt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(residual),
		cmocka_unit_test(inverted),
		cmocka_unit_test(grouped),
		cmocka_unit_test(mixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
