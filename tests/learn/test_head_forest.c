/* test_head_forest.c: a forest beside the softmax regression, where a little of what matters is in each of many features. */
#include <stdio.h>

#include "learn/head.h"
#include "support/check.h"

enum { LEARNED = 400, COUNT = 800, FEATURES = 400, CLASSES = 4, SHARED = 8 };

static float values[COUNT][FEATURES];
static const float *rows[COUNT];
static size_t classes[COUNT];

static double number(uint64_t i)
{
	uint64_t x = i * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (double)((x ^ (x >> 31)) >> 11) / 4503599627370496.0 - 1;
}

/* The share of the rows after LEARNED that a head of this kind gets right. */
static double held_out(enum lu_head_form form, struct lu_head_setting setting)
{
	const struct lu_rows learned = {rows, classes, LEARNED, FEATURES, CLASSES, NULL};
	const struct lu_head_task task = {.rows = &learned, .setting = setting, .seed = 1, .threads = 2};
	const struct lu_head_kind *kind = lu_head_of(form);
	static double scores[(COUNT - LEARNED) * CLASSES];
	struct lu_head head;
	struct lu_error err = {0};
	size_t right = 0;

	check_ok(lu_head_fit(kind, &task, &head, &err), err);
	check_ok(kind->score(&head, rows + LEARNED, COUNT - LEARNED, scores, &err), err);
	for (size_t i = 0; i < COUNT - LEARNED; i++) {
		size_t best = 0;
		for (size_t k = 1; k < CLASSES; k++)
			if (scores[i * CLASSES + k] > scores[i * CLASSES + best])
				best = k;
		right += best == classes[LEARNED + i];
	}
	lu_head_release(&head);
	return (double)right / (COUNT - LEARNED);
}

static void s47_a_forest_keeps_up_with_softmax_regression(void **state)
{
	(void)state;
	/* A class is a little higher in a quarter of the features; light and season move all of them by far more. */
	for (size_t i = 0; i < COUNT; i++) {
		classes[i] = i % CLASSES;
		rows[i] = values[i];
		for (size_t f = 0; f < FEATURES; f++) {
			double value = number(i * FEATURES + f + 1) + (f % CLASSES == classes[i] ? 0.3 : 0);
			for (size_t k = 0; k < SHARED; k++)
				value += number(1000000 + i * SHARED + k) * number(2000000 + f * SHARED + k);
			values[i][f] = (float)value;
		}
	}
	const double logistic = held_out(LU_HEAD_LOGISTIC, (struct lu_head_setting){.l2 = 0.1});
	const double forest = held_out(LU_HEAD_FOREST, (struct lu_head_setting){.trees = 20, .depth = 5});
	print_message("logistic %.3f, forest %.3f\n", logistic, forest);
	assert_true(logistic > 0.9);
	assert_true(forest > logistic - 0.05);
}

int main(void)
{
#ifndef LU_WITH_XGBOOST
	puts("skipped: built without xgboost");
	return 77;
#endif
	const struct CMUnitTest tests[] = {cmocka_unit_test(s47_a_forest_keeps_up_with_softmax_regression)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
