/* test_likeness.c: one place is alike at two dates, two places are not. */
#include "change/likeness.h"

#include "support/near.h"

enum { CELLS = 600, CLASSES = 3, DATES = 2 };

/* Two dates whose logits share this part of their variance; of every tenth cell the classes differ. */
static double likeness_of(double shared, size_t cells)
{
	static float answers[CELLS * DATES * CLASSES];
	struct lu_error err = {0};
	uint64_t random = 3;
	double likeness = -2;

	for (size_t i = 0; i < cells; i++) {
		double common[CLASSES];
		for (size_t k = 0; k < CLASSES; k++)
			common[k] = 4 * next_uniform(&random) - 2;
		for (size_t d = 0; d < DATES; d++) {
			float *answer = answers + (i * DATES + d) * CLASSES;
			double sum = 0;
			for (size_t k = 0; k < CLASSES; k++) {
				const double own = 4 * next_uniform(&random) - 2;
				const double logit = sqrt(shared) * common[k] + sqrt(1 - shared) * own +
						     6 * (k == (i + (d > 0 && i % 10 == 0)) % CLASSES);
				sum += answer[k] = (float)exp(logit);
			}
			for (size_t k = 0; k < CLASSES; k++)
				answer[k] /= (float)sum;
		}
	}
	check_ok(lu_likeness(answers, cells, DATES, CLASSES, 0, 1, &likeness, &err), err);
	return likeness;
}

static void it_is_what_the_dates_share(void **state)
{
	(void)state;
	check_near(likeness_of(1, CELLS), 1, 1e-6);
	check_near(likeness_of(.8, CELLS), .8, .05);
	check_near(likeness_of(0, CELLS), 0, .08);
}

static void few_cells_do_not_tell(void **state)
{
	(void)state;
	assert_true(isnan(likeness_of(1, 60)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_what_the_dates_share),
					   cmocka_unit_test(few_cells_do_not_tell)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
