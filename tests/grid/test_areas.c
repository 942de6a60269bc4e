/* test_areas.c: areas on the ellipsoid against published figures and against each other. */
#include "grid/areas.h"

#include "base/memory.h"
#include "grid/ring_area.h"
#include "support/near.h"

#define WGS84_A 6378137.0
#define WGS84_F (1.0 / 298.257223563)
#define PI 3.14159265358979323846

static enum lu_status already_degrees(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	(void)points;
	(void)count;
	(void)err;
	++*(int *)user;
	return LU_OK;
}

/* Web Mercator (EPSG:3857): spherical formulas, coordinates on the WGS 84 ellipsoid. */
static enum lu_status from_web_mercator(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	(void)user;
	(void)err;
	for (size_t i = 0; i < count; i++) {
		points[i].x = points[i].x / WGS84_A * 180 / PI;
		points[i].y = atan(sinh(points[i].y / WGS84_A)) * 180 / PI;
	}
	return LU_OK;
}

static enum lu_status no_image(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	(void)user;
	(void)err;
	for (size_t i = 0; i < count; i++)
		points[i].x = points[i].y = NAN;
	return LU_OK;
}

static int calls;
static const struct lu_geodesy degrees = {already_degrees, &calls, WGS84_A, WGS84_F};
static const struct lu_geodesy mercator = {from_web_mercator, NULL, WGS84_A, WGS84_F};

/* Polygons and figures of the test suite that GeographicLib and PROJ ship (Planimeter 0). */
static void published_geodesic_polygons(void **state)
{
	(void)state;
	const struct lu_point cap[] = {{0, 89}, {90, 89}, {180, 89}, {270, 89}};
	const struct lu_point diamond[] = {{-1, 0}, {0, -1}, {1, 0}, {0, 1}};
	const struct lu_point octant[] = {{0, 90}, {0, 0}, {90, 0}};

	check_near(lu_geodesic_ring_area(cap, 4, WGS84_A, WGS84_F), 24952305678.0, 1);
	check_near(lu_geodesic_ring_area(diamond, 4, WGS84_A, WGS84_F), 24619419146.0, 1);
	check_near(lu_geodesic_ring_area(octant, 3, WGS84_A, WGS84_F), 63758202715511.0, 1);
}

static void equal_area_knows_the_whole_earth(void **state)
{
	(void)state;
	struct lu_point corners[] = {{-180, -90}, {180, 90}};

	lu_equal_area_project(WGS84_A, WGS84_F, corners, 2);
	/* C. F. F. Karney 2013: the area of the WGS 84 ellipsoid is 510 065 621.724 km^2. */
	check_close((corners[1].x - corners[0].x) * (corners[1].y - corners[0].y), 510065621.724e6, 1e-11);

	struct lu_point sphere[] = {{-180, -90}, {180, 90}};
	lu_equal_area_project(1, 0, sphere, 2);
	check_close((sphere[1].x - sphere[0].x) * (sphere[1].y - sphere[0].y), 4 * PI, 1e-14);
}

/* A parallel between two longitudes is not a geodesic: the polygon must follow it, not cut across. */
static void edges_are_straight_in_their_own_crs(void **state)
{
	(void)state;
	struct lu_point box[] = {{-73, 42}, {-72, 42}, {-72, 43}, {-73, 43}};
	struct lu_ring ring = {box, 4};
	const struct lu_polygon polygon = {&ring, 1};
	struct lu_point corners[] = {{-73, 42}, {-72, 43}};
	struct lu_error err = {0};
	double area;

	lu_equal_area_project(WGS84_A, WGS84_F, corners, 2);
	const double exact = (corners[1].x - corners[0].x) * (corners[1].y - corners[0].y);
	check_ok(lu_geodesic_area(&degrees, &polygon, &area, &err), err);
	check_close(area, exact, 1e-8);
	/* By four corners alone the answer would be off by more than we promise. */
	assert_true(fabs(lu_geodesic_ring_area(box, 4, WGS84_A, WGS84_F) - exact) > 2e-6 * exact);
}

/* Cells of a lon/lat frame have a closed form: a lune between two parallels. */
static void cells_of_degrees_match_the_closed_form(void **state)
{
	(void)state;
	const double sides[] = {60 / 111e3, 224 / 111e3, 7000 / 111e3};

	for (size_t s = 0; s < 3; s++) {
		const double side = sides[s];
		const struct lu_frame frame = {.transform = {-73, side, 0, 43, 0, -side}, .width = 50, .height = 40};
		struct lu_error err = {0};
		struct lu_cell_meter *meter;
		double area[50], part[3];

		check_ok(lu_cell_meter_new(&degrees, &frame, &meter, &err), err);
		check_ok(lu_cell_meter_row(meter, 39, 0, 50, area, &err), err);
		struct lu_point corners[] = {{-73, 43 - 40 * side}, {-73 + side, 43 - 39 * side}};
		lu_equal_area_project(WGS84_A, WGS84_F, corners, 2);
		for (int i = 0; i < 50; i++)
			check_close(area[i], (corners[1].x - corners[0].x) * (corners[1].y - corners[0].y), 1e-9);
		/* A run that starts elsewhere gives the same cells, to the last bits of the longitude. */
		check_ok(lu_cell_meter_row(meter, 39, 20, 3, part, &err), err);
		check_close(part[1], area[21], 1e-9);
		check_ok(lu_cell_meter_row(meter, 39, 20, 0, part, &err), err);
		lu_cell_meter_free(meter);
	}
}

/* Cells of every size, whole and as polygons, against Karney's geodesics along the same densified sides. */
static void cells_match_geodesics(void **state)
{
	(void)state;
	const double sides[] = {60, 224, 1000, 7000};

	for (size_t s = 0; s < 4; s++) {
		const struct lu_frame frame = {
			.transform = {-8.1e6, sides[s], 0, 5.2e6, 0, -sides[s]}, .width = 9, .height = 9};
		struct lu_error err = {0};
		struct lu_cell_meter *meter;
		double area[9];

		check_ok(lu_cell_meter_new(&mercator, &frame, &meter, &err), err);
		for (int row = 0; row < 9; row++) {
			check_ok(lu_cell_meter_row(meter, row, 0, 9, area, &err), err);
			for (int col = 0; col < 9; col++) {
				const double x = -8.1e6 + col * sides[s], y = 5.2e6 - row * sides[s];
				struct lu_point box[] = {
					{x, y - sides[s]}, {x + sides[s], y - sides[s]}, {x + sides[s], y}, {x, y}};
				struct lu_ring ring = {box, 4};
				const struct lu_polygon polygon = {&ring, 1};
				double by_geodesics, by_polygon;

				check_ok(lu_geodesic_area(&mercator, &polygon, &by_geodesics, &err), err);
				check_ok(lu_cell_meter_polygon(meter, &polygon, &by_polygon, &err), err);
				/* Geodesic areas themselves are good to some 0.01 m^2. */
				check_near(area[col], by_geodesics, 0.01 + 1e-7 * by_geodesics);
				check_close(by_polygon, area[col], 1e-9);
			}
		}
		lu_cell_meter_free(meter);
	}
}

static void holes_are_subtracted(void **state)
{
	(void)state;
	struct lu_point shell[] = {{0, 40}, {2, 40}, {2, 41}, {0, 41}};
	struct lu_point hole[] = {{0, 40}, {0, 41}, {1, 41}, {1, 40}};
	struct lu_ring rings[] = {{shell, 4}, {hole, 4}};
	const struct lu_polygon both = {rings, 2}, alone = {rings, 1};
	const struct lu_frame frame = {.transform = {0, 0.01, 0, 41, 0, -0.01}, .width = 200, .height = 100};
	struct lu_error err = {0};
	struct lu_cell_meter *meter;
	double whole, half;

	check_ok(lu_geodesic_area(&degrees, &alone, &whole, &err), err);
	check_ok(lu_geodesic_area(&degrees, &both, &half, &err), err);
	check_close(half, whole / 2, 1e-9);
	check_ok(lu_cell_meter_new(&degrees, &frame, &meter, &err), err);
	check_ok(lu_cell_meter_polygon(meter, &both, &half, &err), err);
	check_close(half, whole / 2, 1e-7);
	lu_cell_meter_free(meter);
	check_ok(lu_geodesic_area(&degrees, &(struct lu_polygon){0}, &whole, &err), err);
	check_near(whole, 0, 0);
}

/* The Aleutians: longitudes jump from 180 to -180 inside a cell. */
static void the_date_line_is_no_obstacle(void **state)
{
	(void)state;
	struct lu_point here[] = {{10, 52}, {10.5, 52}, {10.5, 52.5}, {10, 52.5}};
	struct lu_point there[] = {{179.8, 52}, {-179.7, 52}, {-179.7, 52.5}, {179.8, 52.5}};
	double area_here = lu_geodesic_ring_area(here, 4, WGS84_A, WGS84_F);
	double area_there = lu_geodesic_ring_area(there, 4, WGS84_A, WGS84_F);
	const struct lu_frame frame = {.transform = {20.03e6, 1000, 0, 6.8e6, 0, -1000}, .width = 100, .height = 1};
	struct lu_error err = {0};
	struct lu_cell_meter *meter;
	double cells[100];

	check_close(area_there, area_here, 1e-9);
	/* Web Mercator's x passes half the equator (20 037 508 m) in the eighth cell. */
	check_ok(lu_cell_meter_new(&mercator, &frame, &meter, &err), err);
	check_ok(lu_cell_meter_row(meter, 0, 0, 100, cells, &err), err);
	for (int i = 1; i < 100; i++)
		check_close(cells[i], cells[0], 1e-9);
	lu_cell_meter_free(meter);
}

/* A row all round the earth, as world maps in degrees have it. */
static void a_row_may_go_round_the_earth(void **state)
{
	(void)state;
	const struct lu_frame frame = {.transform = {-180, 1, 0, 90, 0, -1}, .width = 360, .height = 180};
	struct lu_point corners[] = {{0, 47}, {1, 48}};
	struct lu_error err = {0};
	struct lu_cell_meter *meter;
	double cells[360];

	check_ok(lu_cell_meter_new(&degrees, &frame, &meter, &err), err);
	check_ok(lu_cell_meter_row(meter, 42, 0, 360, cells, &err), err);
	lu_equal_area_project(WGS84_A, WGS84_F, corners, 2);
	for (int i = 0; i < 360; i++)
		check_close(cells[i], (corners[1].x - corners[0].x) * (corners[1].y - corners[0].y), 1e-9);
	lu_cell_meter_free(meter);
}

/* Cells read from patches against the same cells by their own corners, from a metre to half a kilometre. */
static void patches_are_as_good_as_corners(void **state)
{
	(void)state;
	enum { WIDTH = 2500 };
	static const double sides[] = {1, 10, 30, 224, 450};
	static double by_patch[WIDTH], by_corners[WIDTH];

	for (size_t s = 0; s < 5; s++) {
		/* 5.2e6 is latitude 42, where a web mercator cell is 0.55 of what it says: no CRS in use bends more. */
		const struct lu_frame frame = {
			.transform = {-8.1e6, sides[s], 0, 5.2e6, 0, -sides[s]}, .width = WIDTH, .height = 3000};
		struct lu_error err = {0};
		struct lu_cell_meter *meter;
		double worst = 0, sum = 0, sum_by_corners = 0;

		check_ok(lu_cell_meter_new(&mercator, &frame, &meter, &err), err);
		for (int64_t row = 0; row < frame.height; row += 499) {
			check_ok(lu_cell_meter_row(meter, row, 0, WIDTH, by_patch, &err), err);
			check_ok(lu_cell_meter_row_by_corners(meter, row, 0, WIDTH, by_corners, &err), err);
			for (int i = 0; i < WIDTH; i++) {
				worst = fmax(worst, fabs(by_patch[i] / by_corners[i] - 1));
				sum += by_patch[i];
				sum_by_corners += by_corners[i];
			}
			/* A run that starts elsewhere gives the same bits: a cell has one area. */
			double part[3];
			check_ok(lu_cell_meter_row(meter, row, 1023, 3, part, &err), err);
			assert_memory_equal(part, by_patch + 1023, sizeof(part));
		}
		/* Corners of a cell of a metre are themselves good to some 1e-9 m, a patch's are 2 km apart. */
		if (worst > 1e-10 + 2e-8 / sides[s])
			print_message("cells of %g m: %g\n", sides[s], worst);
		assert_true(worst <= 1e-10 + 2e-8 / sides[s]);
		check_close(sum, sum_by_corners, 1e-10 + 2e-9 / sides[s]);
		lu_cell_meter_free(meter);
	}
}

static void points_without_an_image_are_an_error(void **state)
{
	(void)state;
	const struct lu_geodesy nowhere = {no_image, NULL, WGS84_A, WGS84_F};
	const struct lu_frame frame = {.transform = {0, 1, 0, 0, 0, -1}, .width = 1, .height = 1};
	const struct lu_frame rotated = {.transform = {0, 1, 1, 0, 1, -1}, .width = 1, .height = 1};
	struct lu_point box[] = {{0, 0}, {1, 0}, {1, 1}};
	struct lu_ring ring = {box, 3};
	struct lu_error err = {0};
	struct lu_cell_meter *meter;
	double area;

	check_fails(lu_geodesic_area(&nowhere, &(struct lu_polygon){&ring, 1}, &area, &err), LU_ERROR_ARGUMENT, err,
		    "longitude and latitude");
	check_fails(lu_cell_meter_new(&nowhere, &frame, &meter, &err), LU_ERROR_ARGUMENT, err,
		    "longitude and latitude");
	check_fails(lu_cell_meter_new(&degrees, &rotated, &meter, &err), LU_ERROR_ARGUMENT, err, "rotated");
	assert_null(meter);
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	const struct lu_frame frame = {.transform = {-73, 0.01, 0, 43, 0, -0.01}, .width = 5, .height = 4};
	struct lu_point box[] = {{-73, 42}, {-72, 42}, {-72, 43}};
	struct lu_ring ring = {box, 3};
	const struct lu_polygon polygon = {&ring, 1};
	enum lu_status status = LU_ERROR_MEMORY;

	for (long n = 0; status != LU_OK; n++) {
		struct lu_error err = {0};
		struct lu_cell_meter *meter = NULL;
		double area[5];

		assert_true(n < 30);
		lu_memory_fail_after(n);
		status = lu_geodesic_area(&degrees, &polygon, area, &err);
		if (status == LU_OK)
			status = lu_cell_meter_new(&degrees, &frame, &meter, &err);
		if (status == LU_OK)
			status = lu_cell_meter_row(meter, 0, 0, 5, area, &err);
		if (status == LU_OK)
			status = lu_cell_meter_polygon(meter, &polygon, area, &err);
		lu_memory_fail_after(-1);
		lu_cell_meter_free(meter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_geodesic_polygons),
		cmocka_unit_test(equal_area_knows_the_whole_earth),
		cmocka_unit_test(edges_are_straight_in_their_own_crs),
		cmocka_unit_test(cells_of_degrees_match_the_closed_form),
		cmocka_unit_test(cells_match_geodesics),
		cmocka_unit_test(holes_are_subtracted),
		cmocka_unit_test(the_date_line_is_no_obstacle),
		cmocka_unit_test(a_row_may_go_round_the_earth),
		cmocka_unit_test(patches_are_as_good_as_corners),
		cmocka_unit_test(points_without_an_image_are_an_error),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
