/* appearance.c: sums over a chip and its smaller selves. See appearance.h. */
#include "chips/appearance.h"

#include <math.h>

enum { SCALES = 4 };

size_t lu_appearance_count(size_t bands)
{
	return 3 * bands - 1 + SCALES * bands;
}

struct moments {
	double mean, deviation;
};

static struct moments moments_of(const uint8_t *plane, size_t count)
{
	uint64_t sum = 0, squares = 0;

	for (size_t i = 0; i < count; i++) {
		sum += plane[i];
		squares += (uint64_t)plane[i] * plane[i];
	}
	const double mean = (double)sum / (double)count;
	return (struct moments){mean, sqrt(fmax((double)squares / (double)count - mean * mean, 0))};
}

/* artanh of the correlation; of a band without contrast 0. */
static double likeness(const uint8_t *a, const uint8_t *b, size_t count, struct moments of_a, struct moments of_b)
{
	const double most = 0.999, spread = of_a.deviation * of_b.deviation;
	uint64_t products = 0;

	for (size_t i = 0; i < count; i++)
		products += (uint64_t)a[i] * b[i];
	if (spread < 1e-6)
		return 0;
	return atanh(fmin(fmax(((double)products / (double)count - of_a.mean * of_b.mean) / spread, -most), most));
}

/* The mean of what neighbours across and down differ by. */
static double mean_step(const float *plane, int px)
{
	double sum = 0;

	if (px < 2)
		return 0;
	for (int row = 0; row < px; row++) {
		for (int col = 0; col < px; col++) {
			const float *at = plane + (size_t)row * (size_t)px + col;
			sum += col + 1 < px ? fabs((double)at[1] - (double)at[0]) : 0;
			sum += row + 1 < px ? fabs((double)at[px] - (double)at[0]) : 0;
		}
	}
	return sum / (2.0 * px * (px - 1));
}

/* Means of 2 x 2 pixels, in place; an odd row or column at the end is left out. */
static int halve(float *plane, int px)
{
	const int half = px / 2;

	for (int row = 0; row < half; row++) {
		for (int col = 0; col < half; col++) {
			const float *at = plane + (size_t)(2 * row) * (size_t)px + 2 * col;
			plane[(size_t)row * (size_t)half + (size_t)col] = (at[0] + at[1] + at[px] + at[px + 1]) / 4;
		}
	}
	return half;
}

void lu_appearance(const uint8_t *chip, size_t bands, int chip_px, float *scratch, double *out)
{
	const size_t count = (size_t)chip_px * (size_t)chip_px;
	double *texture = out + 3 * bands - 1;
	struct moments before = {0, 0};

	for (size_t b = 0; b < bands; b++) {
		const uint8_t *plane = chip + b * count;
		const struct moments here = moments_of(plane, count);
		out[b] = here.mean;
		out[bands + b] = log(here.deviation + 1);
		if (b > 0)
			out[2 * bands + b - 1] = likeness(plane - count, plane, count, before, here);
		before = here;
		for (size_t i = 0; i < count; i++)
			scratch[i] = plane[i];
		int px = chip_px;
		for (size_t s = 0; s < SCALES; s++) {
			*texture++ = log(mean_step(scratch, px) + 0.5);
			px = halve(scratch, px);
		}
	}
}
