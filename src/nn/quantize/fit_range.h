/*
 * fit_range.h: the range over which numbers become 8-bit integers with the least squared error.
 *
 * A wide range has coarse steps, a narrow one cuts numbers off. What is cut off errs to one side, together with its
 * neighbours, and does not average out as rounding does: it counts more.
 */
#ifndef LU_NN_QUANTIZE_FIT_RANGE_H
#define LU_NN_QUANTIZE_FIT_RANGE_H

#include <stdint.h>

enum { LU_RANGE_BINS = 4096 };

/* '*low' and '*high' are where the bins begin and end, and 0 is in between, or at an end. They move inwards. */
void lu_fit_range(const uint64_t bins[LU_RANGE_BINS], float *low, float *high);

#endif
