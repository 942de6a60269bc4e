/*
 * pixels_uint8.c: see pixels_uint8.h.
 */
#include "nn/kernels/pixels_uint8.h"

#include <string.h>

#include "nn/kernels/clones.h"

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

static inline uint16_t as_bf16(int whole)
{
	float number = (float)whole;
	uint32_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return (uint16_t)(bits >> 16);
}

/* Three channels side by side are one loop, which the compiler turns into wide loads, shuffles and wide stores. */
LU_CLONES static void centre_three(int64_t n, const uint8_t *restrict bytes, const int *zero, uint16_t *restrict to)
{
	const int r = zero[0], g = zero[1], b = zero[2];

	for (int64_t i = 0; i < n; i++) {
		to[3 * i] = as_bf16(bytes[i] - r);
		to[3 * i + 1] = as_bf16(bytes[n + i] - g);
		to[3 * i + 2] = as_bf16(bytes[2 * n + i] - b);
	}
}

static void centre_any(int64_t n, int64_t channels, const uint8_t *bytes, const int *zero, uint16_t *to)
{
	for (int64_t c = 0; c < channels; c++)
		for (int64_t i = 0; i < n; i++)
			to[i * channels + c] = as_bf16(bytes[c * n + i] - zero[c]);
}

void lu_pixels_centre(const struct lu_pixels *p, const int *zero, const uint8_t *bytes, uint16_t *to)
{
	int64_t chip = p->channels * p->pixels;

	for (int64_t i = 0; i < p->chips; i++)
		if (p->channels == 3)
			centre_three(p->pixels, bytes + i * chip, zero, to + i * chip);
		else
			centre_any(p->pixels, p->channels, bytes + i * chip, zero, to + i * chip);
}
