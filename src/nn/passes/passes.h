/*
 * passes.h: rewrites that make a graph smaller and leave its outputs as they are, up to rounding.
 *
 * A pass works on a cloned graph whose shapes have been inferred, and leaves it so. It keeps the
 * invariants of graph.h. Passes run once, in the order of lu_passes; each file says what it relies on.
 */
#ifndef LU_NN_PASSES_H
#define LU_NN_PASSES_H

#include "nn/graph/graph.h"

typedef enum lu_status lu_pass(struct lu_graph *graph, struct lu_error *err);

lu_pass lu_pass_drop_identity; /* what does nothing goes */
lu_pass lu_pass_einsum; /* Einsum of two operands -> MatMul of Transposes */
lu_pass lu_pass_layer_norm; /* normalisation in nine nodes -> LayerNormalization */
lu_pass lu_pass_recognise; /* patterns that exporters write -> the layer they mean */
lu_pass lu_pass_attention; /* MatMul, Softmax, MatMul -> Attention */
lu_pass lu_pass_channels_last; /* MatMul of an image -> 1x1 Conv; Transposes that undo each other go */
lu_pass lu_pass_flatten_concat; /* Concat of Concats -> one of all pieces */
lu_pass lu_pass_fold_pad; /* Pad, Conv -> Conv with pads */
lu_pass lu_pass_fold_affine; /* Conv, y = a x + b by channel -> Conv */
lu_pass lu_pass_fuse_add; /* Conv, Add -> Conv with an addend */
lu_pass lu_pass_fuse_activation; /* layer, Relu -> layer with an activation */

/*
 * For plans in int8, between inference and the first sweep: constants that DequantizeLinear made get their quantisation.
 * '*found' tells whether the graph has quantised activations at all.
 */
enum lu_status lu_pass_keep_quantisation(struct lu_graph *graph, bool *found, struct lu_error *err);

/* For plans in int8 where the processor has the kernel of inverted residuals, before the others: thin ones as floats. */
lu_pass lu_pass_float_blocks;

/* For plans in floats, before the others: what a quantised file does to activations between its layers is a range. */
lu_pass lu_pass_drop_pairs;

/* All of them, in order. */
enum lu_status lu_passes(struct lu_graph *graph, struct lu_error *err);

/* What an activation node does, as the fused form of it; false where it has none. 'addend' is set to -1. */
bool lu_fused_from(const struct lu_graph *graph, const struct lu_node *node, struct lu_fused *fused);

#endif
