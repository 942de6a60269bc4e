/* test_recolour.c: lights stay within their bounds, keep structure, and follow from the draw alone. */
#include "chips/recolour.h"

#include <math.h>
#include <string.h>

#include "support/check.h"

enum { PX = 4, PLANE = PX * PX, BANDS = 3, COUNT = BANDS * PLANE };

static void fill(uint8_t *chip, int low, int step, int band_step)
{
	for (int i = 0; i < COUNT; i++)
		chip[i] = (uint8_t)(low + step * (i % PLANE) + band_step * (i / PLANE));
}

static void a_flat_chip_shows_the_gain(void **state)
{
	(void)state;
	uint8_t chip[COUNT];
	int least = 255, most = 0;

	for (uint64_t draw = 0; draw < 500; draw++) {
		fill(chip, 100, 0, 0);
		lu_recolour_chip(chip, PX, BANDS, draw);
		for (int i = 0; i < COUNT; i++) {
			/* 100 x 0.8 x 0.93 = 74.4, 100 x 1.2 x 1.07 = 128.4 */
			assert_in_range(chip[i], 74, 128);
			/* one gain a band */
			assert_int_equal(chip[i], chip[i / PLANE * PLANE]);
		}
		least = chip[0] < least ? chip[0] : least;
		most = chip[0] > most ? chip[0] : most;
	}
	/* 500 draws come near both ends. */
	assert_true(least < 82 && most > 118);
}

static void order_and_bounds_are_kept(void **state)
{
	(void)state;
	uint8_t chip[COUNT];
	int black = 0, white = 0;

	for (uint64_t draw = 0; draw < 50; draw++) {
		fill(chip, 0, 16, 5); /* 0 to 250: some lights clip, and none wraps round */
		lu_recolour_chip(chip, PX, BANDS, draw);
		for (int i = 0; i < COUNT; i++) {
			if (i % PLANE > 0)
				assert_true(chip[i] >= chip[i - 1]);
			black += chip[i] == 0;
			white += chip[i] == 255;
		}
	}
	assert_true(black > 0 && white > 0);
}

/* Two unknowns a band, contrast and gain, with one jitter: the formula holds for every pixel between. */
static void a_light_is_one_line_a_band(void **state)
{
	(void)state;
	uint8_t chip[COUNT];
	double contrast[BANDS];

	for (uint64_t draw = 100; draw < 200; draw++) {
		fill(chip, 70, 4, 0); /* 70 to 130, mean 100: no light clips it */
		lu_recolour_chip(chip, PX, BANDS, draw);
		for (int b = 0; b < BANDS; b++) {
			const uint8_t *plane = chip + b * PLANE;
			const double slope = (plane[PLANE - 1] - plane[0]) / 60.0;
			const double middle = (plane[PLANE - 1] + plane[0]) / 2.0; /* gain x 100, give or take 1/2 */

			for (int i = 0; i < PLANE; i++)
				assert_true(fabs(plane[i] - (middle + slope * (4 * i - 30))) <= 1.001);
			contrast[b] = 100 * slope / middle;
			assert_true(contrast[b] > 0.77 && contrast[b] < 1.23);
		}
		/* The contrast is that of all bands. */
		assert_true(fabs(contrast[1] - contrast[0]) < 0.06 && fabs(contrast[2] - contrast[0]) < 0.06);
	}
}

static void the_draw_decides(void **state)
{
	(void)state;
	uint8_t first[COUNT], again[COUNT], other[COUNT];

	fill(first, 60, 5, 5);
	fill(again, 60, 5, 5);
	fill(other, 60, 5, 5);
	lu_recolour_chip(first, PX, BANDS, 11);
	lu_recolour_chip(again, PX, BANDS, 11);
	lu_recolour_chip(other, PX, BANDS, 12);
	assert_memory_equal(first, again, sizeof(first));
	assert_memory_not_equal(first, other, sizeof(first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flat_chip_shows_the_gain),
		cmocka_unit_test(order_and_bounds_are_kept),
		cmocka_unit_test(a_light_is_one_line_a_band),
		cmocka_unit_test(the_draw_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
