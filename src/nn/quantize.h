/*
 * quantize.h: post-training quantisation: a float network becomes one with QuantizeLinear and DequantizeLinear.
 *
 *	lu_quantizer_new	BatchNormalization folded; which layers get integers, and which tensors between them
 *	lu_quantizer_see	a chip: first every one for the ranges, then, after lu_quantizer_turn, again
 *	lu_quantizer_write	the network as ONNX
 *
 * Weights are int8, symmetric, a scale for each output channel; activations uint8, asymmetric, one scale a tensor,
 * over the range that holds all but a small share of their numbers. The first layer and the last are left in float32:
 * they are small, and errors there cost most. A quantizer serves one thread at a time.
 */
#ifndef LU_NN_QUANTIZE_H
#define LU_NN_QUANTIZE_H

#include "nn/nn.h"

struct lu_quantizer;

/*
 * 'percentile' of the numbers of each tensor are inside its range, 100: all. 'graph' must stay. LU_ERROR_UNSUPPORTED:
 * operators older than version 13, or no layer that could be quantised.
 */
enum lu_status lu_quantizer_new(const struct lu_graph *graph, double percentile, struct lu_quantizer **out,
				struct lu_error *err);
/* One chip, channels x height x width. */
enum lu_status lu_quantizer_see(struct lu_quantizer *quantizer, const float *chip, struct lu_error *err);
/* From ranges to histograms; then see the same chips again. */
void lu_quantizer_turn(struct lu_quantizer *quantizer);
/* Layers in integers, and all that could be. */
void lu_quantizer_counts(const struct lu_quantizer *quantizer, int *layers, int *of);
/* lu_free '*bytes'. */
enum lu_status lu_quantizer_write(struct lu_quantizer *quantizer, char **bytes, size_t *size, struct lu_error *err);
void lu_quantizer_free(struct lu_quantizer *quantizer);

#endif
