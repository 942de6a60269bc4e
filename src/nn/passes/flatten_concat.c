/*
 * flatten_concat.c: a Concat of Concats along the same axis joins all pieces at once.
 *
 * DenseNet written as a chain copies all that it has at every layer; of pieces, what is not joined otherwise need not be.
 */
#include <string.h>

#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

static int64_t axis_of(const struct lu_graph *graph, const struct lu_node *node)
{
	int64_t axis = lu_node_int(node, "axis", 1);

	return axis < 0 ? axis + graph->values[node->out[0]].tensor.shape.rank : axis;
}

enum lu_status lu_pass_flatten_concat(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	/* In order, so that an inner one has been flattened before. */
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];
		int in[LU_MAX_CALL], n = 0;
		bool nested = false, fits = true;

		if (!lu_node_is(node, "Concat"))
			continue;
		for (int j = 0; j < node->n_in && fits; j++) {
			const struct lu_node *inner = lu_graph_maker(graph, node->in[j]);
			bool opens = lu_node_is(inner, "Concat") && axis_of(graph, inner) == axis_of(graph, node);
			int count = opens ? inner->n_in : 1;

			fits = n + count <= LU_MAX_CALL;
			nested |= opens;
			if (fits)
				memcpy(in + n, opens ? inner->in : &node->in[j], (size_t)count * sizeof(*in));
			n += count;
		}
		if (!nested || !fits)
			continue;
		LU_TRY(lu_pool_copy(&graph->pool, &node->in, in, (size_t)n, sizeof(*in), "a node", err));
		node->n_in = n;
	}
out:
	return status;
}
