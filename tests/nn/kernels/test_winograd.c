/*
 * test_winograd.c: the Winograd convolution against its reference, against the sum it stands for, and in networks.
 */
#include "nn/kernels/winograd_fp16.h"
#include "support/guarded.h"

#include <float.h>

/* Of the largest result. */
#define BY_ROUNDING 1e-5 /* kernel and reference: the same sums in another order */
#define BY_METHOD 2e-5 /* either and the sum itself */
/*
 * fp16 and the sum itself. They err by 3e-3 of the results' root mean square (nn/kernels/winograd_fp16.h), the worst of thousands by
 * five times as much; clips leave numbers smaller than that.
 */
#define BY_FP16 3e-2

/* The convolution as it is defined, in double. 'spoilt' tells results that depend on a number beyond 'most'. */
static void sum_up(const struct lu_winograd *c, float most, const float *x, const float *w, const float *bias,
		   const float *shortcut, float *y, bool *spoilt)
{
	int64_t area = c->out_height * c->out_width;

	for (int64_t at = 0; at < c->chips * area * c->out_channels; at++) {
		int64_t o = at % c->out_channels, pixel = at / c->out_channels % area;
		const float *chip = x + at / (c->out_channels * area) * c->in_height * c->in_width * c->in_channels;
		double sum = (double)bias[o] + (shortcut ? shortcut[at] : 0);

		spoilt[at] = false;
		for (int64_t tap = 0; tap < 9; tap++) {
			int64_t row = pixel / c->out_width - c->top + tap / 3;
			int64_t column = pixel % c->out_width - c->left + tap % 3;

			if (row < 0 || row >= c->in_height || column < 0 || column >= c->in_width)
				continue;
			for (int64_t k = 0; k < c->in_channels; k++) {
				float number = chip[(row * c->in_width + column) * c->in_channels + k];

				spoilt[at] |= !(fabsf(number) <= most);
				sum += (double)number * w[(o * c->in_channels + k) * 9 + tap];
			}
		}
		y[at] = (float)(sum < c->clip.low ? c->clip.low : sum > c->clip.high ? c->clip.high : sum);
	}
}

/* A kernel and its reference; sizes in bytes. */
struct way {
	const char *name;
	lu_winograd_run *reference, *(*kernel)(void);
	size_t (*weights)(const struct lu_winograd *c);
	size_t (*scratch)(const struct lu_winograd *c);
	void (*pack)(const struct lu_winograd *c, const float *weights, const float *bias, void *packed);
	double by_rounding, by_method;
	float most; /* what is larger is infinite */
};

static const struct way floats = {
	"floats",
	lu_winograd_reference,
	lu_winograd_kernel,
	lu_winograd_weights,
	lu_winograd_scratch,
	lu_winograd_pack,
	BY_ROUNDING,
	BY_METHOD,
	FLT_MAX,
};
/* Kernel and reference round at the same places. */
static const struct way fp16 = {
	"fp16",
	lu_winograd_fp16_reference,
	lu_winograd_fp16_kernel,
	lu_winograd_fp16_weights,
	lu_winograd_fp16_scratch,
	lu_winograd_fp16_pack,
	0,
	BY_FP16,
	65504,
};

/* The ways that this processor can try. */
static int count_ways(void)
{
	return lu_winograd_fp16_kernel() ? 2 : 1;
}
static const struct way *const ways[] = {&floats, &fp16};

/* A convolution, its data and its results. */
struct trial {
	const struct way *way;
	struct lu_winograd c;
	size_t in, out, scratch; /* of a chip; of a run */
	float *w, *bias, *x, *shortcut, *packed, *want, *got, *work;
	bool *spoilt;
	char what[200];
};

static void begin(struct trial *t, const struct way *way, struct lu_winograd c, bool shortcut)
{
	size_t chips = (size_t)c.chips, weights = way->weights(&c) / sizeof(float);

	t->way = way;
	t->in = (size_t)(c.in_height * c.in_width * c.in_channels);
	t->out = (size_t)(c.out_height * c.out_width * c.out_channels);
	t->scratch = way->scratch(&c) / sizeof(float);
	t->w = numbers((size_t)(c.in_channels * c.out_channels * 9), 1);
	t->bias = numbers((size_t)c.out_channels, 2);
	t->x = numbers(chips * t->in, 3);
	t->shortcut = shortcut ? numbers(chips * t->out, 4) : NULL;
	t->packed = guarded(weights);
	t->want = guarded(chips * t->out);
	t->got = guarded(chips * t->out);
	t->work = guarded(t->scratch);
	t->spoilt = calloc(chips * t->out, sizeof(*t->spoilt));
	assert_non_null(t->spoilt);
	snprintf(t->what, sizeof(t->what), "%s: %lld x %lldx%lldx%lld -> %lldx%lldx%lld, zeros %lld %lld%s", way->name,
		 (long long)c.chips, (long long)c.in_height, (long long)c.in_width, (long long)c.in_channels,
		 (long long)c.out_height, (long long)c.out_width, (long long)c.out_channels, (long long)c.top,
		 (long long)c.left, shortcut ? ", shortcut" : "");
	way->pack(&c, t->w, t->bias, t->packed);
	check_guard(t->packed, weights, t->what);
	c.weights = t->packed;
	t->c = c;
}

static void finish(struct trial *t)
{
	free(t->w);
	free(t->bias);
	free(t->x);
	free(t->shortcut);
	free(t->packed);
	free(t->want);
	free(t->got);
	free(t->work);
	free(t->spoilt);
}

/* Each chip alone, and the shortcut as the place of the result. */
static void try_alone(struct trial *t)
{
	struct lu_winograd c = t->c;
	float *alone = guarded(t->out);

	c.chips = 1;
	for (size_t i = 0; i < (size_t)t->c.chips; i++) {
		if (t->shortcut)
			memcpy(alone, t->shortcut + i * t->out, t->out * sizeof(*alone));
		t->way->kernel()(&c, t->x + i * t->in, t->shortcut ? alone : NULL, alone, t->work);
		check_guard(alone, t->out, t->what);
		if (memcmp(alone, t->got + i * t->out, t->out * sizeof(*alone)) != 0)
			fail_msg("%s: chip %zu alone has other bits", t->what, i);
	}
	free(alone);
}

static void try_way(const struct way *way, struct lu_winograd c, bool shortcut)
{
	size_t count;
	struct trial t;

	begin(&t, way, c, shortcut);
	count = (size_t)c.chips * t.out;
	sum_up(&t.c, way->most, t.x, t.w, t.bias, t.shortcut, t.want, t.spoilt);
	way->reference(&t.c, t.x, t.shortcut, t.got, t.work);
	check_guard(t.got, count, t.what);
	check_guard(t.work, t.scratch, t.what);
	compare(t.got, t.want, count, way->by_method, t.what);
	memcpy(t.want, t.got, count * sizeof(*t.want));
	if (way->kernel()) {
		way->kernel()(&t.c, t.x, t.shortcut, t.got, t.work);
		check_guard(t.got, count, t.what);
		check_guard(t.work, t.scratch, t.what);
		compare(t.got, t.want, count, way->by_rounding, t.what);
		try_alone(&t);
	}
	finish(&t);
}

static void try_case(struct lu_winograd c, bool shortcut)
{
	for (int i = 0; i < count_ways(); i++)
		try_way(ways[i], c, shortcut);
}

/* Sizes around the tiles of 4 and their groups of 14, padding of all kinds, whole and half registers of outputs. */
static void odd_sizes(void **state)
{
	static const int64_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 13, 16};
	static const struct lu_clip_range clips[] = {{-INFINITY, INFINITY}, {0, INFINITY}, {-4, 6}};
	int at = 0;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		for (int64_t pads = 0; pads < 9; pads++, at++) {
			struct lu_winograd c = {.chips = 1 + at % 3,
						.in_height = sizes[(i + (size_t)pads) % 9],
						.in_width = sizes[i],
						.in_channels = 16 * (1 + at % 3),
						.out_channels = 16 * (1 + at % 4),
						.top = pads % 3,
						.left = pads / 3,
						.clip = clips[at % 3]};

			/* The lower and the right zeros are what is left of 0 to 2. */
			c.out_height = c.in_height + c.top + at % 3 - 2;
			c.out_width = c.in_width + c.left + at % 2 - 2;
			if (c.out_height > 0 && c.out_width > 0)
				try_case(c, at % 2);
		}
}

/* Weights that do not stay in the cache, and more tiles than one block of them holds. */
static void many_channels(void **state)
{
	struct lu_winograd c = {.chips = 3,
				.in_height = 28,
				.in_width = 26,
				.in_channels = 96,
				.out_height = 28,
				.out_width = 26,
				.out_channels = 96,
				.top = 1,
				.left = 1,
				.clip = {0, INFINITY}};

	(void)state;
	try_case(c, true);
}

/* A number that is not finite spoils what depends on it, whole tiles at most; small and negative zeros are numbers. */
static void try_ugly(const struct way *way, const float ugly[8])
{
	const struct lu_winograd c = {.chips = 2,
				      .in_height = 18,
				      .in_width = 17,
				      .in_channels = 16,
				      .out_height = 18,
				      .out_width = 17,
				      .out_channels = 32,
				      .top = 1,
				      .left = 1,
				      .clip = {-INFINITY, INFINITY}};
	double scale = 0;
	size_t far = 0;
	struct trial t;

	begin(&t, way, c, false);
	for (size_t i = 0; i < 8; i++)
		t.x[i * 16 * 47 + i] = ugly[i];
	sum_up(&t.c, way->most, t.x, t.w, t.bias, NULL, t.want, t.spoilt);
	for (size_t i = 0; i < 2 * t.out; i++)
		scale = t.spoilt[i] ? scale : fmax(scale, fabs(t.want[i]));
	for (int kernel = 0; kernel < (way->kernel() ? 2 : 1); kernel++) {
		(kernel ? way->kernel() : way->reference)(&t.c, t.x, NULL, t.got, t.work);
		for (size_t i = 0; i < 2 * t.out; i++) {
			size_t row = i / 32 / 17 % 18 / 4 * 4, column = i / 32 % 17 / 4 * 4;
			bool spoilt_tile = false;

			for (size_t r = row; r < row + 4 && r < 18; r++)
				for (size_t s = column; s < column + 4 && s < 17; s++)
					spoilt_tile |= t.spoilt[((i / t.out * 18 + r) * 17 + s) * 32 + i % 32];
			far += !spoilt_tile;
			if (t.spoilt[i] ? isfinite(t.got[i])
					: !spoilt_tile && fabs((double)t.got[i] - t.want[i]) > way->by_method * scale)
				fail_msg("%s: element %zu is %g, expected %g", t.what, i, (double)t.got[i],
					 (double)t.want[i]);
		}
	}
	assert_true(far > t.out);
	finish(&t);
}

static void ugly_values(void **state)
{
	static const float ugly[] = {NAN, INFINITY, -INFINITY, 1e-42f, -0.0f, 1e-38f, 1e-7f, -6e-5f};
	static const float large[] = {65520, -1e6f, 1e38f, 1e-42f, -0.0f, 1e-38f, 65536, -6e-8f};

	(void)state;
	try_ugly(&floats, ugly);
	for (int i = 1; i < count_ways(); i++) {
		try_ugly(ways[i], ugly);
		try_ugly(ways[i], large);
	}
}

enum { SIZE = 14, BATCH = 5, OUT = 16 * SIZE * SIZE };

/* A batch, and each chip by a plan for one, which must have the same bits. */
static void try_network(const struct lu_graph *graph, const char *engine, enum lu_precision precision,
			const char *kernel, double tolerance, const float *input)
{
	float *got = guarded(BATCH * OUT), *alone = guarded(OUT);
	struct lu_session *session;
	struct lu_error err = {0};
	struct lu_plan *plan;
	int ours = begin_session(graph, engine, precision, BATCH, kernel, &plan, &session);

	assert_true(precision == LU_PRECISION_FP16 ? ours == 3 : ours == 0 || ours == 3);
	check_ok(lu_session_run(session, BATCH, input, got, &err), err);
	lu_session_free(session);
	lu_plan_free(plan);
	begin_session(graph, engine, precision, 1, kernel, &plan, &session);
	for (int i = 0; i < BATCH; i++) {
		compare_chip(graph, input + i * 3 * SIZE * SIZE, got + i * OUT, OUT, tolerance, kernel);
		check_ok(lu_session_run(session, 1, input + i * 3 * SIZE * SIZE, alone, &err), err);
		if (ours)
			assert_memory_equal(alone, got + i * OUT, OUT * sizeof(*alone));
	}
	lu_session_free(session);
	lu_plan_free(plan);
	free(got);
	free(alone);
}

/* Convolutions with and without activation and shortcut, behind one of three channels that is left to others. */
static void in_a_network(void **state)
{
	struct lu_graph *graph;
	struct net net;
	float *input = numbers(BATCH * 3 * SIZE * SIZE, 7);

	(void)state;
	net_begin(&net, 11);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, SIZE, SIZE});
	net_random(&net, "w0", 4, (int64_t[]){16, 3, 3, 3}, 1);
	net_random(&net, "w1", 4, (int64_t[]){48, 16, 3, 3}, 2);
	net_random(&net, "b1", 1, (int64_t[]){48}, 3);
	net_random(&net, "w2", 4, (int64_t[]){16, 48, 3, 3}, 4);
	net_random(&net, "w3", 4, (int64_t[]){16, 16, 3, 3}, 5);
	node_ints(net_node(&net, "Conv", "c0", "x w0", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	node_ints(net_node(&net, "Conv", "c1", "a w1 b1", "b"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Relu", "r1", "b", "c");
	node_ints(net_node(&net, "Conv", "c2", "c w2", "d"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Add", "a2", "d a", "e");
	net_node(&net, "Relu", "r2", "e", "f");
	node_ints(net_node(&net, "Conv", "c3", "f w3", "y"), "pads", 4, (int64_t[]){2, 0, 0, 2});
	net_output(&net, "y");
	net_parse(&net, &graph);
	for (const char *const *engine = lu_engine_names(); *engine; engine++)
		try_network(graph, *engine, LU_PRECISION_FP32, "winograd:avx512", BY_METHOD, input);
	if (has_fp16(graph))
		try_network(graph, NULL, LU_PRECISION_FP16, "winograd:avx512_fp16", BY_FP16, input);
	lu_graph_free(graph);
	net_end(&net);
	free(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_sizes),
		cmocka_unit_test(many_channels),
		cmocka_unit_test(ugly_values),
		cmocka_unit_test(in_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
