/*
 * inverted_residual_fp16_parts.h: what the files of the inverted residual in fp16 share: where packed weights lie.
 *
 * Wide channels come in blocks of 32; 16 are left where their number is an odd multiple. Packed weights, in this order,
 * all in fp16 but the last; of 16 channels alone, two inputs lie side by side, and what is by channel stands twice:
 *
 *	expand		blocks x depth x 32, then biases	(where it expands)
 *	by channel	blocks x 9 x 32, then biases
 *	project		for each 32 outputs wide x 32; for a last 16 or 8 or fewer wide / 2 x 32 or wide / 4 x 32
 *	biases		of the outputs, zeros up to 32, in float32; of a last 8 they stand twice
 */
#ifndef LU_NN_KERNELS_INVERTED_RESIDUAL_FP16_PARTS_H
#define LU_NN_KERNELS_INVERTED_RESIDUAL_FP16_PARTS_H

#include "nn/kernels/inverted_residual_fp16.h"
#include "nn/kernels/half.h"

#ifdef LU_WITH_FP16

enum {
	LU_INVERTED_RESIDUAL_BLOCK = 32, /* fp16 numbers of a register */
	LU_INVERTED_RESIDUAL_TAIL = 16, /* channels of the last block, where they are an odd multiple of 16 */
};

struct lu_inverted_residual_fp16_parts {
	const lu_half *expand, *expand_bias, *by_channel, *by_channel_bias, *project;
	const float *project_bias;
};
struct lu_inverted_residual_fp16_parts lu_inverted_residual_fp16_parts(const struct lu_inverted_residual *b,
								       const void *weights);

int64_t lu_inverted_residual_fp16_blocks(const struct lu_inverted_residual *b);
/* Channels of x as fp16: an even number, the last maybe zero. */
int64_t lu_inverted_residual_fp16_depth(const struct lu_inverted_residual *b);
/* Wide channels that lie side by side in the weights of 32 (or the last) outputs from 'o' on: 1, 2 or 4. */
int lu_inverted_residual_fp16_ways(const struct lu_inverted_residual *b, int64_t o);

#endif
#endif
