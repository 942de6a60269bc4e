/*
 * test_round_weights.c: sums of what layers read, and integers that fit it better than the nearest ones.
 */
#include "base/memory.h"
#include "nn/ops/infer.h"
#include "nn/quantize/layer_inputs.h"
#include "support/net.h"

enum { DEPTH = 6, CHANNELS = 5, ROWS = LU_MOMENTS_ROWS };

/* Rows whose numbers go together: a few hidden ones in several mixtures, and noise. */
static void draw_rows(int16_t *x, int depth, int n, uint64_t seed)
{
	for (int k = 0; k < depth; k++)
		for (int i = 0; i < ROWS; i++)
			x[k * ROWS + i] =
				i >= n ? 0
				       : (int16_t)lrintf(60 + 90 * net_number(seed, (size_t)i) * (float)(k % 3) +
							 60 * net_number(seed + 1, (size_t)i) +
							 20 * net_number(seed + 2 + (uint64_t)k, (size_t)i));
}

/* Mean square of what a channel errs on these rows, after its bias has gained 'gain'. */
static double mean_square(const int16_t *x, int n, const float *w, float step, const int8_t *q, double gain)
{
	double sum = 0;

	for (int i = 0; i < n; i++) {
		double error = -gain;

		for (int k = 0; k < DEPTH; k++)
			error += ((double)w[k] / (double)step - q[k]) * x[k * ROWS + i];
		sum += error * error / n;
	}
	return sum;
}

/* Better than the nearest integers, and near the best of all that are within two steps. */
static void answers_as_before(void **state)
{
	float weights[CHANNELS * DEPTH], steps[CHANNELS];
	int8_t integers[CHANNELS * DEPTH], other[DEPTH];
	double gains[CHANNELS], worst = 0, all = 0;
	int16_t x[DEPTH * ROWS];
	struct lu_error err;
	struct lu_moments m;

	(void)state;
	draw_rows(x, DEPTH, ROWS, 5);
	check_ok(lu_moments_init(&m, DEPTH, &err), err);
	lu_moments_add(&m, x, ROWS);
	for (int bias = 0; bias < 2; bias++) {
		struct lu_rounding rounding = {.channels = CHANNELS,
					       .by_channel = DEPTH,
					       .by_depth = 1,
					       .weights = weights,
					       .steps = steps,
					       .integers = integers,
					       .gains = bias ? gains : NULL};

		for (int i = 0; i < CHANNELS * DEPTH; i++)
			weights[i] = net_number(20, (size_t)i);
		for (int c = 0; c < CHANNELS; c++)
			steps[c] = 0.02f + 0.01f * (float)c;
		check_ok(lu_round_weights(&m, &rounding, &err), err);
		for (int c = 0; c < CHANNELS; c++) {
			const float *w = weights + c * DEPTH;
			double got, nearest, best = INFINITY, mean = 0;

			for (int k = 0; k < DEPTH; k++)
				mean += ((double)w[k] / (double)steps[c] - integers[c * DEPTH + k]) *
					(double)m.sums[k] / (double)m.count;
			if (bias)
				assert_true(fabs(gains[c] - mean) < 1e-9 * (1 + fabs(mean)));
			got = mean_square(x, ROWS, w, steps[c], integers + c * DEPTH, bias ? gains[c] : 0);
			for (int code = 0; code < 15625; code++) { /* 5 choices a weight */
				double off = 0;

				for (int k = 0, rest = code; k < DEPTH; k++, rest /= 5) {
					other[k] = (int8_t)(lrintf(w[k] / steps[c]) + rest % 5 - 2);
					off += ((double)w[k] / (double)steps[c] - other[k]) * (double)m.sums[k] /
					       (double)m.count;
				}
				best = fmin(best, mean_square(x, ROWS, w, steps[c], other, bias ? off : 0));
			}
			for (int k = 0; k < DEPTH; k++)
				other[k] = (int8_t)lrintf(w[k] / steps[c]);
			nearest = mean_square(x, ROWS, w, steps[c], other, 0);
			assert_true(got <= nearest * 1.0001);
			assert_true(got >= best * 0.9999);
			worst = fmax(worst, got / nearest);
			all += got / nearest / (2 * CHANNELS);
		}
	}
	if (all > 0.5)
		fail_msg("the error is %g of that of the nearest integers (worst %g)", all, worst);
	lu_moments_release(&m);
}

/* Weights of independent inputs, of none seen and of inputs too deep go to the nearest; what is out of range is cut. */
static void leaves_the_nearest(void **state)
{
	enum { DEEP = LU_MOMENTS_DEEPEST + 1 };
	static int16_t x[DEEP * ROWS];
	static float weights[DEEP];
	static int8_t integers[DEEP];
	const float step = 1;
	const int64_t depths[] = {4, 4, DEEP};

	(void)state;
	for (int i = 0; i < DEEP; i++)
		weights[i] = 140 * net_number(3, (size_t)i);
	weights[0] = 1000;
	weights[1] = -1000;
	for (int t = 0; t < 3; t++) {
		struct lu_moments m;
		struct lu_error err;

		check_ok(lu_moments_init(&m, depths[t], &err), err);
		memset(x, 0, sizeof(x));
		for (int k = 0; k < 4; k++) /* one at a time */
			x[k * ROWS + k] = 200;
		if (t != 1)
			lu_moments_add(&m, x, 4);
		check_ok(lu_round_weights(&m,
					  &(struct lu_rounding){.channels = 1,
								.by_depth = 1,
								.weights = weights,
								.steps = &step,
								.integers = integers},
					  &err),
			 err);
		for (int64_t k = 0; k < depths[t]; k++)
			assert_int_equal(integers[k], (int)fmaxf(-127, fminf(127, rintf(weights[k]))));
		lu_moments_release(&m);
	}
}

/* What a convolution's weights meet, by the convolution's own words: every position of a small image. */
static void sees_what_weights_meet(void **state)
{
	enum { GROUPS = 2, IN = 3, SIZE = 7, KERNEL = 3, OUT = 3, DEEP = IN * KERNEL * KERNEL };
	float image[GROUPS * IN * SIZE * SIZE];
	struct lu_layer_inputs inputs;
	const struct lu_node *conv;
	struct lu_graph *graph;
	struct lu_error err;
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, GROUPS * IN, SIZE, SIZE});
	net_random(&net, "w", 4, (int64_t[]){4, IN, KERNEL, KERNEL}, 1);
	conv = NULL;
	node_int(node_ints(node_ints(node_ints(net_node(&net, "Conv", "c", "x w", "y"), "pads", 4,
					       (int64_t[]){1, 2, 2, 1}),
				     "strides", 2, (int64_t[]){2, 3}),
			   "dilations", 2, (int64_t[]){2, 1}),
		 "group", GROUPS);
	net_output(&net, "y");
	net_parse(&net, &graph);
	check_ok(lu_graph_infer(graph, &err), err);
	for (int i = 0; i < graph->n_nodes; i++)
		conv = lu_node_is(&graph->nodes[i], "Conv") ? &graph->nodes[i] : conv;
	check_ok(lu_layer_inputs_init(graph, conv, &inputs, &err), err);
	for (size_t i = 0; i < sizeof(image) / sizeof(image[0]); i++)
		image[i] = net_number(9, i);
	for (int chip = 0; chip < 2; chip++)
		lu_layer_inputs_see(&inputs, image, 0.01f, -70, 60);
	for (int g = 0; g < GROUPS; g++) {
		const struct lu_moments *m = &inputs.moments[g];

		assert_int_equal(m->depth, DEEP);
		assert_int_equal(m->count, 2 * OUT * OUT);
		for (int a = 0; a < DEEP; a++)
			for (int b = 0; b <= a; b++) {
				int64_t sum = 0, product = 0;

				for (int at = 0; at < OUT * OUT; at++) {
					int64_t q[2];

					for (int t = 0; t < 2; t++) {
						int k = t ? b : a, c = g * IN + k / 9,
						    y = at / OUT * 2 - 1 + k / 3 % 3 * 2,
						    column = at % OUT * 3 - 2 + k % 3;
						bool inside = y >= 0 && y < SIZE && column >= 0 && column < SIZE;

						q[t] = !inside ? 0
							       : lrintf(image[(c * SIZE + y) * SIZE + column] / 0.01f);
						q[t] = q[t] < -70 ? -70 : q[t] > 60 ? 60 : q[t];
					}
					sum += 2 * q[0];
					product += 2 * q[0] * q[1];
				}
				assert_int_equal(m->sums[a], sum);
				assert_int_equal(m->products[a * DEEP + b], product);
			}
	}
	lu_layer_inputs_release(&inputs);
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_before),
		cmocka_unit_test(leaves_the_nearest),
		cmocka_unit_test(sees_what_weights_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
