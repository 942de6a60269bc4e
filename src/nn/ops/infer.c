/*
 * infer.c: one pass in graph order does it all: rule, and if everything is known, kernel.
 *
 * So the shape arithmetic that exporters leave in a graph (Shape, Gather, Concat, Reshape) is gone
 * after this walk, and weights written as ConstantOfShape are ordinary weights.
 */
#include <string.h>

#include "base/memory.h"
#include "nn/ops/einsum.h"
#include "nn/ops/infer.h"

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

double lu_node_work(const struct lu_graph *graph, const struct lu_node *node)
{
	const int64_t *kernel;
	double in = 0, out = 0, each = 1;
	size_t n;

	for (int i = 0; i < node->n_in; i++)
		if (node->in[i] >= 0)
			in += (double)lu_shape_count(&graph->values[node->in[i]].tensor.shape);
	for (int i = 0; i < node->n_out; i++)
		if (node->out[i] >= 0)
			out += (double)lu_shape_count(&graph->values[node->out[i]].tensor.shape);
	kernel = lu_node_ints(node, "kernel_shape", &n);
	for (size_t i = 0; i < n; i++)
		each *= (double)kernel[i];
	if (lu_node_is(node, "Conv") || lu_node_is(node, "QLinearConv")) {
		const struct lu_shape *w = &graph->values[node->in[node->n_in > 3 ? 3 : 1]].tensor.shape;

		each = (double)lu_shape_span(w, 1, w->rank);
	} else if (lu_node_is(node, "Gemm") || lu_node_is(node, "MatMul")) {
		const struct lu_shape *a = &graph->values[node->in[0]].tensor.shape;

		each = (double)a->dim[lu_node_int(node, "transA", 0) ? 0 : a->rank - 1];
	} else if (lu_node_is(node, "Einsum")) {
		return in + lu_einsum_work(graph, node);
	} else if (lu_node_is(node, "Attention")) {
		const struct lu_shape *q = &graph->values[node->in[0]].tensor.shape,
				      *k = &graph->values[node->in[1]].tensor.shape;

		/* Of each number of a result, and of the query behind it, with all keys. */
		each = (double)k->dim[k->rank - 2];
		out += (double)lu_shape_count(q);
	} else if (lu_node_is(node, "Resize") || lu_node_is(node, "LRN")) {
		each = 64;
	} else if (strncmp(node->op->name, "TreeEnsemble", 12) == 0) {
		lu_node_ints(node, "nodes_treeids", &n);
		each = (double)n * (double)n;
	}
	return in + out * each;
}

static bool is_foldable(const struct lu_call *call)
{
	if (call->node->op->flags & LU_OP_SHAPE_ONLY)
		return true;
	for (int i = 0; i < call->n_in; i++)
		if (call->in[i] != NULL && call->in[i]->data == NULL)
			return false;
	return true;
}

static enum lu_status fold(struct lu_graph *graph, struct lu_call *call, double *work, struct lu_error *err)
{
	size_t bytes, used = graph->constants.bytes;
	enum lu_status status = LU_OK;

	for (int i = 0; i < call->n_out; i++) {
		const struct lu_tensor *out = call->out[i];

		if (out == NULL)
			continue;
		if (!lu_shape_bytes(&out->shape, out->type, &bytes) || bytes > graph->fold_bytes ||
		    used > graph->fold_bytes - bytes)
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
					    "the model's constants need more than %zu MiB", graph->fold_bytes >> 20);
		used += bytes;
	}
	*work += lu_node_work(graph, call->node);
	if (*work > graph->fold_work)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "computing the model's constants would take too long");
	/* Only now any memory. */
	for (int i = 0; i < call->n_out; i++) {
		struct lu_tensor *out = call->out[i];

		if (out == NULL)
			continue;
		lu_shape_bytes(&out->shape, out->type, &bytes);
		LU_TRY(lu_pool_take(&graph->constants, &out->data, bytes, 1, "a constant", err));
	}
	if (call->scratch_bytes)
		LU_TRY(lu_alloc_aligned(&call->scratch, call->scratch_bytes, 1, "scratch memory", err));
	call->node->op->kernel(call);
	lu_free(call->scratch);
	call->scratch = NULL;
out:
	return status;
}

enum lu_status lu_graph_infer(struct lu_graph *graph, struct lu_error *err)
{
	char text[LU_SHAPE_TEXT];
	enum lu_status status = LU_OK;
	struct lu_call call;
	double work = 0;
	size_t bytes;

	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];

		if (node->op == NULL)
			continue;
		lu_call_prepare(graph, node, &call);
		LU_TRY(node->op->rule(&call, err));
		for (int j = 0; j < call.n_out; j++) {
			if (call.out[j] == NULL)
				continue;
			if (call.out[j]->type == LU_TYPE_NONE)
				return lu_call_fail(&call, err, LU_ERROR_UNSUPPORTED, "output %d is not run", j);
			if (!lu_shape_bytes(&call.out[j]->shape, call.out[j]->type, &bytes))
				return lu_call_fail(&call, err, LU_ERROR_FORMAT, "output of shape %s is too large",
						    lu_shape_text(&call.out[j]->shape, text));
		}
		if (is_foldable(&call))
			LU_TRY(fold(graph, &call, &work, err));
	}
out:
	return status;
}
