/*
 * write.c: the chosen layers of a network in integers, as ONNX.
 *
 * Weights and biases are rounded and stand behind a DequantizeLinear each; every tensor that enters such a layer goes
 * through a pair, on the grid that quantize.c has found for it.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/onnx/export.h"
#include "nn/ops/ops.h"
#include "nn/quantize/parts.h"
#include "nn/quantize/round_weights.h"

static enum lu_status constant(struct lu_graph *graph, const char *name, enum lu_type type, int64_t count, int *value,
			       struct lu_error *err)
{
	const struct lu_shape shape = {.rank = count > 0 ? 1 : 0, .dim = {count}};

	return lu_graph_add_constant(graph, name, type, &shape, value, err);
}

static bool is_node(const struct lu_graph *graph, const char *name)
{
	for (int i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].op != NULL && strcmp(graph->nodes[i].name, name) == 0)
			return true;
	return false;
}

/* A Quantize or Dequantize node at place 'at': x, scale, zero -> a new value. */
static enum lu_status insert(struct lu_graph *graph, int at, const char *op, int opset, const int in[3], int axis,
			     int *out, struct lu_error *err)
{
	const char *base = graph->values[in[0]].name;
	const struct lu_tensor from = graph->values[in[0]].tensor;
	struct lu_attribute *attribute = NULL;
	struct lu_node *node;
	char *name;
	enum lu_status status;

	name = lu_sprintf("%s_%s", base, op[0] == 'Q' ? "q" : "dq");
	if (name != NULL && is_node(graph, name)) { /* other runtimes refuse two nodes of one name */
		lu_free(name);
		name = lu_sprintf("%s_%s_%d", base, op[0] == 'Q' ? "q" : "dq", graph->n_nodes);
	}
	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name");
	LU_TRY(lu_graph_add_value(graph, name, out, err));
	LU_TRY(lu_graph_insert(graph, at, &node, err));
	*node = (struct lu_node){
		.op = lu_op_find("", op, opset), .opset = opset, .n_in = 3, .n_out = 1, .fused.addend = -1};
	LU_TRY(lu_pool_text(&graph->pool, &node->name, name, strlen(name), err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->in, in, 3, sizeof(*in), "a node", err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->out, out, 1, sizeof(*out), "a node", err));
	if (axis >= 0) {
		LU_TRY(lu_pool_take(&graph->pool, &attribute, 1, sizeof(*attribute), "a node", err));
		*attribute = (struct lu_attribute){.name = "axis", .kind = LU_ATTRIBUTE_INT, .i = axis};
		node->attributes = attribute;
		node->n_attributes = 1;
	}
	graph->values[*out].node = at;
	graph->values[*out].tensor.shape = from.shape;
	graph->values[*out].tensor.type = op[0] == 'Q' ? LU_TYPE_UINT8 : LU_TYPE_FLOAT32;
out:
	lu_free(name);
	return status;
}

/* The pair behind a tensor's maker; all its readers read the second's result. */
static enum lu_status place_pair(struct lu_graph *graph, const struct lu_seen *s, int opset, struct lu_error *err)
{
	int in[3] = {s->value}, at = graph->values[s->value].node + 1, q, dq;
	const char *name = graph->values[s->value].name;
	enum lu_status status;

	LU_TRY(constant(graph, name, LU_TYPE_FLOAT32, 0, &in[1], err));
	LU_TRY(constant(graph, name, LU_TYPE_UINT8, 0, &in[2], err));
	*(float *)graph->values[in[1]].tensor.data = s->scale;
	*(uint8_t *)graph->values[in[2]].tensor.data = (uint8_t)s->zero;
	LU_TRY(insert(graph, at, "QuantizeLinear", opset, in, -1, &q, err));
	in[0] = q;
	LU_TRY(insert(graph, at + 1, "DequantizeLinear", opset, in, -1, &dq, err));
	for (int i = 0; i < graph->n_nodes; i++)
		for (int j = 0; graph->nodes[i].op != NULL && i != at && j < graph->nodes[i].n_in; j++)
			if (graph->nodes[i].in[j] == s->value)
				graph->nodes[i].in[j] = dq;
out:
	return status;
}

/* Do output channels lie along the last axis of the weights? */
static bool is_last(const struct lu_node *layer)
{
	return !lu_node_is(layer, "Conv") && !lu_node_int(layer, "transB", 0);
}

/* A scale a channel, so that its largest weight is 127. */
static void set_steps(const struct lu_tensor *w, int64_t channels, int64_t inner, float *steps)
{
	for (int64_t i = 0; i < lu_shape_count(&w->shape); i++)
		steps[i / inner % channels] =
			fmaxf(steps[i / inner % channels], fabsf(((const float *)w->data)[i]) / 127);
	for (int64_t c = 0; c < channels; c++)
		if (!(steps[c] > 1e-12f))
			steps[c] = 1e-12f;
}

/* The weights' integers, group by group; 'gains' as lu_round_weights has them, or NULL. */
static enum lu_status round_groups(const struct lu_layer_inputs *inputs, struct lu_rounding rounding,
				   struct lu_error *err)
{
	enum lu_status status = LU_OK;

	rounding.channels /= inputs->groups;
	for (int64_t g = 0; g < inputs->groups; g++) {
		LU_TRY(lu_round_weights(&inputs->moments[g], &rounding, err));
		rounding.weights += rounding.channels * rounding.by_channel;
		rounding.integers += rounding.channels * rounding.by_channel;
		rounding.steps += rounding.channels;
		rounding.gains += rounding.gains != NULL ? rounding.channels : 0;
	}
out:
	return status;
}

/* The layer's weights as integers, once they are wanted. */
static enum lu_status round_layer(struct lu_quantizer *q, int node, struct lu_error *err)
{
	const struct lu_node *layer = &q->graph->nodes[node];
	const struct lu_tensor *w = &q->graph->values[layer->in[1]].tensor;
	const struct lu_tensor *bias = lu_node_in(layer, 2) >= 0 ? &q->graph->values[layer->in[2]].tensor : NULL;
	bool last = is_last(layer);
	int64_t channels = w->shape.dim[last ? 1 : 0], inner = lu_shape_span(&w->shape, last ? 2 : 1, w->shape.rank);
	struct lu_rounded *r = &q->rounded[node];
	enum lu_status status;

	if (r->integers != NULL)
		return LU_OK;
	LU_TRY(lu_alloc(&r->steps, (size_t)channels, sizeof(*r->steps), "a layer", err));
	if (bias != NULL && bias->shape.rank == 1 && bias->shape.dim[0] == channels)
		LU_TRY(lu_alloc(&r->gains, (size_t)channels, sizeof(*r->gains), "a layer", err));
	LU_TRY(lu_alloc(&r->integers, (size_t)lu_shape_count(&w->shape), 1, "a layer", err));
	set_steps(w, channels, inner, r->steps);
	LU_TRY(round_groups(&q->inputs[node],
			    (struct lu_rounding){.channels = channels,
						 .by_channel = last ? 1 : inner,
						 .by_depth = last ? channels : 1,
						 .weights = w->data,
						 .steps = r->steps,
						 .integers = r->integers,
						 .gains = r->gains},
			    err));
out:
	return status;
}

/* The bias on the grid of the sums, as other runtimes want it; false where it is too large for that. */
static bool quantise_bias(const float *b, const struct lu_rounded *r, float source_scale, int64_t channels,
			  int32_t *integers, float *scales)
{
	for (int64_t c = 0; c < channels; c++) {
		double sum;

		scales[c] = source_scale * r->steps[c];
		sum = (double)b[c] / (double)scales[c] + r->gains[c];
		if (!(fabs(sum) < 1e9))
			return false;
		integers[c] = (int32_t)rint(sum);
	}
	return true;
}

/* int8 weights, int32 bias, each behind a DequantizeLinear. */
static enum lu_status place_weights(struct lu_graph *graph, int at, float source_scale, const struct lu_rounded *r,
				    struct lu_error *err)
{
	const struct lu_node *layer = &graph->nodes[at];
	int weights = layer->in[1], bias = lu_node_in(layer, 2), opset = layer->opset;
	const struct lu_shape shape = graph->values[weights].tensor.shape;
	int axis = is_last(layer) ? 1 : 0, in[3], on[3], dq, *ends;
	int64_t channels = shape.dim[axis];
	enum lu_status status;

	LU_TRY(lu_graph_add_constant(graph, graph->values[weights].name, LU_TYPE_INT8, &shape, &in[0], err));
	LU_TRY(constant(graph, graph->values[weights].name, LU_TYPE_FLOAT32, channels, &in[1], err));
	LU_TRY(constant(graph, graph->values[weights].name, LU_TYPE_INT8, channels, &in[2], err));
	memcpy(graph->values[in[0]].tensor.data, r->integers, (size_t)lu_shape_count(&shape));
	memcpy(graph->values[in[1]].tensor.data, r->steps, (size_t)channels * sizeof(*r->steps));
	LU_TRY(insert(graph, at++, "DequantizeLinear", opset, in, axis, &dq, err));
	LU_TRY(lu_pool_copy(&graph->pool, &ends, graph->nodes[at].in, (size_t)graph->nodes[at].n_in, sizeof(*ends),
			    "a node", err));
	ends[1] = dq;
	graph->nodes[at].in = ends;
	if (r->gains == NULL)
		return LU_OK;
	LU_TRY(constant(graph, graph->values[bias].name, LU_TYPE_INT32, channels, &on[0], err));
	LU_TRY(constant(graph, graph->values[bias].name, LU_TYPE_FLOAT32, channels, &on[1], err));
	LU_TRY(constant(graph, graph->values[bias].name, LU_TYPE_INT32, channels, &on[2], err));
	if (!quantise_bias(graph->values[bias].tensor.data, r, source_scale, channels, graph->values[on[0]].tensor.data,
			   graph->values[on[1]].tensor.data))
		return LU_OK;
	LU_TRY(insert(graph, at++, "DequantizeLinear", opset, on, 0, &dq, err));
	graph->nodes[at].in[2] = dq;
out:
	return status;
}

/* A Reshape that inference has fixed to one chip takes its first dimension from its input again. */
static enum lu_status open_reshapes(struct lu_graph *graph, struct lu_error *err)
{
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];
		const struct lu_tensor *shape = lu_node_is(node, "Reshape") ? &graph->values[node->in[1]].tensor : NULL;
		enum lu_status status;
		int copy;

		if (shape == NULL || shape->data == NULL || lu_shape_count(&shape->shape) < 1 ||
		    lu_tensor_get_int(shape, 0) != 1 || lu_node_int(node, "allowzero", 0) ||
		    graph->values[node->in[0]].tensor.shape.rank < 1 ||
		    graph->values[node->in[0]].tensor.shape.dim[0] != 1)
			continue;
		status = lu_graph_add_constant(graph, graph->values[node->in[1]].name, LU_TYPE_INT64, &shape->shape,
					       &copy, err);
		if (status != LU_OK)
			return status;
		shape = &graph->values[node->in[1]].tensor; /* values may have moved */
		for (int64_t k = 1; k < lu_shape_count(&shape->shape); k++)
			lu_tensor_set_int(&graph->values[copy].tensor, k, lu_tensor_get_int(shape, k));
		node->in[1] = copy;
	}
	return LU_OK;
}

enum lu_status lu_quantizer_write(struct lu_quantizer *q, char **bytes, size_t *size, struct lu_error *err)
{
	int nodes = q->graph->n_nodes, place = 0;
	struct lu_graph *graph = NULL;
	enum lu_status status = LU_OK;

	*bytes = NULL;
	for (int i = 0; i < nodes; i++)
		if (q->layers[i])
			LU_TRY(round_layer(q, i, err));
	LU_TRY(lu_graph_clone(q->graph, &graph, err));
	LU_TRY(open_reshapes(graph, err));
	/* Weights first, while a layer's input is still the tensor that was seen. */
	for (int i = 0; i < nodes; i++, place++) {
		int before = graph->n_nodes;

		if (!q->layers[i])
			continue;
		LU_TRY(place_weights(graph, place, q->seen[lu_quantizer_find(q, graph->nodes[place].in[0])].scale,
				     &q->rounded[i], err));
		place += graph->n_nodes - before;
	}
	for (int i = 0; i < q->n_seen; i++)
		if (lu_quantizer_needs_pair(q, q->seen[i].value))
			LU_TRY(place_pair(graph, &q->seen[i], graph->nodes[graph->n_nodes - 1].opset, err));
	LU_TRY(lu_graph_sweep(graph, err));
	LU_TRY(lu_onnx_export(graph, bytes, size, err));
out:
	lu_graph_free(graph);
	return status;
}
