/*
 * inverted_residual.c: three convolutions of a MobileNet as one step of our own, where that is faster.
 *
 * oneDNN runs them one after the other, through wide tensors that do not fit the cache at high resolution.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/choices/choices.h"
#include "nn/kernels/inverted_residual.h"
#include "nn/kernels/inverted_residual_fp16.h"
#include "nn/onednn/own.h"

/* The three nodes; 'expand' is NULL where the wide tensor is the input. */
struct match {
	const struct lu_node *expand, *by_channel, *project;
	struct lu_window window;
};

struct state {
	struct lu_inverted_residual block;
	lu_inverted_residual_run *run;
};

/* A kernel, and what it needs in bytes. */
struct way {
	const char *name;
	lu_inverted_residual_run *(*kernel)(void);
	size_t (*weights)(const struct lu_inverted_residual *b);
	size_t (*scratch)(const struct lu_inverted_residual *b);
	void (*pack)(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from, void *packed);
};

static const struct way floats = {"inverted_residual:avx512", lu_inverted_residual_kernel, lu_inverted_residual_weights,
				  lu_inverted_residual_scratch, lu_inverted_residual_pack};
static const struct way fp16 = {"inverted_residual:avx512_fp16", lu_inverted_residual_fp16_kernel,
				lu_inverted_residual_fp16_weights, lu_inverted_residual_fp16_scratch,
				lu_inverted_residual_fp16_pack};

static const struct lu_tensor *tensor(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor;
}

static bool find(const struct lu_lowering *l, const struct lu_node *node, struct match *m)
{
	int addend;

	*m = (struct match){.by_channel = node};
	if (lu_own_pointwise(l, node) && node->fused.addend < 0) {
		m->expand = node;
		m->by_channel = lu_graph_only_user(l->graph, node);
	}
	if (!lu_own_by_channel(l, m->by_channel, 3, &m->window) ||
	    (m->expand != NULL && m->by_channel->in[0] != node->out[0]))
		return false;
	m->project = lu_graph_only_user(l->graph, m->by_channel);
	if (!lu_own_pointwise(l, m->project) || m->project->in[0] != m->by_channel->out[0])
		return false;
	addend = m->project->fused.addend;
	/* The shortcut must be there already. */
	return (addend < 0 || l->graph->values[addend].node < l->node) &&
	       lu_shape_count(&tensor(l, m->project->out[0])->shape) > 0;
}

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_own_memory m = lu_own_memory(step, session);
	const struct state *s = step->state;

	(void)err;
	s->run(&s->block, m.x, m.shortcut, m.y, m.scratch);
	return LU_OK;
}

static bool describe(const struct lu_lowering *l, const struct match *m, struct lu_inverted_residual *b)
{
	const struct lu_node *first = m->expand != NULL ? m->expand : m->by_channel;
	const struct lu_shape *x = &tensor(l, first->in[0])->shape, *y = &tensor(l, m->project->out[0])->shape;

	*b = (struct lu_inverted_residual){
		.chips = x->dim[0],
		.in_channels = x->dim[1],
		.in_height = x->dim[2],
		.in_width = x->dim[3],
		.wide = tensor(l, m->by_channel->out[0])->shape.dim[1],
		.out_channels = y->dim[1],
		.out_height = y->dim[2],
		.out_width = y->dim[3],
		.stride = m->window.stride[0],
		.top = m->window.begin[0],
		.left = m->window.begin[1],
		.expands = m->expand != NULL,
	};
	return (m->expand == NULL || lu_own_clip(&m->expand->fused, &b->clip[0])) &&
	       lu_own_clip(&m->by_channel->fused, &b->clip[1]) && lu_own_clip(&m->project->fused, &b->clip[2]);
}

/* An inverted residual that begins at 'node', and how to run it; NULL where it is none, or three steps are faster. */
static const struct way *choose(const struct lu_lowering *l, const struct lu_node *node, struct match *m,
				struct lu_inverted_residual *b)
{
	struct lu_layer_facts facts;
	const struct way *way;
	bool suits;

	if (!lu_onednn_has(dnnl_cpu_isa_avx512_core) || !find(l, node, m) || !describe(l, m, b))
		return NULL;
	suits = lu_own_fp16(l, m->expand) && lu_own_fp16(l, m->by_channel) && lu_own_fp16(l, m->project);
	way = suits && fp16.kernel() != NULL ? &fp16 : &floats;
	facts = (struct lu_layer_facts){b->in_channels, b->out_channels, b->out_height, b->out_width, way->weights(b)};
	return way->kernel() != NULL && lu_choose_kernel(LU_KERNEL_INVERTED_RESIDUAL, &facts) ? way : NULL;
}

dnnl_data_type_t lu_own_result_type(const struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_node *user = lu_graph_only_user(l->graph, node);
	struct lu_inverted_residual b;
	struct match m;

	return user != NULL && user->in[0] == node->out[0] && choose(l, user, &m, &b) != NULL ? dnnl_f32
											      : lu_onednn_type(l);
}

enum lu_status lu_onednn_inverted_residual(struct lu_lowering *l, const struct lu_node *node, bool *taken,
					   struct lu_error *err)
{
	struct lu_onednn_lowering *data = l->engine_data;
	struct lu_own_step own = {.op = "Conv x 3", .run = run};
	struct lu_inverted_residual_parts parts;
	const struct lu_node *nodes[3];
	struct lu_inverted_residual b;
	const struct way *way;
	enum lu_status status;
	struct match m;
	struct state *s;
	void *packed;

	way = choose(l, node, &m, &b);
	if (way == NULL)
		return LU_OK;
	LU_TRY(lu_lower_take(l, &s, 1, sizeof(*s), err));
	nodes[0] = m.expand;
	nodes[1] = m.by_channel;
	nodes[2] = own.last = m.project;
	for (int i = 0; i < 3; i++)
		own.flop += nodes[i] != NULL ? lu_node_flop(l->graph, nodes[i]) : 0;
	own.kernel = way->name;
	own.state = s;
	own.weights = way->weights(&b);
	own.scratch = way->scratch(&b);
	LU_TRY(lu_own_lower(l, node, &own, &packed, err));
	parts = (struct lu_inverted_residual_parts){
		.expand = lu_own_floats(l, m.expand, 1),
		.expand_bias = lu_own_floats(l, m.expand, 2),
		.by_channel = lu_own_floats(l, m.by_channel, 1),
		.by_channel_bias = lu_own_floats(l, m.by_channel, 2),
		.project = lu_own_floats(l, m.project, 1),
		.project_bias = lu_own_floats(l, m.project, 2),
	};
	way->pack(&b, &parts, packed);
	b.weights = packed;
	*s = (struct state){b, way->kernel()};
	for (int i = 0; i < 3; i++)
		if (nodes[i] != NULL)
			data->done[nodes[i] - l->graph->nodes] = true;
	*taken = true;
out:
	return status;
}

#endif
