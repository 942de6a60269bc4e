/*
 * test_cell_area.c: cells add up to the county, in every kind of CRS and at every cell size.
 *
 * One piece of ground, a ragged outline with a lake near Northampton, Massachusetts, is carried to
 * five CRSs. In each, the cells' areas must add up to the outline's geodesic area there to 1e-6,
 * and the five areas must agree.
 */
#include "grid/cell_area.h"

#include <time.h>

#include "base/memory.h"
#include "grid/area_sum.h"
#include "grid/grid.h"
#include "raster/crs.h"
#include "raster/transform.h"
#include "support/near.h"

enum { SHORE = 360, LAKE = 40 };

static enum lu_status to_lonlat(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	return lu_transform_points(user, points, count, err);
}

/* The outline in degrees; vertices some 300 m apart, so that straight lines in each CRS are the same ground. */
static void outline(struct lu_point *shore, struct lu_point *lake)
{
	uint64_t random = 11;

	for (int i = 0; i < SHORE; i++) {
		const double turn = 2 * 3.14159265358979323846 * i / SHORE;
		const double r = 0.17 + 0.02 * sin(9 * turn) + 0.002 * next_uniform(&random);

		shore[i] = (struct lu_point){-72.7 + 1.3 * r * cos(turn), 42.3 + r * sin(turn)};
	}
	for (int i = 0; i < LAKE; i++) {
		const double turn = -2 * 3.14159265358979323846 * i / LAKE;

		lake[i] = (struct lu_point){-72.68 + 0.03 * cos(turn), 42.31 + 0.02 * sin(turn)};
	}
}

/* The sum of all cells' areas, row by row, in the whole numbers that areas are added in. */
static enum lu_status sum_cells(const struct lu_coverage *coverage, const struct lu_frame *cells,
				const struct lu_geodesy *geodesy, double *sum_m2, struct lu_error *err)
{
	struct lu_cell_meter *meter = NULL;
	double *row = NULL;
	lu_area_sum sum = 0;
	enum lu_status status = lu_alloc(&row, (size_t)cells->width, sizeof(*row), "a row of areas", err);

	if (status == LU_OK)
		status = lu_cell_meter_new(geodesy, cells, &meter, err);
	for (int64_t y = 0; y < cells->height && status == LU_OK; y++) {
		status = lu_cell_area_row(coverage, meter, y, cells->width, row, err);
		for (int64_t x = 0; x < cells->width && status == LU_OK; x++)
			sum += lu_area_units(row[x]);
	}
	*sum_m2 = lu_area_m2(sum);
	lu_cell_meter_free(meter);
	lu_free(row);
	return status;
}

/* Area of the outline in 'crs', checked to be the sum of cells of 'side' CRS units. */
static double area_in(const char *crs, double side)
{
	struct lu_point shore[SHORE], lake[LAKE];
	struct lu_ring rings[] = {{shore, SHORE}, {lake, LAKE}};
	const struct lu_polygon county = {rings, 2};
	struct lu_error err = {0};
	struct lu_transform *there, *back;
	struct lu_coverage *coverage;
	struct lu_grid grid;
	char *lonlat, *wkt;
	double inverse_flattening, covered_m2, area;
	struct timespec start, end;

	check_ok(lu_crs_normalise("EPSG:4269", &lonlat, &err), err);
	check_ok(lu_crs_normalise(crs, &wkt, &err), err);
	check_ok(lu_transform_new(lonlat, wkt, &there, &err), err);
	check_ok(lu_transform_new(wkt, NULL, &back, &err), err);
	outline(shore, lake);
	check_ok(lu_transform_points(there, shore, SHORE, &err), err);
	check_ok(lu_transform_points(there, lake, LAKE, &err), err);

	struct lu_geodesy geodesy = {.to_lonlat = to_lonlat, .user = back};
	check_ok(lu_crs_ellipsoid(wkt, &geodesy.a_m, &inverse_flattening, &err), err);
	geodesy.f = 1.0 / inverse_flattening;

	const struct lu_grid_options options = {.crs_wkt = wkt,
						.resolution = {side, side},
						.has_origin = true,
						.chip_px = 1,
						.stride_px = 1,
						.extent = lu_polygon_box(&county)};
	check_ok(lu_grid_make(&options, &grid, &err), err);
	check_ok(lu_coverage_new(&county, &grid.cells, &coverage, &err), err);
	clock_gettime(CLOCK_MONOTONIC, &start);
	check_ok(sum_cells(coverage, &grid.cells, &geodesy, &covered_m2, &err), err);
	clock_gettime(CLOCK_MONOTONIC, &end);
	check_ok(lu_geodesic_area(&geodesy, &county, &area, &err), err);
	print_message("%-11s %8g units: %7lld cells %12.4f ha, off by %8.1e, %.2f s\n", crs, side,
		      (long long)lu_coverage_cells(coverage), area / 1e4, covered_m2 / area - 1,
		      (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9);
	check_close(covered_m2, area, 1e-6);
	lu_coverage_free(coverage);
	lu_grid_release(&grid);
	lu_transform_free(there);
	lu_transform_free(back);
	lu_free(wkt);
	lu_free(lonlat);
	return area;
}

static void cells_add_up_to_the_county(void **state)
{
	(void)state;
	static const struct {
		const char *crs;
		double metres;
	} cases[] = {
		{"EPSG:5070", 1}, /* Albers */
		{"EPSG:26918", 1}, /* UTM zone 18 */
		{"EPSG:2249", 0.3048006096}, /* Massachusetts Mainland, US survey feet */
		{"EPSG:4269", 111e3}, /* degrees */
		{"EPSG:3857", 1}, /* Web Mercator: 1.35 units a metre here */
	};
	const double sides[] = {60, 224, 1000, 7000};
	double first = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t s = 0; s < sizeof(sides) / sizeof(sides[0]); s++) {
			const double area = area_in(cases[i].crs, sides[s] / cases[i].metres);

			first = first > 0 ? first : area;
			check_close(area, first, 1e-8);
		}
	}
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	struct lu_point shore[SHORE], lake[LAKE];
	struct lu_ring rings[] = {{shore, SHORE}, {lake, LAKE}};
	const struct lu_polygon county = {rings, 2};
	const struct lu_frame cells = {.transform = {-73, 0.1, 0, 42.6, 0, -0.1}, .width = 6, .height = 6};
	struct lu_error err = {0};
	struct lu_coverage *coverage;
	struct lu_transform *back;
	char *wkt;
	enum lu_status status = LU_ERROR_MEMORY;

	outline(shore, lake);
	check_ok(lu_crs_normalise("EPSG:4269", &wkt, &err), err);
	check_ok(lu_transform_new(wkt, NULL, &back, &err), err);
	check_ok(lu_coverage_new(&county, &cells, &coverage, &err), err);
	const struct lu_geodesy geodesy = {to_lonlat, back, 6378137, 1 / 298.257222101};

	for (long n = 0; status != LU_OK; n++) {
		double sum_m2;

		assert_true(n < 100);
		lu_memory_fail_after(n);
		status = sum_cells(coverage, &cells, &geodesy, &sum_m2, &err);
		lu_memory_fail_after(-1);
	}
	lu_coverage_free(coverage);
	lu_transform_free(back);
	lu_free(wkt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_add_up_to_the_county),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
