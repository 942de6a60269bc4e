/*
 * gate.c: the product of an image and one number a channel, as a step of our own.
 *
 * oneDNN has no fast kernel for it where an image lies in blocks of channels, and what follows wants channels last, which
 * would be a step more.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/kernels/gate_fp32.h"
#include "nn/onednn/own.h"

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_gate_run(step->state, session->memory[step->in[0]], session->memory[step->in[1]],
		    session->memory[step->out[0]]);
	return LU_OK;
}

/* How an image lies, if that is by whole channels or blocks of them. */
static bool find_blocks(const_dnnl_memory_desc_t md, const struct lu_shape *shape, struct lu_gate *g)
{
	struct lu_blocks b;

	if (lu_dnnl_type(md) != dnnl_f32 || !lu_dnnl_blocks(md, &b) || b.count > 1 || (b.count == 1 && b.axes[0] != 1))
		return false;
	if (b.count == 0 && b.strides[1] != 1 && shape->dim[1] != 1)
		return false;
	*g = (struct lu_gate){
		.chips = shape->dim[0],
		.channels = shape->dim[1],
		.pixels = shape->dim[2] * shape->dim[3],
		.block = b.count == 1 ? b.sizes[0] : shape->dim[1],
		.chip = b.strides[0],
		.next_block = b.strides[1],
		.pixel = b.strides[3],
	};
	return shape->dim[2] == 1 || b.strides[2] == shape->dim[3] * b.strides[3];
}

/* The place of the operand with one number a channel, beside one of the result's shape; else -1. */
static int find_gate(const struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;

	for (int i = 0; i < 2; i++) {
		const struct lu_shape *gate = &l->graph->values[node->in[i]].tensor.shape;

		if (lu_shape_equal(out, &l->graph->values[node->in[1 - i]].tensor.shape) && gate->rank == 4 &&
		    (gate->dim[0] == out->dim[0] || gate->dim[0] == 1) && gate->dim[1] == out->dim[1] &&
		    gate->dim[2] == 1 && gate->dim[3] == 1)
			return i;
	}
	return -1;
}

enum lu_status lu_onednn_gate(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	struct lu_step step = {
		.what = node->name, .op = node->op->name, .kernel = "gate", .shape = *out, .scratch = -1, .run = run};
	const int narrow = out->rank == 4 && node->n_in == 2 && node->opset >= 7 ? find_gate(l, node) : -1;
	const_dnnl_memory_desc_t md;
	enum lu_status status;
	struct lu_gate found, *g;
	struct lu_form x;
	int in[2], y;

	/* Pixels of a channel together, as below AVX-512, are oneDNN's. */
	if (narrow < 0 || !lu_own_may_run(l) || node->fused.activation != LU_ACTIVATION_NONE || node->fused.addend >= 0)
		return LU_OK;
	LU_TRY(lu_onednn_form(l, node->in[1 - narrow], &x, err));
	if (!find_blocks(x.md, out, &found))
		return LU_OK;
	found.gate = l->graph->values[node->in[narrow]].tensor.shape.dim[0] == 1 ? 0 : found.channels;
	LU_TRY(lu_lower_take(l, &g, 1, sizeof(*g), err));
	*g = found;
	step.state = g;
	in[0] = x.buffer;
	LU_TRY(lu_lower_plain(l, node->in[narrow], &in[1], err));
	md = lu_own_channels_last(l, out);
	if (lu_onednn_same_bytes(md, x.md) && in[1] != x.buffer &&
	    lu_onednn_may_overwrite(l, node->in[1 - narrow], x.buffer)) {
		y = x.buffer;
		lu_onednn_hold(l, node->out[0], md, y);
	} else {
		LU_TRY(lu_onednn_make(l, node->out[0], md, &y, err));
	}
	*taken = true;
	LU_TRY(lu_lower_step(l, &step, in, 2, &y, 1, err));
out:
	return status;
}

#endif
