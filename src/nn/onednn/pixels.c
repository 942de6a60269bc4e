/*
 * pixels.c: the first convolution in bf16 from the chip's bytes, with no float32 between.
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
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>

#include "base/memory.h"
#include "nn/onednn/own.h"

enum {
	MOST_WHOLE = 256, /* whole numbers up to this one are bf16 numbers */
	MOST_CHANNELS = 16,
};

struct state {
	struct lu_pixels pixels;
	int zero[MOST_CHANNELS];
};

/* Where AMX makes bf16 fast: then also for the first layer of an int8 network, which its file leaves in float32. */
static bool is_wanted(const struct lu_lowering *l)
{
	return (l->plan->precision == LU_PRECISION_BF16 ||
		(l->plan->precision == LU_PRECISION_INT8 && !l->plan->exact_image)) &&
	       lu_onednn_has(dnnl_cpu_isa_avx512_core_amx);
}

/* The whole pixel next to x = 0, by channel. False where pixels are too far from it to be bf16 numbers, or too many. */
static bool find_zeros(const struct lu_pixels *pixels, int *zero)
{
	if (pixels->channels > MOST_CHANNELS)
		return false;
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
	const struct state *s = step->state;

	(void)err;
	lu_pixels_centre(&s->pixels, s->zero, session->memory[step->in[0]], session->memory[step->out[0]]);
	return LU_OK;
}

/* Weights that take whole pixels, and the bias that goes with them. */
static void scale_weights(const struct lu_pixels *pixels, const int *zero, const struct lu_shape *shape, const float *w,
			  const float *bias, float *scaled, float *shifted)
{
	int64_t taps = lu_shape_span(shape, 2, shape->rank);

	for (int64_t o = 0; o < shape->dim[0]; o++) {
		double sum = bias != NULL ? bias[o] : 0;

		for (int64_t c = 0; c < shape->dim[1]; c++)
			for (int64_t t = 0; t < taps; t++, w++) {
				*scaled++ = *w * pixels->scale[c];
				sum += (double)*w * ((double)pixels->scale[c] * zero[c] + (double)pixels->offset[c]);
			}
		shifted[o] = (float)sum;
	}
}

static enum lu_status centre(struct lu_lowering *l, const struct lu_node *node, const struct state *s,
			     const_dnnl_memory_desc_t md, int *buffer, struct lu_error *err)
{
	struct lu_step step = {
		.what = node->name, .op = "(centre)", .kernel = "pixels:bf16", .scratch = -1, .run = run_centre};
	int in = lu_lower_pixels(l, node->in[0]);
	enum lu_status status;

	LU_TRY(lu_pool_copy(&l->graph->pool, &step.state, s, 1, sizeof(*s), "a plan", err));
	LU_TRY(lu_onednn_buffer(l, md, buffer, err));
	step.shape = l->graph->values[node->in[0]].tensor.shape;
	LU_TRY(lu_lower_step(l, &step, &in, 1, buffer, 1, err));
out:
	return status;
}

enum lu_status lu_onednn_pixels(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	struct state s = {.pixels = {0}};
	enum { SRC, WEIGHTS, BIAS, DST, ARGS };
	struct lu_onednn_arg args[ARGS];
	dnnl_primitive_desc_t pd = NULL;
	const struct lu_tensor *x, *w;
	const_dnnl_memory_desc_t src, from;
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
	s.pixels = lu_lower_scaling(l);
	if (x->shape.rank != 4 || w->data == NULL || !find_zeros(&s.pixels, s.zero) ||
	    (lu_node_in(node, 2) >= 0 && lu_own_floats(l, node, 2) == NULL))
		return LU_OK;
	src = lu_onednn_retype(l, lu_own_channels_last(l, &x->shape), dnnl_bf16);
	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_call_window(&call, &x->shape, w->shape.dim + 2, &window, err));
	LU_TRY(lu_onednn_conv_pd(l, node, &window, src, lu_own_result_type(l, node), &pd, err));
	if (pd == NULL)
		return LU_OK;
	args[SRC] = (struct lu_onednn_arg){DNNL_ARG_SRC, src, -1, 0};
	args[WEIGHTS] =
		(struct lu_onednn_arg){DNNL_ARG_WEIGHTS, lu_onednn_queried(l, pd, dnnl_query_weights_md), -1, 0};
	args[BIAS] = (struct lu_onednn_arg){DNNL_ARG_BIAS,
					    lu_onednn_plain_md(l, &(struct lu_shape){1, {w->shape.dim[0]}}), -1, 0};
	args[DST] = (struct lu_onednn_arg){DNNL_ARG_DST, lu_onednn_queried(l, pd, dnnl_query_dst_md), -1, 0};
	LU_TRY(centre(l, node, &s, src, &args[SRC].buffer, err));
	LU_TRY(lu_alloc(&scaled, (size_t)lu_shape_count(&w->shape), sizeof(*scaled), "a model's weights", err));
	LU_TRY(lu_lower_weights(l, (size_t)w->shape.dim[0] * sizeof(float), &shifted, &args[BIAS].buffer, err));
	scale_weights(&s.pixels, s.zero, &w->shape, w->data, lu_own_floats(l, node, 2), scaled, shifted);
	from = lu_onednn_conv_weights(l, &w->shape, 1);
	LU_TRY(lu_onednn_pack(l, scaled, from, args[WEIGHTS].md, &args[WEIGHTS].buffer, err));
	LU_TRY(lu_onednn_make(l, node->out[0], args[DST].md, &args[DST].buffer, err));
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, ARGS, err);
	pd = NULL; /* the step's */
out:
	lu_free(scaled);
	dnnl_primitive_desc_destroy(pd);
	return status;
}

#endif
