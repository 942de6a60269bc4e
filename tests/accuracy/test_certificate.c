/* test_certificate.c: what a check of flags certifies, against limits of tables and against counting. */
#include "accuracy/certificate.h"

#include "support/near.h"

/* Of an endless list: beta quantiles (Clopper and Pearson), as SciPy's beta.ppf(.05, n - x, x + 1) has them. */
static void long_lists_have_clopper_and_pearsons_limit(void **state)
{
	(void)state;
	static const struct {
		uint64_t drawn, wrong;
		double limit;
	} known[] = {{93, 1, .9500}, {181, 4, .9500}, {59, 0, .9505}, {10, 0, .7411}, {20, 5, .5444}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		check_near(lu_certified_share(UINT64_C(1000000000), known[i].drawn, known[i].wrong, 95), known[i].limit,
			   2e-4);
	/* The sizes that are promised keep 95 %, and one wrong more does not. */
	assert_true(lu_certified_share(1000000, 93, 1, 95) >= .95 && lu_certified_share(1000000, 93, 2, 95) < .95);
	assert_true(lu_certified_share(1000000, 181, 4, 95) >= .95 && lu_certified_share(1000000, 181, 5, 95) < .95);
}

/* All draws of 3 from 6 with w wrong ones, counted: none wrong among them happens in 20, 10, 4 and 1 of 20. */
static void short_lists_are_counted_out(void **state)
{
	(void)state;
	check_near(lu_certified_share(6, 3, 0, 95), 4 / 6.0, 1e-12); /* w = 2: .2, w = 3: .05, not above it */
	check_near(lu_certified_share(6, 3, 0, 94), 4 / 6.0, 1e-12);
	check_near(lu_certified_share(6, 3, 0, 99), 3 / 6.0, 1e-12);
	check_near(lu_certified_share(6, 3, 0, 45), 6 / 6.0, 1e-12);
	/* All were looked at: nothing is left to chance. */
	check_near(lu_certified_share(6, 6, 0, 95), 1, 1e-12);
	check_near(lu_certified_share(6, 6, 2, 95), 4 / 6.0, 1e-12);
	check_near(lu_certified_share(5, 5, 5, 95), 0, 1e-12);
	check_near(lu_certified_share(0, 0, 0, 95), 0, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(long_lists_have_clopper_and_pearsons_limit),
					   cmocka_unit_test(short_lists_are_counted_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
