/* test_interval.c: intervals against published tables and examples, and their coverage where samples are thin. */
#include "base/interval.h"

#include "accuracy/figure.h"
#include "support/near.h"

/* R. G. Newcombe: Two-sided confidence intervals for the single proportion. Statistics in Medicine 17, 1998, table I, method 3. */
static void wilson_as_published(void **state)
{
	static const struct {
		double hits, n, low, high;
	} cases[] = {{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const double share = cases[i].hits / cases[i].n;
		const struct lu_interval got = lu_wilson(share, cases[i].n, LU_Z95),
					 other = lu_wilson(1 - share, cases[i].n, LU_Z95);
		check_near(got.low, cases[i].low, 5e-5);
		check_near(got.high, cases[i].high, 5e-5);
		check_near(other.low, 1 - got.high, 1e-12);
		check_near(other.high, 1 - got.low, 1e-12);
	}
	/* A population seen whole. */
	const struct lu_interval whole = lu_wilson(.3, INFINITY, LU_Z95);
	check_near(whole.low, .3, 0);
	check_near(whole.high, .3, 0);
	/* Nobody looked. */
	const struct lu_interval none = lu_wilson(0, 0, LU_Z95);
	check_near(none.low, 0, 0);
	check_near(none.high, 1, 0);
}

/* Quantiles of chi-squared, which is gamma of shape df / 2 and scale 2, from its tables. */
static void gamma_as_tabulated(void **state)
{
	static const struct {
		double p, df, value;
	} table[] = {{.95, 1, 3.8415},    {.95, 10, 18.3070},  {.025, 2, .050636},
		     {.975, 30, 46.9792}, {.05, 100, 77.9295}, {.99, 4, 13.2767}};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_close(lu_gamma_quantile(table[i].p, table[i].df / 2, 2), table[i].value, 2e-5);
	check_near(lu_gamma_quantile(.5, 0, 1), 0, 0);
	/* Large shapes are normal: mean a, deviation sqrt(a). */
	check_near(lu_gamma_quantile(.975, 1e6, 1), 1e6 + 1.959964 * 1e3, 3);
}

/* With one weight the limits are those of a Poisson count: Garwood 1936, 3 found: 0.6187 to 8.7673; none: 3.6889. */
static void weighted_counts(void **state)
{
	const struct lu_weighted three = {3, 10}, none = {0, 10}, two_kinds[] = {{1, 1}, {0, 3}};
	struct lu_bounded got = lu_weighted_count(&three, 1, .025);

	(void)state;
	check_near(got.value, 30, 0);
	check_near(got.within.low, 6.187, .001);
	check_near(got.within.high, 87.673, .001);
	got = lu_weighted_count(&none, 1, .025);
	check_near(got.within.low, 0, 0);
	check_near(got.within.high, 36.889, .001);
	/* Of two kinds: y = v = 1; a missed one adds 2 on average, squared 5: gamma of shape 9/6, scale 2. */
	got = lu_weighted_count(two_kinds, 2, .025);
	check_near(got.within.low, .0253, .0001);
	check_near(got.within.high, lu_gamma_quantile(.975, 1.5, 2), 1e-12);
	check_near(lu_weighted_count(NULL, 0, .025).within.high, 0, 0);
}

static void parts_are_joined(void **state)
{
	const struct lu_bounded a = {5, {2, 9}}, b = {10, {6, 13}}, nothing = {0, {0, 0}}, perhaps = {0, {0, 2}};
	struct lu_bounded got = lu_mover_sum(a, b);

	(void)state;
	check_near(got.value, 15, 0);
	check_near(got.within.low, 10, 1e-12);
	check_near(got.within.high, 20, 1e-12);
	/* What is known exactly adds no doubt. */
	got = lu_mover_sum(a, nothing);
	check_near(got.within.low, 2, 1e-12);
	check_near(got.within.high, 9, 1e-12);
	/* Shares: of certain parts certain; nothing found of either part leaves that end open to its limit. */
	got = lu_mover_share((struct lu_bounded){3, {3, 3}}, (struct lu_bounded){1, {1, 1}});
	check_near(got.value, .75, 0);
	check_near(got.within.low, .75, 1e-7);
	check_near(got.within.high, .75, 1e-7);
	got = lu_mover_share((struct lu_bounded){8, {8, 8}}, perhaps);
	check_near(got.within.low, .8, 1e-12);
	check_near(got.within.high, 1, 1e-12);
	got = lu_mover_share(perhaps, (struct lu_bounded){8, {8, 8}});
	check_near(got.within.low, 0, 1e-12);
	check_near(got.within.high, .2, 1e-12);
	/* A divisor that may be nothing: no more is known than that it is a share. */
	got = lu_mover_share((struct lu_bounded){1, {0, 3}}, b);
	check_near(got.within.low, 0, 1e-12);
	assert_true(got.within.high > got.value && got.within.high < 1);
}

/* hits of 'n' at chance p */
static double binomial(uint64_t *random, int n, double p)
{
	int hits = 0;

	for (int i = 0; i < n; i++)
		hits += next_uniform(random) < p;
	return hits;
}

/*
 * A class of 2 % of the ground on a good map, 50 places in its stratum and 350 outside: of what is outside .3 % is missed. The area, and
 * producer's accuracy: 2,000 samples, whose intervals should hold in at least 93 of 100.
 */
static void thin_samples_are_covered(void **state)
{
	enum { SAMPLES = 2000 };
	const double own = .02, users = .95, missed = .003, truth = own * users + (1 - own) * missed;
	uint64_t random = 7;
	int area = 0, producers = 0;

	(void)state;
	for (int s = 0; s < SAMPLES; s++) {
		const double share = binomial(&random, 50, users) / 50;
		const struct lu_weighted others = {binomial(&random, 350, missed), (1 - own) / 350};
		const struct lu_interval in = lu_wilson(share, 50, LU_Z95);
		const struct lu_bounded a = {own * share, {own * in.low, own * in.high}};
		const struct lu_bounded y = lu_weighted_count(&others, 1, .025);
		const struct lu_interval sum = lu_mover_sum(a, y).within, part = lu_mover_share(a, y).within;
		area += sum.low <= truth && truth <= sum.high;
		producers += part.low <= own * users / truth && own * users / truth <= part.high;
	}
	assert_true(area >= SAMPLES * 93 / 100);
	assert_true(producers >= SAMPLES * 93 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_as_published),      cmocka_unit_test(gamma_as_tabulated),
		cmocka_unit_test(weighted_counts),          cmocka_unit_test(parts_are_joined),
		cmocka_unit_test(thin_samples_are_covered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
