/* test_regroup.c: from a model's classes to a map's: their sum, and of classes that do not exclude each other, any of them. */
#include "models/regroup.h"

#include "support/check.h"

static void classes_that_exclude_each_other_add_up(void **state)
{
	const float model[] = {.5f, .125f, .25f, .125f};
	struct lu_regroup *regroup;
	struct lu_error err = {0};
	float map[2];

	(void)state;
	check_ok(lu_regroup_new((int[]){0, 1, 0, -1}, 4, (uint8_t[]){1, 2}, 2, &regroup, &err), err);
	lu_regroup_sum(regroup, model, map);
	assert_true(map[0] == .75f && map[1] == .125f);
	lu_regroup_free(regroup);
}

static void of_others_any_will_do(void **state)
{
	const float model[] = {.5f, 1e-9f, .75f, .5f, 1};
	struct lu_regroup *regroup;
	struct lu_error err = {0};
	uint8_t confidence;
	float map[2];

	(void)state;
	check_ok(lu_regroup_new((int[]){0, 1, 0, 0, -1}, 5, (uint8_t[]){1, 2}, 2, &regroup, &err), err);
	regroup->alone = true;
	lu_regroup_sum(regroup, model, map);
	/* 1 - .5 x .25 x .5; and of one member its own, to the last bit. */
	assert_true(map[0] == .9375f && map[1] == 1e-9f);
	assert_int_equal(lu_regroup_best(regroup, map, &confidence), 1);
	assert_int_equal(confidence, 94);
	lu_regroup_free(regroup);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_that_exclude_each_other_add_up),
		cmocka_unit_test(of_others_any_will_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
