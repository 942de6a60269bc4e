/*
 * test_transform.c: CRSs as text, and points between them.
 */
#include "make.h"

#include "raster/transform.h"
#include "support/near.h"

static char *crs(const char *text)
{
	struct lu_error err = {0};
	char *wkt;

	check_ok(lu_crs_normalise(text, &wkt, &err), err);
	return wkt;
}

static void every_spelling_is_one_crs(void **state)
{
	char *code = crs("EPSG:5070");
	char *proj = crs("+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=NAD83 +units=m");
	char *other = crs("EPSG:26918");
	char *again = crs(code);
	char *name = lu_crs_name(code);
	char *authority = lu_crs_code(code);

	(void)state;
	assert_string_equal(code, again);
	assert_true(lu_crs_same(code, proj));
	assert_false(lu_crs_same(code, other));
	assert_string_equal(name, "NAD83 / Conus Albers (EPSG:5070)");
	assert_string_equal(authority, "EPSG:5070");
	lu_free(code);
	lu_free(proj);
	lu_free(other);
	lu_free(again);
	lu_free(name);
	lu_free(authority);
}

static void heights_are_stripped(void **state)
{
	char *compound = crs("EPSG:26918+5703");
	char *flat = crs("EPSG:26918");

	(void)state;
	assert_true(lu_crs_same(compound, flat));
	lu_free(compound);
	lu_free(flat);
}

static void nonsense_is_refused(void **state)
{
	struct lu_error err = {0};
	char *wkt;

	(void)state;
	check_fails(lu_crs_normalise("EPSG:99999999", &wkt, &err), LU_ERROR_ARGUMENT, err, "EPSG:99999999");
	check_fails(lu_crs_normalise("albers", &wkt, &err), LU_ERROR_ARGUMENT, err, "try EPSG:5070");
	check_fails(lu_crs_normalise("http://example.org/x", &wkt, &err), LU_ERROR_ARGUMENT, err, "not a coordinate");
	check_fails(lu_crs_normalise("LOCAL_CS[\"mine\",UNIT[\"metre\",1]]", &wkt, &err), LU_ERROR_UNSUPPORTED, err,
		    "'mine' is not tied to the earth");
}

static void units_and_ellipsoids(void **state)
{
	static const struct {
		const char *text;
		double metres;
		bool geographic;
		double a, f;
	} expected[] = {
		{"EPSG:26918", 1, false, 6378137, 298.257222101},
		{"EPSG:2249", 1200.0 / 3937, false, 6378137, 298.257222101},
		{"EPSG:4326", 111319.490793, true, 6378137, 298.257223563},
		{"EPSG:26718", 1, false, 6378206.4, 294.978698214},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		char *wkt = crs(expected[i].text);
		struct lu_error err = {0};
		double metres, a, f;
		bool geographic;

		check_ok(lu_crs_unit(wkt, &metres, &geographic, &err), err);
		check_ok(lu_crs_ellipsoid(wkt, &a, &f, &err), err);
		check_close(metres, expected[i].metres, 1e-9);
		assert_int_equal(geographic, expected[i].geographic);
		check_near(a, expected[i].a, 1e-6);
		check_near(f, expected[i].f, 1e-6);
		lu_free(wkt);
	}
}

/* The corner that Snyder (USGS PP 1395, p. 291) works out for Albers on Clarke 1866. */
static void snyders_albers(void **state)
{
	char *from = crs("+proj=longlat +ellps=clrk66");
	char *to = crs("+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +ellps=clrk66");
	struct lu_point point = {-75, 35};
	struct lu_transform *transform;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_transform_new(from, to, &transform, &err), err);
	check_ok(lu_transform_points(transform, &point, 1, &err), err);
	check_near(point.x, 1885472.7, 0.1);
	check_near(point.y, 1535925.0, 0.1);
	lu_transform_free(transform);
	lu_free(from);
	lu_free(to);
}

static void longitude_first_and_in_degrees(void **state)
{
	/* NTF (Paris): its own geographic CRS counts grads from Paris. */
	char *grads = crs("EPSG:27572");
	char *utm = crs("EPSG:26918");
	char *wgs84 = crs("EPSG:4326");
	struct lu_point point = {500000, 4649776.22};
	struct lu_point paris = {600000, 2200000};
	struct lu_transform *transform;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_transform_new(utm, NULL, &transform, &err), err);
	check_ok(lu_transform_points(transform, &point, 1, &err), err);
	check_near(point.x, -75, 1e-9);
	check_near(point.y, 42, 1e-6);
	lu_transform_free(transform);
	check_ok(lu_transform_new(wgs84, utm, &transform, &err), err);
	point = (struct lu_point){-75, 42};
	check_ok(lu_transform_points(transform, &point, 1, &err), err);
	check_near(point.x, 500000, 1e-6);
	lu_transform_free(transform);
	check_ok(lu_transform_new(grads, NULL, &transform, &err), err);
	check_ok(lu_transform_points(transform, &paris, 1, &err), err);
	/* The origin of Lambert II is 52 grads, 46.8 degrees, north on the meridian of Paris. */
	check_near(paris.y, 46.8, 1e-6);
	lu_transform_free(transform);
	lu_free(grads);
	lu_free(utm);
	lu_free(wgs84);
}

static void points_without_an_image(void **state)
{
	char *from = crs("EPSG:4326");
	char *to = crs("EPSG:3857");
	struct lu_point points[2] = {{-72, 42}, {-72, 95}};
	struct lu_transform *transform;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_transform_new(from, to, &transform, &err), err);
	assert_int_equal(lu_transform_points_if_possible(transform, points, 2), 1);
	assert_true(isnan(points[1].x) && !isnan(points[0].x));
	points[0] = (struct lu_point){-72, 42};
	points[1] = (struct lu_point){-72, 95};
	check_fails(lu_transform_points(transform, points, 2, &err), LU_ERROR_MISMATCH, err, "the point -72, 95");
	lu_transform_free(transform);
	lu_free(from);
	lu_free(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_is_one_crs),
		cmocka_unit_test(heights_are_stripped),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(units_and_ellipsoids),
		cmocka_unit_test(snyders_albers),
		cmocka_unit_test(longitude_first_and_in_degrees),
		cmocka_unit_test(points_without_an_image),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
