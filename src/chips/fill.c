/* fill.c: the mean of the valid pixels, summed in double and in row order, so the same everywhere. */
#include "chips/fill.h"

#include <stddef.h>

static double valid_mean(const float *plane, int chip, const uint8_t *valid, int64_t valid_stride)
{
	double sum = 0;
	int64_t count = 0;

	for (int row = 0; row < chip; row++) {
		for (int col = 0; col < chip; col++) {
			if (valid[row * valid_stride + col] == 0)
				continue;
			sum += plane[(size_t)row * (size_t)chip + (size_t)col];
			count++;
		}
	}
	return count > 0 ? sum / (double)count : 0;
}

void lu_fill_invalid(float *planes, int bands, int chip, const uint8_t *valid, int64_t valid_stride)
{
	for (int band = 0; band < bands; band++) {
		float *plane = planes + (size_t)band * (size_t)chip * (size_t)chip;
		const float mean = (float)valid_mean(plane, chip, valid, valid_stride);
		for (int row = 0; row < chip; row++)
			for (int col = 0; col < chip; col++)
				if (valid[row * valid_stride + col] == 0)
					plane[(size_t)row * (size_t)chip + (size_t)col] = mean;
	}
}
