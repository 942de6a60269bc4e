/*
 * depthwise.c: the wide half of an inverted residual, and the mean of its channels, as one step of our own.
 *
 * oneDNN runs three, one after the other, through wide tensors that do not fit the cache; a Swish takes it four times as long.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>

#include "nn/kernels/depthwise.h"
#include "nn/onednn/own.h"

/* The nodes; 'expand' is NULL where the wide tensor is the input, 'mean' where nobody asks for it. */
struct match {
	const struct lu_node *expand, *by_channel, *mean;
	struct lu_window window;
};

struct state {
	struct lu_depthwise depthwise;
	lu_depthwise_run *run;
	bool means;
};

static bool find_curve(const struct lu_fused *fused, struct lu_curve *curve)
{
	*curve = (struct lu_curve){.kind = fused->activation == LU_ACTIVATION_SWISH        ? LU_CURVE_SWISH
					   : fused->activation == LU_ACTIVATION_HARD_SWISH ? LU_CURVE_HARD_SWISH
											   : LU_CURVE_CLIP};
	return curve->kind != LU_CURVE_CLIP || lu_own_clip(fused, &curve->range);
}

/* The GlobalAveragePool that reads what a node makes. */
static const struct lu_node *find_mean(const struct lu_lowering *l, const struct lu_node *node)
{
	for (int i = l->node; i < l->graph->n_nodes; i++) {
		const struct lu_node *user = &l->graph->nodes[i];

		if (user->op != NULL && lu_node_is(user, "GlobalAveragePool") && user->in[0] == node->out[0] &&
		    user->fused.activation == LU_ACTIVATION_NONE && user->fused.addend < 0)
			return user;
	}
	return NULL;
}

static bool find(const struct lu_lowering *l, const struct lu_node *node, struct match *m)
{
	*m = (struct match){.by_channel = node};
	if (lu_own_pointwise(l, node) && node->fused.addend < 0) {
		m->expand = node;
		m->by_channel = lu_graph_only_user(l->graph, node);
		if (m->by_channel == NULL || m->by_channel->in[0] != node->out[0])
			return false;
	}
	if (!lu_own_by_channel(l, m->by_channel, 3, &m->window) && !lu_own_by_channel(l, m->by_channel, 5, &m->window))
		return false;
	m->mean = find_mean(l, m->by_channel);
	return m->expand != NULL || m->mean != NULL;
}

static bool describe(const struct lu_lowering *l, const struct match *m, struct lu_depthwise *d)
{
	const struct lu_node *first = m->expand != NULL ? m->expand : m->by_channel;
	const struct lu_shape *x = &l->graph->values[first->in[0]].tensor.shape;
	const struct lu_shape *y = &l->graph->values[m->by_channel->out[0]].tensor.shape;

	*d = (struct lu_depthwise){
		.chips = x->dim[0],
		.in_channels = x->dim[1],
		.in_height = x->dim[2],
		.in_width = x->dim[3],
		.wide = y->dim[1],
		.out_height = y->dim[2],
		.out_width = y->dim[3],
		.window = m->window.kernel[0],
		.stride = m->window.stride[0],
		.top = m->window.begin[0],
		.left = m->window.begin[1],
		.expands = m->expand != NULL,
	};
	return lu_shape_count(y) > 0 && (m->expand == NULL || find_curve(&m->expand->fused, &d->curve[0])) &&
	       find_curve(&m->by_channel->fused, &d->curve[1]);
}

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_own_memory m = lu_own_memory(step, session);
	const struct state *s = step->state;

	(void)err;
	s->run(&s->depthwise, m.x, m.y, s->means ? session->memory[step->out[1]] : NULL, m.scratch);
	return LU_OK;
}

enum lu_status lu_onednn_depthwise(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	struct lu_own_step own = {.kernel = "depthwise:avx512", .op = "Conv x 2", .run = run};
	struct lu_onednn_lowering *data = l->engine_data;
	struct lu_depthwise_parts parts;
	struct lu_depthwise d;
	enum lu_status status;
	struct match m;
	struct state *s;
	void *packed;

	if (!lu_own_may_run(l) || l->plan->precision == LU_PRECISION_FP16 || lu_depthwise_kernel() == NULL ||
	    !find(l, node, &m) || !describe(l, &m, &d))
		return LU_OK;
	LU_TRY(lu_lower_take(l, &s, 1, sizeof(*s), err));
	own.state = s;
	own.last = m.by_channel;
	own.mean = m.mean;
	own.flop = lu_node_flop(l->graph, m.by_channel) + (m.expand != NULL ? lu_node_flop(l->graph, m.expand) : 0);
	own.op = m.expand != NULL ? own.op : "Conv";
	own.weights = lu_depthwise_weights(&d) * sizeof(float);
	own.scratch = lu_depthwise_scratch(&d) * sizeof(float);
	LU_TRY(lu_own_lower(l, node, &own, &packed, err));
	parts = (struct lu_depthwise_parts){
		.expand = lu_own_floats(l, m.expand, 1),
		.expand_bias = lu_own_floats(l, m.expand, 2),
		.by_channel = lu_own_floats(l, m.by_channel, 1),
		.by_channel_bias = lu_own_floats(l, m.by_channel, 2),
	};
	lu_depthwise_pack(&d, &parts, packed);
	d.weights = packed;
	*s = (struct state){d, lu_depthwise_kernel(), m.mean != NULL};
	data->done[m.by_channel - l->graph->nodes] = true;
	if (m.mean != NULL)
		data->done[m.mean - l->graph->nodes] = true;
	*taken = true;
out:
	return status;
}

#endif
