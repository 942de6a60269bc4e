/*
 * test_describe.c: what `landuse info` says of images and maps.
 */
#include "make.h"

#include "raster/crs.h"
#include "raster/describe.h"
#include "raster/map.h"

static char *describe(const char *path, bool json)
{
	struct lu_error err = {0};
	char *text;

	check_ok(lu_raster_describe(path, json, &text, &err), err);
	return text;
}

static void an_image(void **state)
{
	const struct make make = {.width = 600,
				  .height = 300,
				  .bands = 3,
				  .left = 500000,
				  .top = 4000000,
				  .step = 0.6,
				  .nodata = "0",
				  .options = {"TILED=YES", "COMPRESS=LZW"}};
	const char *path = make_tiff("image.tif", &make);
	char *text = describe(path, false);

	(void)state;
	assert_contains(text, "image, GTiff, cloud optimized\n");
	assert_contains(text, "600 x 300 pixels, 3 bands of Byte\n");
	assert_contains(text, "NAD83 / UTM zone 17N (EPSG:26917)\n");
	assert_contains(text, "resolution    0.6 x 0.6 CRS units\n");
	assert_contains(text, "ground        0.6002 m a pixel");
	assert_contains(text, "validity      nodata 0\n");
	assert_contains(text, "blocks        256 x 256, LZW, 0 overviews\n");
	lu_free(text);
	text = describe(path, true);
	assert_contains(text, "\"width\": 600,");
	assert_contains(text, "\"transform\": [\n    500000,\n    0.6,\n    0,\n    4000000,\n    0,\n    -0.6\n  ],");
	assert_contains(text, "\"type\": \"Byte\"");
	assert_contains(text, "\"metadata\": {}\n}\n");
	lu_free(text);
}

static void an_image_without_place(void **state)
{
	const struct make make = {.width = 600, .height = 600, .epsg = -1, .no_transform = true};
	char *text = describe(make_tiff("bare.tif", &make), false);

	(void)state;
	assert_contains(text, "crs           none");
	assert_contains(text, "origin        none");
	assert_contains(text, "not a COG     not tiled");
	lu_free(text);
}

static enum lu_status give(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	(void)user;
	(void)row0;
	(void)band;
	(void)err;
	for (int64_t i = 0; i < rows * 20; i++)
		((uint8_t *)dst)[i] = (uint8_t)(i % 20 < 5 ? 0 : i % 20 < 8 ? 1 : 2);
	return LU_OK;
}

static void a_map(void **state)
{
	static const struct lu_class classes[] = {{1, "Water", 70, 107, 159}, {2, "Crop \"land\"", 171, 108, 40}};
	static const char *const metadata[] = {"LANDUSE_SCHEME=landcover-7", NULL};
	struct lu_frame frame = {.transform = {1896013, 224, 0, 2388707, 0, -224}, .width = 20, .height = 10};
	const struct lu_map_spec spec = {.frame = &frame,
					 .bands = 1,
					 .type = LU_MAP_BYTE,
					 .has_nodata = true,
					 .entries = classes,
					 .entry_count = 2,
					 .palette = true,
					 .metadata = metadata};
	const char *path = make_path("map.tif");
	struct lu_error err = {0};
	char *text;

	(void)state;
	check_ok(lu_crs_normalise("EPSG:5070", &frame.crs_wkt, &err), err);
	check_ok(lu_map_write(path, &spec, give, NULL, &err), err);
	text = describe(path, false);
	assert_contains(text, "map of classes, GTiff, cloud optimized\n");
	assert_contains(text, "classes       2, on 150 mapped cells\n");
	assert_contains(text, "        30   20.00 %\n");
	assert_contains(text, "not mapped                                   50\n");
	assert_contains(text, "  LANDUSE_SCHEME=landcover-7\n");
	lu_free(text);
	text = describe(path, true);
	assert_contains(text, "\"cog\": true,");
	assert_contains(text, "\"name\": \"Crop \\\"land\\\"\",");
	assert_contains(text, "\"color\": \"#ab6c28\",");
	assert_contains(text, "\"cells\": 120,\n      \"share\": 0.8\n");
	assert_contains(text, "\"not_mapped_cells\": 50,");
	assert_contains(text, "\"LANDUSE_SCHEME\": \"landcover-7\"");
	lu_free(text);
	lu_frame_release(&frame);
}

static void what_cannot_be_described(void **state)
{
	struct lu_error err = {0};
	char *text;

	(void)state;
	check_fails(lu_raster_describe(make_path("none.tif"), false, &text, &err), LU_ERROR_ARGUMENT, err,
		    "no such file");
	check_fails(lu_raster_describe(make_text("text.tif", "hi"), false, &text, &err), LU_ERROR_FORMAT, err,
		    "text.tif: not a raster");
	check_fails(lu_raster_describe(make_folder_name, false, &text, &err), LU_ERROR_ARGUMENT, err, "a folder");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image),
		cmocka_unit_test(an_image_without_place),
		cmocka_unit_test(a_map),
		cmocka_unit_test(what_cannot_be_described),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
