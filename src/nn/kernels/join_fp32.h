/*
 * join_fp32.h: images side by side in the channels of one, normalised on the way.
 *
 *	y = clip((x - mean) scale + shift), by channel, x being the channels of all pieces one after the other
 *
 * DenseNet joins all its layers so far for each new one. Made apart, the joined image is written and read once more
 * than needed. See Huang et al. 2017, "Densely Connected Convolutional Networks". Images are channels-last.
 */
#ifndef LU_NN_KERNELS_JOIN_FP32_H
#define LU_NN_KERNELS_JOIN_FP32_H

#include <stdbool.h>
#include <stdint.h>

struct lu_join {
	int64_t pixels; /* of all chips */
	int64_t channels; /* of the result */
	int pieces;
	const int64_t *widths; /* channels of each piece; their sum is 'channels' */
	const float *mean, *scale, *shift; /* by channel */
	bool relu; /* negative numbers become 0; NaN stays */
};

/* 'x' are the pieces, pixels x width each. May be called by any thread. */
void lu_join_run(const struct lu_join *j, const float *const *x, float *y);

#endif
