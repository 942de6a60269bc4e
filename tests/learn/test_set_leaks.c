/* test_set_leaks.c: blocks on two sides of a split, and pictures that are in a set twice. */
#include "learn/set_leaks.h"

#include "support/check.h"

static char forest[] = "forest", pond[] = "pond", town[] = "town", none[] = "";

static void blocks_on_two_sides(void **state)
{
	struct lu_labelled_chip chips[] = {{.block = forest, .split = LU_SPLIT_TRAIN},
					   {.block = pond, .split = LU_SPLIT_NONE},
					   {.block = pond, .split = LU_SPLIT_TRAIN}, /* the rest is one side */
					   {.block = none, .split = LU_SPLIT_TEST},
					   {.block = none, .split = LU_SPLIT_TRAIN}, /* no block is no leak */
					   {.block = town, .split = LU_SPLIT_TEST}};
	struct lu_labelled_set set = {.chips = chips, .chip_count = 6};
	const char *const names[] = {"a", "b", "c", "d", "e", "a"};
	struct lu_error err = {0};
	bool leaks = true;
	size_t a = 9, b = 9;

	(void)state;
	check_ok(lu_set_leak(&set, NULL, &leaks, &a, &b, &err), err);
	assert_false(leaks);
	chips[5].block = forest;
	check_ok(lu_set_leak(&set, NULL, &leaks, &a, &b, &err), err);
	assert_true(leaks);
	assert_int_equal(a + b, 5);
	/* Names instead of blocks. */
	chips[5].block = town;
	check_ok(lu_set_leak(&set, names, &leaks, &a, &b, &err), err);
	assert_true(leaks);
	assert_int_equal(a + b, 5);
}

static void pictures_that_are_there_twice(void **state)
{
	struct lu_labelled_chip chips[] = {{.class = 0}, {.class = 1}, {.class = 0}, {.class = 1}, {.class = 2}};
	const struct lu_labelled_set set = {.chips = chips, .chip_count = 5};
	const char sha256[5][LU_SHA256_HEX] = {"bb", "aa", "bb", "", "bb"};
	struct lu_error err = {0};
	size_t copies = 9, first = 9, second = 9;

	(void)state;
	check_ok(lu_set_copies(&set, sha256, &copies, &first, &second, &err), err);
	assert_int_equal(copies, 2);
	assert_int_equal(first, 0);
	assert_int_equal(second, 4);
	chips[4].class = 0;
	check_ok(lu_set_copies(&set, sha256, &copies, &first, &second, &err), err);
	assert_int_equal(copies, 2);
	assert_int_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_on_two_sides),
		cmocka_unit_test(pictures_that_are_there_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
