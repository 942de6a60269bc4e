/* test_text.c: UTF-8, and what names look like on a terminal, in XML and in a spreadsheet's cell. */
#include "base/text.h"

#include "base/memory.h"
#include "support/check.h"

static void s37_utf8_is_known(void **state)
{
	(void)state;
	static const char *const good[] = {
		"", "a", "\xc3\xa9", "\xe6\xb0\xb4", "\xf0\x9f\x8c\xb2", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"};
	/* Latin-1, a lone tail, cut off, overlong, a surrogate, above the last. */
	static const char *const bad[] = {"\xe9",         "\x80",         "\xe6\xb0",         "\xc0\xaf",
					  "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(lu_utf8_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(lu_utf8_valid(bad[i]));
	char *text = lu_text_utf8("For\xeat");
	assert_string_equal(text, "For\xc3\xaat");
	lu_free(text);
	text = lu_text_utf8("For\xc3\xaat");
	assert_string_equal(text, "For\xc3\xaat");
	lu_free(text);
}

static void s33_nothing_steers_a_terminal_or_breaks_xml(void **state)
{
	(void)state;
	/* Escape, bell, return, delete, C1's CSI, right-to-left override, a byte of Latin-1. */
	static const char name[] = "a\033[31m\a\r\x7f\xc2\x9b\xe2\x80\xae\xe9z\n\t\xc3\xa9";

	char *text = lu_text_printable(name);
	assert_string_equal(text, "a\\u001b[31m\\u0007\\u000d\\u007f\\u009b\\u202e\\xe9z\n\t\xc3\xa9");
	lu_free(text);
	text = lu_xml_clean("<a b=\"\x01\033\xe9\xef\xbf\xbe\">\xc3\xa9\t</a>");
	assert_string_equal(text, "<a b=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\">\xc3\xa9\t</a>");
	lu_free(text);
}

static void s33_cells_come_back(void **state)
{
	(void)state;
	static const char *const run[] = {"=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@"};
	static const char *const shown[] = {"", "a=1", "'a", "'", "1-2", "O'Brien"};
	char cell[16];

	for (size_t i = 0; i < sizeof(run) / sizeof(run[0]); i++) {
		assert_true(lu_cell_is_formula(run[i]));
		snprintf(cell, sizeof(cell), "'%s", run[i]);
		assert_string_equal(lu_cell_text(cell), run[i]);
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		assert_false(lu_cell_is_formula(shown[i]));
		assert_string_equal(lu_cell_text(shown[i]), shown[i]);
	}
	/* What others wrote without a guard. */
	assert_string_equal(lu_cell_text("=1"), "=1");
}

static void endings_are_known(void **state)
{
	(void)state;
	assert_true(lu_ends_with("out/map.tif", ".tif"));
	assert_true(lu_ends_with("model.json", "model.json"));
	assert_true(lu_ends_with("", ""));
	assert_false(lu_ends_with("map.TIF", ".tif"));
	assert_false(lu_ends_with("f", ".tif"));
	assert_false(lu_ends_with("map.tif.aux", ".tif"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endings_are_known),
		cmocka_unit_test(s37_utf8_is_known),
		cmocka_unit_test(s33_nothing_steers_a_terminal_or_breaks_xml),
		cmocka_unit_test(s33_cells_come_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
