/*
 * quantize.c: numbers as small integers: q = round(x / scale) + zero, x = (q - zero) scale.
 *
 * Scale and zero are one for all, one for each index of 'axis', or (block_size) one for each run along it.
 * Rounding is to even, as the standard says.
 */
#include <math.h>

#include "nn/kernels/convert_int8.h"
#include "nn/ops/list.h"

static bool is_small_integer(enum lu_type type)
{
	return type == LU_TYPE_INT8 || type == LU_TYPE_UINT8;
}

static double saturate(double x, enum lu_type type)
{
	double low = type == LU_TYPE_INT8 ? -128 : 0, high = type == LU_TYPE_INT8 ? 127 : 255;

	return x < low ? low : x > high ? high : x;
}

/* The number of scales, and the geometry that finds the scale of an element. */
struct grid {
	int64_t length, inner, block, lines; /* of 'axis'; elements within it; run of one scale; scales along it */
	bool single;
};

static enum lu_status read_grid(const struct lu_call *call, struct grid *g, struct lu_error *err)
{
	const struct lu_shape *x = &call->in[0]->shape, *scale = &call->in[1]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 1), block = lu_node_int(call->node, "block_size", 0);
	const struct lu_tensor *zero = call->n_in > 2 ? call->in[2] : NULL;

	*g = (struct grid){
		.single = lu_shape_count(scale) == 1 && scale->rank < 2, .block = 1, .length = 1, .inner = 1};
	if (call->in[1]->type != LU_TYPE_FLOAT32)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "its scale is %s",
				    lu_type_name(call->in[1]->type));
	if (zero != NULL && lu_shape_count(&zero->shape) != lu_shape_count(scale))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "scale and zero point differ in length");
	if (g->single)
		return LU_OK;
	axis += axis < 0 ? x->rank : 0;
	if (axis < 0 || axis >= x->rank)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %lld", (long long)axis);
	g->length = x->dim[axis];
	g->inner = lu_shape_span(x, (int)axis + 1, x->rank);
	g->lines = g->length;
	if (block > 0) {
		g->block = block;
		g->lines = (g->length + block - 1) / block;
		if (lu_shape_count(scale) != lu_shape_span(x, 0, (int)axis) * g->lines * g->inner)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "its scales do not fit blocks of %lld",
					    (long long)block);
	} else if (scale->rank != 1 || scale->dim[0] != g->length) {
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "it has %lld scales for %lld channels",
				    (long long)lu_shape_count(scale), (long long)g->length);
	}
	return LU_OK;
}

static int64_t scale_index(const struct grid *g, const struct lu_call *call, int64_t i)
{
	int64_t along = i / g->inner % g->length;

	if (g->single)
		return 0;
	if (!lu_node_int(call->node, "block_size", 0))
		return along;
	return (i / g->inner / g->length * g->lines + along / g->block) * g->inner + i % g->inner;
}

static double zero_of(const struct lu_call *call, int64_t i)
{
	return call->n_in > 2 && call->in[2] != NULL ? lu_tensor_get(call->in[2], i) : 0;
}

enum lu_status lu_rule_quantize(struct lu_call *call, struct lu_error *err)
{
	int64_t wanted = lu_node_int(call->node, "output_dtype", 0);
	enum lu_type type = LU_TYPE_UINT8;
	enum lu_status status;
	struct grid g;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 0, LU_MAX_RANK, err));
	LU_TRY(read_grid(call, &g, err));
	if (call->n_in > 2 && call->in[2] != NULL)
		type = call->in[2]->type;
	else if (wanted)
		type = wanted == 2 ? LU_TYPE_UINT8 : wanted == 3 ? LU_TYPE_INT8 : LU_TYPE_NONE;
	if (!is_small_integer(type))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "it quantises to another type than int8 and uint8");
	lu_call_out(call, 0, type, &call->in[0]->shape);
out:
	return status;
}

/* One scale for all of 'integers': a plain loop of kernels/convert_int8.h does the same, hundreds of times as fast. */
static struct lu_convert convert_all(const struct lu_call *call, const struct lu_tensor *integers)
{
	const bool is_signed = integers->type == LU_TYPE_INT8;
	const int zero = (int)zero_of(call, 0);

	return (struct lu_convert){.count = lu_shape_count(&integers->shape),
				   .scale = (float)lu_tensor_get(call->in[1], 0),
				   .low = (float)((is_signed ? -128 : 0) - zero),
				   .high = (float)((is_signed ? 127 : 255) - zero),
				   .zero = zero,
				   .is_signed = is_signed};
}

void lu_kernel_quantize(struct lu_call *call)
{
	int64_t count = lu_shape_count(&call->in[0]->shape);
	struct grid g;

	read_grid(call, &g, NULL);
	if (g.single) {
		const struct lu_convert c = convert_all(call, call->out[0]);

		lu_convert_to(&c, call->in[0]->data, call->out[0]->data);
		return;
	}
	for (int64_t i = 0; i < count; i++) {
		int64_t s = scale_index(&g, call, i);
		/* The quotient in float32: so do the runtimes, and the rounding depends on it. */
		float x = ((const float *)call->in[0]->data)[i] / ((const float *)call->in[1]->data)[s];

		lu_tensor_set(call->out[0], i, saturate(rint((double)x) + zero_of(call, s), call->out[0]->type));
	}
}

enum lu_status lu_rule_dequantize(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;
	struct grid g;

	if (!is_small_integer(call->in[0]->type) && call->in[0]->type != LU_TYPE_INT32)
		return lu_call_check(call, 0, LU_TYPE_INT8, 0, LU_MAX_RANK, err);
	LU_TRY(read_grid(call, &g, err));
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
out:
	return status;
}

void lu_kernel_dequantize(struct lu_call *call)
{
	int64_t count = lu_shape_count(&call->in[0]->shape);
	struct grid g;

	read_grid(call, &g, NULL);
	if (g.single && is_small_integer(call->in[0]->type)) {
		const struct lu_convert c = convert_all(call, call->in[0]);

		lu_convert_from(&c, call->in[0]->data, call->out[0]->data);
		return;
	}
	for (int64_t i = 0; i < count; i++) {
		int64_t s = scale_index(&g, call, i);

		lu_tensor_set(call->out[0], i,
			      (lu_tensor_get(call->in[0], i) - zero_of(call, s)) * lu_tensor_get(call->in[1], s));
	}
}

bool lu_apart_quantize(const struct lu_call *call)
{
	int64_t axis = lu_node_int(call->node, "axis", 1);
	bool single = lu_shape_count(&call->in[1]->shape) == 1;

	return lu_apart_always(call) && (single || (axis != 0 && axis != -call->in[0]->shape.rank)) &&
	       !lu_node_int(call->node, "block_size", 0);
}
