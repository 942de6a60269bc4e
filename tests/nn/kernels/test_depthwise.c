/*
 * test_depthwise.c: the fused wide half of an inverted residual against its reference, and inside a network.
 */
#include "nn/kernels/depthwise.h"
#include "support/guarded.h"

#define TOLERANCE 4e-6

/* What the kernel says of all chips, which must be what the reference says, and what each chip alone gives. */
static void compare_kernel(const struct lu_depthwise *all, const float *x, const float *want, const float *means,
			   const char *what)
{
	const size_t in = (size_t)(all->in_height * all->in_width * all->in_channels);
	const size_t out = (size_t)(all->out_height * all->out_width * all->wide), chips = (size_t)all->chips;
	const size_t wide = (size_t)all->wide, scratch = lu_depthwise_scratch(all);
	float *got = guarded(chips * out), *got_means = guarded(chips * wide), *work = guarded(scratch);
	float *alone = guarded(out), *alone_means = guarded(wide);
	struct lu_depthwise d = *all;

	lu_depthwise_kernel()(&d, x, got, got_means, work);
	check_guard(got, chips * out, what);
	check_guard(got_means, chips * wide, what);
	check_guard(work, scratch, what);
	compare(got, want, chips * out, TOLERANCE, what);
	compare(got_means, means, chips * wide, TOLERANCE, what);
	d.chips = 1;
	for (size_t i = 0; i < chips; i++) {
		lu_depthwise_kernel()(&d, x + i * in, alone, alone_means, work);
		if (memcmp(alone, got + i * out, out * sizeof(*got)) != 0 ||
		    memcmp(alone_means, got_means + i * wide, wide * sizeof(*got)) != 0)
			fail_msg("%s: chip %zu alone has other bits", what, i);
		lu_depthwise_kernel()(&d, x + i * in, alone, NULL, work);
		if (memcmp(alone, got + i * out, out * sizeof(*got)) != 0)
			fail_msg("%s: chip %zu without means has other bits", what, i);
	}
	free(got);
	free(got_means);
	free(work);
	free(alone);
	free(alone_means);
}

static void try_case(struct lu_depthwise d, const float *ugly, size_t n_ugly)
{
	const size_t chips = (size_t)d.chips, wide = (size_t)d.wide, weights = lu_depthwise_weights(&d);
	const size_t in = (size_t)(d.in_height * d.in_width * d.in_channels);
	const size_t out = (size_t)(d.out_height * d.out_width * d.wide);
	float *expand = numbers(wide * (size_t)d.in_channels, 1), *taps = numbers(wide * 25, 2);
	float *bias = numbers(2 * wide, 3), *x = numbers(chips * in, 4);
	float *packed = guarded(weights), *want = guarded(chips * out), *means = guarded(chips * wide);
	const struct lu_depthwise_parts parts = {d.expands ? expand : NULL, bias, taps, bias + wide};
	char what[200];

	for (size_t i = 0; i < chips * in && n_ugly; i += 37)
		x[i] = ugly[i / 37 % n_ugly];
	snprintf(what, sizeof(what), "%lldx%lldx%lld -> %lld -> %lldx%lld, %lldx%lld by %lld, zeros %lld %lld, %d %d",
		 (long long)d.in_height, (long long)d.in_width, (long long)d.in_channels, (long long)d.wide,
		 (long long)d.out_height, (long long)d.out_width, (long long)d.window, (long long)d.window,
		 (long long)d.stride, (long long)d.top, (long long)d.left, (int)d.curve[0].kind, (int)d.curve[1].kind);
	lu_depthwise_pack(&d, &parts, packed);
	check_guard(packed, weights, what);
	d.weights = packed;
	lu_depthwise_reference(&d, x, want, means, NULL);
	if (lu_depthwise_kernel() != NULL)
		compare_kernel(&d, x, want, means, what);
	free(expand);
	free(taps);
	free(bias);
	free(x);
	free(packed);
	free(want);
	free(means);
}

/* Sizes around the groups of 14 and 7 pixels, padding of all kinds, every curve. */
static void odd_sizes(void **state)
{
	static const int64_t sizes[] = {1, 2, 3, 7, 8, 15, 29}, depths[] = {1, 3, 8, 13, 24, 40};
	int at = 0;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		for (int64_t stride = 1; stride <= 2; stride++)
			for (int64_t pads = 0; pads < 9; pads++, at++) {
				const int64_t window = at % 2 ? 3 : 5, half = window / 2;
				struct lu_depthwise d = {
					.chips = 2,
					.in_height = sizes[(i + (size_t)pads) % 7],
					.in_width = sizes[i],
					.in_channels = depths[at % 6],
					.wide = 16 * (1 + at % 3),
					.window = window,
					.stride = stride,
					.top = pads % 3 * half,
					.left = pads / 3 * half,
					.expands = at % 5 != 0,
					.curve = {{(enum lu_curve_kind)(at % 3), {0, 0.5f}},
						  {(enum lu_curve_kind)(at / 3 % 3), {-0.25f, INFINITY}}},
				};
				const int64_t height = d.in_height + d.top + at % 3 * half - window;
				const int64_t width = d.in_width + d.left + at / 2 % 3 * half - window;

				if (height < 0 || width < 0)
					continue;
				d.in_channels = d.expands ? d.in_channels : d.wide;
				d.out_height = height / stride + 1;
				d.out_width = width / stride + 1;
				try_case(d, NULL, 0);
			}
}

static void ugly_values(void **state)
{
	static const float ugly[] = {NAN, INFINITY, -INFINITY, 1e-42f, -0.0f, 1e35f, -300, 1e-38f};

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		struct lu_depthwise d = {
			.chips = 2,
			.in_height = 9,
			.in_width = 17,
			.in_channels = 16,
			.wide = 16,
			.out_height = 9,
			.out_width = 17,
			.window = 3,
			.stride = 1,
			.top = 1,
			.left = 1,
			.expands = true,
			.curve = {{(enum lu_curve_kind)kind, {0, 6}}, {(enum lu_curve_kind)kind, {0, 6}}},
		};

		try_case(d, ugly, 1);
		try_case(d, ugly + 1, 2);
		try_case(d, ugly + 3, 3);
		try_case(d, ugly, sizeof(ugly) / sizeof(ugly[0]));
		d.expands = false;
		try_case(d, ugly, sizeof(ugly) / sizeof(ugly[0]));
	}
}

/* EfficientNet's block, with a gate of what the step's means make, and one without. */
enum { HEIGHT = 11, WIDTH = 17, BATCH = 3, WIDE = 32 };

static void conv(struct net *net, const char *name, const char *in, const char *out, int64_t kernel, int64_t group)
{
	const int64_t pad = kernel / 2;
	struct net_node node = net_node(net, "Conv", name, in, out);

	node_int(node_ints(node, "pads", 4, (int64_t[]){pad, pad, pad, pad}), "group", group);
}

static void swish(struct net *net, const char *in, const char *gate, const char *out)
{
	char both[16];

	net_node(net, "Sigmoid", gate, in, gate);
	snprintf(both, sizeof(both), "%s %s", in, gate);
	net_node(net, "Mul", out, both, out);
}

static void in_a_network(void **state)
{
	float *input = numbers(BATCH * 8 * HEIGHT * WIDTH, 7), got[BATCH * 8];
	struct lu_engine_facts facts;
	struct lu_session *session;
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct lu_error err = {0};
	struct net net;

	(void)state;
	net_begin(&net, 14);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 8, HEIGHT, WIDTH});
	net_random(&net, "e1", 4, (int64_t[]){WIDE, 8, 1, 1}, 1);
	net_random(&net, "b1", 1, (int64_t[]){WIDE}, 2);
	net_random(&net, "d1", 4, (int64_t[]){WIDE, 1, 5, 5}, 3);
	net_random(&net, "r1", 4, (int64_t[]){4, WIDE, 1, 1}, 4);
	net_random(&net, "w1", 4, (int64_t[]){WIDE, 4, 1, 1}, 5);
	net_random(&net, "p1", 4, (int64_t[]){8, WIDE, 1, 1}, 6);
	net_random(&net, "d2", 4, (int64_t[]){WIDE, 1, 3, 3}, 8);
	conv(&net, "c1", "x e1 b1", "a", 1, 1);
	swish(&net, "a", "as", "b");
	conv(&net, "c2", "b d1", "c", 5, WIDE);
	swish(&net, "c", "cs", "d");
	net_node(&net, "GlobalAveragePool", "mean", "d", "m");
	conv(&net, "c3", "m r1", "n", 1, 1);
	swish(&net, "n", "ns", "o");
	conv(&net, "c4", "o w1", "q", 1, 1);
	net_node(&net, "Sigmoid", "gate", "q", "g");
	net_node(&net, "Mul", "gated", "d g", "e");
	conv(&net, "c5", "e p1", "f", 1, 1);
	/* A second block, whose wide tensor is looked at by nothing else. */
	conv(&net, "c6", "f e1 b1", "h", 1, 1);
	net_node(&net, "HardSwish", "hs", "h", "i");
	conv(&net, "c7", "i d2", "j", 3, WIDE);
	net_node(&net, "HardSwish", "hs2", "j", "k");
	conv(&net, "c8", "k p1", "l", 1, 1);
	net_node(&net, "GlobalAveragePool", "pool", "l", "t");
	net_node(&net, "Flatten", "flat", "t", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	for (const char *const *engine = lu_engine_names(); *engine; engine++) {
		const int fused =
			begin_session(graph, *engine, LU_PRECISION_FP32, BATCH, "depthwise:avx512", &plan, &session);

		lu_engine_facts(*engine, &facts);
		assert_int_equal(fused, strncmp(facts.processor, "AVX512", 6) == 0 ? 2 : 0);
		check_ok(lu_session_run(session, BATCH, input, got, &err), err);
		for (int i = 0; i < BATCH; i++)
			compare_chip(graph, input + i * 8 * HEIGHT * WIDTH, got + i * 8, 8, 1e-5, *engine);
		lu_session_free(session);
		lu_plan_free(plan);
	}
	net_end(&net);
	lu_graph_free(graph);
	free(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_sizes),
		cmocka_unit_test(ugly_values),
		cmocka_unit_test(in_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
