/* test_growth.c: growth helped by guesses, against figures of numpy, and where guesses help and where they cannot. */
#include "accuracy/growth.h"

#include "support/near.h"

enum { UNITS = 24, STRATA = 3 };

static const struct lu_interval_rule by_wald = {.percent = 95, .wald = true}, by_wilson = {.percent = 95};

/* Stratum, gained, lost, guesses of both: drawn by chance. */
static const struct {
	uint32_t stratum;
	int gained, lost;
	double guess_gained, guess_lost;
} table[UNITS] = {
	{0, 0, 0, .02, 0}, {0, 0, 0, 0, .01}, {0, 1, 0, .9, 0},  {0, 0, 0, .6, 0},  {0, 0, 0, .01, 0}, {0, 0, 1, 0, .3},
	{0, 0, 0, .7, 0},  {0, 0, 0, 0, .9},  {1, 1, 0, .9, 0},  {1, 1, 0, .1, 0},  {1, 0, 0, .3, 0},  {1, 1, 0, .7, 0},
	{1, 0, 0, .8, 0},  {1, 1, 0, .6, 0},  {1, 0, 1, .05, 0}, {1, 1, 0, .95, 0}, {2, 0, 1, 0, .7},  {2, 0, 0, 0, .3},
	{2, 0, 1, 0, .1},  {2, 0, 1, 0, .6},  {2, 0, 0, 0, .8},  {2, 0, 1, 0, .9},  {2, 1, 0, 0, .4},  {2, 0, 0, 0, .2},
};
static const struct lu_growth_stratum strata[STRATA] = {
	{900, {.008, .006}},
	{60, {.55, .02}},
	{40, {.01, .52}},
};

static void make(const struct lu_growth_stratum *of, bool helped, struct lu_interval_rule rule, struct lu_growth *out)
{
	struct lu_growth_unit units[UNITS];
	struct lu_error err = {0};

	for (size_t i = 0; i < UNITS; i++)
		units[i] = (struct lu_growth_unit){table[i].stratum,
						   {table[i].gained, table[i].lost},
						   {table[i].guess_gained, table[i].guess_lost}};
	check_ok(lu_growth_make(units, UNITS, of, STRATA, helped, rule, out, &err), err);
}

/* Of the table above, by numpy: np.cov, np.var. */
#define GAINED 0.0105673044493
#define GAINED_SE 0.0924403007399
#define LOST 0.113455136272
#define LOST_SE 0.119233134343
#define NET -0.102887831822
#define NET_SE 0.147769356419
#define PLAIN 0.015
#define PLAIN_SE 0.170243523057

/* By numpy: the weights from np.cov, variances from np.var of what is left. */
static void as_numpy_has_it(void **state)
{
	(void)state;
	struct lu_growth g;

	make(strata, true, by_wald, &g);
	check_near(g.side[LU_GAINED].value, GAINED, 1e-9);
	check_near(g.side[LU_GAINED].se, GAINED_SE, 1e-9);
	check_near(g.side[LU_LOST].value, LOST, 1e-9);
	check_near(g.side[LU_LOST].se, LOST_SE, 1e-9);
	check_near(g.net.value, NET, 1e-9);
	check_near(g.net.se, NET_SE, 1e-9);
	check_near(g.net.within.low, NET - 1.96 * NET_SE, 1e-9);
}

/* Without the means of all cells nothing helps: the stratified mean, and its variance. */
static void without_help_the_stratified_mean(void **state)
{
	(void)state;
	struct lu_growth g;

	make(strata, false, by_wald, &g);
	check_near(g.net.value, PLAIN, 1e-9);
	check_near(g.net.se, PLAIN_SE, 1e-9);
}

/* Rare finds in a large stratum: the interval reaches farther where more may have been missed, and holds its estimate. */
static void intervals_are_wider_where_few_are_found(void **state)
{
	(void)state;
	struct lu_growth wald, wilson;

	make(strata, true, by_wald, &wald);
	make(strata, true, by_wilson, &wilson);
	assert_true(wilson.side[LU_GAINED].within.low >= 0);
	assert_true(wilson.side[LU_GAINED].within.low < wilson.side[LU_GAINED].value);
	assert_true(wilson.side[LU_GAINED].within.high > wald.side[LU_GAINED].within.high);
	assert_true(wilson.net.within.low < wilson.net.value && wilson.net.value < wilson.net.within.high);
	check_near(wilson.net.value, wald.net.value, 1e-12);
}

/* A stratum that was labelled whole has no error. */
static void a_whole_stratum_has_no_error(void **state)
{
	(void)state;
	const struct lu_growth_stratum whole[STRATA] = {{8, {0, 0}}, {8, {0, 0}}, {8, {0, 0}}};
	struct lu_growth g;

	make(whole, false, by_wilson, &g);
	check_near(g.net.value, (6 - 5) / 24., 1e-12);
	check_near(g.net.se, 0, 1e-12);
	check_near(g.net.within.low, g.net.value, 1e-12);
	check_near(g.net.within.high, g.net.value, 1e-12);
}

/* Strata without a labelled cell are left out; of one cell among many there is no variance. */
static void what_is_not_there_is_left_out(void **state)
{
	(void)state;
	const struct lu_growth_unit units[] = {
		{0, {true, false}, {0, 0}}, {2, {false, false}, {0, 0}}, {2, {false, true}, {0, 0}}};
	const struct lu_growth_stratum of[] = {{10, {0, 0}}, {500, {0, 0}}, {30, {0, 0}}};
	struct lu_growth g;
	struct lu_error err = {0};

	check_ok(lu_growth_make(units, 3, of, 3, true, by_wilson, &g, &err), err);
	check_near(g.net.value, 10 / 40. - 30 / 40. / 2, 1e-12);
	assert_false(g.net.se_known);
	assert_true(g.net.bounded);
	assert_int_equal(
		lu_growth_make(units, 3, (const struct lu_growth_stratum[3]){{0}}, 3, true, by_wilson, &g, &err),
		LU_ERROR_ARGUMENT);
}

/* Codes: a class that stayed is neither gained nor lost; bins take every percent once. */
static void sides_and_bins(void **state)
{
	(void)state;
	int low, high, next = 0;

	assert_true(lu_change_is_side(402, 2, LU_GAINED) && !lu_change_is_side(402, 2, LU_LOST));
	assert_true(lu_change_is_side(204, 2, LU_LOST) && !lu_change_is_side(204, 2, LU_GAINED));
	assert_false(lu_change_is_side(2, 2, LU_GAINED) || lu_change_is_side(2, 2, LU_LOST));
	assert_false(lu_change_is_side(407, 2, LU_GAINED) || lu_change_is_side(407, 2, LU_LOST));
	for (size_t bin = 0; bin < LU_PROBABILITY_BINS; bin++) {
		lu_probability_bin_range(bin, &low, &high);
		assert_int_equal(low, next);
		assert_int_equal(lu_probability_bin((uint16_t)low), bin);
		assert_int_equal(lu_probability_bin((uint16_t)high), bin);
		next = high + 1;
	}
	assert_int_equal(next, 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_numpy_has_it),
		cmocka_unit_test(without_help_the_stratified_mean),
		cmocka_unit_test(intervals_are_wider_where_few_are_found),
		cmocka_unit_test(a_whole_stratum_has_no_error),
		cmocka_unit_test(what_is_not_there_is_left_out),
		cmocka_unit_test(sides_and_bins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
