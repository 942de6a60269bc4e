/* test_cell_patch.c: cells from blocks, against integrals in closed form. */
#include "grid/cell_patch.h"

#include "support/near.h"

enum { N = LU_PATCH_BLOCKS };

/* The integral of (1 + c x^px)(1 + c y^py) over a rectangle: a density of any order each way. */
static double part(double from, double to, double c, int power)
{
	return to - from + c * (pow(to, power + 1) - pow(from, power + 1)) / (power + 1);
}

static void fill(double block_m2[N][N], double c, int across, int down)
{
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++)
			block_m2[i][k] = part(i, i + 1, c, down) * part(k, k + 1, c, across);
}

/* Up to the third order cells are exact, and those of a block add up to it. */
static void cubics_are_exact(void **state)
{
	(void)state;
	enum { CELLS = 8, SIDE = N * CELLS };
	double block_m2[N][N], sum[N][N], row[SIDE];

	for (int across = 0; across <= 3; across++) {
		for (int down = 0; down <= 3; down++) {
			memset(sum, 0, sizeof(sum));
			fill(block_m2, 0.1, across, down);
			for (int i = 0; i < SIDE; i++) {
				const double y = (double)i / CELLS;

				lu_cell_patch_row(block_m2, CELLS, i, 0, SIDE, row);
				for (int k = 0; k < SIDE; k++) {
					const double x = (double)k / CELLS;

					check_close(row[k],
						    part(y, y + 1.0 / CELLS, 0.1, down) *
							    part(x, x + 1.0 / CELLS, 0.1, across),
						    1e-12);
					sum[i / CELLS][k / CELLS] += row[k];
				}
			}
			for (int i = 0; i < N * N; i++)
				check_close(sum[i / N][i % N], block_m2[i / N][i % N], 1e-12);
		}
	}
}

static void a_run_is_a_part_of_its_row(void **state)
{
	(void)state;
	double block_m2[N][N], row[16], run[5];

	fill(block_m2, 0.3, 3, 2);
	lu_cell_patch_row(block_m2, 4, 7, 0, 16, row);
	lu_cell_patch_row(block_m2, 4, 7, 9, 5, run);
	assert_memory_equal(run, row + 9, sizeof(run));
}

/* What is called smooth is right within the tolerance, at the patch's far corner, where the power bends most. */
static void smooth_means_within_the_tolerance(void **state)
{
	(void)state;
	enum { CELLS = 64, SIDE = N * CELLS };
	const double h = 1.0 / CELLS;
	int smooth = 0;

	for (double c = 1; c > 1e-14; c /= 10) {
		double block_m2[N][N], row[SIDE];

		fill(block_m2, c, 4, 4);
		if (!lu_cell_patch_smooth(block_m2))
			continue;
		smooth++;
		lu_cell_patch_row(block_m2, CELLS, SIDE - 1, 0, SIDE, row);
		const double exact = part(N - h, N, c, 4) * part(N - h, N, c, 4);
		assert_true(fabs(row[SIDE - 1] / exact - 1) <= LU_PATCH_TOLERANCE);
	}
	assert_in_range(smooth, 2, 10);
}

static void broken_ground_is_not_smooth(void **state)
{
	(void)state;
	double block_m2[N][N];

	fill(block_m2, 0, 0, 0);
	assert_true(lu_cell_patch_smooth(block_m2));
	block_m2[3][0] = 0;
	assert_false(lu_cell_patch_smooth(block_m2));
	block_m2[3][0] = NAN;
	assert_false(lu_cell_patch_smooth(block_m2));
	block_m2[3][0] = 1 + 1e-8;
	assert_false(lu_cell_patch_smooth(block_m2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cubics_are_exact),
		cmocka_unit_test(a_run_is_a_part_of_its_row),
		cmocka_unit_test(smooth_means_within_the_tolerance),
		cmocka_unit_test(broken_ground_is_not_smooth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
