/*
 * quantize.h: post-training quantisation: a float network becomes one with QuantizeLinear and DequantizeLinear.
 *
 *	lu_quantizer_new	BatchNormalization folded; which layers get integers, and which tensors between them
 *	lu_quantizer_see	a chip: every one for the ranges, again for the histograms, and again for the layers' inputs
 *	lu_quantizer_turn	from the first to the second and from the second to the third
 *	lu_quantizer_write	the network as ONNX
 *
 * Weights are int8, symmetric, a scale for each output channel, rounded so that the layer's results change least
 * (round_weights.h); activations uint8, asymmetric, one scale a tensor, over the range with the least error
 * (fit_range.h), or that holds a given share of their numbers. The first layer and the last are left in float32:
 * they are small, and errors there cost most. A quantizer serves one thread at a time.
 */
#ifndef LU_NN_QUANTIZE_H
#define LU_NN_QUANTIZE_H

#include "nn/nn.h"

struct lu_quantizer;

/* A network that hands the input of 'graph' through, flat: what comes out is what lu_quantizer_see takes. 'graph' must stay. */
enum lu_status lu_graph_through(const struct lu_graph *graph, struct lu_graph **out, struct lu_error *err);

/*
 * 'percentile' of the numbers of each tensor are inside its range, 100: all; 0: the range with the least error.
 * 'graph' must stay. LU_ERROR_UNSUPPORTED: operators older than version 13, or no layer that could be quantised.
 */
enum lu_status lu_quantizer_new(const struct lu_graph *graph, double percentile, struct lu_quantizer **out,
				struct lu_error *err);
/* One chip, channels x height x width. */
enum lu_status lu_quantizer_see(struct lu_quantizer *quantizer, const float *chip, struct lu_error *err);
/* From ranges to histograms, or from these to layers' inputs; then see the same chips again. */
enum lu_status lu_quantizer_turn(struct lu_quantizer *quantizer, struct lu_error *err);
/* Layers in integers, and all that could be: the candidates, the first and the last. */
void lu_quantizer_counts(const struct lu_quantizer *quantizer, int *layers, int *of);
/* How many layers may have integers; all of them have, but for those that are left in float32. */
int lu_quantizer_candidates(const struct lu_quantizer *quantizer);
void lu_quantizer_leave(struct lu_quantizer *quantizer, int candidate, bool in_float);
/* After the third round, once or more. lu_free '*bytes'. */
enum lu_status lu_quantizer_write(struct lu_quantizer *quantizer, char **bytes, size_t *size, struct lu_error *err);
void lu_quantizer_free(struct lu_quantizer *quantizer);

#endif
