/* test_grid.c: the analysis grid covers the county, on one lattice, and refuses nonsense. */
#include "grid/grid.h"

#include "base/memory.h"
#include "support/near.h"

static char crs[] = "PROJCRS[\"somewhere\"]";

/* Imagery of 1 m, corner at (100000, 500000); 224 px chips; a county from (100300, 498900) to (101000, 499700). */
static struct lu_frame imagery(void)
{
	return (struct lu_frame){
		.crs_wkt = crs, .transform = {100000, 1, 0, 500000, 0, -1}, .width = 5000, .height = 4000};
}

static struct lu_grid_options options(const struct lu_frame *frame)
{
	return (struct lu_grid_options){
		.imagery = frame, .chip_px = 224, .stride_px = 224, .extent = {100300, 498900, 101000, 499700}};
}

static void covers_the_county_from_the_imagery_corner(void **state)
{
	(void)state;
	const struct lu_frame frame = imagery();
	const struct lu_grid_options o = options(&frame);
	struct lu_error err = {0};
	struct lu_grid grid;

	check_ok(lu_grid_make(&o, &grid, &err), err);
	assert_string_equal(grid.cells.crs_wkt, crs);
	assert_string_equal(grid.pixels.crs_wkt, crs);
	/* Columns 1..4 (100224 to 101120), rows 1..4 (499776 to 498880). */
	check_near(grid.cells.transform[0], 100224, 0);
	check_near(grid.cells.transform[3], 499776, 0);
	check_near(grid.cells.transform[1], 224, 0);
	check_near(grid.cells.transform[5], -224, 0);
	assert_int_equal(grid.cells.width, 4);
	assert_int_equal(grid.cells.height, 4);
	check_near(grid.pixels.transform[1], 1, 0);
	assert_int_equal(grid.pixels.width, 4 * 224);
	assert_int_equal(grid.pixels.height, 4 * 224);
	lu_grid_release(&grid);
	lu_grid_release(&grid);
	lu_grid_release(NULL);
}

static void options_override_the_imagery(void **state)
{
	(void)state;
	struct lu_grid_options o = {.crs_wkt = crs,
				    .resolution = {0.5, 0.5},
				    .origin = {7, 3},
				    .has_origin = true,
				    .chip_px = 10,
				    .stride_px = 4,
				    .extent = {-1, -1, 1, 1}};
	struct lu_error err = {0};
	struct lu_grid grid;

	check_ok(lu_grid_make(&o, &grid, &err), err);
	check_near(grid.cells.transform[0], -1, 0);
	check_near(grid.cells.transform[3], 1, 0);
	assert_int_equal(grid.cells.width, 1);
	assert_int_equal(grid.cells.height, 1);
	lu_grid_release(&grid);
}

static void an_extent_on_cell_lines_adds_no_cell(void **state)
{
	(void)state;
	const struct lu_frame frame = imagery();
	struct lu_grid_options o = options(&frame);
	struct lu_error err = {0};
	struct lu_grid grid;

	o.extent = (struct lu_box){100224 - 1e-8, 499776 - 448 - 1e-8, 100448 + 1e-8, 499776 + 1e-8};
	check_ok(lu_grid_make(&o, &grid, &err), err);
	assert_int_equal(grid.cells.width, 1);
	assert_int_equal(grid.cells.height, 2);
	check_near(grid.cells.transform[0], 100224, 0);
	lu_grid_release(&grid);
}

static void rotated_pixels_give_the_square_of_equal_area(void **state)
{
	(void)state;
	struct lu_frame frame = imagery();
	const struct lu_grid_options o = options(&frame);
	struct lu_error err = {0};
	struct lu_grid grid;

	frame.transform[1] = 3, frame.transform[2] = 4;
	frame.transform[4] = 4, frame.transform[5] = -3;
	check_ok(lu_grid_make(&o, &grid, &err), err);
	check_near(grid.pixels.transform[1], 5, 1e-12);
	lu_grid_release(&grid);
}

static void chips_are_centred_on_their_cells(void **state)
{
	(void)state;
	struct lu_grid grid = {.chip_px = 224, .step_px = {224, 224}};
	struct lu_rect chip = lu_grid_chip(&grid, 2, 3);

	assert_int_equal(chip.x, 672);
	assert_int_equal(chip.y, 448);
	assert_int_equal(chip.width, 224);
	grid.step_px[0] = grid.step_px[1] = 64; /* chips overlap and the first one begins 80 px before the frame */
	chip = lu_grid_chip(&grid, 0, 1);
	assert_int_equal(chip.x, 64 - 80);
	assert_int_equal(chip.y, -80);
	grid.step_px[0] = grid.step_px[1] = 300; /* gaps */
	assert_int_equal(lu_grid_chip(&grid, 0, 0).x, 38);
	grid.step_px[0] = grid.step_px[1] = 223; /* odd: towards the upper left, above and below zero alike */
	assert_int_equal(lu_grid_chip(&grid, 0, 0).x, -1);
	grid.step_px[0] = grid.step_px[1] = 225;
	assert_int_equal(lu_grid_chip(&grid, 0, 0).x, 0);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	const struct lu_frame frame = imagery();
	struct lu_error err = {0};
	struct lu_grid grid;
	struct lu_grid_options o = options(&frame);

	o.resolution[0] = -1;
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "resolution -1");
	o.resolution[0] = NAN;
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "resolution");
	o = options(&frame);
	o.resolution[0] = o.resolution[1] = 1e-5; /* degrees meant, metres got */
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "CRS's units");
	o = options(&frame);
	o.chip_px = 0;
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "at least 1");
	o = options(&frame);
	o.extent.max_x = o.extent.min_x;
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "empty");
	o.extent.max_x = INFINITY;
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "not finite");
	o = options(&frame);
	o.has_origin = true;
	o.origin[0] = 1e300;
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "origin");
	o = options(NULL);
	check_fails(lu_grid_make(&o, &grid, &err), LU_ERROR_ARGUMENT, err, "without imagery");
	lu_grid_release(&grid); /* a refused grid is empty */
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	const struct lu_frame frame = imagery();
	const struct lu_grid_options o = options(&frame);
	struct lu_error err = {0};
	struct lu_grid grid;
	enum lu_status status = LU_ERROR_MEMORY;

	for (long n = 0; status != LU_OK; n++) {
		assert_true(n < 10);
		lu_memory_fail_after(n);
		status = lu_grid_make(&o, &grid, &err);
		lu_memory_fail_after(-1);
		lu_grid_release(&grid);
	}
}

/* Whatever the stride, every chip lies in the reach, and touches its edge at the corners of the grid. */
static void the_reach_holds_every_chip(void **state)
{
	(void)state;
	const struct lu_frame frame = imagery();
	const int strides[] = {1, 56, 57, 223, 224, 300};
	for (size_t i = 0; i < sizeof(strides) / sizeof(strides[0]); i++) {
		struct lu_grid_options o = options(&frame);
		struct lu_grid grid;
		struct lu_error err = {0};
		o.chip_px = 224;
		o.stride_px = strides[i];
		o.extent = (struct lu_box){frame.transform[0], frame.transform[3] + 600 * frame.transform[5],
					   frame.transform[0] + 600 * frame.transform[1], frame.transform[3]};
		check_ok(lu_grid_make(&o, &grid, &err), err);
		const struct lu_frame reach = lu_grid_reach(&grid);
		const int overhang = lu_grid_overhang(&grid);
		const struct lu_rect first = lu_grid_chip(&grid, 0, 0);
		const struct lu_rect last = lu_grid_chip(&grid, grid.cells.height - 1, grid.cells.width - 1);
		assert_int_equal(overhang, first.x < 0 ? -first.x : 0);
		assert_true(last.x + last.width + overhang <= reach.width);
		assert_true(last.y + last.height + overhang <= reach.height);
		assert_float_equal(reach.transform[0] + overhang * reach.transform[1], grid.pixels.transform[0], 1e-6);
		assert_float_equal(reach.transform[3] + overhang * reach.transform[5], grid.pixels.transform[3], 1e-6);
		lu_grid_release(&grid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reach_holds_every_chip),
		cmocka_unit_test(covers_the_county_from_the_imagery_corner),
		cmocka_unit_test(options_override_the_imagery),
		cmocka_unit_test(an_extent_on_cell_lines_adds_no_cell),
		cmocka_unit_test(rotated_pixels_give_the_square_of_equal_area),
		cmocka_unit_test(chips_are_centred_on_their_cells),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
