/*
 * keep_quantisation.c: remember which constants are small integers times a scale.
 *
 *	int8 weights -> DequantizeLinear -> Conv
 *
 * Inference has folded the DequantizeLinear into float weights, which is what fp32 wants; integer
 * kernels want what it was made from. Only int8 with zero point 0 is kept: others have no kernel.
 */
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

static bool is_zero(const struct lu_graph *graph, int value)
{
	const struct lu_tensor *zero;

	if (value < 0)
		return true;
	zero = &graph->values[value].tensor;
	for (int64_t i = 0; zero->data != NULL && i < lu_shape_count(&zero->shape); i++)
		if (lu_tensor_get_int(zero, i) != 0)
			return false;
	return zero->data != NULL;
}

static enum lu_status keep(struct lu_graph *graph, const struct lu_node *node, struct lu_error *err)
{
	const struct lu_tensor *q = &graph->values[node->in[0]].tensor, *scale = &graph->values[node->in[1]].tensor;
	int64_t axis = lu_node_int(node, "axis", 1);
	enum lu_status status;
	struct lu_quantisation *quantisation;

	if (q->type != LU_TYPE_INT8 || scale->data == NULL || scale->type != LU_TYPE_FLOAT32 ||
	    lu_node_int(node, "block_size", 0) || !is_zero(graph, lu_node_in(node, 2)))
		return LU_OK;
	status = lu_pool_take(&graph->pool, &quantisation, 1, sizeof(*quantisation), "a plan", err);
	if (status != LU_OK)
		return status;
	quantisation->integers = q->data;
	quantisation->scales = scale->data;
	quantisation->axis = (int)(axis < 0 ? axis + q->shape.rank : axis);
	if (lu_shape_count(&scale->shape) == 1)
		quantisation->axis = -1;
	graph->values[node->out[0]].quantisation = quantisation;
	return LU_OK;
}

enum lu_status lu_pass_keep_quantisation(struct lu_graph *graph, bool *found, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	*found = false;
	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];

		if (!lu_node_is(node, "DequantizeLinear"))
			continue;
		if (graph->values[node->in[0]].tensor.data != NULL)
			LU_TRY(keep(graph, node, err));
		else
			*found = true;
	}
out:
	return status;
}
