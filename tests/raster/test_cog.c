/*
 * test_cog.c: the checker against files that GDAL wrote well and files that break one rule each.
 */
#include "make.h"

#include "raster/cog.h"

static double value(const struct make *make, int band, int col, int row)
{
	(void)make;
	return (band * 31 + col * row) % 256;
}

static const struct make large = {.width = 1500, .height = 1100, .value = value, .options = {"TILED=YES"}};

/* 'text' NULL: a good file; else a bad one whose report holds it. */
static void expect(const char *path, const char *text)
{
	struct lu_error err = {0};
	char *report;
	bool ok;

	check_ok(lu_cog_check(path, &report, &ok, &err), err);
	if (text == NULL && !ok)
		fail_msg("%s: %s", path, report);
	if (text != NULL) {
		assert_false(ok);
		assert_contains(report, text);
	}
	lu_free(report);
}

static void good_files(void **state)
{
	static const char *const option_sets[][3] = {
		{NULL, NULL, NULL},
		{"BLOCKSIZE=256", NULL, NULL},
		{"BIGTIFF=YES", "COMPRESS=DEFLATE", NULL},
		{"OVERVIEWS=NONE", NULL, NULL},
	};
	GDALDatasetH from;

	(void)state;
	from = GDALOpen(make_tiff("large.tif", &large), GA_ReadOnly);
	for (size_t i = 0; i < sizeof(option_sets) / sizeof(*option_sets); i++) {
		GDALDatasetH to = GDALCreateCopy(GDALGetDriverByName("COG"), make_path("cog.tif"), from, 0,
						 (char **)option_sets[i], NULL, NULL);

		assert_non_null(to);
		GDALClose(to);
		expect(make_path("cog.tif"), NULL);
	}
	GDALClose(from);
}

static void build_overviews(const char *path, bool external)
{
	GDALDatasetH dataset = GDALOpen(path, external ? GA_ReadOnly : GA_Update);
	int factors[] = {2, 4};

	assert_int_equal(GDALBuildOverviews(dataset, "NEAREST", 2, factors, 0, NULL, NULL, NULL), CE_None);
	GDALClose(dataset);
}

static void bad_files(void **state)
{
	struct make make = large;
	const char *path;

	(void)state;
	/* Overviews added afterwards lie behind the full image. */
	path = make_tiff("late.tif", &make);
	build_overviews(path, false);
	expect(path, "lie behind those of the larger full image");
	path = make_tiff("outside.tif", &make);
	build_overviews(path, true);
	expect(path, "its overviews are in outside.tif.ovr");
	make.options[0] = NULL;
	expect(make_tiff("strips.tif", &make), "not tiled");
	expect(make_text("text.tif", "neither II nor MM"), "not a TIFF file");
	expect(make_text("short.tif", "II*"), "not a TIFF file");
}

static void directory_must_be_in_front(void **state)
{
	struct make make = large;
	const char *path = make_path("behind.tif");
	GDALDatasetH dataset;

	(void)state;
	/* Growing metadata make GDAL rewrite the directory at the end of the file. */
	make_tiff("behind.tif", &make);
	dataset = GDALOpen(path, GA_Update);
	GDALSetMetadataItem(dataset, "NOTE", "a text that was not there when the file was made", NULL);
	GDALClose(dataset);
	expect(path, "not at the front (");
}

static void missing_file(void **state)
{
	struct lu_error err = {0};
	bool ok;

	(void)state;
	check_fails(lu_cog_check(make_path("nothing.tif"), NULL, &ok, &err), LU_ERROR_ARGUMENT, err, "no such file");
	assert_false(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_files),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(directory_must_be_in_front),
		cmocka_unit_test(missing_file),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
