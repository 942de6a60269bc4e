/* test_date_pairs.c: every pair once, in order, and no pair of fewer than two dates. */
#include "grid/date_pairs.h"

#include "support/check.h"

/* The walk as text: "0-1 0-2 1-2 ". */
static const char *walk(size_t dates, enum lu_date_pairs rule)
{
	static char text[128];
	size_t length = 0;

	text[0] = '\0';
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, dates, rule);)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%zu-%zu ", pair.earlier, pair.later);
	return text;
}

static void every_pair_comes_once(void **state)
{
	(void)state;
	assert_string_equal(walk(0, LU_PAIRS_ALL), "");
	assert_string_equal(walk(1, LU_PAIRS_ALL), "");
	assert_string_equal(walk(2, LU_PAIRS_ALL), "0-1 ");
	assert_string_equal(walk(3, LU_PAIRS_ALL), "0-1 0-2 1-2 ");
	assert_string_equal(walk(4, LU_PAIRS_ALL), "0-1 0-2 0-3 1-2 1-3 2-3 ");
}

static void or_each_with_the_next(void **state)
{
	(void)state;
	assert_string_equal(walk(1, LU_PAIRS_CONSECUTIVE), "");
	assert_string_equal(walk(2, LU_PAIRS_CONSECUTIVE), "0-1 ");
	assert_string_equal(walk(4, LU_PAIRS_CONSECUTIVE), "0-1 1-2 2-3 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_comes_once),
		cmocka_unit_test(or_each_with_the_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
