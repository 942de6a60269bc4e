/* test_score_scale.c: a network's temperature does not matter, and a network that knows nothing is not stretched without end. */
#include "models/score_scale.h"

#include "support/near.h"

enum { CHIPS = 300, CLASSES = 4 };

/* Logits of a network that sees 'sharp' of each class, at a temperature. */
static double scale_of(double sharp, double temperature)
{
	static double logits[CHIPS * CLASSES];
	static size_t truth[CHIPS];
	struct lu_error err = {0};
	uint64_t random = 5;
	double scale = -1;

	for (size_t i = 0; i < CHIPS; i++) {
		truth[i] = i % CLASSES;
		for (size_t k = 0; k < CLASSES; k++)
			logits[i * CLASSES + k] =
				(sharp * (double)(k == truth[i]) + 4 * next_uniform(&random) - 2) / temperature;
	}
	check_ok(lu_score_scale(logits, truth, CHIPS, CLASSES, &scale, &err), err);
	return scale;
}

static void temperature_does_not_matter(void **state)
{
	(void)state;
	const double one = scale_of(6, 1);

	assert_true(one > LU_SCORE_SCALE_LEAST && one < 1.8);
	check_near(scale_of(6, 2), 2 * one, 1e-3);
	check_near(scale_of(6, .7), .7 * one, 1e-3);
	/* One that separates less is stretched more, up to a limit. */
	assert_true(scale_of(3, 1) > one);
	check_near(scale_of(0, 1), LU_SCORE_SCALE_MOST, 1e-3);
}

static void too_few_chips_leave_it_alone(void **state)
{
	(void)state;
	const double logits[4] = {1, 0, 0, 1};
	const size_t truth[2] = {0, 1}, same[40] = {0};
	double scale = -1, many[80] = {0};
	struct lu_error err = {0};

	check_ok(lu_score_scale(logits, truth, 2, 2, &scale, &err), err);
	check_near(scale, 1, 0);
	check_ok(lu_score_scale(many, same, 40, 2, &scale, &err), err);
	check_near(scale, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(temperature_does_not_matter),
					   cmocka_unit_test(too_few_chips_leave_it_alone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
