/*
 * copy_strided.c: see copy_strided.h.
 */
#include "nn/kernels/copy_strided.h"

#include <assert.h>
#include <string.h>

void lu_strided_axis(struct lu_strided_copy *copy, int64_t count, int64_t stride)
{
	const int last = copy->rank - 1;

	if (count == 1)
		return;
	if (last >= 0 && copy->stride[last] == count * stride) {
		copy->count[last] *= count;
		copy->stride[last] = stride;
		return;
	}
	assert(copy->rank < LU_STRIDED_RANK);
	copy->count[copy->rank] = count;
	copy->stride[copy->rank++] = stride;
}

/* Two dimensions of which the outer one lies together: read in squares that stay in the cache. */
static void turn(const float *restrict from, int64_t rows, int64_t row, int64_t columns, int64_t column,
		 float *restrict to)
{
	enum { SIDE = 16 };

	for (int64_t i = 0; i < rows; i += SIDE)
		for (int64_t j = 0; j < columns; j += SIDE)
			for (int64_t y = i; y < i + SIDE && y < rows; y++)
				for (int64_t x = j; x < j + SIDE && x < columns; x++)
					to[y * columns + x] = from[y * row + x * column];
}

void lu_copy_strided(const struct lu_strided_copy *copy, const float *from, float *to)
{
	const int outer = copy->rank > 2 ? copy->rank - 2 : 0;
	const int64_t rows = copy->rank > 1 ? copy->count[copy->rank - 2] : 1,
		      row = copy->rank > 1 ? copy->stride[copy->rank - 2] : 0,
		      columns = copy->rank > 0 ? copy->count[copy->rank - 1] : 1,
		      column = copy->rank > 0 ? copy->stride[copy->rank - 1] : 1;
	int64_t at[LU_STRIDED_RANK] = {0};
	int axis;

	for (int i = 0; i < copy->rank; i++)
		if (copy->count[i] == 0)
			return;
	from += copy->shift;
	do {
		if (column == 1)
			for (int64_t i = 0; i < rows; i++)
				memcpy(to + i * columns, from + i * row, (size_t)columns * sizeof(float));
		else
			turn(from, rows, row, columns, column, to);
		to += rows * columns;
		for (axis = outer - 1; axis >= 0; axis--) {
			from += copy->stride[axis];
			if (++at[axis] < copy->count[axis])
				break;
			from -= copy->stride[axis] * copy->count[axis];
			at[axis] = 0;
		}
	} while (axis >= 0);
}
