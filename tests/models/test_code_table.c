/* test_code_table.c: codes of others by number and word, and the tables that ship. */
#include "models/code_table.h"

#include "base/file.h"
#include <unistd.h>

#include "support/check.h"

static struct lu_scheme *scheme;
static char folder[64], path[128];

static int setup(void **state)
{
	struct lu_error err = {0};

	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/t.yaml", folder);
	return lu_scheme_read("config/schemes/landcover-7.yaml", &scheme, &err) != LU_OK;
}

static int teardown(void **state)
{
	(void)state;
	lu_scheme_free(scheme);
	remove(path);
	rmdir(folder);
	return 0;
}

static enum lu_status read_text(const char *text, struct lu_code_table **table, struct lu_error *err)
{
	struct lu_error fault = {0};

	check_ok(lu_file_write(path, text, strlen(text), &fault), fault);
	return lu_code_table_read(path, table, err);
}

/* The name of the class of 'code', "left out" or "unknown". */
static const char *class_of(const struct lu_code_table *table, const char *code)
{
	const int class = lu_code_table_class(table, scheme, code);

	return class >= 0 ? scheme->classes[class].name : class == LU_SCHEME_LEFT_OUT ? "left out" : "unknown";
}

static void numbers_and_words_are_found(void **state)
{
	(void)state;
	struct lu_code_table *table;
	struct lu_error err = {0};
	check_ok(read_text("name: t\nversion: 1\ncodes:\n"
			   "  - {nlcd: 82, of: [1, 07, Corn]}\n"
			   "  - {class: Developed, of: [R-1, \"101\"]}\n"
			   "  - {class: Mars, of: [X]}\n"
			   "unmapped: [0, none]\n",
			   &table, &err),
		 err);
	assert_string_equal(class_of(table, "1"), "Cultivated");
	assert_string_equal(class_of(table, "1.0"), "Cultivated");
	assert_string_equal(class_of(table, "7"), "Cultivated");
	assert_string_equal(class_of(table, "CORN"), "Cultivated");
	assert_string_equal(class_of(table, "r-1"), "Developed");
	assert_string_equal(class_of(table, "101"), "Developed");
	assert_string_equal(class_of(table, "X"), "unknown");
	assert_string_equal(class_of(table, "0"), "left out");
	assert_string_equal(class_of(table, "2"), "unknown");
	lu_code_table_free(table);
}

static void wrong_tables_are_refused(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"name: t\nversion: 1\ncodes:\n  - {nlcd: 82, of: [1]}\n  - {nlcd: 11, of: [1.0]}\n",
		 "code 1.0 is named twice (keep one)"},
		{"name: t\nversion: 1\ncodes:\n  - {nlcd: 82, class: Water, of: [1]}\n",
		 "says one of 'nlcd' and 'class'"},
		{"name: t\nversion: 1\ncodes:\n  - {of: [1]}\n", "t.yaml:4: an entry says one of 'nlcd' and 'class'"},
		{"name: t\nversion: 1\ncodes:\n  - {nlcd: 82}\n", "'of'"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_code_table *table;
		struct lu_error err = {0};
		assert_int_equal(read_text(cases[i][0], &table, &err), LU_ERROR_ARGUMENT);
		assert_null(table);
		assert_non_null(strstr(err.text, cases[i][1]));
	}
}

static void tables_that_ship_know_their_data(void **state)
{
	(void)state;
	static const char *const cases[][3] = {{"annual-nlcd", "41", "Forest"},  {"annual-nlcd", "250", "left out"},
					       {"annual-nlcd", "13", "unknown"}, {"ccap", "2", "Developed"},
					       {"ccap", "20", "Barren"},         {"ccap", "21", "Water"},
					       {"cdl", "1", "Cultivated"},       {"cdl", "5", "Cultivated"},
					       {"cdl", "36", "Cultivated"},      {"cdl", "61", "Cultivated"},
					       {"cdl", "111", "Water"},          {"cdl", "121", "Developed"},
					       {"cdl", "141", "Forest"},         {"cdl", "254", "Cultivated"},
					       {"cdl", "81", "left out"},        {"massgis-2005", "3", "Forest"},
					       {"massgis-2005", "20", "Water"},  {"massgis-2005", "38", "Developed"},
					       {"massgis-2005", "40", "Shrub"},  {"massgis-2005", "21", "unknown"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_code_table *table;
		struct lu_error err = {0};
		char shipped[64];
		snprintf(shipped, sizeof(shipped), "config/codes/%s.yaml", cases[i][0]);
		check_ok(lu_code_table_read(shipped, &table, &err), err);
		assert_string_equal(table->name, cases[i][0]);
		assert_string_equal(class_of(table, cases[i][1]), cases[i][2]);
		/* Whatever a table names, the scheme knows. */
		for (size_t k = 0; k < table->count; k++)
			assert_string_not_equal(class_of(table, table->entries[k].code), "unknown");
		lu_code_table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_and_words_are_found),
					   cmocka_unit_test(wrong_tables_are_refused),
					   cmocka_unit_test(tables_that_ship_know_their_data)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
