/* recolour.c: see recolour.h. */
#include "chips/recolour.h"

#include <math.h>
#include <stddef.h>

/* The i-th number of a draw, from low to high: splitmix64. */
static double between(uint64_t draw, uint64_t i, double low, double high)
{
	uint64_t x = draw + (i + 1) * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return low + (high - low) * ((double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0);
}

void lu_recolour_chip(uint8_t *chip, int chip_px, int bands, uint64_t draw)
{
	const size_t plane = (size_t)chip_px * (size_t)chip_px, size = (size_t)bands * plane;
	const double contrast = between(draw, 0, 0.8, 1.2), exposure = between(draw, 1, 0.8, 1.2);
	uint64_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += chip[i];
	const double mean = (double)sum / (double)size;
	for (int b = 0; b < bands; b++) {
		const double gain = exposure * between(draw, 2 + (uint64_t)b, 0.93, 1.07);
		uint8_t *at = chip + (size_t)b * plane, lit[256];

		for (int value = 0; value < 256; value++)
			lit[value] = (uint8_t)(fmin(fmax(gain * (mean + contrast * (value - mean)), 0), 255) + 0.5);
		for (size_t i = 0; i < plane; i++)
			at[i] = lit[at[i]];
	}
}
