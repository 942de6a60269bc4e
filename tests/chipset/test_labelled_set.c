/* test_labelled_set.c: class folders and indexes, and what is wrong with some of them. */
#include "chipset/labelled_set.h"

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	return 0;
}

/* An empty file below the scratch folder, with the folders above it: a set opens no picture. */
static void put(const char *name, const char *text)
{
	struct lu_error err = {0};
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	char *above = lu_path_folder(path);
	check_ok(lu_folder_make(above, &err), err);
	check_ok(lu_file_write(path, text, strlen(text), &err), err);
	lu_free(above);
}

static enum lu_status read_set(const char *name, const char *field, struct lu_labelled_set **set, struct lu_error *err)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return lu_labelled_set_read(path, field, set, err);
}

static void class_folders(void **state)
{
	(void)state;
	struct lu_labelled_set *set;
	struct lu_error err = {0};
	size_t unnumbered;

	put("plain/water/lake2.JPG", "");
	put("plain/water/lake19.png", "");
	put("plain/water/lake40_copy.tif", "");
	put("plain/forest/wood.jpg", "");
	put("plain/forest/notes.txt", "");
	put("plain/forest/.hidden.jpg", "");
	put("plain/readme.md", "");
	check_ok(read_set("plain", NULL, &set, &err), err);
	assert_int_equal(set->class_count, 2);
	assert_string_equal(set->classes[0], "forest");
	assert_int_equal(set->chip_count, 4);
	assert_int_equal(set->passed_over[LU_PASSED_OTHER].count, 1);
	assert_int_equal(set->passed_over[LU_PASSED_SYSTEM].count, 1);
	assert_int_equal(lu_labelled_set_passed_over(set), 2);
	assert_int_equal(set->counts[LU_SPLIT_NONE], 4);
	check_ok(lu_labelled_set_number_blocks(set, 20, &unnumbered, &err), err);
	assert_int_equal(unnumbered, 1);
	assert_string_equal(set->chips[1].block, "water/0"); /* lake19 */
	assert_string_equal(set->chips[2].block, "water/0"); /* lake2 */
	assert_string_equal(set->chips[3].block, "water/2"); /* lake40_copy */
	assert_string_equal(set->chips[0].block, set->chips[0].path);
	lu_labelled_set_free(set);
}

static void weights(void **state)
{
	(void)state;
	static const char *const wrong[] = {"0", "-1", "many", "inf", "2x"};
	struct lu_labelled_set *set;
	struct lu_error err = {0};

	put("weighed/index.csv", "path,class,weight\na.png,x,2.5\nb.png,y,\nc.png,y,0.125\n");
	check_ok(read_set("weighed", NULL, &set, &err), err);
	assert_true(set->chips[0].weight == 2.5 && set->chips[1].weight == 1 && set->chips[2].weight == 0.125);
	lu_labelled_set_free(set);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char text[64];
		snprintf(text, sizeof(text), "path,class,weight\na.png,x,1\nb.png,y,%s\n", wrong[i]);
		put("weighed/index.csv", text);
		assert_int_equal(read_set("weighed", NULL, &set, &err), LU_ERROR_FORMAT);
		assert_non_null(strstr(err.text, "row 2 has weight"));
		assert_non_null(strstr(err.text, wrong[i]));
	}
}

static void split_folders(void **state)
{
	(void)state;
	struct lu_labelled_set *set;
	struct lu_error err = {0};

	put("split/train/a/1.png", "");
	put("split/val/b/2.png", "");
	put("split/test/a/3.png", "");
	check_ok(read_set("split", NULL, &set, &err), err);
	assert_int_equal(set->class_count, 2);
	assert_int_equal(set->counts[LU_SPLIT_TRAIN], 1);
	assert_int_equal(set->counts[LU_SPLIT_VALIDATE], 1);
	assert_int_equal(set->counts[LU_SPLIT_TEST], 1);
	lu_labelled_set_free(set);
}

static void indexes(void **state)
{
	(void)state;
	struct lu_labelled_set *set;
	struct lu_error err = {0};

	put("index/index.csv", "path,class,split,block,source\n"
			       "chips/1.png,water,train,7_12,a.tif\n"
			       "/abs/2.png,barren,validate,7_13,a.tif\n"
			       "chips/3.png,water,,,\n");
	check_ok(read_set("index", NULL, &set, &err), err);
	assert_int_equal(set->chip_count, 3);
	assert_string_equal(set->classes[0], "barren");
	assert_int_equal(set->chips[0].class, 1);
	assert_string_equal(set->chips[0].block, "7_12");
	assert_int_equal(set->chips[1].split, LU_SPLIT_VALIDATE);
	assert_string_equal(set->chips[1].path, "/abs/2.png");
	assert_string_equal(set->chips[2].block, "");
	assert_non_null(strstr(set->chips[0].path, "/index/chips/1.png"));
	lu_labelled_set_free(set);
	check_ok(read_set("index/index.csv", "source", &set, &err), err);
	assert_string_equal(set->chips[0].block, "a.tif");
	lu_labelled_set_free(set);
}

static void wrong_sets(void **state)
{
	(void)state;
	struct lu_labelled_set *set;
	struct lu_error err = {0};

	check_fails(read_set("nowhere", NULL, &set, &err), LU_ERROR_ARGUMENT, err, "no such set");
	put("empty/notes.txt", "");
	check_fails(read_set("empty", NULL, &set, &err), LU_ERROR_FORMAT, err, "no pictures");
	check_fails(read_set("empty", "county", &set, &err), LU_ERROR_ARGUMENT, err, "no column 'county'");
	put("columns.csv", "file,label\na.png,water\n");
	check_fails(read_set("columns.csv", NULL, &set, &err), LU_ERROR_FORMAT, err, "columns path and class");
	put("word.csv", "path,class,split\na.png,water,sometimes\n");
	check_fails(read_set("word.csv", NULL, &set, &err), LU_ERROR_FORMAT, err, "row 1 has split 'sometimes'");
	put("blank.csv", "path,class\na.png,\n");
	check_fails(read_set("blank.csv", NULL, &set, &err), LU_ERROR_FORMAT, err, "row 1 has no class");
	put("field.csv", "path,class\na.png,water\n");
	check_fails(read_set("field.csv", "county", &set, &err), LU_ERROR_ARGUMENT, err, "no column 'county'");
	assert_null(set);
}

static void memory_runs_out(void **state)
{
	(void)state;
	struct lu_labelled_set *set = NULL;
	struct lu_error err = {0};
	enum lu_status status = LU_ERROR_MEMORY;

	put("few/a/1.png", "");
	put("few/b/2.png", "");
	for (long allowed = 0; status != LU_OK; allowed++) {
		assert_true(allowed < 1000);
		lu_memory_fail_after(allowed);
		status = read_set("few", NULL, &set, &err);
		lu_memory_fail_after(-1);
		if (status != LU_OK)
			assert_null(set);
	}
	assert_int_equal(set->chip_count, 2);
	lu_labelled_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(class_folders), cmocka_unit_test(split_folders), cmocka_unit_test(indexes),
		cmocka_unit_test(weights),       cmocka_unit_test(wrong_sets),    cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, make_folder, NULL);
}
