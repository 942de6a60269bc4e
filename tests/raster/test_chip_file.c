/* test_chip_file.c: chips as files, read again by GDAL; formats that do not fit; folders that cannot be written. */
#include "make.h"

#include <unistd.h>

#include "base/file.h"
#include "raster/chip_file.h"
#include "raster/crs.h"

enum { SIDE = 33 };
static uint8_t planes[4 * SIDE * SIDE], valid[SIDE * SIDE];
static struct lu_frame frame = {.transform = {500000, 2, 0, 4000000, 0, -2}, .width = SIDE, .height = SIDE};

static int setup(void **state)
{
	struct lu_error err = {0};

	for (size_t i = 0; i < sizeof(planes); i++)
		planes[i] = (uint8_t)(i * 7 % 251);
	memset(valid, 1, sizeof(valid));
	return make_folder(state) || lu_crs_normalise("EPSG:26917", &frame.crs_wkt, &err) != LU_OK;
}

static int teardown(void **state)
{
	lu_frame_release(&frame);
	return make_folder_gone(state);
}

static void check_planes(GDALDatasetH dataset, int bands, const char *name)
{
	static uint8_t found[SIDE * SIDE];

	for (int b = 0; b < bands; b++) {
		assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, b + 1), GF_Read, 0, 0, SIDE, SIDE, found, SIDE,
					      SIDE, GDT_Byte, 0, 0),
				 CE_None);
		if (memcmp(found, planes + b * SIDE * SIDE, sizeof(found)) != 0)
			fail_msg("%s: band %d differs", name, b + 1);
	}
}

static void lossless_formats_keep_every_byte(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum lu_chip_format format;
		size_t bands;
	} cases[] = {{"a.tif", LU_CHIP_GEOTIFF, 4},
		     {"b.tif", LU_CHIP_GEOTIFF, 3},
		     {"c.tif", LU_CHIP_GEOTIFF, 1},
		     {"d.png", LU_CHIP_PNG, 3},
		     {"e.png", LU_CHIP_PNG, 1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = make_path(cases[i].name);
		const struct lu_chip_picture chip = {planes, valid, cases[i].bands, SIDE, &frame};
		struct lu_error err = {0};
		double transform[6];
		check_ok(lu_chip_format_check(cases[i].format, cases[i].bands, &err), err);
		check_ok(lu_chip_write(path, cases[i].format, &chip, &err), err);
		GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
		assert_non_null(dataset);
		assert_int_equal(GDALGetRasterCount(dataset), cases[i].bands);
		check_planes(dataset, (int)cases[i].bands, cases[i].name);
		if (cases[i].format == LU_CHIP_GEOTIFF) {
			assert_int_equal(GDALGetGeoTransform(dataset, transform), CE_None);
			assert_memory_equal(transform, frame.transform, sizeof(transform));
			assert_non_null(GDALGetSpatialRef(dataset));
			assert_int_equal(GDALGetMaskFlags(GDALGetRasterBand(dataset, 1)), GMF_ALL_VALID);
		}
		GDALClose(dataset);
		char *sidecar = lu_sprintf("%s.aux.xml", path);
		assert_false(lu_file_exists(sidecar));
		lu_free(sidecar);
	}
}

static void missing_pixels_are_masked(void **state)
{
	(void)state;
	const char *path = make_path("mask.tif");
	const struct lu_chip_picture chip = {planes, valid, 3, SIDE, &frame};
	uint8_t mask[SIDE * SIDE];
	struct lu_error err = {0};
	valid[40] = 0;
	check_ok(lu_chip_write(path, LU_CHIP_GEOTIFF, &chip, &err), err);
	valid[40] = 1;
	GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
	assert_int_equal(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(dataset, 1)), GF_Read, 0, 0, SIDE, SIDE, mask,
				      SIDE, SIDE, GDT_Byte, 0, 0),
			 CE_None);
	for (int i = 0; i < SIDE * SIDE; i++)
		assert_int_equal(mask[i], i == 40 ? 0 : 255);
	GDALClose(dataset);
	assert_false(lu_file_exists(make_path("mask.tif.msk")));
}

static void jpeg_is_close(void **state)
{
	(void)state;
	const char *path = make_path("j.jpg");
	struct lu_error err = {0};
	uint8_t flat[3 * SIDE * SIDE], found[SIDE * SIDE];
	const struct lu_chip_picture chip = {flat, valid, 3, SIDE, &frame};
	memset(flat, 90, sizeof(flat));
	check_ok(lu_chip_write(path, LU_CHIP_JPEG, &chip, &err), err);
	GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
	assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 2), GF_Read, 0, 0, SIDE, SIDE, found, SIDE, SIDE,
				      GDT_Byte, 0, 0),
			 CE_None);
	for (int i = 0; i < SIDE * SIDE; i++)
		assert_in_range(found[i], 86, 94);
	GDALClose(dataset);
}

static void refusals(void **state)
{
	(void)state;
	const struct lu_chip_picture chip = {planes, valid, 3, SIDE, &frame};
	struct lu_error err = {0};
	assert_string_equal(lu_chip_extension(LU_CHIP_GEOTIFF), "tif");
	check_fails(lu_chip_format_check(LU_CHIP_PNG, 4, &err), LU_ERROR_ARGUMENT, err, "4 bands do not fit into png");
	check_fails(lu_chip_write(make_path("no/such/folder.png"), LU_CHIP_PNG, &chip, &err), LU_ERROR_IO, err,
		    "folder.png");
	check_fails(lu_chip_write("/proc/chip.tif", LU_CHIP_GEOTIFF, &chip, &err), LU_ERROR_IO, err, "/proc/chip.tif");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lossless_formats_keep_every_byte),
		cmocka_unit_test(missing_pixels_are_masked),
		cmocka_unit_test(jpeg_is_close),
		cmocka_unit_test(refusals),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
