/* test_date_pattern.c: which names are dates, and which imagery is theirs. */
#include "grid/date_pattern.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

static void put(const char *folder, const char *name)
{
	struct lu_error err = {0};
	char *path = lu_path_join(folder, name), *parent = lu_path_folder(path);
	check_ok(lu_folder_make(parent, &err), err);
	check_ok(lu_file_write(path, "x", 1, &err), err);
	lu_free(path);
	lu_free(parent);
}

/* "LABEL=IMAGERY ..." of a pattern below 'folder', names from there. */
static void finds(const char *folder, const char *pattern, const char *wanted)
{
	struct lu_error err = {0};
	struct lu_found_date *dates;
	size_t count;
	char *path = lu_path_join(folder, pattern), text[512] = "";
	check_ok(lu_date_pattern_find(path, &dates, &count, &err), err);
	for (size_t i = 0; i < count; i++) {
		const size_t used = strlen(text);
		snprintf(text + used, sizeof(text) - used, "%s%s=%s", i > 0 ? " " : "", dates[i].label,
			 dates[i].imagery + strlen(folder) + 1);
	}
	assert_string_equal(text, wanted);
	lu_found_dates_free(dates, count);
	lu_free(path);
}

static void folders_and_files_that_tell_a_time_are_dates(void **state)
{
	(void)state;
	char folder[64];
	struct lu_error err = {0};
	struct lu_found_date *dates;
	size_t count;
	make_scratch(folder);
	put(folder, "naip/2016-07-01/m_1.tif");
	put(folder, "naip/2003/m_1.tif");
	put(folder, "naip/2003/m_2.tif");
	put(folder, "naip/2010/readme.txt");
	put(folder, "naip/archive/m_1.tif");
	put(folder, "naip/.2001/m_1.tif");
	put(folder, "flat/m_42_2003.tif");
	put(folder, "flat/m_43_2003.tif");
	put(folder, "flat/m_42_20160701.tif");
	finds(folder, "naip/{date}/*.tif", "2003=naip/2003/*.tif 2016-07-01=naip/2016-07-01/*.tif");
	finds(folder, "naip/{date}", "2003=naip/2003 2010=naip/2010 2016-07-01=naip/2016-07-01");
	finds(folder, "flat/m_*_{date}.tif", "2003=flat/m_*_2003.tif 20160701=flat/m_*_20160701.tif");
	char *none = lu_path_join(folder, "none/{date}/*.tif");
	check_fails(lu_date_pattern_find(none, &dates, &count, &err), LU_ERROR_ARGUMENT, err, "finds no date");
	check_fails(lu_date_pattern_find("naip/*.tif", &dates, &count, &err), LU_ERROR_ARGUMENT, err, "has no {date}");
	lu_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(folders_and_files_that_tell_a_time_are_dates)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
