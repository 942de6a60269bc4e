/* test_folds.c: blocks stay whole, classes are spread, leaks are found. */
#include "learn/folds.h"

#include "support/check.h"

enum { CLASSES = 3, BLOCKS = 5, SIZE = 8, N = CLASSES * BLOCKS * SIZE };

static char names[N][16];
static const char *blocks[N];
static size_t classes[N];

static void fill(void)
{
	for (size_t i = 0; i < N; i++) {
		classes[i] = i / (BLOCKS * SIZE);
		snprintf(names[i], sizeof(names[i]), "%zu/%zu", classes[i], i / SIZE % BLOCKS);
		blocks[i] = names[i];
	}
}

static void blocks_stay_whole_and_classes_spread(void **state)
{
	(void)state;
	struct lu_folds folds, again, other;
	struct lu_error err = {0};
	size_t held[BLOCKS][CLASSES] = {{0}};
	bool leaks;
	size_t a, b, moved = 0;

	fill();
	check_ok(lu_folds_make(blocks, classes, N, CLASSES, 5, 1, &folds, &err), err);
	assert_int_equal(folds.count, 5);
	assert_int_equal(folds.blocks, CLASSES * BLOCKS);
	check_ok(lu_find_leak(blocks, folds.of, N, &leaks, &a, &b, &err), err);
	assert_false(leaks);
	for (size_t i = 0; i < N; i++)
		held[folds.of[i]][classes[i]]++;
	for (int fold = 0; fold < 5; fold++)
		for (int k = 0; k < CLASSES; k++)
			assert_int_equal(held[fold][k], SIZE);
	check_ok(lu_folds_make(blocks, classes, N, CLASSES, 5, 1, &again, &err), err);
	assert_memory_equal(folds.of, again.of, N * sizeof(int));
	check_ok(lu_folds_make(blocks, classes, N, CLASSES, 5, 2, &other, &err), err);
	for (size_t i = 0; i < N; i++)
		moved += folds.of[i] != other.of[i];
	assert_true(moved > 0);
	lu_folds_release(&folds);
	lu_folds_release(&again);
	lu_folds_release(&other);
}

static void few_blocks_give_few_folds(void **state)
{
	(void)state;
	const char *const two[] = {"a", "a", "b"}, *const one[] = {"a", "a", "a"};
	const size_t class[] = {0, 1, 0};
	struct lu_folds folds;
	struct lu_error err = {0};

	check_ok(lu_folds_make(two, class, 3, 2, 5, 1, &folds, &err), err);
	assert_int_equal(folds.count, 2);
	assert_int_equal(folds.of[0], folds.of[1]);
	assert_int_not_equal(folds.of[0], folds.of[2]);
	lu_folds_release(&folds);
	check_fails(lu_folds_make(one, class, 3, 2, 5, 1, &folds, &err), LU_ERROR_MISMATCH, err, "in one block");
	assert_null(folds.of);
}

static void leaks_are_found(void **state)
{
	(void)state;
	const char *const where[] = {"a", "", "b", "", "a"};
	const int apart[] = {0, 0, 1, 1, 0}, leaking[] = {0, 0, 1, 1, 1};
	struct lu_error err = {0};
	bool leaks;
	size_t a = 9, b = 9;

	check_ok(lu_find_leak(where, apart, 5, &leaks, &a, &b, &err), err);
	assert_false(leaks);
	check_ok(lu_find_leak(where, leaking, 5, &leaks, &a, &b, &err), err);
	assert_true(leaks);
	assert_int_equal(a, 0);
	assert_int_equal(b, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_stay_whole_and_classes_spread),
		cmocka_unit_test(few_blocks_give_few_folds),
		cmocka_unit_test(leaks_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
