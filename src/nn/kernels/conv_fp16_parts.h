/*
 * conv_fp16_parts.h: what the files of the convolution in fp16 share.
 *
 * What a result sees of a row of the image are kernel x in_channels numbers side by side, a run. Packed weights, in
 * fp16: for each 32 outputs, for each row of the window, run x 32; for a last 16 or 8 or fewer outputs run / 2 x 32 or
 * run / 4 x 32, two or four numbers of the run side by side, where they divide it. Then the biases, zeros up to 32, in float32;
 * of a last 8 they stand twice.
 */
#ifndef LU_NN_KERNELS_CONV_FP16_PARTS_H
#define LU_NN_KERNELS_CONV_FP16_PARTS_H

#include "nn/kernels/conv_fp16.h"
#include "nn/kernels/half.h"

#ifdef LU_WITH_FP16

enum {
	LU_CONV_BLOCK = 32, /* fp16 numbers of a register */
	LU_CONV_CHUNK = 32, /* products of a lane that are summed before they are added to the others */
};

static inline int64_t lu_conv_fp16_of_run(const struct lu_conv_fp16 *c)
{
	return c->kernel * c->in_channels;
}

/* Numbers of a run that lie side by side in the weights of the outputs from 'o' on: 1, 2 or 4. */
static inline int lu_conv_fp16_ways(const struct lu_conv_fp16 *c, int64_t o)
{
	int64_t left = c->out_channels - o, run = lu_conv_fp16_of_run(c);

	return left <= 8 && run % 4 == 0 ? 4 : left <= 16 && run % 2 == 0 ? 2 : 1;
}

/* fp16 numbers of the weights of the outputs before 'o', a multiple of 32, or of all. */
static inline int64_t lu_conv_fp16_before(const struct lu_conv_fp16 *c, int64_t o)
{
	int64_t full = o / LU_CONV_BLOCK * LU_CONV_BLOCK, run = c->kernel * lu_conv_fp16_of_run(c);

	return full * run + (full < o ? LU_CONV_BLOCK / lu_conv_fp16_ways(c, full) * run : 0);
}

static inline const float *lu_conv_fp16_bias(const struct lu_conv_fp16 *c, const void *packed)
{
	/* rounded up to whole registers */
	return (const float *)packed +
	       (lu_conv_fp16_before(c, c->out_channels) + LU_CONV_BLOCK - 1) / LU_CONV_BLOCK * 16;
}

#endif
#endif
