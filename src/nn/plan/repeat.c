/*
 * repeat.c: constants that a network puts beside each chip's own numbers, repeated for a batch of chips.
 *
 *	Concat of a class token (1 x 1 x width) and a chip's patches (1 x patches x width)
 *
 * A network exported for one chip has the token once. For a batch it has to lie once before the patches of each.
 */
#include "nn/plan/repeat.h"

#include <string.h>

static enum lu_status repeat(struct lu_graph *graph, const char *name, const struct lu_tensor *from, int batch,
			     int *value, struct lu_error *err)
{
	const size_t bytes = (size_t)lu_shape_count(&from->shape) * lu_type_size(from->type);
	struct lu_shape shape = from->shape;
	enum lu_status status;

	shape.dim[0] = batch;
	LU_TRY(lu_graph_add_constant(graph, name, from->type, &shape, value, err));
	for (int i = 0; i < batch && bytes > 0; i++)
		memcpy((char *)graph->values[*value].tensor.data + (size_t)i * bytes, from->data, bytes);
out:
	return status;
}

enum lu_status lu_repeat_constants(const struct lu_graph *one, struct lu_graph *many, int batch, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < many->n_nodes; i++) {
		struct lu_node *node = &many->nodes[i];
		const struct lu_tensor *result = node->n_out > 0 ? &one->values[node->out[0]].tensor : NULL;
		const int64_t axis = lu_node_int(node, "axis", 1);

		if (!lu_node_is(node, "Concat") || result->data != NULL || axis == 0 || axis == -result->shape.rank)
			continue;
		for (int j = 0; j < node->n_in; j++) {
			const struct lu_value *value = node->in[j] >= 0 ? &one->values[node->in[j]] : NULL;

			if (value != NULL && value->tensor.data != NULL && value->tensor.shape.rank > 0 &&
			    value->tensor.shape.dim[0] == 1)
				LU_TRY(repeat(many, value->name, &value->tensor, batch, &node->in[j], err));
		}
	}
out:
	return status;
}
