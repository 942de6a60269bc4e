/*
 * clip.h: the range that our own kernels clip their results to.
 */
#ifndef LU_NN_KERNELS_CLIP_H
#define LU_NN_KERNELS_CLIP_H

/* Numbers are clipped to [low, high]; NaN stays NaN. Infinite bounds leave all as it is. */
struct lu_clip_range {
	float low, high;
};

static inline float lu_clip(float x, struct lu_clip_range range)
{
	return x < range.low ? range.low : x > range.high ? range.high : x;
}

#endif
