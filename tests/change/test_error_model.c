/* test_error_model.c: a confusion matrix becomes doubt by Bayes' rule. */
#include "change/error_model.h"

#include "support/near.h"

static void a_matrix_worked_by_hand(void **state)
{
	(void)state;
	/* Columns: 9 and 1 of 10; 2 and 18 of 20. With halves: 9.5 and 1.5 of 11; 2.5 and 18.5 of 21. */
	const double counts[] = {9, 2, 1, 18}, trained[] = {.25, .75};
	double blend[4];

	lu_error_model(counts, 2, trained, blend);
	const double first = 9.5 / 11 * .25, first_not = 2.5 / 21 * .75;
	const double second_not = 1.5 / 11 * .25, second = 18.5 / 21 * .75;
	check_near(blend[0], first / (first + first_not), 1e-15);
	check_near(blend[1], first_not / (first + first_not), 1e-15);
	check_near(blend[2], second_not / (second + second_not), 1e-15);
	check_near(blend[3], second / (second + second_not), 1e-15);

	/* Divided by the training shares, a certain answer stands for P(said | true). */
	check_near(blend[0] / trained[0] / (blend[1] / trained[1]), (9.5 / 11) / (2.5 / 21), 1e-13);
}

static void how_common_a_class_was_does_not_matter(void **state)
{
	(void)state;
	/* The same rates from ten and from a million units a class: counts large beside the halves. */
	const double few[] = {9e6, 2e6, 1e6, 8e6}, many[] = {9e6, 2e8, 1e6, 8e8}, trained[] = {.5, .5};
	double a[4], b[4];

	lu_error_model(few, 2, trained, a);
	lu_error_model(many, 2, trained, b);
	for (int i = 0; i < 4; i++)
		check_near(a[i], b[i], 1e-6);
}

static void a_class_without_units_is_never_mistaken(void **state)
{
	(void)state;
	const double counts[] = {5, 0, 0, 0, 0, 0, 1, 0, 6}, trained[] = {.3, .3, .4};
	double blend[9];

	lu_error_model(counts, 3, trained, blend);
	check_near(blend[0 * 3 + 1], 0, 0);
	check_near(blend[2 * 3 + 1], 0, 0);
	for (int j = 0; j < 3; j++)
		check_near(blend[j * 3] + blend[j * 3 + 1] + blend[j * 3 + 2], 1, 1e-15);
	/* Nobody ever said class 1 of anything else but by the halves. */
	assert_true(blend[1 * 3 + 1] > .8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_matrix_worked_by_hand),
		cmocka_unit_test(how_common_a_class_was_does_not_matter),
		cmocka_unit_test(a_class_without_units_is_never_mistaken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
