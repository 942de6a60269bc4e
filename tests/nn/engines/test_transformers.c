/*
 * test_transformers.c: vision transformers as exporters write them, on every engine against the reference kernels; and that
 * the best engine runs none of their steps by a reference kernel.
 */
#include "trial.h"

/* Fails where a step of the best engine is a reference kernel, or 'op' does not occur 'expected' times. */
static void check_steps(const struct trial *t, const char *what, const char *op, int expected)
{
	struct lu_plan_options options = {.batch = t->batch};
	struct lu_engine_facts facts;
	struct lu_error err = {0};
	struct lu_plan *plan;
	int count = 0;

	/* On lesser processors oneDNN has fewer kernels. */
	lu_engine_facts(*lu_engine_names(), &facts);
	if (strncmp(facts.processor, "AVX512", 6) != 0)
		return;
	check_ok(lu_plan_build(t->graph, &options, &plan, &err), err);
	for (int i = 0; i < plan->n_steps; i++) {
		const struct lu_step *step = &plan->steps[i];

		count += strcmp(step->op, op) == 0;
		if (strcmp(*lu_engine_names(), "onednn") == 0 &&
		    (strcmp(step->kernel, "reference") == 0 || strncmp(step->kernel, "ref:", 4) == 0))
			fail_msg("%s: %s (%s) is run by '%s'", what, step->what, step->op, step->kernel);
	}
	if (strcmp(*lu_engine_names(), "onednn") == 0 && count != expected)
		fail_msg("%s: %d steps are %s, not %d", what, count, op, expected);
	lu_plan_free(plan);
}

/* The parsed network, whose image is 3 x size x size, in batches of one to three chips. */
static void try_net(struct net *net, int64_t size, const char *what, const char *op, int expected)
{
	struct trial t = {.tolerance = 5e-6};
	float *input;

	net_parse(net, &t.graph);
	for (t.batch = 1; t.batch <= 3; t.batch += 2) {
		t.input = input = numbers((size_t)(t.batch * 3 * size * size), 7);
		try_engines(&t, what);
		check_steps(&t, what, op, expected);
		free(input);
	}
	lu_graph_free(t.graph);
	net_end(net);
}

enum { WIDTH = 24, HEADS = 3, TOKENS = 17 };

/* y = x W + b, the bias as the first operand, as PyTorch has it; weights are small, so that scores stay so. */
static void linear(struct net *net, const char *name, const char *x, int64_t in, int64_t out, const char *y)
{
	float *w = net_take(net, (size_t)(in * out) * sizeof(*w));
	char weights[32], bias[32], product[32], text[96];

	snprintf(weights, sizeof(weights), "%s_w", name);
	snprintf(bias, sizeof(bias), "%s_b", name);
	snprintf(product, sizeof(product), "%s_p", name);
	for (int64_t i = 0; i < in * out; i++)
		w[i] = net_number(strlen(name) + (uint64_t)out, (uint64_t)i) / sqrtf((float)in);
	net_floats(net, weights, 2, (int64_t[]){in, out}, w);
	net_random(net, bias, 1, &out, 9);
	snprintf(text, sizeof(text), "%s %s", x, weights);
	net_node(net, "MatMul", name, text, product);
	snprintf(text, sizeof(text), "%s %s", bias, product);
	net_node(net, "Add", bias, text, y);
}

static void norm(struct net *net, const char *name, const char *x, const char *y)
{
	char text[96];

	snprintf(text, sizeof(text), "%s scale shift", x);
	net_node(net, "LayerNormalization", name, text, y);
}

/* 16 patches of 4 x 4 pixels, a class token and positions: "x" with 17 tokens of 24 numbers. */
static void embed(struct net *net)
{
	net_input(net, "image", FLOAT, 4, (int64_t[]){1, 3, 16, 16});
	net_random(net, "patch", 4, (int64_t[]){WIDTH, 3, 4, 4}, 1);
	net_random(net, "cls", 3, (int64_t[]){1, 1, WIDTH}, 2);
	net_random(net, "pos", 3, (int64_t[]){1, TOKENS, WIDTH}, 3);
	net_random(net, "scale", 1, (int64_t[]){WIDTH}, 4);
	net_random(net, "shift", 1, (int64_t[]){WIDTH}, 5);
	net_int64s(net, "rows", 3, (int64_t[]){0, WIDTH, -1});
	node_ints(net_node(net, "Conv", "embed", "image patch", "e"), "strides", 2, (int64_t[]){4, 4});
	net_node(net, "Reshape", "flat", "e rows", "f");
	node_ints(net_node(net, "Transpose", "tokens", "f", "t"), "perm", 3, (int64_t[]){0, 2, 1});
	node_int(net_node(net, "Concat", "class", "cls t", "c"), "axis", 1);
	net_node(net, "Add", "position", "c pos", "x");
}

static void classify(struct net *net, const char *x)
{
	char text[64];

	norm(net, "last", x, "n");
	net_int64s(net, "first_at", 1, (int64_t[]){0});
	net_tensor(net, "first", INT64, 0, NULL, (int64_t[]){0}, sizeof(int64_t));
	net_random(net, "head", 2, (int64_t[]){WIDTH, 7}, 6);
	node_int(net_node(net, "Gather", "token", "n first", "g"), "axis", 1);
	snprintf(text, sizeof(text), "g head");
	net_node(net, "MatMul", "logits", text, "y");
	net_output(net, "y");
}

/* Queries, keys and values of one product: "q", "k" (turned) and "v". 'gather': by Gather, not by Split and Squeeze. */
static void split_heads(struct net *net, bool gather)
{
	net_int64s(net, "heads", 5, (int64_t[]){0, TOKENS, 3, HEADS, WIDTH / HEADS});
	net_int64s(net, "axis0", 1, (int64_t[]){0});
	net_node(net, "Reshape", "r", "qkv heads", "r");
	node_ints(net_node(net, "Transpose", "turn", "r", "three"), "perm", 5, (int64_t[]){2, 0, 3, 1, 4});
	if (!gather)
		node_int(net_node(net, "Split", "split", "three", "q1 k1 v1"), "axis", 0);
	for (int64_t i = 0; i < 3; i++) {
		const char name[] = {"qkv"[i], '\0'}, one[] = {"qkv"[i], '1', '\0'}, at[] = {"qkv"[i], 'i', '\0'};
		const char both[] = {'t', 'h', 'r', 'e', 'e', ' ', at[0], at[1], '\0'};

		if (gather) {
			net_tensor(net, at, INT64, 0, NULL, &i, sizeof(i));
			node_int(net_node(net, "Gather", name, both, name), "axis", 0);
		} else {
			char text[16];

			snprintf(text, sizeof(text), "%s axis0", one);
			net_node(net, "Squeeze", name, text, name);
		}
	}
	node_ints(net_node(net, "Transpose", "kt", "k", "kt"), "perm", 4, (int64_t[]){0, 1, 3, 2});
}

/* Where a block has its scale, and what is added to its scores. */
enum way { AT_QUERY, AT_SCORES, AT_BOTH, MASKED, GATHERED, EINSUM, WAYS };

static void attend(struct net *net, enum way way)
{
	const char *weights = "scores";

	split_heads(net, way == GATHERED);
	net_floats(net, "s", 0, NULL, (float[]){0.35355339f});
	net_floats(net, "root", 1, (int64_t[]){1}, (float[]){1.6817928f});
	if (way == AT_QUERY || way == GATHERED) {
		net_node(net, "Mul", "scale_q", "q s", "qs");
		net_node(net, "MatMul", "products", "qs kt", "scores");
	} else if (way == AT_BOTH) {
		net_node(net, "Div", "scale_q", "q root", "qs");
		net_node(net, "Div", "scale_k", "kt root", "ks");
		net_node(net, "MatMul", "products", "qs ks", "scores");
	} else if (way == EINSUM) {
		net_node(net, "Mul", "scale_q", "q s", "qs");
		node_string(net_node(net, "Einsum", "products", "qs k", "scores"), "equation", "bhid, bhjd -> bhij");
	} else {
		net_node(net, "MatMul", "products", "q kt", "p");
		net_node(net, "Mul", "scale_p", "s p", "scores");
	}
	if (way == MASKED) {
		net_random(net, "bias", 4, (int64_t[]){1, HEADS, TOKENS, TOKENS}, 11);
		net_node(net, "Add", "masking", "scores bias", "masked");
		weights = "masked";
	}
	node_int(net_node(net, "Softmax", "softmax", weights, "w"), "axis", -1);
	net_int64s(net, "together", 3, (int64_t[]){0, TOKENS, WIDTH});
	if (way == EINSUM) {
		node_string(net_node(net, "Einsum", "results", "w v", "hl"), "equation", "bhij,bhjd->bihd");
	} else {
		net_node(net, "MatMul", "results", "w v", "h");
		node_ints(net_node(net, "Transpose", "heads_last", "h", "hl"), "perm", 4, (int64_t[]){0, 2, 1, 3});
	}
	net_node(net, "Reshape", "join", "hl together", "a");
}

static void vision_transformers(void **state)
{
	static const char *const names[] = {"scale at queries", "scale at scores", "scale at both",
					    "a bias of scores", "heads by Gather", "products by Einsum"};

	(void)state;
	for (enum way way = 0; way < WAYS; way++) {
		struct net net;

		net_begin(&net, 17);
		embed(&net);
		norm(&net, "n1", "x", "x1");
		linear(&net, "qkv", "x1", WIDTH, 3 * WIDTH, "qkv");
		attend(&net, way);
		linear(&net, "proj", "a", WIDTH, WIDTH, "b");
		net_node(&net, "Add", "shortcut", "x b", "x2");
		norm(&net, "n2", "x2", "x3");
		linear(&net, "up", "x3", WIDTH, 4 * WIDTH, "u");
		net_node(&net, "Mul", "half", "u half_one", "uh");
		net_floats(&net, "half_one", 0, NULL, (float[]){0.5f});
		net_floats(&net, "sqrt2", 0, NULL, (float[]){1.41421356f});
		net_floats(&net, "one", 0, NULL, (float[]){1});
		net_node(&net, "Div", "d", "u sqrt2", "ud");
		net_node(&net, "Erf", "erf", "ud", "ue");
		net_node(&net, "Add", "plus", "ue one", "up1");
		net_node(&net, "Mul", "gelu", "uh up1", "g1");
		linear(&net, "down", "g1", 4 * WIDTH, WIDTH, "o");
		net_node(&net, "Add", "shortcut2", "x2 o", "x4");
		classify(&net, "x4");
		try_net(&net, 16, names[way], "Attention", 1);
	}
}

/* Rows and columns of a 4 x 4 image of tokens rolled by 'by' (1 or 3, its opposite), as exporters write it. */
static void roll(struct net *net, const char *name, const char *x, const char *first, const char *y)
{
	static const char *const axes[] = {"axis1", "axis2"};
	char in[64], part[2][16], middle[16];

	for (int i = 0; i < 2; i++) {
		const char *from = i == 0 ? x : middle, *to = i == 0 ? "m" : "y";

		snprintf(part[0], sizeof(part[0]), "%s_%sa", name, to);
		snprintf(part[1], sizeof(part[1]), "%s_%sb", name, to);
		snprintf(in, sizeof(in), "%s %s end %s", from, first, axes[i]);
		net_node(net, "Slice", part[0], in, part[0]);
		snprintf(in, sizeof(in), "%s zero %s %s", from, first, axes[i]);
		net_node(net, "Slice", part[1], in, part[1]);
		snprintf(in, sizeof(in), "%s %s", part[0], part[1]);
		snprintf(middle, sizeof(middle), "%s_m", name);
		node_int(net_node(net, "Concat", name, in, i == 0 ? middle : y), "axis", i + 1);
	}
}

/* Four windows of 2 x 2 tokens, rolled, masked by their place, with biases of their heads; then a mean of all tokens. */
static void shifted_windows(void **state)
{
	struct net net;

	(void)state;
	net_begin(&net, 17);
	net_input(&net, "image", FLOAT, 4, (int64_t[]){1, 3, 16, 16});
	net_random(&net, "patch", 4, (int64_t[]){WIDTH, 3, 4, 4}, 1);
	net_random(&net, "scale", 1, (int64_t[]){WIDTH}, 4);
	net_random(&net, "shift", 1, (int64_t[]){WIDTH}, 5);
	net_random(&net, "bias", 4, (int64_t[]){1, HEADS, 4, 4}, 6);
	net_random(&net, "mask", 5, (int64_t[]){1, 4, 1, 4, 4}, 7);
	net_random(&net, "head", 2, (int64_t[]){WIDTH, 7}, 8);
	net_int64s(&net, "zero", 1, (int64_t[]){0});
	net_int64s(&net, "one", 1, (int64_t[]){1});
	net_int64s(&net, "three", 1, (int64_t[]){3});
	net_int64s(&net, "end", 1, (int64_t[]){INT64_MAX});
	net_int64s(&net, "axis1", 1, (int64_t[]){1});
	net_int64s(&net, "axis2", 1, (int64_t[]){2});
	net_int64s(&net, "cut", 6, (int64_t[]){-1, 2, 2, 2, 2, WIDTH});
	net_int64s(&net, "windows", 3, (int64_t[]){-1, 4, WIDTH});
	net_int64s(&net, "heads", 5, (int64_t[]){-1, 4, 3, HEADS, WIDTH / HEADS});
	net_int64s(&net, "by_window", 5, (int64_t[]){-1, 4, HEADS, 4, 4});
	net_int64s(&net, "by_head", 4, (int64_t[]){-1, HEADS, 4, 4});
	net_int64s(&net, "whole", 4, (int64_t[]){-1, 4, 4, WIDTH});
	net_floats(&net, "s", 0, NULL, (float[]){0.35355339f});
	node_ints(net_node(&net, "Conv", "embed", "image patch", "e"), "strides", 2, (int64_t[]){4, 4});
	node_ints(net_node(&net, "Transpose", "last", "e", "x"), "perm", 4, (int64_t[]){0, 2, 3, 1});
	norm(&net, "n1", "x", "x1");
	roll(&net, "there", "x1", "one", "rolled");
	net_node(&net, "Reshape", "c", "rolled cut", "c");
	node_ints(net_node(&net, "Transpose", "ct", "c", "ct"), "perm", 6, (int64_t[]){0, 1, 3, 2, 4, 5});
	net_node(&net, "Reshape", "w", "ct windows", "w");
	linear(&net, "qkv", "w", WIDTH, 3 * WIDTH, "qkv");
	net_node(&net, "Reshape", "r", "qkv heads", "r");
	node_ints(net_node(&net, "Transpose", "turn", "r", "all"), "perm", 5, (int64_t[]){2, 0, 3, 1, 4});
	node_int(net_node(&net, "Split", "split", "all", "q1 k1 v1"), "axis", 0);
	net_node(&net, "Squeeze", "q", "q1 zero", "q");
	net_node(&net, "Squeeze", "k", "k1 zero", "k");
	net_node(&net, "Squeeze", "v", "v1 zero", "v");
	node_ints(net_node(&net, "Transpose", "kt", "k", "kt"), "perm", 4, (int64_t[]){0, 1, 3, 2});
	net_node(&net, "Mul", "qs", "q s", "qs");
	net_node(&net, "MatMul", "p", "qs kt", "p");
	net_node(&net, "Add", "pb", "p bias", "pb");
	net_node(&net, "Reshape", "pw", "pb by_window", "pw");
	net_node(&net, "Add", "pm", "pw mask", "pm");
	net_node(&net, "Reshape", "ph", "pm by_head", "ph");
	node_int(net_node(&net, "Softmax", "softmax", "ph", "weights"), "axis", -1);
	net_node(&net, "MatMul", "results", "weights v", "h");
	node_ints(net_node(&net, "Transpose", "hl", "h", "hl"), "perm", 4, (int64_t[]){0, 2, 1, 3});
	net_node(&net, "Reshape", "a", "hl windows", "a");
	linear(&net, "proj", "a", WIDTH, WIDTH, "b");
	net_node(&net, "Reshape", "bc", "b cut", "bc");
	node_ints(net_node(&net, "Transpose", "bt", "bc", "bt"), "perm", 6, (int64_t[]){0, 1, 3, 2, 4, 5});
	net_node(&net, "Reshape", "bw", "bt whole", "bw");
	roll(&net, "back", "bw", "three", "y0");
	net_node(&net, "Add", "shortcut", "x y0", "x2");
	norm(&net, "n2", "x2", "x3");
	node_int(node_ints(net_node(&net, "ReduceMean", "mean", "x3", "m"), "axes", 2, (int64_t[]){1, 2}), "keepdims",
		 0);
	net_node(&net, "MatMul", "logits", "m head", "y");
	net_output(&net, "y");
	try_net(&net, 16, "shifted windows", "Attention", 1);
}

/* The attention of MaxViT: four windows of 2 x 2 tokens are a dimension of their own, and products are Einsums. */
static void partitions(void **state)
{
	static const char *const parts[] = {"q", "k", "v"};
	struct net net;

	(void)state;
	net_begin(&net, 17);
	net_input(&net, "image", FLOAT, 4, (int64_t[]){1, 3, 16, 16});
	net_random(&net, "patch", 4, (int64_t[]){WIDTH, 3, 4, 4}, 1);
	net_random(&net, "bias", 4, (int64_t[]){1, HEADS, 4, 4}, 6);
	net_random(&net, "head", 2, (int64_t[]){WIDTH, 7}, 8);
	net_int64s(&net, "cut", 6, (int64_t[]){-1, WIDTH, 2, 2, 2, 2});
	net_int64s(&net, "windows", 4, (int64_t[]){-1, 4, 4, WIDTH});
	net_int64s(&net, "heads", 5, (int64_t[]){-1, 4, 4, HEADS, WIDTH / HEADS});
	net_floats(&net, "s", 0, NULL, (float[]){0.35355339f});
	node_ints(net_node(&net, "Conv", "embed", "image patch", "e"), "strides", 2, (int64_t[]){4, 4});
	net_node(&net, "Reshape", "c", "e cut", "c");
	node_ints(net_node(&net, "Transpose", "ct", "c", "ct"), "perm", 6, (int64_t[]){0, 2, 4, 3, 5, 1});
	net_node(&net, "Reshape", "w", "ct windows", "w");
	linear(&net, "qkv", "w", WIDTH, 3 * WIDTH, "qkv");
	node_int(net_node(&net, "Split", "split", "qkv", "q1 k1 v1"), "axis", -1);
	for (int i = 0; i < 3; i++) {
		const char from[] = {*parts[i], '1', ' ', 'h', 'e', 'a', 'd', 's', '\0'},
			   cut[] = {*parts[i], '2', '\0'};

		net_node(&net, "Reshape", cut, from, cut);
		node_ints(net_node(&net, "Transpose", parts[i], cut, parts[i]), "perm", 5, (int64_t[]){0, 1, 3, 2, 4});
	}
	net_node(&net, "Mul", "ks", "k s", "ks");
	node_string(net_node(&net, "Einsum", "p", "q ks", "p"), "equation", "B G H I D, B G H J D -> B G H I J");
	net_node(&net, "Add", "pb", "p bias", "pb");
	node_int(net_node(&net, "Softmax", "softmax", "pb", "weights"), "axis", -1);
	node_string(net_node(&net, "Einsum", "results", "weights v", "h"), "equation",
		    "B G H I J, B G H J D -> B G H I D");
	node_ints(net_node(&net, "Transpose", "hl", "h", "hl"), "perm", 5, (int64_t[]){0, 1, 3, 2, 4});
	net_node(&net, "Reshape", "a", "hl windows", "a");
	linear(&net, "proj", "a", WIDTH, WIDTH, "b");
	net_node(&net, "Add", "shortcut", "w b", "x2");
	node_int(node_ints(net_node(&net, "ReduceMean", "mean", "x2", "m"), "axes", 2, (int64_t[]){1, 2}), "keepdims",
		 0);
	net_node(&net, "MatMul", "logits", "m head", "y");
	net_output(&net, "y");
	try_net(&net, 16, "partitions", "Attention", 1);
}

/* Equations of a batch, of a constant, of several summed letters, and those that are no product. */
static void equations(void **state)
{
	static const struct {
		const char *inputs, *equation;
	} cases[] = {
		{"x r", "bhqd,bhkd->bhqk"},     {"x r", "bqhd,bkhd->bhqk"}, {"x r", "bhqd,bhkd->bqkh"},
		{"x w", "bhqd,dk->bhqk"},       {"x w", "...d,dk->...k"},   {"x w", "b h q d, d k -> b k h q"},
		{"x u", "bhqd,hdk->bhqk"},      {"x t", "bhqd,hd->bq"},     {"x r", "bhqd,bhqd->b"},
		{"x r", "bhqd,bhqe"},           {"x", "bhqd->bdh"},         {"x t", "bhqd,hd->bhqd"},
		{"x r t", "bhqd,bhkd,hd->bqk"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trial t = {.tolerance = 5e-6};
		struct net net;
		float *input;

		net_begin(&net, 17);
		net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 4, 6, 8});
		net_random(&net, "w", 2, (int64_t[]){8, 5}, 1);
		net_random(&net, "u", 3, (int64_t[]){4, 8, 5}, 2);
		net_random(&net, "t", 2, (int64_t[]){4, 8}, 3);
		net_node(&net, "Relu", "relu", "x", "r");
		node_string(net_node(&net, "Einsum", "einsum", cases[i].inputs, "y"), "equation", cases[i].equation);
		net_output(&net, "y");
		net_parse(&net, &t.graph);
		for (t.batch = 1; t.batch <= 3; t.batch += 2) {
			t.input = input = numbers((size_t)(t.batch * 4 * 6 * 8), 7);
			try_engines(&t, cases[i].equation);
			free(input);
		}
		lu_graph_free(t.graph);
		net_end(&net);
	}
}

/* ConvNeXt V2: channels weighed by their norm over the image, channels last; and other reductions, of odd sizes. */
static void reductions(void **state)
{
	static const struct {
		const char *op;
		int64_t axes[2];
		size_t n;
		int expected; /* steps; a mean over what could be an image is a pool */
	} cases[] = {{"ReduceL2", {1, 2}, 2, 1},  {"ReduceL2", {3}, 1, 1},   {"ReduceMean", {2, 3}, 2, 0},
		     {"ReduceMean", {-1}, 1, 1},  {"ReduceMean", {2}, 1, 1}, {"ReduceSumSquare", {1}, 1, 1},
		     {"ReduceL2", {-3, -2}, 2, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct net net;

		net_begin(&net, 11);
		net_input(&net, "image", FLOAT, 4, (int64_t[]){1, 3, 9, 9});
		net_random(&net, "w1", 4, (int64_t[]){19, 3, 1, 1}, 1);
		net_random(&net, "gamma", 4, (int64_t[]){1, 1, 1, 19}, 3);
		net_random(&net, "head", 2, (int64_t[]){19, 7}, 2);
		net_node(&net, "Conv", "c1", "image w1", "a");
		node_ints(net_node(&net, "Transpose", "last", "a", "x"), "perm", 4, (int64_t[]){0, 2, 3, 1});
		node_ints(net_node(&net, cases[i].op, "norm", "x", "n"), "axes", cases[i].n, cases[i].axes);
		net_node(&net, "Mul", "share", "x n", "s");
		net_node(&net, "Mul", "scaled", "s gamma", "g");
		net_node(&net, "Add", "sum", "g x", "r");
		node_int(node_ints(net_node(&net, "ReduceMean", "mean", "r", "m"), "axes", 2, (int64_t[]){1, 2}),
			 "keepdims", 0);
		net_node(&net, "MatMul", "logits", "m head", "y");
		net_output(&net, "y");
		try_net(&net, 9, cases[i].op, cases[i].op, cases[i].expected);
	}
}

/* Arithmetic of operands that oneDNN does not take together: of other ranks, both broadcast, of six dimensions, of views. */
static void broadcasts(void **state)
{
	static const struct {
		const char *op, *inputs;
	} cases[] = {{"Mul", "x c"},   {"Sub", "c x"}, {"Div", "x p"},    {"Sub", "p x"},       {"Add", "row column"},
		     {"Mul", "r6 c6"}, {"Mul", "t x"}, {"Add", "half x"}, {"Sub", "column row"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct net net;

		net_begin(&net, 17);
		net_input(&net, "image", FLOAT, 4, (int64_t[]){1, 3, 9, 9});
		net_random(&net, "w1", 4, (int64_t[]){19, 3, 1, 1}, 1);
		net_random(&net, "c", 1, (int64_t[]){9}, 2);
		net_random(&net, "p", 3, (int64_t[]){19, 9, 1}, 3);
		net_random(&net, "c6", 6, (int64_t[]){1, 1, 3, 1, 3, 1}, 4);
		net_int64s(&net, "six", 6, (int64_t[]){0, 19, 3, 3, 3, 3});
		net_int64s(&net, "flat", 2, (int64_t[]){0, -1});
		net_int64s(&net, "from", 1, (int64_t[]){0});
		net_int64s(&net, "to", 1, (int64_t[]){1});
		net_int64s(&net, "axis2", 1, (int64_t[]){2});
		net_int64s(&net, "axis3", 1, (int64_t[]){3});
		net_node(&net, "Conv", "c1", "image w1", "x");
		if (strchr(cases[i].inputs, 't') == cases[i].inputs)
			node_ints(net_node(&net, "Transpose", "turn", "x", "t"), "perm", 4, (int64_t[]){0, 1, 3, 2});
		if (cases[i].inputs[0] == 'r' && cases[i].inputs[1] == '6')
			net_node(&net, "Reshape", "cut", "x six", "r6");
		if (strstr(cases[i].inputs, "row") != NULL) {
			net_node(&net, "Slice", "rows", "x from to axis2", "row");
			net_node(&net, "Slice", "columns", "x from to axis3", "column");
		}
		if (strstr(cases[i].inputs, "half") != NULL)
			net_node(&net, "Slice", "fp16", "x from to axis2", "half");
		net_node(&net, cases[i].op, "arithmetic", cases[i].inputs, "y1");
		net_node(&net, "Relu", "relu", "y1", "y2");
		net_node(&net, "Reshape", "all", "y2 flat", "y");
		net_output(&net, "y");
		try_net(&net, 9, cases[i].inputs, cases[i].op, 1);
	}
}

/* Squeeze-and-excitation behind a convolution of groups, of channels that fill their blocks and that do not. */
static void gates(void **state)
{
	static const int64_t channels[] = {8, 16, 24, 48, 104};

	(void)state;
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
		const int64_t c = channels[i];
		struct net net;

		net_begin(&net, 17);
		net_input(&net, "image", FLOAT, 4, (int64_t[]){1, 3, 9, 9});
		net_random(&net, "w1", 4, (int64_t[]){c, 3, 1, 1}, 1);
		net_random(&net, "w2", 4, (int64_t[]){c, 8, 3, 3}, 2);
		net_random(&net, "w3", 4, (int64_t[]){4, c, 1, 1}, 3);
		net_random(&net, "w4", 4, (int64_t[]){c, 4, 1, 1}, 4);
		net_random(&net, "w5", 4, (int64_t[]){8, c, 1, 1}, 5);
		net_node(&net, "Conv", "c1", "image w1", "a");
		node_int(net_node(&net, "Conv", "c2", "a w2", "b"), "group", c / 8);
		net_node(&net, "Relu", "relu", "b", "br");
		net_node(&net, "GlobalAveragePool", "pool", "br", "p");
		net_node(&net, "Conv", "c3", "p w3", "s");
		net_node(&net, "Relu", "relu2", "s", "sr");
		net_node(&net, "Conv", "c4", "sr w4", "e");
		net_node(&net, "Sigmoid", "gate", "e", "g");
		net_node(&net, "Mul", "weigh", i % 2 ? "br g" : "g br", "w");
		net_node(&net, "Conv", "c5", "w w5", "y");
		net_output(&net, "y");
		try_net(&net, 9, "squeeze and excitation", "Mul", 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vision_transformers), cmocka_unit_test(shifted_windows), cmocka_unit_test(partitions),
		cmocka_unit_test(equations),           cmocka_unit_test(gates),           cmocka_unit_test(reductions),
		cmocka_unit_test(broadcasts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
