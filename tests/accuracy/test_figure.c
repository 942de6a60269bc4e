/* test_figure.c: how far intervals reach, against printed tables of the normal distribution. */
#include "accuracy/figure.h"

#include "support/near.h"

static void levels_are_those_of_the_tables(void **state)
{
	(void)state;
	/* M. Abramowitz, I. A. Stegun: Handbook of Mathematical Functions, 1964, table 26.5. */
	static const double table[][2] = {{50, .67449},  {80, 1.28155}, {90, 1.64485},
					  {98, 2.32635}, {99, 2.57583}, {99.9, 3.29053}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_near(lu_interval_reach(table[i][0]), table[i][1], .000005);
	/* The literature's two digits for the usual level. */
	assert_true(lu_interval_reach(95) == 1.96);
	check_near(lu_interval_reach(95.0000001), 1.959964, .000001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(levels_are_those_of_the_tables)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
