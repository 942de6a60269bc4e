/* test_tile_index.c: GDAL's tile index as imagery, where GDAL has it (3.9 and later); elsewhere it is told what is missing. */
#include "raster/tile_index.h"

#include <ogr_api.h>

#include "raster/imagery.h"
#include "raster/make.h"

/* A table of two tiles side by side. */
static const char *make_index(const char *name, const char *const tiles[2])
{
	GDALDatasetH file = GDALCreate(GDALGetDriverByName("GPKG"), make_path(name), 0, 0, 0, GDT_Unknown, NULL);
	OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
	OGRFieldDefnH column = OGR_Fld_Create("location", OFTString);

	assert_non_null(file);
	assert_int_equal(OSRImportFromEPSG(crs, 26917), OGRERR_NONE);
	OGRLayerH layer = GDALDatasetCreateLayer(file, "tiles", crs, wkbPolygon, NULL);
	OGR_L_CreateField(layer, column, 1);
	for (int i = 0; i < 2; i++) {
		OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
		OGRGeometryH square = NULL;
		char text[200], *wkt = text;
		snprintf(text, sizeof(text), "POLYGON ((%d 0, %d 0, %d 64, %d 64, %d 0))", 64 * i, 64 * i + 64,
			 64 * i + 64, 64 * i, 64 * i);
		assert_int_equal(OGR_G_CreateFromWkt(&wkt, NULL, &square), OGRERR_NONE);
		OGR_F_SetGeometryDirectly(feature, square);
		OGR_F_SetFieldString(feature, 0, tiles[i]);
		assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
		OGR_F_Destroy(feature);
	}
	OGR_Fld_Destroy(column);
	OSRDestroySpatialReference(crs);
	GDALClose(file);
	return make_path(name);
}

static double value(const struct make *make, int band, int col, int row)
{
	return 1 + (int)(col + make->left + 3 * row + 11 * band) % 200;
}

static enum lu_status open_index(const char *path, char hex[LU_SHA256_HEX], struct lu_inputs *files,
				 struct lu_error *err)
{
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct lu_imagery *imagery = NULL;
	enum lu_status status = lu_imagery_open(&options, &imagery, err);

	if (status == LU_OK) {
		assert_int_equal(lu_imagery_frame(imagery)->width, 128);
		assert_int_equal(lu_imagery_frame(imagery)->height, 64);
		check_ok(lu_imagery_fingerprint(imagery, hex, err), *err);
		check_ok(lu_imagery_inputs(imagery, files, err), *err);
	}
	lu_imagery_free(imagery);
	return status;
}

static void an_index_of_tiles(void **state)
{
	(void)state;
	struct make make = {.width = 64, .height = 64, .bands = 3, .top = 64, .value = value};
	const char *const tiles[2] = {"west.tif", make_path("east.tif")}; /* one seen from the index, one whole */
	char before[LU_SHA256_HEX], after[LU_SHA256_HEX];
	struct lu_inputs files = {0};
	struct lu_error err = {0};

	make_tiff("west.tif", &make);
	make.left = 64;
	make_tiff("east.tif", &make);
	const char *path = make_index("quads.gti.gpkg", tiles);
	if (GDALGetDriverByName("GTI") == NULL) {
		check_fails(open_index(path, before, &files, &err), LU_ERROR_FORMAT, err,
			    "needs GDAL 3.9 or later, this is ");
		return;
	}
	check_ok(open_index(path, before, &files, &err), err);
	assert_int_equal(files.count, 3); /* the table and both tiles */
	lu_inputs_release(&files);
	/* A tile that is delivered anew is other imagery. */
	make.step = 1;
	make.bands = 3;
	make.nodata = "0";
	make_tiff("east.tif", &make);
	check_ok(open_index(path, after, &files, &err), err);
	assert_string_not_equal(before, after);
	lu_inputs_release(&files);
	VSIUnlink(make_path("east.tif"));
	check_fails(open_index(path, after, &files, &err), LU_ERROR_IO, err, "east.tif: no such file");
	lu_inputs_release(&files);
}

static void what_is_called_like_one(void **state)
{
	(void)state;
	assert_true(lu_is_tile_index("a/b.gti") && lu_is_tile_index("b.gti.gpkg") && lu_is_tile_index("b.gti.fgb"));
	assert_false(lu_is_tile_index("b.gpkg") || lu_is_tile_index("gti") || lu_is_tile_index("b.gti.tif"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(an_index_of_tiles),
					   cmocka_unit_test(what_is_called_like_one)};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
