/* forest_trees.c: xgboost's JSON by jansson. See forest_trees.h. */
#include "learn/forest_trees.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"

/* The lists of one tree: an entry a node, node 0 is the root, children stand behind their parents. */
struct lists {
	const json_t *left, *right, *features, *conditions, *default_left;
	size_t count;
};

static enum lu_status odd(struct lu_error *err, const char *what)
{
	return lu_fail(err, LU_ERROR_FORMAT, "xgboost tells its trees in a way that landuse does not know: %s", what);
}

static bool find_lists(const json_t *tree, struct lists *lists)
{
	const struct {
		const char *name;
		const json_t **list;
	} wanted[] = {{"left_children", &lists->left},
		      {"right_children", &lists->right},
		      {"split_indices", &lists->features},
		      {"split_conditions", &lists->conditions},
		      {"default_left", &lists->default_left}};

	lists->count = json_array_size(json_object_get(tree, "left_children"));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		*wanted[i].list = json_object_get(tree, wanted[i].name);
		if (json_array_size(*wanted[i].list) != lists->count)
			return false;
	}
	return lists->count > 0;
}

static int32_t integer_at(const json_t *list, size_t i)
{
	return (int32_t)json_integer_value(json_array_get(list, i));
}

/* Children stand behind their parents, so one walk forwards finds what the root reaches. Pruned nodes stay in the lists. */
static bool is_child(const struct lists *lists, int32_t child, size_t parent)
{
	return child > (int32_t)parent && (size_t)child < lists->count;
}

static enum lu_status add_tree(struct lu_forest_trees *trees, const struct lists *lists, int32_t class, double scale,
			       struct lu_error *err)
{
	bool *reached = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&reached, lists->count, sizeof(bool), "a tree", err));
	if (trees->count + lists->count > trees->room) {
		trees->room = 2 * (trees->count + lists->count);
		LU_TRY(lu_grow(&trees->nodes, trees->room, sizeof(*trees->nodes), "trees", err));
	}
	reached[0] = true;
	for (size_t i = 0; i < lists->count && status == LU_OK; i++) {
		const int32_t yes = integer_at(lists->left, i), no = integer_at(lists->right, i);
		const double condition = json_number_value(json_array_get(lists->conditions, i));
		const json_t *missing = json_array_get(lists->default_left, i);
		if (!reached[i])
			continue;
		struct lu_tree_node *node = &trees->nodes[trees->count++];
		*node = (struct lu_tree_node){.tree = trees->trees, .id = (int32_t)i, .feature = LU_TREE_LEAF};
		if (yes < 0) {
			node->class = class;
			node->weight = (float)(condition * scale);
			continue;
		}
		if (!is_child(lists, yes, i) || !is_child(lists, no, i)) {
			status = odd(err, "a node's child is before it");
			continue;
		}
		node->feature = integer_at(lists->features, i);
		node->threshold = (float)condition;
		node->yes = yes;
		node->no = no;
		node->missing_yes = json_is_true(missing) || json_integer_value(missing) != 0;
		reached[yes] = reached[no] = true;
	}
out:
	trees->trees++;
	lu_free(reached);
	return status;
}

enum lu_status lu_forest_trees_add(struct lu_forest_trees *trees, const char *json, double scale, struct lu_error *err)
{
	json_error_t fault;
	json_t *document = json_loads(json, 0, &fault);
	const json_t *learner = json_object_get(document, "learner");
	const json_t *model = json_object_get(json_object_get(learner, "gradient_booster"), "model");
	const json_t *list = json_object_get(model, "trees"), *info = json_object_get(model, "tree_info");
	enum lu_status status = LU_OK;

	if (document == NULL)
		LU_TRY(odd(err, fault.text));
	else if (json_array_size(list) == 0 || json_array_size(info) != json_array_size(list))
		LU_TRY(odd(err, "no list of trees and their classes"));
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct lists lists;
		LU_TRY(find_lists(json_array_get(list, i), &lists)
			       ? add_tree(trees, &lists, integer_at(info, i), scale, err)
			       : odd(err, "a tree's lists differ in length"));
	}
out:
	json_decref(document);
	return status;
}

static int by_value(const void *a, const void *b)
{
	const float left = *(const float *)a, right = *(const float *)b;

	return (left > right) - (left < right);
}

/* Between the neighbours of 'threshold' among the ascending 'values': the largest below it, and the next. */
static float centre(const float *values, size_t count, float threshold)
{
	size_t low = 0, high = count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (values[middle] < threshold)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || low == count)
		return threshold;
	const float middle = (float)(((double)values[low - 1] + values[low]) / 2);
	/* Neighbours in float32 have nothing between them. */
	return middle > values[low - 1] ? middle : threshold;
}

enum lu_status lu_forest_trees_centre(struct lu_forest_trees *trees, const struct lu_rows *rows, struct lu_error *err)
{
	float *values = NULL;
	bool *asked = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&values, rows->count, sizeof(float), "a feature", err));
	LU_TRY(lu_alloc(&asked, rows->features, sizeof(bool), "features", err));
	for (size_t i = 0; i < trees->count; i++)
		if (trees->nodes[i].feature != LU_TREE_LEAF)
			asked[trees->nodes[i].feature] = true;
	for (size_t f = 0; f < rows->features; f++) {
		if (!asked[f])
			continue;
		for (size_t i = 0; i < rows->count; i++)
			values[i] = rows->rows[i][f];
		qsort(values, rows->count, sizeof(float), by_value);
		for (size_t i = 0; i < trees->count; i++)
			if (trees->nodes[i].feature == (int32_t)f)
				trees->nodes[i].threshold = centre(values, rows->count, trees->nodes[i].threshold);
	}
out:
	lu_free(values);
	lu_free(asked);
	return status;
}

void lu_forest_trees_release(struct lu_forest_trees *trees)
{
	lu_free(trees->nodes);
	*trees = (struct lu_forest_trees){0};
}
