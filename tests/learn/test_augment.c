/* test_augment.c: the words of .augment, and the poses that they ask for. */
#include "learn/augment.h"

#include "support/check.h"

static void words_and_poses(void **state)
{
	static const struct {
		const char *words;
		size_t count;
	} cases[] = {{NULL, 1},
		     {"flips", 3},
		     {"rotations", 4},
		     {"flips,rotations", 8},
		     {"rotations,flips", 8},
		     {"colour", 2},
		     {"flips,colour", 6},
		     {"colour,rotations,flips", 16}};
	lu_pose poses[LU_MOST_POSES];
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned wanted = 0;
		if (cases[i].words != NULL)
			check_ok(lu_augment_parse(cases[i].words, &wanted, &err), err);
		const size_t count = lu_augment_list(wanted, poses);
		assert_int_equal(count, cases[i].count);
		assert_int_equal(poses[0], 0);
		for (size_t a = 0; a < count; a++)
			for (size_t b = 0; b < a; b++)
				assert_int_not_equal(poses[a], poses[b]);
	}
}

static void other_words(void **state)
{
	unsigned wanted;
	struct lu_error err = {0};

	(void)state;
	check_fails(lu_augment_parse("flips,rotation", &wanted, &err), LU_ERROR_ARGUMENT, err,
		    "did you mean 'rotations'");
	check_fails(lu_augment_parse("color", &wanted, &err), LU_ERROR_ARGUMENT, err, "did you mean 'colour'");
	check_fails(lu_augment_parse("flips,", &wanted, &err), LU_ERROR_ARGUMENT, err, "has ''");
	check_fails(lu_augment_parse("zzzzzzzzzz", &wanted, &err), LU_ERROR_ARGUMENT, err, "flips, rotations, colour");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_poses),
		cmocka_unit_test(other_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
