/*
 * infer.c: one pass in graph order does it all: rule, and if everything is known, kernel.
 *
 * So the shape arithmetic that exporters leave in a graph (Shape, Gather, Concat, Reshape) is gone
 * after this walk, and weights written as ConstantOfShape are ordinary weights.
 */
#include <string.h>

#include "base/memory.h"
#include "nn/infer.h"

void lu_call_prepare(struct lu_graph *graph, const struct lu_node *node, struct lu_call *call)
{
	memset(call, 0, sizeof(*call));
	call->graph = graph;
	call->node = node;
	call->n_in = node->n_in;
	call->n_out = node->n_out;
	for (int i = 0; i < node->n_in; i++)
		call->in[i] = node->in[i] >= 0 ? &graph->values[node->in[i]].tensor : NULL;
	for (int i = 0; i < node->n_out; i++)
		call->out[i] = node->out[i] >= 0 ? &graph->values[node->out[i]].tensor : NULL;
}

static bool is_foldable(const struct lu_call *call)
{
	if (call->node->op->flags & LU_OP_SHAPE_ONLY)
		return true;
	for (int i = 0; i < call->n_in; i++)
		if (call->in[i] && !call->in[i]->data)
			return false;
	return true;
}

static enum lu_status fold(struct lu_graph *graph, struct lu_call *call, size_t budget, struct lu_error *err)
{
	enum lu_status status;
	size_t bytes;

	for (int i = 0; i < call->n_out; i++) {
		struct lu_tensor *out = call->out[i];

		if (!out)
			continue;
		if (!lu_shape_bytes(&out->shape, out->type, &bytes) || bytes > budget ||
		    graph->constants.bytes > budget - bytes)
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
					    "the model's constants need more than %zu MiB", budget >> 20);
		status = lu_pool_take(&graph->constants, &out->data, bytes, 1, "a constant", err);
		if (status != LU_OK)
			return status;
	}
	if (call->scratch_bytes) {
		status = lu_alloc_aligned(&call->scratch, call->scratch_bytes, 1, "scratch memory", err);
		if (status != LU_OK)
			return status;
	}
	call->node->op->kernel(call);
	lu_free(call->scratch);
	call->scratch = NULL;
	return LU_OK;
}

enum lu_status lu_graph_infer(struct lu_graph *graph, size_t budget, struct lu_error *err)
{
	char text[LU_SHAPE_TEXT];
	enum lu_status status;
	struct lu_call call;
	size_t bytes;

	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];

		if (!node->op)
			continue;
		lu_call_prepare(graph, node, &call);
		status = node->op->rule(&call, err);
		if (status != LU_OK)
			return status;
		for (int j = 0; j < call.n_out; j++) {
			if (!call.out[j])
				continue;
			if (call.out[j]->type == LU_TYPE_NONE)
				return lu_call_fail(&call, err, LU_ERROR_UNSUPPORTED, "output %d is not run", j);
			if (!lu_shape_bytes(&call.out[j]->shape, call.out[j]->type, &bytes))
				return lu_call_fail(&call, err, LU_ERROR_FORMAT, "output of shape %s is too large",
						    lu_shape_text(&call.out[j]->shape, text));
		}
		if (is_foldable(&call)) {
			status = fold(graph, &call, budget, err);
			if (status != LU_OK)
				return status;
		}
	}
	return LU_OK;
}
