/*
 * test_fit_range.c: the range with the least error, compared with the error of ranges tried one by one.
 */
#include <math.h>
#include <string.h>

#include "nn/quantize/fit_range.h"
#include "support/check.h"

static uint64_t bins[LU_RANGE_BINS];

/* Even numbers have nothing to gain from a narrower range: its steps shrink less than what it cuts off errs. */
static void keeps_even_numbers(void **state)
{
	float low = -1, high = 3;

	(void)state;
	for (int i = 0; i < LU_RANGE_BINS; i++)
		bins[i] = 1000;
	lu_fit_range(bins, &low, &high);
	assert_true(low <= -0.98f && low >= -1 && high >= 2.95f && high <= 3);
}

static void cuts_off_what_is_alone(void **state)
{
	float low = 0, high = 1000;

	(void)state;
	memset(bins, 0, sizeof(bins));
	bins[0] = 1000000; /* Relu's zeros */
	for (int i = 1; i < 1024; i++)
		bins[i] = 100000;
	bins[LU_RANGE_BINS - 1] = 1; /* to hold it, steps would be four times as long, and errors 16 times */
	lu_fit_range(bins, &low, &high);
	assert_true(low == 0);
	assert_true(high > 245 && high < 275);
}

/* A bell around zero: error by steps plus what is cut off, over all pairs of ends in steps of a hundredth. */
static void finds_the_least_error(void **state)
{
	double best = INFINITY, got = 0;
	float low = -8, high = 8;

	(void)state;
	for (int i = 0; i < LU_RANGE_BINS; i++)
		bins[i] = (uint64_t)(1e9 * exp(-0.5 * pow(-8 + (i + .5) * 16 / LU_RANGE_BINS, 2)));
	lu_fit_range(bins, &low, &high);
	for (int end = 799; end >= 100; end--) {
		double error = 0, half = end == 100 ? -(double)low : end / 100.0, scale = 2 * half / 255;

		for (int i = 0; i < LU_RANGE_BINS; i++) {
			double x = fabs(-8 + (i + .5) * 16 / LU_RANGE_BINS);

			error += (double)bins[i] * (x > half ? 4 * (x - half) * (x - half) : scale * scale / 12);
		}
		if (end == 100)
			got = error;
		else
			best = fmin(best, error);
	}
	assert_true(fabsf(low + high) < 0.3f);
	assert_true(got < 1.02 * best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_even_numbers),
		cmocka_unit_test(cuts_off_what_is_alone),
		cmocka_unit_test(finds_the_least_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
