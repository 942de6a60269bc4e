/*
 * conv_fp16.c: convolutions in half precision by our own kernel, as the sums that they are.
 *
 * oneDNN has none for AVX512-FP16.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/choices/choices.h"
#include "nn/kernels/conv_fp16.h"
#include "nn/onednn/own.h"

/* An image of that many channels is read as it comes: bringing them to the end takes longer than it saves. */
#define MOST_PLANES 4
struct state {
	struct lu_conv_fp16 conv;
	lu_conv_fp16_run *run;
};

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_own_memory m = lu_own_memory(step, session);
	const struct state *s = step->state;

	(void)err;
	s->run(&s->conv, m.x, m.shortcut, m.y, m.scratch);
	return LU_OK;
}

static bool describe(const struct lu_lowering *l, const struct lu_node *node, struct lu_conv_fp16 *c)
{
	const struct lu_shape *x = &l->graph->values[node->in[0]].tensor.shape;
	const struct lu_shape *y = &l->graph->values[node->out[0]].tensor.shape;
	struct lu_layer_facts facts;
	struct lu_window window;
	int64_t kernel;

	if (!lu_node_is(node, "Conv") || x->rank != 4 || lu_node_int(node, "group", 1) != 1)
		return false;
	kernel = l->graph->values[node->in[1]].tensor.shape.dim[2];
	if (!lu_own_conv(l, node, kernel, &window) || window.begin[0] < 0 || window.begin[1] < 0)
		return false;
	*c = (struct lu_conv_fp16){
		.chips = x->dim[0],
		.in_channels = x->dim[1],
		.in_height = x->dim[2],
		.in_width = x->dim[3],
		.out_channels = y->dim[1],
		.out_height = y->dim[2],
		.out_width = y->dim[3],
		.kernel = kernel,
		.stride = window.stride[0],
		.top = window.begin[0],
		.left = window.begin[1],
	};
	c->planar = c->in_channels <= MOST_PLANES;
	facts = (struct lu_layer_facts){c->in_channels, c->out_channels, c->out_height, c->out_width, 0};
	return lu_choose_kernel(LU_KERNEL_CONV_FP16, &facts) && lu_own_clip(&node->fused, &c->clip);
}

enum lu_status lu_onednn_conv_fp16(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	struct lu_own_step own = {.kernel = "conv:avx512_fp16", .run = run};
	struct lu_conv_fp16 c;
	enum lu_status status;
	struct state *s;
	void *packed;

	if (!lu_own_may_run(l) || !lu_own_fp16(l, node) || lu_conv_fp16_kernel() == NULL || !describe(l, node, &c))
		return LU_OK;
	LU_TRY(lu_lower_take(l, &s, 1, sizeof(*s), err));
	own.state = s;
	own.weights = lu_conv_fp16_weights(&c);
	own.scratch = lu_conv_fp16_scratch(&c);
	own.planar = c.planar;
	LU_TRY(lu_own_lower(l, node, &own, &packed, err));
	lu_conv_fp16_pack(&c, lu_own_floats(l, node, 1), lu_own_floats(l, node, 2), packed);
	c.weights = packed;
	*s = (struct state){c, lu_conv_fp16_kernel()};
	*taken = true;
out:
	return status;
}

#endif
