/*
 * gate_fp32.h: an image times one number for each channel of each chip, as squeeze-and-excitation has it.
 *
 * The image lies in blocks of channels, or with all of them last; the result has them last.
 */
#ifndef LU_NN_KERNELS_GATE_FP32_H
#define LU_NN_KERNELS_GATE_FP32_H

#include <stdint.h>

struct lu_gate {
	int64_t chips, channels, pixels;
	int64_t block; /* channels that lie together */
	/* Of the image, from a chip, a block and a pixel to the next; the gate's is 'gate' from chip to chip. */
	int64_t chip, next_block, pixel, gate;
};

/* 'y' may be 'x' where all channels lie together. */
void lu_gate_run(const struct lu_gate *g, const float *x, const float *gate, float *y);

#endif
