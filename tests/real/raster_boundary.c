/*
 * raster_boundary.c: real county outlines: one of 3,221 by its number, and the same from a file of its own.
 */
#include "../raster/make.h"

#include <math.h>

#include "base/file.h"
#include "base/geometry.h"
#include "raster/boundary.h"
#include "raster/crs.h"
#include "support/near.h"
#include "support/real_data.h"

static const char *folder;

static double area_of(const char *name, const char *where, const char *crs, char **label)
{
	char path[1024];
	struct lu_boundary_options options = {.path = path, .where = where};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	char *target;
	double area;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	check_ok(lu_crs_normalise(crs, &target, &err), err);
	options.crs_wkt_target = target;
	check_ok(lu_boundary_read(&options, &polygon, label, &err), err);
	area = lu_polygon_area(&polygon);
	lu_polygon_release(&polygon);
	lu_free(target);
	return area;
}

static void one_of_all_counties(void **state)
{
	char *name;
	const double alone = area_of("us_counties/county_25015.geojson", NULL, "EPSG:5070", NULL);
	const double chosen =
		area_of("us_counties/geojson-counties-fips.json", "GEO_ID = '0500000US25015'", "EPSG:5070", &name);

	(void)state;
	assert_string_equal(name, "Hampshire");
	lu_free(name);
	check_close(chosen, alone, 1e-12);
	/* CENSUSAREA is 527.255 square miles of land; water and a simplified outline make up the rest. */
	check_close(alone, 527.255 * 2589988.11, 0.05);
}

static void latin_1_names(void **state)
{
	char *name;

	(void)state;
	area_of("us_counties/geojson-counties-fips.json", "GEO_ID = '0500000US35013'", "EPSG:5070", &name);
	/* Latin-1 in the file, UTF-8 here. */
	assert_string_equal(name, "Do\xc3\xb1"
				  "a Ana");
	lu_free(name);
}

static void a_state_is_the_sum_of_its_counties(void **state)
{
	const double whole = area_of("us_counties/geojson-counties-fips.json", "STATE = '44'", "EPSG:5070", NULL);
	double sum = 0;

	(void)state;
	for (int county = 1; county <= 9; county += 2) {
		char where[64];

		snprintf(where, sizeof(where), "GEO_ID = '0500000US44%03d'", county);
		sum += area_of("us_counties/geojson-counties-fips.json", where, "EPSG:5070", NULL);
	}
	/* Edges are followed at points of their own after the union, and slivers may close. */
	check_close(whole, sum, 1e-6);
}

static void the_scenarios_county(void **state)
{
	char *name;
	const double albers = area_of("scenario_hampshire/county.geojson", NULL, "EPSG:5070", &name);
	const double utm = area_of("scenario_hampshire/county.geojson", NULL, "EPSG:26918", NULL);

	(void)state;
	assert_string_equal(name, "Sample county");
	lu_free(name);
	assert_true(albers > 5e6 && albers < 4480.0 * 4480.0);
	/* UTM's scale is within 0.9996 and 1.0004 here. */
	check_close(utm, albers, 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_all_counties),
		cmocka_unit_test(latin_1_names),
		cmocka_unit_test(a_state_is_the_sum_of_its_counties),
		cmocka_unit_test(the_scenarios_county),
	};

	folder = getenv("LANDUSE_TEST_DATA");
	if (folder == NULL || folder[0] == '\0')
		folder = "../shared/data";
	if (!lu_folder_exists(folder)) {
		printf("skipped: no test data (%s)\n", folder);
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
