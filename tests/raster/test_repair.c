/*
 * test_repair.c: outlines that programs read differently, and arcs.
 */
#include "make.h"

#include "base/geometry.h"
#include "raster/boundary.h"
#include "support/near.h"

static char told[8][400];
static int told_count;

static void hear(void *user, enum lu_level level, const char *message)
{
	(void)user;
	assert_int_equal(level, LU_LEVEL_WARNING);
	assert_true(told_count < 8);
	snprintf(told[told_count++], sizeof(told[0]), "%s", message);
}

static const struct lu_hooks ears = {.log = hear};

/* A layer in metres with these shapes. */
static const char *layer_of(const char *name, const char *const *shapes, int count)
{
	GDALDatasetH to = GDALCreate(GDALGetDriverByName("GPKG"), make_path(name), 0, 0, 0, GDT_Unknown, NULL);
	OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
	OGRLayerH layer;

	assert_int_equal(OSRSetFromUserInput(crs, "EPSG:5070"), OGRERR_NONE);
	layer = GDALDatasetCreateLayer(to, "shapes", crs, wkbUnknown, NULL);
	for (int i = 0; i < count; i++) {
		OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(layer));
		OGRGeometryH shape = NULL;
		char *text = (char *)(uintptr_t)shapes[i];

		assert_int_equal(OGR_G_CreateFromWkt(&text, NULL, &shape), OGRERR_NONE);
		OGR_F_SetGeometryDirectly(row, shape);
		assert_int_equal(OGR_L_CreateFeature(layer, row), OGRERR_NONE);
		OGR_F_Destroy(row);
	}
	OSRDestroySpatialReference(crs);
	GDALClose(to);
	return make_path(name);
}

static enum lu_status read_shape(const char *shape, double *area, struct lu_error *err)
{
	static int number;
	char name[32];
	struct lu_polygon polygon = {0};
	enum lu_status status;

	snprintf(name, sizeof(name), "shape%d.gpkg", number++);
	const struct lu_boundary_options options = {.path = layer_of(name, &shape, 1), .hooks = &ears};
	told_count = 0;
	status = lu_boundary_read(&options, &polygon, NULL, err);
	*area = lu_polygon_area(&polygon);
	lu_polygon_release(&polygon);
	return status;
}

#define BIG "(0 0,1000 0,1000 1000,0 1000,0 0)"

static void s12_repairs_are_told_where_one_meaning_is_left(void **state)
{
	static const struct {
		const char *shape, *words;
		double area;
	} good[] = {
		{"POLYGON((0 0,1200 900,1200 0,0 900,0 0))", "area 0.00 -> 54.00 ha", 540000},
		/* Two parts with a common side, as collected municipalities have it. */
		{"MULTIPOLYGON((" BIG "),((1000 0,1200 0,1200 1000,1000 1000,1000 0)))", "120.00 -> 120.00 ha", 1.2e6},
		/* A spike, and a hole that touches the shell along a side. */
		{"POLYGON((0 0,1000 0,1000 1000,500 1000,500 1500,500 1000,0 1000,0 0))", "100.00 -> 100.00", 1e6},
		{"POLYGON(" BIG ",(0 0,0 500,500 500,500 0,0 0))", "75.00 -> 75.00 ha", 750000},
		/* 0.05 ha of 100: a trace. */
		{"MULTIPOLYGON((" BIG "),((100 100,120 100,120 125,100 125,100 100)))", "100.05 -> 100.00 ha", 1e6},
		{"POLYGON(" BIG ",(2000 2000,2000 2020,2020 2020,2020 2000,2000 2000))", "99.96 -> 100.00 ha", 1e6},
	};
	struct lu_error err = {0};
	double area;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		check_ok(read_shape(good[i].shape, &area, &err), err);
		check_close(area, good[i].area, 1e-9);
		assert_int_equal(told_count, 1);
		assert_non_null(strstr(told[0], "feature 1 is invalid ("));
		if (strstr(told[0], good[i].words) == NULL)
			fail_msg("'%s' misses '%s'", told[0], good[i].words);
	}
	check_ok(read_shape("POLYGON(" BIG ",(100 100,100 200,200 200,200 100,100 100))", &area, &err), err);
	check_close(area, 990000, 1e-12);
	assert_int_equal(told_count, 0);
}

static void s12_ambiguous_outlines_are_refused(void **state)
{
	static const struct {
		const char *shape, *words;
	} bad[] = {
		{"MULTIPOLYGON((" BIG "),((300 300,600 300,600 600,300 600,300 300)))",
		 "open by 9.00 ha: a repair would make its area 109.00 -> 100.00 ha"},
		{"POLYGON(" BIG ",(2000 2000,2000 2500,2500 2500,2500 2000,2000 2000))", "area 75.00 -> 100.00 ha"},
		{"POLYGON(" BIG ",(800 800,800 1200,1200 1200,1200 800,800 800))", "open by 12.00 ha"},
		{"POLYGON(" BIG ",(100 100,100 400,400 400,400 100,100 100),(300 300,300 600,600 600,600 300,300 300))",
		 "area 82.00 -> 83.00 ha"},
		{"MULTIPOLYGON((" BIG "),(" BIG "))", "area 200.00 -> 100.00 ha"},
		/* A loop that turns back on itself: land twice, or none? */
		{"POLYGON((0 0,900 0,900 900,500 900,300 600,600 600,400 900,0 900,0 0))", "-> 80.62 ha"},
	};
	struct lu_error err = {0};
	double area;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		check_fails(read_shape(bad[i].shape, &area, &err), LU_ERROR_FORMAT, err, bad[i].words);
		check_near(area, 0, 0);
	}
}

static void s12_many_repairs_are_counted(void **state)
{
	const char *bows[9];
	struct lu_polygon polygon = {0};
	struct lu_error err = {0};

	(void)state;
	for (int i = 0; i < 9; i++)
		bows[i] = "POLYGON((0 0,1200 900,1200 0,0 900,0 0))";
	const struct lu_boundary_options options = {.path = layer_of("bows.gpkg", bows, 9), .hooks = &ears};
	told_count = 0;
	check_ok(lu_boundary_read(&options, &polygon, NULL, &err), err);
	check_close(lu_polygon_area(&polygon), 540000, 1e-12);
	lu_polygon_release(&polygon);
	assert_int_equal(told_count, 6);
	assert_non_null(strstr(told[5], "4 more features"));
}

static void s12_arcs_keep_their_area(void **state)
{
	static const double pi = 3.14159265358979323846;
	struct lu_error err = {0};
	double area;

	(void)state;
	/* A circle of 400 m, of two arcs and of one whole turn. */
	check_ok(read_shape("CURVEPOLYGON(CIRCULARSTRING(-400 0,0 400,400 0,0 -400,-400 0))", &area, &err), err);
	check_close(area, pi * 160000, 2e-6);
	check_ok(read_shape("CURVEPOLYGON(CIRCULARSTRING(-400 0,400 0,-400 0))", &area, &err), err);
	check_close(area, pi * 160000, 2e-6);
	/* A stadium with a round hole, in a collection of surfaces; a bend of 100 km: half a disc. */
	check_ok(read_shape("MULTISURFACE(CURVEPOLYGON(COMPOUNDCURVE((0 -50,300 -50),CIRCULARSTRING(300 -50,350 0,300 "
			    "50),(300 50,0 50),CIRCULARSTRING(0 50,-50 0,0 -50)),CIRCULARSTRING(90 0,100 10,110 0,100 "
			    "-10,90 0)),((1000 0,1100 0,1100 100,1000 100,1000 0)))",
			    &area, &err),
		 err);
	check_close(area, 300 * 100 + pi * 2500 - pi * 100 + 10000, 2e-6);
	check_ok(read_shape("CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(100000 0,0 100000,-100000 0),(-100000 0,100000 "
			    "0)))",
			    &area, &err),
		 err);
	check_close(area, pi * 1e10 / 2, 2e-8);
	assert_int_equal(told_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s12_repairs_are_told_where_one_meaning_is_left),
		cmocka_unit_test(s12_ambiguous_outlines_are_refused),
		cmocka_unit_test(s12_many_repairs_are_counted),
		cmocka_unit_test(s12_arcs_keep_their_area),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
