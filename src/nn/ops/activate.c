/*
 * activate.c: the activations that passes fuse into the layer before them, number by number.
 */
#include <assert.h>
#include <math.h>

#include "nn/ops/ops.h"

static float sigmoid(float x)
{
	return (float)(1.0 / (1.0 + exp(-(double)x)));
}

static float clip(float x, float low, float high)
{
	/* NaN passes: a broken chip must stay visible. */
	x = x < low ? low : x;
	return x > high ? high : x;
}

float lu_activate(const struct lu_fused *fused, float x)
{
	switch (fused->activation) {
	case LU_ACTIVATION_NONE:
		return x;
	case LU_ACTIVATION_RELU:
		return x < 0 ? 0 : x;
	case LU_ACTIVATION_CLIP:
		return clip(x, fused->alpha, fused->beta);
	case LU_ACTIVATION_LEAKY_RELU:
		return x < 0 ? x * fused->alpha : x;
	case LU_ACTIVATION_SIGMOID:
		return sigmoid(x);
	case LU_ACTIVATION_HARD_SIGMOID:
		return clip(fused->alpha * x + fused->beta, 0, 1);
	case LU_ACTIVATION_HARD_SWISH:
		return x * clip(x / 6 + 0.5f, 0, 1);
	case LU_ACTIVATION_SWISH:
		return x * sigmoid(x);
	case LU_ACTIVATION_GELU:
		return (float)(0.5 * x * (1 + erf(x * 0.7071067811865476)));
	case LU_ACTIVATION_TANH:
		return (float)tanh((double)x);
	case LU_ACTIVATION_ELU:
		return x < 0 ? (float)(fused->alpha * expm1((double)x)) : x;
	}
	assert(!"an activation without a formula");
	return x;
}

void lu_fused_apply(const struct lu_fused *fused, float *y, const float *addend, int64_t count)
{
	if (addend != NULL)
		for (int64_t i = 0; i < count; i++)
			y[i] += addend[i];
	/* The two that are everywhere get loops the compiler can vectorise. */
	switch (fused->activation) {
	case LU_ACTIVATION_NONE:
		return;
	case LU_ACTIVATION_RELU:
		for (int64_t i = 0; i < count; i++)
			y[i] = y[i] < 0 ? 0 : y[i];
		return;
	case LU_ACTIVATION_CLIP:
		for (int64_t i = 0; i < count; i++)
			y[i] = clip(y[i], fused->alpha, fused->beta);
		return;
	default:
		for (int64_t i = 0; i < count; i++)
			y[i] = lu_activate(fused, y[i]);
	}
}
