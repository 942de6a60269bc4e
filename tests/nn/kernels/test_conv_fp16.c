/*
 * test_conv_fp16.c: the convolution in fp16 against its reference, against the sum in double, and in networks.
 */
#include "nn/kernels/conv_fp16.h"
#include "support/guarded.h"

/*
 * fp16 and the sum itself, of the largest result. A half errs by 2^-12 of itself; two of them make a product, 32 products and some
 * dozens of sums follow, whose errors fall to either side: less than 16 of them.
 */
#define BY_FP16 (16 * 0x1p-12)

/* The convolution as it is defined, in double. */
static void sum_up(const struct lu_conv_fp16 *c, const float *x, const float *w, const float *bias,
		   const float *shortcut, float *y)
{
	int64_t area = c->out_height * c->out_width, taps = c->kernel * c->kernel;

	for (int64_t at = 0; at < c->chips * area * c->out_channels; at++) {
		int64_t o = at % c->out_channels, pixel = at / c->out_channels % area;
		const float *chip = x + at / (c->out_channels * area) * c->in_height * c->in_width * c->in_channels;
		double sum = (double)bias[o] + (shortcut ? shortcut[at] : 0);

		for (int64_t tap = 0; tap < taps; tap++) {
			int64_t row = pixel / c->out_width * c->stride - c->top + tap / c->kernel;
			int64_t column = pixel % c->out_width * c->stride - c->left + tap % c->kernel;

			for (int64_t k = 0; k < c->in_channels; k++)
				if (row >= 0 && row < c->in_height && column >= 0 && column < c->in_width)
					sum += (double)chip[c->planar ? (k * c->in_height + row) * c->in_width + column
								      : (row * c->in_width + column) * c->in_channels +
										k] *
					       w[(o * c->in_channels + k) * taps + tap];
		}
		y[at] = (float)(sum < c->clip.low ? c->clip.low : sum > c->clip.high ? c->clip.high : sum);
	}
}

/* The kernel has the reference's bits, alone and among others, and the shortcut may be the place of the result. */
static void try_case(struct lu_conv_fp16 c, bool shortcut, const float *ugly, size_t n_ugly)
{
	size_t chips = (size_t)c.chips, in = (size_t)(c.in_height * c.in_width * c.in_channels);
	size_t out = (size_t)(c.out_height * c.out_width * c.out_channels), weights = lu_conv_fp16_weights(&c) / 4;
	size_t scratch = lu_conv_fp16_scratch(&c) / 4;

	if (!lu_conv_fp16_kernel()) {
		print_message("no processor with AVX512-FP16\n");
		skip();
	}
	float *w = numbers((size_t)(c.out_channels * c.in_channels * c.kernel * c.kernel), 1);
	float *bias = numbers((size_t)c.out_channels, 2), *x = numbers(chips * in, 3), *more = numbers(chips * out, 4);
	float *packed = guarded(weights), *work = guarded(scratch), *want = guarded(chips * out);
	float *got = guarded(chips * out), *alone = guarded(out);
	char what[200];

	snprintf(what, sizeof(what), "%s%lldx%lldx%lld -> %lldx%lldx%lld, %lld by %lld, zeros %lld %lld%s",
		 c.planar ? "planar " : "", (long long)c.in_height, (long long)c.in_width, (long long)c.in_channels,
		 (long long)c.out_height, (long long)c.out_width, (long long)c.out_channels, (long long)c.kernel,
		 (long long)c.stride, (long long)c.top, (long long)c.left, shortcut ? ", shortcut" : "");
	for (size_t i = 0; i < chips * in && n_ugly; i += 37)
		x[i] = ugly[i / 37 % n_ugly];
	lu_conv_fp16_pack(&c, w, bias, packed);
	check_guard(packed, weights, what);
	c.weights = packed;
	lu_conv_fp16_reference(&c, x, shortcut ? more : NULL, got, work);
	check_guard(got, chips * out, what);
	if (!n_ugly) {
		sum_up(&c, x, w, bias, shortcut ? more : NULL, want);
		compare(got, want, chips * out, BY_FP16, what);
	}
	memcpy(want, got, chips * out * sizeof(*want));
	lu_conv_fp16_kernel()(&c, x, shortcut ? more : NULL, got, work);
	check_guard(got, chips * out, what);
	check_guard(work, scratch, what);
	compare(got, want, chips * out, 0, what);
	c.chips = 1;
	for (size_t i = 0; i < chips; i++) {
		memcpy(alone, more + i * out, out * sizeof(*alone));
		lu_conv_fp16_kernel()(&c, x + i * in, shortcut ? alone : NULL, alone, work);
		check_guard(alone, out, what);
		if (memcmp(alone, got + i * out, out * sizeof(*alone)) != 0)
			fail_msg("%s: chip %zu alone has other bits", what, i);
	}
	free(w);
	free(bias);
	free(x);
	free(more);
	free(packed);
	free(work);
	free(want);
	free(got);
	free(alone);
}

/* Windows and strides, widths around the groups of 16 and 8 pixels, whole registers of outputs and parts of them. */
static void odd_sizes(void **state)
{
	static const int64_t sizes[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 33}, kernels[] = {1, 3, 5, 1, 2, 7};
	static const int64_t depths[] = {8, 3, 16, 18, 9, 20, 33}, outs[] = {1, 7, 8, 9, 16, 17, 24, 32, 40, 47, 64};
	static const struct lu_clip_range clips[] = {{-INFINITY, INFINITY}, {0, INFINITY}, {-20, 15}};
	int at = 0, tried = 0;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		for (int64_t turn = 0; turn < 18; turn++, at++) {
			struct lu_conv_fp16 c = {.chips = 1 + at % 2,
						 .in_height = sizes[(i + (size_t)turn) % 7],
						 .in_width = sizes[i],
						 .in_channels = depths[at % 7],
						 .out_channels = outs[at % 11],
						 .kernel = kernels[turn % 6],
						 .stride = 1 + turn % 3,
						 .clip = clips[at % 3]};
			int64_t height, width;

			c.top = turn % c.kernel;
			c.left = at % c.kernel;
			height = c.in_height + c.top + turn % c.kernel - c.kernel;
			width = c.in_width + c.left + at / 2 % c.kernel - c.kernel;
			if (height < 0 || width < 0)
				continue;
			c.out_height = height / c.stride + 1;
			c.out_width = width / c.stride + 1;
			try_case(c, at % 2, NULL, 0);
			tried++;
		}
	assert_true(tried > 100);
}

/* Images as they come: three planes and others, before few outputs and many. */
static void planes(void **state)
{
	static const int64_t widths[] = {5, 16, 33, 47, 64}, outs[] = {8, 16, 24, 64};

	(void)state;
	for (int64_t channels = 1; channels <= 4; channels++)
		for (size_t i = 0; i < 20; i++) {
			struct lu_conv_fp16 c = {.chips = 2,
						 .in_height = 7,
						 .in_width = widths[i % 5],
						 .in_channels = channels,
						 .out_channels = outs[i / 5],
						 .kernel = i % 2 ? 7 : 3,
						 .stride = 1 + (int64_t)i % 3,
						 .top = 1,
						 .left = (int64_t)i % 3,
						 .planar = true,
						 .clip = {0, INFINITY}};

			c.out_height = (c.in_height + 2 - c.kernel) / c.stride + 1;
			c.out_width = (c.in_width + 2 + c.left - c.kernel) / c.stride + 1;
			try_case(c, i % 2, NULL, 0);
		}
}

/* More rows than a stripe holds, and an image that is no longer taken as one row. */
static void many_rows(void **state)
{
	struct lu_conv_fp16 c = {.chips = 1,
				 .in_height = 39,
				 .in_width = 60,
				 .in_channels = 64,
				 .out_height = 39,
				 .out_width = 60,
				 .out_channels = 8,
				 .kernel = 1,
				 .stride = 1,
				 .clip = {0, INFINITY}};

	(void)state;
	try_case(c, true, NULL, 0);
	c.kernel = 3;
	c.stride = 2;
	c.top = c.left = 1;
	c.out_height = 20;
	c.out_width = 30;
	try_case(c, false, NULL, 0);
}

static void ugly_values(void **state)
{
	static const float ugly[] = {NAN, INFINITY, -INFINITY, 1e-42f, -0.0f, 65520, -1e35f, 6e-8f, 6e-5f};
	struct lu_conv_fp16 c = {.chips = 2,
				 .in_height = 9,
				 .in_width = 17,
				 .in_channels = 16,
				 .out_height = 5,
				 .out_width = 9,
				 .kernel = 3,
				 .stride = 2,
				 .top = 1,
				 .left = 1,
				 .clip = {-INFINITY, INFINITY}};

	(void)state;
	for (c.out_channels = 8; c.out_channels <= 32; c.out_channels *= 2)
		for (size_t first = 0; first < 9; first += 3)
			try_case(c, first != 3, ugly + first, 3);
	c.clip = (struct lu_clip_range){0, 6};
	try_case(c, true, ugly, 9);
}

/* An image, strides, a shortcut of one pixel, and a convolution by groups, which is left to others. */
static void in_a_network(void **state)
{
	enum { SIZE = 15, BATCH = 3, OUT = 24 * 8 * 8 };
	struct lu_error err = {0};
	struct lu_session *session;
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;
	float *input = numbers(BATCH * 3 * SIZE * SIZE, 7), *got = guarded(BATCH * OUT), *alone = guarded(OUT);

	(void)state;
	net_begin(&net, 11);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, SIZE, SIZE});
	net_random(&net, "w0", 4, (int64_t[]){24, 3, 3, 3}, 1);
	net_random(&net, "w1", 4, (int64_t[]){24, 24, 3, 3}, 2);
	net_random(&net, "b1", 1, (int64_t[]){24}, 3);
	net_random(&net, "w2", 4, (int64_t[]){24, 24, 1, 1}, 4);
	net_random(&net, "w3", 4, (int64_t[]){24, 24, 1, 1}, 5);
	net_random(&net, "w4", 4, (int64_t[]){24, 12, 1, 1}, 6);
	node_ints(net_node(&net, "Conv", "c0", "x w0", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	node_ints(node_ints(net_node(&net, "Conv", "c1", "a w1 b1", "b"), "pads", 4, (int64_t[]){1, 1, 1, 1}),
		  "strides", 2, (int64_t[]){2, 2});
	net_node(&net, "Relu", "r1", "b", "c");
	node_ints(net_node(&net, "Conv", "c3", "a w3", "s"), "strides", 2, (int64_t[]){2, 2});
	net_node(&net, "Conv", "c2", "c w2", "d");
	net_node(&net, "Add", "a2", "d s", "e");
	net_node(&net, "Relu", "r2", "e", "f");
	node_int(net_node(&net, "Conv", "c4", "f w4", "y"), "group", 2);
	net_output(&net, "y");
	net_parse(&net, &graph);
	if (has_fp16(graph)) {
		int ours = begin_session(graph, NULL, LU_PRECISION_FP16, BATCH, "conv:avx512_fp16", &plan, &session);

		assert_int_equal(ours, 4);
		check_ok(lu_session_run(session, BATCH, input, got, &err), err);
		lu_session_free(session);
		lu_plan_free(plan);
		begin_session(graph, NULL, LU_PRECISION_FP16, 1, "conv:avx512_fp16", &plan, &session);
		for (int i = 0; i < BATCH; i++) {
			compare_chip(graph, input + i * 3 * SIZE * SIZE, got + i * OUT, OUT, BY_FP16, "fp16");
			check_ok(lu_session_run(session, 1, input + i * 3 * SIZE * SIZE, alone, &err), err);
			assert_memory_equal(alone, got + i * OUT, OUT * sizeof(*alone));
		}
		lu_session_free(session);
		lu_plan_free(plan);
		/* Under bf16 convolutions are oneDNN's, which has AMX for them. */
		ours = begin_session(graph, NULL, LU_PRECISION_BF16, 1, "conv:avx512_fp16", &plan, &session);
		assert_int_equal(ours, 0);
		lu_session_free(session);
		lu_plan_free(plan);
	}
	lu_graph_free(graph);
	net_end(&net);
	free(input);
	free(got);
	free(alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_sizes),   cmocka_unit_test(planes),       cmocka_unit_test(many_rows),
		cmocka_unit_test(ugly_values), cmocka_unit_test(in_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
