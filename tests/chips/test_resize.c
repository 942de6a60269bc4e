/* test_resize.c: against the triangle's own formula, in two dimensions at once and in double. */
#include "base/memory.h"
#include "chips/resize.h"
#include "support/near.h"

/* Two bands of from x from pixels, resized; the source may have gaps. */
static uint8_t *resized(int from, int to, const uint8_t *planes, size_t plane_stride, size_t row_stride)
{
	struct lu_error err = {0};
	struct lu_resize *resize;
	float *scratch;
	uint8_t *dst;

	check_ok(lu_resize_new(from, to, &resize, &err), err);
	check_ok(lu_alloc(&scratch, lu_resize_scratch(resize), sizeof(*scratch), "scratch", &err), err);
	check_ok(lu_alloc(&dst, (size_t)to * to * 2, 1, "chip", &err), err);
	lu_resize_chip(resize, planes, plane_stride, row_stride, 2, dst, scratch);
	lu_free(scratch);
	lu_resize_free(resize);
	return dst;
}

/* How much output pixel 'out' sees of source pixel 'in', before weights are made to add up to 1. */
static double sees(int out, int in, double factor)
{
	const double reach = factor > 1 ? factor : 1;

	return fmax(0, 1 - fabs((in + 0.5) - (out + 0.5) * factor) / reach);
}

/* What output pixel (row, col) should be, unrounded. */
static double expected(const uint8_t *plane, size_t row_stride, int from, double factor, int row, int col)
{
	double sum = 0, weights = 0;

	for (int r = 0; r < from; r++) {
		for (int c = 0; c < from; c++) {
			const double weight = sees(row, r, factor) * sees(col, c, factor);
			sum += weight * plane[(size_t)r * row_stride + (size_t)c];
			weights += weight;
		}
	}
	return sum / weights;
}

static void every_pixel_is_the_rounded_mean_under_a_triangle(void **state)
{
	(void)state;
	const int sizes[][2] = {{5, 5}, {5, 8},  {8, 5},   {1, 4},   {4, 1}, {2, 3},
				{3, 2}, {9, 28}, {31, 28}, {37, 12}, {64, 7}};
	uint64_t random = 20261121;
	uint8_t planes[2 * 70 * 70];

	for (size_t i = 0; i < sizeof(planes); i++)
		planes[i] = (uint8_t)fmin(fmax(300 * next_uniform(&random) - 22, 0), 255); /* many ends */
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		const int from = sizes[s][0], to = sizes[s][1];
		const size_t row_stride = (size_t)from + s % 3, plane_stride = row_stride * (size_t)from + s;
		uint8_t *dst = resized(from, to, planes, plane_stride, row_stride);

		for (int i = 0; i < 2 * to * to; i++) {
			const int band = i / (to * to), row = i / to % to, col = i % to;
			const double exact = expected(planes + (size_t)band * plane_stride, row_stride, from,
						      (double)from / to, row, col);

			/* Within floats' rounding of a tie either neighbour will do. */
			check_near(dst[i], exact, 0.5 + 1e-4);
			if (from == to)
				assert_int_equal(
					dst[i],
					planes[(size_t)band * plane_stride + (size_t)row * row_stride + (size_t)col]);
		}
		lu_free(dst);
	}
}

static void the_ends_of_the_scale_stay(void **state)
{
	(void)state;
	const int sizes[][2] = {{32, 224}, {300, 224}, {224, 32}, {224, 225}, {3, 1}, {1, 3}};

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		const int from = sizes[s][0], to = sizes[s][1];
		struct lu_error err = {0};
		uint8_t *src, *dst;

		check_ok(lu_alloc(&src, (size_t)from * from * 2, 1, "chip", &err), err);
		memset(src, 255, (size_t)from * from); /* band 0 white, band 1 black */
		dst = resized(from, to, src, (size_t)from * from, (size_t)from);
		for (int i = 0; i < to * to; i++) {
			assert_int_equal(dst[i], 255);
			assert_int_equal(dst[to * to + i], 0);
		}
		lu_free(dst);
		lu_free(src);
	}
}

static void values_worked_by_hand(void **state)
{
	(void)state;
	/* Twice as many: 3/4 and 1/4 between centres, edges repeated. 0.5 and 1.5 are ties: up. */
	const uint8_t two[] = {0, 2, 0, 2, 255, 0, 255, 0};
	const uint8_t tied[] = {0, 1, 2, 2}, ends[] = {255, 191, 64, 0}; /* 191.25, 63.75 */
	uint8_t *up = resized(2, 4, two, 4, 2);

	for (int i = 0; i < 16; i++) {
		assert_int_equal(up[i], tied[i % 4]);
		assert_int_equal(up[16 + i], ends[i % 4]);
	}
	lu_free(up);
	/* Ties at the upper end: 253.5 and 254.5 between 253 and 255, the same down the rows. */
	const uint8_t high[] = {253, 255, 253, 255, 253, 253, 255, 255}, rows[] = {253, 254, 255, 255};

	up = resized(2, 4, high, 4, 2);
	for (int i = 0; i < 16; i++) {
		assert_int_equal(up[i], rows[i % 4]);
		assert_int_equal(up[16 + i], rows[i / 4]);
	}
	lu_free(up);
	/* Half as many: a triangle of half width 2 over pixels at distance 1/2, 3/2: weights 1, 3, 3, 1 over 8,
	   and at an edge 3, 3, 1 over 7. */
	const uint8_t four[] = {0, 8, 16, 25, 0, 8, 16, 25, 0, 8, 16, 25, 0, 8, 16, 25,
				1, 1, 1,  1,  1, 1, 1,  1,  1, 1, 1,  1,  1, 1, 1,  1};
	uint8_t *down = resized(4, 2, four, 16, 4);

	assert_int_equal(down[0], 6); /* (3 x 0 + 3 x 8 + 16) / 7 = 5.71 */
	assert_int_equal(down[1], 19); /* (8 + 3 x 16 + 3 x 25) / 7 = 18.71 */
	assert_int_equal(down[4], 1);
	lu_free(down);
}

static void refuses_nothing_and_survives_failed_allocations(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_resize *resize;

	check_fails(lu_resize_new(0, 224, &resize, &err), LU_ERROR_ARGUMENT, err, "at least 1");
	for (long n = 0; n < 3; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_resize_new(10, 20, &resize, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
		assert_null(resize);
	}
	lu_resize_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pixel_is_the_rounded_mean_under_a_triangle),
		cmocka_unit_test(the_ends_of_the_scale_stay),
		cmocka_unit_test(values_worked_by_hand),
		cmocka_unit_test(refuses_nothing_and_survives_failed_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
