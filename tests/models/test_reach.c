/* test_reach.c: what lies beyond a model's training, on rows whose distances are known. */
#include "models/reach.h"

#include <math.h>

#include "base/random.h"
#include "support/near.h"

enum { ROWS = 2000, COUNT = 6 };

/* A sum of twelve uniform numbers: normal enough. */
static double normal(uint64_t *random)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += next_uniform(random);
	return sum;
}

/* Two numbers that go together, at other scales, and four that do not. */
static void draw(double *rows, int *folds)
{
	uint64_t random = 9;

	for (size_t i = 0; i < ROWS; i++) {
		double *row = rows + i * COUNT;
		for (size_t f = 0; f < COUNT; f++)
			row[f] = normal(&random);
		row[1] = 100 + 5 * (0.95 * row[0] + sqrt(1 - .95 * .95) * row[1]);
		folds[i] = (int)(i % 5);
	}
}

static void the_reach_of_normal_rows(void **state)
{
	(void)state;
	static double rows[ROWS * COUNT], scratch[COUNT];
	static int folds[ROWS];
	struct lu_reach reach = {0};
	struct lu_error err = {0};
	size_t beyond = 0;

	draw(rows, folds);
	check_ok(lu_reach_find(rows, folds, ROWS, COUNT, &reach, &err), err);
	assert_int_equal(reach.chips, ROWS);
	for (size_t i = 0; i < ROWS; i++)
		beyond += lu_reach_distance(&reach, rows + i * COUNT, scratch) > reach.distance;
	assert_in_range(beyond, 0, 4);
	/* chi-square of 6 degrees: 99.9 % below 22.46; shrinking widens the four a little and the narrow direction more. */
	assert_true(reach.distance > 4.2 && reach.distance < 5.2);

	/* Each number is an ordinary one; together they are not. */
	const double odd[COUNT] = {2, 90}, even[COUNT] = {2, 110};
	assert_true(lu_reach_distance(&reach, even, scratch) < 3);
	assert_true(lu_reach_distance(&reach, odd, scratch) > reach.distance);
	lu_reach_release(&reach);
}

static void few_rows_and_constants(void **state)
{
	(void)state;
	static double rows[ROWS * COUNT], scratch[COUNT];
	static int folds[ROWS];
	struct lu_reach reach = {0};
	struct lu_error err = {0};

	draw(rows, folds);
	check_ok(lu_reach_find(rows, folds, LU_REACH_FEWEST - 1, COUNT, &reach, &err), err);
	assert_int_equal(reach.count, 0);
	for (size_t i = 0; i < ROWS; i++)
		rows[i * COUNT + 3] = 7;
	check_ok(lu_reach_find(rows, folds, LU_REACH_FEWEST, COUNT, &reach, &err), err);
	assert_true(isfinite(lu_reach_distance(&reach, rows, scratch)));
	lu_reach_release(&reach);
}

static void what_is_kept_is_what_was_found(void **state)
{
	(void)state;
	static double rows[ROWS * 13], scratch[13];
	static int folds[ROWS];
	struct lu_reach reach = {0}, read = {0};
	struct lu_error err = {0};
	uint64_t random = 3;

	/* Two bands: 13 numbers. */
	for (size_t i = 0; i < ROWS * 13; i++)
		rows[i] = 50 * normal(&random);
	for (size_t i = 0; i < ROWS; i++)
		folds[i] = (int)(i % 3) - 1;
	check_ok(lu_reach_find(rows, folds, ROWS, 13, &reach, &err), err);
	json_t *properties = json_pack("{s:o}", LU_REACH_KEY, lu_reach_json(&reach));
	check_ok(lu_reach_read("model.json", properties, 2, &read, &err), err);
	assert_int_equal(read.chips, ROWS);
	check_near(read.distance, reach.distance, 1e-4);
	for (size_t i = 0; i < 50; i++)
		check_near(lu_reach_distance(&read, rows + i * 13, scratch),
			   lu_reach_distance(&reach, rows + i * 13, scratch), 1e-4);
	lu_reach_release(&read);
	/* Of a model of three bands it says nothing. */
	check_fails(lu_reach_read("model.json", properties, 3, &read, &err), LU_ERROR_FORMAT, err, "20 numbers");
	json_object_set_new(json_object_get(properties, LU_REACH_KEY), "distance", json_real(0));
	check_fails(lu_reach_read("model.json", properties, 2, &read, &err), LU_ERROR_FORMAT, err, LU_REACH_KEY);
	json_decref(properties);
	check_ok(lu_reach_read("model.json", NULL, 2, &read, &err), err);
	assert_int_equal(read.count, 0);
	lu_reach_release(&reach);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_reach_of_normal_rows),
					   cmocka_unit_test(few_rows_and_constants),
					   cmocka_unit_test(what_is_kept_is_what_was_found)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
