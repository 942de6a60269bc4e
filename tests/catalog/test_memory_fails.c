/* test_memory_fails.c: names and queries: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/memory.h"
#include "catalog/href.h"

static enum lu_status name(struct lu_error *err)
{
	char *found = NULL;
	const enum lu_status status =
		lu_href_name("https://a.example/items/b.json", "https://a.example/tiles/c%20d.tif", &found, err);

	if (status == LU_OK)
		assert_non_null(found);
	lu_free(found);
	return status;
}

static void name_fails(void **state)
{
	(void)state;
	check_every_allocation(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(name_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
