/*
 * winograd.c: 3x3 convolutions by our Winograd kernel, where it has much less to multiply.
 *
 * oneDNN has such kernels too. Which of them it takes, and how it sums, depends on the batch, so that
 * a chip's bits would; and at 16 channels they are slower than its direct ones.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/choices/choices.h"
#include "nn/kernels/winograd.h"
#include "nn/kernels/winograd_fp16.h"
#include "nn/onednn/own.h"

struct state {
	struct lu_winograd conv;
	lu_winograd_run *run;
};

/* A kernel, and what it needs in bytes. */
struct way {
	const char *name;
	lu_winograd_run *(*kernel)(void);
	size_t (*weights)(const struct lu_winograd *c);
	size_t (*scratch)(const struct lu_winograd *c);
	void (*pack)(const struct lu_winograd *c, const float *weights, const float *bias, void *packed);
};

static const struct way floats = {"winograd:avx512", lu_winograd_kernel, lu_winograd_weights, lu_winograd_scratch,
				  lu_winograd_pack};
static const struct way fp16 = {"winograd:avx512_fp16", lu_winograd_fp16_kernel, lu_winograd_fp16_weights,
				lu_winograd_fp16_scratch, lu_winograd_fp16_pack};

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_own_memory m = lu_own_memory(step, session);
	const struct state *s = step->state;

	(void)err;
	s->run(&s->conv, m.x, m.shortcut, m.y, m.scratch);
	return LU_OK;
}

/* Never by the number of chips: a chip's bits must not depend on it. */
static bool describe(const struct lu_lowering *l, const struct lu_node *node, struct lu_winograd *c)
{
	const struct lu_shape *x = &l->graph->values[node->in[0]].tensor.shape;
	const struct lu_shape *y = &l->graph->values[node->out[0]].tensor.shape;
	struct lu_layer_facts facts;
	struct lu_window window;

	if (!lu_own_conv(l, node, 3, &window) || window.stride[0] != 1 || lu_node_int(node, "group", 1) != 1)
		return false;
	*c = (struct lu_winograd){
		.chips = x->dim[0],
		.in_channels = x->dim[1],
		.in_height = x->dim[2],
		.in_width = x->dim[3],
		.out_channels = y->dim[1],
		.out_height = y->dim[2],
		.out_width = y->dim[3],
		.top = window.begin[0],
		.left = window.begin[1],
	};
	facts = (struct lu_layer_facts){c->in_channels, c->out_channels, c->out_height, c->out_width, 0};
	return lu_choose_kernel(LU_KERNEL_WINOGRAD, &facts) && lu_own_clip(&node->fused, &c->clip);
}

enum lu_status lu_onednn_winograd(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct way *way = lu_own_fp16(l, node) ? &fp16 : &floats;
	struct lu_own_step own = {.kernel = way->name, .run = run};
	enum lu_status status;
	struct lu_winograd c;
	struct state *s;
	void *packed;

	if (!lu_own_may_run(l) || way->kernel() == NULL || !describe(l, node, &c))
		return LU_OK;
	LU_TRY(lu_lower_take(l, &s, 1, sizeof(*s), err));
	own.state = s;
	own.weights = way->weights(&c);
	own.scratch = way->scratch(&c);
	LU_TRY(lu_own_lower(l, node, &own, &packed, err));
	if (!l->plan->sketch)
		way->pack(&c, lu_own_floats(l, node, 1), lu_own_floats(l, node, 2), packed);
	c.weights = packed;
	*s = (struct state){c, way->kernel()};
	*taken = true;
out:
	return status;
}

#endif
