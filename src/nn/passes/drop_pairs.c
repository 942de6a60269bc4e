/*
 * drop_pairs.c: a quantised file in floats: its activations keep their ranges and lose their steps.
 *
 *	x -> QuantizeLinear -> DequantizeLinear	becomes	Clip(x, low, high)
 *
 * Quantised files leave activations to the saturation of QuantizeLinear (Relu6 is a range), so the range must stay; as a
 * Clip it goes into the layer before, and the network is as fast as the one it was made from. The rounding is what a network
 * in integers pays for its speed: in floats it would cost time and give nothing.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"
#include "nn/passes/rewrite.h"

static bool same_constant(const struct lu_graph *graph, int a, int b)
{
	if (a == b)
		return true;
	if (a < 0 || b < 0)
		return false;
	const struct lu_tensor *x = &graph->values[a].tensor, *y = &graph->values[b].tensor;

	return x->data != NULL && y->data != NULL && x->type == y->type && lu_shape_count(&x->shape) == 1 &&
	       lu_shape_count(&y->shape) == 1 && lu_tensor_get(x, 0) == lu_tensor_get(y, 0);
}

/* The numbers that the pair lets through; false where it is no pair of one scale. */
static bool find_range(const struct lu_graph *graph, const struct lu_node *quantize, const struct lu_node *dequantize,
		       float *low, float *high)
{
	const double scale = lu_one_number(graph, dequantize->in[1]);
	const struct lu_tensor *q = &graph->values[dequantize->in[0]].tensor;
	const int zero = lu_node_in(dequantize, 2);
	double at = 0;

	if (!same_constant(graph, quantize->in[1], dequantize->in[1]) ||
	    !same_constant(graph, lu_node_in(quantize, 2), zero) || !(scale > 0) || !isfinite(scale) ||
	    (q->type != LU_TYPE_UINT8 && q->type != LU_TYPE_INT8))
		return false;
	if (zero >= 0) {
		const struct lu_tensor *t = &graph->values[zero].tensor;

		if (t->data == NULL || lu_shape_count(&t->shape) != 1)
			return false;
		at = lu_tensor_get(t, 0);
	}
	*low = (float)(((q->type == LU_TYPE_INT8 ? -128 : 0) - at) * scale);
	*high = (float)(((q->type == LU_TYPE_INT8 ? 127 : 255) - at) * scale);
	return true;
}

static enum lu_status add_bound(struct lu_graph *graph, float bound, int *value, struct lu_error *err)
{
	const struct lu_shape one = {.rank = 0};
	const enum lu_status status = lu_graph_add_constant(graph, "bound", LU_TYPE_FLOAT32, &one, value, err);

	if (status == LU_OK)
		*(float *)graph->values[*value].tensor.data = bound;
	return status;
}

static enum lu_status clip_instead(struct lu_graph *graph, int at, float low, float high, struct lu_error *err)
{
	const struct lu_node *quantize = lu_graph_maker(graph, graph->nodes[at].in[0]);
	const struct lu_node *before = lu_graph_maker(graph, quantize->in[0]);
	int in[3] = {quantize->in[0]};
	enum lu_status status;

	/* A Relu before the range is a part of it. */
	if (lu_node_is(before, "Relu") && lu_graph_uses(graph, quantize->in[0]) == 1 && high >= 0) {
		in[0] = before->in[0];
		low = fmaxf(low, 0);
	}
	LU_TRY(add_bound(graph, low, &in[1], err));
	LU_TRY(add_bound(graph, high, &in[2], err));
	LU_TRY(lu_become(graph, &graph->nodes[at], "Clip", 13, in, 3, err));
out:
	return status;
}

enum lu_status lu_pass_drop_pairs(struct lu_graph *graph, struct lu_error *err)
{
	const int values = graph->n_values;
	int *clipped = NULL; /* by quantised value: the one that is clipped instead, and 1 added */
	enum lu_status status;

	LU_TRY(lu_alloc(&clipped, (size_t)values, sizeof(*clipped), "a plan", err));
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];
		const struct lu_node *quantize;
		float low, high;

		if (!lu_node_is(node, "DequantizeLinear") || graph->values[node->in[0]].tensor.data != NULL)
			continue;
		quantize = lu_graph_maker(graph, node->in[0]);
		if (!lu_node_is(quantize, "QuantizeLinear") || !find_range(graph, quantize, node, &low, &high))
			continue;
		const int integers = node->in[0];
		if (clipped[integers] > 0) {
			lu_graph_replace(graph, node->out[0], clipped[integers] - 1);
			lu_graph_remove(graph, node);
			continue;
		}
		clipped[integers] = node->out[0] + 1;
		LU_TRY(clip_instead(graph, i, low, high, err));
	}
out:
	lu_free(clipped);
	return status;
}
