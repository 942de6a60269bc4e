/* test_photo.c: what a viewer would show comes out, and what is no chip is told in one line. */
#include "raster/photo.h"

#include "raster/make.h"

/* Ten a column, one a row, a hundred a band. */
static double ramp(const struct make *make, int band, int col, int row)
{
	(void)make;
	return 100 * (band - 1) + 10 * col + row;
}

static const char *make_picture(const char *name, int bands)
{
	return make_tiff(
		name,
		&(struct make){
			.width = 3, .height = 2, .bands = bands, .epsg = -1, .no_transform = true, .value = ramp});
}

static void bands_as_asked_for(void **state)
{
	(void)state;
	struct lu_photo photo = {0};
	struct lu_error err = {0};

	/* Planes of rows: band, row, col. */
	check_ok(lu_photo_read(make_picture("three.tif", 3), 3, NULL, &photo, &err), err);
	assert_int_equal(photo.width, 3);
	assert_int_equal(photo.height, 2);
	assert_int_equal(photo.pixels[1 * 6 + 1 * 3 + 2], 121);
	/* The same memory serves again; grey is repeated, a fourth band left out. */
	check_ok(lu_photo_read(make_picture("grey.tif", 1), 3, NULL, &photo, &err), err);
	assert_int_equal(photo.pixels[4], 11);
	assert_int_equal(photo.pixels[6 + 4], 11);
	assert_int_equal(photo.pixels[12 + 4], 11);
	check_ok(lu_photo_read(make_picture("four.tif", 4), 3, NULL, &photo, &err), err);
	assert_int_equal(photo.pixels[12 + 5], 221);
	check_ok(lu_photo_read(make_path("grey.tif"), 1, NULL, &photo, &err), err);
	assert_int_equal(photo.bands, 1);
	check_fails(lu_photo_read(make_path("three.tif"), 4, NULL, &photo, &err), LU_ERROR_MISMATCH, err,
		    "has 3 bands, the model takes 4");
	check_fails(lu_photo_read(make_path("three.tif"), 1, NULL, &photo, &err), LU_ERROR_MISMATCH, err, "takes one");
	lu_photo_release(&photo);
}

static void palettes_are_looked_up(void **state)
{
	(void)state;
	struct lu_photo photo = {0};
	struct lu_error err = {0};
	const GDALDatasetH dataset =
		make_open("palette.tif", &(struct make){.width = 2, .height = 1, .epsg = -1, .no_transform = true});
	const GDALColorTableH table = GDALCreateColorTable(GPI_RGB);

	GDALSetColorEntry(table, 0, &(GDALColorEntry){7, 8, 9, 255});
	GDALSetRasterColorTable(GDALGetRasterBand(dataset, 1), table);
	GDALDestroyColorTable(table);
	GDALClose(dataset);
	check_ok(lu_photo_read(make_path("palette.tif"), 3, NULL, &photo, &err), err);
	assert_int_equal(photo.pixels[0], 7);
	assert_int_equal(photo.pixels[3], 8);
	assert_int_equal(photo.pixels[5], 9);
	lu_photo_release(&photo);
}

static void what_is_no_chip(void **state)
{
	(void)state;
	struct lu_photo photo = {0};
	struct lu_error err = {0};
	const struct make deep = {.width = 2, .height = 2, .bands = 3, .type = GDT_UInt16};

	check_fails(lu_photo_read(make_path("nowhere.png"), 3, NULL, &photo, &err), LU_ERROR_IO, err, "no such file");
	check_fails(lu_photo_read(make_text("text.jpg", "not a picture"), 3, NULL, &photo, &err), LU_ERROR_FORMAT, err,
		    "text.jpg: not a picture");
	check_fails(lu_photo_read(make_text("empty.png", ""), 3, NULL, &photo, &err), LU_ERROR_FORMAT, err,
		    "not a picture");
	check_fails(lu_photo_read(make_tiff("deep.tif", &deep), 3, NULL, &photo, &err), LU_ERROR_UNSUPPORTED, err,
		    "UInt16 pixels");
	lu_photo_release(&photo);
	assert_true(lu_photo_named("a.b.JPEG") && lu_photo_named("x.tif"));
	assert_false(lu_photo_named("notes.txt") || lu_photo_named("jpg") || lu_photo_named("x.tif.aux.xml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bands_as_asked_for),
		cmocka_unit_test(palettes_are_looked_up),
		cmocka_unit_test(what_is_no_chip),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
