/*
 * inverted_residual_parts.h: what the files of the inverted residual share: where packed weights and scratch lie.
 */
#ifndef LU_NN_KERNELS_INVERTED_RESIDUAL_PARTS_H
#define LU_NN_KERNELS_INVERTED_RESIDUAL_PARTS_H

#include "nn/kernels/inverted_residual.h"

/* Where they lie in packed weights. */
struct lu_inverted_residual_parts lu_inverted_residual_parts(const struct lu_inverted_residual *b,
							     const float *weights);

/*
 * Scratch is three things: for each 16 wide channels a ring of three rows, columns x 16, with the zeros at
 * both sides; one row of zeros; and the 3x3's results for a stripe of output rows, wide / 16 x pixels x 16.
 * KiB for the last against a median pass of MobileNetV2 0.35 in us, three rounds, one core of an Emerald Rapids:
 * 16: 907, 916, 874; 64: 856, 889, 870; 128: 825, 874, 866.
 */
#define LU_INVERTED_RESIDUAL_STRIPE_FLOATS (128 << 8)

/* Columns of a ring's row. */
int64_t lu_inverted_residual_padded_width(const struct lu_inverted_residual *b);
/* Output rows in a stripe. */
int64_t lu_inverted_residual_stripe(const struct lu_inverted_residual *b);

/*
 * 'n' pixels of 'depth' channels to 16 wide ones each: weights depth x 16, and 16 biases. Clipped, x 16 apart. Only where there
 * is AVX-512.
 */
void lu_inverted_residual_widen(int64_t depth, int64_t n, const float *x, const float *weights, const float *biases,
				struct lu_clip_range range, float *to);

#endif
