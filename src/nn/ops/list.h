/*
 * list.h: the rules and kernels that table.c puts into rows, and the walk they share.
 *
 * Each pair is explained beside its definition; see ops.h for what rules and kernels promise.
 */
#ifndef LU_NN_OPS_LIST_H
#define LU_NN_OPS_LIST_H

#include "nn/ops/ops.h"

/*
 * Walk the positions of 'shape' in row-major order, keeping for each operand the offset that its
 * strides give. Set 'operands' and 'stride' after lu_walk_start.
 */
#define LU_WALK_OPERANDS 3
struct lu_walk {
	struct lu_shape shape;
	int64_t at[LU_MAX_RANK];
	int operands;
	int64_t stride[LU_WALK_OPERANDS][LU_MAX_RANK];
	int64_t offset[LU_WALK_OPERANDS];
};
void lu_walk_start(struct lu_walk *walk, const struct lu_shape *shape);
void lu_walk_step(struct lu_walk *walk);
/* Strides that read 'shape' as if it had been broadcast to 'out'. */
void lu_broadcast_strides(const struct lu_shape *shape, const struct lu_shape *out, int64_t stride[LU_MAX_RANK]);

typedef enum lu_status lu_rule(struct lu_call *call, struct lu_error *err);
typedef void lu_kernel(struct lu_call *call);

typedef bool lu_apart(const struct lu_call *call);

/* apart.c */
lu_apart lu_apart_always, lu_apart_axis, lu_apart_perm, lu_apart_view, lu_apart_broadcast;
lu_apart lu_apart_gemm, lu_apart_matmul, lu_apart_slice, lu_apart_pad;
/* and beside the rules of their operators: */
lu_apart lu_apart_reduce, lu_apart_arg, lu_apart_batch_norm, lu_apart_layer_norm, lu_apart_split, lu_apart_expand;
lu_apart lu_apart_tile, lu_apart_resize, lu_apart_quantize, lu_apart_attention, lu_apart_einsum;

/* elementwise.c */
lu_rule lu_rule_unary, lu_rule_nary, lu_rule_where;
lu_kernel lu_kernel_unary, lu_kernel_nary, lu_kernel_where;

/* conv.c */
lu_rule lu_rule_conv, lu_rule_qlinear_conv, lu_rule_pool, lu_rule_global_pool;
lu_kernel lu_kernel_conv, lu_kernel_qlinear_conv, lu_kernel_max_pool, lu_kernel_average_pool;
lu_kernel lu_kernel_global_average_pool, lu_kernel_global_max_pool;

/* matmul.c */
lu_rule lu_rule_gemm, lu_rule_matmul;
lu_kernel lu_kernel_gemm, lu_kernel_matmul;

/* einsum.c */
lu_rule lu_rule_einsum;
lu_kernel lu_kernel_einsum;

/* scatter.c */
lu_rule lu_rule_scatter_nd, lu_rule_scatter_elements;
lu_kernel lu_kernel_scatter_nd, lu_kernel_scatter_elements;

/* attention.c */
lu_rule lu_rule_attention;
lu_kernel lu_kernel_attention;

/* norm.c */
lu_rule lu_rule_batch_norm, lu_rule_group_norm, lu_rule_layer_norm, lu_rule_lrn, lu_rule_softmax;
lu_kernel lu_kernel_batch_norm, lu_kernel_group_norm, lu_kernel_layer_norm, lu_kernel_lrn, lu_kernel_softmax;

/* view.c */
lu_rule lu_rule_identity, lu_rule_reshape, lu_rule_flatten, lu_rule_squeeze, lu_rule_unsqueeze;
lu_kernel lu_kernel_copy, lu_kernel_dropout;

/* move.c */
lu_rule lu_rule_transpose, lu_rule_concat, lu_rule_slice, lu_rule_pad;
lu_kernel lu_kernel_transpose, lu_kernel_concat, lu_kernel_slice, lu_kernel_pad;

/* make.c */
lu_rule lu_rule_constant, lu_rule_constant_of_shape, lu_rule_shape, lu_rule_cast;
lu_kernel lu_kernel_constant, lu_kernel_constant_of_shape, lu_kernel_shape, lu_kernel_cast;

/* reduce.c */
lu_rule lu_rule_reduce, lu_rule_arg;
lu_kernel lu_kernel_reduce, lu_kernel_arg;

/* gather.c */
lu_rule lu_rule_split, lu_rule_gather, lu_rule_expand, lu_rule_tile, lu_rule_depth_space;
lu_kernel lu_kernel_split, lu_kernel_gather, lu_kernel_expand, lu_kernel_tile, lu_kernel_depth_space;

/* resize.c */
lu_rule lu_rule_resize;
lu_kernel lu_kernel_resize;

/* quantize.c */
lu_rule lu_rule_quantize, lu_rule_dequantize;
lu_kernel lu_kernel_quantize, lu_kernel_dequantize;

/* tree.c */
lu_rule lu_rule_tree;
lu_kernel lu_kernel_tree;

#endif
