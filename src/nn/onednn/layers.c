/*
 * layers.c: the rest of a classifier on oneDNN: pools, normalisation, arithmetic, and movement.
 *
 * Layers work in whatever layout their input is in, so that blocked layouts go through. Where
 * oneDNN's meaning differs from ONNX's, a node is declined and runs the reference.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>
#include <string.h>

#include "nn/onednn/parts.h"
#include "nn/ops/infer.h"
#include "nn/passes/passes.h"

static const struct lu_fused nothing = {.addend = -1};

/* Source in its present form, destination as the primitive likes it: the common case of one in, one out. */
static enum lu_status append_simple(struct lu_lowering *l, const struct lu_node *node, dnnl_primitive_desc_t pd,
				    const struct lu_form *src, bool in_place, struct lu_error *err)
{
	const_dnnl_memory_desc_t dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	struct lu_onednn_arg args[] = {
		{DNNL_ARG_SRC, src->md, src->buffer, 0},
		{DNNL_ARG_DST, dst, src->buffer, 0},
	};
	enum lu_status status = LU_OK;

	if (in_place && lu_onednn_may_overwrite(l, node->in[0], src->buffer))
		lu_onednn_hold(l, node->out[0], dst, src->buffer);
	else
		status = lu_onednn_make(l, node->out[0], dst, &args[1].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	return lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
}

static void global_window(const struct lu_shape *shape, struct lu_window *w)
{
	memset(w, 0, sizeof(*w));
	w->rank = shape->rank - 2;
	for (int i = 0; i < w->rank; i++) {
		w->in[i] = w->kernel[i] = shape->dim[2 + i];
		w->stride[i] = w->dilation[i] = w->out[i] = 1;
	}
}

enum lu_status lu_onednn_pool_pd(struct lu_lowering *l, const struct lu_node *node, const_dnnl_memory_desc_t src,
				 dnnl_primitive_desc_t *pd, struct lu_error *err)
{
	const struct lu_shape *x = &l->graph->values[node->in[0]].tensor.shape;
	bool global = strncmp(node->op->name, "Global", 6) == 0, maximum = strstr(node->op->name, "Max") != NULL;
	bool include = lu_node_int(node, "count_include_pad", 0) != 0;
	dnnl_alg_kind_t alg = maximum   ? dnnl_pooling_max
			      : include ? dnnl_pooling_avg_include_padding
					: dnnl_pooling_avg_exclude_padding;
	dnnl_dims_t stride, kernel, dilation, begin, end;
	dnnl_primitive_attr_t attr = NULL;
	const_dnnl_memory_desc_t dst;
	struct lu_window w;
	enum lu_status status;
	struct lu_call call;

	*pd = NULL;
	if (x->rank < 3 || x->rank > 5 || (node->n_out > 1 && node->out[1] >= 0))
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	if (global)
		global_window(x, &w);
	else if ((status = lu_call_window(&call, x, NULL, &w, err)) != LU_OK)
		return status;
	for (int i = 0; i < w.rank; i++) {
		int64_t extent = (w.kernel[i] - 1) * w.dilation[i] + 1;
		int64_t reach = (w.out[i] - 1) * w.stride[i] + extent - w.in[i] - w.begin[i];

		/* With ceil_mode the last window may reach beyond the padding: that part must not count. */
		if (reach > w.end[i] && include)
			return LU_OK;
		/* Windows wholly in the padding, and averages with holes, are not oneDNN's. */
		if (w.begin[i] >= extent || reach >= extent || (!maximum && w.dilation[i] > 1))
			return LU_OK;
		stride[i] = w.stride[i];
		kernel[i] = w.kernel[i];
		dilation[i] = w.dilation[i] - 1;
		begin[i] = w.begin[i];
		end[i] = reach > w.end[i] ? reach : w.end[i];
	}
	dst = lu_onednn_any_md(l, &l->graph->values[node->out[0]].tensor.shape, lu_dnnl_type(src));
	status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status != LU_OK)
		return status;
	return lu_onednn_created(dnnl_pooling_forward_primitive_desc_create(pd, lu_onednn_engine(l),
									    dnnl_forward_inference, alg, src, dst,
									    stride, kernel, dilation, begin, end, attr),
				 attr, pd, err);
}

enum lu_status lu_onednn_pool(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;
	struct lu_form src;

	LU_TRY(lu_onednn_form(l, node->in[0], &src, err));
	LU_TRY(lu_onednn_pool_pd(l, node, src.md, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	LU_TRY(append_simple(l, node, pd, &src, false, err));
out:
	return status;
}

enum lu_status lu_onednn_batch_norm(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	bool relu = node->fused.activation == LU_ACTIVATION_RELU;
	unsigned flags = dnnl_use_global_stats | dnnl_use_scale | dnnl_use_shift | (relu ? dnnl_fuse_norm_relu : 0);
	/* The node's inputs from its second on. */
	static const int names[] = {DNNL_ARG_SCALE, DNNL_ARG_SHIFT, DNNL_ARG_MEAN, DNNL_ARG_VARIANCE};
	struct lu_onednn_arg args[6];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	const struct lu_tensor *t[5];
	enum lu_status status;
	struct lu_form src;

	for (int i = 0; i < 5; i++) {
		t[i] = &l->graph->values[node->in[i]].tensor;
		if (i && t[i]->data == NULL)
			return LU_OK;
	}
	if (t[0]->shape.rank > 5 || (node->fused.activation != LU_ACTIVATION_NONE && !relu))
		return LU_OK;
	status = lu_onednn_form(l, node->in[0], &src, err);
	if (status == LU_OK)
		status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status == LU_OK)
		status = lu_onednn_created(dnnl_batch_normalization_forward_primitive_desc_create(
						   &pd, lu_onednn_engine(l), dnnl_forward_inference, src.md, src.md,
						   lu_node_float(node, "epsilon", 1e-5f), flags, attr),
					   attr, &pd, err);
	if (status != LU_OK || pd == NULL)
		return status;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, src.md, src.buffer, 0};
	for (int i = 1; i < 5 && status == LU_OK; i++) {
		args[i] = (struct lu_onednn_arg){names[i - 1], lu_onednn_plain_md(l, &t[i]->shape), -1, 0};
		status = lu_lower_plain(l, node->in[i], &args[i].buffer, err);
	}
	args[5] = (struct lu_onednn_arg){DNNL_ARG_DST, src.md, src.buffer, 0};
	if (status == LU_OK && lu_onednn_may_overwrite(l, node->in[0], src.buffer))
		lu_onednn_hold(l, node->out[0], src.md, src.buffer);
	else if (status == LU_OK)
		status = lu_onednn_make(l, node->out[0], src.md, &args[5].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, 6, err);
}

/* Is it a constant of as many numbers as the normalised axes have places? */
static bool goes_along(const struct lu_tensor *t, int64_t length)
{
	return t->data != NULL && t->type == LU_TYPE_FLOAT32 && lu_shape_count(&t->shape) == length;
}

/* Lines from 'axis' on, which lie one behind the other in a plain tensor, are rows of a matrix to oneDNN. */
enum lu_status lu_onednn_layer_norm(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	const struct lu_shape *shape = &l->graph->values[node->in[0]].tensor.shape;
	int64_t axis = lu_node_int(node, "axis", -1);
	struct lu_shape rows = {.rank = 2}, along = {.rank = 1};
	unsigned flags = dnnl_use_scale;
	struct lu_onednn_arg args[4];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	const_dnnl_memory_desc_t md, vector;
	enum lu_status status;
	int n = 0;

	axis += axis < 0 ? shape->rank : 0;
	rows.dim[0] = lu_shape_span(shape, 0, (int)axis);
	rows.dim[1] = along.dim[0] = lu_shape_span(shape, (int)axis, shape->rank);
	for (int i = 1; i < node->n_in; i++)
		if (node->in[i] >= 0 && !goes_along(&l->graph->values[node->in[i]].tensor, along.dim[0]))
			return LU_OK;
	for (int i = 1; i < node->n_out; i++)
		if (node->out[i] >= 0)
			return LU_OK;
	if (lu_node_in(node, 2) >= 0)
		flags |= dnnl_use_shift;
	md = lu_onednn_plain_md(l, &rows);
	vector = lu_onednn_plain_md(l, &along);
	status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status == LU_OK)
		status = lu_onednn_created(dnnl_layer_normalization_forward_primitive_desc_create(
						   &pd, lu_onednn_engine(l), dnnl_forward_inference, md, md, NULL,
						   lu_node_float(node, "epsilon", 1e-5f), flags, attr),
					   attr, &pd, err);
	if (status != LU_OK || pd == NULL)
		return status;
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SRC, md, -1, 0};
	status = lu_lower_plain(l, node->in[0], &args[n++].buffer, err);
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SCALE, vector, -1, 0};
	if (status == LU_OK)
		status = lu_lower_plain(l, node->in[1], &args[n++].buffer, err);
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SHIFT, vector, -1, 0};
	if (status == LU_OK && (flags & dnnl_use_shift))
		status = lu_lower_plain(l, node->in[2], &args[n++].buffer, err);
	args[n] = (struct lu_onednn_arg){DNNL_ARG_DST, md, -1, 0};
	if (status == LU_OK)
		status = lu_lower_output(l, node->out[0], &args[n++].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, n, err);
}

enum lu_status lu_onednn_lrn(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	int64_t size = lu_node_int(node, "size", 1);
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_attr_t attr = NULL;
	enum lu_status status;
	struct lu_form src;

	/* An even window leans to opposite sides in ONNX and oneDNN. */
	if (size % 2 == 0 || l->graph->values[node->in[0]].tensor.shape.rank != 4)
		return LU_OK;
	LU_TRY(lu_onednn_form(l, node->in[0], &src, err));
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_lrn_forward_primitive_desc_create(
					 &pd, lu_onednn_engine(l), dnnl_forward_inference, dnnl_lrn_across_channels,
					 src.md, src.md, size, lu_node_float(node, "alpha", 1e-4f),
					 lu_node_float(node, "beta", 0.75f), lu_node_float(node, "bias", 1), attr),
				 attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	LU_TRY(append_simple(l, node, pd, &src, false, err));
out:
	return status;
}

enum lu_status lu_onednn_softmax(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *shape = &l->graph->values[node->in[0]].tensor.shape;
	int64_t axis = lu_node_int(node, "axis", node->opset < 13 ? 1 : -1);
	struct lu_shape flat = {.rank = 3};
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_attr_t attr = NULL;
	struct lu_onednn_arg args[2];
	const_dnnl_memory_desc_t md;
	enum lu_status status;

	axis += axis < 0 ? shape->rank : 0;
	if (shape->rank < 1 || axis >= shape->rank)
		return LU_OK;
	flat.dim[0] = lu_shape_span(shape, 0, (int)axis);
	flat.dim[1] = shape->dim[axis];
	flat.dim[2] = lu_shape_span(shape, (int)axis + 1, shape->rank);
	if (node->opset < 13) { /* everything from 'axis' on is one line */
		flat.dim[1] *= flat.dim[2];
		flat.dim[2] = 1;
	}
	md = lu_onednn_plain_md(l, &flat);
	status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status == LU_OK)
		status = lu_onednn_created(
			dnnl_softmax_forward_primitive_desc_create(&pd, lu_onednn_engine(l), dnnl_forward_inference,
								   dnnl_softmax_accurate, md, md, 1, attr),
			attr, &pd, err);
	if (status != LU_OK || pd == NULL)
		return status;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, md, -1, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_DST, md, -1, 0};
	status = lu_lower_plain(l, node->in[0], &args[0].buffer, err);
	if (status == LU_OK)
		status = lu_lower_output(l, node->out[0], &args[1].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
}

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
	LU_TRY(append_simple(l, node, pd, &src, true, err));
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
	status = lu_onednn_attr(&node->fused, false, &attr, err);
	if (status == LU_OK)
		status =
			lu_onednn_created(dnnl_binary_primitive_desc_create(&pd, lu_onednn_engine(l), binary_kind(node),
									    src.md, narrow_md, dst, attr),
					  attr, &pd, err);
	if (status != LU_OK || pd == NULL)
		return status;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC_0, src.md, src.buffer, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_SRC_1, narrow_md, -1, 0};
	args[2] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_onednn_want(l, node->in[narrow], narrow_md, &args[1].buffer, err);
	if (status == LU_OK && args[1].buffer != src.buffer && lu_onednn_may_overwrite(l, node->in[wide], src.buffer)) {
		args[2].buffer = src.buffer;
		lu_onednn_hold(l, node->out[0], dst, src.buffer);
	} else if (status == LU_OK) {
		status = lu_onednn_make(l, node->out[0], dst, &args[2].buffer, err);
	}
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, 3, err);
}

enum lu_status lu_onednn_concat(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	int64_t axis = lu_node_int(node, "axis", 1);
	const_dnnl_memory_desc_t mds[LU_MAX_CALL], dst = lu_onednn_any_md(l, out, lu_onednn_type(l));
	struct lu_onednn_arg args[LU_MAX_CALL + 1];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status = LU_OK;

	if (out->rank < 2 || out->rank > 5)
		return LU_OK;
	axis += axis < 0 ? out->rank : 0;
	for (int i = 0; i < node->n_in; i++) {
		struct lu_form form;

		status = lu_onednn_form(l, node->in[i], &form, err);
		if (status != LU_OK)
			return status;
		mds[i] = lu_onednn_retype(l, form.md, lu_onednn_type(l));
		args[i] = (struct lu_onednn_arg){DNNL_ARG_MULTIPLE_SRC + i, mds[i], -1, 0};
		LU_TRY(lu_onednn_want(l, node->in[i], mds[i], &args[i].buffer, err));
	}
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(LU_ONEDNN(lu_dnnl_concat(&pd, lu_onednn_engine(l), dst, node->n_in, (int)axis, mds, attr)));
out:
	dnnl_primitive_attr_destroy(attr);
	if (status != LU_OK)
		return status;
	dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	args[node->n_in] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_onednn_make(l, node->out[0], dst, &args[node->n_in].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, node->n_in + 1, err);
}

/* A strided view of a plain tensor, copied to a plain one: a Slice is a reorder. */
static enum lu_status strided_copy(struct lu_lowering *l, const struct lu_node *node, const dnnl_dims_t strides,
				   size_t shift_bytes, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	const_dnnl_memory_desc_t dst = lu_onednn_plain_md(l, out), src;
	struct lu_onednn_arg args[2];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;

	/* Strides that look as if elements overlapped (a stepped Slice whose last step is cut short) are refused. */
	src = dst != NULL ? lu_onednn_strided(l, out->rank, lu_dnnl_dims(dst), dnnl_f32, strides) : NULL;
	if (src == NULL)
		return LU_OK;
	status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_reorder_primitive_desc_create(&pd, src, lu_onednn_engine(l), dst,
								      lu_onednn_engine(l), attr));
	dnnl_primitive_attr_destroy(attr);
	if (status != LU_OK)
		return status;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, src, -1, shift_bytes};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_lower_plain(l, node->in[0], &args[0].buffer, err);
	if (status == LU_OK)
		status = lu_lower_output(l, node->out[0], &args[1].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
}

/* The same numbers in the same place, their dimensions in another order. */
static const_dnnl_memory_desc_t turn(struct lu_lowering *l, const_dnnl_memory_desc_t from, const int64_t *strides,
				     const int64_t *perm)
{
	dnnl_dims_t dims, turned;

	for (int i = 0; i < lu_dnnl_rank(from); i++) {
		dims[i] = lu_dnnl_dims(from)[perm[i]];
		turned[i] = strides[perm[i]];
	}
	return lu_onednn_strided(l, lu_dnnl_rank(from), dims, lu_dnnl_type(from), turned);
}

/*
 * Nothing moves where the value's layout can be told by strides: its dimensions get other names. Where it cannot, one
 * reorder makes the plain result.
 */
enum lu_status lu_onednn_transpose(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *in = &l->graph->values[node->in[0]].tensor;
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	int64_t perm[LU_MAX_RANK], strides[DNNL_MAX_NDIMS], plain[LU_MAX_RANK];
	const_dnnl_memory_desc_t from, to;
	enum lu_status status;
	struct lu_form form;
	const int64_t *given;
	int buffer;
	size_t n;

	if (in->data != NULL || in->shape.rank < 2 || in->shape.rank > 6)
		return LU_OK;
	given = lu_node_ints(node, "perm", &n);
	for (int i = 0; i < in->shape.rank; i++)
		perm[i] = given != NULL ? given[i] : in->shape.rank - 1 - i;
	LU_TRY(lu_onednn_form(l, node->in[0], &form, err));
	buffer = form.buffer;
	from = form.md;
	if (!lu_onednn_strides(form.md, strides)) {
		dnnl_dims_t dims;

		lu_shape_strides(out, plain);
		for (int i = 0; i < in->shape.rank; i++) {
			strides[perm[i]] = plain[i];
			dims[i] = in->shape.dim[i];
		}
		from = lu_onednn_strided(l, in->shape.rank, dims, dnnl_f32, strides);
		LU_TRY(lu_onednn_want(l, node->in[0], from, &buffer, err));
	}
	to = turn(l, from, strides, perm);
	if (to == NULL)
		return lu_onednn_no_layout(err);
	lu_onednn_hold(l, node->out[0], to, buffer);
	*taken = true;
out:
	return status;
}

enum lu_status lu_onednn_slice(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *shape = &l->graph->values[node->in[0]].tensor.shape;
	int64_t own[LU_MAX_RANK], start[LU_MAX_RANK], step[LU_MAX_RANK], shift = 0;
	dnnl_dims_t strides = {0};
	struct lu_call call;

	lu_call_prepare(l->graph, node, &call);
	if (shape->rank < 1 || shape->rank > 6 || !lu_slice_origin(&call, start, step))
		return LU_OK;
	lu_shape_strides(shape, own);
	for (int i = 0; i < shape->rank; i++) {
		if (step[i] < 0)
			return LU_OK;
		strides[i] = own[i] * step[i];
		shift += own[i] * start[i];
	}
	return strided_copy(l, node, strides, (size_t)shift * sizeof(float), taken, err);
}

#endif
