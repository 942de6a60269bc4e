/*
 * float_blocks.c: for plans in int8: inverted residuals of few channels go back to float32.
 *
 *	Conv 1x1 -> Clip -> Quantize -> Dequantize -> Conv 3x3 by channel -> Clip -> Quantize -> Dequantize -> Conv 1x1
 *
 * As integers the three layers are three steps that move more than they multiply; as floats they are one
 * (kernels/inverted_residual.h). So the pairs between them go, and those that only such blocks and the sums behind them read.
 * Weights stay what the file says; what the pairs would have rounded and cut off does not happen. us a block of aerial-21 on one core of an Emerald Rapids, integers and floats: 16
 * channels at 112 x 112 93 and 63, 48 at 112 x 112 105 and 90, 48 at 56 x 56 61 and 46 and, with stride 2, 28 and 25; but
 * 96 at 28 x 28 32 and 33, and 192 at 14 x 14 20 and 29.
 */
#include "base/memory.h"
#include "nn/passes/passes.h"

enum { MOST_CHANNELS = 64 };

/* The node that makes 'value', seen through pairs and activations, or NULL. */
static const struct lu_node *origin(const struct lu_graph *graph, int value)
{
	static const char *const through[] = {"QuantizeLinear", "DequantizeLinear", "Clip", "Relu"};
	const struct lu_node *maker = lu_graph_maker(graph, value);

	for (size_t i = 0; maker != NULL && i < sizeof(through) / sizeof(through[0]); i++)
		if (lu_node_is(maker, through[i])) {
			maker = lu_graph_maker(graph, maker->in[0]);
			i = (size_t)-1; /* again */
		}
	return maker;
}

/* A convolution of a square kernel and constant weights. */
static bool is_conv(const struct lu_graph *graph, const struct lu_node *node, int64_t kernel, int64_t group)
{
	const struct lu_tensor *w;

	if (node == NULL || !lu_node_is(node, "Conv"))
		return false;
	w = &graph->values[node->in[1]].tensor;
	return w->data != NULL && w->shape.rank == 4 && w->shape.dim[2] == kernel && w->shape.dim[3] == kernel &&
	       lu_node_int(node, "group", 1) == group;
}

static bool is_by_channel(const struct lu_graph *graph, const struct lu_node *node)
{
	int64_t channels = node != NULL && lu_node_is(node, "Conv") ? lu_node_int(node, "group", 1) : 0;

	return channels > 1 && channels <= MOST_CHANNELS && channels % 16 == 0 && is_conv(graph, node, 3, channels) &&
	       graph->values[node->in[1]].tensor.shape.dim[0] == channels;
}

/* The layers of such blocks, and the sums of their results. */
static void mark(const struct lu_graph *graph, bool *floats)
{
	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i], *middle, *first;

		for (int j = 0; j < 2 && lu_node_is(node, "Add") && node->n_in == 2; j++) {
			const struct lu_node *maker = origin(graph, node->in[j]);

			floats[i] |= maker != NULL && is_conv(graph, maker, 1, 1) && floats[maker - graph->nodes];
		}
		middle = is_conv(graph, node, 1, 1) ? origin(graph, node->in[0]) : NULL;
		if (!is_by_channel(graph, middle))
			continue;
		first = origin(graph, middle->in[0]);
		floats[i] = floats[middle - graph->nodes] = true;
		if (is_conv(graph, first, 1, 1))
			floats[first - graph->nodes] = true;
	}
}

enum lu_status lu_pass_float_blocks(struct lu_graph *graph, struct lu_error *err)
{
	bool *floats;
	enum lu_status status = lu_alloc(&floats, (size_t)graph->n_nodes, sizeof(*floats), "a plan", err);

	if (status != LU_OK)
		return status;
	mark(graph, floats);
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *back = &graph->nodes[i], *quantize;
		int uses = 0;

		quantize = lu_node_is(back, "DequantizeLinear") ? lu_graph_maker(graph, back->in[0]) : NULL;
		if (quantize == NULL || !lu_node_is(quantize, "QuantizeLinear"))
			continue;
		for (int k = 0; k < graph->n_nodes; k++)
			for (int j = 0; graph->nodes[k].op != NULL && j < graph->nodes[k].n_in && floats[k]; j++)
				uses += graph->nodes[k].in[j] == back->out[0];
		if (uses == 0 || uses != lu_graph_uses(graph, back->out[0]))
			continue;
		lu_graph_replace(graph, back->out[0], quantize->in[0]);
		lu_graph_remove(graph, back);
	}
	lu_free(floats);
	return lu_graph_sweep(graph, err);
}
