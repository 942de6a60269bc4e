/* test_temperature.c: the temperature that a network's logits were multiplied by is found again. */
#include "learn/temperature.h"

#include "support/near.h"

enum { ROWS = 20000, CLASSES = 4 };

static double logits[ROWS * CLASSES];
static size_t truth[ROWS];

/* Logits whose softmax is the truth's own chance, 'sharper' times as sure as they should be. */
static void draw(double sharper)
{
	uint64_t random = 3;

	for (size_t i = 0; i < ROWS; i++) {
		double *row = logits + i * CLASSES, sum = 0, at;
		for (size_t k = 0; k < CLASSES; k++) {
			row[k] = 4 * next_uniform(&random);
			sum += exp(row[k]);
		}
		at = next_uniform(&random) * sum;
		for (truth[i] = 0; truth[i] + 1 < CLASSES && at > exp(row[truth[i]]); truth[i]++)
			at -= exp(row[truth[i]]);
		for (size_t k = 0; k < CLASSES; k++)
			row[k] *= sharper;
	}
}

static void it_is_found_again(void **state)
{
	static const double sharper[] = {.5, 1, 3};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		draw(sharper[i]);
		const double t = lu_temperature_fit(logits, truth, ROWS, CLASSES);
		check_close(t, sharper[i], .05);
		/* The best of all, but for the doubt about the truth. */
		const double best = lu_log_loss(logits, truth, ROWS, CLASSES, t);
		assert_true(best < lu_log_loss(logits, truth, ROWS, CLASSES, t * 1.2));
		assert_true(best < lu_log_loss(logits, truth, ROWS, CLASSES, t / 1.2));
	}
}

/* Ten chips, all right: as sure as ten chips can show (Platt: 1 - 1/12 and the class's share of the rest), not more. */
static void few_chips_make_nobody_sure(void **state)
{
	float confidence;

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		truth[i] = 0;
		for (size_t k = 0; k < CLASSES; k++)
			logits[i * CLASSES + k] = k == 0 ? 5 : 0;
	}
	const double t = lu_temperature_fit(logits, truth, 10, CLASSES);
	assert_int_equal(lu_softmax_best(logits, CLASSES, t, &confidence), 0);
	check_near(confidence, 1 - 1. / 12 + 1. / 12 / CLASSES, 1e-3);
	check_near(lu_temperature_fit(logits, truth, 0, CLASSES), 1, 0);
	assert_true(isnan(lu_log_loss(logits, truth, 0, CLASSES, 1)));
}

/* By hand: softmax of (ln 1, ln 2, ln 4, ln 8). */
static void losses_by_hand(void **state)
{
	const double row[] = {0, log(2), log(4), log(8)};
	const size_t third = 2;
	float confidence;

	(void)state;
	check_near(lu_log_loss(row, &third, 1, CLASSES, 1), -log(4. / 15), 1e-12);
	check_near(lu_log_loss(row, &third, 1, CLASSES, .5), -log(16. / 85), 1e-12);
	assert_int_equal(lu_softmax_best(row, CLASSES, .5, &confidence), 3);
	check_near(confidence, 64. / 85, 1e-7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_found_again),
		cmocka_unit_test(few_chips_make_nobody_sure),
		cmocka_unit_test(losses_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
