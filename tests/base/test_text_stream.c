/* test_text_stream.c: what is printed comes back whole, or as an error. */
#include "base/text_stream.h"

#include <string.h>

#include "base/memory.h"
#include "support/check.h"

static void what_is_printed_comes_back(void **state)
{
	(void)state;
	struct lu_text_stream stream;
	struct lu_error err = {0};
	char *text;

	check_ok(lu_text_begin(&stream, "a report", &err), err);
	check_ok(lu_text_finish(&stream, &text, &err), err);
	assert_string_equal(text, "");
	lu_free(text);

	check_ok(lu_text_begin(&stream, "a report", &err), err);
	for (int i = 0; i < 20000; i++)
		fprintf(stream.to, "%09d\n", i);
	check_ok(lu_text_finish(&stream, &text, &err), err);
	assert_int_equal(stream.length, 200000);
	assert_int_equal(strlen(text), 200000);
	assert_string_equal(text + 199990, "000019999\n");
	lu_free(text);
}

/* However far the printing has come: nothing of it is given out. */
static void out_of_memory_is_an_error(void **state)
{
	(void)state;
	enum lu_status status = LU_ERROR_MEMORY;

	for (long n = 0; status != LU_OK; n++) {
		struct lu_text_stream stream;
		struct lu_error err = {0};
		char *text = NULL;

		assert_true(n < 20);
		lu_memory_fail_after(n);
		status = lu_text_begin(&stream, "a report", &err);
		for (int i = 0; i < 3000 && status == LU_OK; i++)
			fprintf(stream.to, "%09d\n", i);
		lu_memory_fail_after(status == LU_OK ? -1 : 0);
		/* Memory that is there again does not fill the hole. */
		const enum lu_status begun = status;
		if (begun == LU_OK)
			fprintf(stream.to, "the end\n");
		status = lu_text_finish(&stream, &text, &err);
		lu_memory_fail_after(-1);
		if (status != LU_OK) {
			assert_int_equal(status, LU_ERROR_MEMORY);
			assert_null(text);
			assert_string_equal(err.text, "out of memory: a report");
		} else {
			assert_true(n > 3);
			assert_int_equal(strlen(text), 30008);
		}
		lu_free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_comes_back),
		cmocka_unit_test(out_of_memory_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
