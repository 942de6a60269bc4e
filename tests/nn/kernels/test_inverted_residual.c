/*
 * test_inverted_residual.c: the fused inverted residual against its reference, and inside networks.
 */
#include "nn/kernels/inverted_residual_fp16.h"
#include "support/guarded.h"

#define TOLERANCE 2e-6
/*
 * fp16 and floats, of the largest result. A half errs by 2^-12 of itself; three layers of sums of up to 160 such terms, which
 * err to either side, and three numbers that are rounded on the way, come to less than 16 of them.
 */
#define BY_FP16 (16 * 0x1p-12)

/* A kernel and its reference; sizes in bytes. */
struct way {
	const char *name;
	lu_inverted_residual_run *reference, *kernel;
	size_t weights, scratch;
	void (*pack)(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from, void *packed);
	double tolerance;
};

/* A block, its data and what its references say, in both precisions. */
struct trial {
	struct lu_inverted_residual b;
	struct lu_inverted_residual_parts parts;
	size_t in, out; /* of a chip */
	const float *x, *shortcut;
	float *want;
	char what[200];
};

/* What the kernel says of all chips, which must be what the reference says, and what each chip alone gives. */
static void try_way(struct trial *t, const struct way *way)
{
	size_t count = (size_t)t->b.chips * t->out, weights = way->weights / sizeof(float);
	size_t scratch = (way->scratch + sizeof(float) - 1) / sizeof(float);
	float *packed = guarded(weights), *work = guarded(scratch), *got = guarded(count), *alone = guarded(t->out);
	struct lu_inverted_residual b = t->b;
	char what[240];

	snprintf(what, sizeof(what), "%s: %s", way->name, t->what);
	way->pack(&b, &t->parts, packed);
	check_guard(packed, weights, what);
	b.weights = packed;
	way->reference(&b, t->x, t->shortcut, t->want, work);
	check_guard(t->want, count, what);
	check_guard(work, scratch, what);
	if (way->kernel) {
		way->kernel(&b, t->x, t->shortcut, got, work);
		check_guard(got, count, what);
		check_guard(work, scratch, what);
		compare(got, t->want, count, way->tolerance, what);
		b.chips = 1;
		for (size_t i = 0; i < (size_t)t->b.chips; i++) {
			way->kernel(&b, t->x + i * t->in, t->shortcut ? t->shortcut + i * t->out : NULL, alone, work);
			if (memcmp(alone, got + i * t->out, t->out * sizeof(*got)) != 0)
				fail_msg("%s: chip %zu alone has other bits", what, i);
		}
	}
	free(packed);
	free(work);
	free(got);
	free(alone);
}

static void try_case(struct lu_inverted_residual b, bool shortcut, const float *ugly, size_t n_ugly)
{
	const struct way floats = {"floats",
				   lu_inverted_residual_reference,
				   lu_inverted_residual_kernel(),
				   lu_inverted_residual_weights(&b),
				   lu_inverted_residual_scratch(&b),
				   lu_inverted_residual_pack,
				   TOLERANCE};
	/* They round at the same places. */
	const struct way fp16 = {"fp16",
				 lu_inverted_residual_fp16_reference,
				 lu_inverted_residual_fp16_kernel(),
				 lu_inverted_residual_fp16_weights(&b),
				 lu_inverted_residual_fp16_scratch(&b),
				 lu_inverted_residual_fp16_pack,
				 0};
	size_t chips = (size_t)b.chips, wide = (size_t)b.wide;
	struct trial t = {.b = b,
			  .in = (size_t)(b.in_height * b.in_width * b.in_channels),
			  .out = (size_t)(b.out_height * b.out_width * b.out_channels)};
	float *expand = numbers(wide * (size_t)b.in_channels, 1), *by_channel = numbers(wide * 9, 2);
	float *project = numbers(wide * (size_t)b.out_channels, 3), *bias = numbers(wide + (size_t)b.out_channels, 4);
	float *x = numbers(chips * t.in, 5), *more = numbers(chips * t.out, 6), *in_floats = guarded(chips * t.out);

	for (size_t i = 0; i < chips * t.in && n_ugly; i += 37)
		x[i] = ugly[i / 37 % n_ugly];
	t.x = x;
	t.shortcut = shortcut ? more : NULL;
	t.want = in_floats;
	t.parts = (struct lu_inverted_residual_parts){
		b.expands ? expand : NULL, bias, by_channel, bias, project, bias + wide};
	snprintf(t.what, sizeof(t.what), "%lldx%lldx%lld -> %lld%s -> %lldx%lldx%lld by %lld, zeros %lld %lld%s",
		 (long long)b.in_height, (long long)b.in_width, (long long)b.in_channels, (long long)b.wide,
		 b.expands ? "" : " (as it is)", (long long)b.out_height, (long long)b.out_width,
		 (long long)b.out_channels, (long long)b.stride, (long long)b.top, (long long)b.left,
		 shortcut ? ", shortcut" : "");
	try_way(&t, &floats);
	if (lu_inverted_residual_fp16_kernel()) {
		t.want = guarded(chips * t.out);
		try_way(&t, &fp16);
		if (!n_ugly)
			compare(t.want, in_floats, chips * t.out, BY_FP16, t.what);
		free(t.want);
	}
	free(expand);
	free(by_channel);
	free(project);
	free(bias);
	free(x);
	free(more);
	free(in_floats);
}

/* Sizes around the groups of 14 and 7 pixels and of 16 and 8 channels, padding of all kinds. */
static void odd_sizes(void **state)
{
	static const int64_t sizes[] = {1, 2, 3, 7, 8, 15, 29}, depths[] = {1, 3, 8, 13, 16, 24};
	static const int64_t outs[] = {1, 7, 8, 9, 16, 17, 24, 31, 40};
	int at = 0;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		for (int64_t stride = 1; stride <= 2; stride++)
			for (int64_t pads = 0; pads < 9; pads++, at++) {
				struct lu_inverted_residual b = {
					.chips = 2,
					.in_height = sizes[(i + (size_t)pads) % 7],
					.in_width = sizes[i],
					.in_channels = depths[at % 6],
					.wide = 16 * (1 + at % 3),
					.out_channels = outs[at % 9],
					.stride = stride,
					.top = pads % 3,
					.left = pads / 3,
					.expands = at % 5 != 0,
					.clip = {{0, 0.5f}, {-0.25f, INFINITY}, {-INFINITY, 2}}};

				b.in_channels = b.expands ? b.in_channels : b.wide;
				/* The lower and the right zeros are what is left of 0 to 2. */
				b.out_height = (b.in_height + b.top + at % 3 - 3) / stride + 1;
				b.out_width = (b.in_width + b.left + at % 2 - 3) / stride + 1;
				if (b.in_height + b.top + at % 3 < 3 || b.in_width + b.left + at % 2 < 3)
					continue;
				try_case(b, at % 2, NULL, 0);
			}
}

/* Every depth that is compiled in, and its neighbours; a stripe that does not divide the rows. */
static void many_depths(void **state)
{
	static const int64_t depths[] = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 160, 41};

	(void)state;
	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		struct lu_inverted_residual b = {
			.chips = 1,
			.in_height = depths[i] == 41 ? 23 : 5,
			.in_width = 22,
			.in_channels = depths[i],
			.wide = 144,
			.out_height = depths[i] == 41 ? 23 : 5,
			.out_width = 22,
			.out_channels = depths[i],
			.stride = 1,
			.top = 1,
			.left = 1,
			.expands = true,
			.clip = {{0, 6}, {0, 6}, {-INFINITY, INFINITY}},
		};

		try_case(b, true, NULL, 0);
	}
}

static void ugly_values(void **state)
{
	static const float ugly[] = {NAN, INFINITY, -INFINITY, 1e-42f, -0.0f, 1e35f, 1e-38f};
	struct lu_inverted_residual b = {
		.chips = 3,
		.in_height = 9,
		.in_width = 17,
		.in_channels = 8,
		.wide = 32,
		.out_height = 9,
		.out_width = 17,
		.out_channels = 8,
		.stride = 1,
		.top = 1,
		.left = 1,
		.expands = true,
	};

	(void)state;
	for (int i = 0; i < 3; i++)
		b.clip[i] = (struct lu_clip_range){-INFINITY, INFINITY};
	try_case(b, true, ugly, 1);
	try_case(b, false, ugly + 1, 2);
	try_case(b, false, ugly + 3, 4);
	b.clip[0] = b.clip[1] = (struct lu_clip_range){0, 6};
	try_case(b, true, ugly, sizeof(ugly) / sizeof(ugly[0]));
}

/* A network with one inverted residual that starts at a wide image, one that strides and one with a shortcut. */
enum { HEIGHT = 13, WIDTH = 19, BATCH = 3 };

/* The same in fp16, and what is left in floats where fp16 does not hold the numbers: 'fused' steps with them. */
static void try_network_in_fp16(struct net *net, const float *input, int fused)
{
	struct lu_session *session;
	struct lu_graph *graph;
	struct lu_plan *plan;
	float got[BATCH * 12];
	struct lu_error err = {0};

	net_parse(net, &graph);
	if (!has_fp16(graph)) {
		lu_graph_free(graph);
		return;
	}
	assert_int_equal(
		begin_session(graph, NULL, LU_PRECISION_FP16, BATCH, "inverted_residual:avx512_fp16", &plan, &session),
		fused);
	check_ok(lu_session_run(session, BATCH, input, got, &err), err);
	for (int i = 0; i < BATCH; i++)
		compare_chip(graph, input + i * 16 * HEIGHT * WIDTH, got + i * 12, 12, BY_FP16, "fp16");
	lu_session_free(session);
	lu_plan_free(plan);
	lu_graph_free(graph);
}

static void in_a_network(void **state)
{
	struct lu_graph *graph;
	struct lu_error err = {0};
	struct net_node dw;
	struct net net;
	float *input = numbers(BATCH * 16 * HEIGHT * WIDTH, 7), got[BATCH * 12];

	(void)state;
	net_begin(&net, 10);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, HEIGHT, WIDTH});
	net_random(&net, "d1", 4, (int64_t[]){16, 1, 3, 3}, 1);
	net_random(&net, "p1", 4, (int64_t[]){8, 16, 1, 1}, 2);
	net_random(&net, "e2", 4, (int64_t[]){48, 8, 1, 1}, 3);
	net_random(&net, "e2b", 1, (int64_t[]){48}, 4);
	net_random(&net, "d2", 4, (int64_t[]){48, 1, 3, 3}, 5);
	net_random(&net, "p2", 4, (int64_t[]){12, 48, 1, 1}, 6);
	net_random(&net, "p2b", 1, (int64_t[]){12}, 7);
	net_random(&net, "e3", 4, (int64_t[]){64, 12, 1, 1}, 8);
	net_random(&net, "d3", 4, (int64_t[]){64, 1, 3, 3}, 9);
	net_random(&net, "p3", 4, (int64_t[]){12, 64, 1, 1}, 10);

	dw = net_node(&net, "Conv", "dw1", "x d1", "a");
	node_int(node_ints(dw, "pads", 4, (int64_t[]){1, 1, 1, 1}), "group", 16);
	net_node(&net, "Relu", "relu1", "a", "b");
	net_node(&net, "Conv", "pw1", "b p1", "c");
	net_node(&net, "Conv", "ex2", "c e2 e2b", "d");
	net_node(&net, "Relu", "relu2", "d", "e");
	dw = net_node(&net, "Conv", "dw2", "e d2", "f");
	node_int(node_ints(dw, "pads", 4, (int64_t[]){0, 0, 1, 1}), "group", 48);
	node_ints(dw, "strides", 2, (int64_t[]){2, 2});
	net_node(&net, "Relu", "relu2b", "f", "g");
	net_node(&net, "Conv", "pw2", "g p2 p2b", "h");
	net_node(&net, "Conv", "ex3", "h e3", "i");
	dw = net_node(&net, "Conv", "dw3", "i d3", "j");
	node_int(node_ints(dw, "pads", 4, (int64_t[]){1, 1, 1, 1}), "group", 64);
	net_node(&net, "Conv", "pw3", "j p3", "k");
	net_node(&net, "Add", "add", "k h", "l");
	net_node(&net, "GlobalAveragePool", "pool", "l", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);

	for (const char *const *engine = lu_engine_names(); *engine; engine++) {
		struct lu_session *session;
		struct lu_plan *plan;
		int fused = begin_session(graph, *engine, LU_PRECISION_FP32, BATCH, "inverted_residual:avx512", &plan,
					  &session);

		assert_true(fused == 0 || fused == 3);
		check_ok(lu_session_run(session, BATCH, input, got, &err), err);
		for (int i = 0; i < BATCH; i++)
			compare_chip(graph, input + i * 16 * HEIGHT * WIDTH, got + i * 12, 12, TOLERANCE, *engine);
		lu_session_free(session);
		lu_plan_free(plan);
	}
	lu_graph_free(graph);
	try_network_in_fp16(&net, input, 3);
	*(float *)net.tensors[3]->raw_data.data = -65520; /* of e2b, a bias: infinite as a half */
	try_network_in_fp16(&net, input, 2);
	*(float *)net.tensors[3]->raw_data.data = 0.5f;
	for (size_t i = 0; i < net.tensors[1]->raw_data.len / sizeof(float); i++)
		((float *)net.tensors[1]->raw_data.data)[i] *= 0x1p-14f; /* p1 loses most of its bits */
	try_network_in_fp16(&net, input, 2);
	net_end(&net);
	free(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_sizes),
		cmocka_unit_test(many_depths),
		cmocka_unit_test(ugly_values),
		cmocka_unit_test(in_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
