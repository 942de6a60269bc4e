/*
 * int8.c: layers between DequantizeLinear and QuantizeLinear, in integers: their ways, and those without weights.
 *
 *	q -> Dequantize -> Conv (+ addend, activation) -> Quantize -> q'
 *
 * A dequantised value is not computed: it is remembered as integers with a scale and a zero point, and layers
 * that know how take those. With x = (q - z) s for the input, the weights (zero point 0) and the addend,
 *
 *	q' = saturate(round(m (sum q_x q_w + bias) + m_a q_a)),   m = s_x s_w / s',   m_a = s_a / s'
 *
 * where the bias takes up everything constant: the layer's own over s_x s_w, and z', - m_a z_a and - z_x sum q_w
 * over m. Relu needs no step of its own where z' is the least integer of the type: saturation does it.
 * Images are channels-last, as oneDNN's integer kernels want them. What fits no pattern is dequantised and runs
 * as under fp32; so does everything where the processor has no VNNI, since products of pairs would saturate.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>

#include "nn/onednn/int8_parts.h"

static enum lu_status dequantise(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_steps_form *from = lu_int8_form(l, node->in[0]);
	struct lu_onednn_point p;

	if (!lu_int8_point(l, node, &p) || lu_int8_tensor(l, node->in[0])->data != NULL ||
	    lu_int8_tensor(l, node->in[0])->shape.rank < 1)
		return LU_OK;
	if (!from->held) {
		const_dnnl_memory_desc_t md = lu_onednn_plain_of(l, &lu_int8_tensor(l, node->in[0])->shape, p.type);
		int buffer;

		if (md == NULL)
			return lu_onednn_no_layout(err);
		const enum lu_status status = lu_lower_plain(l, node->in[0], &buffer, err);
		if (status != LU_OK)
			return status;
		lu_int8_hold(l, node->in[0], md, buffer, 0, 0);
	}
	lu_int8_hold(l, node->out[0], from->md, from->buffer, p.scale, p.zero);
	*taken = true;
	return LU_OK;
}

static enum lu_status quantise_node(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	const struct lu_steps_form *held = lu_int8_form(l, node->in[0]);
	enum lu_status status;
	const_dnnl_memory_desc_t md;
	struct lu_form from;
	struct lu_onednn_point p;
	int buffer;

	*taken = lu_int8_form(l, node->out[0])->held; /* the layer before has made it */
	if (*taken || !lu_int8_point(l, node, &p) || lu_int8_tensor(l, node->in[0])->data != NULL ||
	    lu_int8_tensor(l, node->in[0])->shape.rank < 1)
		return LU_OK;
	*taken = true;
	if (held->held && held->scale == p.scale && held->zero == p.zero && lu_dnnl_type(held->md) == p.type) {
		lu_int8_hold(l, node->out[0], held->md, held->buffer, 0, 0);
		return LU_OK;
	}
	LU_TRY(lu_onednn_form(l, node->in[0], &from, err));
	/* A layout that integers cannot have is left for one that both can. */
	md = lu_onednn_retype(l, from.md, p.type);
	LU_TRY(lu_onednn_want(l, node->in[0], lu_onednn_retype(l, md, dnnl_f32), &from.buffer, err));
	LU_TRY(lu_onednn_buffer(l, md, &buffer, err));
	LU_TRY(lu_onednn_convert(l, &p, md, from.buffer, buffer, true, err));
	lu_int8_hold(l, node->out[0], md, buffer, 0, 0);
	LU_TRY(lu_int8_arrange(l, node->out[0], err));
out:
	return status;
}

/* The greatest of integers is the greatest of numbers: no grid changes. */
static enum lu_status max_pool(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_steps_form *source = lu_int8_form(l, node->in[0]);
	struct lu_onednn_arg args[2];
	dnnl_primitive_desc_t pd = NULL;
	const_dnnl_memory_desc_t dst;
	enum lu_status status;

	if (!source->held || source->scale <= 0 || lu_int8_tensor(l, node->in[0])->shape.rank != 4)
		return LU_OK;
	LU_TRY(lu_int8_arrange(l, node->in[0], err));
	LU_TRY(lu_onednn_pool_pd(l, node, source->md, &pd, err));
	lu_int8_drop_slow(&pd);
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, source->md, source->buffer, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(lu_onednn_buffer(l, dst, &args[1].buffer, err));
	lu_int8_hold(l, node->out[0], dst, args[1].buffer, source->scale, source->zero);
	status = lu_onednn_step(l, node, node->op->name, pd, args, 2, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

/* The sum at the end of a residual block that no convolution took. */
static enum lu_status add(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_int8_target t = lu_int8_find_target(l, node);
	enum { DST_ARG = 2, ARGS };
	static const int names[] = {DNNL_ARG_SRC_0, DNNL_ARG_SRC_1};
	struct lu_onednn_arg args[ARGS + 2];
	const struct lu_steps_form *x[2];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	dnnl_post_ops_t ops = NULL;
	const_dnnl_memory_desc_t dst;
	enum lu_status status;
	float low, high, shift = (float)t.p.zero;
	int n_args = ARGS;

	if (node->n_in != 2 || !t.integers || node->fused.addend >= 0 ||
	    !lu_int8_can_saturate(node->fused.activation) ||
	    !lu_int8_layout(l, &lu_int8_tensor(l, node->out[0])->shape, t.p.type, &dst))
		return LU_OK;
	for (int i = 0; i < 2; i++) {
		x[i] = lu_int8_form(l, node->in[i]);
		if (!x[i]->held || x[i]->scale <= 0 ||
		    !lu_shape_equal(&lu_int8_tensor(l, node->in[i])->shape, &lu_int8_tensor(l, node->out[0])->shape))
			return LU_OK;
		shift -= x[i]->scale * (float)x[i]->zero / t.p.scale;
	}
	for (int i = 0; i < 2; i++)
		LU_TRY(lu_int8_arrange(l, node->in[i], err));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_create(&attr)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user)));
	for (int i = 0; i < 2; i++) {
		const float scale = x[i]->scale / t.p.scale;

		LU_TRY(LU_ONEDNN(lu_dnnl_set_scale(attr, names[i], scale)));
		args[i] = (struct lu_onednn_arg){names[i], x[i]->md, x[i]->buffer, 0};
		LU_TRY(lu_int8_add_constants(l, DNNL_ARG_ATTR_SCALES | names[i], dnnl_f32, &scale, 1, args, &n_args,
					     err));
	}
	low = node->fused.activation == LU_ACTIVATION_RELU ? (float)t.p.zero : -3e38f;
	high = 3e38f;
	if (node->fused.activation == LU_ACTIVATION_CLIP) {
		low = fmaxf(node->fused.alpha / t.p.scale + (float)t.p.zero, low);
		high = fminf(node->fused.beta / t.p.scale + (float)t.p.zero, high);
	}
	LU_TRY(LU_ONEDNN(dnnl_post_ops_create(&ops)));
	if (shift != 0)
		LU_TRY(LU_ONEDNN(lu_dnnl_append_eltwise(ops, dnnl_eltwise_linear, 1, shift)));
	if (low > (float)t.p.low || high < (float)t.p.high)
		LU_TRY(LU_ONEDNN(lu_dnnl_append_eltwise(ops, dnnl_eltwise_clip, low, high)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_set_post_ops(attr, ops)));
	status = lu_int8_created(dnnl_binary_primitive_desc_create(&pd, lu_onednn_engine(l), dnnl_binary_add, x[0]->md,
								   x[1]->md, dst, attr),
				 attr, &pd, err);
	attr = NULL; /* destroyed */
	if (status != LU_OK || pd == NULL)
		goto out;
	*taken = true;
	args[DST_ARG] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(lu_onednn_buffer(l, dst, &args[DST_ARG].buffer, err));
	lu_int8_hold(l, t.value, dst, args[DST_ARG].buffer, 0, 0);
	status = lu_onednn_step(l, node, node->op->name, pd, args, n_args, err);
	pd = NULL; /* the step's */
out:
	dnnl_post_ops_destroy(ops);
	dnnl_primitive_attr_destroy(attr);
	dnnl_primitive_desc_destroy(pd);
	return status;
}

enum lu_status lu_onednn_int8(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	static const struct {
		const char *op;
		lu_onednn_lower *lower;
	} ways[] = {
		{"DequantizeLinear", dequantise},
		{"QuantizeLinear", quantise_node},
		{"Conv", lu_int8_conv},
		{"Gemm", lu_int8_product},
		{"MatMul", lu_int8_product},
		{"MaxPool", max_pool},
		{"Add", add},
	};

	if (!lu_onednn_has(dnnl_cpu_isa_avx512_core_vnni) && !lu_onednn_has(dnnl_cpu_isa_avx2_vnni))
		return LU_OK;
	for (int i = 0; i < node->n_in; i++)
		if (node->in[i] >= 0 && lu_shape_count(&lu_int8_tensor(l, node->in[i])->shape) == 0)
			return LU_OK;
	if (lu_shape_count(&lu_int8_tensor(l, node->out[0])->shape) == 0)
		return LU_OK;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (lu_node_is(node, ways[i].op))
			return ways[i].lower(l, node, taken, err);
	return LU_OK;
}

#endif
