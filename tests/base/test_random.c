/* test_random.c: SplitMix64 as others have it, and its three ways to a number. */
#include "base/random.h"

#include "support/near.h"

/* Seed 1234567 from Rosetta Code's task "Pseudo-random numbers/Splitmix64"; seed 0 is Java 8's SplittableRandom(0). */
static void the_sequence_is_the_published_one(void **state)
{
	(void)state;
	static const struct {
		uint64_t seed, numbers[5];
	} published[] = {{1234567,
			  {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
			   UINT64_C(4593380528125082431), UINT64_C(16408922859458223821)}},
			 {0,
			  {UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4), UINT64_C(0x06c45d188009454f),
			   UINT64_C(0xf88bb8a8724c81ec), UINT64_C(0x1b39896a51a8749b)}}};

	for (size_t k = 0; k < sizeof(published) / sizeof(published[0]); k++) {
		const uint64_t seed = published[k].seed;
		uint64_t at = seed;
		for (uint64_t i = 0; i < 5; i++) {
			assert_true(lu_random_next(&at) == published[k].numbers[i]);
			assert_true(lu_random_at(seed, i) == published[k].numbers[i]);
		}
		assert_true(lu_random_hash(seed) == published[k].numbers[0]);
	}
}

static void units_are_below_one_and_even(void **state)
{
	(void)state;
	enum { COUNT = 100000 };
	int tenths[10] = {0};
	double sum = 0;

	check_near(lu_random_unit(0), 0, 0);
	assert_true(lu_random_unit(UINT64_MAX) < 1);
	check_near(lu_random_unit(UINT64_C(1) << 63), .5, 0);
	for (uint64_t i = 0; i < COUNT; i++) {
		const double unit = lu_random_unit(lu_random_at(7, i));
		sum += unit;
		tenths[(int)(unit * 10)]++;
	}
	check_near(sum / COUNT, .5, .003);
	for (int k = 0; k < 10; k++)
		check_near(tenths[k], COUNT / 10, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sequence_is_the_published_one),
		cmocka_unit_test(units_are_below_one_and_even),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
