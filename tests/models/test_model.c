/* test_model.c: which bands of a model a person is shown. */
#include "models/model.h"

#include "support/check.h"

static void check_colours(const char *names[], size_t bands, size_t red, size_t green, size_t blue)
{
	const struct lu_model model = {.bands = bands, .band_names = (char **)(uintptr_t)names};
	size_t colours[3];

	lu_model_colours(&model, colours);
	assert_int_equal(colours[0], red);
	assert_int_equal(colours[1], green);
	assert_int_equal(colours[2], blue);
}

static void colours_by_name_or_by_order(void **state)
{
	(void)state;
	check_colours((const char *[]){"nir", "blue", "green", "red"}, 4, 3, 2, 1);
	check_colours((const char *[]){"nir", "red", "green"}, 3, 0, 1, 2);
	check_colours((const char *[]){NULL, NULL, "red", "green"}, 4, 0, 1, 2);
	check_colours((const char *[]){"green", "nir"}, 2, 0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_by_name_or_by_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
