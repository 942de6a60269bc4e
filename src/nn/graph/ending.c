/*
 * ending.c: does a network end in probabilities?
 *
 * Exporters put steps behind a Softmax that change no number or hardly any (Cast, Identity, Reshape, Clip against log(0),
 * the rounding of a quantised file), and write a Softmax out as Exp over its sum. All are looked through.
 */
#include <math.h>
#include <string.h>

#include "nn/graph/graph.h"
#include "nn/graph/op.h"

/* A constant of one number no further from 'from' than 'by': what is added against log(0), or multiplied by. */
static bool is_about(const struct lu_graph *graph, int value, double from, double by)
{
	const struct lu_tensor *t = value >= 0 ? &graph->values[value].tensor : NULL;

	return t != NULL && t->data != NULL && t->type == LU_TYPE_FLOAT32 && lu_shape_count(&t->shape) == 1 &&
	       fabs(lu_tensor_get(t, 0) - from) <= by;
}

/* The input that the node hands on, as it is or nearly so; -1 for a node that makes other numbers. */
static int handed_on(const struct lu_graph *graph, const struct lu_node *node)
{
	static const char *const one[] = {"Cast",    "CastLike",  "Identity",       "Reshape",
					  "Flatten", "Squeeze",   "Unsqueeze",      "Clip",
					  "Dropout", "Transpose", "QuantizeLinear", "DequantizeLinear"};
	static const struct {
		const char *op;
		double neutral;
	} two[] = {{"Add", 0}, {"Sub", 0}, {"Mul", 1}, {"Div", 1}, {"Max", 0}, {"Min", 1}};

	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++)
		if (lu_node_is(node, one[i]))
			return node->in[0];
	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++) {
		if (!lu_node_is(node, two[i].op) || node->n_in != 2)
			continue;
		if (is_about(graph, node->in[1], two[i].neutral, 1e-3))
			return node->in[0];
		if (node->op->name[0] != 'D' && node->op->name[0] != 'S' &&
		    is_about(graph, node->in[0], two[i].neutral, 1e-3))
			return node->in[1];
	}
	if ((lu_node_is(node, "Sum") || lu_node_is(node, "Mean") || lu_node_is(node, "Concat") ||
	     lu_node_is(node, "Max") || lu_node_is(node, "Min")) &&
	    node->n_in == 1)
		return node->in[0];
	return -1;
}

/* x / sum(x) of x = exp(...). */
static bool is_written_out(const struct lu_graph *graph, const struct lu_node *node)
{
	const struct lu_node *sum;

	if (!lu_node_is(node, "Div"))
		return false;
	sum = lu_graph_maker(graph, node->in[1]);
	return lu_node_is(sum, "ReduceSum") && sum->in[0] == node->in[0] &&
	       lu_node_is(lu_graph_maker(graph, node->in[0]), "Exp");
}

enum lu_ending lu_graph_ending(const struct lu_graph *graph)
{
	int value = graph->n_outputs > 0 ? graph->outputs[0] : -1;

	/* Values are made before they are used, so that this ends. */
	for (const struct lu_node *node; (node = lu_graph_maker(graph, value)) != NULL;
	     value = handed_on(graph, node)) {
		if (lu_node_is(node, "Softmax") || is_written_out(graph, node))
			return LU_ENDING_SOFTMAX;
		if (lu_node_is(node, "Sigmoid") || lu_node_is(node, "HardSigmoid"))
			return LU_ENDING_SIGMOID;
	}
	return LU_ENDING_OPEN;
}
