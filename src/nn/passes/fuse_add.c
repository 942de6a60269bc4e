/*
 * fuse_add.c: the sum at the end of a residual block becomes part of its last convolution.
 *
 *	conv -> Add(conv, shortcut)   becomes   conv with addend = shortcut
 *
 * The convolution must stand behind the shortcut's maker, since it reads it now; when both operands are
 * convolutions, the later one takes the earlier one's result. Where the shortcut is made last, but not by a convolution,
 * the convolution waits for it. So does one with a QuantizeLinear and a DequantizeLinear behind it, which stays as it is:
 * an engine that runs integers makes the sum in it.
 */
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

static bool can_take(const struct lu_graph *graph, const struct lu_node *conv)
{
	return lu_node_is(conv, "Conv") && conv->fused.addend < 0 && conv->fused.activation == LU_ACTIVATION_NONE &&
	       lu_graph_uses(graph, conv->out[0]) == 1;
}

/* Move a node down to place 'to'; those between move up by one. Nothing there may use its result. */
static void move_down(struct lu_graph *graph, int from, int to)
{
	const struct lu_node node = graph->nodes[from];

	for (int i = from; i < to; i++)
		graph->nodes[i] = graph->nodes[i + 1];
	graph->nodes[to] = node;
	for (int i = from; i <= to; i++)
		for (int j = 0; graph->nodes[i].op != NULL && j < graph->nodes[i].n_out; j++)
			if (graph->nodes[i].out[j] >= 0)
				graph->values[graph->nodes[i].out[j]].node = i;
}

/* The places of conv -> Quantize -> Dequantize, which make 'value' for one user; false where something else does. */
static bool find_pair(const struct lu_graph *graph, int value, int at[3])
{
	static const char *const ops[] = {"DequantizeLinear", "QuantizeLinear", "Conv"};

	for (int i = 0; i < 3; i++) {
		at[i] = graph->values[value].node;
		if (at[i] < 0 || !lu_node_is(&graph->nodes[at[i]], ops[i]) || lu_graph_uses(graph, value) != 1)
			return false;
		value = graph->nodes[at[i]].in[0];
	}
	return true;
}

enum lu_status lu_pass_fuse_add(struct lu_graph *graph, struct lu_error *err)
{
	(void)err;
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *add = &graph->nodes[i], *conv;
		int later, other, at[3];

		if ((!lu_node_is(add, "Add") && !lu_node_is(add, "Sum")) || add->n_in != 2)
			continue;
		later = graph->values[add->in[0]].node > graph->values[add->in[1]].node ? 0 : 1;
		other = add->in[!later];
		conv = lu_graph_maker(graph, add->in[later]);
		if (conv != NULL && !can_take(graph, conv) && lu_graph_maker(graph, other) != NULL &&
		    can_take(graph, lu_graph_maker(graph, other))) {
			/* Its only user is the sum, so that it may stand right before it. */
			move_down(graph, graph->values[other].node, i - 1);
			later = !later;
			other = add->in[!later];
			conv = lu_graph_maker(graph, add->in[later]);
		}
		if (conv != NULL && !can_take(graph, conv) && !find_pair(graph, add->in[later], at) &&
		    find_pair(graph, other, at)) {
			for (int k = 0; k < 3; k++)
				move_down(graph, at[k], i - 1 - k);
			continue;
		}
		if (conv == NULL || add->in[0] == add->in[1] || !can_take(graph, conv) ||
		    graph->values[other].tensor.data != NULL ||
		    !lu_shape_equal(&graph->values[other].tensor.shape, &graph->values[conv->out[0]].tensor.shape))
			continue;
		conv->fused.addend = other;
		lu_graph_replace(graph, add->out[0], conv->out[0]);
		lu_graph_remove(graph, add);
	}
	return LU_OK;
}
