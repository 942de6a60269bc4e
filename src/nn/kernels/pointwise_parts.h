/*
 * pointwise_parts.h: what the files of the pointwise convolution share: where things lie.
 *
 * Packed weights: for each 32 outputs, channels of all images x 32; a last 16 outputs lie as channels x 16. Then the biases.
 */
#ifndef LU_NN_KERNELS_POINTWISE_PARTS_H
#define LU_NN_KERNELS_POINTWISE_PARTS_H

#include "nn/kernels/pointwise.h"

enum {
	LU_POINTWISE_GROUP = 14, /* pixels that are multiplied together */
	LU_POINTWISE_PANEL = 32, /* outputs that are made together */
};

/* Channels of all images. */
int64_t lu_pointwise_depth(const struct lu_pointwise *c);
/* Pixels that are made before the next ones are taken, whole groups: scratch has their numbers. */
int64_t lu_pointwise_block(const struct lu_pointwise *c);

#endif
