/*
 * depthwise.h: the wide half of an inverted residual as one step: what EfficientNet and MobileNetV3 have before their gate.
 *
 *	x --1x1--> wide --activation--> --3x3 or 5x5 by channel--> wide --activation--> y, and the mean of each channel
 *
 * inverted_residual.h goes on to the narrow end; here squeeze-and-excitation stands between, which has to see the whole image
 * first. Of the first wide image a few rows of 16 channels live at a time. See Tan and Le 2019, "EfficientNet".
 *
 * Images are channels-last: rows x columns x channels. All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_DEPTHWISE_H
#define LU_NN_KERNELS_DEPTHWISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/clip.h"

/* What a layer does to its sums. */
enum lu_curve_kind {
	LU_CURVE_CLIP, /* to 'range' */
	LU_CURVE_SWISH, /* x sigmoid(x), of x from LU_SWISH_LEAST on: below it is 0 to 35 places */
	LU_CURVE_HARD_SWISH, /* x clip(x / 6 + 1 / 2, 0, 1) */
};

#define LU_SWISH_LEAST (-86.0f)

struct lu_curve {
	enum lu_curve_kind kind;
	struct lu_clip_range range;
};

struct lu_depthwise {
	int64_t chips;
	int64_t in_height, in_width, in_channels;
	int64_t wide; /* a multiple of 16 */
	int64_t out_height, out_width;
	int64_t window, stride; /* 3 or 5; 1 or 2 */
	int64_t top, left; /* zeros around the wide image; below and to the right as many as the output needs */
	bool expands; /* false: x is the wide tensor, and 'curve[0]' does not apply */
	struct lu_curve curve[2];
	const float *weights; /* packed */
};

/* Floats of packed weights, and of scratch for one run. */
size_t lu_depthwise_weights(const struct lu_depthwise *d);
size_t lu_depthwise_scratch(const struct lu_depthwise *d);

/* As ONNX has them: expand wide x in (may be NULL), by_channel wide x taps; biases NULL for zeros. */
struct lu_depthwise_parts {
	const float *expand, *expand_bias, *by_channel, *by_channel_bias;
};

/* Bring weights into the order of the kernels. 'packed' is 64-byte aligned, as everything below. */
void lu_depthwise_pack(const struct lu_depthwise *d, const struct lu_depthwise_parts *from, float *packed);
/* Where they lie then. */
struct lu_depthwise_parts lu_depthwise_packed(const struct lu_depthwise *d);

/* y and means (chips x wide, or NULL: not wanted) of x, each memory of its own. A chip's results do not depend on the others. */
typedef void lu_depthwise_run(const struct lu_depthwise *d, const float *x, float *y, float *means, float *scratch);

/* Plain C: what is meant. Slow. */
lu_depthwise_run lu_depthwise_reference;

/* The kernel for this processor, which differs from the reference in rounding only, or NULL where there is none. */
lu_depthwise_run *lu_depthwise_kernel(void);

#endif
