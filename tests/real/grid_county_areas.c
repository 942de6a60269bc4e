/*
 * job_county_areas.c: real counties in every kind of CRS: cells add up to the county, and the CRSs agree.
 *
 * Hampshire and Middlesex, Massachusetts, and Stutsman, North Dakota, in Albers, UTM, state plane feet,
 * degrees and Web Mercator. Sums must meet the county's geodesic area to 1e-6, and the five areas
 * of one county each other to 1e-4 (they do to 1e-8).
 */
#include "base/memory.h"
#include "grid/area_sum.h"
#include "grid/cell_area.h"
#include "grid/grid.h"
#include "grid/ground.h"
#include "raster/crs.h"
#include "support/near.h"
#include "support/real_data.h"

struct kind {
	const char *crs;
	double metres; /* in one unit, about */
};

/* The county's geodesic area in the CRS, having checked the sum over cells of about 'side_m' metres. */
static double area_in(const char *boundary, const struct kind *kind, double side_m)
{
	const struct lu_county_source source = {.boundary = boundary};
	struct lu_error err = {0};
	struct lu_polygon county;
	struct lu_ground ground;
	struct lu_grid grid;
	lu_area_sum covered = 0;
	double *area_m2;
	char *wkt, *name;

	check_ok(lu_crs_normalise(kind->crs, &wkt, &err), err);
	check_ok(lu_county_polygon(&source, wkt, &county, &name, &err), err);
	const struct lu_grid_options options = {.crs_wkt = wkt,
						.resolution = {side_m / kind->metres, side_m / kind->metres},
						.has_origin = true,
						.chip_px = 1,
						.stride_px = 1,
						.extent = lu_polygon_box(&county)};
	check_ok(lu_grid_make(&options, &grid, &err), err);
	check_ok(lu_ground_make(&county, &grid.cells, &ground, &err), err);
	check_ok(lu_alloc(&area_m2, (size_t)grid.cells.width, sizeof(*area_m2), "row", &err), err);
	for (int64_t row = 0; row < grid.cells.height; row++) {
		check_ok(lu_cell_area_row(ground.coverage, ground.meter, row, grid.cells.width, area_m2, &err), err);
		for (int64_t col = 0; col < grid.cells.width; col++)
			covered += lu_area_units(area_m2[col]);
	}
	const double area = ground.county_m2;

	print_message("%-10s %-11s %5.0f m: %7lld cells, %14.4f ha, off by %8.1e\n", name, kind->crs, side_m,
		      (long long)lu_coverage_cells(ground.coverage), area / 1e4, lu_area_m2(covered) / area - 1);
	check_close(lu_area_m2(covered), area, 1e-6);
	lu_free(area_m2);
	lu_ground_release(&ground);
	lu_grid_release(&grid);
	lu_free(wkt);
	lu_free(name);
	return area;
}

static void real_counties_reconcile(void **state)
{
	(void)state;
	static const struct {
		const char *file;
		struct kind utm, state_plane;
	} counties[] = {
		{"us_counties/county_25015.geojson", {"EPSG:26918", 1}, {"EPSG:2249", 0.3048006096}},
		{"us_counties/county_25017.geojson", {"EPSG:26919", 1}, {"EPSG:2249", 0.3048006096}},
		{"us_counties/county_38093.geojson", {"EPSG:26914", 1}, {"EPSG:2266", 0.3048}},
	};
	const double sides[] = {100, 224, 7000};

	for (size_t c = 0; c < 3; c++) {
		const struct kind kinds[] = {{"EPSG:5070", 1},
					     counties[c].utm,
					     counties[c].state_plane,
					     {"EPSG:4326", 111e3},
					     {"EPSG:3857", 1}};
		char path[1024];
		double first = 0;

		real_path(path, counties[c].file);
		for (size_t k = 0; k < 5; k++) {
			for (size_t s = 0; s < 3; s++) {
				const double area = area_in(path, &kinds[k], sides[s]);

				first = first > 0 ? first : area;
				check_close(area, first, 1e-4);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(real_counties_reconcile)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
