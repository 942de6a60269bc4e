/* test_memory_fails.c: a job read: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "job/job_file.h"

static enum lu_status job(struct lu_error *err)
{
	struct lu_job *read = NULL;
	const enum lu_status status = lu_job_read("config/job.yaml", &read, err);

	lu_job_free(read);
	return status;
}

static void job_fails(void **state)
{
	(void)state;
	check_every_allocation(job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(job_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
