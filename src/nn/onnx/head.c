/* head.c: Flatten, Gemm or trees, Softmax. See onnx_head.h. */
#include "nn/onnx_head.h"

#include <stdio.h>

#include "base/memory.h"
#include "nn/onnx/edit.h"

/* The version of ai.onnx.ml that is imported: the operator's first, and all that trees of floats need. */
enum { TREES_SINCE = 1 };

enum { LONGEST_NAME = 64 };

/* 'wanted', or with a number behind it: a backbone that was itself made here may have the name already. */
static void free_name(const Onnx__GraphProto *graph, const char *wanted, char name[LONGEST_NAME])
{
	snprintf(name, LONGEST_NAME, "%s", wanted);
	for (int k = 2; lu_onnx_is_taken(graph, name); k++)
		snprintf(name, LONGEST_NAME, "%s_%d", wanted, k);
}

/* The tensor 'layer' as rows; 'rows' gets their name. */
static bool add_flatten(struct lu_onnx *onnx, const char *layer, char rows[LONGEST_NAME])
{
	free_name(onnx->model->graph, "head_features", rows);
	return lu_onnx_add_node(onnx->model->graph, "Flatten", (const char *const[]){layer, NULL},
				(const char *const[]){rows, NULL}) != NULL;
}

/* Softmax of 'logits' as the network's only output. */
static bool add_softmax(struct lu_onnx *onnx, const char *logits, size_t classes)
{
	Onnx__GraphProto *graph = onnx->model->graph;
	char name[LONGEST_NAME];

	free_name(graph, "probabilities", name);
	Onnx__NodeProto *softmax = lu_onnx_add_node(graph, "Softmax", (const char *const[]){logits, NULL},
						    (const char *const[]){name, NULL});
	Onnx__ValueInfoProto *info = lu_onnx_value_info(name, 2, (const int64_t[]){-1, (int64_t)classes});
	if (softmax == NULL || info == NULL || !lu_onnx_set_int(softmax, "axis", 1)) {
		if (info != NULL)
			onnx__value_info_proto__free_unpacked(info, &lu_onnx_allocator);
		return false;
	}
	lu_onnx_replace_outputs(graph, info);
	return true;
}

/* weights . 'layer' + bias; 'wanted': the names for the result, weights and bias; 'made' gets that of the result. */
static bool add_product(struct lu_onnx *onnx, const char *layer, const char *const wanted[3], const float *weights,
			const float *bias, size_t features, size_t count, char made[LONGEST_NAME])
{
	Onnx__GraphProto *graph = onnx->model->graph;
	const int64_t shape[] = {(int64_t)count, (int64_t)features};
	char rows[LONGEST_NAME], weight_name[LONGEST_NAME], bias_name[LONGEST_NAME];

	free_name(graph, wanted[0], made);
	free_name(graph, wanted[1], weight_name);
	free_name(graph, wanted[2], bias_name);
	if (!add_flatten(onnx, layer, rows) || !lu_onnx_add_weight(graph, weight_name, 2, shape, weights) ||
	    !lu_onnx_add_weight(graph, bias_name, 1, shape, bias))
		return false;
	Onnx__NodeProto *gemm =
		lu_onnx_add_node(graph, "Gemm", (const char *const[]){rows, weight_name, bias_name, NULL},
				 (const char *const[]){made, NULL});
	/* Before version 7 a bias is only spread over the rows when told to. */
	return gemm != NULL && lu_onnx_set_int(gemm, "transB", 1) &&
	       (lu_onnx_opset(onnx->model) >= 7 || lu_onnx_set_int(gemm, "broadcast", 1));
}

enum lu_status lu_onnx_append_softmax_regression(struct lu_onnx *onnx, const float *weights, const float *bias,
						 size_t features, size_t classes, struct lu_error *err)
{
	static const char *const names[] = {"head_logits", "head_weights", "head_bias"};
	char logits[LONGEST_NAME];

	if (!add_product(onnx, lu_onnx_output(onnx), names, weights, bias, features, classes, logits) ||
	    !add_softmax(onnx, logits, classes))
		return lu_onnx_no_memory(onnx, err);
	return LU_OK;
}

enum lu_status lu_onnx_append_correction(struct lu_onnx *onnx, const char *layer, const float *weights,
					 const float *bias, size_t features, size_t classes, struct lu_error *err)
{
	static const char *const names[] = {"head_correction", "head_correction_weights", "head_correction_bias"};
	Onnx__GraphProto *graph = onnx->model->graph;
	const char *probabilities = lu_onnx_output(onnx);
	char least[LONGEST_NAME], kept[LONGEST_NAME], logs[LONGEST_NAME], correction[LONGEST_NAME], sum[LONGEST_NAME];
	const float floor = 1e-12F;

	free_name(graph, "head_least", least);
	free_name(graph, "head_kept", kept);
	free_name(graph, "head_log_prior", logs);
	free_name(graph, "head_corrected", sum);
	/* The product first: who looks for the features behind an Add goes by its first input. */
	if (!lu_onnx_add_weight(graph, least, 1, (const int64_t[]){1}, &floor) ||
	    lu_onnx_add_node(graph, "Add", (const char *const[]){probabilities, least, NULL},
			     (const char *const[]){kept, NULL}) == NULL ||
	    lu_onnx_add_node(graph, "Log", (const char *const[]){kept, NULL}, (const char *const[]){logs, NULL}) ==
		    NULL ||
	    !add_product(onnx, layer, names, weights, bias, features, classes, correction) ||
	    lu_onnx_add_node(graph, "Add", (const char *const[]){correction, logs, NULL},
			     (const char *const[]){sum, NULL}) == NULL ||
	    !add_softmax(onnx, sum, classes))
		return lu_onnx_no_memory(onnx, err);
	return LU_OK;
}

enum lu_status lu_onnx_append_projection(struct lu_onnx *onnx, const float *weights, const float *bias, size_t features,
					 size_t count, struct lu_error *err)
{
	static const char *const names[] = {"head_directions", "head_direction_weights", "head_direction_bias"};
	char made[LONGEST_NAME];
	Onnx__ValueInfoProto *info = NULL;

	if (!add_product(onnx, lu_onnx_output(onnx), names, weights, bias, features, count, made) ||
	    (info = lu_onnx_value_info(made, 2, (const int64_t[]){-1, (int64_t)count})) == NULL)
		return lu_onnx_no_memory(onnx, err);
	lu_onnx_replace_outputs(onnx->model->graph, info);
	return LU_OK;
}

/* The questions: parallel lists, an entry a node. Leaves have entries too, of which only the mode counts. */
static bool set_questions(Onnx__NodeProto *op, const struct lu_tree_node *nodes, size_t count)
{
	const char **modes = NULL;
	int64_t *trees = lu_onnx_set_ints(op, "nodes_treeids", count),
		*ids = lu_onnx_set_ints(op, "nodes_nodeids", count);
	int64_t *features = lu_onnx_set_ints(op, "nodes_featureids", count);
	int64_t *yes = lu_onnx_set_ints(op, "nodes_truenodeids", count);
	int64_t *no = lu_onnx_set_ints(op, "nodes_falsenodeids", count);
	int64_t *missing = lu_onnx_set_ints(op, "nodes_missing_value_tracks_true", count);
	float *values = lu_onnx_set_floats(op, "nodes_values", count);
	bool ok = trees != NULL && ids != NULL && features != NULL && yes != NULL && no != NULL && missing != NULL &&
		  values != NULL && lu_alloc(&modes, count, sizeof(*modes), "trees", NULL) == LU_OK;

	for (size_t i = 0; i < count && ok; i++) {
		const bool leaf = nodes[i].feature == LU_TREE_LEAF;
		trees[i] = nodes[i].tree;
		ids[i] = nodes[i].id;
		modes[i] = leaf ? "LEAF" : "BRANCH_LT";
		features[i] = leaf ? 0 : nodes[i].feature;
		values[i] = leaf ? 0 : nodes[i].threshold;
		yes[i] = leaf ? 0 : nodes[i].yes;
		no[i] = leaf ? 0 : nodes[i].no;
		missing[i] = !leaf && nodes[i].missing_yes;
	}
	ok = ok && lu_onnx_set_strings(op, "nodes_modes", modes, count);
	lu_free(modes);
	return ok;
}

/* The answers: parallel lists, an entry a leaf. */
static bool set_leaves(Onnx__NodeProto *op, const struct lu_tree_node *nodes, size_t count)
{
	size_t leaves = 0, n = 0;

	for (size_t i = 0; i < count; i++)
		leaves += nodes[i].feature == LU_TREE_LEAF;
	int64_t *trees = lu_onnx_set_ints(op, "class_treeids", leaves),
		*ids = lu_onnx_set_ints(op, "class_nodeids", leaves);
	int64_t *classes = lu_onnx_set_ints(op, "class_ids", leaves);
	float *weights = lu_onnx_set_floats(op, "class_weights", leaves);
	if (trees == NULL || ids == NULL || classes == NULL || weights == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (nodes[i].feature != LU_TREE_LEAF)
			continue;
		trees[n] = nodes[i].tree;
		ids[n] = nodes[i].id;
		classes[n] = nodes[i].class;
		weights[n++] = nodes[i].weight;
	}
	return true;
}

enum lu_status lu_onnx_append_trees(struct lu_onnx *onnx, const struct lu_tree_node *nodes, size_t count,
				    size_t classes, struct lu_error *err)
{
	static const char domain[] = "ai.onnx.ml";
	Onnx__GraphProto *graph = onnx->model->graph;
	char rows[LONGEST_NAME], label[LONGEST_NAME], scores[LONGEST_NAME];

	free_name(graph, "head_label", label);
	free_name(graph, "head_scores", scores);
	if (!lu_onnx_import(onnx->model, domain, TREES_SINCE) || !add_flatten(onnx, lu_onnx_output(onnx), rows))
		return lu_onnx_no_memory(onnx, err);
	Onnx__NodeProto *op = lu_onnx_add_node(graph, "TreeEnsembleClassifier", (const char *const[]){rows, NULL},
					       (const char *const[]){label, scores, NULL});
	if (op == NULL)
		return lu_onnx_no_memory(onnx, err);
	op->domain = lu_strdup(domain);
	int64_t *labels = lu_onnx_set_ints(op, "classlabels_int64s", classes);
	if (op->domain == NULL || labels == NULL)
		return lu_onnx_no_memory(onnx, err);
	for (size_t k = 0; k < classes; k++)
		labels[k] = (int64_t)k;
	if (!set_questions(op, nodes, count) || !set_leaves(op, nodes, count) ||
	    !lu_onnx_set_string(op, "post_transform", "NONE") || !add_softmax(onnx, scores, classes))
		return lu_onnx_no_memory(onnx, err);
	return LU_OK;
}
