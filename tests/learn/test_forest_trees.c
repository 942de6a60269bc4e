/* test_forest_trees.c: trees in an ONNX file answer as xgboost itself does, at thresholds and for NaN too. */
#include "learn/forest_trees.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "learn/forest.h"
#include "nn/nn.h"
#include "support/net.h"

#ifdef LU_WITH_XGBOOST
#include <xgboost/c_api.h>

enum { COUNT = 300, FEATURES = 5, CLASSES = 3, TREES = 4, DEPTH = 4 };

static char path[128];
static float values[COUNT][FEATURES];
static const float *rows[COUNT];
static size_t classes[COUNT];

/* Noise on three lines; the last feature is 0 in most rows, as after a Relu. */
static struct lu_rows lines(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		classes[i] = i % CLASSES;
		for (size_t f = 0; f < FEATURES; f++)
			values[i][f] = (float)classes[i] + 2 * net_number(f + 1, i);
		if (i % 4 != 0)
			values[i][FEATURES - 1] = 0;
		rows[i] = values[i];
	}
	return (struct lu_rows){rows, classes, COUNT, FEATURES, CLASSES, NULL};
}

/* The trees of a small subforest as xgboost tells them; lu_free it. */
static char *grown(const struct lu_rows *r)
{
	struct lu_binned *binned;
	struct lu_subforest *subforest;
	struct lu_error err = {0};
	char *json;

	check_ok(lu_binned_new(r, NULL, &binned, &err), err);
	check_ok(lu_subforest_grow(binned, TREES, DEPTH, 3, &subforest, &err), err);
	check_ok(lu_subforest_json(subforest, &json, &err), err);
	lu_subforest_free(subforest);
	lu_binned_free(binned);
	return json;
}

/* xgboost with the model that it told, on one thread: it is asked for one row at a time. */
static BoosterHandle load(const char *json)
{
	BoosterHandle booster;

	assert_int_equal(XGBoosterCreate(NULL, 0, &booster), 0);
	assert_int_equal(XGBoosterLoadModelFromBuffer(booster, json, strlen(json)), 0);
	assert_int_equal(XGBoosterSetParam(booster, "nthread", "1"), 0);
	return booster;
}

/* The probabilities that it predicts for a row. */
static void ask_xgboost(BoosterHandle booster, const float *row, float *probabilities)
{
	DMatrixHandle matrix;
	bst_ulong count;
	const float *result;

	assert_int_equal(XGDMatrixCreateFromMat_omp(row, 1, FEATURES, NAN, &matrix, 1), 0);
	assert_int_equal(XGBoosterPredict(booster, matrix, 0, 0, 0, &count, &result), 0);
	assert_int_equal(count, CLASSES);
	memcpy(probabilities, result, CLASSES * sizeof(float));
	XGDMatrixFree(matrix);
}

/* A network that hands its input through, and the trees on it. */
static struct lu_session *plan_trees(const struct lu_forest_trees *trees, const char *engine, struct lu_plan **plan)
{
	const struct lu_plan_options options = {.engine = engine, .batch = 1};
	struct lu_session *session;
	struct lu_error err = {0};
	struct lu_onnx *onnx;
	struct lu_graph *graph;
	struct net net;
	char *bytes;
	size_t size;

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 2, (int64_t[]){1, FEATURES});
	net_node(&net, "Identity", "hand", "x", "features");
	net_output(&net, "features");
	uint8_t *packed = net_pack(&net, &size);
	check_ok(lu_file_write(path, packed, size, &err), err);
	free(packed);
	net_end(&net);
	check_ok(lu_onnx_open(path, &onnx, &err), err);
	check_ok(lu_onnx_append_trees(onnx, trees->nodes, trees->count, CLASSES, &err), err);
	check_ok(lu_onnx_pack(onnx, &bytes, &size, &err), err);
	check_ok(lu_graph_parse(bytes, size, "trees.onnx", &graph, &err), err);
	check_ok(lu_plan_build(graph, &options, plan, &err), err);
	check_ok(lu_session_new(*plan, &session, &err), err);
	lu_graph_free(graph);
	lu_free(bytes);
	lu_onnx_close(onnx);
	return session;
}

static void check_row(struct lu_session *session, BoosterHandle booster, const float *row)
{
	float ours[CLASSES], theirs[CLASSES];
	struct lu_error err = {0};

	check_ok(lu_session_run(session, 1, row, ours, &err), err);
	ask_xgboost(booster, row, theirs);
	for (size_t k = 0; k < CLASSES; k++)
		assert_float_equal(ours[k], theirs[k], 1e-5);
}

static void answers_are_xgboosts(void **state)
{
	(void)state;
	const struct lu_rows r = lines();
	char *json = grown(&r);
	BoosterHandle booster = load(json);
	struct lu_error err = {0};

	for (size_t e = 0; lu_engine_names()[e] != NULL; e++) {
		struct lu_forest_trees trees = {0};
		struct lu_plan *plan;
		check_ok(lu_forest_trees_add(&trees, json, 1, &err), err);
		assert_int_equal(trees.trees, TREES * CLASSES);
		struct lu_session *session = plan_trees(&trees, lu_engine_names()[e], &plan);
		for (size_t i = 0; i < COUNT; i += 3)
			check_row(session, booster, values[i]);
		/* At every threshold, one step of float32 below it, and where the feature is missing. */
		for (size_t i = 0; i < trees.count; i += 2) {
			if (trees.nodes[i].feature == LU_TREE_LEAF)
				continue;
			const float ugly[] = {trees.nodes[i].threshold, nextafterf(trees.nodes[i].threshold, -INFINITY),
					      NAN};
			for (int k = 0; k < 3; k++) {
				float row[FEATURES];
				memcpy(row, values[i % COUNT], sizeof(row));
				row[trees.nodes[i].feature] = ugly[k];
				check_row(session, booster, row);
			}
		}
		lu_session_free(session);
		lu_plan_free(plan);
		lu_forest_trees_release(&trees);
	}
	XGBoosterFree(booster);
	lu_free(json);
}

/* The leaf of a tree that a row falls into. */
static const struct lu_tree_node *leaf_of(const struct lu_tree_node *root, const float *row)
{
	const struct lu_tree_node *node = root;

	while (node->feature != LU_TREE_LEAF) {
		const int32_t id = row[node->feature] < node->threshold ? node->yes : node->no;
		for (node = root; node->id != id;)
			node++;
	}
	return node;
}

static void centring_moves_thresholds_but_no_row(void **state)
{
	(void)state;
	const struct lu_rows r = lines();
	char *json = grown(&r);
	struct lu_error err = {0};
	struct lu_forest_trees trees = {0}, centred = {0};
	size_t on_threshold = 0;

	check_ok(lu_forest_trees_add(&trees, json, 1, &err), err);
	check_ok(lu_forest_trees_add(&centred, json, 1, &err), err);
	check_ok(lu_forest_trees_centre(&centred, &r, &err), err);
	for (size_t t = 0; t < trees.count; t++) {
		if (trees.nodes[t].id != 0)
			continue;
		for (size_t i = 0; i < COUNT; i++)
			assert_int_equal(leaf_of(&trees.nodes[t], rows[i])->id,
					 leaf_of(&centred.nodes[t], rows[i])->id);
	}
	for (size_t t = 0; t < trees.count; t++) {
		const int32_t f = trees.nodes[t].feature;
		for (size_t i = 0; i < COUNT && f != LU_TREE_LEAF; i++) {
			on_threshold += rows[i][f] == trees.nodes[t].threshold;
			assert_true(fabsf(rows[i][f] - centred.nodes[t].threshold) > 1e-7f);
		}
	}
	assert_true(on_threshold > 0); /* else this test has tested nothing */
	lu_forest_trees_release(&trees);
	lu_forest_trees_release(&centred);
	lu_free(json);
}

static void what_is_told_otherwise_is_refused(void **state)
{
	(void)state;
	static const char *const odd[] = {
		"not json", "{}",
		"{\"learner\": {\"gradient_booster\": {\"model\": {\"trees\": [], \"tree_info\": []}}}}",
		"{\"learner\": {\"gradient_booster\": {\"model\": {\"trees\": [{\"left_children\": [1, -1]}], "
		"\"tree_info\": [0]}}}}",
		/* a child that is its parent */
		"{\"learner\": {\"gradient_booster\": {\"model\": {\"tree_info\": [0], \"trees\": [{\"left_children\": "
		"[0], "
		"\"right_children\": [0], \"split_indices\": [0], \"split_conditions\": [1.0], \"default_left\": "
		"[0]}]}}}}"};
	struct lu_error err = {0};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct lu_forest_trees trees = {0};
		check_fails(lu_forest_trees_add(&trees, odd[i], 1, &err), LU_ERROR_FORMAT, err,
			    "in a way that landuse does not know");
		lu_forest_trees_release(&trees);
	}
}

static int make_folder(void **state)
{
	static char folder[64];

	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/net.onnx", folder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_xgboosts),
		cmocka_unit_test(centring_moves_thresholds_but_no_row),
		cmocka_unit_test(what_is_told_otherwise_is_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, NULL);
}
#else
int main(void)
{
	puts("skipped: built without xgboost");
	return 77;
}
#endif
