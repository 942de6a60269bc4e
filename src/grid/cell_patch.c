/*
 * cell_patch.c: from integrals over four blocks to integrals over cells.
 *
 * One way, with blocks from -2 to 2 and w = 0 in their middle, the density d0 + d1 w + d2 w^2 + d3 w^3
 * has the integral b_k over block k when d is the inverse of those integrals' matrix times b. Over a
 * cell of width h around w it has the integral
 *
 *	h (d0 + d1 w + d2 (w^2 + h^2 / 12) + d3 (w^3 + w h^2 / 4)),
 *
 * again a cubic in w. The other way is the same.
 */
#include "grid/cell_patch.h"

#include <math.h>

enum { N = LU_PATCH_BLOCKS };

/* Integrals over cells as a polynomial in the cell's middle. */
struct cubic {
	double c[N];
};

static struct cubic cubic_of(double b0, double b1, double b2, double b3, double h)
{
	const double d0 = (7.0 * (b1 + b2) - (b0 + b3)) / 12.0;
	const double d1 = (15.0 * (b2 - b1) - (b3 - b0)) / 12.0;
	const double d2 = (b0 - b1 - b2 + b3) / 4.0;
	const double d3 = (b3 - b0 - 3.0 * (b2 - b1)) / 6.0;

	return (struct cubic){{h * (d0 + d2 * h * h / 12.0), h * (d1 + d3 * h * h / 4.0), h * d2, h * d3}};
}

static double value_at(const struct cubic *cubic, double w)
{
	return ((cubic->c[3] * w + cubic->c[2]) * w + cubic->c[1]) * w + cubic->c[0];
}

static double middle_of(int64_t cell, double h)
{
	return ((double)cell + 0.5) * h - N / 2;
}

/*
 * On four blocks a cubic strays from the nearest parabola by 2 |d3| at most (Chebyshev: half the
 * width cubed, over 4), and d3 is a sixth of the third difference.
 */
static bool cubic_term_is_small(double b0, double b1, double b2, double b3)
{
	const double third = b3 - b0 - 3.0 * (b2 - b1);

	return b0 > 0.0 && b3 > 0.0 && fabs(third) / 3.0 <= LU_PATCH_TOLERANCE * fmin(b1, b2);
}

bool lu_cell_patch_smooth(double b[N][N])
{
	for (int i = 0; i < N; i++) {
		if (!cubic_term_is_small(b[i][0], b[i][1], b[i][2], b[i][3]) ||
		    !cubic_term_is_small(b[0][i], b[1][i], b[2][i], b[3][i]))
			return false;
	}
	return true;
}

void lu_cell_patch_row(double b[N][N], int64_t block_cells, int64_t row, int64_t first, int64_t count, double *area_m2)
{
	const double h = 1.0 / (double)block_cells;
	double strip[N]; /* the row's part of each column of blocks */

	for (int k = 0; k < N; k++) {
		const struct cubic down = cubic_of(b[0][k], b[1][k], b[2][k], b[3][k], h);

		strip[k] = value_at(&down, middle_of(row, h));
	}
	const struct cubic across = cubic_of(strip[0], strip[1], strip[2], strip[3], h);

	for (int64_t i = 0; i < count; i++)
		area_m2[i] = value_at(&across, middle_of(first + i, h));
}
