/*
 * int8_layer.c: a layer's arithmetic in integers: scales, biases, attributes, arguments.
 *
 * Takes weights and neighbours (struct lu_int8_operands); gives what a primitive of oneDNN is asked for. int8.c has the
 * formula.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>
#include <string.h>

#include "nn/onednn/int8_parts.h"

static dnnl_status_t append_post_ops(dnnl_post_ops_t ops, const struct lu_int8_layer *y, dnnl_primitive_attr_t full)
{
	const struct lu_onednn_point *p = &y->target.p;
	const struct lu_fused *fused = y->fused;
	dnnl_status_t status = dnnl_success;
	const_dnnl_post_ops_t activation;
	float low = -INFINITY, high = INFINITY;

	if (y->residual != NULL) { /* constants are in the bias: the range moves with them */
		float shift = (float)p->zero - y->addend_scale / p->scale * (float)y->addend_zero;

		status = lu_dnnl_append_eltwise(ops, dnnl_eltwise_clip, y->residual->low / p->scale + shift,
						y->residual->high / p->scale + shift);
	}
	if (status == dnnl_success && y->addend_scale > 0)
		status = lu_dnnl_append_sum(ops,
					    y->addend_scale / (lu_int8_can_saturate(fused->activation) ? p->scale : 1),
					    y->addend_type);
	if (status != dnnl_success)
		return status;
	if (lu_int8_can_saturate(fused->activation)) {
		if (fused->activation == LU_ACTIVATION_RELU)
			low = (float)p->zero;
		if (fused->activation == LU_ACTIVATION_CLIP) {
			low = fused->alpha / p->scale + (float)p->zero;
			high = fused->beta / p->scale + (float)p->zero;
		}
		if (y->target.integers && low <= (float)p->low && high >= (float)p->high)
			return dnnl_success;
		if (fused->activation == LU_ACTIVATION_NONE)
			return dnnl_success;
		if (fused->activation == LU_ACTIVATION_RELU && p->zero == 0)
			return lu_dnnl_append_eltwise(ops, dnnl_eltwise_relu, 0, 0);
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_clip, fmaxf(low, -3e38f), fminf(high, 3e38f));
	}
	/* True numbers: what the float engine appends, and then onto the grid. */
	status = dnnl_primitive_attr_get_post_ops(full, &activation);
	for (int i = 0; status == dnnl_success && i < dnnl_post_ops_len(activation); i++) {
		dnnl_alg_kind_t kind;
		float alpha, beta;

		status = lu_dnnl_get_eltwise(activation, i, &kind, &alpha, &beta);
		if (status == dnnl_success)
			status = lu_dnnl_append_eltwise(ops, kind, alpha, beta);
	}
	if (status == dnnl_success && y->target.integers)
		status = lu_dnnl_append_eltwise(ops, dnnl_eltwise_linear, 1 / p->scale, (float)p->zero);
	return status;
}

enum lu_status lu_int8_attr(const struct lu_int8_layer *y, dnnl_primitive_attr_t *attr, struct lu_error *err)
{
	dnnl_primitive_attr_t full = NULL;
	dnnl_post_ops_t ops = NULL;
	enum lu_status status;

	*attr = NULL;
	LU_TRY(lu_onednn_attr(y->fused, false, &full, err));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_create(attr)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user)));
	LU_TRY(LU_ONEDNN(lu_dnnl_set_channel_scales(*attr, y->channels, y->scales, y->groups)));
	if (y->source_zero)
		LU_TRY(LU_ONEDNN(lu_dnnl_set_zero_point(*attr, DNNL_ARG_SRC, y->source_zero)));
	LU_TRY(LU_ONEDNN(dnnl_post_ops_create(&ops)));
	LU_TRY(LU_ONEDNN(append_post_ops(ops, y, full)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_set_post_ops(*attr, ops)));
out:
	dnnl_post_ops_destroy(ops);
	dnnl_primitive_attr_destroy(full);
	if (status != LU_OK) {
		dnnl_primitive_attr_destroy(*attr);
		*attr = NULL;
	}
	return status;
}

bool lu_int8_set_arithmetic(const struct lu_int8_operands *o, const struct lu_int8_target *t, bool true_numbers,
			    struct lu_int8_arithmetic *a)
{
	double step = true_numbers ? 1 : t->p.scale, zero = true_numbers ? 0 : t->p.zero;

	for (int64_t c = 0; c < o->channels; c++) {
		double scale = (double)o->source_scale * o->quantisation->scales[o->quantisation->axis < 0 ? 0 : c];
		double bias = o->bias != NULL ? (double)o->bias[c] * o->bias_factor : 0;
		int64_t sum = 0;

		bias += zero * step - (double)o->addend_scale * o->addend_zero;
		for (int64_t k = 0; k < o->depth && o->source_zero; k++)
			sum += o->quantisation->integers[c * o->by_channel + k * o->by_depth];
		a->scales[c] = (float)(scale / step);
		bias = bias / scale - (double)o->source_zero * (double)sum;
		a->bias[c] = (float)(LU_DNNL_SCALES_FIRST ? bias * (scale / step) : bias);
		if (!isfinite(a->scales[c]) || !isfinite(a->bias[c]) || a->scales[c] < 1e-30f)
			return false;
	}
	return true;
}

enum lu_status lu_int8_take_arithmetic(struct lu_lowering *l, int64_t channels, struct lu_int8_arithmetic *a,
				       struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_lower_take(l, &a->scales, (size_t)channels, sizeof(float), err));
	a->channels = channels;
	LU_TRY(lu_lower_take(l, &a->bias, (size_t)channels, sizeof(float), err));
out:
	return status;
}

enum lu_status lu_int8_pack(struct lu_lowering *l, const struct lu_int8_layer *y,
			    const struct lu_quantisation *quantisation, const_dnnl_memory_desc_t from,
			    const_dnnl_memory_desc_t weights, const struct lu_int8_arithmetic *a,
			    struct lu_onednn_arg *args, int *n_args, struct lu_error *err)
{
	const struct lu_shape shape = {.rank = 1, .dim = {a->channels}};
	const void *integers = quantisation->integers;
	enum lu_status status;
	void *bias;

	const int32_t zero = y->source_zero;

	args[LU_INT8_WEIGHTS] = (struct lu_onednn_arg){DNNL_ARG_WEIGHTS, weights, -1, 0};
	args[LU_INT8_BIAS] = (struct lu_onednn_arg){DNNL_ARG_BIAS, lu_onednn_plain_md(l, &shape), -1, 0};
	LU_TRY(lu_onednn_pack(l, integers, from, weights, &args[LU_INT8_WEIGHTS].buffer, err));
	LU_TRY(lu_lower_weights(l, (size_t)a->channels * sizeof(float), &bias, &args[LU_INT8_BIAS].buffer, err));
	memcpy(bias, a->bias, (size_t)a->channels * sizeof(float));
	*n_args = LU_INT8_CONSTANTS;
	LU_TRY(lu_int8_add_constants(l, DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, dnnl_f32, a->scales, a->channels, args,
				     n_args, err));
	if (zero)
		LU_TRY(lu_int8_add_constants(l, DNNL_ARG_ATTR_ZERO_POINTS | DNNL_ARG_SRC, dnnl_s32, &zero, 1, args,
					     n_args, err));
out:
	return status;
}

enum lu_status lu_int8_place(struct lu_lowering *l, const struct lu_int8_layer *y, const_dnnl_memory_desc_t dst,
			     int source, int *buffer, struct lu_error *err)
{
	int addend = y->addend_scale > 0 ? y->fused->addend : -1;
	enum lu_status status;
	struct lu_form from;

	if (addend < 0) {
		LU_TRY(lu_onednn_buffer(l, dst, buffer, err));
	} else {
		if (y->target.integers) {
			from = (struct lu_form){true, lu_int8_form(l, addend)->md, lu_int8_form(l, addend)->buffer};
		} else {
			from = (struct lu_form){.held = true, .md = dst};
			LU_TRY(lu_onednn_want(l, addend, dst, &from.buffer, err));
		}
		*buffer = from.buffer;
		if (from.buffer == source || !lu_onednn_may_overwrite(l, addend, from.buffer)) {
			LU_TRY(lu_onednn_buffer(l, dst, buffer, err));
			LU_TRY(lu_onednn_reorder(l, &from, from.md, *buffer, err));
		}
	}
	if (y->target.integers)
		lu_int8_hold(l, y->target.value, dst, *buffer, 0, 0);
	else
		lu_onednn_hold(l, y->target.value, dst, *buffer);
	status = LU_OK;
out:
	return status;
}

#endif
