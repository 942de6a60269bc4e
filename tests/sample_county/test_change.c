/* test_change.c: as much change as asked for, all of it real, all of it listed. */
#include "change.h"

#include "boundary.h"
#include "landscape.h"
#include "records.h"

#include "support/check.h"

#include <math.h>

enum {
	DATES = 4,
};

static void plan(struct sc_land *land, int cols, int rows, uint32_t seed, double share)
{
	struct sc_boundary boundary;

	assert_true(sc_land_init(land, cols, rows, DATES, 224, seed));
	assert_true(sc_landscape_settle(land));
	assert_true(sc_boundary_draw(land, &boundary));
	assert_true(sc_boundary_mark(&boundary, land));
	sc_boundary_release(&boundary);
	for (int date = 1; date < DATES; date++)
		assert_true(sc_change_plan(land, date, share));
}

static int inside_cells(const struct sc_land *land)
{
	int inside = 0;

	for (size_t i = 0; i < sc_land_cells(land); i++)
		inside += land->inside[i] > 0;
	return inside;
}

static int changed_cells(const struct sc_land *land, int date)
{
	int changed = 0;

	for (int row = 0; row < land->rows; row++)
		for (int col = 0; col < land->cols; col++)
			changed += sc_changed(land, date, row, col);
	return changed;
}

static void as_much_as_asked(void **state)
{
	static const double shares[] = {0.0, 0.02, 0.05, 0.2};

	(void)state;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		for (uint32_t seed = 1; seed < 6; seed++) {
			struct sc_land land;

			plan(&land, 30, 20, seed, shares[i]);
			for (int date = 1; date < DATES; date++)
				assert_int_equal(changed_cells(&land, date), lround(shares[i] * inside_cells(&land)));
			sc_land_release(&land);
		}
	}
}

static void towns_stay_and_outside_sleeps(void **state)
{
	struct sc_land land;

	(void)state;
	plan(&land, 30, 30, 8, 0.15);
	for (int date = 1; date < DATES; date++) {
		for (int row = 0; row < land.rows; row++) {
			for (int col = 0; col < land.cols; col++) {
				const enum sc_style before = sc_land_style(&land, date - 1, row, col);
				const enum sc_style after = sc_land_style(&land, date, row, col);

				if (sc_style_class(before) == SC_DEVELOPED ||
				    land.inside[sc_land_at(&land, row, col)] < 200)
					assert_int_equal(before, after);
				if (before != after)
					assert_true(sc_changed(&land, date, row, col));
			}
		}
	}
	sc_land_release(&land);
}

static void no_process_left_is_no_endless_loop(void **state)
{
	struct sc_land land;

	(void)state;
	assert_true(sc_land_init(&land, 5, 5, 2, 224, 1));
	memset(land.style, SC_MEDIUM, sc_land_cells(&land));
	assert_true(sc_change_plan(&land, 1, 0.5));
	assert_int_equal(changed_cells(&land, 1), 0);
	sc_land_release(&land);
}

static void every_changed_cell_is_listed(void **state)
{
	static const char names[DATES][SC_DATE_BYTES] = {"2001", "2006", "2011", "2016"};
	char folder[64], path[96], line[256];
	int listed[DATES] = {0};
	struct sc_land land;
	FILE *file;

	(void)state;
	plan(&land, 20, 20, 3, 0.1);
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/change.csv", folder);
	assert_true(sc_changes_write(&land, names, path));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "row,col,from,to,from_date,to_date,from_style,to_style\n");
	while (fgets(line, sizeof(line), file)) {
		int row, col, from, to, from_date, to_date, date = 1;

		assert_int_equal(sscanf(line, "%d,%d,%d,%d,%d,%d", &row, &col, &from, &to, &from_date, &to_date), 6);
		while (atoi(names[date]) != to_date)
			assert_true(++date < DATES);
		assert_int_equal(from_date, atoi(names[date - 1]));
		assert_int_equal(from, sc_land_class(&land, date - 1, row, col));
		assert_int_equal(to, sc_land_class(&land, date, row, col));
		assert_int_not_equal(from, to);
		listed[date]++;
	}
	fclose(file);
	for (int date = 1; date < DATES; date++)
		assert_int_equal(listed[date], changed_cells(&land, date));
	remove(path);
	remove(folder);
	sc_land_release(&land);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_much_as_asked),
		cmocka_unit_test(towns_stay_and_outside_sleeps),
		cmocka_unit_test(no_process_left_is_no_endless_loop),
		cmocka_unit_test(every_changed_cell_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
