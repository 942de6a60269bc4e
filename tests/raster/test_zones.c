/*
 * test_zones.c: named areas of a layer, gathered, cut to a county, and wrong ones told.
 */
#include "make.h"

#include "raster/crs.h"
#include "raster/zones.h"
#include "support/near.h"

/* Name, and a rectangle of a layer in degrees on the equator, where they are squares in the plane. */
#define TOWN(name, x0, y0, x1, y1)                                                                                     \
	"{\"type\":\"Feature\",\"properties\":{\"TOWN\":" name                                                         \
	"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" #x0 "," #y0 "],[" #x1 "," #y0 "],[" #x1 "," #y1     \
	"],[" #x0 "," #y1 "],[" #x0 "," #y0 "]]]}}"
#define LAYER(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static struct lu_point corners[] = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
static struct lu_ring ring = {corners, 4};
static const struct lu_polygon county = {&ring, 1};

static enum lu_status read_zones(const char *text, const char *where, struct lu_zone_shapes *out, struct lu_error *err)
{
	struct lu_error fault = {0};
	char *wkt;

	check_ok(lu_crs_normalise("OGC:CRS84", &wkt, &fault), fault);
	const struct lu_zones_options options = {
		.path = make_text("zones.geojson", text), .where = where, .name = "TOWN", .crs_wkt = wkt};
	const enum lu_status status = lu_zones_read(&options, &county, out, err);

	lu_free(wkt);
	return status;
}

static void zones_are_gathered_and_cut(void **state)
{
	(void)state;
	struct lu_zone_shapes zones;
	struct lu_error err = {0};

	check_ok(read_zones(LAYER(TOWN("\"B\"", 0, 0, 1, 1) "," TOWN("\"A\"", 1, 0, 3, 1) "," TOWN(
				    "\"B\"", 0, 1, 1, 4) "," TOWN("\"C\"", 5, 5, 6, 6)),
			    NULL, &zones, &err),
		 err);
	assert_int_equal(zones.count, 3);
	assert_string_equal(zones.zones[0].name, "B");
	check_near(lu_polygon_area(&zones.zones[0].whole), 4, 1e-9);
	check_near(lu_polygon_area(&zones.zones[0].inside), 2, 1e-9);
	assert_string_equal(zones.zones[1].name, "A");
	check_near(lu_polygon_area(&zones.zones[1].whole), 2, 1e-9);
	check_near(lu_polygon_area(&zones.zones[1].inside), 1, 1e-9);
	assert_int_equal(zones.zones[2].inside.count, 0);
	check_near(lu_polygon_area(&zones.together), 3, 1e-9);
	lu_zone_shapes_release(&zones);
}

/* Where zones overlap, what they cover together is less than their sum; a hole between them stays a hole. */
static void overlaps_count_once_together(void **state)
{
	(void)state;
	struct lu_zone_shapes zones;
	struct lu_error err = {0};

	check_ok(read_zones(LAYER(TOWN("\"south\"", 0, 0, 2, 0.5) "," TOWN("\"north\"", 0, 1.5, 2, 2) "," TOWN(
				    "\"west\"", 0, 0, 0.5, 2) "," TOWN("\"east\"", 1.5, 0, 2, 2)),
			    NULL, &zones, &err),
		 err);
	assert_int_equal(zones.count, 4);
	check_near(lu_polygon_area(&zones.together), 3, 1e-9);
	assert_int_equal(zones.together.count, 2);
	lu_zone_shapes_release(&zones);
}

static void mistakes_are_told(void **state)
{
	(void)state;
	static const char line[] =
		LAYER("{\"type\":\"Feature\",\"properties\":{\"TOWN\":\"Road\"},\"geometry\":{\"type\":"
		      "\"LineString\",\"coordinates\":[[0,0],[1,1]]}}");
	static const struct {
		const char *text, *where;
		enum lu_status status;
		const char *words;
	} cases[] = {
		{LAYER(TOWN("\"A\"", 0, 0, 1, 1) "," TOWN("null", 1, 1, 2, 2)), NULL, LU_ERROR_ARGUMENT,
		 "feature 1 has no TOWN"},
		{LAYER(TOWN("\"  \"", 0, 0, 1, 1)), NULL, LU_ERROR_ARGUMENT, "feature 0 has no TOWN"},
		{LAYER(TOWN("\"A\"", 0, 0, 1, 1)), "TOWN = 'B'", LU_ERROR_ARGUMENT, "matches none of 1 features"},
		{LAYER(TOWN("\"A\"", 0, 0, 1, 1)), "CITY = 'B'", LU_ERROR_ARGUMENT, "is not understood"},
		{line, NULL, LU_ERROR_FORMAT, "zone 'Road' has no area"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_zone_shapes zones;
		struct lu_error err = {0};

		check_fails(read_zones(cases[i].text, cases[i].where, &zones, &err), cases[i].status, err,
			    cases[i].words);
		lu_zone_shapes_release(&zones);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_gathered_and_cut),
		cmocka_unit_test(overlaps_count_once_together),
		cmocka_unit_test(mistakes_are_told),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
