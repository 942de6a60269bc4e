/*
 * attention.c: Attention with a kernel of our own, which reads heads where products have left them.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/onednn/parts.h"
#include "nn/ops/attention.h"
#include "nn/ops/infer.h"

struct attention {
	struct lu_attention sizes;
	int64_t shift[4]; /* where q, k, v and the mask begin in their buffers */
	bool mask;
	lu_attention_run *run;
};

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct attention *a = step->state;
	const float *in[4] = {NULL};

	(void)err;
	for (int i = 0; i < step->n_in; i++)
		in[i] = (const float *)session->memory[step->in[i]] + a->shift[i];
	a->run(&a->sizes, in[0], in[1], in[2], in[3], session->memory[step->out[0]], session->memory[step->scratch]);
	return LU_OK;
}

/* The kernel's strides of an operand of four dimensions that lies at these places. */
static struct lu_attention_strides strides_of(const struct lu_shape *shape, const int64_t *strides)
{
	int64_t s[4];

	for (int i = 0; i < 4; i++)
		s[i] = shape->dim[i] == 1 ? 0 : strides[i];
	return (struct lu_attention_strides){s[0], s[1], s[2], shape->dim[3] == 1 ? 1 : strides[3]};
}

/*
 * The layout of the result: such that a Transpose which alone reads it, and leaves the numbers of a row together, has a
 * plain one.
 */
static const_dnnl_memory_desc_t result_md(struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_node *user = lu_graph_only_user(l->graph, node);
	const struct lu_shape *shape = &l->graph->values[node->out[0]].tensor.shape;
	dnnl_dims_t dims, strides = {0};
	int64_t plain[LU_MAX_RANK];
	const int64_t *perm;
	size_t n;

	if (!lu_node_is(user, "Transpose"))
		return lu_onednn_plain_md(l, shape);
	perm = lu_node_ints(user, "perm", &n);
	if (perm == NULL || perm[3] != 3)
		return lu_onednn_plain_md(l, shape);
	lu_shape_strides(&l->graph->values[user->out[0]].tensor.shape, plain);
	for (int i = 0; i < 4; i++) {
		strides[perm[i]] = plain[i];
		dims[i] = shape->dim[i];
	}
	return lu_onednn_strided(l, 4, dims, dnnl_f32, strides);
}

enum lu_status lu_onednn_attention(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	struct lu_attention_strides *operands[4];
	struct lu_step step = {.what = node->name, .op = node->op->name, .run = run};
	int in[4], out, n_in = node->n_in > 3 && node->in[3] >= 0 ? 4 : 3;
	const struct lu_shape *shape = &l->graph->values[node->out[0]].tensor.shape;
	int64_t strides[DNNL_MAX_NDIMS];
	const_dnnl_memory_desc_t md;
	struct attention *a;
	enum lu_status status;
	struct lu_call call;

	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_lower_take(l, &a, 1, sizeof(*a), err));
	LU_TRY(lu_attention_of(&call, &a->sizes, err));
	a->mask = n_in == 4;
	if (call.in[0]->shape.rank != 4 || !lu_attention_fits(&a->sizes, a->mask) ||
	    (a->mask && call.in[3]->type != LU_TYPE_FLOAT32))
		return LU_OK;
	md = result_md(l, node);
	if (md == NULL || !lu_onednn_strides(md, strides))
		return lu_onednn_no_layout(err);
	operands[0] = &a->sizes.q;
	operands[1] = &a->sizes.k;
	operands[2] = &a->sizes.v;
	for (int i = 0; i < 3; i++) {
		struct lu_places p;

		LU_TRY(lu_onednn_find_places(l, node->in[i], &p, err));
		*operands[i] = strides_of(&call.in[i]->shape, p.strides);
		a->shift[i] = p.shift;
		in[i] = p.buffer;
	}
	if (a->mask)
		LU_TRY(lu_lower_plain(l, node->in[3], &in[3], err));
	a->sizes.y = strides_of(shape, strides);
	a->run = lu_onednn_has(dnnl_cpu_isa_avx512_core) ? lu_attention_kernel() : NULL;
	step.kernel = a->run != NULL ? "attention:avx512" : "attention";
	if (a->run == NULL)
		a->run = lu_attention_plain;
	step.state = a;
	step.shape = *shape;
	step.flop = lu_node_flop(l->graph, node);
	*taken = true;
	LU_TRY(lu_onednn_make(l, node->out[0], md, &out, err));
	LU_TRY(lu_lower_buffer(l, lu_attention_scratch(&a->sizes), &step.scratch, err));
	LU_TRY(lu_lower_step(l, &step, in, n_in, &out, 1, err));
out:
	return status;
}

#endif
