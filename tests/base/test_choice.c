/* test_choice.c: the words of options: each stands for its constant and is told by it, and no other is taken. */
#include "landuse/types.h"

#include <string.h>

#include "support/check.h"

static void words(void **state)
{
	struct lu_error err = {0};

	(void)state;
	for (int choice = 0; choice < LU_CHOICES; choice++) {
		const char *word;
		size_t count = 0;
		int value;

		while ((word = lu_choice_list((enum lu_choice)choice, count)) != NULL) {
			check_ok(lu_choice_parse((enum lu_choice)choice, word, &value, &err), err);
			assert_string_equal(lu_choice_word((enum lu_choice)choice, value), word);
			count++;
		}
		assert_true(count >= 2);
		assert_null(lu_choice_word((enum lu_choice)choice, 1000));
		check_fails(lu_choice_parse((enum lu_choice)choice, "neither", &value, &err), LU_ERROR_ARGUMENT, err,
			    lu_choice_list((enum lu_choice)choice, count - 1));
	}
}

static void other_spellings(void **state)
{
	struct lu_error err = {0};
	int value = -1;

	(void)state;
	check_ok(lu_choice_parse(LU_CHOICE_CHIP_FORMAT, "GeoTIFF", &value, &err), err);
	assert_int_equal(value, LU_CHIP_GEOTIFF);
	check_ok(lu_choice_parse(LU_CHOICE_SPLIT, "val", &value, &err), err);
	assert_int_equal(value, LU_SPLIT_VALIDATE);
	check_fails(lu_choice_parse(LU_CHOICE_CHIP_FORMAT, "gif", &value, &err), LU_ERROR_ARGUMENT, err,
		    "format 'gif' should be tif, png or jpg");
	assert_null(lu_choice_word(LU_CHOICE_ENGINE, LU_ENGINE_AUTO));
}

static void numbers_of_classes(void **state)
{
	static const char *const bad[] = {"", "x", "=1", "Forest", "Forest=", "Forest=x", "nan", "0.9,,1"};
	struct lu_class_number *list = NULL;
	size_t count = 0;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_class_numbers_parse("0.85", &list, &count, &err), err);
	assert_int_equal(count, 1);
	assert_true(list[0].name == NULL && list[0].number == 0.85);
	lu_class_numbers_free(list);
	check_ok(lu_class_numbers_parse("0.9,Pasture, hay=0.5,402=0.6,a=b=1e-3", &list, &count, &err), err);
	assert_int_equal(count, 4);
	assert_string_equal(list[1].name, "Pasture, hay");
	assert_string_equal(list[2].name, "402");
	assert_string_equal(list[3].name, "a=b");
	assert_true(list[1].number == 0.5 && list[2].number == 0.6 && list[3].number == 1e-3);
	lu_class_numbers_free(list);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(lu_class_numbers_parse(bad[i], &list, &count, &err), LU_ERROR_ARGUMENT);
	lu_class_numbers_free(NULL);
}

static void shards_and_nodata(void **state)
{
	static const char *const bad[] = {"", "x", "-1", "3/", "3/0", "3/8x", "/8", "3 /8", "99999999999"};
	struct lu_nodata nodata;
	struct lu_error err = {0};
	int number = -5, count = -5;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(lu_shard_parse(bad[i], &number, &count, &err), LU_ERROR_ARGUMENT);
	assert_true(number == -5 && count == -5);
	check_ok(lu_shard_parse("3/8", &number, &count, &err), err);
	assert_true(number == 3 && count == 8);
	check_ok(lu_shard_parse("0", &number, &count, &err), err);
	assert_true(number == 0 && count == 0);
	check_ok(lu_nodata_parse("none", &nodata, &err), err);
	assert_int_equal(nodata.rule, LU_NODATA_NONE);
	check_ok(lu_nodata_parse("-9999.5", &nodata, &err), err);
	assert_true(nodata.rule == LU_NODATA_VALUE && nodata.value == -9999.5);
	check_fails(lu_nodata_parse("black", &nodata, &err), LU_ERROR_ARGUMENT, err, "expected a number or none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(other_spellings),
		cmocka_unit_test(numbers_of_classes),
		cmocka_unit_test(shards_and_nodata),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
