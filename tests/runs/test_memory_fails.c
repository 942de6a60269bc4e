/* test_memory_fails.c: a manifest read: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/file.h"
#include "runs/manifest_read.h"

static char folder[64];

static enum lu_status manifest(struct lu_error *err)
{
	struct lu_manifest *read = NULL;
	const enum lu_status status = lu_manifest_read(folder, LU_MANIFEST_NAME, &read, err);

	lu_manifest_free(read);
	return status;
}

static int set_up(void **state)
{
	static const char text[] =
		"{\"fingerprint\": \"a\", \"outputs\": [{\"path\": \"a.tif\", \"bytes\": 3}], \"inputs\": []}";
	char path[100];
	struct lu_error err = {0};

	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/%s", folder, LU_MANIFEST_NAME);
	return lu_file_write(path, text, strlen(text), &err) != LU_OK;
}

static void manifest_fails(void **state)
{
	(void)state;
	check_every_allocation(manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(manifest_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
