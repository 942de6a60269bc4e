/* test_csv.c: fields, quoting and numbers of tables. */
#include "base/csv.h"

#include <locale.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

static void check_text(struct lu_csv *csv, const char *expected)
{
	assert_false(csv->failed);
	assert_int_equal(csv->size, strlen(expected));
	assert_memory_equal(csv->text, expected, csv->size);
	lu_csv_release(csv);
}

static void text_is_quoted_when_it_must_be(void **state)
{
	(void)state;
	struct lu_csv csv = {0};
	static const char *const header[] = {"a", NULL, "b c"};

	lu_csv_row(&csv, header, 3);
	lu_csv_text(&csv, "x, y");
	lu_csv_text(&csv, "say \"no\"");
	lu_csv_text(&csv, "two\nlines");
	lu_csv_end_row(&csv);
	check_text(&csv, "a,,b c\n\"x, y\",\"say \"\"no\"\"\",\"two\nlines\"\n");
}

static void numbers_do_not_know_the_locale(void **state)
{
	(void)state;
	struct lu_csv csv = {0};

	setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed, printf would write commas */
	lu_csv_fixed(&csv, 1234.5678, 2);
	lu_csv_fixed(&csv, -0.0049, 2);
	lu_csv_fixed(&csv, -0.006, 2);
	lu_csv_fixed(&csv, 7, 0);
	lu_csv_fixed(&csv, 0.1, 6);
	lu_csv_fixed(&csv, 0.0 / 0.0, 6);
	lu_csv_fixed(&csv, 1e300, 6);
	lu_csv_count(&csv, UINT64_MAX);
	lu_csv_integer(&csv, -5);
	lu_csv_end_row(&csv);
	setlocale(LC_ALL, "C");
	check_text(&csv, "1234.57,0.00,-0.01,7,0.100000,,,18446744073709551615,-5\n");
}

static void written_whole_or_not(void **state)
{
	(void)state;
	char folder[64], path[128], *bytes;
	struct lu_error err = {0};
	struct lu_csv csv = {0};
	size_t size;

	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/t.csv", folder);
	lu_memory_fail_after(0);
	lu_csv_text(&csv, "lost");
	lu_memory_fail_after(-1);
	check_fails(lu_csv_write(&csv, path, &err), LU_ERROR_MEMORY, err, "t.csv");
	assert_false(lu_file_exists(path));
	lu_csv_release(&csv);
	lu_csv_text(&csv, "kept");
	lu_csv_end_row(&csv);
	check_ok(lu_csv_write(&csv, path, &err), err);
	check_ok(lu_file_read(path, 100, &bytes, &size, &err), err);
	assert_string_equal(bytes, "kept\n");
	lu_free(bytes);
	lu_csv_release(&csv);
	lu_csv_release(NULL);
	remove(path);
	remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_quoted_when_it_must_be),
		cmocka_unit_test(numbers_do_not_know_the_locale),
		cmocka_unit_test(written_whole_or_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
