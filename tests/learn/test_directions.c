/* test_directions.c: a few numbers tell what many features tell, and chance does not pass for knowledge. */
#include "learn/directions.h"

#include <math.h>
#include <string.h>

#include "support/check.h"

enum { COUNT = 240, FEATURES = 200, CLASSES = 4, WIDTH = CLASSES + 32 };

static float values[COUNT][FEATURES];
static const float *rows[COUNT];
static size_t classes[COUNT];

/* A number in [-1, 1) from a counter: the same on every machine. */
static double number(uint64_t i)
{
	uint64_t x = i * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (double)((x ^ (x >> 31)) >> 11) / 4503599627370496.0 - 1;
}

/* Noise; every class is a little higher in features of its own, by 'shift'. */
static struct lu_rows noise(double shift)
{
	for (size_t i = 0; i < COUNT; i++) {
		classes[i] = i % CLASSES;
		for (size_t f = 0; f < FEATURES; f++)
			values[i][f] = (float)(number(i * FEATURES + f + 1) + (f % CLASSES == classes[i] ? shift : 0));
		rows[i] = values[i];
	}
	return (struct lu_rows){rows, classes, COUNT, FEATURES, CLASSES, NULL};
}

/* The share of rows whose own discriminant is the largest. */
static double told(const float *z)
{
	size_t right = 0;

	for (size_t i = 0; i < COUNT; i++) {
		size_t best = 0;
		for (size_t k = 1; k < CLASSES; k++)
			if (z[i * WIDTH + k] > z[i * WIDTH + best])
				best = k;
		right += best == classes[i];
	}
	return (double)right / COUNT;
}

static void s47_the_work_of_trees_does_not_grow_with_features(void **state)
{
	(void)state;
	assert_int_equal(lu_directions_count(1280, 21), 53);
	assert_int_equal(lu_directions_count(512, 21), 53);
	assert_int_equal(lu_directions_count(FEATURES, CLASSES), WIDTH);
	assert_int_equal(lu_directions_count(30, 4), 0);
}

static void discriminants_find_what_is_spread_over_all_features(void **state)
{
	(void)state;
	static float seen[COUNT * WIDTH], z[COUNT * WIDTH];
	const struct lu_rows r = noise(0.5);
	struct lu_directions directions;
	struct lu_error err = {0};

	check_ok(lu_directions_find(&r, &directions, z, &err), err);
	assert_int_equal(directions.count, WIDTH);
	lu_directions_project(&directions, r.rows, r.count, seen);
	assert_true(told(z) > 0.95);
	assert_true(told(seen) > 0.95);
	lu_directions_release(&directions);
}

static void rows_that_are_learned_from_are_seen_as_others_will_be(void **state)
{
	(void)state;
	static float seen[COUNT * WIDTH], z[COUNT * WIDTH];
	const struct lu_rows r = noise(0);
	struct lu_directions directions;
	struct lu_error err = {0};

	/* Where there is nothing to know, the discriminants know their own rows by heart, and the others by chance. */
	check_ok(lu_directions_find(&r, &directions, z, &err), err);
	lu_directions_project(&directions, r.rows, r.count, seen);
	assert_true(told(seen) > 0.8);
	assert_true(told(z) < 0.4);
	lu_directions_release(&directions);
}

static void components_vary_most_and_do_not_repeat_each_other(void **state)
{
	(void)state;
	static float z[COUNT * WIDTH];
	struct lu_rows r = noise(0);
	struct lu_directions directions;
	struct lu_error err = {0};
	double square[3] = {0}, product = 0;

	/* Half of the features are one, a quarter another. */
	for (size_t i = 0; i < COUNT; i++)
		for (size_t f = 0; f < 150; f++)
			values[i][f] = (float)(values[i][f < 100 ? 0 : 100] + 0.01 * number(i * FEATURES + f + 7));
	check_ok(lu_directions_find(&r, &directions, z, &err), err);
	for (size_t i = 0; i < COUNT; i++) {
		const float *own = z + i * WIDTH + CLASSES;
		for (size_t k = 0; k < 3; k++)
			square[k] += (double)own[k] * own[k] / COUNT;
		product += (double)own[0] * own[1] / COUNT;
	}
	/* Variances are eigenvalues of the correlations. */
	assert_true(square[0] > 95 && square[0] < 110 && square[1] > 45 && square[1] < 60 && square[2] < 10);
	assert_true(fabs(product) < 1);
	lu_directions_release(&directions);
}

static void the_same_again_and_single_chips_and_constants_do_no_harm(void **state)
{
	(void)state;
	static float first[COUNT * WIDTH], again[COUNT * WIDTH];
	struct lu_rows r = noise(0.2);
	struct lu_directions one, two;
	struct lu_error err = {0};

	for (size_t i = 0; i < COUNT; i++) {
		values[i][3] = 7;
		classes[i] = i == 0 ? 3 : i % 2; /* class 2 has no chip, class 3 a single one */
	}
	check_ok(lu_directions_find(&r, &one, first, &err), err);
	check_ok(lu_directions_find(&r, &two, again, &err), err);
	assert_memory_equal(first, again, sizeof(first));
	assert_memory_equal(one.weights, two.weights, WIDTH * FEATURES * sizeof(float));
	for (size_t i = 0; i < COUNT * WIDTH; i++)
		assert_true(isfinite(first[i]));
	lu_directions_release(&one);
	lu_directions_release(&two);
	/* Fewer rows than directions, one of each class. */
	r.count = 2;
	check_ok(lu_directions_find(&r, &one, first, &err), err);
	for (size_t i = 0; i < 2 * WIDTH; i++)
		assert_true(isfinite(first[i]));
	lu_directions_release(&one);
}

static void what_is_no_number_is_refused(void **state)
{
	(void)state;
	static float z[COUNT * WIDTH];
	struct lu_rows r = noise(0);
	struct lu_directions directions;
	struct lu_error err = {0};

	values[17][2] = NAN;
	check_fails(lu_directions_find(&r, &directions, z, &err), LU_ERROR_ARGUMENT, err, "not a number in some chip");
	r.count = 0;
	check_fails(lu_directions_find(&r, &directions, z, &err), LU_ERROR_ARGUMENT, err, "no chips");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s47_the_work_of_trees_does_not_grow_with_features),
		cmocka_unit_test(discriminants_find_what_is_spread_over_all_features),
		cmocka_unit_test(rows_that_are_learned_from_are_seen_as_others_will_be),
		cmocka_unit_test(components_vary_most_and_do_not_repeat_each_other),
		cmocka_unit_test(the_same_again_and_single_chips_and_constants_do_no_harm),
		cmocka_unit_test(what_is_no_number_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
