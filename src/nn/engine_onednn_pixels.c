/*
 * engine_onednn_pixels.c: the first convolution in bf16 from the chip's bytes, with no float32 between.
 *
 * bf16 has 8 bits, and rounds the network's numbers x = scale pixel + offset. But it holds every whole number up to 256. So
 * the convolution reads pixel - zero, where 'zero' is the whole number next to the pixel that stands for x = 0, and
 * its weights take the scale:
 *
 *	sum of w x = sum of (scale w) (pixel - zero) + w (scale zero + offset)
 *
 * The last term is added to the bias. It is exact but where the window leaves the image: the zeros there stand for
 * less than half a grey level.
 *
 * ResNet-18's first layer has 0.24 GFLOP: 1.06 ms of one core of an Emerald Rapids in float32, as long as all others
 * together where AMX does them at half its peak. In bf16 they are 15,680 tile products, 0.1 ms of AMX at its peak. Without
 * AMX it would take 1.3 times as long as in float32.
 */
#include "nn/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/engine_onednn_own.h"

/* Whole numbers up to this one are bf16 numbers. */
#define MOST_WHOLE 256

/* Where AMX makes bf16 fast: then also for the first layer of an int8 network, which its file leaves in float32. */
static bool is_wanted(const struct lu_lowering *l)
{
	return (l->plan->precision == LU_PRECISION_BF16 ||
		(l->plan->precision == LU_PRECISION_INT8 && !l->plan->exact_image)) &&
	       lu_onednn_has(dnnl_cpu_isa_avx512_core_amx);
}

/* The whole pixel next to x = 0, by channel. False where pixels are too far from it to be bf16 numbers. */
static bool find_zeros(const struct lu_pixels *pixels, int *zero)
{
	for (int64_t c = 0; c < pixels->channels; c++) {
		float at = roundf(-pixels->offset[c] / pixels->scale[c]);

		if (!(at >= 255 - MOST_WHOLE && at <= MOST_WHOLE))
			return false;
		zero[c] = (int)at;
	}
	return true;
}

static enum lu_status run_centre(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_pixels_centre(step->state, session->memory[step->in[0]], session->memory[step->out[0]]);
	return LU_OK;
}

/* Weights that take whole pixels, and the bias that goes with them. */
static void scale_weights(const struct lu_pixels *pixels, const int *zero, const struct lu_shape *shape, const float *w,
			  const float *bias, float *scaled, float *shifted)
{
	int64_t taps = lu_shape_span(shape, 2, shape->rank);

	for (int64_t o = 0; o < shape->dim[0]; o++) {
		double sum = bias ? bias[o] : 0;

		for (int64_t c = 0; c < shape->dim[1]; c++)
			for (int64_t t = 0; t < taps; t++, w++) {
				*scaled++ = *w * pixels->scale[c];
				sum += (double)*w * ((double)pixels->scale[c] * zero[c] + (double)pixels->offset[c]);
			}
		shifted[o] = (float)sum;
	}
}

static enum lu_status centre(struct lu_lowering *l, const struct lu_node *node, const struct lu_pixels *pixels,
			     const int *zero, const dnnl_memory_desc_t *md, int *buffer, struct lu_error *err)
{
	struct lu_step step = {
		.what = node->name, .op = "(centre)", .kernel = "pixels:bf16", .scratch = -1, .run = run_centre};
	int in = lu_lower_pixels(l, node->in[0]);
	struct lu_centred *state;
	enum lu_status status;

	status = lu_lower_take(l, &state, 1, sizeof(*state), err);
	if (status == LU_OK)
		status = lu_lower_buffer(l, dnnl_memory_desc_get_size(md), buffer, err);
	if (status != LU_OK)
		return status;
	*state = (struct lu_centred){.chips = pixels->chips, .channels = pixels->channels, .pixels = pixels->pixels};
	memcpy(state->zero, zero, (size_t)pixels->channels * sizeof(*zero));
	step.state = state;
	step.shape = l->graph->values[node->in[0]].tensor.shape;
	return lu_lower_step(l, &step, &in, 1, buffer, 1, err);
}

enum lu_status lu_onednn_pixels(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *x, *w;
	dnnl_memory_desc_t src, from, weights, dst, bias;
	int zero[LU_PIXELS_MOST_CHANNELS];
	dnnl_primitive_desc_t pd = NULL;
	struct lu_onednn_arg args[4];
	struct lu_pixels pixels;
	struct lu_window window;
	float *scaled = NULL;
	enum lu_status status;
	struct lu_call call;
	float *shifted;

	if (!is_wanted(l) || !lu_node_is(node, "Conv") || lu_lower_pixels(l, node->in[0]) < 0 ||
	    lu_node_int(node, "group", 1) != 1 || node->fused.addend >= 0)
		return LU_OK;
	x = &l->graph->values[node->in[0]].tensor;
	w = &l->graph->values[node->in[1]].tensor;
	pixels = lu_lower_scaling(l);
	if (x->shape.rank != 4 || !w->data || pixels.channels > LU_PIXELS_MOST_CHANNELS || !find_zeros(&pixels, zero) ||
	    (lu_node_in(node, 2) >= 0 && !lu_own_floats(l, node, 2)))
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	dnnl_memory_desc_init_by_tag(&src, 4,
				     (dnnl_dims_t){x->shape.dim[0], x->shape.dim[1], x->shape.dim[2], x->shape.dim[3]},
				     dnnl_bf16, dnnl_nhwc);
	status = lu_call_window(&call, &x->shape, w->shape.dim + 2, &window, err);
	if (status == LU_OK)
		status = lu_onednn_conv_pd(l, node, &window, &src, lu_own_result_type(l, node), &pd, err);
	if (status != LU_OK || !pd)
		return status;
	weights = *dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
	dst = *dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0);
	from = lu_onednn_conv_weights(&w->shape, 1);
	bias = lu_onednn_plain_md(&(struct lu_shape){1, {w->shape.dim[0]}});
	for (int i = 0; i < 4; i++)
		args[i] = (struct lu_onednn_arg){.buffer = -1};
	args[0].arg = DNNL_ARG_SRC;
	args[0].md = src;
	status = centre(l, node, &pixels, zero, &src, &args[0].buffer, err);
	if (status == LU_OK)
		status =
			lu_alloc(&scaled, (size_t)lu_shape_count(&w->shape), sizeof(*scaled), "a model's weights", err);
	if (status == LU_OK)
		status = lu_lower_weights(l, (size_t)w->shape.dim[0] * sizeof(float), &shifted, &args[2].buffer, err);
	if (status == LU_OK) {
		scale_weights(&pixels, zero, &w->shape, w->data, lu_own_floats(l, node, 2), scaled, shifted);
		status = lu_onednn_pack(l, scaled, &from, &weights, &args[1].buffer, err);
	}
	if (status == LU_OK)
		status = lu_onednn_make(l, node->out[0], &dst, &args[3].buffer, err);
	lu_free(scaled);
	if (status != LU_OK) {
		dnnl_primitive_desc_destroy(pd);
		return status;
	}
	args[1].arg = DNNL_ARG_WEIGHTS;
	args[1].md = weights;
	args[2].arg = DNNL_ARG_BIAS;
	args[2].md = bias;
	args[3].arg = DNNL_ARG_DST;
	args[3].md = dst;
	*taken = true;
	return lu_onednn_step(l, node, node->op->name, pd, args, 4, err);
}

#endif
