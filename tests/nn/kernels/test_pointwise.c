/*
 * test_pointwise.c: the pointwise convolution against its reference, against the sum it stands for, and in networks.
 */
#include "nn/kernels/pointwise_parts.h"

#include "../engines/trial.h"

#define BY_ROUNDING 1e-5

/* A convolution, its data and its results. */
struct trial_run {
	struct lu_pointwise c;
	float *x[LU_POINTWISE_IMAGES], *w[LU_POINTWISE_IMAGES], *bias[LU_POINTWISE_IMAGES], *shortcut, *packed, *want,
		*got, *work;
	size_t in[LU_POINTWISE_IMAGES], out, weights, scratch; /* of a chip; of a run */
	char what[200];
};

static void begin(struct trial_run *t, struct lu_pointwise c, bool shortcut)
{
	const float *w[LU_POINTWISE_IMAGES], *bias[LU_POINTWISE_IMAGES];
	size_t chips = (size_t)c.chips;

	*t = (struct trial_run){.weights = lu_pointwise_weights(&c) / sizeof(float),
				.scratch = lu_pointwise_scratch(&c) / sizeof(float)};
	t->out = (size_t)(c.out_height * c.out_width * c.out_channels);
	for (int i = 0; i < c.images; i++) {
		const struct lu_pointwise_image *m = &c.image[i];

		t->in[i] = (size_t)(m->height * m->width * m->channels);
		t->x[i] = numbers(chips * t->in[i], 3 + (uint64_t)i);
		w[i] = t->w[i] = numbers((size_t)(m->channels * c.out_channels), 5 + (uint64_t)i);
		bias[i] = t->bias[i] = i == 0 ? numbers((size_t)c.out_channels, 7) : NULL;
	}
	t->shortcut = shortcut ? numbers(chips * t->out, 8) : NULL;
	t->packed = guarded(t->weights);
	t->want = guarded(chips * t->out);
	t->got = guarded(chips * t->out);
	t->work = guarded(t->scratch);
	snprintf(t->what, sizeof(t->what),
		 "%lld x %lldx%lld, %d images of %lld and %lld, strides %lld and %lld -> %lld%s", (long long)c.chips,
		 (long long)c.out_height, (long long)c.out_width, c.images, (long long)c.image[0].channels,
		 (long long)c.image[1].channels, (long long)c.image[0].stride, (long long)c.image[1].stride,
		 (long long)c.out_channels, shortcut ? ", shortcut" : "");
	lu_pointwise_pack(&c, w, bias, t->packed);
	check_guard(t->packed, t->weights, t->what);
	c.weights = t->packed;
	t->c = c;
}

static void finish(struct trial_run *t)
{
	for (int i = 0; i < t->c.images; i++) {
		free(t->x[i]);
		free(t->w[i]);
		free(t->bias[i]);
	}
	free(t->shortcut);
	free(t->packed);
	free(t->want);
	free(t->got);
	free(t->work);
}

static float clipped(double sum, struct lu_clip_range range)
{
	return (float)(sum < range.low ? range.low : sum > range.high ? range.high : sum);
}

/* As it is defined, in double. */
static void sum_up(const struct trial_run *t)
{
	const struct lu_pointwise *c = &t->c;
	const int64_t area = c->out_height * c->out_width;

	for (int64_t at = 0; at < c->chips * area * c->out_channels; at++) {
		const int64_t o = at % c->out_channels, pixel = at / c->out_channels % area,
			      chip = at / (c->out_channels * area);
		double sum = (double)t->bias[0][o] + (t->shortcut ? t->shortcut[at] : 0);

		for (int i = 0; i < c->images; i++) {
			const struct lu_pointwise_image *m = &c->image[i];
			const int64_t row = pixel / c->out_width * m->stride, column = pixel % c->out_width * m->stride;

			for (int64_t k = 0; k < m->channels; k++)
				sum += (double)t->x[i]
						   [((chip * m->height + row) * m->width + column) * m->channels + k] *
				       t->w[i][o * m->channels + k];
		}
		t->want[at] = clipped(sum, c->clip);
	}
}

/* Each chip alone, and the shortcut as the place of the result. */
static void try_alone(struct trial_run *t)
{
	struct lu_pointwise c = t->c;
	float *alone = guarded(t->out);

	c.chips = 1;
	for (size_t i = 0; i < (size_t)t->c.chips; i++) {
		const float *const x[] = {t->x[0] + i * t->in[0], c.images > 1 ? t->x[1] + i * t->in[1] : NULL};

		if (t->shortcut)
			memcpy(alone, t->shortcut + i * t->out, t->out * sizeof(*alone));
		lu_pointwise_kernel()(&c, x, t->shortcut ? alone : NULL, alone, t->work);
		check_guard(alone, t->out, t->what);
		if (memcmp(alone, t->got + i * t->out, t->out * sizeof(*alone)) != 0)
			fail_msg("%s: chip %zu alone has other bits", t->what, i);
	}
	free(alone);
}

static void try_case(struct lu_pointwise c, bool shortcut)
{
	const float *x[LU_POINTWISE_IMAGES];
	struct trial_run t;
	size_t count;

	begin(&t, c, shortcut);
	count = (size_t)c.chips * t.out;
	for (int i = 0; i < LU_POINTWISE_IMAGES; i++)
		x[i] = t.x[i];
	sum_up(&t);
	lu_pointwise_reference(&t.c, x, t.shortcut, t.got, t.work);
	check_guard(t.got, count, t.what);
	compare(t.got, t.want, count, BY_ROUNDING, t.what);
	if (lu_pointwise_kernel()) {
		lu_pointwise_kernel()(&t.c, x, t.shortcut, t.got, t.work);
		check_guard(t.got, count, t.what);
		check_guard(t.work, t.scratch, t.what);
		compare(t.got, t.want, count, BY_ROUNDING, t.what);
		try_alone(&t);
	}
	finish(&t);
}

/* Sizes around groups of 14 pixels and panels of 32 outputs, strides, one image and two, whole and half registers. */
static void odd_sizes(void **state)
{
	static const struct lu_clip_range clips[] = {{-INFINITY, INFINITY}, {0, INFINITY}, {-1, 2}};
	static const int64_t sizes[] = {1, 2, 3, 4, 5, 7, 8};

	(void)state;
	for (int at = 0; at < 63; at++) {
		const int64_t height = sizes[at % 7], width = sizes[(at / 7 + at) % 7];
		struct lu_pointwise c = {
			.chips = 1 + at % 4,
			.out_height = height,
			.out_width = width,
			.out_channels = 16 * (1 + at % 5),
			.images = 1 + at % 2,
			.clip = clips[at % 3],
		};

		for (int i = 0; i < c.images; i++) {
			const int64_t stride = 1 + (at / 2 + i) % 3;

			/* Its last row and column may be left out by the stride, or not. */
			c.image[i] = (struct lu_pointwise_image){(height - 1) * stride + 1 + at % stride,
								 (width - 1) * stride + 1 + (at / 3) % stride,
								 16 * (1 + (at + 2 * i) % 4), stride};
		}
		try_case(c, at % 3 == 0);
	}
}

/* More pixels than one block has, with small weights and with large ones. */
static void blocks(void **state)
{
	struct lu_pointwise c = {.chips = 3,
				 .out_height = 9,
				 .out_width = 11,
				 .out_channels = 48,
				 .images = 1,
				 .image = {{9, 11, 64, 1}},
				 .clip = {0, INFINITY}};

	(void)state;
	assert_true(lu_pointwise_block(&c) < c.out_height * c.out_width);
	try_case(c, true);
	c.image[0].channels = 1024;
	c.out_channels = 80;
	assert_true(lu_pointwise_block(&c) < c.out_height * c.out_width);
	try_case(c, false);
	c.image[0].channels = 2048; /* a block of few groups */
	try_case(c, true);
}

/* NaN and infinities reach the results that they are in, no other. */
static void ugly_values(void **state)
{
	struct lu_pointwise c = {.chips = 1,
				 .out_height = 3,
				 .out_width = 5,
				 .out_channels = 48,
				 .images = 1,
				 .image = {{3, 5, 32, 1}},
				 .clip = {0, 6}};
	const float *x[LU_POINTWISE_IMAGES] = {NULL};
	struct trial_run t;

	(void)state;
	if (!lu_pointwise_kernel())
		skip();
	begin(&t, c, false);
	t.x[0][2 * 32 + 5] = NAN;
	t.x[0][14 * 32] = INFINITY;
	x[0] = t.x[0];
	lu_pointwise_reference(&t.c, x, NULL, t.want, t.work);
	lu_pointwise_kernel()(&t.c, x, NULL, t.got, t.work);
	for (int64_t at = 0; at < 15 * 48; at++)
		assert_int_equal(isnan(t.got[at]), at / 48 == 2);
	compare(t.got, t.want, 15 * 48, BY_ROUNDING, "ugly values");
	finish(&t);
}

/* The steps of the best engine that the kernel runs; -1 where it does not run here. */
static int count_steps(const struct lu_graph *graph, int *both)
{
	struct lu_plan_options options = {.batch = 2};
	struct lu_engine_facts facts;
	struct lu_error err = {0};
	struct lu_plan *plan;
	int count = 0;

	lu_engine_facts(*lu_engine_names(), &facts);
	if (strcmp(*lu_engine_names(), "onednn") != 0 || strncmp(facts.processor, "AVX512", 6) != 0)
		return -1;
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	*both = 0;
	for (int i = 0; i < plan->n_steps; i++) {
		const bool ours = strcmp(plan->steps[i].kernel, "pointwise:avx512") == 0;

		count += ours;
		*both += ours && strcmp(plan->steps[i].op, "Conv + Conv") == 0;
	}
	lu_plan_free(plan);
	return count;
}

static void conv(struct net *net, const char *x, const char *y, int64_t in, int64_t out, int64_t stride)
{
	char w[32], b[32], inputs[96];

	snprintf(w, sizeof(w), "%s_w", y);
	snprintf(b, sizeof(b), "%s_b", y);
	snprintf(inputs, sizeof(inputs), "%s %s %s", x, w, b);
	net_random(net, w, 4, (int64_t[]){out, in, 1, 1}, (uint64_t)(7 * out + in));
	net_random(net, b, 1, (int64_t[]){out}, (uint64_t)in);
	node_ints(net_node(net, "Conv", y, inputs, y), "strides", 2, (int64_t[]){stride, stride});
}

/*
 * The end of a residual block: its last layer and the projection, in either order of the file, summed, and a block whose shortcut
 * is read again behind the sum. 'extra' reads the last layer's result once more, so that it must be there.
 */
static void try_block(bool body_first, bool extra, int want, int want_both)
{
	struct trial t = {.tolerance = 1e-5, .batch = 3};
	int both = 0, count;
	struct net net;
	float *input;

	net_begin(&net, 14);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 64, 6, 10});
	if (!body_first)
		conv(&net, "x", "d", 64, 96, 2);
	conv(&net, "x", "a", 64, 80, 2);
	net_node(&net, "Relu", "ra", "a", "b");
	conv(&net, "b", "c", 80, 96, 1);
	if (body_first)
		conv(&net, "x", "d", 64, 96, 2);
	net_node(&net, "Add", "sum", "c d", "e");
	net_node(&net, "Relu", "re", "e", "f");
	conv(&net, "f", "g", 96, 96, 1);
	net_node(&net, "Add", "sum2", "g f", "h");
	net_node(&net, "Relu", "rh", "h", extra ? "i" : "y");
	if (extra)
		net_node(&net, "Add", "sum3", "i c", "y");
	net_output(&net, "y");
	net_parse(&net, &t.graph);
	t.input = input = numbers((size_t)t.batch * 64 * 6 * 10, 7);
	try_engines(&t, extra ? "block, read again" : "block");
	count = count_steps(t.graph, &both);
	if (count >= 0) {
		assert_int_equal(count, want);
		assert_int_equal(both, want_both);
	}
	free(input);
	lu_graph_free(t.graph);
	net_end(&net);
}

static void in_networks(void **state)
{
	(void)state;
	try_block(true, false, 3, 1);
	try_block(false, false, 4, 0);
	try_block(true, true, 4, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_sizes),
		cmocka_unit_test(blocks),
		cmocka_unit_test(ugly_values),
		cmocka_unit_test(in_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
