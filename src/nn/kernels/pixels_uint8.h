/*
 * pixels_uint8.h: from a chip's bytes to what a first layer reads.
 *
 * All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_PIXELS_UINT8_H
#define LU_NN_KERNELS_PIXELS_UINT8_H

#include <stdint.h>

/* Planes of bytes: chips x channels x pixels. The arrays, one number a channel, are the caller's. */
struct lu_pixels {
	int64_t chips, channels, pixels;
	const float *scale, *offset;
};

/* to[i] = (float)bytes[i] * scale[channel] + offset[channel], planes as they are. */
void lu_pixels_scale(const struct lu_pixels *p, const uint8_t *bytes, float *to);

/*
 * byte - zero as bf16, exactly: chips x channels x pixels in, chips x pixels x channels out. 'zero' has a number a
 * channel, from -1 to 256, so that bf16 holds every difference.
 */
void lu_pixels_centre(const struct lu_pixels *p, const int *zero, const uint8_t *bytes, uint16_t *to);

#endif
