/* fill.c: the mean of the valid pixels, in whole numbers and so the same everywhere. */
#include "chips/fill.h"

#include <stddef.h>

void lu_fill_invalid(uint8_t *planes, int bands, int chip, const uint8_t *valid, int64_t valid_stride)
{
	for (int band = 0; band < bands; band++) {
		uint8_t *plane = planes + (size_t)band * (size_t)chip * (size_t)chip;
		uint64_t sum = 0, count = 0;

		for (int row = 0; row < chip; row++) {
			for (int col = 0; col < chip; col++) {
				if (valid[row * valid_stride + col] == 0)
					continue;
				sum += plane[(size_t)row * (size_t)chip + (size_t)col];
				count++;
			}
		}
		if (count == 0)
			return;
		const uint8_t mean = (uint8_t)((2 * sum + count) / (2 * count));
		for (int row = 0; row < chip; row++)
			for (int col = 0; col < chip; col++)
				if (valid[row * valid_stride + col] == 0)
					plane[(size_t)row * (size_t)chip + (size_t)col] = mean;
	}
}
