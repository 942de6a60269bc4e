/* test_memory_fails.c: a head that is fitted: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "learn/logistic.h"

static enum lu_status head(struct lu_error *err)
{
	enum { ROWS = 30, FEATURES = 4 };
	float values[ROWS][FEATURES];
	const float *rows[ROWS];
	size_t classes[ROWS];
	struct lu_logistic logistic = {0};

	for (int i = 0; i < ROWS; i++) {
		rows[i] = values[i];
		classes[i] = (size_t)(i % 3);
		for (int k = 0; k < FEATURES; k++)
			values[i][k] = (float)((i * 7 + k * 5) % 11) + (float)(i % 3 * k);
	}
	const struct lu_rows all = {
		.rows = rows, .classes = classes, .count = ROWS, .features = FEATURES, .class_count = 3};
	const struct lu_logistic_options options = {.l2 = 0.1, .most_iterations = 20};
	const enum lu_status status = lu_logistic_fit(&all, &options, &logistic, err);
	lu_logistic_release(&logistic);
	return status;
}

static void head_fails(void **state)
{
	(void)state;
	check_every_allocation(head);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(head_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
