/* test_area_unit.c: acres and square miles as the law has them. */
#include "base/area_unit.h"

#include "support/check.h"
#include "support/near.h"

static void units(void **state)
{
	(void)state;
	/* A section of the public land survey: a square mile, 640 acres, 258.998811 hectares. */
	const double mile = 1609.344 * 1609.344;
	check_near(lu_in_unit(mile, LU_SQUARE_MILES), 1, 1e-12);
	check_near(lu_in_unit(mile, LU_ACRES), 640, 1e-9);
	check_near(lu_in_unit(mile, LU_HECTARES), 258.9988110336, 1e-9);
	for (int i = 0; i < LU_AREA_UNITS; i++)
		assert_true(lu_area_unit_names[i] != NULL && lu_area_unit_words[i] != NULL &&
			    lu_area_unit_signs[i] != NULL);
	assert_null(lu_area_unit_names[LU_AREA_UNITS]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(units)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
