/*
 * join_fp32.c: see join_fp32.h.
 */
#include "nn/kernels/clones.h"
#include "nn/kernels/join_fp32.h"

/* 'low' is 0 or -infinity. */
LU_CLONES static void join_piece(const struct lu_join *join, int64_t width, int64_t first, float low,
				 const float *restrict x, float *restrict y)
{
	const struct lu_join j = *join;
	const float *restrict mean = j.mean + first, *restrict scale = j.scale + first,
			      *restrict shift = j.shift + first;

	for (int64_t pixel = 0; pixel < j.pixels; pixel++) {
		const float *restrict from = x + pixel * width;
		float *restrict to = y + pixel * j.channels + first;

		for (int64_t c = 0; c < width; c++) {
			const float number = (from[c] - mean[c]) * scale[c] + shift[c];

			to[c] = number < low ? low : number;
		}
	}
}

/* Pixels whose results stay in the first cache while the pieces come one after the other. */
#define BLOCK_FLOATS 8192

void lu_join_run(const struct lu_join *j, const float *const *x, float *y)
{
	const float low = j->relu ? 0 : -__builtin_inff();
	struct lu_join block = *j;

	block.pixels = BLOCK_FLOATS / j->channels + 1;
	for (int64_t done = 0; done < j->pixels; done += block.pixels) {
		int64_t first = 0;

		if (block.pixels > j->pixels - done)
			block.pixels = j->pixels - done;
		for (int i = 0; i < j->pieces; first += j->widths[i++])
			join_piece(&block, j->widths[i], first, low, x[i] + done * j->widths[i],
				   y + done * j->channels);
	}
}
