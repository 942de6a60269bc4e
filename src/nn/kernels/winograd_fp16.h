/*
 * winograd_fp16.h: the Winograd convolution in half precision, on processors with AVX512-FP16.
 *
 * Images stay float32. In between every number is a half: what is read, weights and numbers at the points, and sums, eight
 * products at a time; bias, shortcut and clip are float32 again. A number beyond some thousands may overflow at a
 * point; otherwise it means what winograd.h says.
 *
 * Rounding is felt more than in a plain sum: 3e-3 of the results' root mean square instead of 8e-4 (32 channels
 * of noise after a Relu). Sums make up most of it, the transforms little: ResNet-20 of CIFAR-10 errs by 0.048 of a logit
 * in the difference of the best two, by 0.040 with transforms in float32, and by 0.066 with sums that are not cut up.
 *
 * All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_WINOGRAD_FP16_H
#define LU_NN_KERNELS_WINOGRAD_FP16_H

#include "nn/kernels/winograd.h"

/* The kernel for this processor, or NULL where there is none; without it the others here do nothing of use. */
lu_winograd_run *lu_winograd_fp16_kernel(void);

/* Plain C, with the same bits (a NaN may be another): what is meant. Slow. */
lu_winograd_run lu_winograd_fp16_reference;

/* Bytes of packed weights, and of scratch for one run. */
size_t lu_winograd_fp16_weights(const struct lu_winograd *c);
size_t lu_winograd_fp16_scratch(const struct lu_winograd *c);

/* As lu_winograd_pack. */
void lu_winograd_fp16_pack(const struct lu_winograd *c, const float *weights, const float *bias, void *packed);

#endif
