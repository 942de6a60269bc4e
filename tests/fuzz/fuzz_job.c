/*
 * fuzz_job.c: any byte sequence gives a job or a class scheme, or a one-line error: the two files of YAML that people write.
 *
 * Both readers get the same bytes, since their keys have nothing in common and YAML itself comes before the keys. Nothing
 * that a job names is opened.
 */
#include "in_memory.h"

#include "job/job_file.h"
#include "models/scheme.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *path = in_memory(bytes, size);
	struct lu_job *job = NULL;
	struct lu_scheme *scheme = NULL;
	struct lu_error err = {0};

	if (lu_job_read(path, &job, &err) != LU_OK)
		check_refusal(&err);
	else if (job->date_count == 0 || job->model == NULL || job->output == NULL)
		abort();
	lu_job_free(job);
	if (lu_scheme_read(path, &scheme, &err) != LU_OK)
		check_refusal(&err);
	else if (scheme->class_count == 0 || scheme->classes[scheme->class_count - 1].value > LU_SCHEME_HIGHEST_VALUE)
		abort();
	lu_scheme_free(scheme);
	return 0;
}
