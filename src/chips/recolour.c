/* recolour.c: see recolour.h. */
#include "chips/recolour.h"

#include <math.h>

/* The i-th number of a draw, from low to high: splitmix64. */
static double between(uint64_t draw, uint64_t i, double low, double high)
{
	uint64_t x = draw + (i + 1) * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return low + (high - low) * ((double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0);
}

void lu_recolour_chip(float *chip, int chip_px, int bands, const float *scale, const float *offset, uint64_t draw)
{
	const size_t plane = (size_t)chip_px * (size_t)chip_px;
	const double contrast = between(draw, 0, 0.8, 1.2), exposure = between(draw, 1, 0.8, 1.2);
	double mean = 0;

	for (int b = 0; b < bands; b++) {
		double sum = 0;
		for (size_t i = 0; i < plane; i++)
			sum += chip[(size_t)b * plane + i];
		mean += (sum / (double)plane - (double)offset[b]) / (double)scale[b] / bands;
	}
	for (int b = 0; b < bands; b++) {
		const double gain = exposure * between(draw, 2 + (uint64_t)b, 0.93, 1.07);
		float *restrict at = chip + (size_t)b * plane;

		for (size_t i = 0; i < plane; i++) {
			const double value = ((double)at[i] - (double)offset[b]) / (double)scale[b];
			const double lit = fmin(fmax(gain * (mean + contrast * (value - mean)), 0), 255);
			at[i] = (float)(lit * (double)scale[b] + (double)offset[b]);
		}
	}
}
