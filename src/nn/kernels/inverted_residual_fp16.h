/*
 * inverted_residual_fp16.h: the inverted residual in half precision, on processors with AVX512-FP16.
 *
 * Images stay float32. In between every number is a half: what is read, weights, wide tensors, sums over at most 32
 * products, and sums of these; the bias of the result, the shortcut and the last clip are float32 again. A number beyond 65504
 * is infinite in there, and what is below 6e-8 is zero; otherwise it means what inverted_residual.h says.
 *
 * All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_INVERTED_RESIDUAL_FP16_H
#define LU_NN_KERNELS_INVERTED_RESIDUAL_FP16_H

#include "nn/kernels/inverted_residual.h"

/* The kernel for this processor, or NULL where there is none; without it the others here do nothing of use. */
lu_inverted_residual_run *lu_inverted_residual_fp16_kernel(void);

/* Plain C, with the same bits (a NaN may be another): what is meant. Slow; 2 wide bytes of scratch. */
lu_inverted_residual_run lu_inverted_residual_fp16_reference;

/* Bytes of packed weights, and of scratch for one run. */
size_t lu_inverted_residual_fp16_weights(const struct lu_inverted_residual *b);
size_t lu_inverted_residual_fp16_scratch(const struct lu_inverted_residual *b);

/* As lu_inverted_residual_pack. */
void lu_inverted_residual_fp16_pack(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from,
				    void *packed);

#endif
