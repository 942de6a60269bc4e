/*
 * pointwise.h: 1x1 convolutions of float32, and the sum of two of them, as one product.
 *
 * The last layer of a residual block and the projection of its shortcut are summed. As one product over the channels of both
 * images, that sum is never written and read.
 *
 * Images are channels-last: rows x columns x channels. All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_POINTWISE_H
#define LU_NN_KERNELS_POINTWISE_H

#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/clip.h"

enum { LU_POINTWISE_IMAGES = 2 };

/* An image of which every stride-th pixel of every stride-th row is read. */
struct lu_pointwise_image {
	int64_t height, width, channels; /* channels are a multiple of 16 */
	int64_t stride;
};

struct lu_pointwise {
	int64_t chips, out_height, out_width, out_channels; /* a multiple of 16 */
	int images; /* 1 or 2 */
	struct lu_pointwise_image image[LU_POINTWISE_IMAGES];
	struct lu_clip_range clip;
	const void *weights; /* packed */
};

/* Bytes of packed weights, and of scratch for one run. */
size_t lu_pointwise_weights(const struct lu_pointwise *c);
size_t lu_pointwise_scratch(const struct lu_pointwise *c);

/*
 * Bring weights as ONNX has them (out x in), one matrix an image, and biases, which are summed (NULL: zeros), into the order of
 * the kernels. 'packed' is 64-byte aligned, as everything below.
 */
void lu_pointwise_pack(const struct lu_pointwise *c, const float *const weights[], const float *const biases[],
		       void *packed);

/*
 * y = clip(bias + sum over images and channels + shortcut); 'shortcut' is like y, or NULL, and may be y itself. A pixel's
 * result does not depend on the others, nor on how many there are.
 */
typedef void lu_pointwise_run(const struct lu_pointwise *c, const float *const x[], const float *shortcut, float *y,
			      void *scratch);

/* Plain C: what is meant. Slow. */
lu_pointwise_run lu_pointwise_reference;

/* The kernel for this processor, which differs from the reference in rounding only, or NULL where there is none. */
lu_pointwise_run *lu_pointwise_kernel(void);

#endif
