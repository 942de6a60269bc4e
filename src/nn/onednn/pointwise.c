/*
 * pointwise.c: 1x1 convolutions by our own kernel, where it has much to multiply; two that are summed as one.
 *
 * oneDNN's wait for memory, and it has none for the sum.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/choices/choices.h"
#include "nn/kernels/pointwise.h"
#include "nn/onednn/own.h"

struct state {
	struct lu_pointwise conv;
	lu_pointwise_run *run;
};

static const struct lu_shape *shape(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor.shape;
}

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_own_memory m = lu_own_memory(step, session);
	const struct state *s = step->state;
	const bool two = s->conv.images == 2;
	const float *const x[] = {m.x, two ? m.shortcut : NULL};

	(void)err;
	s->run(&s->conv, x, two ? NULL : m.shortcut, m.y, m.scratch);
	return LU_OK;
}

/* The image of a convolution that the kernel can take. */
static bool describe(const struct lu_lowering *l, const struct lu_node *node, struct lu_pointwise_image *m)
{
	const struct lu_shape *y = shape(l, node->out[0]);
	struct lu_layer_facts facts;
	struct lu_window w;

	if (!lu_own_conv(l, node, 1, &w) || lu_node_int(node, "group", 1) != 1 || w.begin[0] || w.begin[1] ||
	    w.end[0] > 0 || w.end[1] > 0)
		return false;
	*m = (struct lu_pointwise_image){
		.channels = shape(l, node->in[0])->dim[1],
		.height = shape(l, node->in[0])->dim[2],
		.width = shape(l, node->in[0])->dim[3],
		.stride = w.stride[0],
	};
	facts = (struct lu_layer_facts){m->channels, y->dim[1], y->dim[2], y->dim[3], 0};
	return lu_choose_kernel(LU_KERNEL_POINTWISE, &facts);
}

/* The convolution that alone reads the node's result, to add it to its own; NULL where both cannot be one step here. */
static const struct lu_node *find_beside(const struct lu_lowering *l, const struct lu_node *node)
{
	if (node->fused.addend >= 0 || node->fused.activation != LU_ACTIVATION_NONE ||
	    lu_graph_uses(l->graph, node->out[0]) != 1)
		return NULL;
	for (int i = l->node + 1; i < l->graph->n_nodes; i++) {
		const struct lu_node *other = &l->graph->nodes[i];

		/* Its image must be there already. */
		if (other->op != NULL && other->fused.addend == node->out[0])
			return l->graph->values[other->in[0]].node < l->node ? other : NULL;
	}
	return NULL;
}

enum lu_status lu_onednn_pointwise(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	struct lu_own_step own = {.kernel = "pointwise:avx512", .run = run, .in_place = true};
	struct lu_onednn_lowering *data = l->engine_data;
	const struct lu_node *beside = find_beside(l, node);
	const struct lu_shape *y = shape(l, node->out[0]);
	struct lu_pointwise c = {.images = 1};
	enum lu_status status;
	struct state *s;
	void *packed;

	if (!lu_own_may_run(l) || lu_pointwise_kernel() == NULL || !describe(l, node, &c.image[0]))
		return LU_OK;
	c.chips = y->dim[0];
	c.out_channels = y->dim[1];
	c.out_height = y->dim[2];
	c.out_width = y->dim[3];
	if (beside != NULL && describe(l, beside, &c.image[1])) {
		c.images = 2;
		own.op = "Conv + Conv";
		own.beside = own.last = beside;
		own.flop = lu_node_flop(l->graph, node) + lu_node_flop(l->graph, beside);
	}
	if (!lu_own_clip(&(own.last != NULL ? own.last : node)->fused, &c.clip))
		return LU_OK;
	LU_TRY(lu_lower_take(l, &s, 1, sizeof(*s), err));
	own.state = s;
	own.weights = lu_pointwise_weights(&c);
	own.scratch = lu_pointwise_scratch(&c);
	LU_TRY(lu_own_lower(l, node, &own, &packed, err));
	const float *const weights[] = {lu_own_floats(l, node, 1), lu_own_floats(l, own.beside, 1)};
	const float *const biases[] = {lu_own_floats(l, node, 2), lu_own_floats(l, own.beside, 2)};
	if (!l->plan->sketch)
		lu_pointwise_pack(&c, weights, biases, packed);
	c.weights = packed;
	*s = (struct state){c, lu_pointwise_kernel()};
	if (own.beside != NULL)
		data->done[beside - l->graph->nodes] = true;
	*taken = true;
out:
	return status;
}

#endif
