/* test_metrics.c: shares against figures worked out by hand and from the literature. */
#include "learn/metrics.h"

#include <math.h>
#include <stdio.h>

#include "support/check.h"

static void two_classes_by_hand(void **state)
{
	(void)state;
	/* map \ reference: 20 5 / 10 15, Cohen's textbook table: accuracy 0.7, kappa 0.4. */
	size_t reference[50], predicted[50];
	float confidence[50];
	struct lu_metrics m;
	struct lu_error err = {0};
	size_t n = 0;
	static const int cells[2][2] = {{20, 5}, {10, 15}};

	for (size_t row = 0; row < 2; row++) {
		for (size_t col = 0; col < 2; col++) {
			for (int i = 0; i < cells[row][col]; i++) {
				predicted[n] = row;
				reference[n] = col;
				confidence[n++] = 0.7f;
			}
		}
	}
	check_ok(lu_metrics_make(reference, predicted, confidence, n, 2, &m, &err), err);
	assert_int_equal(m.confusion[1], 5); /* mapped 0, reference 1 */
	assert_int_equal(m.confusion[2], 10);
	assert_float_equal(m.accuracy, 0.7, 1e-12);
	assert_float_equal(m.kappa, 0.4, 1e-12);
	assert_float_equal(m.classes[0].precision, 0.8, 1e-12);
	assert_float_equal(m.classes[0].recall, 20.0 / 30, 1e-12);
	assert_float_equal(m.classes[0].f1, 40.0 / 55, 1e-12);
	assert_int_equal(m.classes[1].support, 20);
	/* Sure of 0.7 and right in 0.7: calibrated. */
	assert_float_equal(m.ece, 0, 1e-6);
	assert_float_equal(m.mean_confidence, 0.7, 1e-6);
	/* Wilson, 35 of 50: 0.5625 to 0.8090 (Brown, Cai and DasGupta's formula). */
	assert_float_equal(m.low, 0.5625, 1e-4);
	assert_float_equal(m.high, 0.8090, 1e-4);
	lu_metrics_release(&m);
}

static void shares_without_chips(void **state)
{
	(void)state;
	const size_t reference[] = {0, 0}, predicted[] = {0, 0};
	const float confidence[] = {1, 1};
	struct lu_metrics m;
	struct lu_error err = {0};

	check_ok(lu_metrics_make(reference, predicted, confidence, 2, 3, &m, &err), err);
	assert_true(isnan(m.classes[1].precision) && isnan(m.classes[1].recall) && isnan(m.classes[1].f1));
	assert_true(isnan(m.kappa));
	assert_float_equal(m.macro_f1, 1, 0);
	assert_float_equal(m.high, 1, 0);
	lu_metrics_release(&m);
	check_ok(lu_metrics_make(reference, predicted, confidence, 0, 3, &m, &err), err);
	assert_true(isnan(m.accuracy) && isnan(m.ece));
	lu_metrics_release(&m);
}

static void calibration_is_measured_in_bins(void **state)
{
	(void)state;
	/* Two chips at 0.9, one right: |1 - 1.8| = 0.8; two at 0.4, none right: 0.8; together 1.6 / 4. */
	const float confidence[] = {0.9f, 0.9f, 0.4f, 0.4f};
	const bool right[] = {true, false, false, false};

	assert_float_equal(lu_calibration_error(confidence, right, 4), 0.4, 1e-6);
	/* The ends belong to the outermost bins. */
	assert_float_equal(lu_calibration_error((const float[]){0.0f, 1.0f}, (const bool[]){false, true}, 2), 0, 1e-9);
}

static void memory_runs_out(void **state)
{
	(void)state;
	const size_t zero = 0;
	const float one = 1;
	struct lu_metrics m;
	struct lu_error err = {0};

	check_fails(lu_metrics_make(&zero, &zero, &one, 1, SIZE_MAX / 2, &m, &err), LU_ERROR_MEMORY, err, "too large");
}

/* Eight blocks of four, each all right or all wrong: as good as eight chips, by hand 8/7 x 4. */
static void blocks_that_are_alike_widen_the_interval(void **state)
{
	(void)state;
	struct lu_block_chip chips[32];
	char names[8][4];

	for (int i = 0; i < 32; i++) {
		snprintf(names[i % 8], sizeof(names[0]), "b%d", i % 8);
		chips[i] = (struct lu_block_chip){names[i % 8], i % 8 < 6};
	}
	const struct lu_by_blocks alike = lu_accuracy_by_blocks(chips, 32);
	assert_int_equal(alike.blocks, 8);
	assert_float_equal(alike.design_effect, 32.0 / 7, 1e-9);
	/* Wilson for .75 of 7: (.75 + z^2/14 -+ z sqrt(.75 .25 / 7 + z^2 / 196)) / (1 + z^2 / 7). */
	assert_float_equal(alike.low, .3889, 1e-3);
	assert_float_equal(alike.high, .9340, 1e-3);
	/* The same share in every block: blocks tell nothing apart, and 32 chips are 32. */
	for (int i = 0; i < 32; i++)
		chips[i] = (struct lu_block_chip){names[i % 8], i / 8 < 3};
	assert_float_equal(lu_accuracy_by_blocks(chips, 32).design_effect, 1, 1e-9);
	/* All are right: no more is known than of eight. */
	for (int i = 0; i < 32; i++)
		chips[i] = (struct lu_block_chip){names[i % 8], true};
	assert_float_equal(lu_accuracy_by_blocks(chips, 32).design_effect, 4, 1e-9);
}

/* 100 chips in one bin, sure of 0.78: the mean of |right / n - 0.78| is sqrt(2 / pi) x sqrt(.78 x .22 / 100). */
static void few_chips_show_an_error_by_chance(void **state)
{
	(void)state;
	float confidence[100];

	for (int i = 0; i < 100; i++)
		confidence[i] = .78f;
	assert_float_equal(lu_calibration_error_by_chance(confidence, 100), .798 * sqrt(.78 * .22 / 100), .004);
	assert_float_equal(lu_calibration_error_by_chance((const float[]){1, 1, 1}, 3), 0, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_that_are_alike_widen_the_interval),
		cmocka_unit_test(few_chips_show_an_error_by_chance),
		cmocka_unit_test(two_classes_by_hand),
		cmocka_unit_test(shares_without_chips),
		cmocka_unit_test(calibration_is_measured_in_bins),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
