/* test_error.c: messages stay on one line, and misspelt words find their neighbour. */
#include "base/error.h"

#include <errno.h>

#include "support/check.h"

static void fail_writes_one_line(void **state)
{
	(void)state;
	struct lu_error err = {0};
	assert_int_equal(lu_fail(&err, LU_ERROR_FORMAT, "a\nb %d", 3), LU_ERROR_FORMAT);
	assert_string_equal(err.text, "a b 3");
	assert_int_equal(err.status, LU_ERROR_FORMAT);
	assert_int_equal(lu_fail(NULL, LU_ERROR_IO, "x"), LU_ERROR_IO);
}

static void fail_within_keeps_the_cause(void **state)
{
	(void)state;
	struct lu_error err = {0};
	lu_fail(&err, LU_ERROR_IO, "no such file");
	assert_int_equal(lu_fail_within(&err, "date %s", "2001"), LU_ERROR_IO);
	assert_string_equal(err.text, "date 2001: no such file");
}

static void a_full_disk_is_named(void **state)
{
	(void)state;
	struct lu_error err = {0};
	errno = ENOSPC;
	check_fails(lu_fail_errno(&err, "out.tif", "write"), LU_ERROR_IO, err, "disk is full");
}

static void nearest_word(void **state)
{
	(void)state;
	const char *const known[] = {"county", "model", "dates", "output"};
	assert_string_equal(lu_nearest_word("modle", known, 4), "model");
	assert_string_equal(lu_nearest_word("outputs", known, 4), "output");
	assert_null(lu_nearest_word("zebra", known, 4));
	assert_null(lu_nearest_word("a word far longer than any key that the job file could ever know about, surely",
				    known, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fail_writes_one_line),
		cmocka_unit_test(fail_within_keeps_the_cause),
		cmocka_unit_test(a_full_disk_is_named),
		cmocka_unit_test(nearest_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
