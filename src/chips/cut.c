/* cut.c: see cut.h. */
#include "chips/cut.h"

#include <string.h>

void lu_cut_chip(const uint8_t *planes, size_t plane_stride, size_t row_stride, int bands, int chip_px, uint8_t *chip)
{
	const size_t px = (size_t)chip_px;

	for (size_t band = 0; band < (size_t)bands; band++)
		for (size_t row = 0; row < px; row++)
			memcpy(chip + (band * px + row) * px, planes + band * plane_stride + row * row_stride, px);
}
