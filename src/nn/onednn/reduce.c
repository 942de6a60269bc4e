/*
 * reduce.c: ReduceSum, ReduceMean, ReduceL2 and ReduceSumSquare along axes that stand together, by a loop of our own.
 *
 * Means over an image are pools; what is left are the norms of ConvNeXt V2, means over channels, and the like.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/kernels/reduce_fp32.h"
#include "nn/onednn/parts.h"
#include "nn/ops/infer.h"

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_reduce(step->state, session->memory[step->in[0]], session->memory[step->scratch],
		  session->memory[step->out[0]]);
	return LU_OK;
}

enum lu_status lu_onednn_reduce(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *shape = &l->graph->values[node->in[0]].tensor.shape;
	struct lu_step step = {.what = node->name,
			       .op = node->op->name,
			       .kernel = "reduce",
			       .shape = l->graph->values[node->out[0]].tensor.shape,
			       .run = run};
	struct lu_reduction *r, found = {.squares = lu_node_is(node, "ReduceL2") || lu_node_is(node, "ReduceSumSquare"),
					 .mean = lu_node_is(node, "ReduceMean"),
					 .root = lu_node_is(node, "ReduceL2")};
	int first = 0, last = shape->rank - 1, in, out;
	bool axes[LU_MAX_RANK], given;
	enum lu_status status;
	struct lu_call call;

	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_call_axes(&call, 1, shape->rank, axes, &given, err));
	if (!given || node->fused.activation != LU_ACTIVATION_NONE || node->fused.addend >= 0)
		return LU_OK;
	while (!axes[first])
		first++;
	while (!axes[last])
		last--;
	for (int i = first; i <= last; i++)
		if (!axes[i])
			return LU_OK;
	found.outer = lu_shape_span(shape, 0, first);
	found.middle = lu_shape_span(shape, first, last + 1);
	found.inner = lu_shape_span(shape, last + 1, shape->rank);
	LU_TRY(lu_pool_copy(&l->graph->pool, &r, &found, 1, sizeof(found), "a plan", err));
	step.state = r;
	*taken = true;
	LU_TRY(lu_lower_plain(l, node->in[0], &in, err));
	LU_TRY(lu_lower_output(l, node->out[0], &out, err));
	LU_TRY(lu_lower_buffer(l, (size_t)found.inner * sizeof(double), &step.scratch, err));
	LU_TRY(lu_lower_step(l, &step, &in, 1, &out, 1, err));
out:
	return status;
}

#endif
