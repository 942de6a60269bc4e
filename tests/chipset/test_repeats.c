/* test_repeats.c: what the search by quarters finds is what looking at every pair finds. */
#include "chipset/repeats.h"

#include <stdlib.h>

#include "base/memory.h"
#include "support/check.h"

enum { MANY = 3000 };
static uint64_t hashes[MANY];
static uint8_t skip[MANY];
static size_t of[MANY], wanted[MANY];

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Families of likes: a centre with up to 20 bits turned, some skipped, some exact copies. */
static void fill(uint64_t seed)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15u + 1, centre = 0;

	for (size_t i = 0; i < MANY; i++) {
		if (i % 7 == 0)
			centre = draw(&state);
		hashes[i] = centre;
		for (uint64_t bits = draw(&state) % 21; bits > 0; bits--)
			hashes[i] ^= (uint64_t)1 << draw(&state) % 64;
		if (i > 20 && draw(&state) % 9 == 0)
			hashes[i] = hashes[draw(&state) % i];
		skip[i] = draw(&state) % 11 == 0;
	}
}

static void every_pair(int bits)
{
	for (size_t i = 0; i < MANY; i++) {
		int best = bits + 1;
		wanted[i] = LU_NOT_REPEATED;
		for (size_t j = 0; j < i && !skip[i]; j++) {
			const int distance = __builtin_popcountll(hashes[i] ^ hashes[j]);
			if (!skip[j] && wanted[j] == LU_NOT_REPEATED && distance < best) {
				best = distance;
				wanted[i] = j;
			}
		}
	}
}

static void finds_what_pairs_find(void **state)
{
	(void)state;
	struct lu_error err;
	for (int bits = 0; bits <= 20; bits++) {
		fill((uint64_t)bits + 1);
		every_pair(bits);
		assert_int_equal(lu_repeats_find(hashes, skip, MANY, bits, of, &err), LU_OK);
		assert_memory_equal(of, wanted, sizeof(of));
	}
}

static void keeps_the_first(void **state)
{
	(void)state;
	struct lu_error err;
	const uint64_t some[] = {0, 0xff, 0x1, 0xfe, 0xffff};
	const uint8_t without_first[] = {1, 0, 0, 0, 0};
	assert_int_equal(lu_repeats_find(some, NULL, 5, 1, of, &err), LU_OK);
	const size_t ones[] = {LU_NOT_REPEATED, LU_NOT_REPEATED, 0, 1, LU_NOT_REPEATED};
	assert_memory_equal(of, ones, sizeof(ones));
	assert_int_equal(lu_repeats_find(some, without_first, 5, 1, of, &err), LU_OK);
	assert_true(of[2] == LU_NOT_REPEATED && of[3] == 1);
	assert_int_equal(lu_repeats_find(NULL, NULL, 0, 3, of, &err), LU_OK);
}

static void memory_can_be_out(void **state)
{
	(void)state;
	struct lu_error err;
	for (long n = 0; n < 4; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_repeats_find(hashes, NULL, 10, 3, of, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_pairs_find),
		cmocka_unit_test(keeps_the_first),
		cmocka_unit_test(memory_can_be_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
