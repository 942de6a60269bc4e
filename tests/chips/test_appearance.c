/* test_appearance.c: what a chip looks like, against figures done by hand. */
#include "chips/appearance.h"

#include <math.h>

#include "support/near.h"

enum { PX = 8, BANDS = 2, COUNT = 13 };

static void a_ramp_and_its_negative(void **state)
{
	(void)state;
	uint8_t chip[BANDS * PX * PX];
	float scratch[PX * PX];
	double out[COUNT];

	/* Columns 0, 10, ... 70, and 200 less twice that. */
	for (size_t i = 0; i < PX * PX; i++) {
		chip[i] = (uint8_t)(10 * (i % PX));
		chip[PX * PX + i] = (uint8_t)(200 - 20 * (i % PX));
	}
	assert_int_equal(lu_appearance_count(BANDS), COUNT);
	lu_appearance(chip, BANDS, PX, scratch, out);
	check_near(out[0], 35, 1e-12);
	check_near(out[1], 130, 1e-12);
	check_near(out[2], log(10 * sqrt(5.25) + 1), 1e-12);
	check_near(out[3], log(20 * sqrt(5.25) + 1), 1e-12);
	check_near(out[4], atanh(-.999), 1e-9);
	/* Steps of 10 across and 0 down; halved, of 20; of 40; one pixel has none. */
	check_near(out[5], log(5.5), 1e-12);
	check_near(out[6], log(10.5), 1e-12);
	check_near(out[7], log(20.5), 1e-12);
	check_near(out[8], log(.5), 1e-12);
	check_near(out[9], log(10.5), 1e-12);
}

static void a_chip_without_contrast(void **state)
{
	(void)state;
	uint8_t chip[BANDS * 9 * 9];
	float scratch[9 * 9];
	double out[COUNT];

	memset(chip, 77, sizeof(chip));
	lu_appearance(chip, BANDS, 9, scratch, out);
	check_near(out[0], 77, 0);
	check_near(out[2], 0, 0);
	check_near(out[4], 0, 0);
	check_near(out[12], log(.5), 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_ramp_and_its_negative),
					   cmocka_unit_test(a_chip_without_contrast)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
