/* test_split.c: no group on two sides, shares as asked for, nothing shared across a line. */
#include "chipset/split.h"

#include "support/check.h"

enum { GROUPS = 60 };
static char names[GROUPS][8];
static const char *pointers[GROUPS];
static uint64_t sizes[GROUPS];

static int make_groups(void **state)
{
	(void)state;
	for (int g = 0; g < GROUPS; g++) {
		snprintf(names[g], sizeof(names[g]), "b%02d", g);
		pointers[g] = names[g];
		sizes[g] = (uint64_t)(20 + g % 7);
	}
	return 0;
}

static void shares_are_met(void **state)
{
	(void)state;
	const struct lu_split_request request = {.validate = 0.2, .test = 0.1, .seed = 4};
	enum lu_split sides[GROUPS], again[GROUPS];
	struct lu_error err = {0};
	double chips[4] = {0}, total = 0;
	check_ok(lu_split_assign(pointers, sizes, GROUPS, &request, sides, &err), err);
	for (int g = 0; g < GROUPS; g++) {
		chips[sides[g]] += (double)sizes[g];
		total += (double)sizes[g];
	}
	assert_true(chips[LU_SPLIT_NONE] == 0);
	assert_true(chips[LU_SPLIT_VALIDATE] > 0.17 * total && chips[LU_SPLIT_VALIDATE] < 0.23 * total);
	assert_true(chips[LU_SPLIT_TEST] > 0.07 * total && chips[LU_SPLIT_TEST] < 0.13 * total);
	check_ok(lu_split_assign(pointers, sizes, GROUPS, &request, again, &err), err);
	assert_memory_equal(sides, again, sizeof(sides));
	struct lu_split_request other = request;
	other.seed = 5;
	check_ok(lu_split_assign(pointers, sizes, GROUPS, &other, again, &err), err);
	assert_memory_not_equal(sides, again, sizeof(sides));
}

static void named_groups_go_where_told(void **state)
{
	(void)state;
	const char *const validate[] = {"b03", "b04"}, *const test[] = {"b05"}, *const both[] = {"b04"},
			  *const wrong[] = {"b0"};
	struct lu_split_request request = {
		.validate_groups = validate, .validate_group_count = 2, .test_groups = test, .test_group_count = 1};
	enum lu_split sides[GROUPS];
	struct lu_error err = {0};
	check_ok(lu_split_assign(pointers, sizes, GROUPS, &request, sides, &err), err);
	for (int g = 0; g < GROUPS; g++)
		assert_int_equal(sides[g], g == 3 || g == 4 ? LU_SPLIT_VALIDATE
					   : g == 5         ? LU_SPLIT_TEST
							    : LU_SPLIT_TRAIN);
	request.test_groups = both;
	check_fails(lu_split_assign(pointers, sizes, GROUPS, &request, sides, &err), LU_ERROR_ARGUMENT, err,
		    "block 'b04' is on both sides");
	request.test_groups = wrong;
	check_fails(lu_split_assign(pointers, sizes, GROUPS, &request, sides, &err), LU_ERROR_ARGUMENT, err,
		    "no chip lies in block 'b0'");
}

static void too_few_groups(void **state)
{
	(void)state;
	struct lu_split_request request = {.validate = 0.1, .test = 0.1};
	enum lu_split sides[GROUPS];
	struct lu_error err = {0};
	check_fails(lu_split_assign(pointers, sizes, 1, &request, sides, &err), LU_ERROR_MISMATCH, err,
		    "1 block, too few");
	check_fails(lu_split_assign(pointers, sizes, 2, &request, sides, &err), LU_ERROR_MISMATCH, err,
		    "2 blocks, too few");
	request.validate = request.test = 0;
	check_ok(lu_split_assign(pointers, sizes, 1, &request, sides, &err), err);
	assert_int_equal(sides[0], LU_SPLIT_TRAIN);
	request.validate = request.test = 0.5;
	check_fails(lu_split_assign(pointers, sizes, 9, &request, sides, &err), LU_ERROR_ARGUMENT, err, "below 1");
}

/* A row of chips half a chip apart: the ones on both sides of a line share ground. */
static void overlaps_give_way(void **state)
{
	(void)state;
	struct lu_split_chip chips[20];
	uint8_t keep[20];
	for (int i = 0; i < 20; i++)
		chips[i] = (struct lu_split_chip){i / 10, i % 10,
						  i % 10 < 5   ? LU_SPLIT_TRAIN
						  : i % 10 < 8 ? LU_SPLIT_TEST
							       : LU_SPLIT_VALIDATE};
	assert_int_equal(lu_split_separate(chips, 20, 0, keep), 0);
	assert_int_equal(lu_split_separate(chips, 20, 1, keep), 4);
	for (int i = 0; i < 20; i++)
		assert_int_equal(keep[i], i % 10 != 4 && i % 10 != 8);
	for (int i = 0; i < 20; i++)
		for (int j = 0; j < 20; j++)
			if (keep[i] && keep[j] && chips[i].split != chips[j].split)
				assert_true(llabs(chips[i].row - chips[j].row) > 1 ||
					    llabs(chips[i].col - chips[j].col) > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_met),
		cmocka_unit_test(named_groups_go_where_told),
		cmocka_unit_test(too_few_groups),
		cmocka_unit_test(overlaps_give_way),
	};
	return cmocka_run_group_tests(tests, make_groups, NULL);
}
