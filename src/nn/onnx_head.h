/*
 * onnx_head.h: a new classifier on a network that was cut at its features (onnx_write.h).
 *
 *	backbone ... -> layer -> Flatten -> Gemm -----------------> Softmax -> "probabilities"
 *				       '--> TreeEnsembleClassifier --^
 *
 * and, where trees ask of fewer numbers than there are features, a Gemm before them.
 *
 * The output is called "probabilities" and is N x classes. What the head is made of is copied. Where
 * the network has one of the new names already, the new one gets a number behind it. 'features' is
 * the numbers a chip that the output has (lu_plan_facts); it is not checked here.
 */
#ifndef LU_NN_ONNX_HEAD_H
#define LU_NN_ONNX_HEAD_H

#include "nn/onnx_write.h"

/* softmax(weights . x + bias): 'weights' is classes x features, row by row, 'bias' classes long. */
enum lu_status lu_onnx_append_softmax_regression(struct lu_onnx *onnx, const float *weights, const float *bias,
						 size_t features, size_t classes, struct lu_error *err);

/* weights . x + bias as the network's only output, N x 'count': features for a head that is appended after. */
enum lu_status lu_onnx_append_projection(struct lu_onnx *onnx, const float *weights, const float *bias, size_t features,
					 size_t count, struct lu_error *err);

/*
 * softmax(log(the network's probabilities) + weights . x + bias) in their place: a correction of the head that is there, of whatever kind
 * it is. x: the tensor 'layer' of the network, which is not cut. 'weights' is classes x features.
 */
enum lu_status lu_onnx_append_correction(struct lu_onnx *onnx, const char *layer, const float *weights,
					 const float *bias, size_t features, size_t classes, struct lu_error *err);

/* A node of a decision tree: a question about one feature, or a leaf that adds to the score of a class. */
struct lu_tree_node {
	int32_t tree, id; /* nodes of a tree stand together, its root first */
	int32_t feature; /* LU_TREE_LEAF: a leaf */
	float threshold; /* x[feature] < threshold goes to node 'yes', else to 'no' */
	int32_t yes, no; /* ids in the same tree */
	bool missing_yes; /* so does a feature that is NaN */
	int32_t class; /* of a leaf */
	float weight;
};
enum { LU_TREE_LEAF = -1 };

/*
 * softmax(sum of the weights of the leaves that x falls into, by class), as a TreeEnsembleClassifier
 * of ai.onnx.ml. 'count' is at least 1.
 */
enum lu_status lu_onnx_append_trees(struct lu_onnx *onnx, const struct lu_tree_node *nodes, size_t count,
				    size_t classes, struct lu_error *err);

#endif
