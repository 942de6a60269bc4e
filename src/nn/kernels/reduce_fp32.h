/*
 * reduce_fp32.h: sums, means and norms along axes that stand together: outer x middle x inner becomes outer x inner.
 */
#ifndef LU_NN_KERNELS_REDUCE_FP32_H
#define LU_NN_KERNELS_REDUCE_FP32_H

#include <stdbool.h>
#include <stdint.h>

struct lu_reduction {
	int64_t outer, middle, inner;
	bool squares; /* of squares */
	bool mean; /* divided by how many there are */
	bool root; /* the square root of that */
};

/* Sums are doubles, each inner index its own, so that they do not depend on the processor; 'sums' has room for 'inner'. */
void lu_reduce(const struct lu_reduction *r, const float *x, double *sums, float *y);

#endif
