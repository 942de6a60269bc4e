/*
 * test_join.c: pieces joined and normalised, against the formula; and that networks use it.
 */
#include "nn/kernels/join_fp32.h"
#include "support/guarded.h"

#define TOLERANCE 1e-6

/* Pieces of all widths around registers, pixels around blocks; NaN and infinities stay where they are. */
static void odd_sizes(void **state)
{
	static const int64_t widths[] = {1, 7, 8, 16, 31, 33, 1200};
	static const int64_t pixels[] = {1, 2, 5, 6, 7, 13, 40};

	(void)state;
	for (int pieces = 1; pieces <= 7; pieces++)
		for (int relu = 0; relu < 2; relu++) {
			struct lu_join j = {
				.pixels = pixels[pieces - 1], .pieces = pieces, .widths = widths, .relu = relu};
			float *x[7], *mean, *scale, *shift, *got, *want;
			int64_t first = 0;
			size_t count;

			for (int i = 0; i < pieces; i++) {
				x[i] = numbers((size_t)(j.pixels * widths[i]), (uint64_t)i + 20);
				x[i][0] = (float[]){NAN, INFINITY, -INFINITY, -0.0f}[i % 4];
				j.channels += widths[i];
			}
			count = (size_t)(j.pixels * j.channels);
			j.mean = mean = numbers((size_t)j.channels, 1);
			j.scale = scale = numbers((size_t)j.channels, 2);
			j.shift = shift = numbers((size_t)j.channels, 3);
			got = guarded(count);
			want = guarded(count);
			for (int i = 0; i < pieces; first += widths[i++])
				for (int64_t p = 0; p < j.pixels; p++)
					for (int64_t c = 0; c < widths[i]; c++) {
						double y = ((double)x[i][p * widths[i] + c] - mean[first + c]) *
								   scale[first + c] +
							   shift[first + c];

						want[p * j.channels + first + c] = (float)(relu && y < 0 ? 0 : y);
					}
			lu_join_run(&j, (const float *const *)x, got);
			check_guard(got, count, "join");
			compare(got, want, count, TOLERANCE, "join");
			for (int i = 0; i < pieces; i++)
				free(x[i]);
			free(mean);
			free(scale);
			free(shift);
			free(got);
			free(want);
		}
}

/* A chain of joins, each read by its normalisation and the next join: oneDNN on AVX-512 makes no joined image but normalised. */
static void in_a_network(void **state)
{
	struct lu_session *session;
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;
	int joins;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 16, 9, 9});
	for (int i = 0; i < 3; i++) {
		const int64_t channels = 16 * (i + 2);
		char text[5][64];

		snprintf(text[0], sizeof(text[0]), "w%d", i);
		snprintf(text[1], sizeof(text[1]), i ? "c%d w%d" : "x w%d", i ? i - 1 : i, i);
		snprintf(text[2], sizeof(text[2]), "y%d", i);
		net_random(&net, text[0], 4, (int64_t[]){16, 16, 1, 1}, 1);
		net_node(&net, "Conv", text[2], text[1], text[2]);
		snprintf(text[0], sizeof(text[0]), "j%d", i);
		snprintf(text[1], sizeof(text[1]), i ? "j%d y%d" : "x y%d", i ? i - 1 : i, i);
		node_int(net_node(&net, "Concat", text[0], text[1], text[0]), "axis", 1);
		snprintf(text[2], sizeof(text[2]), "n%d", i);
		net_random(&net, text[2], 1, &channels, 3);
		snprintf(text[1], sizeof(text[1]), "j%d n%d n%d n%d v%d", i, i, i, i, i);
		snprintf(text[3], sizeof(text[3]), "v%d", i);
		snprintf(text[4], sizeof(text[4]), "m%d", i);
		net_random(&net, text[3], 1, &channels, 4);
		for (int64_t c = 0; c < channels; c++)
			((float *)net.tensors[net.graph.n_initializer - 1]->raw_data.data)[c] += 2;
		net_node(&net, "BatchNormalization", text[4], text[1], text[4]);
		snprintf(text[0], sizeof(text[0]), "k%d", i);
		net_random(&net, text[0], 4, (int64_t[]){16, channels, 1, 1}, 5);
		snprintf(text[1], sizeof(text[1]), "m%d k%d", i, i);
		snprintf(text[2], sizeof(text[2]), "c%d", i);
		net_node(&net, "Conv", text[2], text[1], text[2]);
	}
	net_output(&net, "c2");
	net_parse(&net, &graph);
	joins = begin_session(graph, NULL, LU_PRECISION_FP32, 2, "join", &plan, &session);
	assert_true(joins == 0 || joins == 3);
	for (int i = 0; i < plan->n_steps; i++)
		assert_false(joins && strcmp(plan->steps[i].op, "Concat") == 0);
	lu_session_free(session);
	lu_plan_free(plan);
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_sizes),
		cmocka_unit_test(in_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
