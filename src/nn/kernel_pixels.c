/*
 * kernel_pixels.c: see kernel_pixels.h.
 */
#include "nn/kernel_pixels.h"

#include "nn/kernel_clones.h"

/* A product, rounded, and then a sum: as C says it, whatever the processor could fuse. */
LU_CLONES static void scale_plane(int64_t n, const uint8_t *bytes, float scale, float offset, float *to)
{
	for (int64_t i = 0; i < n; i++)
		to[i] = (float)bytes[i] * scale + offset;
}

void lu_pixels_scale(const struct lu_pixels *p, const uint8_t *bytes, float *to)
{
	for (int64_t plane = 0; plane < p->chips * p->channels; plane++) {
		int64_t channel = plane % p->channels;

		scale_plane(p->pixels, bytes + plane * p->pixels, p->scale[channel], p->offset[channel],
			    to + plane * p->pixels);
	}
}
