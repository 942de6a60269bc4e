/* test_dhash.c: hashes change little when pictures do, and repetitions are found in order. */
#include "chips/dhash.h"

#include "support/check.h"

enum { SIDE = 224 };
static uint8_t picture[3 * SIDE * SIDE], other[3 * SIDE * SIDE];

/* Blobs of light that differ with 'seed'. */
static void draw(uint8_t *to, int side, unsigned seed, int gain_percent, int offset)
{
	for (int b = 0; b < 3; b++)
		for (int y = 0; y < side; y++)
			for (int x = 0; x < side; x++) {
				unsigned cell = (unsigned)(y * 7 / side * 7 + x * 7 / side) + seed * 1000u;
				cell = (cell ^ cell << 7) * 2654435761u;
				cell ^= cell >> 15;
				const int value = (int)(cell >> 16 & 127) * gain_percent / 100 + offset + b;
				to[(b * side + y) * side + x] = (uint8_t)value;
			}
}

static void light_does_not_matter(void **state)
{
	(void)state;
	draw(picture, SIDE, 1, 100, 10);
	draw(other, SIDE, 1, 130, 40);
	assert_in_range(lu_dhash_distance(lu_dhash(picture, 3, SIDE), lu_dhash(other, 3, SIDE)), 0, 3);
	draw(other, SIDE, 2, 100, 10);
	assert_in_range(lu_dhash_distance(lu_dhash(picture, 3, SIDE), lu_dhash(other, 3, SIDE)), 12, 64);
}

/* The same picture in another size, down to one pixel. */
static void size_does_not_matter(void **state)
{
	(void)state;
	draw(picture, SIDE, 3, 100, 0);
	draw(other, 112, 3, 100, 0);
	assert_in_range(lu_dhash_distance(lu_dhash(picture, 3, SIDE), lu_dhash(other, 3, 112)), 0, 6);
	for (int side = 1; side < 12; side++)
		lu_dhash(other, 1, side);
	memset(other, 200, sizeof(other));
	assert_true(lu_dhash(other, 3, SIDE) == 0);
}

static void repeats_keep_the_first(void **state)
{
	(void)state;
	const uint64_t hashes[] = {0, 0xff, 0x1, 0xfe, 0xffff};
	uint8_t keep[] = {1, 1, 1, 1, 1};
	assert_int_equal(lu_dhash_repeats(hashes, 5, 1, keep), 2);
	assert_true(keep[0] && keep[1] && !keep[2] && !keep[3] && keep[4]);
	/* What is dropped already neither drops others nor counts. */
	uint8_t some[] = {0, 1, 1, 1, 1};
	assert_int_equal(lu_dhash_repeats(hashes, 5, 1, some), 1);
	assert_true(some[2]);
	uint8_t exact[] = {1, 1, 1, 1, 1};
	assert_int_equal(lu_dhash_repeats(hashes, 5, 0, exact), 0);
	assert_int_equal(lu_dhash_repeats(hashes, 0, 0, exact), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(light_does_not_matter),
		cmocka_unit_test(size_does_not_matter),
		cmocka_unit_test(repeats_keep_the_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
