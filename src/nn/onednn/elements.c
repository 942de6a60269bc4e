/*
 * elements.c: functions of each element on oneDNN: activations that found no layer, and arithmetic of two operands.
 *
 * The result has the layout of the (wider) input, and its memory where that may be overwritten.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "nn/onednn/parts.h"
#include "nn/passes/passes.h"

static const struct lu_fused nothing = {.addend = -1};

static dnnl_alg_kind_t eltwise_kind(const struct lu_fused *fused)
{
	switch (fused->activation) {
	case LU_ACTIVATION_RELU:
	case LU_ACTIVATION_LEAKY_RELU:
		return dnnl_eltwise_relu;
	case LU_ACTIVATION_CLIP:
		return dnnl_eltwise_clip;
	case LU_ACTIVATION_SIGMOID:
		return dnnl_eltwise_logistic;
	case LU_ACTIVATION_HARD_SWISH:
		return dnnl_eltwise_hardswish;
	case LU_ACTIVATION_SWISH:
		return dnnl_eltwise_swish;
	case LU_ACTIVATION_TANH:
		return dnnl_eltwise_tanh;
	case LU_ACTIVATION_ELU:
		return dnnl_eltwise_elu;
	default:
		return dnnl_alg_kind_undef;
	}
}

/* Functions of one number that are never fused. */
static dnnl_alg_kind_t named_kind(const struct lu_node *node)
{
	static const struct {
		const char *op;
		dnnl_alg_kind_t kind;
	} kinds[] = {
		{"Mish", dnnl_eltwise_mish},
		{"Sqrt", dnnl_eltwise_sqrt},
		{"Exp", dnnl_eltwise_exp},
		{"Abs", dnnl_eltwise_abs},
	};

	if (lu_node_is(node, "Gelu"))
		return strcmp(lu_node_string(node, "approximate", "none"), "tanh") == 0 ? dnnl_eltwise_gelu_tanh
											: dnnl_eltwise_gelu_erf;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (lu_node_is(node, kinds[i].op))
			return kinds[i].kind;
	return dnnl_alg_kind_undef;
}

/* An activation that found no layer to be fused into. */
enum lu_status lu_onednn_eltwise(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_attr_t attr = NULL;
	struct lu_fused fused;
	dnnl_alg_kind_t kind;
	enum lu_status status;
	struct lu_form src;

	kind = named_kind(node);
	fused = nothing;
	if (kind == dnnl_alg_kind_undef && lu_fused_from(l->graph, node, &fused))
		kind = eltwise_kind(&fused);
	if (kind == dnnl_alg_kind_undef)
		return LU_OK;
	if (fused.activation == LU_ACTIVATION_SWISH)
		fused.alpha = 1;
	if (fused.activation == LU_ACTIVATION_HARD_SWISH) {
		fused.alpha = 1.0f / 6;
		fused.beta = 0.5f;
	}
	LU_TRY(lu_onednn_form(l, node->in[0], &src, err));
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_eltwise_forward_primitive_desc_create(&pd, lu_onednn_engine(l),
									    dnnl_forward_inference, kind, src.md,
									    src.md, fused.alpha, fused.beta, attr),
				 attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	LU_TRY(lu_onednn_step_of_one(l, node, pd, &src, true, err));
out:
	return status;
}

static dnnl_alg_kind_t binary_kind(const struct lu_node *node)
{
	static const struct {
		const char *op;
		dnnl_alg_kind_t kind;
	} kinds[] = {
		{"Add", dnnl_binary_add}, {"Sum", dnnl_binary_add}, {"Mul", dnnl_binary_mul},
		{"Sub", dnnl_binary_sub}, {"Div", dnnl_binary_div},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (lu_node_is(node, kinds[i].op))
			return kinds[i].kind;
	return dnnl_alg_kind_undef;
}

/*
 * The layout of an operand that is broadcast to one of layout 'md': plain, but where 'md' has blocks of channels and the
 * operand one number a channel, the same blocks. oneDNN has no fast kernel for the two together.
 */
static const_dnnl_memory_desc_t broadcast_md(struct lu_lowering *l, const_dnnl_memory_desc_t md,
					     const struct lu_shape *shape)
{
	struct lu_blocks b;

	if (lu_dnnl_blocks(md, &b) && b.count == 1 && b.axes[0] == 1 && shape->rank == 4 &&
	    shape->dim[1] == lu_dnnl_dims(md)[1] && shape->dim[2] == 1 && shape->dim[3] == 1 &&
	    (b.sizes[0] == 8 || b.sizes[0] == 16))
		return lu_onednn_tagged(l, 4, (const dnnl_dims_t){shape->dim[0], shape->dim[1], 1, 1}, dnnl_f32,
					b.sizes[0] == 8 ? dnnl_nChw8c : dnnl_nChw16c);
	return lu_onednn_plain_md(l, shape);
}

/* Two operands of one shape, or of which the second has ones where the first has more (squeeze-and-excitation). */
enum lu_status lu_onednn_binary(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape, *second;
	struct lu_onednn_arg args[3];
	int wide = 0, narrow = 1;
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_attr_t attr = NULL;
	const_dnnl_memory_desc_t dst, narrow_md;
	struct lu_form src;
	enum lu_status status;

	if (node->n_in != 2 || node->opset < 7 || out->rank > 5 || out->rank < 1)
		return LU_OK;
	if (!lu_shape_equal(out, &l->graph->values[node->in[0]].tensor.shape)) {
		/* Only where the order does not matter may the wide operand come second. */
		if (binary_kind(node) != dnnl_binary_add && binary_kind(node) != dnnl_binary_mul)
			return LU_OK;
		wide = 1;
		narrow = 0;
	}
	second = &l->graph->values[node->in[narrow]].tensor.shape;
	if (!lu_shape_equal(out, &l->graph->values[node->in[wide]].tensor.shape) || second->rank != out->rank)
		return LU_OK;
	status = lu_onednn_form(l, node->in[wide], &src, err);
	if (status != LU_OK)
		return status;
	/* Layouts must be of one kind; a broadcast operand is small, so plain will do for it. */
	narrow_md = lu_shape_equal(out, second) ? src.md : broadcast_md(l, src.md, second);
	narrow_md = lu_onednn_retype(l, narrow_md, lu_dnnl_type(src.md));
	dst = src.md;
	LU_TRY(lu_onednn_attr(&node->fused, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_binary_primitive_desc_create(&pd, lu_onednn_engine(l), binary_kind(node), src.md,
								   narrow_md, dst, attr),
				 attr, &pd, err));
	/* A reference kernel, or none: ours. */
	if (pd == NULL || strncmp(lu_dnnl_kernel(pd), "ref", 3) == 0)
		goto out;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC_0, src.md, src.buffer, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_SRC_1, narrow_md, -1, 0};
	args[2] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(lu_onednn_want(l, node->in[narrow], narrow_md, &args[1].buffer, err));
	if (args[1].buffer != src.buffer && lu_onednn_may_overwrite(l, node->in[wide], src.buffer)) {
		args[2].buffer = src.buffer;
		lu_onednn_hold(l, node->out[0], dst, src.buffer);
	} else {
		LU_TRY(lu_onednn_make(l, node->out[0], dst, &args[2].buffer, err));
	}
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, 3, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

#endif
