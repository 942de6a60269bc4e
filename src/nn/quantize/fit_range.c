/*
 * fit_range.c: trying ends of the range. See fit_range.h.
 */
#include "nn/quantize/fit_range.h"

#include <float.h>
#include <math.h>

enum { TRIED = 64 }; /* ends a side */

/* How often a squared error of what is cut off counts. */
static const double CUT = 4;

/* What a range cuts off on one side: sum of squared distances of the bins beyond the end, all but 'kept' of them. */
static double cut_off(const uint64_t *bins, double step, int from, int to, double end, double low)
{
	double sum = 0;

	for (int i = from; i < to; i++) {
		double beyond = low + step * (i + .5) - end;

		sum += (double)bins[i] * beyond * beyond;
	}
	return sum;
}

void lu_fit_range(const uint64_t bins[LU_RANGE_BINS], float *low, float *high)
{
	const double from = *low, to = *high, step = (to - from) / LU_RANGE_BINS;
	const int zero = (int)fmin(LU_RANGE_BINS - 1, -from / step);
	double below[TRIED + 1], above[TRIED + 1], best = DBL_MAX;
	uint64_t count = 0;

	for (int i = 0; i < LU_RANGE_BINS; i++)
		count += i == zero ? 0 : bins[i]; /* 0 itself is on every grid */
	for (int i = 0; i <= TRIED; i++) {
		int first = zero * i / TRIED, last = LU_RANGE_BINS - (LU_RANGE_BINS - zero - 1) * i / TRIED;

		below[i] = cut_off(bins, step, 0, first, from + step * first, from);
		above[i] = cut_off(bins, step, last, LU_RANGE_BINS, from + step * last, from);
	}
	for (int i = 0; i <= TRIED; i++)
		for (int j = 0; j <= TRIED; j++) {
			int first = zero * i / TRIED, last = LU_RANGE_BINS - (LU_RANGE_BINS - zero - 1) * j / TRIED;
			double scale = (last - first) * step / 255;
			double error = (double)count * scale * scale / 12 + CUT * (below[i] + above[j]);

			if (error >= best)
				continue;
			best = error;
			*low = (float)(from + step * first);
			*high = (float)(from + step * last);
		}
}
