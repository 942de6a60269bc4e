/* test_date_grids.c: windows below cells, one grid a date; and what is said of a county that imagery covers in part. */
#include "grid/date_grids.h"

#include "base/memory.h"
#include "base/text_stream.h"
#include "grid/cover.h"
#include "support/near.h"

static char crs[] = "PROJCRS[\"somewhere\"]";

/* Cells of 'side' pixels of 1 m with chips of 'chip', over 400 x 400 m. */
static struct lu_grid cells_of(int side, int chip)
{
	const struct lu_frame frame = {.crs_wkt = crs, .transform = {0, 1, 0, 400, 0, -1}, .width = 400, .height = 400};
	const struct lu_grid_options options = {
		.imagery = &frame, .chip_px = chip, .stride_px = side, .extent = {0, 0, 400, 400}};
	struct lu_error err = {0};
	struct lu_grid grid;

	check_ok(lu_grid_make(&options, &grid, &err), err);
	return grid;
}

/* The county is the lower left quarter. */
static struct lu_point corners[] = {{0, 0}, {200, 0}, {200, 200}, {0, 200}};
static struct lu_ring ring = {.points = corners, .count = 4};
static const struct lu_ground ground = {.county = {.rings = &ring, .count = 1}};

static void a_window_is_a_cell(void **state)
{
	struct lu_grid cells = cells_of(100, 100);
	const struct lu_date_grids_request request = {
		.cells = &cells, .ground = &ground, .count = 3, .model = {100, 100}, .same_pixels = true};
	struct lu_date_grids grids;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_date_grids_make(&request, &grids, &err), err);
	assert_int_equal(grids.count, 3);
	assert_int_equal(grids.windows, 1);
	assert_null(grids.coverage);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(grids.dates[i].cells.width, 4);
		assert_int_equal(grids.dates[i].cells.height, 4);
		assert_int_equal(grids.dates[i].chip_px, 100);
	}
	lu_date_grids_release(&grids);
	lu_date_grids_release(&grids);
	lu_grid_release(&cells);
}

/* Cells of 100 m and chips of 50: four windows a cell; of 104 m, too, which lack a twentieth; of 106 m nine. */
static void large_cells_are_divided(void **state)
{
	static const struct {
		int side, windows;
	} cases[] = {{100, 2}, {104, 2}, {106, 3}, {50, 1}, {30, 1}};
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_grid cells = cells_of(cases[i].side, 50);
		const struct lu_date_grids_request request = {.cells = &cells,
							      .ground = &ground,
							      .count = 1,
							      .model = {50, 50},
							      .same_pixels = true,
							      .divide = true};
		struct lu_date_grids grids;

		check_ok(lu_date_grids_make(&request, &grids, &err), err);
		assert_int_equal(grids.windows, cases[i].windows);
		assert_int_equal(grids.dates[0].cells.width, cells.cells.width * cases[i].windows);
		assert_int_equal(grids.coverage != NULL, cases[i].windows > 1);
		if (cases[i].side == 100) /* 200 x 200 m by windows of 50 m */
			assert_int_equal(lu_coverage_cells(grids.coverage), 16);
		lu_date_grids_release(&grids);
		lu_grid_release(&cells);
	}
}

static char *told(const struct lu_cover *cover)
{
	struct lu_text_stream stream;
	struct lu_error err = {0};
	char *text;

	check_ok(lu_text_begin(&stream, "a test", &err), err);
	lu_cover_print(stream.to, cover);
	check_ok(lu_text_finish(&stream, &text, &err), err);
	return text;
}

static void covers_are_told(void **state)
{
	static const struct {
		struct lu_cover cover;
		const char *text;
	} cases[] = {
		{{.share = 1}, "imagery covers all of the county"},
		{{.share = 0.99999, .places = 1, .largest_m2 = 2500, .where = "in the north"},
		 "imagery covers 99.9 % of the county; 1 place without imagery, 0.2 ha in the north"},
		{{.share = 0.5, .places = 3, .largest_m2 = 4.14e6, .where = "in the south-east"},
		 "imagery covers 50.0 % of the county; 3 places without imagery, the largest 4.1 km2 in the "
		 "south-east"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = told(&cases[i].cover);
		assert_string_equal(text, cases[i].text);
		lu_free(text);
	}
}

static void count_warning(void *user, enum lu_level level, const char *text)
{
	assert_int_equal(level, LU_LEVEL_WARNING);
	assert_non_null(strstr(text, "date 2010: imagery covers 40.0 %"));
	++*(int *)user;
}

static void little_cover_is_judged(void **state)
{
	struct lu_grid cells = cells_of(100, 100);
	struct lu_ground here = ground;
	struct lu_cover cover = {.share = 0.5, .places = 1, .where = "in the west", .reached = true};
	int warnings = 0;
	const struct lu_hooks hooks = {.user = &warnings, .log = count_warning};
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_coverage_new(&here.county, &cells.cells, &here.coverage, &err), err);
	check_ok(lu_cover_judge(&cover, &here, "date 2010: ", &hooks, &err), err);
	assert_int_equal(warnings, 0);
	cover.share = 0.4;
	check_ok(lu_cover_judge(&cover, &here, "date 2010: ", &hooks, &err), err);
	assert_int_equal(warnings, 1);
	cover.reached = false;
	check_fails(lu_cover_judge(&cover, &here, "date 2010: ", &hooks, &err), LU_ERROR_MISMATCH, err,
		    "date 2010: none of the county's 4 cells could be mapped");
	assert_int_equal(warnings, 1);
	lu_coverage_free(here.coverage);
	lu_grid_release(&cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_is_a_cell),
		cmocka_unit_test(large_cells_are_divided),
		cmocka_unit_test(covers_are_told),
		cmocka_unit_test(little_cover_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
