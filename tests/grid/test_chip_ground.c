/* test_chip_ground.c: chips show the same ground at every resolution and in every CRS, and dates share cells. */
#include <math.h>

#include "base/memory.h"
#include "grid/grid_over.h"
#include "landuse/types.h"
#include "raster/crs.h"
#include "support/near.h"

static const struct lu_chip_ground aerial = {224 * 0.3, 224};

static struct lu_chip_pixels find(const char *crs, struct lu_point at, double pixel)
{
	struct lu_chip_pixels found;
	struct lu_error err = {0};
	char *wkt;
	const double native[2] = {pixel, pixel};

	check_ok(lu_crs_normalise(crs, &wkt, &err), err);
	check_ok(lu_chip_pixels_find(&aerial, wkt, at, native, &found, &err), err);
	lu_free(wkt);
	return found;
}

static void every_resolution_shows_the_same_ground(void **state)
{
	(void)state;
	const struct lu_point here = {500000, 4600000};
	/* In the middle of a UTM zone a metre of the grid is 1.0004 m on the ground. */
	assert_int_equal(find("EPSG:26915", here, 0.3).chip_px, 224);
	assert_int_equal(find("EPSG:26915", here, 0.6).chip_px, 112);
	assert_int_equal(find("EPSG:26915", here, 1.0).chip_px, 67);
	assert_int_equal(find("EPSG:26915", here, 1.2).chip_px, 56);
	assert_int_equal(find("EPSG:26915", here, 0.2).chip_px, 336);
	/* A foot is shown as it is: 1.6 % are no reason to resample. */
	assert_int_equal(find("EPSG:26915", here, 0.3048).chip_px, 224);
	/* Of finer imagery no more is read than helps. */
	const struct lu_chip_pixels drone = find("EPSG:26915", here, 0.02);
	assert_int_equal(drone.chip_px, 448);
	check_near(drone.pixel[0], 0.15, 1e-4);
	/* Coarser than a chip: one pixel is still a chip. */
	assert_int_equal(find("EPSG:26915", here, 500).chip_px, 1);
}

static void projections_do_not_fool_it(void **state)
{
	(void)state;
	/* Web Mercator at 60 N: a unit is half a metre. */
	const struct lu_chip_pixels mercator = find("EPSG:3857", (struct lu_point){1000000, 8399738}, 0.6);
	assert_int_equal(mercator.chip_px, 224);
	check_near(mercator.pixel[0], 0.6, 0);
	check_near(mercator.pixel_m, 0.3, 0.002);
	/* 1e-5 degrees at 60 N: 0.56 m to the east, 1.11 m to the north; square pixels of the same area. */
	const struct lu_chip_pixels degrees = find("EPSG:4326", (struct lu_point){20, 60}, 1e-5);
	check_near(degrees.pixel[0] / degrees.pixel[1], 111.412 / 55.800, 1e-3);
	check_near(degrees.pixel[0] * degrees.pixel[1], 1e-10, 1e-14);
	assert_int_equal(degrees.chip_px, lround(67.2 / degrees.pixel_m));
	/* At the equator they are square as they are. */
	check_near(find("EPSG:4326", (struct lu_point){20, 0}, 1e-5).pixel[0], 1e-5, 0);
}

static void a_cell_of_metres_is_the_units_of_a_true_grid(void **state)
{
	(void)state;
	struct lu_error err = {0};
	double units[2];
	char *wkt;
	const struct {
		const char *crs;
		struct lu_point at;
		double x, slack;
	} cases[] = {{"EPSG:26915", {500000, 4600000}, 30, 0},
		     {"EPSG:2249", {230000, 880000}, 98.425, 1e-9}, /* US survey feet: 30 / 0.3048006096 */
		     {"EPSG:3857", {1000000, 8399738}, 60, 0.2}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check_ok(lu_crs_normalise(cases[i].crs, &wkt, &err), err);
		check_ok(lu_ground_units(wkt, cases[i].at, (const double[]){1, 1}, 30, units, &err), err);
		check_near(units[0], cases[i].x, cases[i].slack);
		lu_free(wkt);
	}
}

/* The cells that 1 m imagery gives, and the pixels of 0.6 m, of 1 m shifted by half a pixel, and of other imagery there. */
static void dates_share_cells_and_have_pixels_of_their_own(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_polygon county;
	struct lu_grid grid, other;
	char *wkt, *name;

	check_ok(lu_crs_normalise("EPSG:26915", &wkt, &err), err);
	struct lu_frame imagery = {
		.crs_wkt = wkt, .transform = {500000, 1, 0, 4600000, 0, -1}, .width = 670, .height = 300};
	const struct lu_grid_request request = {.ground = aerial};
	check_ok(lu_grid_over(&request, &imagery, &grid, &county, &name, &err), err);
	assert_int_equal(grid.chip_px, 67);
	check_near(grid.cells.transform[1], 67, 0);
	assert_int_equal(grid.cells.width, 10);
	assert_int_equal(grid.cells.height, 5);

	imagery.transform[0] += 0.5;
	check_ok(lu_grid_of_date(&grid, &imagery, &aerial, &other, &err), err);
	check_near(other.pixels.transform[0], 500000, 0); /* pixel (i, j) is the same ground */
	lu_grid_release(&other);

	imagery.transform[0] = 499990.3;
	imagery.transform[1] = 0.6;
	imagery.transform[5] = -0.6;
	check_ok(lu_grid_of_date(&grid, &imagery, &aerial, &other, &err), err);
	assert_int_equal(other.chip_px, 112);
	check_near(other.cells.transform[1], 67, 0);
	check_near(other.step_px[0], 67 / 0.6, 1e-9);
	/* Its own pixels: whole ones away from its corner. */
	const double away = (other.pixels.transform[0] - imagery.transform[0]) / 0.6;
	check_near(away, round(away), 1e-6);
	for (int64_t col = 0; col < 10; col++) {
		const struct lu_rect chip = lu_grid_chip(&other, 2, col);
		const double middle = other.pixels.transform[0] + 0.6 * ((double)chip.x + 56);
		assert_true(fabs(middle - (500000 + 67 * ((double)col + 0.5))) <= 0.6);
		assert_true(chip.x >= -lu_grid_overhang(&other));
		assert_true(chip.x + 112 <= other.pixels.width + lu_grid_overhang(&other));
	}
	lu_grid_release(&other);
	lu_grid_release(&grid);
	lu_polygon_release(&county);
	lu_free(wkt);
}

static enum lu_status grid_of_cells(double cell_m, int stride_px, struct lu_grid *grid, struct lu_error *err)
{
	struct lu_polygon county;
	char *wkt, *name;

	check_ok(lu_crs_normalise("EPSG:26915", &wkt, err), *err);
	const struct lu_frame imagery = {
		.crs_wkt = wkt, .transform = {500000, 1, 0, 4600000, 0, -1}, .width = 1000, .height = 300};
	const struct lu_grid_request request = {.ground = aerial, .cell_m = cell_m, .stride_px = stride_px};
	const enum lu_status status = lu_grid_over(&request, &imagery, grid, &county, &name, err);

	lu_polygon_release(&county);
	lu_free(wkt);
	return status;
}

static void cells_are_what_the_user_says(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_grid grid, windows;

	check_ok(grid_of_cells(16.5, 0, &grid, &err), err);
	check_near(grid.cells.transform[1], 16.5, 0);
	check_near(grid.step_px[0], 16.5, 0);
	assert_int_equal(grid.chip_px, 67);
	assert_int_equal(lu_grid_overhang(&grid), 26); /* (67 - 16.5) / 2, up */
	lu_grid_release(&grid);

	check_ok(grid_of_cells(224, 0, &grid, &err), err);
	check_ok(lu_grid_divide(&grid, 4, &windows, &err), err);
	check_near(windows.cells.transform[1], 56, 0);
	assert_int_equal(windows.cells.width, 4 * grid.cells.width);
	assert_int_equal(windows.chip_px, 67);
	lu_grid_release(&windows);
	lu_grid_release(&grid);

	check_fails(grid_of_cells(0.5, 0, &grid, &err), LU_ERROR_ARGUMENT, err, "smaller than a pixel of 1 m");
	check_fails(grid_of_cells(1500, 0, &grid, &err), LU_ERROR_ARGUMENT, err, "larger than the county");
	check_fails(grid_of_cells(30, 30, &grid, &err), LU_ERROR_ARGUMENT, err, "give .cell_m, or");
}

static void sizes_of_cells_are_read(void **state)
{
	(void)state;
	struct lu_error err = {0};
	double metres;
	const char *const bad[] = {"", "m", "-3m", "0", "67 ha", "67ft", "nan", "inf m", "1e9m", "67mm"};

	check_ok(lu_cell_parse("67m", &metres, &err), err);
	check_near(metres, 67, 0);
	check_ok(lu_cell_parse("16.8 m", &metres, &err), err);
	check_near(metres, 16.8, 0);
	check_ok(lu_cell_parse("30", &metres, &err), err);
	check_near(metres, 30, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_fails(lu_cell_parse(bad[i], &metres, &err), LU_ERROR_ARGUMENT, err, "such as 67m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_resolution_shows_the_same_ground),
		cmocka_unit_test(projections_do_not_fool_it),
		cmocka_unit_test(a_cell_of_metres_is_the_units_of_a_true_grid),
		cmocka_unit_test(dates_share_cells_and_have_pixels_of_their_own),
		cmocka_unit_test(cells_are_what_the_user_says),
		cmocka_unit_test(sizes_of_cells_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
