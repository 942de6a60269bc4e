/* test_table.c: small CSV files as spreadsheets write them. */
#include "base/table.h"

#include <unistd.h>

#include "base/file.h"
#include "support/check.h"

static char folder[64], path[128];

static struct lu_table read_text(const char *text, size_t size)
{
	struct lu_error err = {0};
	struct lu_table table;

	check_ok(lu_file_write(path, text, size, &err), err);
	check_ok(lu_table_read(path, &table, &err), err);
	return table;
}

static void fields_and_lines(void **state)
{
	(void)state;
	static const char text[] = "\xef\xbb\xbf"
				   "class , \"Developed, Open\",3\r\n\r\n,,\n\"a \"\"b\"\"\",, 4.5 \nlast,1,2";
	struct lu_table table = read_text(text, sizeof(text) - 1);

	assert_int_equal(table.count, 3);
	assert_int_equal(table.rows[0].count, 3);
	assert_string_equal(table.rows[0].fields[0], "class");
	assert_string_equal(table.rows[0].fields[1], "Developed, Open");
	assert_string_equal(table.rows[1].fields[0], "a \"b\"");
	assert_string_equal(table.rows[1].fields[1], "");
	assert_string_equal(table.rows[1].fields[2], "4.5");
	assert_int_equal(table.rows[1].line, 4);
	assert_string_equal(table.rows[2].fields[2], "2");
	lu_table_release(&table);
	table = read_text("a;b,c;d\n1;2;3\n", 14);
	assert_int_equal(table.rows[0].count, 3);
	assert_string_equal(table.rows[0].fields[1], "b,c");
	lu_table_release(&table);
}

static void numbers(void **state)
{
	(void)state;
	double number;

	assert_true(lu_table_number("4.5", &number) && number == 4.5);
	assert_true(lu_table_number("1e3", &number) && number == 1000);
	assert_false(lu_table_number("", &number));
	assert_false(lu_table_number("4 ha", &number));
	assert_false(lu_table_number("-1", &number));
	assert_false(lu_table_number("nan", &number));
	assert_false(lu_table_number("inf", &number));
}

static void wrong_files(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_table table;

	check_ok(lu_file_write(path, "a,\"b\n", 5, &err), err);
	check_fails(lu_table_read(path, &table, &err), LU_ERROR_FORMAT, err, ":1: a quote");
	check_ok(lu_file_write(path, "\n \n", 3, &err), err);
	check_fails(lu_table_read(path, &table, &err), LU_ERROR_FORMAT, err, "empty");
	/* Rows behind a byte 0 are not left out without a word. */
	check_ok(lu_file_write(path, "a,1\nb\0,2\nc,3\n", 14, &err), err);
	check_fails(lu_table_read(path, &table, &err), LU_ERROR_FORMAT, err, "byte 5 is 0");
	unlink(path);
	check_fails(lu_table_read(path, &table, &err), LU_ERROR_ARGUMENT, err, "table.csv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_lines),
		cmocka_unit_test(numbers),
		cmocka_unit_test(wrong_files),
	};

	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/table.csv", folder);
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return failed;
}
