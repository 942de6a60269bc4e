/*
 * layers.c: pools, normalisation and softmax on oneDNN.
 *
 * Layers work in whatever layout their input is in, so that blocked layouts go through. Where
 * oneDNN's meaning differs from ONNX's, a node is declined and runs the reference.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "nn/onednn/parts.h"
#include "nn/ops/infer.h"

static const struct lu_fused nothing = {.addend = -1};

enum lu_status lu_onednn_step_of_one(struct lu_lowering *l, const struct lu_node *node, dnnl_primitive_desc_t pd,
				     const struct lu_form *src, bool in_place, struct lu_error *err)
{
	const_dnnl_memory_desc_t dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	struct lu_onednn_arg args[] = {
		{DNNL_ARG_SRC, src->md, src->buffer, 0},
		{DNNL_ARG_DST, dst, src->buffer, 0},
	};
	enum lu_status status;

	if (in_place && lu_onednn_may_overwrite(l, node->in[0], src->buffer))
		lu_onednn_hold(l, node->out[0], dst, src->buffer);
	else
		LU_TRY(lu_onednn_make(l, node->out[0], dst, &args[1].buffer, err));
	status = lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
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
	LU_TRY(lu_onednn_step_of_one(l, node, pd, &src, false, err));
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
	LU_TRY(lu_onednn_form(l, node->in[0], &src, err));
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_batch_normalization_forward_primitive_desc_create(
					 &pd, lu_onednn_engine(l), dnnl_forward_inference, src.md, src.md,
					 lu_node_float(node, "epsilon", 1e-5f), flags, attr),
				 attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, src.md, src.buffer, 0};
	for (int i = 1; i < 5; i++) {
		args[i] = (struct lu_onednn_arg){names[i - 1], lu_onednn_plain_md(l, &t[i]->shape), -1, 0};
		LU_TRY(lu_lower_plain(l, node->in[i], &args[i].buffer, err));
	}
	args[5] = (struct lu_onednn_arg){DNNL_ARG_DST, src.md, src.buffer, 0};
	if (lu_onednn_may_overwrite(l, node->in[0], src.buffer))
		lu_onednn_hold(l, node->out[0], src.md, src.buffer);
	else
		LU_TRY(lu_onednn_make(l, node->out[0], src.md, &args[5].buffer, err));
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, 6, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
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
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_layer_normalization_forward_primitive_desc_create(
					 &pd, lu_onednn_engine(l), dnnl_forward_inference, md, md, NULL,
					 lu_node_float(node, "epsilon", 1e-5f), flags, attr),
				 attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SRC, md, -1, 0};
	LU_TRY(lu_lower_plain(l, node->in[0], &args[n++].buffer, err));
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SCALE, vector, -1, 0};
	LU_TRY(lu_lower_plain(l, node->in[1], &args[n++].buffer, err));
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SHIFT, vector, -1, 0};
	if (flags & dnnl_use_shift)
		LU_TRY(lu_lower_plain(l, node->in[2], &args[n++].buffer, err));
	args[n] = (struct lu_onednn_arg){DNNL_ARG_DST, md, -1, 0};
	LU_TRY(lu_lower_output(l, node->out[0], &args[n++].buffer, err));
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, n, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
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
	LU_TRY(lu_onednn_step_of_one(l, node, pd, &src, false, err));
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
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_softmax_forward_primitive_desc_create(&pd, lu_onednn_engine(l),
									    dnnl_forward_inference,
									    dnnl_softmax_accurate, md, md, 1, attr),
				 attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, md, -1, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_DST, md, -1, 0};
	LU_TRY(lu_lower_plain(l, node->in[0], &args[0].buffer, err));
	LU_TRY(lu_lower_output(l, node->out[0], &args[1].buffer, err));
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

#endif
