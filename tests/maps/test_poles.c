/*
 * test_poles.c: areas where the plane of longitudes and latitudes is torn: at the poles, across the 180th meridian and
 * round the whole earth.
 */
#include "base/memory.h"
#include "grid/area_sum.h"
#include "grid/areas.h"
#include "grid/ring_area.h"
#include "maps/transition.h"
#include "support/near.h"

#define PI 3.14159265358979323846
#define WGS84_A 6378137.0
#define WGS84_F (1.0 / 298.257223563)
#define EARTH_M2 510065621.724e6 /* Karney 2013 */

/* The azimuthal equal-area projection of a sphere about a pole: every cell has the area that it has on paper. */
static const double sphere_m = 6.4e6;
static bool north;

static enum lu_status from_equal_area(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	(void)user;
	(void)err;
	for (size_t i = 0; i < count; i++) {
		const double x = points[i].x, y = points[i].y, r = hypot(x, y);
		const double colatitude = 2 * asin(r / 2 / sphere_m) * 180 / PI;

		points[i].x = (north ? atan2(x, -y) : atan2(x, y)) * 180 / PI;
		points[i].y = north ? 90 - colatitude : colatitude - 90;
	}
	return LU_OK;
}

static enum lu_status as_they_are(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	(void)user;
	(void)points;
	(void)count;
	(void)err;
	return LU_OK;
}

static const struct lu_geodesy equal_area = {from_equal_area, NULL, 6.4e6, 0};
static const struct lu_geodesy degrees = {as_they_are, NULL, WGS84_A, WGS84_F};

/* Rows of 8 x 8 cells with the pole at column and row 'at' of the frame, at a corner, on a side or inside. */
static void s14_cells_at_a_pole_have_one_area(void **state)
{
	(void)state;
	static const double sides[] = {30, 1000, 5000, 100000}, places[] = {4, 3.5, 3.9999, 3.25};

	for (size_t s = 0; s < 4 * 4 * 4 * 2; s += s % 4 == 3 ? 17 : 1) {
		const double side = sides[s % 4], col = places[s / 4 % 4], row = places[s / 16 % 4];
		const struct lu_frame frame = {
			.transform = {-col * side, side, 0, row * side, 0, -side}, .width = 8, .height = 8};
		struct lu_error err = {0};
		struct lu_cell_meter *meter;
		double area[8], part, whole;

		north = s >= 64;
		check_ok(lu_cell_meter_new(&equal_area, &frame, &meter, &err), err);
		for (int y = 0; y < 8; y++) {
			check_ok(lu_cell_meter_row(meter, y, 0, 8, area, &err), err);
			for (int x = 0; x < 8; x++)
				check_close(area[x], side * side, 1e-9);
		}
		/* And as a polygon, by itself and by geodesics. */
		struct lu_point box[] = {{-side, -side}, {2 * side, -side}, {2 * side, side}, {-side, side}};
		struct lu_ring ring = {box, 4};
		const struct lu_polygon polygon = {&ring, 1};

		check_ok(lu_cell_meter_polygon(meter, &polygon, &part, &err), err);
		check_close(part, 6 * side * side, 1e-9);
		if (side < 1e5) {
			check_ok(lu_geodesic_area(&equal_area, &polygon, &whole, &err), err);
			check_near(whole, 6 * side * side, 0.1 + 1e-6 * side * side);
		}
		lu_cell_meter_free(meter);
	}
}

/* Most of the earth, counter-clockwise about one pole, and a hole in it. */
static void s14_more_than_half_of_the_earth(void **state)
{
	(void)state;
	struct lu_point box[] = {{-1.1e7, -4e6}, {1.1e7, -4e6}, {1.1e7, 4e6}, {-1.1e7, 4e6}};
	struct lu_ring ring = {box, 4};
	double part, whole;
	const struct lu_frame frame = {.transform = {0, 1e4, 0, 0, 0, -1e4}, .width = 8, .height = 8};
	struct lu_error err = {0};
	struct lu_cell_meter *meter;

	north = false;
	check_ok(lu_cell_meter_new(&equal_area, &frame, &meter, &err), err);
	check_ok(lu_cell_meter_polygon(meter, &(struct lu_polygon){&ring, 1}, &part, &err), err);
	check_close(part, 176e12, 1e-6);
	check_ok(lu_geodesic_area(&equal_area, &(struct lu_polygon){&ring, 1}, &whole, &err), err);
	check_close(whole, 176e12, 1e-6);
	lu_cell_meter_free(meter);
}

static void s14_world_maps_have_the_whole_earth(void **state)
{
	(void)state;
	const struct lu_frame frame = {.transform = {-180, 20, 0, 90, 0, -20}, .width = 18, .height = 9};
	struct lu_point box[] = {{-180, -90}, {180, -90}, {180, 90}, {-180, 90}};
	struct lu_ring ring = {box, 4};
	struct lu_transition *table;
	struct lu_error err = {0};
	struct lu_cell_meter *meter;
	uint16_t class[18];
	double cells[18], whole;

	for (int i = 0; i < 18; i++)
		class[i] = 5;
	check_ok(lu_geodesic_area(&degrees, &(struct lu_polygon){&ring, 1}, &whole, &err), err);
	check_close(whole, EARTH_M2, 1e-9);
	check_ok(lu_transition_new(NULL, 0, &table, &err), err);
	check_ok(lu_cell_meter_new(&degrees, &frame, &meter, &err), err);
	for (int row = 0; row < 9; row++) {
		check_ok(lu_cell_meter_row(meter, row, 0, 18, cells, &err), err);
		check_ok(lu_transition_add(table, class, class, cells, 18, &err), err);
	}
	/* 64 bits of 2^-20 m^2 would have wrapped 58 times. */
	check_close(lu_transition_total_m2(table), EARTH_M2, 1e-9);
	const int five = lu_transition_find(table, 5);
	check_close(lu_transition_area_m2(table, (size_t)five, (size_t)five), EARTH_M2, 1e-9);
	check_near(lu_area_m2(lu_area_units(9e13) + lu_area_units(9e13)), 1.8e14, 0);
	lu_transition_free(table);
	lu_cell_meter_free(meter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s14_cells_at_a_pole_have_one_area),
		cmocka_unit_test(s14_more_than_half_of_the_earth),
		cmocka_unit_test(s14_world_maps_have_the_whole_earth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
