/* test_rows.c: class weights and standardised features, by hand. */
#include "learn/rows.h"

#include "support/near.h"

static const float a[] = {1, 5, 1e6F}, b[] = {2, 5, 1e6F + 1}, c[] = {6, 5, 1e6F + 2};
static const float *const table[] = {a, b, c};
static const size_t classes[] = {0, 0, 2};

static void every_class_counts_the_same(void **state)
{
	const double weights[] = {1, 2, 6};
	const struct lu_rows plain = {.rows = table, .classes = classes, .count = 3, .features = 3, .class_count = 3};
	struct lu_rows weighted = plain;
	double got[3];

	(void)state;
	lu_balanced_weights(&plain, got);
	check_near(got[0], .5, 1e-12);
	check_near(got[1], 0, 0);
	check_near(got[2], 1, 1e-12);
	weighted.weights = weights;
	lu_balanced_weights(&weighted, got);
	check_near(got[0], 1, 1e-12);
	check_near(got[2], .5, 1e-12);
}

/* A constant feature counts for nothing; a small spread upon a large mean is kept. */
static void features_are_standardised(void **state)
{
	const struct lu_rows rows = {.rows = table, .classes = classes, .count = 3, .features = 3, .class_count = 3};
	double mean[3], inverse[3];
	float z[3];
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_standardise(&rows, mean, inverse, &err), err);
	check_near(mean[0], 3, 1e-12);
	check_near(1 / inverse[0], sqrt(14. / 3), 1e-12);
	check_near(inverse[1], 0, 0);
	check_close(1 / inverse[2], sqrt(2. / 3), 1e-9);
	lu_standardised(c, 3, mean, inverse, z);
	check_near(z[0], 3 / sqrt(14. / 3), 1e-6);
	check_near(z[1], 0, 0);
	check_near(z[2], 1 / sqrt(2. / 3), 1e-6);
}

static void what_is_no_number(void **state)
{
	const float bad[] = {1, NAN, 3};
	const float *const with_bad[] = {a, bad};
	const struct lu_rows rows = {.rows = with_bad, .classes = classes, .count = 2, .features = 3, .class_count = 1};
	double mean[3], inverse[3];
	struct lu_error err = {0};

	(void)state;
	check_fails(lu_standardise(&rows, mean, inverse, &err), LU_ERROR_ARGUMENT, err, "feature 1 is not a number");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_counts_the_same),
		cmocka_unit_test(features_are_standardised),
		cmocka_unit_test(what_is_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
