/*
 * convert_int8.h: float32 numbers to 8-bit integers of a grid, and back.
 *
 *	integer = saturate(round(number / scale) + zero)	number = (integer - zero) scale
 *
 * Ties are rounded to even, NaN becomes the least integer. Kernels for this processor give what the plain loops give,
 * to the last bit. All functions may be called by any thread.
 */
#ifndef LU_NN_KERNELS_CONVERT_INT8_H
#define LU_NN_KERNELS_CONVERT_INT8_H

#include <stdbool.h>
#include <stdint.h>

struct lu_convert {
	int64_t count;
	float scale, low, high; /* low and high: of the type, less the zero point */
	int zero;
	bool is_signed; /* int8, else uint8 */
};

void lu_convert_to(const struct lu_convert *c, const float *x, void *integers);
void lu_convert_from(const struct lu_convert *c, const void *integers, float *x);

/* Plain C: what is meant. */
void lu_convert_to_reference(const struct lu_convert *c, const float *x, void *integers);

#endif
