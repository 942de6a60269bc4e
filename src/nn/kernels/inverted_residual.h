/*
 * inverted_residual.h: MobileNet's inverted residual as one step.
 *
 *	x --1x1--> wide --clip--> --3x3 by channel--> wide --clip--> --1x1--> narrow --(+ shortcut)--> --clip--> y
 *
 * The wide tensors are six times as large as the narrow ones and live for a moment only. Made row by row, they
 * stay in the cache: of 16 channels, the three rows that a 3x3 window sees. See Sandler et al. 2018,
 * "MobileNetV2: Inverted Residuals and Linear Bottlenecks".
 *
 * Images are channels-last: rows x columns x channels. All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_INVERTED_RESIDUAL_H
#define LU_NN_KERNELS_INVERTED_RESIDUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/clip.h"

struct lu_inverted_residual {
	int64_t chips;
	int64_t in_height, in_width, in_channels;
	int64_t wide; /* channels between; a multiple of 16 */
	int64_t out_height, out_width, out_channels;
	int64_t stride; /* of the 3x3, 1 or 2 */
	int64_t top, left; /* zeros around the wide image; below and to the right as many as the output needs */
	bool expands; /* false: x is the wide tensor, and 'clip[0]' does not apply */
	struct lu_clip_range clip[3];
	/* Packed for the kernel that runs. */
	const void *weights;
};

/* Bytes of packed weights, and of scratch for one run. */
size_t lu_inverted_residual_weights(const struct lu_inverted_residual *b);
size_t lu_inverted_residual_scratch(const struct lu_inverted_residual *b);

/* As ONNX has them: expand wide x in (may be NULL), by_channel wide x 9, project out x wide; biases NULL for zeros. */
struct lu_inverted_residual_parts {
	const float *expand, *expand_bias, *by_channel, *by_channel_bias, *project, *project_bias;
};

/* Bring weights into the order of the kernels. 'packed' is 64-byte aligned, as everything below. */
void lu_inverted_residual_pack(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from,
			       void *packed);

/*
 * y of x, and of 'shortcut' (like y, or NULL; it may be x). 'y' is memory of its own. A chip's result does not
 * depend on the others.
 */
typedef void lu_inverted_residual_run(const struct lu_inverted_residual *b, const float *x, const float *shortcut,
				      float *y, void *scratch);

/* Plain C: what is meant. Slow. */
lu_inverted_residual_run lu_inverted_residual_reference;

/* The kernel for this processor, which differs from the reference in rounding only, or NULL where there is none. */
lu_inverted_residual_run *lu_inverted_residual_kernel(void);

#endif
