/*
 * noise.c: smooth value noise: hashed values on a lattice, eased in between
 *
 * sc_noise_add works a lattice row at a time: two rows of hashes are blended down to one per pixel row,
 * and that one is blended across. A pixel costs one multiply-add, which is what lets a chip afford ten fields.
 */
#include "noise.h"

#include "maths.h"

#include <assert.h>
#include <stddef.h>

/* Enough lattice points for the widest canvas at step 1, plus the far edge. */
#define MAX_POINTS 1100
#define MAX_STEP 512

static float ease(float t)
{
	return t * t * (3.0f - 2.0f * t);
}

static int floor_div(int a, int b)
{
	int q = a / b;

	return q - (a % b < 0);
}

static float lattice(uint32_t seed, int x, int y)
{
	return 2.0f * sc_unit(sc_hash(seed, x, y)) - 1.0f;
}

static void load_row(float *values, int points, int first_col, int row, uint32_t seed, float amp)
{
	for (int i = 0; i < points; i++)
		values[i] = amp * lattice(seed, first_col + i, row);
}

void sc_noise_add(float *field, struct sc_rect area, int step, uint32_t seed, float amp)
{
	float rows[2][MAX_POINTS], here[MAX_POINTS], weight[MAX_STEP];
	float *upper = rows[0], *lower = rows[1];
	const int first_col = floor_div(area.x, step);
	const int points = floor_div(area.x + area.w - 1, step) - first_col + 2;
	int loaded_row = floor_div(area.y, step) - 1;

	assert(step >= 1 && step <= MAX_STEP && points <= MAX_POINTS);
	for (int k = 0; k < step; k++)
		weight[k] = ease((float)k / (float)step);
	load_row(lower, points, first_col, loaded_row + 1, seed, amp);

	for (int y = 0; y < area.h; y++) {
		const int row = floor_div(area.y + y, step);
		const float down = weight[area.y + y - row * step];
		float *out = field + (size_t)y * (size_t)area.w;
		int phase = area.x - first_col * step;
		int x = 0;

		if (row != loaded_row) { /* what was below is now above */
			float *above = lower;

			lower = upper;
			upper = above;
			load_row(lower, points, first_col, row + 1, seed, amp);
			loaded_row = row;
		}
		for (int i = 0; i < points; i++)
			here[i] = upper[i] + (lower[i] - upper[i]) * down;
		if (step == 1) {
			for (x = 0; x < area.w; x++)
				out[x] += here[x];
			continue;
		}
		for (int i = 0; x < area.w; i++, phase = 0) {
			const float from = here[i], rise = here[i + 1] - here[i];

			for (; phase < step && x < area.w; phase++, x++)
				out[x] += from + rise * weight[phase];
		}
	}
}

float sc_noise_at(uint32_t seed, float x, float y)
{
	const int ix = sc_floor(x), iy = sc_floor(y);
	const float fx = (float)ix, fy = (float)iy;
	const float tx = ease(x - fx), ty = ease(y - fy);
	const float a = lattice(seed, ix, iy), b = lattice(seed, ix + 1, iy);
	const float c = lattice(seed, ix, iy + 1), d = lattice(seed, ix + 1, iy + 1);
	const float top = a + (b - a) * tx, bottom = c + (d - c) * tx;

	return top + (bottom - top) * ty;
}

float sc_fbm_at(uint32_t seed, float x, float y)
{
	return 0.57f * sc_noise_at(seed, x, y) + 0.29f * sc_noise_at(seed + 1u, 2.03f * x, 2.03f * y) +
	       0.14f * sc_noise_at(seed + 2u, 4.1f * x, 4.1f * y);
}
