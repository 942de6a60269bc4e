/* test_chip_source.c: dates out of file names; chip files' names. */
#include "chipset/chip_source.h"

#include "base/memory.h"
#include "chipset/set_folder.h"
#include "support/check.h"

static void dates(void **state)
{
	(void)state;
	static const struct {
		const char *path, *date;
	} cases[] = {
		{"m_4709963_se_14_1_20200831.tif", "2020-08-31"},
		{"/naip/2018/m_4709963_se_14_1_20200831.tif", "2020-08-31"},
		{"imagery_2015.tif", "2015"},
		{"imagery_2015/q_ne.tif", "2015"},
		{"/data/county/2015/q_ne.tif", "2015"},
		{"county/q_ne.tif", ""},
		{"q.tif", ""},
		{"/q.tif", ""},
		{"", ""},
		{"20201331.tif", ""},
		{"tile_1234.tif", ""},
		{"chip_20150.tif", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(lu_chip_date(cases[i].path).text, cases[i].date);
}

static void names(void **state)
{
	(void)state;
	static const struct {
		const char *class, *folder;
	} cases[] = {{"Forest", "Forest"}, {"Open/water & ice", "Open_water___ice"}, {"..", "_."}, {"", ""}};
	char *name = lu_set_chip_name(7, 123456, "png");
	assert_string_equal(name, "r00007_c123456.png");
	lu_free(name);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		name = lu_set_class_folder(cases[i].class);
		assert_string_equal(name, cases[i].folder);
		lu_free(name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
