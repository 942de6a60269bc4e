/*
 * conv_fp16.h: a convolution as the sum that it is, in half precision, on processors with AVX512-FP16.
 *
 * For windows of any size and stride, of which 1x1 and those that stride pay most. Images stay float32. In between
 * every number is a half: what is read, weights, sums over 32 products, and sums of these; bias, shortcut and clip are float32
 * again. A number beyond 65504 is infinite in there.
 *
 * Images are channels-last: rows x columns x channels, but for an x that is said to be planar. All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_CONV_FP16_H
#define LU_NN_KERNELS_CONV_FP16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/clip.h"

struct lu_conv_fp16 {
	int64_t chips;
	int64_t in_height, in_width, in_channels;
	int64_t out_height, out_width, out_channels;
	int64_t kernel, stride; /* both ways */
	int64_t top, left; /* zeros around the image; below and to the right as many as the output needs */
	bool planar; /* x is channels x rows x columns, as images come */
	struct lu_clip_range clip;
	const void *weights; /* by lu_conv_fp16_pack */
};

/* Bytes of packed weights, and of scratch for one run. */
size_t lu_conv_fp16_weights(const struct lu_conv_fp16 *c);
size_t lu_conv_fp16_scratch(const struct lu_conv_fp16 *c);

/*
 * Bring weights as ONNX has them (out x in x kernel x kernel) and a bias (NULL for zeros) into the order of the kernels.
 * 'packed' is 64-byte aligned, as everything below.
 */
void lu_conv_fp16_pack(const struct lu_conv_fp16 *c, const float *weights, const float *bias, void *packed);

/*
 * y = clip(conv(x) + bias + shortcut); 'shortcut' is like y, or NULL, and may be y itself. A chip's result does not
 * depend on the others.
 */
typedef void lu_conv_fp16_run(const struct lu_conv_fp16 *c, const float *x, const float *shortcut, float *y,
			      void *scratch);

/* Plain C: what is meant. Slow. */
lu_conv_fp16_run lu_conv_fp16_reference;

/* The kernel for this processor, with the same bits (a NaN may be another), or NULL; without it the others do nothing of use. */
lu_conv_fp16_run *lu_conv_fp16_kernel(void);

#endif
