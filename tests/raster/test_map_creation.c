/* test_map_creation.c: which creation options a map takes. */
#include "raster/map.h"

#include "support/check.h"

static void options_of_the_driver_are_taken(void **state)
{
	static const char *const options[] = {"COMPRESS=LZW", "blocksize=128", "BIGTIFF=YES"};
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_map_check_creation(options, 3, &err), err);
	check_ok(lu_map_check_creation(NULL, 0, &err), err);
}

static void others_are_told_in_one_line(void **state)
{
	const struct {
		const char *option, *words;
	} cases[] = {{"COMPRES=LZW", "COMPRES=LZW: "},
		     {"COMPRESS=SQUEEZE", "creation option COMPRESS=SQUEEZE: "},
		     {"COMPRESS", "should be NAME=VALUE"},
		     {"", "should be NAME=VALUE"},
		     {"TILING_SCHEME=GoogleMapsCompatible", "would alter the cells"},
		     {"compress=JPEG", "would alter the cells"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const options[] = {"COMPRESS=LZW", cases[i].option};
		struct lu_error err = {0};
		check_fails(lu_map_check_creation(options, 2, &err), LU_ERROR_ARGUMENT, err, cases[i].words);
		assert_null(strchr(err.text, '\n'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(options_of_the_driver_are_taken),
					   cmocka_unit_test(others_are_told_in_one_line)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
