/*
 * products.c: Conv, Gemm and MatMul on oneDNN: where the time goes.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "base/memory.h"
#include "nn/choices/choices.h"
#include "nn/onednn/own.h"
#include "nn/ops/infer.h"

const_dnnl_memory_desc_t lu_onednn_conv_weights(struct lu_lowering *l, const struct lu_shape *shape, int64_t group)
{
	struct lu_shape grouped = {.rank = shape->rank + 1};

	if (group == 1)
		return lu_onednn_plain_md(l, shape);
	grouped.dim[0] = group;
	grouped.dim[1] = shape->dim[0] / group;
	for (int i = 1; i < shape->rank; i++)
		grouped.dim[i + 1] = shape->dim[i];
	return lu_onednn_plain_md(l, &grouped);
}

/*
 * The buffer that holds the addend in the layout of the result, free to be overwritten: a sum in
 * oneDNN adds to what the destination holds. Not 'source', which the layer is still reading.
 */
static enum lu_status addend_buffer(struct lu_lowering *l, int addend, const_dnnl_memory_desc_t md, int source,
				    int *buffer, struct lu_error *err)
{
	const struct lu_fused none = {.addend = -1};
	const struct lu_node *node = &l->graph->nodes[l->node];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;
	int there;

	LU_TRY(lu_onednn_want(l, addend, md, &there, err));
	*buffer = there;
	if (there != source && lu_onednn_may_overwrite(l, addend, there))
		return LU_OK;
	LU_TRY(lu_onednn_buffer(l, md, buffer, err));
	LU_TRY(lu_onednn_attr(&none, false, &attr, err));
	LU_TRY(LU_ONEDNN(
		dnnl_reorder_primitive_desc_create(&pd, md, lu_onednn_engine(l), md, lu_onednn_engine(l), attr)));
	const struct lu_onednn_arg args[] = {{DNNL_ARG_SRC, md, there, 0}, {DNNL_ARG_DST, md, *buffer, 0}};
	LU_TRY(lu_onednn_step(l, node, "(copy)", pd, args, 2, err));
out:
	dnnl_primitive_attr_destroy(attr);
	return status;
}

/*
 * The layer that reads the image's numbers computes in float32 also under bf16: rounding 8-bit pixels, once scaled, to
 * 8 bits once more costs labels (196 against 199 of 200 for ResNet-20). pixels.c reads the pixels.
 */
static dnnl_data_type_t conv_type(const struct lu_lowering *l, const struct lu_node *node)
{
	bool image = l->graph->values[node->in[0]].node < 0;

	return image && l->graph->values[node->in[0]].tensor.shape.dim[1] <= 4 ? dnnl_f32 : lu_onednn_type(l);
}

/* Does its kernel that reads the image as it comes take a Conv? */
static bool takes_plain_image(const struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_shape *w = &l->graph->values[node->in[1]].tensor.shape;
	const struct lu_layer_facts facts = {.in_channels = w->dim[1], .out_channels = w->dim[0]};

	return conv_type(l, node) == dnnl_f32 && w->rank == 4 && lu_choose_kernel(LU_KERNEL_PLAIN_IMAGE, &facts) &&
	       lu_node_int(node, "group", 1) == 1 &&
	       (l->plain[node->in[0]] >= 0 || lu_lower_pixels(l, node->in[0]) >= 0);
}

static const_dnnl_memory_desc_t in_blocks(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type)
{
	const bool wide = lu_onednn_has(dnnl_cpu_isa_avx512_core);
	const dnnl_format_tag_t tag =
		shape->rank == 3 ? (wide ? dnnl_nCw16c : dnnl_nCw8c) : (wide ? dnnl_nChw16c : dnnl_nChw8c);
	dnnl_dims_t dims = {0};

	for (int i = 0; i < shape->rank; i++)
		dims[i] = shape->dim[i];
	return lu_onednn_tagged(l, shape->rank, dims, type, tag);
}

/*
 * A window as large as the image is a product of a chip's numbers to oneDNN, cut into partial sums by how many chips there
 * are: a chip's bits would depend on the batch. Its convolutions sum one way.
 */
static enum lu_status avoid_products(struct lu_lowering *l, dnnl_primitive_desc_t *pd, struct lu_error *err)
{
	static const char *const others[] = {"brgconv", "jit"};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < 2 && *pd != NULL && strncmp(lu_dnnl_kernel(*pd), "ip:", 3) == 0; i++)
		LU_TRY(LU_ONEDNN(lu_dnnl_find(pd, lu_onednn_engine(l), others[i])));
out:
	return status;
}

enum lu_status lu_onednn_conv_pd(struct lu_lowering *l, const struct lu_node *node, const struct lu_window *w,
				 const_dnnl_memory_desc_t src, dnnl_data_type_t type, dnnl_primitive_desc_t *pd,
				 struct lu_error *err)
{
	const struct lu_value *values = l->graph->values;
	const_dnnl_memory_desc_t dst = lu_onednn_any_md(l, &values[node->out[0]].tensor.shape, type);
	const_dnnl_memory_desc_t plain = lu_onednn_conv_weights(l, &values[node->in[1]].tensor.shape,
								lu_node_int(node, "group", 1)),
				 weights;
	const_dnnl_memory_desc_t bias = NULL;
	dnnl_dims_t stride, dilation, begin, end;
	dnnl_primitive_attr_t attr = NULL;
	enum lu_status status;

	if (plain == NULL)
		return lu_onednn_no_layout(err);
	weights = lu_onednn_tagged(l, lu_dnnl_rank(plain), lu_dnnl_dims(plain), lu_dnnl_type(src), dnnl_format_tag_any);
	if (lu_dnnl_divides_by_zero(lu_dnnl_rank(plain), lu_dnnl_dims(plain))) {
		src = in_blocks(l, &values[node->in[0]].tensor.shape, lu_dnnl_type(src));
		dst = in_blocks(l, &values[node->out[0]].tensor.shape, type);
	}
	for (int i = 0; i < w->rank; i++) {
		stride[i] = w->stride[i];
		dilation[i] = w->dilation[i] - 1;
		begin[i] = w->begin[i];
		end[i] = w->end[i];
	}
	if (lu_node_in(node, 2) >= 0)
		bias = lu_onednn_plain_md(l, &values[node->in[2]].tensor.shape);
	LU_TRY(lu_onednn_attr(&node->fused, node->fused.addend >= 0, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_convolution_forward_primitive_desc_create(
					 pd, lu_onednn_engine(l), dnnl_forward_inference, dnnl_convolution_direct, src,
					 weights, bias, dst, stride, dilation, begin, end, attr),
				 attr, pd, err));
	if (lu_dnnl_type(src) == dnnl_f32 || lu_dnnl_type(src) == dnnl_bf16)
		status = avoid_products(l, pd, err);
out:
	return status;
}

enum lu_status lu_onednn_conv(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *x = &l->graph->values[node->in[0]].tensor, *w = &l->graph->values[node->in[1]].tensor;
	const struct lu_tensor *b = lu_node_in(node, 2) >= 0 ? &l->graph->values[node->in[2]].tensor : NULL;
	struct lu_onednn_arg args[4];
	dnnl_data_type_t type = conv_type(l, node);
	const_dnnl_memory_desc_t from, src, weights, dst;
	dnnl_primitive_desc_t pd = NULL;
	struct lu_window window;
	enum lu_status status;
	struct lu_call call;
	int n = 0;

	if (w->data == NULL || (b != NULL && b->data == NULL))
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_call_window(&call, &x->shape, w->shape.dim + 2, &window, err));
	src = takes_plain_image(l, node) ? lu_onednn_plain_md(l, &x->shape) : lu_onednn_any_md(l, &x->shape, type);
	LU_TRY(lu_onednn_conv_pd(l, node, &window, src, type == dnnl_f32 ? dnnl_f32 : lu_own_result_type(l, node), &pd,
				 err));
	if (pd == NULL)
		return LU_OK;
	src = lu_onednn_queried(l, pd, dnnl_query_src_md);
	weights = lu_onednn_queried(l, pd, dnnl_query_weights_md);
	dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	from = lu_onednn_conv_weights(l, &w->shape, lu_node_int(node, "group", 1));

	args[n] = (struct lu_onednn_arg){DNNL_ARG_SRC, src, -1, 0};
	LU_TRY(lu_onednn_want(l, node->in[0], src, &args[n++].buffer, err));
	args[n] = (struct lu_onednn_arg){DNNL_ARG_WEIGHTS, weights, -1, 0};
	LU_TRY(lu_onednn_pack(l, w->data, from, weights, &args[n++].buffer, err));
	if (b != NULL) {
		args[n] = (struct lu_onednn_arg){DNNL_ARG_BIAS, lu_onednn_plain_md(l, &b->shape), -1, 0};
		LU_TRY(lu_lower_plain(l, node->in[2], &args[n++].buffer, err));
	}
	args[n] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	if (node->fused.addend >= 0) {
		LU_TRY(addend_buffer(l, node->fused.addend, dst, args[0].buffer, &args[n].buffer, err));
		lu_onednn_hold(l, node->out[0], dst, args[n].buffer);
	} else {
		LU_TRY(lu_onednn_make(l, node->out[0], dst, &args[n].buffer, err));
	}
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, n + 1, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

/* The constant second operand, times 'alpha', as outputs x inputs in either order. */
static enum lu_status scaled(const struct lu_tensor *b, float alpha, float **copy, struct lu_error *err)
{
	int64_t count = lu_shape_count(&b->shape);
	enum lu_status status;

	LU_TRY(lu_alloc(copy, (size_t)count, sizeof(**copy), "a model's weights", err));
	for (int64_t i = 0; i < count; i++)
		(*copy)[i] = ((const float *)b->data)[i] * alpha;
out:
	return status;
}

/*
 * y = x B + c with constant B and c: an inner product over rows, which may lie in more than one
 * dimension (MatMul of a tensor with a matrix).
 */
enum lu_status lu_onednn_product(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *a = &l->graph->values[node->in[0]].tensor, *b = &l->graph->values[node->in[1]].tensor;
	const struct lu_tensor *c = lu_node_in(node, 2) >= 0 ? &l->graph->values[node->in[2]].tensor : NULL;
	bool trans_b = lu_node_int(node, "transB", 0) != 0;
	dnnl_data_type_t type = lu_onednn_type(l);
	struct lu_shape rows = {.rank = 2}, weights_shape = {.rank = 2}, out = {.rank = 2}, bias_shape = {.rank = 1};
	const_dnnl_memory_desc_t src, weights, dst, bias, plain, from;
	dnnl_dims_t dims, strides;
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	float *copy_b = NULL;
	struct lu_onednn_arg args[4];
	enum lu_status status;
	int64_t depth, columns;
	void *packed_bias;
	int n = 0;

	if (a->shape.rank < 2 || b->shape.rank != 2 || b->data == NULL || lu_node_int(node, "transA", 0) ||
	    node->fused.addend >= 0)
		return LU_OK;
	columns = b->shape.dim[trans_b ? 0 : 1];
	depth = b->shape.dim[trans_b ? 1 : 0];
	if (c != NULL &&
	    (c->data == NULL || lu_shape_count(&c->shape) != columns || c->shape.dim[c->shape.rank - 1] != columns))
		return LU_OK;
	rows.dim[0] = out.dim[0] = lu_shape_count(&a->shape) / depth;
	rows.dim[1] = weights_shape.dim[1] = depth;
	out.dim[1] = weights_shape.dim[0] = bias_shape.dim[0] = columns;
	src = lu_onednn_plain_of(l, &rows, type);
	dst = lu_onednn_plain_md(l, &out);
	weights = lu_onednn_any_md(l, &weights_shape, type);
	bias = lu_onednn_plain_md(l, &bias_shape);
	dims[0] = columns;
	dims[1] = depth;
	strides[0] = trans_b ? depth : 1;
	strides[1] = trans_b ? 1 : columns;
	from = lu_onednn_strided(l, 2, dims, dnnl_f32, strides);
	LU_TRY(lu_onednn_attr(&node->fused, false, &attr, err));
	LU_TRY(lu_onednn_created(dnnl_inner_product_forward_primitive_desc_create(&pd, lu_onednn_engine(l),
										  dnnl_forward_inference, src, weights,
										  c != NULL ? bias : NULL, dst, attr),
				 attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	weights = lu_onednn_queried(l, pd, dnnl_query_weights_md);
	args[n] = (struct lu_onednn_arg){DNNL_ARG_SRC, src, -1, 0};
	plain = lu_onednn_plain_of(l, &a->shape, type); /* src seen with all its dimensions */
	LU_TRY(lu_onednn_want(l, node->in[0], plain, &args[n++].buffer, err));
	LU_TRY(scaled(b, lu_node_float(node, "alpha", 1), &copy_b, err));
	args[n] = (struct lu_onednn_arg){DNNL_ARG_WEIGHTS, weights, -1, 0};
	LU_TRY(lu_onednn_pack(l, copy_b, from, weights, &args[n++].buffer, err));
	if (c != NULL) {
		args[n] = (struct lu_onednn_arg){DNNL_ARG_BIAS, bias, -1, 0};
		LU_TRY(lu_lower_weights(l, (size_t)columns * sizeof(float), &packed_bias, &args[n++].buffer, err));
		for (int64_t i = 0; i < columns; i++)
			((float *)packed_bias)[i] = ((const float *)c->data)[i] * lu_node_float(node, "beta", 1);
	}
	args[n] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(lu_lower_output(l, node->out[0], &args[n++].buffer, err));
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, n, err);
	pd = NULL; /* the step's */
out:
	lu_free(copy_b);
	dnnl_primitive_desc_destroy(pd);
	return status;
}

#endif
