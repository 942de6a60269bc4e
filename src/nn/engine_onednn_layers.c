/*
 * engine_onednn_layers.c: the rest of a classifier on oneDNN: pools, normalisation, arithmetic, and movement.
 *
 * Layers work in whatever layout their input is in, so that blocked layouts go through. Where
 * oneDNN's meaning differs from ONNX's, a node is declined and runs the reference.
 */
#include "nn/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>
#include <string.h>

#include "nn/engine_onednn.h"
#include "nn/infer.h"
#include "nn/passes/passes.h"

static const struct lu_fused nothing = {.addend = -1};

/* Source in its present form, destination as the primitive likes it: the common case of one in, one out. */
static enum lu_status append_simple(struct lu_lowering *l, const struct lu_node *node, dnnl_primitive_desc_t pd,
				    const struct lu_form *src, bool in_place, struct lu_error *err)
{
	dnnl_memory_desc_t dst = *dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0);
	struct lu_onednn_arg args[] = {
		{DNNL_ARG_SRC, src->md, src->buffer, 0},
		{DNNL_ARG_DST, dst, src->buffer, 0},
	};
	enum lu_status status = LU_OK;

	if (in_place && lu_onednn_may_overwrite(l, node->in[0], src->buffer))
		lu_onednn_hold(l, node->out[0], &dst, src->buffer);
	else
		status = lu_onednn_make(l, node->out[0], &dst, &args[1].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	return lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
}

static enum lu_status create(struct lu_lowering *l, const struct lu_fused *fused, const_dnnl_op_desc_t desc,
			     dnnl_primitive_desc_t *pd, struct lu_error *err)
{
	dnnl_primitive_attr_t attr = NULL;
	enum lu_status status = lu_onednn_attr(fused, false, &attr, err);

	if (status == LU_OK)
		return lu_onednn_create(l, desc, attr, pd, err);
	dnnl_primitive_attr_destroy(attr);
	return status;
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

enum lu_status lu_onednn_pool_pd(struct lu_lowering *l, const struct lu_node *node, const dnnl_memory_desc_t *src,
				 dnnl_primitive_desc_t *pd, struct lu_error *err)
{
	const struct lu_shape *x = &l->graph->values[node->in[0]].tensor.shape;
	bool global = strncmp(node->op->name, "Global", 6) == 0, maximum = strstr(node->op->name, "Max") != NULL;
	bool include = lu_node_int(node, "count_include_pad", 0) != 0;
	dnnl_alg_kind_t alg = maximum   ? dnnl_pooling_max
			      : include ? dnnl_pooling_avg_include_padding
					: dnnl_pooling_avg_exclude_padding;
	dnnl_dims_t stride, kernel, dilation, begin, end;
	dnnl_pooling_v2_desc_t desc;
	dnnl_memory_desc_t dst;
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
	dst = lu_onednn_any_md(&l->graph->values[node->out[0]].tensor.shape, src->data_type);
	status = LU_ONEDNN(dnnl_pooling_v2_forward_desc_init(&desc, dnnl_forward_inference, alg, src, &dst, stride,
							     kernel, dilation, begin, end));
	if (status == LU_OK)
		status = create(l, &nothing, &desc, pd, err);
	return status;
}

enum lu_status lu_onednn_pool(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;
	struct lu_form src;

	status = lu_onednn_form(l, node->in[0], &src, err);
	if (status == LU_OK)
		status = lu_onednn_pool_pd(l, node, &src.md, &pd, err);
	if (status != LU_OK || !pd)
		return status;
	*taken = true;
	return append_simple(l, node, pd, &src, false, err);
}

enum lu_status lu_onednn_batch_norm(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	bool relu = node->fused.activation == LU_ACTIVATION_RELU;
	unsigned flags = dnnl_use_global_stats | dnnl_use_scaleshift | (relu ? dnnl_fuse_norm_relu : 0);
	dnnl_batch_normalization_desc_t desc;
	struct lu_onednn_arg args[5];
	dnnl_primitive_desc_t pd = NULL;
	struct lu_shape pair = {.rank = 2};
	const struct lu_tensor *t[5];
	enum lu_status status;
	struct lu_form src;
	float *both;

	for (int i = 0; i < 5; i++) {
		t[i] = &l->graph->values[node->in[i]].tensor;
		if (i && !t[i]->data)
			return LU_OK;
	}
	if (t[0]->shape.rank > 5 || (node->fused.activation != LU_ACTIVATION_NONE && !relu))
		return LU_OK;
	status = lu_onednn_form(l, node->in[0], &src, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_batch_normalization_forward_desc_init(
			&desc, dnnl_forward_inference, &src.md, lu_node_float(node, "epsilon", 1e-5f), flags));
	if (status == LU_OK)
		status = create(l, &nothing, &desc, &pd, err);
	if (status != LU_OK || !pd)
		return status;
	pair.dim[0] = 2;
	pair.dim[1] = t[1]->shape.dim[0];
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, src.md, src.buffer, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_SCALE_SHIFT, lu_onednn_plain_md(&pair), -1, 0};
	args[2] = (struct lu_onednn_arg){DNNL_ARG_MEAN, lu_onednn_plain_md(&t[3]->shape), -1, 0};
	args[3] = (struct lu_onednn_arg){DNNL_ARG_VARIANCE, lu_onednn_plain_md(&t[4]->shape), -1, 0};
	args[4] = (struct lu_onednn_arg){DNNL_ARG_DST, src.md, src.buffer, 0};
	status = lu_lower_weights(l, 2 * (size_t)pair.dim[1] * sizeof(float), &both, &args[1].buffer, err);
	if (status == LU_OK) {
		memcpy(both, t[1]->data, (size_t)pair.dim[1] * sizeof(float));
		memcpy(both + pair.dim[1], t[2]->data, (size_t)pair.dim[1] * sizeof(float));
		status = lu_lower_plain(l, node->in[3], &args[2].buffer, err);
	}
	if (status == LU_OK)
		status = lu_lower_plain(l, node->in[4], &args[3].buffer, err);
	if (status == LU_OK && lu_onednn_may_overwrite(l, node->in[0], src.buffer))
		lu_onednn_hold(l, node->out[0], &src.md, src.buffer);
	else if (status == LU_OK)
		status = lu_onednn_make(l, node->out[0], &src.md, &args[4].buffer, err);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, 5, err);
}

/* Is it a constant of as many numbers as the normalised axes have places? */
static bool goes_along(const struct lu_tensor *t, int64_t length)
{
	return t->data && t->type == LU_TYPE_FLOAT32 && lu_shape_count(&t->shape) == length;
}

/* Lines from 'axis' on, which lie one behind the other in a plain tensor, are rows of a matrix to oneDNN. */
enum lu_status lu_onednn_layer_norm(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	const struct lu_shape *shape = &l->graph->values[node->in[0]].tensor.shape;
	int64_t axis = lu_node_int(node, "axis", -1);
	struct lu_shape rows = {.rank = 2}, along = {.rank = 1};
	unsigned flags = dnnl_use_scale;
	dnnl_layer_normalization_desc_t desc;
	struct lu_onednn_arg args[4];
	dnnl_primitive_desc_t pd = NULL;
	dnnl_memory_desc_t md, vector;
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
	md = lu_onednn_plain_md(&rows);
	vector = lu_onednn_plain_md(&along);
	status = LU_ONEDNN(dnnl_layer_normalization_forward_desc_init(&desc, dnnl_forward_inference, &md, NULL,
								      lu_node_float(node, "epsilon", 1e-5f), flags));
	if (status == LU_OK)
		status = create(l, &nothing, &desc, &pd, err);
	if (status != LU_OK || !pd)
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
	dnnl_lrn_desc_t desc;
	enum lu_status status;
	struct lu_form src;

	/* An even window leans to opposite sides in ONNX and oneDNN. */
	if (size % 2 == 0 || l->graph->values[node->in[0]].tensor.shape.rank != 4)
		return LU_OK;
	status = lu_onednn_form(l, node->in[0], &src, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_lrn_forward_desc_init(&desc, dnnl_forward_inference, dnnl_lrn_across_channels,
							      &src.md, size, lu_node_float(node, "alpha", 1e-4f),
							      lu_node_float(node, "beta", 0.75f),
							      lu_node_float(node, "bias", 1)));
	if (status == LU_OK)
		status = create(l, &nothing, &desc, &pd, err);
	if (status != LU_OK || !pd)
		return status;
	*taken = true;
	return append_simple(l, node, pd, &src, false, err);
}

enum lu_status lu_onednn_softmax(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *shape = &l->graph->values[node->in[0]].tensor.shape;
	int64_t axis = lu_node_int(node, "axis", node->opset < 13 ? 1 : -1);
	struct lu_shape flat = {.rank = 3};
	dnnl_primitive_desc_t pd = NULL;
	dnnl_softmax_v2_desc_t desc;
	struct lu_onednn_arg args[2];
	dnnl_memory_desc_t md;
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
	md = lu_onednn_plain_md(&flat);
	status = LU_ONEDNN(
		dnnl_softmax_v2_forward_desc_init(&desc, dnnl_forward_inference, dnnl_softmax_accurate, &md, &md, 1));
	if (status == LU_OK)
		status = create(l, &nothing, &desc, &pd, err);
	if (status != LU_OK || !pd)
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
	dnnl_eltwise_desc_t desc;
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
	status = lu_onednn_form(l, node->in[0], &src, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_eltwise_forward_desc_init(&desc, dnnl_forward_inference, kind, &src.md,
								  fused.alpha, fused.beta));
	if (status == LU_OK)
		status = create(l, &nothing, &desc, &pd, err);
	if (status != LU_OK || !pd)
		return status;
	*taken = true;
	return append_simple(l, node, pd, &src, true, err);
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
static dnnl_memory_desc_t broadcast_md(const dnnl_memory_desc_t *md, const struct lu_shape *shape)
{
	const dnnl_blocking_desc_t *b = &md->format_desc.blocking;
	dnnl_memory_desc_t plain = lu_onednn_plain_md(shape), blocked = plain;

	if (md->format_kind == dnnl_blocked && b->inner_nblks == 1 && b->inner_idxs[0] == 1 && shape->rank == 4 &&
	    shape->dim[1] == md->dims[1] && shape->dim[2] == 1 && shape->dim[3] == 1 &&
	    (b->inner_blks[0] == 8 || b->inner_blks[0] == 16) &&
	    dnnl_memory_desc_init_by_tag(&blocked, 4, plain.dims, dnnl_f32,
					 b->inner_blks[0] == 8 ? dnnl_nChw8c : dnnl_nChw16c) == dnnl_success)
		return blocked;
	return plain;
}

/* Two operands of one shape, or of which the second has ones where the first has more (squeeze-and-excitation). */
enum lu_status lu_onednn_binary(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape, *second;
	struct lu_onednn_arg args[3];
	int wide = 0, narrow = 1;
	dnnl_primitive_desc_t pd = NULL;
	dnnl_binary_desc_t desc;
	dnnl_memory_desc_t dst, narrow_md;
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
	narrow_md = lu_shape_equal(out, second) ? src.md : broadcast_md(&src.md, second);
	narrow_md = lu_onednn_retype(&narrow_md, src.md.data_type);
	dst = src.md;
	status = LU_ONEDNN(dnnl_binary_desc_init(&desc, binary_kind(node), &src.md, &narrow_md, &dst));
	if (status == LU_OK)
		status = create(l, &node->fused, &desc, &pd, err);
	if (status != LU_OK || !pd)
		return status;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC_0, src.md, src.buffer, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_SRC_1, narrow_md, -1, 0};
	args[2] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_onednn_want(l, node->in[narrow], &narrow_md, &args[1].buffer, err);
	if (status == LU_OK && args[1].buffer != src.buffer && lu_onednn_may_overwrite(l, node->in[wide], src.buffer)) {
		args[2].buffer = src.buffer;
		lu_onednn_hold(l, node->out[0], &dst, src.buffer);
	} else if (status == LU_OK) {
		status = lu_onednn_make(l, node->out[0], &dst, &args[2].buffer, err);
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
	dnnl_memory_desc_t mds[LU_MAX_CALL], dst = lu_onednn_any_md(out, lu_onednn_type(l));
	struct lu_onednn_arg args[LU_MAX_CALL + 1];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status = LU_OK;

	if (out->rank < 2 || out->rank > 5)
		return LU_OK;
	axis += axis < 0 ? out->rank : 0;
	for (int i = 0; i < node->n_in && status == LU_OK; i++) {
		struct lu_form form;

		status = lu_onednn_form(l, node->in[i], &form, err);
		if (status != LU_OK)
			return status;
		mds[i] = lu_onednn_retype(&form.md, lu_onednn_type(l));
		args[i] = (struct lu_onednn_arg){DNNL_ARG_MULTIPLE_SRC + i, mds[i], -1, 0};
		status = lu_onednn_want(l, node->in[i], &mds[i], &args[i].buffer, err);
	}
	if (status == LU_OK)
		status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_concat_primitive_desc_create(&pd, &dst, node->n_in, (int)axis, mds, attr,
								     lu_onednn_engine(l)));
	dnnl_primitive_attr_destroy(attr);
	if (status != LU_OK)
		return status;
	dst = *dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0);
	args[node->n_in] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_onednn_make(l, node->out[0], &dst, &args[node->n_in].buffer, err);
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
	dnnl_memory_desc_t dst = lu_onednn_plain_md(out), src;
	struct lu_onednn_arg args[2];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;

	/* Strides that look as if elements overlapped (a stepped Slice whose last step is cut short) are refused. */
	if (dnnl_memory_desc_init_by_strides(&src, out->rank, dst.dims, dnnl_f32, strides) != dnnl_success)
		return LU_OK;
	status = lu_onednn_attr(&nothing, false, &attr, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_reorder_primitive_desc_create(&pd, &src, lu_onednn_engine(l), &dst,
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
static enum lu_status turn(const dnnl_memory_desc_t *from, const int64_t *strides, const int64_t *perm,
			   dnnl_memory_desc_t *to, struct lu_error *err)
{
	dnnl_dims_t dims, turned;

	for (int i = 0; i < from->ndims; i++) {
		dims[i] = from->dims[perm[i]];
		turned[i] = strides[perm[i]];
	}
	return LU_ONEDNN(dnnl_memory_desc_init_by_strides(to, from->ndims, dims, from->data_type, turned));
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
	dnnl_memory_desc_t from, to;
	enum lu_status status;
	struct lu_form form;
	const int64_t *given;
	int buffer;
	size_t n;

	if (in->data || in->shape.rank < 2 || in->shape.rank > 6)
		return LU_OK;
	given = lu_node_ints(node, "perm", &n);
	for (int i = 0; i < in->shape.rank; i++)
		perm[i] = given ? given[i] : in->shape.rank - 1 - i;
	status = lu_onednn_form(l, node->in[0], &form, err);
	if (status != LU_OK)
		return status;
	buffer = form.buffer;
	from = form.md;
	if (!lu_onednn_strides(&form.md, strides)) {
		lu_shape_strides(out, plain);
		for (int i = 0; i < in->shape.rank; i++)
			strides[perm[i]] = plain[i];
		from = lu_onednn_plain_md(&in->shape);
		status = LU_ONEDNN(
			dnnl_memory_desc_init_by_strides(&from, in->shape.rank, from.dims, dnnl_f32, strides));
		if (status == LU_OK)
			status = lu_onednn_want(l, node->in[0], &from, &buffer, err);
	}
	if (status == LU_OK)
		status = turn(&from, strides, perm, &to, err);
	if (status != LU_OK)
		return status;
	lu_onednn_hold(l, node->out[0], &to, buffer);
	*taken = true;
	return LU_OK;
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
