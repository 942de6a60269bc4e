/* test_memory_fails.c: chips resized, dates fitted: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/memory.h"
#include "chips/radiometry.h"
#include "chips/resize.h"

static enum lu_status resized(struct lu_error *err)
{
	struct lu_resize *resize = NULL;
	const enum lu_status status = lu_resize_new(67, 224, &resize, err);

	lu_resize_free(resize);
	return status;
}

static enum lu_status fitted(struct lu_error *err)
{
	enum { COUNT = 400 };
	static float date[COUNT], reference[COUNT];
	struct lu_radiometry radiometry = {0};

	for (int i = 0; i < COUNT; i++) {
		date[i] = (float)(40 + i % 150);
		reference[i] = 0.9f * date[i] + 5;
	}
	const struct lu_radiometry_blocks blocks = {.date = date, .reference = reference, .bands = 1, .count = COUNT};
	const enum lu_status status = lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &radiometry, err);
	lu_radiometry_release(&radiometry);
	return status;
}

static void resized_fails(void **state)
{
	(void)state;
	check_every_allocation(resized);
}

static void fitted_fails(void **state)
{
	(void)state;
	check_every_allocation(fitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(resized_fails), cmocka_unit_test(fitted_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
