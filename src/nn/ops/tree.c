/*
 * tree.c: TreeEnsembleClassifier of ai.onnx.ml: random forests and boosted trees as scikit-learn,
 * XGBoost and LightGBM export them.
 *
 * A tree's nodes are rows of parallel lists: which tree, which node, what it compares, where to go.
 * Leaves add weights to class scores; the top score names the label.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/list.h"

struct tree_lists {
	size_t n, n_leaves, n_classes;
	const int64_t *trees, *ids, *features, *yes, *no, *missing;
	const float *values;
	const char *const *modes;
	const int64_t *leaf_trees, *leaf_ids, *leaf_classes, *labels;
	const float *leaf_weights, *base;
	size_t n_base;
	bool sorted; /* leaves ascend by tree and node, as exporters write them: they can be searched by halves */
};

static const int64_t *ints_of_length(const struct lu_node *node, const char *name, size_t length)
{
	size_t n;
	const int64_t *ints = lu_node_ints(node, name, &n);

	return n == length ? ints : NULL;
}

static const float *floats_of_length(const struct lu_node *node, const char *name, size_t length)
{
	size_t n;
	const float *floats = lu_node_floats(node, name, &n);

	return n == length ? floats : NULL;
}

static bool read_lists(const struct lu_node *node, struct tree_lists *t)
{
	const struct lu_attribute *modes = lu_node_attribute(node, "nodes_modes");

	memset(t, 0, sizeof(*t));
	t->trees = lu_node_ints(node, "nodes_treeids", &t->n);
	t->leaf_trees = lu_node_ints(node, "class_treeids", &t->n_leaves);
	t->labels = lu_node_ints(node, "classlabels_int64s", &t->n_classes);
	t->base = lu_node_floats(node, "base_values", &t->n_base);
	t->ids = ints_of_length(node, "nodes_nodeids", t->n);
	t->features = ints_of_length(node, "nodes_featureids", t->n);
	t->yes = ints_of_length(node, "nodes_truenodeids", t->n);
	t->no = ints_of_length(node, "nodes_falsenodeids", t->n);
	t->missing = ints_of_length(node, "nodes_missing_value_tracks_true", t->n);
	t->values = floats_of_length(node, "nodes_values", t->n);
	t->modes = modes != NULL && modes->count == t->n ? modes->strings : NULL;
	t->leaf_ids = ints_of_length(node, "class_nodeids", t->n_leaves);
	t->leaf_classes = ints_of_length(node, "class_ids", t->n_leaves);
	t->leaf_weights = floats_of_length(node, "class_weights", t->n_leaves);
	return t->trees != NULL && t->ids != NULL && t->features != NULL && t->yes != NULL && t->no != NULL &&
	       t->values != NULL && t->modes != NULL && t->leaf_trees != NULL && t->leaf_ids != NULL &&
	       t->leaf_classes != NULL && t->leaf_weights != NULL && t->labels != NULL && t->n && t->n_classes;
}

enum lu_status lu_rule_tree(struct lu_call *call, struct lu_error *err)
{
	static const char *const known[] = {"BRANCH_LEQ", "BRANCH_LT",  "BRANCH_GTE", "BRANCH_GT",
					    "BRANCH_EQ",  "BRANCH_NEQ", "LEAF"};
	const char *transform = lu_node_string(call->node, "post_transform", "NONE");
	enum lu_status status = lu_call_check(call, 0, LU_TYPE_FLOAT32, 2, 2, err);
	struct lu_shape labels = {.rank = 1}, scores = {.rank = 2};
	struct tree_lists t;

	if (status != LU_OK)
		return status;
	if (lu_node_attribute(call->node, "classlabels_strings") != NULL)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "labels that are texts are not run: number the classes");
	if (!read_lists(call->node, &t))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its lists of nodes or classes differ in length");
	if (strcmp(transform, "NONE") != 0 && strcmp(transform, "SOFTMAX") != 0 && strcmp(transform, "LOGISTIC") != 0)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "post_transform '%s' is not run", transform);
	if (t.base != NULL && t.n_base != t.n_classes && t.n_base != 1)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "it has %zu base values for %zu classes", t.n_base,
				    t.n_classes);
	for (size_t i = 0; i < t.n; i++) {
		size_t mode = 0;

		while (mode < sizeof(known) / sizeof(known[0]) && strcmp(known[mode], t.modes[i]) != 0)
			mode++;
		if (mode == sizeof(known) / sizeof(known[0]))
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "a node compares by '%s'", t.modes[i]);
		if (t.features[i] < 0 ||
		    (strcmp(t.modes[i], "LEAF") != 0 && t.features[i] >= call->in[0]->shape.dim[1]))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "a node compares feature %lld of %lld",
					    (long long)t.features[i], (long long)call->in[0]->shape.dim[1]);
	}
	for (size_t i = 0; i < t.n_leaves; i++)
		if (t.leaf_classes[i] < 0 || (size_t)t.leaf_classes[i] >= t.n_classes)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "a leaf votes for class %lld of %zu",
					    (long long)t.leaf_classes[i], t.n_classes);
	labels.dim[0] = scores.dim[0] = call->in[0]->shape.dim[0];
	scores.dim[1] = (int64_t)t.n_classes;
	lu_call_out(call, 0, LU_TYPE_INT64, &labels);
	lu_call_out(call, 1, LU_TYPE_FLOAT32, &scores);
	call->scratch_bytes = t.n_classes * sizeof(double);
	return LU_OK;
}

/* Exporters number the nodes of a tree in order, so the first look is nearly always right. */
static size_t find_node(const struct tree_lists *t, size_t root, int64_t id)
{
	size_t guess = id >= 0 && (uint64_t)id < t->n ? root + (size_t)id : t->n, i = 0;

	if (guess < t->n && t->trees[guess] == t->trees[root] && t->ids[guess] == id)
		return guess;
	while (i < t->n && !(t->trees[i] == t->trees[root] && t->ids[i] == id))
		i++;
	return i;
}

static bool goes_yes(const struct tree_lists *t, size_t node, float x)
{
	const char *mode = t->modes[node] + strlen("BRANCH_");
	float value = t->values[node];

	if (isnan(x) && t->missing != NULL && t->missing[node])
		return true;
	if (strcmp(mode, "LEQ") == 0)
		return x <= value;
	if (strcmp(mode, "LT") == 0)
		return x < value;
	if (strcmp(mode, "GTE") == 0)
		return x >= value;
	if (strcmp(mode, "GT") == 0)
		return x > value;
	return strcmp(mode, "EQ") == 0 ? x == value : x != value;
}

/* Is leaf entry 'i' before the entries of a node? */
static bool is_before(const struct tree_lists *t, size_t i, int64_t tree, int64_t id)
{
	return t->leaf_trees[i] != tree ? t->leaf_trees[i] < tree : t->leaf_ids[i] < id;
}

static bool leaves_ascend(const struct tree_lists *t)
{
	for (size_t i = 1; i < t->n_leaves; i++)
		if (is_before(t, i, t->leaf_trees[i - 1], t->leaf_ids[i - 1]))
			return false;
	return true;
}

/* The first leaf entry of a node, or where it would stand; 0 where the entries have no order. */
static size_t first_leaf(const struct tree_lists *t, int64_t tree, int64_t id)
{
	size_t low = 0, high = t->sorted ? t->n_leaves : 0;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (is_before(t, middle, tree, id))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Follow one tree from its first node; a damaged one may have a circle, so steps are counted. */
static void follow(const struct tree_lists *t, size_t root, const float *x, double *scores, bool *hit)
{
	size_t at = root;

	for (size_t steps = 0; steps < t->n && at < t->n; steps++) {
		if (strcmp(t->modes[at], "LEAF") == 0) {
			for (size_t i = first_leaf(t, t->trees[at], t->ids[at]); i < t->n_leaves; i++) {
				if (t->leaf_trees[i] == t->trees[at] && t->leaf_ids[i] == t->ids[at]) {
					scores[t->leaf_classes[i]] += t->leaf_weights[i];
					*hit = true;
				} else if (t->sorted) {
					break;
				}
			}
			return;
		}
		at = find_node(t, root, goes_yes(t, at, x[t->features[at]]) ? t->yes[at] : t->no[at]);
	}
}

static void transform_scores(const char *transform, double *scores, size_t n)
{
	double top = scores[0], sum = 0;

	for (size_t i = 0; i < n; i++)
		top = scores[i] > top ? scores[i] : top;
	if (strcmp(transform, "SOFTMAX") == 0) {
		for (size_t i = 0; i < n; i++)
			sum += scores[i] = exp(scores[i] - top);
		for (size_t i = 0; i < n; i++)
			scores[i] /= sum;
	} else if (strcmp(transform, "LOGISTIC") == 0) {
		for (size_t i = 0; i < n; i++)
			scores[i] = 1 / (1 + exp(-scores[i]));
	}
}

/*
 * Two classes of which leaves only ever vote for one: the other's score is the complement. The
 * standard leaves this to the reader's knowledge of scikit-learn: NONE gives 1 - s, LOGISTIC -s.
 */
static void complete_binary(const struct tree_lists *t, const char *transform, double *scores)
{
	for (size_t i = 0; i < t->n_leaves; i++)
		if (t->leaf_classes[i] != t->leaf_classes[0])
			return;
	if (t->n_classes != 2 || !t->n_leaves)
		return;
	/* The single score belongs to class 1, wherever the leaves have put it. */
	scores[1] = scores[t->leaf_classes[0]];
	scores[0] = strcmp(transform, "NONE") == 0 ? 1 - scores[1] : -scores[1];
}

void lu_kernel_tree(struct lu_call *call)
{
	const char *transform = lu_node_string(call->node, "post_transform", "NONE");
	const struct lu_shape *shape = &call->in[0]->shape;
	double *scores = call->scratch;
	struct tree_lists t;

	read_lists(call->node, &t);
	t.sorted = leaves_ascend(&t);
	for (int64_t row = 0; row < shape->dim[0]; row++) {
		const float *x = (const float *)call->in[0]->data + row * shape->dim[1];
		size_t best = 0;
		bool hit = false;

		for (size_t c = 0; c < t.n_classes; c++)
			scores[c] = t.base == NULL ? 0 : t.base[t.n_base == 1 ? 0 : c];
		for (size_t i = 0; i < t.n; i++)
			if (i == 0 || t.trees[i] != t.trees[i - 1])
				follow(&t, i, x, scores, &hit);
		complete_binary(&t, transform, scores);
		transform_scores(transform, scores, t.n_classes);
		for (size_t c = 1; c < t.n_classes; c++)
			if (scores[c] > scores[best])
				best = c;
		((int64_t *)call->out[0]->data)[row] = t.labels[best];
		for (size_t c = 0; c < t.n_classes && call->n_out > 1 && call->out[1] != NULL; c++)
			((float *)call->out[1]->data)[row * (int64_t)t.n_classes + (int64_t)c] = (float)scores[c];
	}
}
