/*
 * int8_parts.h: what the files of layers in integers share.
 *
 * A dequantised value is held as integers with a scale and a zero point (struct lu_steps_form); int8.c says how layers
 * compute with those. Layouts are channels-last for images and plain for rows.
 */
#ifndef LU_NN_ONEDNN_INT8_PARTS_H
#define LU_NN_ONEDNN_INT8_PARTS_H

#include "nn/onednn/parts.h"

#ifdef LU_WITH_ONEDNN

static inline struct lu_steps_form *lu_int8_form(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->integers[value];
}

static inline const struct lu_tensor *lu_int8_tensor(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor;
}

/* The grid of a QuantizeLinear or DequantizeLinear; false where it is none that is run in integers. */
bool lu_int8_point(const struct lu_lowering *l, const struct lu_node *node, struct lu_onednn_point *p);

/* Channels-last for images, plain for rows. */
bool lu_int8_layout(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type,
		    const_dnnl_memory_desc_t *md);

/* Say that a value lies as integers in this buffer. */
void lu_int8_hold(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int buffer, float scale, int zero);

/* The integers in channels-last order, by a reorder step if need be; holds them so. */
enum lu_status lu_int8_arrange(struct lu_lowering *l, int value, struct lu_error *err);

/* What a layer makes: integers for the one QuantizeLinear behind it, or float32. */
struct lu_int8_target {
	int value; /* the Quantize node's output, or the layer's own */
	bool integers;
	struct lu_onednn_point p; /* scale 1, zero 0 for float32 */
};

/* Does rounding to the range of a type, or to a narrower one, apply the activation? */
bool lu_int8_can_saturate(enum lu_activation activation);

struct lu_int8_target lu_int8_find_target(const struct lu_lowering *l, const struct lu_node *node);

/* No primitive is better than oneDNN's reference, which float32 outruns. */
void lu_int8_drop_slow(dnnl_primitive_desc_t *pd);

/* As lu_onednn_created; also NULL where there is no fast primitive. */
enum lu_status lu_int8_created(dnnl_status_t status, dnnl_primitive_attr_t attr, dnnl_primitive_desc_t *pd,
			       struct lu_error *err);

/* A scale or zero point for each of 'count', as a further argument of a primitive where oneDNN wants it so. */
enum lu_status lu_int8_add_constants(struct lu_lowering *l, int arg, dnnl_data_type_t type, const void *data,
				     int64_t count, struct lu_onednn_arg *args, int *n_args, struct lu_error *err);

/*
 * The end of a residual block as other tools quantise it:
 *
 *	conv -> Quantize -> Dequantize -> Add(shortcut) -> Relu -> Quantize
 *
 * The sum is made where the convolution's result is, which is clipped to the range of the first grid and not rounded to it.
 * That makes a difference of half its step at most: less than a step of the second grid, if that is not twice as fine.
 * An activation must be left to saturation: two clips of one primitive get the same bounds in oneDNN 2.6.
 */
struct lu_int8_residual {
	struct lu_node *nodes[3]; /* Quantize, Dequantize, Add */
	struct lu_fused fused; /* of the sum; the shortcut is its addend */
	struct lu_int8_target target;
	float low, high; /* true numbers */
};

/*
 * Attributes of an integer layer: 'scales' by output channel, the sum with an addend, the activation, all in
 * steps of the target. Constants are in the bias by then, but for activations that need true numbers.
 */
struct lu_int8_layer {
	struct lu_int8_target target;
	const struct lu_fused *fused;
	const float *scales;
	int64_t channels;
	float addend_scale; /* true numbers a step; 0: no addend */
	int addend_zero; /* in the bias */
	dnnl_data_type_t addend_type;
	int source_zero; /* not yet in the bias */
	bool groups; /* of channels, which the weights have in front */
	const struct lu_int8_residual *residual; /* NULL: none */
};

enum lu_status lu_int8_attr(const struct lu_int8_layer *y, dnnl_primitive_attr_t *attr, struct lu_error *err);

/* Scales and biases by output channel, as int8.c has them. */
struct lu_int8_arithmetic {
	float *scales, *bias;
	int64_t channels;
};

/* What a product's weights and neighbours are. */
struct lu_int8_operands {
	const struct lu_quantisation *quantisation;
	const float *bias; /* NULL: none */
	float bias_factor;
	float source_scale;
	int source_zero; /* to be folded, 0: none */
	float addend_scale; /* 0: none */
	int addend_zero;
	int64_t channels, depth; /* weight (c, k) lies at c * by_channel + k * by_depth */
	int64_t by_channel, by_depth;
};

enum lu_status lu_int8_take_arithmetic(struct lu_lowering *l, int64_t channels, struct lu_int8_arithmetic *a,
				       struct lu_error *err);

/* False where a number would leave float32's range: the caller leaves the layer to fp32. */
bool lu_int8_set_arithmetic(const struct lu_int8_operands *o, const struct lu_int8_target *t, bool true_numbers,
			    struct lu_int8_arithmetic *a);

/* Arguments of a product; the layer's scales and zero point are from LU_INT8_CONSTANTS on. */
enum {
	LU_INT8_SRC,
	LU_INT8_WEIGHTS,
	LU_INT8_BIAS,
	LU_INT8_DST,
	LU_INT8_CONSTANTS,
	LU_INT8_MOST_ARGS = LU_INT8_CONSTANTS + 2
};

/* Weights and bias, and from LU_INT8_CONSTANTS on the layer's scales and zero point. */
enum lu_status lu_int8_pack(struct lu_lowering *l, const struct lu_int8_layer *y,
			    const struct lu_quantisation *quantisation, const_dnnl_memory_desc_t from,
			    const_dnnl_memory_desc_t weights, const struct lu_int8_arithmetic *a,
			    struct lu_onednn_arg *args, int *n_args, struct lu_error *err);

/* Room for the result: a new buffer, or the addend's own where nobody needs it any more, or a copy of it. */
enum lu_status lu_int8_place(struct lu_lowering *l, const struct lu_int8_layer *y, const_dnnl_memory_desc_t dst,
			     int source, int *buffer, struct lu_error *err);

/* int8_products.c: the ways of Conv, and of Gemm and MatMul. */
lu_onednn_lower lu_int8_conv, lu_int8_product;

#endif
#endif
