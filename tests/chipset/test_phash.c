/* test_phash.c: hashes change little when pictures do. */
#include "chipset/phash.h"

#include "support/check.h"

enum { SIDE = 224 };
static uint8_t picture[3 * SIDE * SIDE], other[3 * SIDE * SIDE];

/* Blobs of light that differ with 'seed'. */
static void draw(uint8_t *to, int width, int height, unsigned seed, int gain_percent, int offset)
{
	for (int b = 0; b < 3; b++)
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++) {
				unsigned cell = (unsigned)(y * 7 / height * 7 + x * 7 / width) + seed * 1000u;
				cell = (cell ^ cell << 7) * 2654435761u;
				cell ^= cell >> 15;
				const int value = (int)(cell >> 16 & 127) * gain_percent / 100 + offset + b;
				to[(b * height + y) * width + x] = (uint8_t)value;
			}
}

static void light_does_not_matter(void **state)
{
	(void)state;
	draw(picture, SIDE, SIDE, 1, 100, 10);
	draw(other, SIDE, SIDE, 1, 130, 40);
	assert_in_range(lu_phash_distance(lu_phash(picture, 3, SIDE, SIDE), lu_phash(other, 3, SIDE, SIDE)), 0, 4);
	draw(other, SIDE, SIDE, 2, 100, 10);
	assert_in_range(lu_phash_distance(lu_phash(picture, 3, SIDE, SIDE), lu_phash(other, 3, SIDE, SIDE)), 16, 64);
}

/* The same picture in another size and shape, down to one pixel. */
static void size_does_not_matter(void **state)
{
	(void)state;
	draw(picture, SIDE, SIDE, 3, 100, 0);
	draw(other, 112, 168, 3, 100, 0);
	assert_in_range(lu_phash_distance(lu_phash(picture, 3, SIDE, SIDE), lu_phash(other, 3, 112, 168)), 0, 10);
	for (int side = 1; side < 40; side++)
		lu_phash(other, 1, side, 40 - side);
}

/* One tone has no frequency at all: rounding must not invent some. */
static void one_tone_has_no_hash(void **state)
{
	(void)state;
	for (int tone = 0; tone < 256; tone++) {
		memset(other, tone, sizeof(other));
		assert_true(lu_phash(other, 3, SIDE, 100 + tone % 100) == 0);
	}
}

/* A single wave across has one strong frequency: its bit is set, and its negative's is not. */
static void waves_have_their_bit(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		for (int y = 0; y < 64; y++)
			for (int x = 0; x < 64; x++)
				picture[y * 64 + x] = (uint8_t)(x < 32 ? 128 + 100 * sign : 128 - 100 * sign);
		/* Bit 62 is frequency (0, 1): half a wave across. */
		assert_int_equal(lu_phash(picture, 1, 64, 64) >> 62 & 1, sign > 0);
		assert_int_equal(lu_phash(picture, 1, 64, 64) >> 63, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(light_does_not_matter),
		cmocka_unit_test(size_does_not_matter),
		cmocka_unit_test(one_tone_has_no_hash),
		cmocka_unit_test(waves_have_their_bit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
