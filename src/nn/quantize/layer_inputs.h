/*
 * layer_inputs.h: what the weights of a layer meet: rows of integers, a few of each chip, summed for rounding.
 */
#ifndef LU_NN_QUANTIZE_LAYER_INPUTS_H
#define LU_NN_QUANTIZE_LAYER_INPUTS_H

#include "nn/graph/graph.h"
#include "nn/ops/ops.h"
#include "nn/quantize/round_weights.h"

struct lu_layer_inputs {
	bool is_conv;
	struct lu_window window; /* of a Conv */
	int64_t groups, channels; /* of the input, in a group */
	int64_t rows; /* of a product */
	struct lu_moments *moments; /* by group */
	int16_t *work;
};

/* A Conv of two axes or a product of constant weights; its input has a known shape of one chip. Release in any case. */
enum lu_status lu_layer_inputs_init(struct lu_graph *graph, const struct lu_node *node, struct lu_layer_inputs *inputs,
				    struct lu_error *err);
/* The layer's input for a chip, which becomes integers on the grid (x / scale, no zero point; 'low' to 'high'). */
void lu_layer_inputs_see(struct lu_layer_inputs *inputs, const float *x, float scale, int low, int high);
void lu_layer_inputs_release(struct lu_layer_inputs *inputs);

#endif
