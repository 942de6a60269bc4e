/*
 * drop_identity.c: nodes whose output is their input: Identity, Dropout, a Reshape to the same shape,
 * a Sum of one operand, a Cast to the same type, a Slice of everything.
 */
#include <string.h>

#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

static bool keeps_everything(const struct lu_node *node)
{
	static const char *const names[] = {"Sum", "Mean", "Min", "Max", "Concat", "Cast", "Slice", "Pad", "Expand"};

	if (node->op->flags & LU_OP_VIEW)
		return true;
	/* Of these the variadic ones with a single operand; the others when type and shape show it. */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(node->op->name, names[i]) == 0)
			return i >= 5 || node->n_in == 1;
	return false;
}

/* A Slice or Pad that keeps the shape may still reverse or roll an axis. */
static bool moves(const struct lu_graph *graph, const struct lu_node *node)
{
	const struct lu_tensor *steps = lu_node_in(node, 4) >= 0 ? &graph->values[node->in[4]].tensor : NULL;

	if (lu_node_is(node, "Pad")) {
		const struct lu_tensor *pads = lu_node_in(node, 1) >= 0 ? &graph->values[node->in[1]].tensor : NULL;

		for (int64_t i = 0; pads != NULL && i < lu_shape_count(&pads->shape); i++)
			if (lu_tensor_get_int(pads, i) != 0)
				return true;
		return pads == NULL;
	}
	if (!lu_node_is(node, "Slice") || steps == NULL)
		return false;
	for (int64_t i = 0; i < lu_shape_count(&steps->shape); i++)
		if (lu_tensor_get_int(steps, i) < 0)
			return true;
	return false;
}

enum lu_status lu_pass_drop_identity(struct lu_graph *graph, struct lu_error *err)
{
	(void)err;
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];
		const struct lu_tensor *in, *out;

		if (node->op == NULL || node->n_in < 1 || !keeps_everything(node) || moves(graph, node))
			continue;
		if (node->n_out > 1 && node->out[1] >= 0 && lu_graph_uses(graph, node->out[1]))
			continue;
		in = &graph->values[node->in[0]].tensor;
		out = &graph->values[node->out[0]].tensor;
		if (in->type != out->type || !lu_shape_equal(&in->shape, &out->shape))
			continue;
		lu_graph_replace(graph, node->out[0], node->in[0]);
		lu_graph_remove(graph, node);
	}
	return LU_OK;
}
