/* test_checked.c: a reviewed layer of candidates counted: by status, by kind of change, and how much of the list. */
#include "accuracy/checked.h"

#include <unistd.h>

#include "support/near.h"

static enum lu_status read_text(const char *text, struct lu_checked *out, struct lu_error *err)
{
	char folder[64];
	static char path[80];

	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/candidates.csv", folder);
	FILE *to = fopen(path, "w");
	assert_non_null(to);
	assert_true(fputs(text, to) >= 0);
	assert_int_equal(fclose(to), 0);
	*out = (struct lu_checked){0};
	const enum lu_status status = lu_checked_read(path, NULL, out, err);
	unlink(path);
	rmdir(folder);
	return status;
}

/* Numbers and words; the first three of four patches. */
static void counted_by_status(void **state)
{
	struct lu_checked checked;
	struct lu_error err = {0};

	(void)state;
	check_ok(read_text("patch,from_name,to_name,area_ha,probability,review_status\n"
			   "1,Forest,Developed,2,0.9,1\n"
			   "2,Forest,Developed,1,0.8,no change\n"
			   "3,Cultivated,Developed,4,0.7,3\n"
			   "4,Forest,Developed,8,0.6,\n",
			   &checked, &err),
		 err);
	assert_int_equal(checked.all.patches, 4);
	assert_int_equal(checked.all.by_status[LU_REVIEWED_CHANGE], 1);
	assert_int_equal(checked.all.by_status[LU_REVIEWED_NO_CHANGE], 1);
	assert_int_equal(checked.all.by_status[LU_REVIEWED_UNSURE], 1);
	assert_int_equal(lu_checked_count(&checked.all), 3);
	check_near(checked.all.patches_ha, 15, 1e-12);
	check_near(checked.all.by_status_ha[LU_REVIEWED_UNSURE], 4, 1e-12);
	check_near(checked.list_probability, 3, 1e-12);
	check_near(checked.checked_probability, 2.4, 1e-12);
	check_near(checked.decided_probability, 1.7, 1e-12);
	assert_int_equal(checked.part, LU_CHECKED_FIRST);
	assert_int_equal(checked.kind_count, 2);
	assert_string_equal(checked.kinds[0].name, "Forest to Developed");
	assert_int_equal(checked.kinds[0].counts.patches, 3);
	lu_checked_release(&checked);
}

/* Every second patch is a sample by chance, perhaps; all of them are all. */
static void parts_of_a_list(void **state)
{
	struct lu_checked checked;
	struct lu_error err = {0};

	(void)state;
	check_ok(read_text("patch,review_status\n1,1\n2,\n3,1\n4,\n", &checked, &err), err);
	assert_int_equal(checked.part, LU_CHECKED_SOME);
	assert_false(checked.has_areas);
	lu_checked_release(&checked);
	/* The field's former name, and CHANGE in capitals. */
	check_ok(read_text("patch,checked\n1,CHANGE\n2,2\n", &checked, &err), err);
	assert_int_equal(checked.part, LU_CHECKED_ALL);
	assert_int_equal(checked.all.by_status[LU_REVIEWED_CHANGE], 1);
	lu_checked_release(&checked);
}

static void refusals(void **state)
{
	struct lu_checked checked;
	struct lu_error err = {0};

	(void)state;
	check_fails(read_text("patch,status\n1,1\n", &checked, &err), LU_ERROR_ARGUMENT, err,
		    "no field 'review_status'");
	lu_checked_release(&checked);
	check_fails(read_text("patch,review_status\n1,\n2,\n", &checked, &err), LU_ERROR_ARGUMENT, err,
		    "none of its 2 patches is reviewed");
	lu_checked_release(&checked);
	check_fails(read_text("patch,review_status\n1,1\n2,4\n", &checked, &err), LU_ERROR_FORMAT, err,
		    "row 2: 'review_status' is '4'");
	lu_checked_release(&checked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counted_by_status),
		cmocka_unit_test(parts_of_a_list),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
