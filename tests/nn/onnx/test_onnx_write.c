/* test_onnx_write.c: cut a network, put a head on it, and run what comes out. */
#include "nn/onnx_head.h"

#include "base/file.h"
#include "base/memory.h"
#include "nn/nn.h"
#include "support/net.h"

enum { PX = 6, CHANNELS = 2, FEATURES = 4, CLASSES = 3 };

static char folder[64], path[128];

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/net.onnx", folder);
	return 0;
}

/* Conv, Relu, pooling, then the classifier that a head is to replace. */
static void write_net(int opset)
{
	struct net net;
	struct lu_error err = {0};
	size_t size;

	net_begin(&net, opset);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, CHANNELS, PX, PX});
	net_random(&net, "w", 4, (int64_t[]){FEATURES, CHANNELS, 3, 3}, 1);
	net_random(&net, "old_w", 2, (int64_t[]){5, FEATURES}, 2);
	net_random(&net, "old_b", 1, (int64_t[]){5}, 3);
	net_node(&net, "Conv", "conv1", "x w", "conv_out");
	net_node(&net, "Relu", "relu1", "conv_out", "relu_out");
	net_node(&net, "GlobalAveragePool", "pool1", "relu_out", "pooled");
	net_node(&net, "Flatten", "flatten1", "pooled", "flat");
	node_int(net_node(&net, "Gemm", "gemm1", "flat old_w old_b", "old_logits"), "transB", 1);
	node_int(net_node(&net, "Softmax", "softmax1", "old_logits", "probabilities"), "axis", 1);
	net_output(&net, "probabilities");
	uint8_t *bytes = net_pack(&net, &size);
	check_ok(lu_file_write(path, bytes, size, &err), err);
	free(bytes);
	net_end(&net);
}

static void run(const struct lu_onnx *onnx, size_t outputs, float *out)
{
	struct lu_error err = {0};
	const struct lu_plan_options options = {.engine = "blas", .batch = 1};
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct lu_session *session;
	struct lu_plan_facts facts;
	float input[CHANNELS * PX * PX];
	char *bytes;
	size_t size;

	for (size_t i = 0; i < CHANNELS * PX * PX; i++)
		input[i] = net_number(9, i);
	check_ok(lu_onnx_pack(onnx, &bytes, &size, &err), err);
	check_ok(lu_graph_parse(bytes, size, "changed.onnx", &graph, &err), err);
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	assert_int_equal(facts.outputs, outputs);
	check_ok(lu_session_new(plan, &session, &err), err);
	check_ok(lu_session_run(session, 1, input, out, &err), err);
	lu_session_free(session);
	lu_plan_free(plan);
	lu_graph_free(graph);
	lu_free(bytes);
}

static void heads_give_what_is_worked_out(void **state)
{
	(void)state;
	static const int opsets[] = {9, 13};
	struct lu_onnx *onnx;
	struct lu_error err = {0};
	float features[FEATURES], weights[CLASSES * FEATURES], bias[CLASSES], got[CLASSES], wanted[CLASSES], sum = 0;

	for (size_t i = 0; i < CLASSES * FEATURES; i++)
		weights[i] = net_number(4, i);
	for (size_t k = 0; k < CLASSES; k++)
		bias[k] = net_number(5, k);
	for (size_t o = 0; o < sizeof(opsets) / sizeof(opsets[0]); o++) {
		write_net(opsets[o]);
		check_ok(lu_onnx_open(path, &onnx, &err), err);
		/* Left to itself the cut finds what the classifier is made of. */
		check_ok(lu_onnx_cut(onnx, NULL, &err), err);
		assert_string_equal(lu_onnx_output(onnx), "flat");
		run(onnx, FEATURES, features);
		check_ok(lu_onnx_append_softmax_regression(onnx, weights, bias, FEATURES, CLASSES, &err), err);
		check_ok(lu_onnx_annotate(onnx, "landuse:name", "first", &err), err);
		check_ok(lu_onnx_annotate(onnx, "landuse:name", "test", &err), err);
		assert_string_equal(lu_onnx_output(onnx), "probabilities");
		run(onnx, CLASSES, got);
		lu_onnx_close(onnx);
		sum = 0;
		for (size_t k = 0; k < CLASSES; k++) {
			float logit = bias[k];
			for (size_t f = 0; f < FEATURES; f++)
				logit += weights[k * FEATURES + f] * features[f];
			sum += wanted[k] = expf(logit);
		}
		for (size_t k = 0; k < CLASSES; k++)
			assert_float_equal(got[k], wanted[k] / sum, 1e-6);
	}
}

static void any_tensor_may_be_the_layer(void **state)
{
	(void)state;
	struct lu_onnx *onnx;
	struct lu_error err = {0};
	float map[FEATURES * 16], pooled[FEATURES];
	char *bytes;
	size_t whole, cut;

	write_net(13);
	check_ok(lu_onnx_open(path, &onnx, &err), err);
	check_ok(lu_onnx_pack(onnx, &bytes, &whole, &err), err);
	lu_free(bytes);
	check_ok(lu_onnx_cut(onnx, "pooled", &err), err);
	run(onnx, FEATURES, pooled);
	check_ok(lu_onnx_pack(onnx, &bytes, &cut, &err), err);
	lu_free(bytes);
	assert_true(cut < whole); /* the old classifier's weights are gone */
	check_ok(lu_onnx_cut(onnx, "relu_out", &err), err);
	run(onnx, FEATURES * 16, map);
	float mean = 0;
	for (int i = 0; i < 16; i++)
		mean += map[i] / 16;
	assert_float_equal(mean, pooled[0], 1e-6);
	/* What was cut off is there no more. */
	check_fails(lu_onnx_cut(onnx, "flat", &err), LU_ERROR_ARGUMENT, err, "no layer 'flat'");
	lu_onnx_close(onnx);
}

static void a_head_on_a_head_finds_free_names(void **state)
{
	(void)state;
	const float weights[CLASSES * CLASSES] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, bias[CLASSES] = {0};
	const float first[CLASSES * FEATURES] = {0.5f, 1, -1, 2, 1};
	struct lu_onnx *onnx;
	struct lu_error err = {0};
	float got[CLASSES];

	write_net(13);
	check_ok(lu_onnx_open(path, &onnx, &err), err);
	check_ok(lu_onnx_cut(onnx, NULL, &err), err);
	check_ok(lu_onnx_append_softmax_regression(onnx, first, bias, FEATURES, CLASSES, &err), err);
	check_ok(lu_onnx_append_softmax_regression(onnx, weights, bias, CLASSES, CLASSES, &err), err);
	assert_string_equal(lu_onnx_output(onnx), "probabilities_2");
	run(onnx, CLASSES, got);
	assert_float_equal(got[0] + got[1] + got[2], 1, 1e-5);
	lu_onnx_close(onnx);
}

static void trees_add_their_leaves(void **state)
{
	(void)state;
	/* x[1] < 0.25: class 0 gets 2, else class 2 gets 1. And a lone leaf: class 1, 0.5. */
	const struct lu_tree_node nodes[] = {{.tree = 0, .id = 0, .feature = 1, .threshold = 0.25f, .yes = 1, .no = 2},
					     {.tree = 0, .id = 1, .feature = LU_TREE_LEAF, .class = 0, .weight = 2},
					     {.tree = 0, .id = 2, .feature = LU_TREE_LEAF, .class = 2, .weight = 1},
					     {.tree = 1, .id = 0, .feature = LU_TREE_LEAF, .class = 1, .weight = 0.5f}};
	struct lu_onnx *onnx;
	struct lu_error err = {0};
	float features[FEATURES], got[CLASSES], wanted[CLASSES] = {0, 0.5f, 0}, sum = 0;

	write_net(13);
	check_ok(lu_onnx_open(path, &onnx, &err), err);
	check_ok(lu_onnx_cut(onnx, NULL, &err), err);
	run(onnx, FEATURES, features);
	check_ok(lu_onnx_append_trees(onnx, nodes, 4, CLASSES, &err), err);
	run(onnx, CLASSES, got);
	lu_onnx_close(onnx);
	wanted[features[1] < 0.25f ? 0 : 2] += features[1] < 0.25f ? 2 : 1;
	for (size_t k = 0; k < CLASSES; k++)
		sum += expf(wanted[k]);
	for (size_t k = 0; k < CLASSES; k++)
		assert_float_equal(got[k], expf(wanted[k]) / sum, 1e-6);

	/* Leaves in an order that cannot be searched by halves answer the same. */
	const struct lu_tree_node turned[] = {nodes[3], nodes[0], nodes[2], nodes[1]};
	float again[CLASSES];
	write_net(13);
	check_ok(lu_onnx_open(path, &onnx, &err), err);
	check_ok(lu_onnx_cut(onnx, NULL, &err), err);
	check_ok(lu_onnx_append_trees(onnx, turned, 4, CLASSES, &err), err);
	run(onnx, CLASSES, again);
	lu_onnx_close(onnx);
	assert_memory_equal(got, again, sizeof(got));
}

static void wrong_layers_and_files(void **state)
{
	(void)state;
	struct lu_onnx *onnx = NULL;
	struct lu_error err = {0};

	write_net(13);
	check_ok(lu_onnx_open(path, &onnx, &err), err);
	check_fails(lu_onnx_cut(onnx, "poooled", &err), LU_ERROR_ARGUMENT, err, "did you mean 'pooled'?");
	check_fails(lu_onnx_cut(onnx, "relu", &err), LU_ERROR_ARGUMENT, err, "it has 'relu_out'");
	check_fails(lu_onnx_cut(onnx, "zzz", &err), LU_ERROR_ARGUMENT, err, "'probabilities', 'old_logits'");
	check_fails(lu_onnx_cut(onnx, "x", &err), LU_ERROR_ARGUMENT, err, "no layer 'x'");
	lu_onnx_close(onnx);
	check_ok(lu_file_write(path, "\x0a\xff", 2, &err), err);
	check_fails(lu_onnx_open(path, &onnx, &err), LU_ERROR_FORMAT, err, "not an ONNX model");
	check_ok(lu_file_write(path, "", 0, &err), err);
	check_fails(lu_onnx_open(path, &onnx, &err), LU_ERROR_FORMAT, err, "no graph");
	assert_null(onnx);
}

static void memory_runs_out(void **state)
{
	(void)state;
	const float weights[CLASSES * FEATURES] = {0}, bias[CLASSES] = {0};
	const struct lu_tree_node leaf = {.feature = LU_TREE_LEAF, .weight = 1};
	struct lu_onnx *onnx = NULL;
	struct lu_error err = {0};
	enum lu_status status = LU_ERROR_MEMORY;

	write_net(13);
	for (long allowed = 0; status != LU_OK; allowed++) {
		assert_true(allowed < 2000);
		lu_memory_fail_after(allowed);
		status = lu_onnx_open(path, &onnx, &err);
		if (status == LU_OK)
			status = lu_onnx_cut(onnx, NULL, &err);
		if (status == LU_OK)
			status = lu_onnx_append_softmax_regression(onnx, weights, bias, FEATURES, CLASSES, &err);
		if (status == LU_OK)
			status = lu_onnx_append_trees(onnx, &leaf, 1, CLASSES, &err);
		if (status == LU_OK)
			status = lu_onnx_annotate(onnx, "key", "value", &err);
		lu_memory_fail_after(-1);
		lu_onnx_close(onnx);
		onnx = NULL;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_give_what_is_worked_out),
		cmocka_unit_test(any_tensor_may_be_the_layer),
		cmocka_unit_test(a_head_on_a_head_finds_free_names),
		cmocka_unit_test(trees_add_their_leaves),
		cmocka_unit_test(wrong_layers_and_files),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, make_folder, NULL);
}
