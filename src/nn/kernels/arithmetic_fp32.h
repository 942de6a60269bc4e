/*
 * arithmetic_fp32.h: sums, differences, products and quotients of two operands of which either may be broadcast.
 */
#ifndef LU_NN_KERNELS_ARITHMETIC_FP32_H
#define LU_NN_KERNELS_ARITHMETIC_FP32_H

#include <stdint.h>

enum lu_arithmetic_kind { LU_ARITHMETIC_ADD, LU_ARITHMETIC_SUB, LU_ARITHMETIC_MUL, LU_ARITHMETIC_DIV };

enum { LU_ARITHMETIC_RANK = 8 };

/* y is dense; a and b step by these strides on each axis, 0 where they are broadcast. Zeroed at first. */
struct lu_arithmetic {
	enum lu_arithmetic_kind kind;
	int rank;
	int64_t size[LU_ARITHMETIC_RANK], a[LU_ARITHMETIC_RANK], b[LU_ARITHMETIC_RANK];
	int64_t a_shift, b_shift; /* where they begin */
};

/* One more axis, the last so far; joined with the one before where both go on as one. */
void lu_arithmetic_axis(struct lu_arithmetic *arithmetic, int64_t size, int64_t a, int64_t b);

void lu_arithmetic_run(const struct lu_arithmetic *arithmetic, const float *a, const float *b, float *y);

#endif
