/*
 * winograd_fp16_parts.h: what the files of the Winograd convolution in fp16 share.
 *
 * Packed weights, in fp16: for each of 36 points, for each 32 outputs, in_channels x 32; a last 16 outputs lie as
 * in_channels / 2 x 32, two inputs side by side. Then the biases, in float32.
 */
#ifndef LU_NN_KERNELS_WINOGRAD_FP16_PARTS_H
#define LU_NN_KERNELS_WINOGRAD_FP16_PARTS_H

#include "nn/kernels/half.h"
#include "nn/kernels/winograd_fp16.h"
#include "nn/kernels/winograd_parts.h"

#ifdef LU_WITH_FP16

enum {
	LU_WINOGRAD_BLOCK = 32, /* fp16 numbers of a register */
	LU_WINOGRAD_CHUNK = 8, /* products of a lane that are summed before they are added to the others */
};

/* Inputs that lie side by side in the weights of the outputs from 'o' on: 1 or 2. */
static inline int lu_winograd_fp16_ways(const struct lu_winograd *c, int64_t o)
{
	return c->out_channels - o < LU_WINOGRAD_BLOCK ? 2 : 1;
}

static inline const float *lu_winograd_fp16_bias(const struct lu_winograd *c, const void *packed)
{
	return (const float *)packed + (size_t)LU_WINOGRAD_POINTS * (size_t)(c->in_channels * c->out_channels) / 2;
}

#endif
#endif
