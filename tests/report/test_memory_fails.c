/* test_memory_fails.c: an assessment told: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "accuracy/assess.h"
#include "base/file.h"
#include "base/memory.h"

static char path[100];

static enum lu_status told(struct lu_error *err)
{
	const struct lu_assess_task task = {.counts = path};
	struct lu_assessment assessment = {.intervals = {.percent = 95}};
	char *text = NULL;
	enum lu_status status;

	LU_TRY(lu_assess_counts(&task, &assessment, err));
	LU_TRY(lu_assessment_json(&assessment, &text, err));
out:
	lu_free(text);
	lu_assessment_release(&assessment);
	return status;
}

static int set_up(void **state)
{
	static const char text[] = "map,a,b\na,66,5\nb,8,55\n";
	char folder[64];
	struct lu_error err = {0};

	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/counts.csv", folder);
	return lu_file_write(path, text, strlen(text), &err) != LU_OK;
}

static void told_fails(void **state)
{
	(void)state;
	check_every_allocation(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(told_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
