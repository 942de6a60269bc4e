/*
 * test_boundary.c: a county's outline from OGR sources, good, strange and wrong.
 */
#include "make.h"

#include "base/geometry.h"
#include "raster/boundary.h"
#include "raster/crs.h"
#include "support/near.h"

/* Two counties side by side, one of them with a hole, and a road. */
static const char counties[] = "{\"type\":\"FeatureCollection\",\"features\":["
			       "{\"type\":\"Feature\",\"properties\":{\"GEOID\":\"1\",\"NAME\":\"West\"},\"geometry\":{"
			       "\"type\":\"Polygon\",\"coordinates\":"
			       "[[[-72.0,42.0],[-71.9,42.0],[-71.9,42.1],[-72.0,42.1],[-72.0,42.0]],"
			       "[[-71.98,42.02],[-71.98,42.04],[-71.96,42.04],[-71.96,42.02],[-71.98,42.02]]]}},"
			       "{\"type\":\"Feature\",\"properties\":{\"GEOID\":\"2\",\"NAME\":\"East\"},\"geometry\":{"
			       "\"type\":\"Polygon\",\"coordinates\":"
			       "[[[-71.9,42.0],[-71.8,42.0],[-71.8,42.1],[-71.9,42.1],[-71.9,42.0]]]}},"
			       "{\"type\":\"Feature\",\"properties\":{\"GEOID\":\"3\",\"NAME\":\"Road\"},\"geometry\":{"
			       "\"type\":\"LineString\",\"coordinates\":"
			       "[[-71.9,42.0],[-71.8,42.0]]}}]}";

static void one_feature_with_a_hole(void **state)
{
	struct lu_boundary_options options = {.path = make_text("counties.geojson", counties), .where = "GEOID = '1'"};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	char *name;

	(void)state;
	check_ok(lu_boundary_read(&options, &polygon, &name, &err), err);
	assert_string_equal(name, "West");
	assert_int_equal(polygon.count, 2);
	assert_int_equal(polygon.rings[0].count, 4);
	/* Shell counter-clockwise, hole clockwise: the sum is the area. */
	check_near(lu_polygon_area(&polygon), 0.01 - 0.0004, 1e-12);
	lu_polygon_release(&polygon);
	lu_free(name);
}

static void features_are_united(void **state)
{
	struct lu_boundary_options options = {.path = make_text("counties.geojson", counties), .where = "GEOID < '3'"};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	char *name;

	(void)state;
	check_ok(lu_boundary_read(&options, &polygon, &name, &err), err);
	assert_string_equal(name, "counties");
	assert_int_equal(polygon.count, 2);
	check_near(lu_polygon_area(&polygon), 0.02 - 0.0004, 1e-12);
	lu_polygon_release(&polygon);
	lu_free(name);
}

static void edges_stay_straight_where_they_were_drawn(void **state)
{
	struct lu_boundary_options options = {.path = make_text("counties.geojson", counties), .where = "GEOID = '2'"};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	size_t northern = 0;
	char *albers;

	(void)state;
	check_ok(lu_crs_normalise("EPSG:5070", &albers, &err), err);
	options.crs_wkt_target = albers;
	check_ok(lu_boundary_read(&options, &polygon, NULL, &err), err);
	/* 0.1 degrees are 11 km north-south and 8.3 km east-west: points at most 100 m apart. */
	assert_int_equal(polygon.count, 1);
	assert_true(polygon.rings[0].count > 380);
	for (size_t i = 0; i < polygon.rings[0].count; i++) {
		const struct lu_point a = polygon.rings[0].points[i];
		const struct lu_point b = polygon.rings[0].points[(i + 1) % polygon.rings[0].count];

		assert_true(hypot(a.x - b.x, a.y - b.y) < 115);
		northern += a.y > b.y;
	}
	assert_true(northern > 0);
	assert_true(lu_polygon_area(&polygon) > 0);
	/* Albers keeps areas: 0.1 by 0.1 degrees at 42 north are 8.27 by 11.11 km. */
	check_close(lu_polygon_area(&polygon), 91.8e6, 2e-3);
	lu_polygon_release(&polygon);
	lu_free(albers);
}

static void bow_ties_are_mended(void **state)
{
	static const char text[] = "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}";
	struct lu_boundary_options options = {.path = make_text("bow.geojson", text)};
	struct lu_polygon polygon;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_boundary_read(&options, &polygon, NULL, &err), err);
	assert_int_equal(polygon.count, 2);
	check_near(lu_polygon_area(&polygon), 2, 1e-12);
	lu_polygon_release(&polygon);
}

static void latin_1_names_become_utf8(void **state)
{
	static const char text[] =
		"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"NAME\":\"Do\xf1"
		"a Ana\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}]}";
	struct lu_boundary_options options = {.path = make_text("latin.geojson", text)};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	char *name;

	(void)state;
	check_ok(lu_boundary_read(&options, &polygon, &name, &err), err);
	assert_string_equal(name, "Do\xc3\xb1"
				  "a Ana");
	lu_polygon_release(&polygon);
	lu_free(name);
}

/* Copy the counties into another format, with 'layers' layers. */
static void convert(const char *driver, const char *name, int layers, bool with_crs)
{
	GDALDatasetH from = GDALOpenEx(make_text("counties.geojson", counties), GDAL_OF_VECTOR, NULL, NULL, NULL);
	GDALDatasetH to = GDALCreate(GDALGetDriverByName(driver), make_path(name), 0, 0, 0, GDT_Unknown, NULL);
	OGRLayerH layer = GDALDatasetGetLayer(from, 0);

	assert_non_null(to);
	OGR_L_SetAttributeFilter(layer, "GEOID < '3'");
	for (int i = 0; i < layers; i++) {
		char title[32];
		OGRLayerH copy;
		OGRFeatureH feature;

		snprintf(title, sizeof(title), "layer%d", i + 1);
		copy = GDALDatasetCreateLayer(to, title, with_crs ? OGR_L_GetSpatialRef(layer) : NULL, wkbPolygon,
					      NULL);
		assert_non_null(copy);
		OGR_L_CreateField(copy, OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(layer), 0), 1);
		OGR_L_ResetReading(layer);
		while ((feature = OGR_L_GetNextFeature(layer)) != NULL) {
			OGRFeatureH moved = OGR_F_Create(OGR_L_GetLayerDefn(copy));

			OGR_F_SetFrom(moved, feature, 1);
			OGR_F_SetFID(moved, OGRNullFID);
			assert_int_equal(OGR_L_CreateFeature(copy, moved), OGRERR_NONE);
			OGR_F_Destroy(moved);
			OGR_F_Destroy(feature);
		}
	}
	GDALClose(to);
	GDALClose(from);
}

static void geopackage_and_shapefile(void **state)
{
	struct lu_boundary_options options = {.where = "GEOID = '1'"};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	char *name;

	(void)state;
	convert("GPKG", "two.gpkg", 2, true);
	options.path = make_path("two.gpkg");
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_ARGUMENT, err,
		    "2 layers: expected the job to name one (layer: one of layer1, layer2)");
	options.layer = "counties";
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_ARGUMENT, err,
		    "no layer 'counties' (it has: layer1, layer2)");
	options.layer = "layer2";
	check_ok(lu_boundary_read(&options, &polygon, &name, &err), err);
	check_near(lu_polygon_area(&polygon), 0.01 - 0.0004, 1e-12);
	assert_string_equal(name, "layer2");
	lu_polygon_release(&polygon);
	lu_free(name);

	convert("ESRI Shapefile", "shape.shp", 1, true);
	options.path = make_path("shape.shp");
	options.layer = NULL;
	check_ok(lu_boundary_read(&options, &polygon, NULL, &err), err);
	/* Shapefiles turn shells clockwise; here they must not. */
	check_near(lu_polygon_area(&polygon), 0.01 - 0.0004, 1e-9);
	lu_polygon_release(&polygon);
	assert_int_equal(VSIUnlink(make_path("shape.prj")), 0);
	check_fails(lu_boundary_read(&options, &polygon, NULL, &err), LU_ERROR_FORMAT, err,
		    "no coordinate reference system (a Shapefile needs its .prj beside it");
}

static void mistakes_are_told(void **state)
{
	struct lu_boundary_options options = {.path = make_text("counties.geojson", counties)};
	struct lu_polygon polygon;
	struct lu_error err = {0};
	char *name;

	(void)state;
	options.where = "GEOID = '25015'";
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_ARGUMENT, err,
		    "matches none of 3 features (fields: GEOID, NAME)");
	assert_null(name);
	assert_null(polygon.rings);
	options.where = "FIPS = '25015'";
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_ARGUMENT, err, "(fields: GEOID, NAME)");
	options.where = "GEOID = '3'";
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_FORMAT, err,
		    "no polygons in 1 features");
	options.path = "/nowhere/county.gpkg";
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_ARGUMENT, err, "no such file");
	options.path = make_text("notes.geojson", "Dear colleague");
	check_fails(lu_boundary_read(&options, &polygon, &name, &err), LU_ERROR_FORMAT, err, "not a boundary");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_feature_with_a_hole),
		cmocka_unit_test(features_are_united),
		cmocka_unit_test(edges_stay_straight_where_they_were_drawn),
		cmocka_unit_test(bow_ties_are_mended),
		cmocka_unit_test(latin_1_names_become_utf8),
		cmocka_unit_test(geopackage_and_shapefile),
		cmocka_unit_test(mistakes_are_told),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
