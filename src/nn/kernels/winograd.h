/*
 * winograd.h: 3x3 convolutions of stride 1 with a quarter of the multiplications.
 *
 * Each tile of 4x4 results, which sees 6x6 numbers of each channel, is made in the space of 36 points:
 *
 *	y = A' [ sum over channels (G w G') * (B' x B) ] A		(* point by point)
 *
 * so that 36 products take the place of 144. See Winograd 1980, "Arithmetic Complexity of Computations"; Lavin and
 * Gray 2016, "Fast Algorithms for Convolutional Neural Networks". A polynomial is evaluated at 0, +-sqrt(1/2),
 * +-sqrt(2) and infinity. Of the pairs +-a, +-b tried, these round least: the root mean square error is 8e-7 of the
 * results' (1.9e-6 with 1 and 2, the usual ones; 1.6e-7 when summed directly), 128 channels of noise after a Relu.
 *
 * Rounding apart, two things differ from the sum itself. A NaN or an infinity anywhere in a tile's 6x6
 * numbers may make all of its 16 results NaN (a result that depends on one never is an ordinary number), and
 * numbers beyond 1e36 may overflow.
 *
 * Images are channels-last: rows x columns x channels. All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_WINOGRAD_H
#define LU_NN_KERNELS_WINOGRAD_H

#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/clip.h"

struct lu_winograd {
	int64_t chips;
	int64_t in_height, in_width, in_channels; /* channels are multiples of 16 */
	int64_t out_height, out_width, out_channels;
	int64_t top, left; /* zeros around the image; below and to the right as many as the output needs */
	struct lu_clip_range clip;
	const void *weights; /* packed for the kernel that runs */
};

/* Bytes of packed weights, and of scratch for one run. */
size_t lu_winograd_weights(const struct lu_winograd *c);
size_t lu_winograd_scratch(const struct lu_winograd *c);

/*
 * Bring weights as ONNX has them (out x in x 3 x 3) and a bias (NULL for zeros) into the order of the kernels.
 * 'packed' is 64-byte aligned, as everything below.
 */
void lu_winograd_pack(const struct lu_winograd *c, const float *weights, const float *bias, void *packed);

/*
 * y = clip(conv(x) + bias + shortcut); 'shortcut' is like y, or NULL, and may be y itself. A chip's result does not
 * depend on the others, nor on how many there are.
 */
typedef void lu_winograd_run(const struct lu_winograd *c, const float *x, const float *shortcut, float *y,
			     void *scratch);

/* Plain C: what is meant. Slow. */
lu_winograd_run lu_winograd_reference;

/* The kernel for this processor, which differs from the reference in rounding only, or NULL where there is none. */
lu_winograd_run *lu_winograd_kernel(void);

#endif
