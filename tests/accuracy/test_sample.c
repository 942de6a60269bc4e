/* test_sample.c: allocations of the literature, and draws that are fair and repeatable. */
#include "accuracy/sample.h"

#include "base/memory.h"
#include "support/near.h"

static void allocate(struct lu_stratum *strata, size_t n, uint64_t total, uint64_t minimum, enum lu_allocation rule)
{
	struct lu_error err = {0};

	check_ok(lu_allocate(strata, n, total, minimum, rule, &err), err);
}

static void check_sample(const struct lu_stratum *strata, size_t n, const uint64_t *expected)
{
	for (size_t h = 0; h < n; h++)
		assert_int_equal(strata[h].sample, expected[h]);
}

/* Olofsson et al. 2014, table 5: 641 units over strata of 2, 1.5, 32 and 64.5 %. */
static void olofsson_2014_allocations(void **state)
{
	(void)state;
	struct lu_stratum s[] = {{200000, .458, 0}, {150000, .490, 0}, {3200000, .3, 0}, {6450000, .218, 0}};

	allocate(s, 4, 641, 0, LU_ALLOCATION_PROPORTIONAL);
	check_sample(s, 4, (const uint64_t[]){13, 10, 205, 413});
	allocate(s, 4, 640, 0, LU_ALLOCATION_EQUAL);
	check_sample(s, 4, (const uint64_t[]){160, 160, 160, 160});
	allocate(s, 4, 641, 75, LU_ALLOCATION_PROPORTIONAL);
	assert_int_equal(s[0].sample, 75);
	assert_int_equal(s[1].sample, 75);
	check_near((double)s[2].sample, 491 * 32 / 96.5, 1);
	assert_int_equal(s[2].sample + s[3].sample, 491);
	/* Neyman: W_h S_h = .00916, .00735, .096, .14061 over .25312. */
	allocate(s, 4, 641, 0, LU_ALLOCATION_NEYMAN);
	check_near((double)s[0].sample, 641 * .00916 / .25312, 1);
	check_near((double)s[2].sample, 641 * .096 / .25312, 1);
	assert_int_equal(s[0].sample + s[1].sample + s[2].sample + s[3].sample, 641);
}

static void limits_hold(void **state)
{
	(void)state;
	struct lu_stratum s[] = {{5, 1, 0}, {0, 1, 0}, {1000, 0, 0}, {50, 1, 0}};
	struct lu_error err = {0};

	allocate(s, 4, 100, 10, LU_ALLOCATION_EQUAL); /* a small stratum is taken whole, an empty one not at all */
	check_sample(s, 4, (const uint64_t[]){5, 0, 48, 47});
	allocate(s, 4, 3, 10, LU_ALLOCATION_PROPORTIONAL); /* the minima need more than was asked for */
	check_sample(s, 4, (const uint64_t[]){5, 0, 10, 10});
	allocate(s, 4, 5000, 0, LU_ALLOCATION_PROPORTIONAL); /* more than there is */
	check_sample(s, 4, (const uint64_t[]){5, 0, 1000, 50});
	allocate(s, 4, 60, 2, LU_ALLOCATION_NEYMAN); /* no spread: the minimum only */
	check_sample(s, 4, (const uint64_t[]){5, 0, 5, 50});
	allocate(s, 4, 20, 2, LU_ALLOCATION_NEYMAN);
	assert_int_equal(s[2].sample, 2);
	s[0].size = s[2].size = s[3].size = 0;
	check_fails(lu_allocate(s, 4, 10, 0, LU_ALLOCATION_EQUAL, &err), LU_ERROR_ARGUMENT, err, "no stratum");
	s[0].size = 5;
	s[0].spread = NAN;
	check_fails(lu_allocate(s, 4, 10, 0, LU_ALLOCATION_NEYMAN, &err), LU_ERROR_ARGUMENT, err, "standard deviation");
	for (long n = 0; n < 2; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_allocate(s, 4, 10, 0, LU_ALLOCATION_EQUAL, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
	}
}

static struct lu_draw *drawer(const struct lu_stratum *strata, size_t n, uint64_t seed)
{
	struct lu_error err = {0};
	struct lu_draw *draw;

	check_ok(lu_draw_new(strata, n, seed, &draw, &err), err);
	return draw;
}

static void a_draw_depends_on_seed_and_numbers_alone(void **state)
{
	(void)state;
	const struct lu_stratum s[] = {{500, 0, 20}, {500, 0, 0}, {3, 0, 3}};
	struct lu_draw *forward = drawer(s, 3, 1), *backward = drawer(s, 3, 1);
	struct lu_draw *other = drawer(s, 3, 2);
	uint64_t a[20], b[20], c[20];

	for (uint64_t i = 0; i < 500; i++) {
		lu_draw_offer(forward, 0, i);
		lu_draw_offer(forward, 1, i);
		lu_draw_offer(backward, 0, 499 - i);
		lu_draw_offer(other, 0, i);
	}
	assert_int_equal(lu_draw_take(forward, 0, a), 20);
	assert_int_equal(lu_draw_take(backward, 0, b), 20);
	assert_int_equal(lu_draw_take(other, 0, c), 20);
	assert_int_equal(lu_draw_take(forward, 1, c), 0);
	assert_memory_equal(a, b, sizeof(a));
	assert_memory_not_equal(a, c, sizeof(a));
	for (int i = 0; i < 20; i++) {
		for (int j = 0; j < i; j++)
			assert_true(a[i] != a[j]);
	}
	/* Fewer units than asked for: all of them. */
	lu_draw_offer(forward, 2, 77);
	assert_int_equal(lu_draw_take(forward, 2, a), 1);
	assert_int_equal(a[0], 77);
	lu_draw_free(forward);
	lu_draw_free(backward);
	lu_draw_free(other);
	lu_draw_free(NULL);
}

static void every_unit_has_the_same_chance(void **state)
{
	(void)state;
	enum { UNITS = 50, DRAWN = 10, SEEDS = 5000 };
	const struct lu_stratum s = {UNITS, 0, DRAWN};
	int hits[UNITS] = {0}, together = 0;
	double chi2 = 0;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct lu_draw *draw = drawer(&s, 1, seed);
		uint64_t numbers[DRAWN];
		bool first = false, second = false;

		for (uint64_t i = 0; i < UNITS; i++)
			lu_draw_offer(draw, 0, i);
		assert_int_equal(lu_draw_take(draw, 0, numbers), DRAWN);
		for (int i = 0; i < DRAWN; i++) {
			hits[numbers[i]]++;
			first = first || numbers[i] == 0;
			second = second || numbers[i] == 1;
		}
		together += first && second;
		lu_draw_free(draw);
	}
	for (int i = 0; i < UNITS; i++)
		chi2 += pow(hits[i] - SEEDS * .2, 2) / (SEEDS * .2 * .8);
	assert_true(chi2 > 25 && chi2 < 80); /* 49 degrees of freedom: 99.8 % within */
	check_near(together, SEEDS * (10 * 9) / (50.0 * 49), 50); /* neighbours by number are no friends: 184 +- 13 */
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	const struct lu_stratum s[] = {{5, 0, 2}, {5, 0, 3}};
	enum lu_status status = LU_ERROR_MEMORY;

	for (long n = 0; status != LU_OK; n++) {
		struct lu_error err = {0};
		struct lu_draw *draw;

		assert_true(n < 10);
		lu_memory_fail_after(n);
		status = lu_draw_new(s, 2, 1, &draw, &err);
		lu_memory_fail_after(-1);
		lu_draw_free(draw);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(olofsson_2014_allocations),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(a_draw_depends_on_seed_and_numbers_alone),
		cmocka_unit_test(every_unit_has_the_same_chance),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
