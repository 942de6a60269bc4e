/*
 * test_pixels.c: chips as bytes give what the same chips as numbers give.
 */
#include "support/guarded.h"

#define BATCH 3

/* A first layer, and what follows it. */
struct image_case {
	int64_t channels, size, outputs, kernel, stride, pad;
	float scale, offset; /* of the first channel; the others' grow */
	bool shared; /* the image has another reader */
};

static void make_scaling(const struct image_case *c, float *scale, float *offset)
{
	for (int64_t i = 0; i < c->channels; i++) {
		scale[i] = c->scale * (1 + 0.1f * (float)i);
		offset[i] = c->offset * (1 + 0.05f * (float)i);
	}
}

static void make_net(const struct image_case *c, struct net *net)
{
	net_begin(net, 13);
	net_input(net, "x", FLOAT, 4, (int64_t[]){1, c->channels, c->size, c->size});
	net_random(net, "w", 4, (int64_t[]){c->outputs, c->channels, c->kernel, c->kernel}, 1);
	net_random(net, "b", 1, &c->outputs, 2);
	struct net_node conv = net_node(net, "Conv", "conv", "x w b", "y");
	node_ints(conv, "pads", 4, (int64_t[]){c->pad, c->pad, c->pad, c->pad});
	node_ints(conv, "strides", 2, (int64_t[]){c->stride, c->stride});
	net_node(net, "Relu", "relu", "y", "z");
	net_output(net, "z");
	if (c->shared) {
		/* Added to the result's mean, so that nobody can do without the image's numbers. */
		net->graph.n_output = 0;
		net_node(net, "GlobalAveragePool", "mean", "z", "m");
		net_node(net, "GlobalMaxPool", "most", "x", "h");
		net_random(net, "mix", 4, (int64_t[]){c->outputs, c->channels, 1, 1}, 3);
		net_node(net, "Conv", "spread", "h mix", "s");
		net_node(net, "Add", "sum", "m s", "out");
		net_output(net, "out");
	}
}

static void run_plan(const struct lu_graph *graph, const struct lu_plan_options *options, const void *chips, int n,
		     float *out)
{
	struct lu_session *session;
	struct lu_error err = {0};
	struct lu_plan *plan;

	check_ok(lu_plan_build(graph, options, &plan, &err), err);
	check_ok(lu_session_new(plan, &session, &err), err);
	check_ok(lu_session_run(session, n, chips, out, &err), err);
	lu_session_free(session);
	lu_plan_free(plan);
}

/* Bytes against the numbers they stand for, in one precision on one engine. 'tolerance' 0: the same bits. */
static void try_case(const struct image_case *c, const char *engine, enum lu_precision precision, double tolerance)
{
	struct lu_plan_options numbers = {.engine = engine, .precision = LU_PRECISION_FP32, .batch = BATCH}, bytes;
	int64_t plane = c->size * c->size, chip = c->channels * plane;
	float scale[8], offset[8], *x = malloc((size_t)(BATCH * chip) * sizeof(*x)), *want, *got, *part;
	uint8_t *pixels = malloc((size_t)(BATCH * chip));
	struct lu_plan_facts facts;
	struct lu_graph *graph;
	struct lu_error err = {0};
	struct lu_plan *plan;
	struct net net;
	char what[120];

	make_scaling(c, scale, offset);
	for (int64_t i = 0; i < BATCH * chip; i++) {
		/* Bright and dark chips, with 0 and 255 among the pixels. */
		double pixel = 128 + 160 * net_number(7, (uint64_t)i) + 30 * (double)(i / chip - 1);

		pixels[i] = (uint8_t)fmin(255, fmax(0, pixel));
		x[i] = (float)pixels[i] * scale[i / plane % c->channels] + offset[i / plane % c->channels];
	}
	make_net(c, &net);
	net_parse(&net, &graph);
	assert_int_equal(lu_graph_channels(graph), c->channels);
	bytes = numbers;
	bytes.precision = precision;
	bytes.scale = scale;
	bytes.offset = offset;
	enum lu_status status = lu_plan_build(graph, &bytes, &plan, &err);
	if (status == LU_ERROR_UNSUPPORTED && precision != LU_PRECISION_FP32) /* not on this engine or processor */
		goto out;
	check_ok(status, err);
	lu_plan_facts(plan, &facts);
	lu_plan_free(plan);
	want = malloc(BATCH * facts.outputs * sizeof(*want));
	got = malloc(BATCH * facts.outputs * sizeof(*got));
	part = malloc(BATCH * facts.outputs * sizeof(*part));
	run_plan(graph, &numbers, x, BATCH, want);
	run_plan(graph, &bytes, pixels, BATCH, got);
	snprintf(what, sizeof(what), "%d channels, kernel %d, offset %g on %s in %s", (int)c->channels, (int)c->kernel,
		 (double)c->offset, engine, lu_choice_word(LU_CHOICE_PRECISION, precision));
	if (tolerance == 0)
		assert_memory_equal(got, want, BATCH * facts.outputs * sizeof(*got));
	else
		compare(got, want, BATCH * facts.outputs, tolerance, what);
	/* A short batch, a chip at another place: the same bits. */
	run_plan(graph, &bytes, pixels + chip, BATCH - 1, part);
	assert_memory_equal(part, got + facts.outputs, (BATCH - 1) * facts.outputs * sizeof(*part));
	free(want);
	free(got);
	free(part);
out:
	lu_graph_free(graph);
	net_end(&net);
	free(pixels);
	free(x);
}

static const struct image_case cases[] = {
	{3, 224, 16, 3, 2, 1, 1 / 127.5f, -1, false}, {3, 37, 64, 7, 2, 3, 1 / 58.4f, -2.1f, false},
	{3, 32, 16, 3, 1, 1, 1 / 255.0f, 0, false},   {4, 21, 24, 5, 2, 2, 1 / 60.0f, -1.8f, false},
	{1, 19, 7, 3, 1, 0, 1 / 127.5f, -1, false},   {5, 16, 8, 2, 2, 0, 1 / 255.0f, -0.4f, false},
	{3, 30, 12, 3, 1, 1, 1 / 127.5f, -1, true},
};

static void bytes_are_their_numbers(void **state)
{
	(void)state;
	for (const char *const *engine = lu_engine_names(); *engine; engine++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			try_case(&cases[i], *engine, LU_PRECISION_FP32, 0);
}

/* bf16 rounds the weights to 8 bits, errors of 2^-9 each, and the result; the pixels it keeps. */
static void bytes_in_bf16(void **state)
{
	(void)state;
	for (const char *const *engine = lu_engine_names(); *engine; engine++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			try_case(&cases[i], *engine, LU_PRECISION_BF16, 0.006);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_their_numbers),
		cmocka_unit_test(bytes_in_bf16),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
