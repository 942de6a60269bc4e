/* test_landscape.c: every class has its share, rivers run through, and the seed decides everything. */
#include "landscape.h"

#include "support/check.h"

#include <math.h>

static const struct {
	int cols, rows;
	uint32_t seed;
} counties[] = {{12, 12, 1}, {12, 12, 2}, {40, 25, 3}, {25, 40, 4}, {90, 90, 5}};

#define COUNTIES (sizeof(counties) / sizeof(counties[0]))

static void settle(struct sc_land *land, size_t which)
{
	assert_true(sc_land_init(land, counties[which].cols, counties[which].rows, 1, 224, counties[which].seed));
	assert_true(sc_landscape_settle(land));
}

static void every_class_has_its_share(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTIES; i++) {
		double share[SC_CLASS_COUNT] = {0}, sum = 0.0;
		struct sc_land land;

		settle(&land, i);
		for (int row = 0; row < land.rows; row++)
			for (int col = 0; col < land.cols; col++)
				share[sc_land_class(&land, 0, row, col)] += 1.0 / (double)sc_land_cells(&land);
		for (int k = 1; k < SC_CLASS_COUNT; k++) {
			assert_true(share[k] > 0.01);
			sum += share[k];
		}
		assert_true(fabs(sum - 1.0) < 1e-9);
		assert_true(fabs(share[SC_DEVELOPED] - (double)SC_SHARE_DEVELOPED) < 0.01);
		assert_true(fabs(share[SC_CULTIVATED] - (double)SC_SHARE_CULTIVATED) < 0.01);
		assert_true(share[SC_WATER] < 0.3);
		sc_land_release(&land);
	}
}

/* From the first row to the last there is a way over water cells that share edges, or over the freeway's dam. */
static void a_river_runs_through(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTIES; i++) {
		struct sc_land land;
		uint8_t *wet;

		settle(&land, i);
		wet = calloc(sc_land_cells(&land), 1);
		assert_non_null(wet);
		for (int row = 0; row < land.rows; row++) {
			int reached = 0;

			/* Twice along the row, so that wetness spreads both ways. */
			for (int step = 0; step < 2 * land.cols; step++) {
				const int col = step < land.cols ? step : 2 * land.cols - 1 - step;
				const enum sc_style style = sc_land_style(&land, 0, row, col);
				const size_t at = sc_land_at(&land, row, col);

				if (style != SC_RIVER && style != SC_FREEWAY)
					continue;
				if (row == 0 || wet[sc_land_at(&land, row - 1, col)] || (col > 0 && wet[at - 1]) ||
				    (col + 1 < land.cols && wet[at + 1]))
					wet[at] = 1;
				reached += wet[at];
			}
			assert_true(reached > 0);
		}
		free(wet);
		sc_land_release(&land);
	}
}

static void the_seed_decides(void **state)
{
	struct sc_land one, two, other;

	(void)state;
	settle(&one, 0);
	settle(&two, 0);
	settle(&other, 1);
	assert_memory_equal(one.style, two.style, sc_land_cells(&one));
	assert_memory_equal(one.axis, two.axis, sc_land_cells(&one));
	assert_memory_not_equal(one.style, other.style, sc_land_cells(&one));
	sc_land_release(&other);
	sc_land_release(&two);
	sc_land_release(&one);
}

static void parcels_are_two_by_two(void **state)
{
	struct sc_land land;

	(void)state;
	settle(&land, 0);
	for (int row = 0; row < land.rows; row += 2) {
		for (int col = row & 2 ? 1 : 0; col + 1 < land.cols; col += 2) {
			const uint32_t parcel = sc_land_parcel(&land, row, col);

			assert_int_equal(parcel, sc_land_parcel(&land, row + 1, col));
			assert_int_equal(parcel, sc_land_parcel(&land, row + 1, col + 1));
			assert_int_not_equal(parcel, sc_land_parcel(&land, row, col + 2));
			assert_int_not_equal(parcel, sc_land_parcel(&land, row + 2, col));
		}
	}
	sc_land_release(&land);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_has_its_share),
		cmocka_unit_test(a_river_runs_through),
		cmocka_unit_test(the_seed_decides),
		cmocka_unit_test(parcels_are_two_by_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
