/*
 * int8_products.c: Conv, Gemm and MatMul of integers.
 *
 * Takes a node whose input is held as integers and whose weights have them; gives a step that makes integers for the
 * QuantizeLinear behind it, or float32.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "nn/onednn/int8_parts.h"
#include "nn/ops/infer.h"

static bool find_residual(const struct lu_lowering *l, const struct lu_node *conv, struct lu_int8_residual *r)
{
	struct lu_node **n = r->nodes, *add;
	const struct lu_steps_form *shortcut;
	struct lu_onednn_point p, back;
	int other;

	n[0] = lu_graph_only_user(l->graph, conv);
	n[1] = lu_node_is(n[0], "QuantizeLinear") ? lu_graph_only_user(l->graph, n[0]) : NULL;
	n[2] = add = lu_node_is(n[1], "DequantizeLinear") ? lu_graph_only_user(l->graph, n[1]) : NULL;
	if (!lu_node_is(add, "Add") || add->n_in != 2 || add->fused.addend >= 0 || conv->fused.addend >= 0 ||
	    conv->fused.activation != LU_ACTIVATION_NONE || !lu_int8_point(l, n[0], &p) ||
	    !lu_int8_point(l, n[1], &back) || p.scale != back.scale || p.zero != back.zero)
		return false;
	other = add->in[add->in[0] == n[1]->out[0] ? 1 : 0];
	shortcut = lu_int8_form(l, other);
	*r = (struct lu_int8_residual){.nodes = {n[0], n[1], add},
				       .fused = add->fused,
				       .target = lu_int8_find_target(l, add),
				       .low = (float)(p.low - p.zero) * p.scale,
				       .high = (float)(p.high - p.zero) * p.scale};
	r->fused.addend = other;
	if (add->fused.activation != LU_ACTIVATION_NONE &&
	    (add->fused.activation != LU_ACTIVATION_RELU || !r->target.integers || r->target.p.zero != r->target.p.low))
		return false;
	return shortcut->held && shortcut->scale > 0 && (!r->target.integers || p.scale < 2 * r->target.p.scale) &&
	       lu_shape_equal(&lu_int8_tensor(l, other)->shape, &lu_int8_tensor(l, conv->out[0])->shape);
}

/* Everything of a Conv that oneDNN is asked for. */
struct conv {
	struct lu_window window;
	const_dnnl_memory_desc_t src, from, dst; /* 'from': the weights as the file has them */
};

/*
 * oneDNN's first choice gathers products for a matrix kernel. On few channels or pixels its older, direct kernel is faster;
 * us a chip on one core of an Emerald Rapids, first choice and direct, two rounds: 16 channels at 32 x 32 9.6 and 9.1,
 * 32 at 16 x 16 7.9 and 6.7, 96 at 14 x 14 43.0 and 40.6, 512 at 7 x 7 326 and 275; but 256 at 14 x 14 290 and 309.
 * The direct one knows no AMX, which makes 8 times as many products a cycle of 64 channels, 4 times of 32 and 2 of 16.
 */
static bool is_better_direct(const struct conv *c)
{
	if (c->window.rank != 2 || c->window.kernel[0] != 3 || lu_dnnl_rank(c->from) != 4)
		return false;
	if (lu_onednn_has(dnnl_cpu_isa_avx512_core_amx))
		return lu_dnnl_dims(c->src)[1] <= 16;
	return lu_dnnl_dims(c->src)[1] <= 96 || lu_dnnl_dims(c->dst)[2] * lu_dnnl_dims(c->dst)[3] <= 49;
}

static enum lu_status conv_pd(struct lu_lowering *l, const struct conv *c, const struct lu_int8_layer *y,
			      dnnl_primitive_desc_t *pd, struct lu_error *err)
{
	const struct lu_shape bias_shape = {.rank = 1, .dim = {y->channels}};
	const_dnnl_memory_desc_t weights, bias = lu_onednn_plain_md(l, &bias_shape);
	dnnl_dims_t stride, dilation, begin, end;
	dnnl_primitive_attr_t attr = NULL;
	enum lu_status status;
	dnnl_status_t made;

	weights = lu_onednn_tagged(l, lu_dnnl_rank(c->from), lu_dnnl_dims(c->from), dnnl_s8, dnnl_format_tag_any);
	for (int i = 0; i < c->window.rank; i++) {
		stride[i] = c->window.stride[i];
		dilation[i] = c->window.dilation[i] - 1;
		begin[i] = c->window.begin[i];
		end[i] = c->window.end[i];
	}
	status = lu_int8_attr(y, &attr, err);
	if (status != LU_OK)
		return status;
	/* In floats, then: integers want channels last. */
	if (lu_dnnl_divides_by_zero(lu_dnnl_rank(c->from), lu_dnnl_dims(c->from)))
		return lu_int8_created(dnnl_unimplemented, attr, pd, err);
	made = dnnl_convolution_forward_primitive_desc_create(pd, lu_onednn_engine(l), dnnl_forward_inference,
							      dnnl_convolution_direct, c->src, weights, bias, c->dst,
							      stride, dilation, begin, end, attr);
	if (made == dnnl_success && is_better_direct(c))
		made = lu_dnnl_find(pd, lu_onednn_engine(l), "jit_int8:avx512_core_vnni");
	return lu_int8_created(made, attr, pd, err);
}

static const_dnnl_memory_desc_t weights_md(struct lu_lowering *l, const struct lu_shape *shape, int64_t group)
{
	struct lu_shape grouped = *shape;

	if (group > 1) {
		grouped.rank = shape->rank + 1;
		grouped.dim[0] = group;
		grouped.dim[1] = shape->dim[0] / group;
		for (int i = 1; i < shape->rank; i++)
			grouped.dim[i + 1] = shape->dim[i];
	}
	return lu_onednn_plain_of(l, &grouped, dnnl_s8);
}

/* The addend's part in a layer, where it has one; false where integers cannot take it. */
static bool set_addend(const struct lu_lowering *l, struct lu_int8_layer *y, struct lu_int8_operands *o)
{
	const struct lu_steps_form *addend;

	if (y->fused->addend < 0)
		return true;
	addend = lu_int8_form(l, y->fused->addend);
	if (!y->target.integers) { /* added in float32 */
		y->addend_scale = 1;
		y->addend_type = dnnl_f32;
		return true;
	}
	/* Sums of uint8 to an int8 result, and the reverse, are wrong in some of oneDNN's kernels (2.6, 1x1). */
	if (!addend->held || addend->scale <= 0 || lu_dnnl_type(addend->md) != y->target.p.type)
		return false;
	y->addend_scale = o->addend_scale = addend->scale;
	y->addend_type = lu_dnnl_type(addend->md);
	y->addend_zero = o->addend_zero = addend->zero;
	return true;
}

/* Conv of integers; false in '*fits' where there is no kernel for it with this target. */
static enum lu_status try_conv(struct lu_lowering *l, const struct lu_node *node, const struct lu_int8_target *target,
			       const struct lu_int8_residual *residual, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *x = lu_int8_tensor(l, node->in[0]), *w = lu_int8_tensor(l, node->in[1]);
	const struct lu_tensor *b = lu_node_in(node, 2) >= 0 ? lu_int8_tensor(l, node->in[2]) : NULL;
	const struct lu_steps_form *source = lu_int8_form(l, node->in[0]);
	struct lu_int8_layer y = {.target = *target,
				  .fused = residual != NULL ? &residual->fused : &node->fused,
				  .channels = w->shape.dim[0],
				  .residual = residual,
				  .groups = lu_node_int(node, "group", 1) > 1};
	struct lu_int8_operands o = {.quantisation = l->graph->values[node->in[1]].quantisation,
				     .bias = b != NULL ? b->data : NULL,
				     .bias_factor = 1,
				     .source_scale = source->scale,
				     .channels = w->shape.dim[0],
				     .depth = lu_shape_span(&w->shape, 1, w->shape.rank),
				     .by_depth = 1};
	struct lu_onednn_arg args[LU_INT8_MOST_ARGS];
	dnnl_primitive_desc_t pd = NULL;
	struct lu_int8_arithmetic a;
	enum lu_status status;
	bool padded = false;
	struct lu_call call;
	struct conv c;
	int n_args;

	o.by_channel = o.depth;
	if (!set_addend(l, &y, &o) ||
	    !lu_int8_layout(l, &lu_int8_tensor(l, node->out[0])->shape, target->p.type, &c.dst))
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_call_window(&call, &x->shape, w->shape.dim + 2, &c.window, err));
	for (int i = 0; i < c.window.rank; i++)
		padded |= c.window.begin[i] || c.window.end[i];
	/* Where padding enters the sum, its zero is z_x, which only the kernel can know. */
	y.source_zero = padded ? source->zero : 0;
	o.source_zero = padded ? 0 : source->zero;
	LU_TRY(lu_int8_arrange(l, node->in[0], err));
	LU_TRY(lu_int8_take_arithmetic(l, y.channels, &a, err));
	if (!lu_int8_set_arithmetic(&o, target, !lu_int8_can_saturate(y.fused->activation), &a))
		return LU_OK;
	y.scales = a.scales;
	c.src = source->md;
	c.from = weights_md(l, &w->shape, lu_node_int(node, "group", 1));
	LU_TRY(conv_pd(l, &c, &y, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	args[LU_INT8_SRC] = (struct lu_onednn_arg){DNNL_ARG_SRC, c.src, source->buffer, 0};
	args[LU_INT8_DST] = (struct lu_onednn_arg){DNNL_ARG_DST, c.dst, -1, 0};
	LU_TRY(lu_int8_pack(l, &y, o.quantisation, c.from, lu_onednn_queried(l, pd, dnnl_query_weights_md), &a, args,
			    &n_args, err));
	LU_TRY(lu_int8_place(l, &y, c.dst, source->buffer, &args[LU_INT8_DST].buffer, err));
	status = lu_onednn_step(l, node, node->op->name, pd, args, n_args, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

/* Integers of the weights and a scale a channel, which lie along 'axis'; a constant bias, or none. */
static bool has_quantisation(const struct lu_lowering *l, const struct lu_node *node, int axis)
{
	const struct lu_quantisation *quantisation = l->graph->values[node->in[1]].quantisation;
	int bias = lu_node_in(node, 2);

	return quantisation != NULL && (quantisation->axis < 0 || quantisation->axis == axis) &&
	       (bias < 0 || lu_int8_tensor(l, bias)->data != NULL);
}

enum lu_status lu_int8_conv(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_steps_form *source = lu_int8_form(l, node->in[0]);
	const struct lu_int8_target floats = {.value = node->out[0], .p = {.scale = 1, .type = dnnl_f32}};
	struct lu_int8_target target = lu_int8_find_target(l, node);
	struct lu_int8_residual residual;
	enum lu_status status;

	if (!source->held || source->scale <= 0 || lu_int8_tensor(l, node->in[0])->shape.rank != 4 ||
	    !has_quantisation(l, node, 0))
		return LU_OK;
	if (find_residual(l, node, &residual)) {
		const struct lu_op *ops[3];

		/* Out of the graph, they no longer read the shortcut. */
		for (int i = 0; i < 3; i++) {
			ops[i] = residual.nodes[i]->op;
			residual.nodes[i]->op = NULL;
		}
		LU_TRY(try_conv(l, node, &residual.target, &residual, taken, err));
		if (*taken)
			return LU_OK;
		for (int i = 0; i < 3; i++)
			residual.nodes[i]->op = ops[i];
	}
	LU_TRY(try_conv(l, node, &target, NULL, taken, err));
	if (!*taken && target.integers)
		LU_TRY(try_conv(l, node, &floats, NULL, taken, err));
out:
	return status;
}

/* y = x B + c over rows. */
enum lu_status lu_int8_product(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *x = lu_int8_tensor(l, node->in[0]), *w = lu_int8_tensor(l, node->in[1]);
	const struct lu_tensor *b = lu_node_in(node, 2) >= 0 ? lu_int8_tensor(l, node->in[2]) : NULL;
	const struct lu_steps_form *source = lu_int8_form(l, node->in[0]);
	bool trans_b = lu_node_int(node, "transB", 0) != 0;
	struct lu_int8_target target = lu_int8_find_target(l, node);
	struct lu_int8_layer y = {.target = target, .fused = &node->fused};
	struct lu_int8_operands o = {.quantisation = l->graph->values[node->in[1]].quantisation,
				     .bias = b != NULL ? b->data : NULL,
				     .bias_factor = lu_node_float(node, "beta", 1),
				     .source_scale = source->scale,
				     .source_zero = source->zero};
	const_dnnl_memory_desc_t src, dst, weights, bias, from;
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	struct lu_shape shape = {.rank = 2};
	struct lu_onednn_arg args[LU_INT8_MOST_ARGS];
	dnnl_dims_t dims, strides;
	struct lu_int8_arithmetic a;
	enum lu_status status;
	int n_args;

	if (!source->held || source->scale <= 0 || x->shape.rank != 2 || w->shape.rank != 2 ||
	    lu_node_int(node, "transA", 0) || lu_node_float(node, "alpha", 1) != 1 || node->fused.addend >= 0 ||
	    !has_quantisation(l, node, trans_b ? 0 : 1))
		return LU_OK;
	o.channels = y.channels = w->shape.dim[trans_b ? 0 : 1];
	o.depth = w->shape.dim[trans_b ? 1 : 0];
	o.by_channel = trans_b ? o.depth : 1;
	o.by_depth = trans_b ? 1 : o.channels;
	if (b != NULL && (lu_shape_count(&b->shape) != o.channels || b->shape.dim[b->shape.rank - 1] != o.channels))
		return LU_OK;
	if (!lu_int8_layout(l, &x->shape, lu_dnnl_type(source->md), &src) || !dnnl_memory_desc_equal(src, source->md) ||
	    !lu_int8_layout(l, &lu_int8_tensor(l, node->out[0])->shape, target.p.type, &dst))
		return LU_OK;
	LU_TRY(lu_int8_take_arithmetic(l, y.channels, &a, err));
	if (!lu_int8_set_arithmetic(&o, &target, !lu_int8_can_saturate(node->fused.activation), &a))
		return LU_OK;
	y.scales = a.scales;
	dims[0] = shape.dim[0] = o.channels;
	dims[1] = shape.dim[1] = o.depth;
	strides[0] = o.by_channel;
	strides[1] = o.by_depth;
	weights = lu_onednn_any_md(l, &shape, dnnl_s8);
	shape.rank = 1;
	bias = lu_onednn_plain_md(l, &shape);
	from = lu_onednn_strided(l, 2, dims, dnnl_s8, strides);
	LU_TRY(lu_int8_attr(&y, &attr, err));
	LU_TRY(lu_int8_created(dnnl_inner_product_forward_primitive_desc_create(
				       &pd, lu_onednn_engine(l), dnnl_forward_inference, src, weights, bias, dst, attr),
			       attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	args[LU_INT8_SRC] = (struct lu_onednn_arg){DNNL_ARG_SRC, src, source->buffer, 0};
	args[LU_INT8_DST] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(lu_int8_pack(l, &y, o.quantisation, from, lu_onednn_queried(l, pd, dnnl_query_weights_md), &a, args,
			    &n_args, err));
	LU_TRY(lu_int8_place(l, &y, dst, source->buffer, &args[LU_INT8_DST].buffer, err));
	status = lu_onednn_step(l, node, node->op->name, pd, args, n_args, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

#endif
