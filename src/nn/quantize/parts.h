/*
 * parts.h: what choosing (quantize.c) and writing (write.c) a quantised network share.
 */
#ifndef LU_NN_QUANTIZE_PARTS_H
#define LU_NN_QUANTIZE_PARTS_H

#include "nn/plan/plan.h"
#include "nn/quantize.h"
#include "nn/quantize/layer_inputs.h"

/* A tensor to be quantised, and what has been seen of it. */
struct lu_seen {
	int value;
	int like; /* the tensor whose numbers these are, moved: they get its grid; -1: none */
	float low, high;
	uint64_t *bins;
	uint64_t count;
	float scale;
	int zero;
};

/* A layer's weights in integers. */
struct lu_rounded {
	int8_t *integers; /* as the weights lie; NULL: not yet */
	float *steps; /* by output channel */
	double *gains; /* of the bias, likewise; NULL: it has none that could gain */
};

struct lu_quantizer {
	struct lu_graph *graph; /* simplified; its constants borrow from the caller's */
	bool *layers; /* by node: gets integers */
	int *candidates; /* the nodes that may */
	int n_layers, n_candidates, n_possible;
	struct lu_rounded *rounded; /* by node */
	struct lu_seen *seen;
	int n_seen;
	struct lu_layer_inputs *inputs; /* by node, of layers */
	int n_inputs;
	double percentile; /* 0: by least squares */
	enum { LU_SEEN_RANGES, LU_SEEN_HISTOGRAMS, LU_SEEN_INPUTS } stage; /* of what is seen next */
	struct lu_plan *plan; /* with the seen tensors as outputs */
	struct lu_session *session;
	float **outputs; /* of the plan */
};

/* The place of a value among the seen, or -1. */
int lu_quantizer_find(const struct lu_quantizer *q, int value);

/* Does a layer that gets integers read the tensor, or a sum of such a layer's result and another? */
bool lu_quantizer_needs_pair(const struct lu_quantizer *q, int value);

#endif
