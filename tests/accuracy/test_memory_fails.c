/* test_memory_fails.c: figures of a count matrix: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "accuracy/assess.h"
#include "base/file.h"

static char path[100];

static enum lu_status counts(struct lu_error *err)
{
	const struct lu_assess_task task = {.counts = path};
	struct lu_assessment assessment = {.intervals = {.percent = 95}};
	const enum lu_status status = lu_assess_counts(&task, &assessment, err);

	lu_assessment_release(&assessment);
	return status;
}

static int set_up(void **state)
{
	static const char text[] = "map,a,b,c\na,66,0,5\nb,0,55,8\nc,1,0,153\n";
	char folder[64];
	struct lu_error err = {0};

	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/counts.csv", folder);
	return lu_file_write(path, text, strlen(text), &err) != LU_OK;
}

static void counts_fails(void **state)
{
	(void)state;
	check_every_allocation(counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(counts_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
