/*
 * int8.c: layers between DequantizeLinear and QuantizeLinear, in integers.
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
#include <string.h>

#include "base/memory.h"
#include "nn/onednn/parts.h"
#include "nn/ops/infer.h"

static struct lu_steps_form *integers_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->integers[value];
}

static const struct lu_tensor *tensor_of(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor;
}

static bool read_point(const struct lu_lowering *l, const struct lu_node *node, struct lu_onednn_point *p)
{
	const struct lu_tensor *scale = tensor_of(l, node->in[1]);
	int zero = lu_node_in(node, 2);
	enum lu_type type = tensor_of(l, node->in[0])->type;

	if (lu_node_is(node, "QuantizeLinear"))
		type = tensor_of(l, node->out[0])->type;
	if (scale->data == NULL || lu_shape_count(&scale->shape) != 1 || scale->type != LU_TYPE_FLOAT32 ||
	    (type != LU_TYPE_UINT8 && type != LU_TYPE_INT8) || (zero >= 0 && tensor_of(l, zero)->data == NULL))
		return false;
	*p = (struct lu_onednn_point){.scale = *(const float *)scale->data,
				      .zero = zero >= 0 ? (int)lu_tensor_get_int(tensor_of(l, zero), 0) : 0,
				      .low = type == LU_TYPE_UINT8 ? 0 : -128,
				      .high = type == LU_TYPE_UINT8 ? 255 : 127,
				      .type = type == LU_TYPE_UINT8 ? dnnl_u8 : dnnl_s8};
	return isfinite(p->scale) && p->scale > 1e-30f;
}

/* Channels-last for images, plain for rows. */
static bool layout(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type,
		   const_dnnl_memory_desc_t *md)
{
	dnnl_dims_t dims;

	if (shape->rank != 2 && shape->rank != 4)
		return false;
	for (int i = 0; i < shape->rank; i++)
		dims[i] = shape->dim[i];
	*md = lu_onednn_tagged(l, shape->rank, dims, type, shape->rank == 4 ? dnnl_acdb : dnnl_ab);
	return *md != NULL;
}

static void hold(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int buffer, float scale, int zero)
{
	*integers_of(l, value) = (struct lu_steps_form){true, md, buffer, scale, zero};
}

/* The integers in channels-last order, by a reorder step if need be; holds them so. */
static enum lu_status arrange(struct lu_lowering *l, int value, struct lu_error *err)
{
	struct lu_steps_form *at = integers_of(l, value), from = *at;
	struct lu_form form = {true, from.md, from.buffer};
	enum lu_status status;
	const_dnnl_memory_desc_t md;

	if (!layout(l, &tensor_of(l, value)->shape, lu_dnnl_type(from.md), &md))
		return LU_OK;
	if (lu_onednn_same_bytes(md, from.md)) {
		at->md = md;
		return LU_OK;
	}
	LU_TRY(lu_onednn_buffer(l, md, &at->buffer, err));
	LU_TRY(lu_onednn_reorder(l, &form, md, at->buffer, err));
out:
	at->md = md;
	return status;
}

static enum lu_status dequantise(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_steps_form *from = integers_of(l, node->in[0]);
	enum lu_status status;
	struct lu_onednn_point p;

	if (!read_point(l, node, &p) || tensor_of(l, node->in[0])->data != NULL ||
	    tensor_of(l, node->in[0])->shape.rank < 1)
		return LU_OK;
	if (!from->held) {
		const_dnnl_memory_desc_t md = lu_onednn_plain_of(l, &tensor_of(l, node->in[0])->shape, p.type);
		int buffer;

		if (md == NULL)
			return lu_onednn_no_layout(err);
		status = lu_lower_plain(l, node->in[0], &buffer, err);
		if (status != LU_OK)
			return status;
		hold(l, node->in[0], md, buffer, 0, 0);
	}
	hold(l, node->out[0], from->md, from->buffer, p.scale, p.zero);
	*taken = true;
	return LU_OK;
}

static enum lu_status quantise_node(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	const struct lu_steps_form *held = integers_of(l, node->in[0]);
	enum lu_status status;
	const_dnnl_memory_desc_t md;
	struct lu_form from;
	struct lu_onednn_point p;
	int buffer;

	*taken = integers_of(l, node->out[0])->held; /* the layer before has made it */
	if (*taken || !read_point(l, node, &p) || tensor_of(l, node->in[0])->data != NULL ||
	    tensor_of(l, node->in[0])->shape.rank < 1)
		return LU_OK;
	*taken = true;
	if (held->held && held->scale == p.scale && held->zero == p.zero && lu_dnnl_type(held->md) == p.type) {
		hold(l, node->out[0], held->md, held->buffer, 0, 0);
		return LU_OK;
	}
	LU_TRY(lu_onednn_form(l, node->in[0], &from, err));
	/* A layout that integers cannot have is left for one that both can. */
	md = lu_onednn_retype(l, from.md, p.type);
	LU_TRY(lu_onednn_want(l, node->in[0], lu_onednn_retype(l, md, dnnl_f32), &from.buffer, err));
	LU_TRY(lu_onednn_buffer(l, md, &buffer, err));
	LU_TRY(lu_onednn_convert(l, &p, md, from.buffer, buffer, true, err));
	hold(l, node->out[0], md, buffer, 0, 0);
	LU_TRY(arrange(l, node->out[0], err));
out:
	return status;
}

/* What a layer makes: integers for the one QuantizeLinear behind it, or float32. */
struct target {
	int value; /* the Quantize node's output, or the layer's own */
	bool integers;
	struct lu_onednn_point p; /* scale 1, zero 0 for float32 */
};

static bool can_saturate(enum lu_activation activation)
{
	return activation == LU_ACTIVATION_NONE || activation == LU_ACTIVATION_RELU || activation == LU_ACTIVATION_CLIP;
}

static struct target find_target(const struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_node *user = lu_graph_only_user(l->graph, node);
	struct target t = {.value = node->out[0], .p = {.scale = 1, .type = dnnl_f32}};
	struct lu_onednn_point p;

	if (!lu_node_is(user, "QuantizeLinear") || user->in[0] != node->out[0] || !read_point(l, user, &p))
		return t;
	return (struct target){.value = user->out[0], .integers = true, .p = p};
}

/*
 * The end of a residual block as other tools quantise it:
 *
 *	conv -> Quantize -> Dequantize -> Add(shortcut) -> Relu -> Quantize
 *
 * The sum is made where the convolution's result is, which is clipped to the range of the first grid and not rounded to it.
 * That makes a difference of half its step at most: less than a step of the second grid, if that is not twice as fine.
 * An activation must be left to saturation: two clips of one primitive get the same bounds in oneDNN 2.6.
 */
struct residual {
	struct lu_node *nodes[3]; /* Quantize, Dequantize, Add */
	struct lu_fused fused; /* of the sum; the shortcut is its addend */
	struct target target;
	float low, high; /* true numbers */
};

static bool find_residual(const struct lu_lowering *l, const struct lu_node *conv, struct residual *r)
{
	struct lu_node **n = r->nodes, *add;
	const struct lu_steps_form *shortcut;
	struct lu_onednn_point p, back;
	int other;

	n[0] = lu_graph_only_user(l->graph, conv);
	n[1] = lu_node_is(n[0], "QuantizeLinear") ? lu_graph_only_user(l->graph, n[0]) : NULL;
	n[2] = add = lu_node_is(n[1], "DequantizeLinear") ? lu_graph_only_user(l->graph, n[1]) : NULL;
	if (!lu_node_is(add, "Add") || add->n_in != 2 || add->fused.addend >= 0 || conv->fused.addend >= 0 ||
	    conv->fused.activation != LU_ACTIVATION_NONE || !read_point(l, n[0], &p) || !read_point(l, n[1], &back) ||
	    p.scale != back.scale || p.zero != back.zero)
		return false;
	other = add->in[add->in[0] == n[1]->out[0] ? 1 : 0];
	shortcut = integers_of(l, other);
	*r = (struct residual){.nodes = {n[0], n[1], add},
			       .fused = add->fused,
			       .target = find_target(l, add),
			       .low = (float)(p.low - p.zero) * p.scale,
			       .high = (float)(p.high - p.zero) * p.scale};
	r->fused.addend = other;
	if (add->fused.activation != LU_ACTIVATION_NONE &&
	    (add->fused.activation != LU_ACTIVATION_RELU || !r->target.integers || r->target.p.zero != r->target.p.low))
		return false;
	return shortcut->held && shortcut->scale > 0 && (!r->target.integers || p.scale < 2 * r->target.p.scale) &&
	       lu_shape_equal(&tensor_of(l, other)->shape, &tensor_of(l, conv->out[0])->shape);
}

/*
 * Attributes of an integer layer: 'scales' by output channel, the sum with an addend, the activation, all in
 * steps of the target. Constants are in the bias by then, but for activations that need true numbers.
 */
struct layer {
	struct target target;
	const struct lu_fused *fused;
	const float *scales;
	int64_t channels;
	float addend_scale; /* true numbers a step; 0: no addend */
	int addend_zero; /* in the bias */
	dnnl_data_type_t addend_type;
	int source_zero; /* not yet in the bias */
	bool groups; /* of channels, which the weights have in front */
	const struct residual *residual; /* NULL: none */
};

static dnnl_status_t append_post_ops(dnnl_post_ops_t ops, const struct layer *y, dnnl_primitive_attr_t full)
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
		status = lu_dnnl_append_sum(ops, y->addend_scale / (can_saturate(fused->activation) ? p->scale : 1),
					    y->addend_type);
	if (status != dnnl_success)
		return status;
	if (can_saturate(fused->activation)) {
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

static enum lu_status make_attr(const struct layer *y, dnnl_primitive_attr_t *attr, struct lu_error *err)
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

/* Scales and biases by output channel, as the head of this file has them. */
struct arithmetic {
	float *scales, *bias;
	int64_t channels;
};

/* What a product's weights and neighbours are. */
struct operands {
	const struct lu_grain *grain;
	const float *bias; /* NULL: none */
	float bias_factor;
	float source_scale;
	int source_zero; /* to be folded, 0: none */
	float addend_scale; /* 0: none */
	int addend_zero;
	int64_t channels, depth; /* weight (c, k) lies at c * by_channel + k * by_depth */
	int64_t by_channel, by_depth;
};

/* False where a number would leave float32's range: the caller leaves the layer to fp32. */
static bool set_arithmetic(const struct operands *o, const struct target *t, bool true_numbers, struct arithmetic *a)
{
	double step = true_numbers ? 1 : t->p.scale, zero = true_numbers ? 0 : t->p.zero;

	for (int64_t c = 0; c < o->channels; c++) {
		double scale = (double)o->source_scale * o->grain->scales[o->grain->axis < 0 ? 0 : c];
		double bias = o->bias != NULL ? (double)o->bias[c] * o->bias_factor : 0;
		int64_t sum = 0;

		bias += zero * step - (double)o->addend_scale * o->addend_zero;
		for (int64_t k = 0; k < o->depth && o->source_zero; k++)
			sum += o->grain->integers[c * o->by_channel + k * o->by_depth];
		a->scales[c] = (float)(scale / step);
		bias = bias / scale - (double)o->source_zero * (double)sum;
		a->bias[c] = (float)(LU_DNNL_SCALES_FIRST ? bias * (scale / step) : bias);
		if (!isfinite(a->scales[c]) || !isfinite(a->bias[c]) || a->scales[c] < 1e-30f)
			return false;
	}
	return true;
}

static enum lu_status take_arithmetic(struct lu_lowering *l, int64_t channels, struct arithmetic *a,
				      struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_lower_take(l, &a->scales, (size_t)channels, sizeof(float), err));
	a->channels = channels;
	LU_TRY(lu_lower_take(l, &a->bias, (size_t)channels, sizeof(float), err));
out:
	return status;
}

/* No primitive is better than oneDNN's reference, which float32 outruns. */
static void drop_slow(dnnl_primitive_desc_t *pd)
{
	if (*pd == NULL || strncmp(lu_dnnl_kernel(*pd), "ref", 3) != 0)
		return;
	dnnl_primitive_desc_destroy(*pd);
	*pd = NULL;
}

/* As lu_onednn_created; also NULL where there is no fast primitive. */
static enum lu_status created(dnnl_status_t status, dnnl_primitive_attr_t attr, dnnl_primitive_desc_t *pd,
			      struct lu_error *err)
{
	enum lu_status made = lu_onednn_created(status, attr, pd, err);

	if (made == LU_OK)
		drop_slow(pd);
	return made;
}

/* A scale or zero point for each of 'count', as a further argument of a primitive where oneDNN wants it so. */
static enum lu_status add_constants(struct lu_lowering *l, int arg, dnnl_data_type_t type, const void *data,
				    int64_t count, struct lu_onednn_arg *args, int *n_args, struct lu_error *err)
{
	const struct lu_shape shape = {.rank = 1, .dim = {count}};
	const size_t bytes = (size_t)count * dnnl_data_type_size(type);
	struct lu_onednn_arg *to = &args[*n_args];
	enum lu_status status;
	void *copy;

	if (!LU_DNNL_SCALES_FIRST)
		return LU_OK;
	*to = (struct lu_onednn_arg){arg, lu_onednn_plain_of(l, &shape, type), -1, 0};
	status = lu_lower_weights(l, bytes, &copy, &to->buffer, err);
	if (status != LU_OK)
		return status;
	memcpy(copy, data, bytes);
	++*n_args;
	return LU_OK;
}

/* The primitive's step, or, where its arguments could not be made, the reason why. */
static enum lu_status finish(struct lu_lowering *l, const struct lu_node *node, dnnl_primitive_desc_t pd,
			     const struct lu_onednn_arg *args, int n_args, enum lu_status status, struct lu_error *err)
{
	if (status == LU_OK)
		return lu_onednn_step(l, node, node->op->name, pd, args, n_args, err);
	dnnl_primitive_desc_destroy(pd);
	return status;
}

enum { SRC, WEIGHTS, BIAS, DST, CONSTANTS, MOST_ARGS = CONSTANTS + 2 };

/* Weights and bias, and from CONSTANTS on the layer's scales and zero point. */
static enum lu_status pack(struct lu_lowering *l, const struct layer *y, const struct lu_grain *grain,
			   const_dnnl_memory_desc_t from, const_dnnl_memory_desc_t weights, const struct arithmetic *a,
			   struct lu_onednn_arg *args, int *n_args, struct lu_error *err)
{
	const struct lu_shape shape = {.rank = 1, .dim = {a->channels}};
	const void *integers = grain->integers;
	enum lu_status status;
	void *bias;

	const int32_t zero = y->source_zero;

	args[WEIGHTS] = (struct lu_onednn_arg){DNNL_ARG_WEIGHTS, weights, -1, 0};
	args[BIAS] = (struct lu_onednn_arg){DNNL_ARG_BIAS, lu_onednn_plain_md(l, &shape), -1, 0};
	LU_TRY(lu_onednn_pack(l, integers, from, weights, &args[WEIGHTS].buffer, err));
	LU_TRY(lu_lower_weights(l, (size_t)a->channels * sizeof(float), &bias, &args[BIAS].buffer, err));
	memcpy(bias, a->bias, (size_t)a->channels * sizeof(float));
	*n_args = CONSTANTS;
	LU_TRY(add_constants(l, DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, dnnl_f32, a->scales, a->channels, args, n_args,
			     err));
	if (zero)
		LU_TRY(add_constants(l, DNNL_ARG_ATTR_ZERO_POINTS | DNNL_ARG_SRC, dnnl_s32, &zero, 1, args, n_args,
				     err));
out:
	return status;
}

/* Room for the result: a new buffer, or the addend's own where nobody needs it any more, or a copy of it. */
static enum lu_status place(struct lu_lowering *l, const struct layer *y, const_dnnl_memory_desc_t dst, int source,
			    int *buffer, struct lu_error *err)
{
	int addend = y->addend_scale > 0 ? y->fused->addend : -1;
	enum lu_status status = LU_OK;
	struct lu_form from;

	if (addend < 0) {
		status = lu_onednn_buffer(l, dst, buffer, err);
	} else {
		if (y->target.integers) {
			from = (struct lu_form){true, integers_of(l, addend)->md, integers_of(l, addend)->buffer};
		} else {
			from = (struct lu_form){.held = true, .md = dst};
			status = lu_onednn_want(l, addend, dst, &from.buffer, err);
		}
		*buffer = from.buffer;
		if (status == LU_OK && (from.buffer == source || !lu_onednn_may_overwrite(l, addend, from.buffer))) {
			status = lu_onednn_buffer(l, dst, buffer, err);
			if (status == LU_OK)
				status = lu_onednn_reorder(l, &from, from.md, *buffer, err);
		}
	}
	if (status != LU_OK)
		return status;
	if (y->target.integers)
		hold(l, y->target.value, dst, *buffer, 0, 0);
	else
		lu_onednn_hold(l, y->target.value, dst, *buffer);
	return LU_OK;
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

static enum lu_status conv_pd(struct lu_lowering *l, const struct conv *c, const struct layer *y,
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
	status = make_attr(y, &attr, err);
	if (status != LU_OK)
		return status;
	/* In floats, then: integers want channels last. */
	if (lu_dnnl_divides_by_zero(lu_dnnl_rank(c->from), lu_dnnl_dims(c->from)))
		return created(dnnl_unimplemented, attr, pd, err);
	made = dnnl_convolution_forward_primitive_desc_create(pd, lu_onednn_engine(l), dnnl_forward_inference,
							      dnnl_convolution_direct, c->src, weights, bias, c->dst,
							      stride, dilation, begin, end, attr);
	if (made == dnnl_success && is_better_direct(c))
		made = lu_dnnl_find(pd, lu_onednn_engine(l), "jit_int8:avx512_core_vnni");
	return created(made, attr, pd, err);
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
static bool set_addend(const struct lu_lowering *l, struct layer *y, struct operands *o)
{
	const struct lu_steps_form *addend;

	if (y->fused->addend < 0)
		return true;
	addend = integers_of(l, y->fused->addend);
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
static enum lu_status try_conv(struct lu_lowering *l, const struct lu_node *node, const struct target *target,
			       const struct residual *residual, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *x = tensor_of(l, node->in[0]), *w = tensor_of(l, node->in[1]);
	const struct lu_tensor *b = lu_node_in(node, 2) >= 0 ? tensor_of(l, node->in[2]) : NULL;
	const struct lu_steps_form *source = integers_of(l, node->in[0]);
	struct layer y = {.target = *target,
			  .fused = residual != NULL ? &residual->fused : &node->fused,
			  .channels = w->shape.dim[0],
			  .residual = residual,
			  .groups = lu_node_int(node, "group", 1) > 1};
	struct operands o = {.grain = l->graph->values[node->in[1]].grain,
			     .bias = b != NULL ? b->data : NULL,
			     .bias_factor = 1,
			     .source_scale = source->scale,
			     .channels = w->shape.dim[0],
			     .depth = lu_shape_span(&w->shape, 1, w->shape.rank),
			     .by_depth = 1};
	struct lu_onednn_arg args[MOST_ARGS];
	dnnl_primitive_desc_t pd = NULL;
	struct arithmetic a;
	enum lu_status status;
	bool padded = false;
	struct lu_call call;
	struct conv c;
	int n_args;

	o.by_channel = o.depth;
	if (!set_addend(l, &y, &o) || !layout(l, &tensor_of(l, node->out[0])->shape, target->p.type, &c.dst))
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_call_window(&call, &x->shape, w->shape.dim + 2, &c.window, err));
	for (int i = 0; i < c.window.rank; i++)
		padded |= c.window.begin[i] || c.window.end[i];
	/* Where padding enters the sum, its zero is z_x, which only the kernel can know. */
	y.source_zero = padded ? source->zero : 0;
	o.source_zero = padded ? 0 : source->zero;
	LU_TRY(arrange(l, node->in[0], err));
	LU_TRY(take_arithmetic(l, y.channels, &a, err));
	if (!set_arithmetic(&o, target, !can_saturate(y.fused->activation), &a))
		return LU_OK;
	y.scales = a.scales;
	c.src = source->md;
	c.from = weights_md(l, &w->shape, lu_node_int(node, "group", 1));
	LU_TRY(conv_pd(l, &c, &y, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	args[SRC] = (struct lu_onednn_arg){DNNL_ARG_SRC, c.src, source->buffer, 0};
	args[DST] = (struct lu_onednn_arg){DNNL_ARG_DST, c.dst, -1, 0};
	LU_TRY(pack(l, &y, o.grain, c.from, lu_onednn_queried(l, pd, dnnl_query_weights_md), &a, args, &n_args, err));
	LU_TRY(place(l, &y, c.dst, source->buffer, &args[DST].buffer, err));
	LU_TRY(finish(l, node, pd, args, n_args, status, err));
out:
	return status;
}

/* Integers of the weights and a scale a channel, which lie along 'axis'; a constant bias, or none. */
static bool has_grain(const struct lu_lowering *l, const struct lu_node *node, int axis)
{
	const struct lu_grain *grain = l->graph->values[node->in[1]].grain;
	int bias = lu_node_in(node, 2);

	return grain != NULL && (grain->axis < 0 || grain->axis == axis) &&
	       (bias < 0 || tensor_of(l, bias)->data != NULL);
}

static enum lu_status conv(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_steps_form *source = integers_of(l, node->in[0]);
	const struct target floats = {.value = node->out[0], .p = {.scale = 1, .type = dnnl_f32}};
	struct target target = find_target(l, node);
	struct residual residual;
	enum lu_status status;

	if (!source->held || source->scale <= 0 || tensor_of(l, node->in[0])->shape.rank != 4 || !has_grain(l, node, 0))
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
static enum lu_status product(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *x = tensor_of(l, node->in[0]), *w = tensor_of(l, node->in[1]);
	const struct lu_tensor *b = lu_node_in(node, 2) >= 0 ? tensor_of(l, node->in[2]) : NULL;
	const struct lu_steps_form *source = integers_of(l, node->in[0]);
	bool trans_b = lu_node_int(node, "transB", 0) != 0;
	struct target target = find_target(l, node);
	struct layer y = {.target = target, .fused = &node->fused};
	struct operands o = {.grain = l->graph->values[node->in[1]].grain,
			     .bias = b != NULL ? b->data : NULL,
			     .bias_factor = lu_node_float(node, "beta", 1),
			     .source_scale = source->scale,
			     .source_zero = source->zero};
	const_dnnl_memory_desc_t src, dst, weights, bias, from;
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	struct lu_shape shape = {.rank = 2};
	struct lu_onednn_arg args[MOST_ARGS];
	dnnl_dims_t dims, strides;
	struct arithmetic a;
	enum lu_status status;
	int n_args;

	if (!source->held || source->scale <= 0 || x->shape.rank != 2 || w->shape.rank != 2 ||
	    lu_node_int(node, "transA", 0) || lu_node_float(node, "alpha", 1) != 1 || node->fused.addend >= 0 ||
	    !has_grain(l, node, trans_b ? 0 : 1))
		return LU_OK;
	o.channels = y.channels = w->shape.dim[trans_b ? 0 : 1];
	o.depth = w->shape.dim[trans_b ? 1 : 0];
	o.by_channel = trans_b ? o.depth : 1;
	o.by_depth = trans_b ? 1 : o.channels;
	if (b != NULL && (lu_shape_count(&b->shape) != o.channels || b->shape.dim[b->shape.rank - 1] != o.channels))
		return LU_OK;
	if (!layout(l, &x->shape, lu_dnnl_type(source->md), &src) || !dnnl_memory_desc_equal(src, source->md) ||
	    !layout(l, &tensor_of(l, node->out[0])->shape, target.p.type, &dst))
		return LU_OK;
	LU_TRY(take_arithmetic(l, y.channels, &a, err));
	if (!set_arithmetic(&o, &target, !can_saturate(node->fused.activation), &a))
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
	LU_TRY(make_attr(&y, &attr, err));
	LU_TRY(created(dnnl_inner_product_forward_primitive_desc_create(
			       &pd, lu_onednn_engine(l), dnnl_forward_inference, src, weights, bias, dst, attr),
		       attr, &pd, err));
	if (pd == NULL)
		return LU_OK;
	*taken = true;
	args[SRC] = (struct lu_onednn_arg){DNNL_ARG_SRC, src, source->buffer, 0};
	args[DST] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(pack(l, &y, o.grain, from, lu_onednn_queried(l, pd, dnnl_query_weights_md), &a, args, &n_args, err));
	LU_TRY(place(l, &y, dst, source->buffer, &args[DST].buffer, err));
	LU_TRY(finish(l, node, pd, args, n_args, status, err));
out:
	return status;
}

/* The greatest of integers is the greatest of numbers: no grid changes. */
static enum lu_status max_pool(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_steps_form *source = integers_of(l, node->in[0]);
	struct lu_onednn_arg args[2];
	dnnl_primitive_desc_t pd = NULL;
	const_dnnl_memory_desc_t dst;
	enum lu_status status;

	if (!source->held || source->scale <= 0 || tensor_of(l, node->in[0])->shape.rank != 4)
		return LU_OK;
	LU_TRY(arrange(l, node->in[0], err));
	LU_TRY(lu_onednn_pool_pd(l, node, source->md, &pd, err));
	drop_slow(&pd);
out:
	if (status != LU_OK || pd == NULL)
		return status;
	dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	args[0] = (struct lu_onednn_arg){DNNL_ARG_SRC, source->md, source->buffer, 0};
	args[1] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_onednn_buffer(l, dst, &args[1].buffer, err);
	hold(l, node->out[0], dst, args[1].buffer, source->scale, source->zero);
	*taken = true;
	return finish(l, node, pd, args, 2, status, err);
}

/* The sum at the end of a residual block that no convolution took. */
static enum lu_status add(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct target t = find_target(l, node);
	enum { DST_ARG = 2, ARGS };
	static const int names[] = {DNNL_ARG_SRC_0, DNNL_ARG_SRC_1};
	struct lu_onednn_arg args[ARGS + 2];
	const struct lu_steps_form *x[2];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	dnnl_post_ops_t ops = NULL;
	const_dnnl_memory_desc_t dst;
	enum lu_status status = LU_OK;
	float low, high, shift = (float)t.p.zero;
	int n_args = ARGS;

	if (node->n_in != 2 || !t.integers || node->fused.addend >= 0 || !can_saturate(node->fused.activation) ||
	    !layout(l, &tensor_of(l, node->out[0])->shape, t.p.type, &dst))
		return LU_OK;
	for (int i = 0; i < 2 && status == LU_OK; i++) {
		x[i] = integers_of(l, node->in[i]);
		if (!x[i]->held || x[i]->scale <= 0 ||
		    !lu_shape_equal(&tensor_of(l, node->in[i])->shape, &tensor_of(l, node->out[0])->shape))
			return LU_OK;
		shift -= x[i]->scale * (float)x[i]->zero / t.p.scale;
	}
	for (int i = 0; i < 2 && status == LU_OK; i++)
		status = arrange(l, node->in[i], err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_primitive_attr_create(&attr));
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user));
	for (int i = 0; i < 2 && status == LU_OK; i++) {
		const float scale = x[i]->scale / t.p.scale;

		status = LU_ONEDNN(lu_dnnl_set_scale(attr, names[i], scale));
		args[i] = (struct lu_onednn_arg){names[i], x[i]->md, x[i]->buffer, 0};
		if (status == LU_OK)
			status = add_constants(l, DNNL_ARG_ATTR_SCALES | names[i], dnnl_f32, &scale, 1, args, &n_args,
					       err);
	}
	low = node->fused.activation == LU_ACTIVATION_RELU ? (float)t.p.zero : -3e38f;
	high = 3e38f;
	if (node->fused.activation == LU_ACTIVATION_CLIP) {
		low = fmaxf(node->fused.alpha / t.p.scale + (float)t.p.zero, low);
		high = fminf(node->fused.beta / t.p.scale + (float)t.p.zero, high);
	}
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_post_ops_create(&ops));
	if (status == LU_OK && shift != 0)
		status = LU_ONEDNN(lu_dnnl_append_eltwise(ops, dnnl_eltwise_linear, 1, shift));
	if (status == LU_OK && (low > (float)t.p.low || high < (float)t.p.high))
		status = LU_ONEDNN(lu_dnnl_append_eltwise(ops, dnnl_eltwise_clip, low, high));
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_primitive_attr_set_post_ops(attr, ops));
	dnnl_post_ops_destroy(ops);
	if (status == LU_OK)
		status = created(dnnl_binary_primitive_desc_create(&pd, lu_onednn_engine(l), dnnl_binary_add, x[0]->md,
								   x[1]->md, dst, attr),
				 attr, &pd, err);
	else
		dnnl_primitive_attr_destroy(attr);
	if (status != LU_OK || pd == NULL)
		return status;
	args[DST_ARG] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	status = lu_onednn_buffer(l, dst, &args[DST_ARG].buffer, err);
	hold(l, t.value, dst, args[DST_ARG].buffer, 0, 0);
	*taken = true;
	return finish(l, node, pd, args, n_args, status, err);
}

enum lu_status lu_onednn_int8(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	static const struct {
		const char *op;
		lu_onednn_lower *lower;
	} ways[] = {
		{"DequantizeLinear", dequantise},
		{"QuantizeLinear", quantise_node},
		{"Conv", conv},
		{"Gemm", product},
		{"MatMul", product},
		{"MaxPool", max_pool},
		{"Add", add},
	};

	if (!lu_onednn_has(dnnl_cpu_isa_avx512_core_vnni) && !lu_onednn_has(dnnl_cpu_isa_avx2_vnni))
		return LU_OK;
	for (int i = 0; i < node->n_in; i++)
		if (node->in[i] >= 0 && lu_shape_count(&tensor_of(l, node->in[i])->shape) == 0)
			return LU_OK;
	if (lu_shape_count(&tensor_of(l, node->out[0])->shape) == 0)
		return LU_OK;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (lu_node_is(node, ways[i].op))
			return ways[i].lower(l, node, taken, err);
	return LU_OK;
}

#endif
