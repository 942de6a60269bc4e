/* test_transition.c: from-to tables, their merging, and what is read off them. */
#include "maps/transition.h"

#include "base/memory.h"
#include "grid/area_sum.h"
#include "maps/pontius.h"
#include "support/near.h"

static struct lu_transition *empty(void)
{
	struct lu_error err = {0};
	struct lu_transition *t;

	check_ok(lu_transition_new(NULL, 0, &t, &err), err);
	return t;
}

static uint64_t cells(const struct lu_transition *t, uint16_t before, uint16_t after)
{
	const int i = lu_transition_find(t, before), j = lu_transition_find(t, after);

	return i < 0 || j < 0 ? 0 : lu_transition_cells(t, (size_t)i, (size_t)j);
}

static void counts_and_unites_classes(void **state)
{
	(void)state;
	const uint16_t before[] = {41, 41, 82, 0, 82, 41, 65535, 0};
	const uint16_t after[] = {41, 22, 22, 22, 0, 41, 11, 0};
	struct lu_error err = {0};
	struct lu_transition *t = empty();

	check_ok(lu_transition_add(t, before, after, NULL, 8, &err), err);
	/* 22 and 11 occur at the later date only, 82 and 65535 at the earlier one only. */
	const uint16_t expected[] = {0, 11, 22, 41, 82, 65535};
	assert_int_equal(t->count, 6);
	assert_memory_equal(t->values, expected, sizeof(expected));
	assert_int_equal(cells(t, 41, 41), 2);
	assert_int_equal(cells(t, 41, 22), 1);
	assert_int_equal(cells(t, 82, 22), 1);
	assert_int_equal(cells(t, 65535, 11), 1);
	assert_int_equal(cells(t, 22, 41), 0);
	/* "Not mapped" is never a class, and nothing is lost. */
	assert_int_equal(cells(t, 0, 22), 1);
	assert_int_equal(cells(t, 82, 0), 1);
	assert_int_equal(cells(t, 0, 0), 1);
	assert_int_equal(lu_transition_find(t, 12), -1);
	lu_transition_free(t);
}

/* A date taken from a pair's table is the date's map crossed with itself. */
static void a_pair_knows_both_dates(void **state)
{
	(void)state;
	const uint16_t before[] = {41, 41, 82, 0, 82, 9, 0}, after[] = {41, 22, 22, 22, 0, 9, 0};
	const double area[] = {1, 2, 4, 8, 16, 0, 32};
	struct lu_error err = {0};
	struct lu_transition *pair = empty();

	check_ok(lu_transition_add(pair, before, after, area, 7, &err), err);
	assert_int_equal(lu_transition_total_cells(pair), 6);
	check_near(lu_transition_total_m2(pair), 63, 0);
	for (int later = 0; later < 2; later++) {
		const uint16_t *map = later ? after : before;
		struct lu_transition *expected = empty(), *got = empty();

		check_ok(lu_transition_add(expected, map, map, area, 7, &err), err);
		check_ok(lu_transition_add_date(got, pair, later, &err), err);
		assert_int_equal(got->count, 3);
		assert_int_equal(expected->count, 3);
		assert_memory_equal(got->values, expected->values, 3 * sizeof(*got->values));
		assert_memory_equal(got->cells, expected->cells, 9 * sizeof(*got->cells));
		assert_memory_equal(got->area_units, expected->area_units, 9 * sizeof(*got->area_units));
		lu_transition_free(expected);
		lu_transition_free(got);
	}
	lu_transition_free(pair);
}

static void declared_classes_have_their_row(void **state)
{
	(void)state;
	const uint16_t values[] = {7, 3, 0, 7, 1};
	struct lu_error err = {0};
	struct lu_transition *t;

	check_ok(lu_transition_new(values, 5, &t, &err), err);
	assert_int_equal(t->count, 4);
	assert_int_equal(t->values[1], 1);
	assert_int_equal(t->values[3], 7);
	assert_int_equal(lu_transition_cells(t, 1, 3), 0);
	lu_transition_free(t);
	lu_transition_free(NULL);
}

static void areas_weigh_and_bound(void **state)
{
	(void)state;
	const uint16_t before[] = {1, 1, 2, 9, 2}, after[] = {1, 2, 2, 9, 0};
	const double area[] = {50176, 12.5, 0.25, 0, 3};
	struct lu_error err = {0};
	struct lu_transition *t = empty();

	check_ok(lu_transition_add(t, before, after, area, 5, &err), err);
	assert_int_equal(t->count, 3); /* class 9 lies outside the county */
	check_near(lu_transition_area_m2(t, 1, 1), 50176, 0);
	check_near(lu_transition_area_m2(t, 1, 2), 12.5, 0);
	check_near(lu_transition_area_m2(t, 2, 0), 3, 0);
	assert_int_equal(lu_transition_cells(t, 2, 2), 1);
	lu_transition_free(t);
}

static void random_map(uint16_t *map, double *area, size_t n, uint64_t *random)
{
	for (size_t i = 0; i < n; i++) {
		map[i] = (uint16_t)(next_uniform(random) * 9);
		if (area)
			area[i] = next_uniform(random) < 0.1 ? 0 : 50176 * next_uniform(random);
	}
}

/* However the map is cut into pieces and merged, every number comes out the same. */
static void any_split_gives_the_same_bytes(void **state)
{
	(void)state;
	enum { N = 10000 };
	static uint16_t before[N], after[N];
	static double area[N];
	uint64_t random = 3;
	struct lu_error err = {0};
	struct lu_transition *whole = empty();

	random_map(before, NULL, N, &random);
	random_map(after, area, N, &random);
	check_ok(lu_transition_add(whole, before, after, area, N, &err), err);
	for (size_t pieces = 2; pieces < 9; pieces++) {
		struct lu_transition *sum = empty();

		for (size_t p = pieces; p-- > 0;) {
			const size_t start = p * N / pieces, end = (p + 1) * N / pieces;
			struct lu_transition *part = empty();

			check_ok(
				lu_transition_add(part, before + start, after + start, area + start, end - start, &err),
				err);
			check_ok(lu_transition_merge(sum, part, &err), err);
			lu_transition_free(part);
		}
		assert_int_equal(sum->count, whole->count);
		const size_t n = whole->count * whole->count;
		assert_memory_equal(sum->cells, whole->cells, n * sizeof(*whole->cells));
		assert_memory_equal(sum->area_units, whole->area_units, n * sizeof(*whole->area_units));
		lu_transition_free(sum);
	}
	lu_transition_free(whole);
}

static void merge_unites_different_classes(void **state)
{
	(void)state;
	const uint16_t a1[] = {1, 3}, a2[] = {3, 3}, b1[] = {2, 1}, b2[] = {2, 3};
	struct lu_error err = {0};
	struct lu_transition *a = empty(), *b = empty();

	check_ok(lu_transition_add(a, a1, a2, NULL, 2, &err), err);
	check_ok(lu_transition_add(b, b1, b2, NULL, 2, &err), err);
	check_ok(lu_transition_merge(a, b, &err), err);
	assert_int_equal(a->count, 4);
	assert_int_equal(cells(a, 1, 3), 2);
	assert_int_equal(cells(a, 2, 2), 1);
	assert_int_equal(cells(a, 3, 3), 1);
	lu_transition_free(a);
	lu_transition_free(b);
}

static void an_image_is_not_a_map(void **state)
{
	(void)state;
	enum { N = 2000 };
	static uint16_t values[N];
	struct lu_error err = {0};
	struct lu_transition *t = empty();

	for (int i = 0; i < N; i++)
		values[i] = (uint16_t)i;
	check_fails(lu_transition_add(t, values, values, NULL, N, &err), LU_ERROR_FORMAT, err, "not a map of classes");
	lu_transition_free(t);
}

static void a_class_gains_and_loses(void **state)
{
	(void)state;
	/* 1: 5 stay, 3 to 2, 1 to 3; 2: 7 stay, 2 to 1; 3: 4 stay, 6 to 1; one cell of 1 is lost to nodata. */
	const int table[3][3] = {{5, 3, 1}, {2, 7, 0}, {6, 0, 4}};
	const uint16_t one = 1, zero = 0;
	struct lu_error err = {0};
	struct lu_transition *t = empty();

	for (uint16_t i = 0; i < 3; i++) {
		for (uint16_t j = 0; j < 3; j++) {
			for (int k = 0; k < table[i][j]; k++) {
				const uint16_t from = i + 1, to = j + 1;
				const double area = 10;

				check_ok(lu_transition_add(t, &from, &to, &area, 1, &err), err);
			}
		}
	}
	const double area = 10;
	check_ok(lu_transition_add(t, &one, &zero, &area, 1, &err), err);

	const struct lu_class_change c = lu_transition_class(t, 1, LU_UNIT_CELLS);
	check_near(c.earlier, 9, 0);
	check_near(c.later, 13, 0);
	check_near(c.persistence, 5, 0);
	check_near(c.gain, 8, 0);
	check_near(c.loss, 4, 0);
	check_near(c.net, 4, 0);
	check_near(c.swap, 8, 0);
	check_near(lu_transition_class(t, 1, LU_UNIT_M2).gain, 80, 0);

	double matrix[9];
	lu_transition_matrix(t, LU_UNIT_CELLS, matrix);
	for (int i = 0; i < 9; i++)
		check_near(matrix[i], table[i / 3][i % 3], 0);
	lu_transition_free(t);
}

static void codes_are_those_of_annual_nlcd(void **state)
{
	(void)state;
	uint16_t before, after;

	assert_int_equal(lu_change_code(82, 22), 8222);
	assert_int_equal(lu_change_code(4, 4), 4);
	assert_int_equal(lu_change_code(0, 4), 0);
	assert_int_equal(lu_change_code(4, 0), 0);
	assert_int_equal(lu_change_code(1, 2), 102);
	for (uint16_t b = 0; b <= 99; b++) {
		for (uint16_t a = 0; a <= 99; a++) {
			lu_change_decode(lu_change_code(b, a), &before, &after);
			assert_int_equal(before, a && b ? b : 0);
			assert_int_equal(after, a && b ? a : 0);
		}
	}
	assert_true(lu_change_codes_fit((const uint16_t[]){1, 99}, 2));
	assert_false(lu_change_codes_fit((const uint16_t[]){1, 100}, 2));
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	const uint16_t before[] = {1, 2, 3}, after[] = {4, 5, 6};
	enum lu_status status = LU_ERROR_MEMORY;

	for (long n = 0; status != LU_OK; n++) {
		struct lu_error err = {0};
		struct lu_transition *a = NULL, *b = NULL;

		assert_true(n < 200);
		lu_memory_fail_after(n);
		status = lu_transition_new(before, 3, &a, &err);
		if (status == LU_OK)
			status = lu_transition_new(after, 3, &b, &err);
		if (status == LU_OK)
			status = lu_transition_add(a, before, after, NULL, 3, &err);
		if (status == LU_OK)
			status = lu_transition_merge(b, a, &err);
		lu_memory_fail_after(-1);
		lu_transition_free(a);
		lu_transition_free(b);
	}
}

static void pontius_parts_add_up(void **state)
{
	(void)state;
	/* Quantity alone, exchange alone, and shift alone: a ring of three. */
	const double quantity[] = {4, 2, 0, 3}, exchange[] = {4, 2, 2, 3};
	const double ring[] = {0, 5, 0, 0, 0, 5, 5, 0, 0};
	struct lu_pontius p = lu_pontius_total(quantity, 2);

	check_near(p.difference, 2, 0);
	check_near(p.quantity, 2, 0);
	p = lu_pontius_total(exchange, 2);
	check_near(p.exchange, 4, 0);
	check_near(p.quantity + p.shift, 0, 0);
	p = lu_pontius_total(ring, 3);
	check_near(p.shift, 15, 0);
	check_near(p.quantity + p.exchange, 0, 0);

	/* A mixture, by hand: gains 4, 3, 5; losses 5, 5, 2; traded pairs 2, 1, 1. */
	const double mixed[] = {9, 2, 3, 3, 8, 2, 1, 1, 7};
	p = lu_pontius_class(mixed, 3, 0); /* gain 4, loss 5, exchange 2 (2) + 2 (1) */
	check_near(p.difference, 9, 0);
	check_near(p.quantity, 1, 0);
	check_near(p.exchange, 6, 0);
	check_near(p.shift, 2, 0);
	p = lu_pontius_total(mixed, 3);
	check_near(p.difference, 12, 0);
	check_near(p.quantity, (1 + 2 + 3) / 2.0, 0);
	check_near(p.exchange, 2 * (2 + 1 + 1), 0);
	check_near(p.difference, p.quantity + p.exchange + p.shift, 1e-12);
}

/* Cells that are sure of no class are counted, and no class gains or loses by them. */
static void uncertain_cells_are_not_compared(void **state)
{
	(void)state;
	const uint16_t before[] = {1, 1, 99, 2, 99, 2, 0, 2}, after[] = {1, 2, 1, 99, 99, 2, 99, 1};
	struct lu_error err = {0};
	struct lu_transition *t = empty(), *sum = empty();
	uint64_t changed;
	double matrix[4];

	t->uncertain = sum->uncertain = 99;
	check_ok(lu_transition_add(t, before, after, NULL, 8, &err), err);
	check_ok(lu_transition_merge(sum, t, &err), err);
	assert_int_equal(lu_transition_total_cells(sum), 8);
	assert_int_equal(cells(sum, 2, 99), 1);
	assert_int_equal(cells(sum, 0, 99), 1);
	assert_int_equal(lu_transition_common(sum, &changed), 4);
	assert_int_equal(changed, 2);
	assert_int_equal(lu_transition_classes(sum), 2);
	lu_transition_matrix(sum, LU_UNIT_CELLS, matrix);
	const double wanted[] = {1, 1, 1, 1};
	assert_memory_equal(matrix, wanted, sizeof(wanted));
	const struct lu_class_change one = lu_transition_class(sum, 1, LU_UNIT_CELLS);
	check_near(one.earlier, 2, 0);
	check_near(one.later, 2, 0);
	check_near(one.gain, 1, 0);
	check_near(one.loss, 1, 0);
	lu_transition_free(t);
	lu_transition_free(sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_unites_classes),
		cmocka_unit_test(a_pair_knows_both_dates),
		cmocka_unit_test(declared_classes_have_their_row),
		cmocka_unit_test(areas_weigh_and_bound),
		cmocka_unit_test(any_split_gives_the_same_bytes),
		cmocka_unit_test(merge_unites_different_classes),
		cmocka_unit_test(an_image_is_not_a_map),
		cmocka_unit_test(a_class_gains_and_loses),
		cmocka_unit_test(uncertain_cells_are_not_compared),
		cmocka_unit_test(codes_are_those_of_annual_nlcd),
		cmocka_unit_test(survives_every_failed_allocation),
		cmocka_unit_test(pontius_parts_add_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
