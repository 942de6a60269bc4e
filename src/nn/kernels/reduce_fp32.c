/*
 * reduce_fp32.c: see reduce_fp32.h.
 */
#include "nn/kernels/reduce_fp32.h"

#include <math.h>
#include <string.h>

#include "nn/kernels/clones.h"

LU_CLONES static void add_rows(int64_t rows, int64_t inner, const float *restrict x, double *restrict sums)
{
	for (int64_t i = 0; i < rows; i++, x += inner)
		for (int64_t k = 0; k < inner; k++)
			sums[k] += (double)x[k];
}

LU_CLONES static void add_squares(int64_t rows, int64_t inner, const float *restrict x, double *restrict sums)
{
	for (int64_t i = 0; i < rows; i++, x += inner)
		for (int64_t k = 0; k < inner; k++)
			sums[k] += (double)x[k] * (double)x[k];
}

/* One row's numbers together: eight sums side by side, which a compiler may hold in one register. */
enum { LANES = 8 };

LU_CLONES static double add_row(int64_t n, bool squares, const float *restrict x)
{
	double sums[LANES] = {0}, sum = 0;
	int64_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int k = 0; k < LANES; k++)
			sums[k] += squares ? (double)x[i + k] * (double)x[i + k] : (double)x[i + k];
	for (int k = 0; k < LANES; k++)
		sum += sums[k];
	for (; i < n; i++)
		sum += squares ? (double)x[i] * (double)x[i] : (double)x[i];
	return sum;
}

void lu_reduce(const struct lu_reduction *r, const float *x, double *sums, float *y)
{
	for (int64_t o = 0; o < r->outer; o++, x += r->middle * r->inner, y += r->inner) {
		if (r->inner == 1) {
			sums[0] = add_row(r->middle, r->squares, x);
		} else {
			memset(sums, 0, (size_t)r->inner * sizeof(*sums));
			(r->squares ? add_squares : add_rows)(r->middle, r->inner, x, sums);
		}
		for (int64_t k = 0; k < r->inner; k++) {
			const double sum = r->mean ? sums[k] / (double)r->middle : sums[k];

			y[k] = (float)(r->root ? sqrt(sum) : sum);
		}
	}
}
