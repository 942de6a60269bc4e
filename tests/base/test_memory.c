/* test_memory.c: overflow and exhaustion are errors, never small buffers. */
#include "base/memory.h"

#include "support/check.h"

static void overflow_is_refused(void **state)
{
	(void)state;
	struct lu_error err = {0};
	char *memory;
	check_fails(lu_alloc(&memory, SIZE_MAX / 2, 3, "pixels", &err), LU_ERROR_MEMORY, err, "pixels");
	assert_null(memory);
	check_fails(lu_alloc_aligned(&memory, SIZE_MAX, 1, "pixels", &err), LU_ERROR_MEMORY, err, "pixels");
	size_t product;
	assert_false(lu_mul(SIZE_MAX, 2, &product));
	assert_true(lu_mul(6, 7, &product));
	assert_int_equal(product, 42);
}

static void memory_is_zeroed_and_aligned(void **state)
{
	(void)state;
	struct lu_error err = {0};
	unsigned char *zeroed;
	float *aligned;
	check_ok(lu_alloc(&zeroed, 100, 1, "bytes", &err), err);
	for (int i = 0; i < 100; i++)
		assert_int_equal(zeroed[i], 0);
	check_ok(lu_alloc_aligned(&aligned, 3, sizeof(*aligned), "floats", &err), err);
	assert_int_equal((uintptr_t)aligned % LU_ALIGNMENT, 0);
	lu_free(zeroed);
	lu_free(aligned);
}

static void the_nth_allocation_can_fail(void **state)
{
	(void)state;
	lu_memory_fail_after(1);
	char *first = lu_strdup("one");
	char *second = lu_strdup("two");
	char *third = lu_sprintf("%d", 3);
	lu_memory_fail_after(-1);
	assert_non_null(first);
	assert_null(second);
	assert_null(third);
	lu_free(first);
	third = lu_sprintf("%s-%d", "n", 3);
	assert_string_equal(third, "n-3");
	lu_free(third);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overflow_is_refused),
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(the_nth_allocation_can_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
