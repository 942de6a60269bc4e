/*
 * fold_pad.c: zeros that a Pad puts around an image are zeros that the Conv behind it can imagine.
 *
 * Keras pads unevenly (0 before, 1 behind) ahead of strided convolutions; exporters write that as a
 * Pad. Engines take uneven padding, so the Pad and its copy of the image can go.
 */
#include <string.h>

#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

/* The pads of a Pad node over an N x C x space image, if they are zeros around space alone: begins, then ends. */
static bool spatial_pads(const struct lu_graph *graph, const struct lu_node *pad, int64_t pads[2 * LU_MAX_SPATIAL])
{
	int rank = graph->values[pad->in[0]].tensor.shape.rank;
	int amounts = lu_node_in(pad, 1), fill = lu_node_in(pad, 2);
	const struct lu_tensor *tensor = amounts >= 0 ? &graph->values[amounts].tensor : NULL;
	const int64_t *ints;
	size_t n;

	ints = lu_node_ints(pad, "pads", &n);
	if (strcmp(lu_node_string(pad, "mode", "constant"), "constant") != 0 || lu_node_in(pad, 3) >= 0 || rank < 3 ||
	    rank > 2 + LU_MAX_SPATIAL || lu_node_float(pad, "value", 0) != 0)
		return false;
	if (fill >= 0 &&
	    (graph->values[fill].tensor.data == NULL || lu_tensor_get(&graph->values[fill].tensor, 0) != 0))
		return false;
	for (int i = 0; i < 2 * rank; i++) {
		int64_t amount = tensor != NULL ? lu_tensor_get_int(tensor, i) : ints[i];
		int axis = i % rank;

		if (amount < 0 || (axis < 2 && amount))
			return false;
		if (axis >= 2)
			pads[(i < rank ? 0 : rank - 2) + axis - 2] = amount;
	}
	return true;
}

enum lu_status lu_pass_fold_pad(struct lu_graph *graph, struct lu_error *err)
{
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *pad = &graph->nodes[i], *conv;
		int64_t pads[2 * LU_MAX_SPATIAL];
		enum lu_status status;
		const int64_t *own;
		size_t n;

		if (!lu_node_is(pad, "Pad"))
			continue;
		conv = lu_graph_only_user(graph, pad);
		if (!lu_node_is(conv, "Conv") || conv->in[0] != pad->out[0] || !spatial_pads(graph, pad, pads))
			continue;
		/* With SAME_* the convolution's own padding depends on the padded size: leave it. */
		if (strncmp(lu_node_string(conv, "auto_pad", "NOTSET"), "SAME", 4) == 0)
			continue;
		own = lu_node_ints(conv, "pads", &n);
		n = 2 * (size_t)(graph->values[pad->in[0]].tensor.shape.rank - 2);
		if (strcmp(lu_node_string(conv, "auto_pad", "NOTSET"), "NOTSET") != 0)
			continue;
		for (size_t j = 0; own != NULL && j < n; j++)
			pads[j] += own[j];
		status = lu_node_set_ints(graph, conv, "pads", pads, n, err);
		if (status != LU_OK)
			return status;
		conv->in[0] = pad->in[0];
		lu_graph_remove(graph, pad);
	}
	return LU_OK;
}
