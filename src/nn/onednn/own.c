/*
 * own.c: see own.h.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>

#include "nn/onednn/own.h"

static const struct lu_tensor *tensor(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor;
}

bool lu_own_may_run(const struct lu_lowering *l)
{
	/* Under int8 it is the layers left in float32 that ask. */
	return l->plan->precision != LU_PRECISION_BF16 && lu_onednn_has(dnnl_cpu_isa_avx512_core);
}

static bool is_finite(const struct lu_tensor *t)
{
	const int64_t count = lu_shape_count(&t->shape);
	const float *data = t->data;

	for (int64_t i = 0; i < count; i++)
		if (!isfinite(data[i]))
			return false;
	return true;
}

bool lu_own_conv(const struct lu_lowering *l, const struct lu_node *node, int64_t kernel, struct lu_window *window)
{
	const struct lu_tensor *x, *w;
	struct lu_error ignored = {0};
	struct lu_call call;

	if (node == NULL || !lu_node_is(node, "Conv"))
		return false;
	x = tensor(l, node->in[0]);
	w = tensor(l, node->in[1]);
	if (x->type != LU_TYPE_FLOAT32 || x->data != NULL || x->shape.rank != 4 || w->data == NULL ||
	    w->type != LU_TYPE_FLOAT32 || w->shape.dim[2] != kernel || w->shape.dim[3] != kernel || !is_finite(w))
		return false;
	if (lu_node_in(node, 2) >= 0 && (tensor(l, node->in[2])->data == NULL || !is_finite(tensor(l, node->in[2]))))
		return false;
	lu_call_prepare(l->graph, node, &call);
	return lu_call_window(&call, &x->shape, w->shape.dim + 2, window, &ignored) == LU_OK &&
	       window->stride[0] == window->stride[1] && window->dilation[0] == 1 && window->dilation[1] == 1;
}

bool lu_own_pointwise(const struct lu_lowering *l, const struct lu_node *node)
{
	struct lu_window w;

	return lu_own_conv(l, node, 1, &w) && lu_node_int(node, "group", 1) == 1 && w.stride[0] == 1 && !w.begin[0] &&
	       !w.begin[1] && !w.end[0] && !w.end[1];
}

bool lu_own_by_channel(const struct lu_lowering *l, const struct lu_node *node, int64_t kernel, struct lu_window *w)
{
	int64_t channels;

	if (!lu_own_conv(l, node, kernel, w) || node->fused.addend >= 0)
		return false;
	channels = tensor(l, node->in[0])->shape.dim[1];
	return channels % 16 == 0 && lu_node_int(node, "group", 1) == channels &&
	       tensor(l, node->in[1])->shape.dim[0] == channels && w->stride[0] <= 2 && w->begin[0] >= 0 &&
	       w->begin[1] >= 0 && w->begin[0] < kernel && w->begin[1] < kernel;
}

/*
 * Are all numbers in range, and is the largest so large that what the smallest lose, being less than 6e-5 and
 * rounded to multiples of 6e-8, is nothing beside it?
 */
static bool suits_fp16(const float *numbers, int64_t count)
{
	float most = 0;

	for (int64_t i = 0; i < count; i++)
		most = fmaxf(most, fabsf(numbers[i]));
	return most == 0 || (most < 65504 && most > 0x1p-12f);
}

bool lu_own_fp16(const struct lu_lowering *l, const struct lu_node *node)
{
	bool suits = l->plan->precision == LU_PRECISION_FP16 || l->plan->precision == LU_PRECISION_BF16;

	for (int i = 1; i < 3 && suits && node != NULL; i++) {
		const float *numbers = lu_own_floats(l, node, i);

		suits = numbers == NULL || suits_fp16(numbers, lu_shape_count(&tensor(l, node->in[i])->shape));
	}
	return suits;
}

bool lu_own_clip(const struct lu_fused *fused, struct lu_clip_range *range)
{
	switch (fused->activation) {
	case LU_ACTIVATION_NONE:
		*range = (struct lu_clip_range){-INFINITY, INFINITY};
		return true;
	case LU_ACTIVATION_RELU:
		*range = (struct lu_clip_range){0, INFINITY};
		return true;
	case LU_ACTIVATION_CLIP:
		*range = (struct lu_clip_range){fused->alpha, fused->beta};
		return fused->alpha <= fused->beta;
	default:
		return false;
	}
}

const float *lu_own_floats(const struct lu_lowering *l, const struct lu_node *node, int input)
{
	int value = node != NULL ? lu_node_in(node, input) : -1;

	return value >= 0 ? tensor(l, value)->data : NULL;
}

const_dnnl_memory_desc_t lu_own_channels_last(struct lu_lowering *l, const struct lu_shape *shape)
{
	dnnl_dims_t dims = {shape->dim[0], shape->dim[1], shape->dim[2], shape->dim[3]};

	return lu_onednn_tagged(l, 4, dims, dnnl_f32, dnnl_nhwc);
}

enum lu_status lu_own_lower(struct lu_lowering *l, const struct lu_node *node, const struct lu_own_step *own,
			    void **packed, struct lu_error *err)
{
	const struct lu_node *last = own->last != NULL ? own->last : node;
	const struct lu_shape *y = &tensor(l, last->out[0])->shape;
	struct lu_step step = {
		.what = node->name,
		.op = own->op != NULL ? own->op : node->op->name,
		.kernel = own->kernel,
		.run = own->run,
		.shape = *y,
		.state = own->state,
		.flop = own->flop > 0 ? own->flop : lu_node_flop(l->graph, node),
	};
	const_dnnl_memory_desc_t in_md = lu_own_channels_last(l, &tensor(l, node->in[0])->shape),
				 out_md = lu_own_channels_last(l, y);
	int in[3], out[2], n_in = 2, n_out = 1;
	enum lu_status status;
	bool in_place = false;

	if (own->planar)
		in_md = lu_onednn_plain_md(l, &tensor(l, node->in[0])->shape);
	LU_TRY(lu_onednn_want(l, node->in[0], in_md, &in[0], err));
	LU_TRY(lu_lower_weights(l, own->weights, packed, &in[1], err));
	if (own->beside != NULL) {
		in_md = lu_own_channels_last(l, &tensor(l, own->beside->in[0])->shape);
		LU_TRY(lu_onednn_want(l, own->beside->in[0], in_md, &in[n_in++], err));
	} else if (last->fused.addend >= 0) {
		LU_TRY(lu_onednn_want(l, last->fused.addend, out_md, &in[n_in++], err));
		in_place = own->in_place && in[2] != in[0] && lu_onednn_may_overwrite(l, last->fused.addend, in[2]);
	}
	if (in_place) {
		out[0] = in[2];
		lu_onednn_hold(l, last->out[0], out_md, out[0]);
	} else {
		LU_TRY(lu_onednn_make(l, last->out[0], out_md, &out[0], err));
	}
	if (own->mean != NULL)
		LU_TRY(lu_lower_output(l, own->mean->out[0], &out[n_out++], err));
	LU_TRY(lu_lower_buffer(l, own->scratch, &step.scratch, err));
	LU_TRY(lu_lower_step(l, &step, in, n_in, out, n_out, err));
out:
	return status;
}

struct lu_own_memory lu_own_memory(const struct lu_step *step, const struct lu_session *session)
{
	return (struct lu_own_memory){
		.x = session->memory[step->in[0]],
		.shortcut = step->n_in > 2 ? session->memory[step->in[2]] : NULL,
		.y = session->memory[step->out[0]],
		.scratch = session->memory[step->scratch],
	};
}

#endif
