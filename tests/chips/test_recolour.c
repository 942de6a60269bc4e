/* test_recolour.c: lights stay within their bounds, keep structure, and follow from the draw alone. */
#include "chips/recolour.h"

#include <math.h>
#include <string.h>

#include "support/check.h"

enum { PX = 4, BANDS = 3, COUNT = BANDS * PX * PX };

static const float scale[BANDS] = {1 / 127.5f, 1 / 127.5f, 1 / 50.0f}, offset[BANDS] = {-1, -1, 0.5f};

/* Pixel values as the bytes they were. */
static void bytes_of(const float *chip, double *out)
{
	for (int i = 0; i < COUNT; i++)
		out[i] = ((double)chip[i] - (double)offset[i / (PX * PX)]) / (double)scale[i / (PX * PX)];
}

static void fill(float *chip, double low, double step)
{
	for (int i = 0; i < COUNT; i++) {
		const int band = i / (PX * PX), place = i % (PX * PX);
		chip[i] = (float)(low + step * place + 5 * band) * scale[band] + offset[band];
	}
}

static void a_flat_chip_shows_the_gain(void **state)
{
	(void)state;
	float chip[COUNT];
	double values[COUNT], least = 1e9, most = 0;

	for (uint64_t draw = 0; draw < 500; draw++) {
		for (int i = 0; i < COUNT; i++)
			chip[i] = 100 * scale[i / (PX * PX)] + offset[i / (PX * PX)];
		lu_recolour_chip(chip, PX, BANDS, scale, offset, draw);
		bytes_of(chip, values);
		for (int i = 0; i < COUNT; i++) {
			assert_true(values[i] >= 100 * 0.8 * 0.93 - 1e-3 && values[i] <= 100 * 1.2 * 1.07 + 1e-3);
			/* one gain a band */
			assert_float_equal(values[i], values[i / (PX * PX) * PX * PX], 1e-3);
		}
		least = fmin(least, values[0]);
		most = fmax(most, values[0]);
	}
	/* 500 draws come near both ends. */
	assert_true(least < 82 && most > 118);
}

static void order_and_bounds_are_kept(void **state)
{
	(void)state;
	float chip[COUNT];
	double values[COUNT];

	for (uint64_t draw = 0; draw < 50; draw++) {
		fill(chip, 0, 16); /* 0 to 250: some lights clip */
		lu_recolour_chip(chip, PX, BANDS, scale, offset, draw);
		bytes_of(chip, values);
		for (int i = 0; i < COUNT; i++) {
			assert_true(values[i] >= -1e-3 && values[i] <= 255 + 1e-3);
			if (i % (PX * PX) > 0)
				assert_true(values[i] >= values[i - 1] - 1e-3);
		}
	}
}

static void the_draw_decides(void **state)
{
	(void)state;
	float first[COUNT], again[COUNT], other[COUNT];

	fill(first, 60, 5);
	fill(again, 60, 5);
	fill(other, 60, 5);
	lu_recolour_chip(first, PX, BANDS, scale, offset, 11);
	lu_recolour_chip(again, PX, BANDS, scale, offset, 11);
	lu_recolour_chip(other, PX, BANDS, scale, offset, 12);
	assert_memory_equal(first, again, sizeof(first));
	assert_memory_not_equal(first, other, sizeof(first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flat_chip_shows_the_gain),
		cmocka_unit_test(order_and_bounds_are_kept),
		cmocka_unit_test(the_draw_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
