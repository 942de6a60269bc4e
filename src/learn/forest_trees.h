/*
 * forest_trees.h: xgboost's trees, as its JSON tells them, in the form in which ONNX stores trees.
 *
 * Both ask "x < threshold" in float32 of the same bits, so both go the same way at equality.
 *
 * xgboost's thresholds are values of the rows that it was given. A program whose convolutions round a feature
 * otherwise in its last bit then sends that row another way. Thresholds in the middle of the gap
 * below them part the training rows as before, and no rounding crosses half a gap:
 *
 *	values		.    .  .       .  .
 *	xgboost's		        |		x < value: the first three
 *	centred			    |
 */
#ifndef LU_LEARN_FOREST_TREES_H
#define LU_LEARN_FOREST_TREES_H

#include "learn/rows.h"
#include "nn/onnx_head.h"

/* A zeroed one is empty. */
struct lu_forest_trees {
	struct lu_tree_node *nodes; /* lu_grow'n */
	size_t count, room;
	int32_t trees;
};

/*
 * Add the trees of one model of xgboost's ("learner.gradient_booster.model"), every leaf multiplied
 * by 'scale'. LU_ERROR_FORMAT when it is told otherwise than xgboost 1.7 tells it.
 */
enum lu_status lu_forest_trees_add(struct lu_forest_trees *trees, const char *json, double scale, struct lu_error *err);
/* Move every threshold to the middle between the two values that its feature has in 'rows' on either side of it. */
enum lu_status lu_forest_trees_centre(struct lu_forest_trees *trees, const struct lu_rows *rows, struct lu_error *err);
void lu_forest_trees_release(struct lu_forest_trees *trees);

#endif
