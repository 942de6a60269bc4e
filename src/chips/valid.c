/*
 * valid.c: counting valid pixels.
 */
#include "chips/valid.h"

#include <assert.h>

double lu_valid_share(const uint8_t *valid, int64_t stride, int chip)
{
	int64_t count = 0;

	assert(chip > 0);
	for (int row = 0; row < chip; row++) {
		const uint8_t *line = valid + row * stride;
		int here = 0; /* a narrow counter for a row lets the compiler vectorise */

		for (int col = 0; col < chip; col++)
			here += line[col] != 0;
		count += here;
	}
	return (double)count / ((double)chip * chip);
}

bool lu_cell_mapped(double valid, double inside, double min_valid)
{
	/* A share of exactly min_valid may arrive an ulp below it. */
	return inside > 0.0 && valid > 0.0 && valid >= min_valid - 1e-12;
}
