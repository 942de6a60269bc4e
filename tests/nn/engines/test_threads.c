/*
 * test_threads.c: one plan, many threads: the same bits on every engine in every precision, and nothing shared is written.
 *
 * Run it under ThreadSanitizer (-DLANDUSE_SANITIZE=thread) to see the second half.
 */
#include <pthread.h>

#include "support/net.h"

#define THREADS 4
#define RUNS 8
#define BATCH 3
#define CHIP (3 * 16 * 16)
#define CLASSES 5

struct worker {
	const struct lu_plan *plan;
	const float *input;
	float output[RUNS][BATCH * CLASSES];
	enum lu_status status;
};

static void *work(void *argument)
{
	struct worker *w = argument;
	struct lu_session *session;
	struct lu_error err = {0};

	w->status = lu_session_new(w->plan, &session, &err);
	for (int i = 0; i < RUNS && w->status == LU_OK; i++)
		w->status = lu_session_run(session, BATCH, w->input, w->output[i], &err);
	lu_session_free(session);
	return NULL;
}

/* All threads at once, each with a session of its own: the same bits. */
static void run_workers(const struct lu_plan *plan, const float *input)
{
	static struct worker workers[THREADS];
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		workers[i].plan = plan;
		workers[i].input = input;
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(workers[i].status, LU_OK);
		for (int j = 0; j < RUNS; j++)
			assert_memory_equal(workers[i].output[j], workers[0].output[0], sizeof(workers[0].output[0]));
	}
}

static void one_plan_serves_all(void **state)
{
	static float input[BATCH * CHIP];
	static const enum lu_precision precisions[] = {LU_PRECISION_FP32, LU_PRECISION_BF16, LU_PRECISION_FP16};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 16, 16});
	net_random(&net, "w1", 4, (int64_t[]){16, 3, 3, 3}, 1);
	net_random(&net, "w2", 4, (int64_t[]){16, 1, 3, 3}, 2);
	net_random(&net, "w3", 4, (int64_t[]){32, 16, 3, 3}, 4);
	net_random(&net, "fc", 2, (int64_t[]){CLASSES, 32}, 3);
	node_ints(net_node(&net, "Conv", "c1", "x w1", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Relu", "r", "a", "b");
	node_ints(node_int(net_node(&net, "Conv", "c2", "b w2", "c"), "group", 16), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(&net, "Add", "res", "b c", "d");
	net_node(&net, "Conv", "c3", "d w3", "h");
	net_node(&net, "GlobalAveragePool", "gap", "h", "e");
	net_node(&net, "Flatten", "flat", "e", "f");
	node_int(net_node(&net, "Gemm", "fc", "f fc", "g"), "transB", 1);
	net_node(&net, "Softmax", "top", "g", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	for (size_t i = 0; i < BATCH * CHIP; i++)
		input[i] = net_number(5, i);
	for (const char *const *engine = lu_engine_names(); *engine; engine++)
		for (size_t i = 0; i < sizeof(precisions) / sizeof(precisions[0]); i++) {
			struct lu_plan_options options = {
				.engine = *engine, .precision = precisions[i], .batch = BATCH};
			enum lu_status status = lu_plan_build(graph, &options, &plan, &err);

			if (status == LU_ERROR_UNSUPPORTED && precisions[i] != LU_PRECISION_FP32)
				continue;
			check_ok(status, err);
			run_workers(plan, input);
			lu_plan_free(plan);
		}
	lu_graph_free(graph);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_plan_serves_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
