/*
 * table.c: every operator landuse runs, one row each. See ops.h for what the columns mean.
 *
 * An operator whose meaning changed between opsets either reads node->opset in its functions (where
 * the change is small) or has a row for each range.
 */
#include <string.h>

#include "nn/ops/einsum.h"
#include "nn/ops/list.h"

#define MANY LU_MAX_CALL
#define LATEST 27 /* operators were compared with the ONNX changelog up to this opset */

/* clang-format off */
#define ACTIVATION(name, attributes) \
	{name, "", 1, LATEST, 1, 1, 1, attributes, lu_apart_always, 0, lu_rule_unary, lu_kernel_unary}
#define ARITHMETIC(name) \
	{name, "", 1, LATEST, 2, 2, 1, "i:axis i:broadcast I:consumed_inputs", lu_apart_broadcast, 0, lu_rule_nary, \
	 lu_kernel_nary}
#define VARIADIC(name) {name, "", 6, LATEST, 1, MANY, 1, "", lu_apart_broadcast, 0, lu_rule_nary, lu_kernel_nary}
#define REDUCE(name) \
	{name, "", 1, LATEST, 1, 2, 1, "I:axes i:keepdims i:noop_with_empty_axes", lu_apart_reduce, 0, lu_rule_reduce, \
	 lu_kernel_reduce}
/* clang-format on */

#define WINDOW "s:auto_pad I:dilations I:kernel_shape I:pads I:strides "

static const struct lu_op table[] = {
	/* windows over space */
	{"Conv", "", 1, LATEST, 2, 3, 1, WINDOW "i:group", lu_apart_always, 0, lu_rule_conv, lu_kernel_conv},
	{"MaxPool", "", 1, LATEST, 1, 1, 2, WINDOW "i:ceil_mode i:storage_order", lu_apart_always, 0, lu_rule_pool,
	 lu_kernel_max_pool},
	{"AveragePool", "", 1, LATEST, 1, 1, 1, WINDOW "i:ceil_mode i:count_include_pad", lu_apart_always, 0,
	 lu_rule_pool, lu_kernel_average_pool},
	{"GlobalAveragePool", "", 1, LATEST, 1, 1, 1, "", lu_apart_always, 0, lu_rule_global_pool,
	 lu_kernel_global_average_pool},
	{"GlobalMaxPool", "", 1, LATEST, 1, 1, 1, "", lu_apart_always, 0, lu_rule_global_pool,
	 lu_kernel_global_max_pool},

	{"QLinearConv", "", 10, LATEST, 8, 9, 1, WINDOW "i:group", lu_apart_always, 0, lu_rule_qlinear_conv,
	 lu_kernel_qlinear_conv},

	/* products */
	{"Gemm", "", 1, LATEST, 2, 3, 1, "f:alpha f:beta i:transA i:transB i:broadcast", lu_apart_gemm, 0, lu_rule_gemm,
	 lu_kernel_gemm},
	{"MatMul", "", 1, LATEST, 2, 2, 1, "", lu_apart_matmul, 0, lu_rule_matmul, lu_kernel_matmul},

	{"Einsum", "", 12, LATEST, 1, LU_EINSUM_TERMS, 1, "s:equation", lu_apart_einsum, 0, lu_rule_einsum,
	 lu_kernel_einsum},
	{"Attention", "", 23, LATEST, 3, 7, 4,
	 "i:is_causal i:kv_num_heads i:q_num_heads i:qk_matmul_output_mode f:scale f:softcap i:softmax_precision",
	 lu_apart_attention, 0, lu_rule_attention, lu_kernel_attention},

	/* normalisation */
	{"BatchNormalization", "", 6, LATEST, 5, 5, 5, "f:epsilon f:momentum i:spatial i:is_test i:training_mode",
	 lu_apart_batch_norm, 0, lu_rule_batch_norm, lu_kernel_batch_norm},
	{"InstanceNormalization", "", 1, LATEST, 3, 3, 1, "f:epsilon I:consumed_inputs", lu_apart_always, 0,
	 lu_rule_group_norm, lu_kernel_group_norm},
	{"GroupNormalization", "", 18, LATEST, 3, 3, 1, "f:epsilon i:num_groups i:stash_type", lu_apart_always, 0,
	 lu_rule_group_norm, lu_kernel_group_norm},
	{"LayerNormalization", "", 17, LATEST, 2, 3, 3, "f:epsilon i:axis i:stash_type", lu_apart_layer_norm, 0,
	 lu_rule_layer_norm, lu_kernel_layer_norm},
	{"LRN", "", 1, LATEST, 1, 1, 1, "f:alpha f:beta f:bias i:size", lu_apart_always, 0, lu_rule_lrn, lu_kernel_lrn},
	{"Softmax", "", 1, LATEST, 1, 1, 1, "i:axis", lu_apart_axis, 0, lu_rule_softmax, lu_kernel_softmax},
	{"LogSoftmax", "", 1, LATEST, 1, 1, 1, "i:axis", lu_apart_axis, 0, lu_rule_softmax, lu_kernel_softmax},

	/* one number from one */
	ACTIVATION("Relu", ""),
	ACTIVATION("LeakyRelu", "f:alpha"),
	ACTIVATION("Elu", "f:alpha"),
	ACTIVATION("Celu", "f:alpha"),
	ACTIVATION("Selu", "f:alpha f:gamma"),
	ACTIVATION("ThresholdedRelu", "f:alpha"),
	ACTIVATION("Sigmoid", ""),
	ACTIVATION("HardSigmoid", "f:alpha f:beta"),
	ACTIVATION("HardSwish", ""),
	ACTIVATION("Softplus", ""),
	ACTIVATION("Softsign", ""),
	ACTIVATION("Mish", ""),
	ACTIVATION("Swish", "f:alpha"),
	ACTIVATION("Gelu", "s:approximate"),
	ACTIVATION("Erf", ""),
	ACTIVATION("Tanh", ""),
	ACTIVATION("Sqrt", ""),
	ACTIVATION("Exp", ""),
	ACTIVATION("Log", ""),
	ACTIVATION("Neg", ""),
	ACTIVATION("Abs", ""),
	ACTIVATION("Reciprocal", ""),
	ACTIVATION("Floor", ""),
	ACTIVATION("Ceil", ""),
	ACTIVATION("Round", ""),
	ACTIVATION("Sign", ""),
	ACTIVATION("Not", ""),
	{"Clip", "", 6, 10, 1, 1, 1, "f:min f:max", lu_apart_always, 0, lu_rule_unary, lu_kernel_unary},
	{"Clip", "", 11, LATEST, 1, 3, 1, "", lu_apart_always, 0, lu_rule_unary, lu_kernel_unary},

	/* one number from several */
	ARITHMETIC("Add"),
	ARITHMETIC("Sub"),
	ARITHMETIC("Mul"),
	ARITHMETIC("Div"),
	ARITHMETIC("Pow"),
	ARITHMETIC("PRelu"),
	ARITHMETIC("Equal"),
	ARITHMETIC("Greater"),
	ARITHMETIC("Less"),
	ARITHMETIC("GreaterOrEqual"),
	ARITHMETIC("LessOrEqual"),
	ARITHMETIC("And"),
	ARITHMETIC("Or"),
	{"Mod", "", 10, LATEST, 2, 2, 1, "i:fmod", lu_apart_broadcast, 0, lu_rule_nary, lu_kernel_nary},
	VARIADIC("Min"),
	VARIADIC("Max"),
	VARIADIC("Sum"),
	VARIADIC("Mean"),
	{"Where", "", 9, LATEST, 3, 3, 1, "", lu_apart_broadcast, 0, lu_rule_where, lu_kernel_where},

	/* one number from many */
	REDUCE("ReduceSum"),
	REDUCE("ReduceMean"),
	REDUCE("ReduceMax"),
	REDUCE("ReduceMin"),
	REDUCE("ReduceProd"),
	REDUCE("ReduceL1"),
	REDUCE("ReduceL2"),
	REDUCE("ReduceSumSquare"),
	REDUCE("ReduceLogSum"),
	REDUCE("ReduceLogSumExp"),
	{"ArgMax", "", 1, LATEST, 1, 1, 1, "i:axis i:keepdims i:select_last_index", lu_apart_arg, 0, lu_rule_arg,
	 lu_kernel_arg},
	{"ArgMin", "", 1, LATEST, 1, 1, 1, "i:axis i:keepdims i:select_last_index", lu_apart_arg, 0, lu_rule_arg,
	 lu_kernel_arg},

	/* shape only */
	{"Identity", "", 1, LATEST, 1, 1, 1, "", lu_apart_always, LU_OP_VIEW, lu_rule_identity, lu_kernel_copy},
	{"Dropout", "", 1, LATEST, 1, 3, 2, "f:ratio i:is_test i:seed", lu_apart_always, LU_OP_VIEW, lu_rule_identity,
	 lu_kernel_dropout},
	{"Reshape", "", 5, LATEST, 2, 2, 1, "i:allowzero", lu_apart_view, LU_OP_VIEW, lu_rule_reshape, lu_kernel_copy},
	{"Flatten", "", 1, LATEST, 1, 1, 1, "i:axis", lu_apart_view, LU_OP_VIEW, lu_rule_flatten, lu_kernel_copy},
	{"Squeeze", "", 1, LATEST, 1, 2, 1, "I:axes", lu_apart_view, LU_OP_VIEW, lu_rule_squeeze, lu_kernel_copy},
	{"Unsqueeze", "", 1, LATEST, 1, 2, 1, "I:axes", lu_apart_view, LU_OP_VIEW, lu_rule_unsqueeze, lu_kernel_copy},

	/* elements elsewhere */
	{"Transpose", "", 1, LATEST, 1, 1, 1, "I:perm", lu_apart_perm, 0, lu_rule_transpose, lu_kernel_transpose},
	{"Concat", "", 4, LATEST, 1, MANY, 1, "i:axis", lu_apart_axis, 0, lu_rule_concat, lu_kernel_concat},
	{"Slice", "", 1, 9, 1, 1, 1, "I:axes I:starts I:ends", lu_apart_slice, 0, lu_rule_slice, lu_kernel_slice},
	{"Slice", "", 10, LATEST, 3, 5, 1, "", lu_apart_slice, 0, lu_rule_slice, lu_kernel_slice},
	{"Pad", "", 2, 10, 1, 1, 1, "s:mode I:pads f:value", lu_apart_pad, 0, lu_rule_pad, lu_kernel_pad},
	{"Pad", "", 11, LATEST, 2, 4, 1, "s:mode", lu_apart_pad, 0, lu_rule_pad, lu_kernel_pad},

	{"Split", "", 2, LATEST, 1, 2, MANY, "i:axis I:split i:num_outputs", lu_apart_split, 0, lu_rule_split,
	 lu_kernel_split},
	{"Gather", "", 1, LATEST, 2, 2, 1, "i:axis", lu_apart_split, 0, lu_rule_gather, lu_kernel_gather},
	{"ScatterND", "", 11, LATEST, 3, 3, 1, "s:reduction", NULL, 0, lu_rule_scatter_nd, lu_kernel_scatter_nd},
	{"ScatterElements", "", 11, LATEST, 3, 3, 1, "i:axis s:reduction", NULL, 0, lu_rule_scatter_elements,
	 lu_kernel_scatter_elements},
	{"Scatter", "", 9, 10, 3, 3, 1, "i:axis", NULL, 0, lu_rule_scatter_elements, lu_kernel_scatter_elements},
	{"Expand", "", 8, LATEST, 2, 2, 1, "", lu_apart_expand, 0, lu_rule_expand, lu_kernel_expand},
	{"Tile", "", 6, LATEST, 2, 2, 1, "", lu_apart_tile, 0, lu_rule_tile, lu_kernel_tile},
	{"DepthToSpace", "", 1, LATEST, 1, 1, 1, "i:blocksize s:mode", lu_apart_always, 0, lu_rule_depth_space,
	 lu_kernel_depth_space},
	{"SpaceToDepth", "", 1, LATEST, 1, 1, 1, "i:blocksize", lu_apart_always, 0, lu_rule_depth_space,
	 lu_kernel_depth_space},
	{"Upsample", "", 7, 8, 1, 1, 1, "s:mode F:scales", lu_apart_resize, 0, lu_rule_resize, lu_kernel_resize},
	{"Upsample", "", 9, 10, 2, 2, 1, "s:mode", lu_apart_resize, 0, lu_rule_resize, lu_kernel_resize},
	{"Resize", "", 10, 10, 2, 2, 1, "s:mode", lu_apart_resize, 0, lu_rule_resize, lu_kernel_resize},
	{"Resize", "", 11, LATEST, 1, 4, 1,
	 "s:mode s:coordinate_transformation_mode s:nearest_mode f:cubic_coeff_a f:extrapolation_value "
	 "i:exclude_outside "
	 "i:antialias I:axes s:keep_aspect_ratio_policy",
	 lu_apart_resize, 0, lu_rule_resize, lu_kernel_resize},

	/* small integers */
	{"QuantizeLinear", "", 10, LATEST, 2, 3, 1, "i:axis i:block_size i:output_dtype i:precision i:saturate",
	 lu_apart_quantize, 0, lu_rule_quantize, lu_kernel_quantize},
	{"DequantizeLinear", "", 10, LATEST, 2, 3, 1, "i:axis i:block_size i:output_dtype", lu_apart_quantize, 0,
	 lu_rule_dequantize, lu_kernel_dequantize},

	/* trees */
	{"TreeEnsembleClassifier", "ai.onnx.ml", 1, 5, 1, 1, 2,
	 "F:base_values I:class_ids I:class_nodeids I:class_treeids F:class_weights I:classlabels_int64s "
	 "S:classlabels_strings I:nodes_falsenodeids I:nodes_featureids F:nodes_hitrates "
	 "I:nodes_missing_value_tracks_true "
	 "S:nodes_modes I:nodes_nodeids I:nodes_treeids I:nodes_truenodeids F:nodes_values s:post_transform",
	 lu_apart_always, 0, lu_rule_tree, lu_kernel_tree},

	/* tensors from shapes, attributes and types */
	{"Constant", "", 1, LATEST, 0, 0, 1, "t:value f:value_float F:value_floats i:value_int I:value_ints", NULL, 0,
	 lu_rule_constant, lu_kernel_constant},
	{"ConstantOfShape", "", 9, LATEST, 1, 1, 1, "t:value", NULL, 0, lu_rule_constant_of_shape,
	 lu_kernel_constant_of_shape},
	{"Shape", "", 1, LATEST, 1, 1, 1, "i:start i:end", NULL, LU_OP_SHAPE_ONLY, lu_rule_shape, lu_kernel_shape},
	{"Size", "", 1, LATEST, 1, 1, 1, "", NULL, LU_OP_SHAPE_ONLY, lu_rule_shape, lu_kernel_shape},
	{"Cast", "", 6, LATEST, 1, 1, 1, "i:to i:saturate s:round_mode", lu_apart_always, 0, lu_rule_cast,
	 lu_kernel_cast},
	{"CastLike", "", 15, LATEST, 2, 2, 1, "i:saturate s:round_mode", lu_apart_always, 0, lu_rule_cast,
	 lu_kernel_cast},
};

const struct lu_op *lu_op_table(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}

const struct lu_op *lu_op_find(const char *domain, const char *name, int opset)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (opset >= table[i].since && opset <= table[i].until && strcmp(table[i].name, name) == 0 &&
		    strcmp(table[i].domain, domain) == 0)
			return &table[i];
	return NULL;
}

char lu_op_attribute_kind(const struct lu_op *op, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = op->attributes; *at; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (*at && strcspn(at + 2, " ") == length && strncmp(at + 2, name, length) == 0)
			return *at;
	}
	return 0;
}
