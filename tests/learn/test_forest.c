/* test_forest.c: subforests learn what one split cannot tell, come out the same again, and refuse what is no number. */
#include "learn/forest.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "support/check.h"

enum { COUNT = 400, FEATURES = 4 };

static float values[COUNT][FEATURES];
static const float *rows[COUNT];
static size_t classes[COUNT];

/* A number in [0, 1) from a counter: the same on every machine. */
static double number(uint64_t i)
{
	uint64_t x = i * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	return (double)((x ^ (x >> 27)) >> 11) / 9007199254740992.0;
}

/* Class 1 where exactly one of the first two features is above 0.6; class 2 where the third is above 0.8. */
static struct lu_rows quarters(void)
{
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t f = 0; f < FEATURES; f++)
			values[i][f] = (float)number(FEATURES * i + f + 1);
		classes[i] = values[i][2] > 0.8f ? 2 : (values[i][0] > 0.6f) != (values[i][1] > 0.6f);
		rows[i] = values[i];
	}
	return (struct lu_rows){rows, classes, COUNT, FEATURES, 3, NULL};
}

/* The share of rows that a subforest of these trees gets right; its scores lie in 'scores'. */
static double grow(const struct lu_rows *r, const double *weights, int trees, int depth, uint64_t seed, float *scores)
{
	struct lu_binned *binned;
	struct lu_subforest *subforest;
	struct lu_error err = {0};
	size_t right = 0;

	check_ok(lu_binned_new(r, weights, &binned, &err), err);
	check_ok(lu_subforest_grow(binned, trees, depth, seed, &subforest, &err), err);
	check_ok(lu_subforest_scores(subforest, r->rows, r->count, scores, &err), err);
	for (size_t i = 0; i < r->count; i++) {
		size_t best = 0;
		for (size_t k = 1; k < 3; k++)
			if (scores[i * 3 + k] > scores[i * 3 + best])
				best = k;
		right += best == r->classes[i];
	}
	lu_subforest_free(subforest);
	lu_binned_free(binned);
	return (double)right / (double)r->count;
}

static void depth_tells_apart_what_no_single_split_can(void **state)
{
	(void)state;
	const struct lu_rows r = quarters();
	float scores[COUNT * 3];

	const double shallow = grow(&r, NULL, 20, 1, 1, scores), deep = grow(&r, NULL, 20, 6, 1, scores);
	assert_true(shallow < 0.8);
	assert_true(deep > 0.95);
}

static void the_same_again_and_another_by_another_seed(void **state)
{
	(void)state;
	const struct lu_rows r = quarters();
	float first[COUNT * 3], again[COUNT * 3], other[COUNT * 3];

	grow(&r, NULL, 3, 4, 7, first);
	grow(&r, NULL, 3, 4, 7, again);
	grow(&r, NULL, 3, 4, 8, other);
	assert_memory_equal(first, again, sizeof(first));
	assert_memory_not_equal(first, other, sizeof(first));
}

static void a_heavy_class_is_found_more_often(void **state)
{
	(void)state;
	const struct lu_rows r = quarters();
	const double heavy[] = {1, 1, 50};
	float scores[COUNT * 3];
	size_t plain = 0, weighted = 0;

	grow(&r, NULL, 20, 1, 1, scores);
	for (size_t i = 0; i < COUNT; i++)
		plain += scores[i * 3 + 2] > scores[i * 3] && scores[i * 3 + 2] > scores[i * 3 + 1];
	grow(&r, heavy, 20, 1, 1, scores);
	for (size_t i = 0; i < COUNT; i++)
		weighted += scores[i * 3 + 2] > scores[i * 3] && scores[i * 3 + 2] > scores[i * 3 + 1];
	assert_true(weighted > plain);

	/* Weights of the rows do the same. */
	struct lu_rows by_row = r;
	static double weights[COUNT];
	float again[COUNT * 3];
	for (size_t i = 0; i < COUNT; i++)
		weights[i] = heavy[classes[i]];
	by_row.weights = weights;
	grow(&by_row, NULL, 20, 1, 1, again);
	assert_memory_equal(scores, again, sizeof(scores));
}

static void what_is_no_number_is_refused(void **state)
{
	(void)state;
	struct lu_rows r = quarters();
	struct lu_binned *binned;
	struct lu_error err = {0};

	values[17][2] = NAN;
	check_fails(lu_binned_new(&r, NULL, &binned, &err), LU_ERROR_ARGUMENT, err, "is not a number");
	values[17][2] = INFINITY;
	check_fails(lu_binned_new(&r, NULL, &binned, &err), LU_ERROR_ARGUMENT, err, "is not a number");
	r.count = 0;
	check_fails(lu_binned_new(&r, NULL, &binned, &err), LU_ERROR_ARGUMENT, err, "no chips");
	assert_null(binned);
}

int main(void)
{
#ifndef LU_WITH_XGBOOST
	puts("skipped: built without xgboost");
	return 77;
#endif
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(depth_tells_apart_what_no_single_split_can),
		cmocka_unit_test(the_same_again_and_another_by_another_seed),
		cmocka_unit_test(a_heavy_class_is_found_more_often),
		cmocka_unit_test(what_is_no_number_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
