/* recolour.c: see recolour.h. */
#include "chips/recolour.h"

#include <math.h>
#include <stddef.h>

#include "base/random.h"

/* The i-th number of a draw, from low to high. */
static double between(uint64_t draw, uint64_t i, double low, double high)
{
	return low + (high - low) * lu_random_unit(lu_random_at(draw, i));
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
