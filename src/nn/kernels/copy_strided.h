/*
 * copy_strided.h: a dense copy of floats that lie at a distance of their own for each dimension.
 */
#ifndef LU_NN_KERNELS_COPY_STRIDED_H
#define LU_NN_KERNELS_COPY_STRIDED_H

#include <stdint.h>

enum { LU_STRIDED_RANK = 8 };

struct lu_strided_copy {
	int rank;
	int64_t count[LU_STRIDED_RANK], stride[LU_STRIDED_RANK]; /* outermost first, in floats */
	int64_t shift; /* where the first lies */
};

/* One more dimension behind those that are there; one that only goes on with the last is joined to it. */
void lu_strided_axis(struct lu_strided_copy *copy, int64_t count, int64_t stride);

void lu_copy_strided(const struct lu_strided_copy *copy, const float *from, float *to);

#endif
