/*
 * test_imagery.c: opening a date's imagery: every delivery form, and every way it can be wrong.
 */
#include "make.h"

#include <fcntl.h>
#include <gdal_utils.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raster/imagery.h"

static enum lu_level level; /* of the note last asked for */

static double column(const struct make *make, int band, int col, int row)
{
	(void)make;
	return (band * 50 + col + row) % 256;
}

static const struct make plain = {
	.width = 40, .height = 30, .bands = 3, .left = 500000, .top = 4000000, .value = column};

static enum lu_status open_bands(const char *path, size_t wanted, const int *bands, struct lu_imagery **out,
				 struct lu_error *err)
{
	const struct lu_imagery_options options = {.paths = &path,
						   .path_count = 1,
						   .wanted = wanted,
						   .bands = bands,
						   .band_count = bands != NULL ? wanted : 0};

	return lu_imagery_open(&options, out, err);
}

static void expect_failure(const char *path, enum lu_status expected, const char *part, const char *part2)
{
	struct lu_imagery *imagery;
	struct lu_error err = {0};

	assert_int_equal(open_bands(path, 3, NULL, &imagery, &err), expected);
	assert_null(imagery);
	assert_contains(err.text, part);
	assert_contains(err.text, part2);
	assert_null(strchr(err.text, '\n'));
}

static void one_file(void **state)
{
	const char *path = make_tiff("one.tif", &plain);
	const struct lu_frame *frame;
	struct lu_imagery *imagery;
	struct lu_error err = {0};

	(void)state;
	check_ok(open_bands(path, 3, NULL, &imagery, &err), err);
	frame = lu_imagery_frame(imagery);
	assert_int_equal(frame->width, 40);
	assert_int_equal(frame->height, 30);
	assert_true(frame->transform[0] == 500000 && frame->transform[3] == 4000000);
	assert_true(frame->transform[1] == 1 && frame->transform[5] == -1);
	/* On the central meridian of a UTM zone the scale is 0.9996. */
	assert_true(fabs(lu_imagery_gsd_m(imagery) - 1 / 0.9996) < 1e-4);
	assert_int_equal(lu_imagery_count(imagery), 1);
	assert_true(lu_imagery_bytes(imagery) > 3600);
	assert_null(lu_imagery_note(imagery, 0, &level));
	lu_imagery_free(imagery);
}

static void degrees_and_feet_have_a_gsd_in_metres(void **state)
{
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};

	(void)state;
	make.epsg = 4326;
	make.left = -72;
	make.top = 42;
	make.step = 1e-5;
	check_ok(open_bands(make_tiff("degrees.tif", &make), 3, NULL, &imagery, &err), err);
	/* At 42 degrees 1e-5 degrees are 1.1107 m north and 0.8285 m east. */
	assert_true(fabs(lu_imagery_gsd_m(imagery) - sqrt(1.11069 * 0.82847)) < 2e-3);
	lu_imagery_free(imagery);
	make.epsg = 2249; /* Massachusetts mainland, US survey feet */
	make.left = 400000;
	make.top = 2900000;
	make.step = 2;
	check_ok(open_bands(make_tiff("feet.tif", &make), 3, NULL, &imagery, &err), err);
	assert_true(fabs(lu_imagery_gsd_m(imagery) - 2 * 1200.0 / 3937) < 1e-4);
	lu_imagery_free(imagery);
}

static void folder_pattern_and_list(void **state)
{
	const char *folder = make_path("quads");
	const struct lu_frame *frame;
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct make make = plain;

	(void)state;
	assert_int_equal(VSIMkdir(folder, 0755), 0);
	make_tiff("quads/q_se.tif", &make);
	make.left -= 35;
	make.top += 25;
	make_tiff("quads/q_nw.tif", &make);
	make_text("quads/readme.txt", "not imagery");
	make_text("quads/._q_se.tif", "a Mac's shadow of a file");
	check_ok(open_bands(folder, 3, NULL, &imagery, &err), err);
	assert_int_equal(lu_imagery_count(imagery), 2);
	assert_contains(lu_imagery_path(imagery, 0), "q_nw.tif");
	frame = lu_imagery_frame(imagery);
	assert_int_equal(frame->width, 75);
	assert_int_equal(frame->height, 55);
	assert_true(frame->transform[0] == 499965 && frame->transform[3] == 4000025);
	lu_imagery_free(imagery);

	check_ok(open_bands(make_path("quads/q_*.tif"), 3, NULL, &imagery, &err), err);
	assert_int_equal(lu_imagery_count(imagery), 2);
	lu_imagery_free(imagery);
	expect_failure(make_path("quads/*.jp2"), LU_ERROR_ARGUMENT, "*.jp2", "matches no file");
	assert_int_equal(VSIMkdir(make_path("quads/empty"), 0755), 0);
	expect_failure(make_path("quads/empty"), LU_ERROR_IO, "empty", "no imagery in this folder");
}

static void bands_are_checked(void **state)
{
	const int four[] = {1, 2, 4};
	const int zero[] = {0, 1, 2};
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct make grey = plain;
	const char *path = make_tiff("b2.tif", &plain);

	(void)state;
	check_fails(open_bands(path, 3, four, &imagery, &err), LU_ERROR_ARGUMENT, err,
		    "b2.tif: band 4 asked for, file has 3 (set bands: [1, 2, 3])");
	assert_int_equal(open_bands(path, 3, zero, &imagery, &err), LU_ERROR_ARGUMENT);
	grey.bands = 1;
	path = make_tiff("grey.tif", &grey);
	check_fails(open_bands(path, 3, NULL, &imagery, &err), LU_ERROR_ARGUMENT, err,
		    "band 2 asked for, file has 1 (set bands: [1, 1, 1])");
}

static void damaged_files(void **state)
{
	struct make make = plain;
	const char *path;

	(void)state;
	expect_failure(make_path("nothing.tif"), LU_ERROR_ARGUMENT, "nothing.tif", "no such file");
	expect_failure(make_text("notes.tif", "Dear colleague,\n"), LU_ERROR_FORMAT, "notes.tif", "not an image");
	expect_failure(make_text("empty.tif", ""), LU_ERROR_FORMAT, "empty.tif", "not an image");
	make.width = 600;
	make.height = 600;
	make.options[0] = "TILED=YES";
	path = make_tiff("short.tif", &make);
	/* GDAL writes the directory first: all but the last tiles are still there. */
	assert_int_equal(truncate(path, 700000), 0);
	expect_failure(path, LU_ERROR_FORMAT, "short.tif: cut off: 700000 bytes", "copy or download it again");
	assert_int_equal(truncate(path, 60), 0);
	expect_failure(path, LU_ERROR_FORMAT, "short.tif", "");
}

static void ground_is_required(void **state)
{
	struct make make = plain;

	(void)state;
	make.epsg = -1;
	expect_failure(make_tiff("nocrs.tif", &make), LU_ERROR_FORMAT, "nocrs.tif",
		       "no coordinate reference system: expected one (gdal_edit.py -a_srs");
	make = plain;
	make.no_transform = true;
	expect_failure(make_tiff("noplace.tif", &make), LU_ERROR_FORMAT, "noplace.tif", "no georeference");
}

static void types_are_checked(void **state)
{
	static const double range[] = {0, 2};
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	const char *path;
	struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};

	(void)state;
	make.type = GDT_CFloat32;
	expect_failure(make_tiff("complex.tif", &make), LU_ERROR_UNSUPPORTED, "complex.tif", "CFloat32");
	make.type = GDT_Float32;
	expect_failure(make_tiff("float.tif", &make), LU_ERROR_UNSUPPORTED, "float.tif", "set range: [LOW, HIGH]");
	path = make_path("float.tif");
	options.range = range;
	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	lu_imagery_free(imagery);
	make.type = GDT_UInt16;
	path = make_tiff("deep.tif", &make);
	options.range = NULL;
	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	assert_contains(lu_imagery_note(imagery, 0, &level), "UInt16 pixels, 0..65535 is mapped to 0..255");
	lu_imagery_free(imagery);
}

static void members_must_be_alike(void **state)
{
	const char *paths[2];
	const struct lu_imagery_options options = {.paths = paths, .path_count = 2, .wanted = 3};
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};

	(void)state;
	paths[0] = make_tiff("three.tif", &make);
	make.bands = 4;
	paths[1] = make_tiff("four.tif", &make);
	check_fails(lu_imagery_open(&options, &imagery, &err), LU_ERROR_MISMATCH, err, "four.tif: 4 bands of Byte");
}

static void fingerprint_follows_the_input(void **state)
{
	static const int reversed[] = {3, 2, 1};
	char first[LU_SHA256_HEX], again[LU_SHA256_HEX], other[LU_SHA256_HEX];
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	const char *path = make_tiff("print.tif", &make);

	(void)state;
	check_ok(open_bands(path, 3, NULL, &imagery, &err), err);
	check_ok(lu_imagery_fingerprint(imagery, first, &err), err);
	lu_imagery_free(imagery);
	check_ok(open_bands(path, 3, NULL, &imagery, &err), err);
	check_ok(lu_imagery_fingerprint(imagery, again, &err), err);
	lu_imagery_free(imagery);
	assert_string_equal(first, again);
	check_ok(open_bands(path, 3, reversed, &imagery, &err), err);
	check_ok(lu_imagery_fingerprint(imagery, other, &err), err);
	lu_imagery_free(imagery);
	assert_string_not_equal(first, other);
	make.left += 1;
	make_tiff("print.tif", &make);
	check_ok(open_bands(path, 3, NULL, &imagery, &err), err);
	check_ok(lu_imagery_fingerprint(imagery, other, &err), err);
	lu_imagery_free(imagery);
	assert_string_not_equal(first, other);
}

static double by_user(const struct make *make, int band, int col, int row)
{
	(void)band;
	return (col + row) % 7 + *(const int *)make->user;
}

/* Another delivery of the same name, size and time (kept by whoever copied it), of a file and of a VRT's source. */
static void s26_another_content_of_one_size_and_time_is_seen(void **state)
{
	static const char *const read[] = {"twin.tif", "twins.vrt", "outer.vrt"};
	char first[3][LU_SHA256_HEX], other[LU_SHA256_HEX];
	const int deliveries[2] = {10, 90};
	struct timespec times[2];
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct stat facts;
	off_t size = 0;

	(void)state;
	make.value = by_user;
	for (int d = 0; d < 2; d++) {
		make.user = &deliveries[d];
		const char *path = make_tiff("twin.tif", &make);
		assert_int_equal(stat(path, &facts), 0);
		if (d == 0) {
			times[0] = times[1] = facts.st_mtim;
			size = facts.st_size;
			const char *sources[] = {path};
			GDALDatasetH vrt = GDALBuildVRT(make_path("twins.vrt"), 1, NULL, sources, NULL, NULL);
			GDALClose(vrt);
			sources[0] = make_path("twins.vrt");
			vrt = GDALBuildVRT(make_path("outer.vrt"), 1, NULL, sources, NULL, NULL);
			GDALClose(vrt);
		}
		assert_int_equal(facts.st_size, size);
		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
		for (size_t i = 0; i < 3; i++) {
			check_ok(open_bands(make_path(read[i]), 3, NULL, &imagery, &err), err);
			check_ok(lu_imagery_fingerprint(imagery, d == 0 ? first[i] : other, &err), err);
			lu_imagery_free(imagery);
			if (d == 1)
				assert_string_not_equal(first[i], other);
		}
	}
}

/* While it is open a file is exchanged, written to, taken away; read once more, it is as it was. */
static void s27_imagery_exchanged_while_it_is_open_is_seen(void **state)
{
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	char path[512], new[512];

	(void)state;
	snprintf(path, sizeof(path), "%s", make_tiff("open.tif", &make));
	snprintf(new, sizeof(new), "%s", make_tiff("new.tif", &make));
	check_ok(open_bands(path, 3, NULL, &imagery, &err), err);
	check_ok(lu_imagery_unchanged(imagery, &err), err);
	const struct timespec later[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
	assert_int_equal(chmod(path, 0600), 0);
	check_ok(lu_imagery_unchanged(imagery, &err), err);
	assert_int_equal(utimensat(AT_FDCWD, path, later, 0), 0);
	check_fails(lu_imagery_unchanged(imagery, &err), LU_ERROR_MISMATCH, err, "open.tif: was exchanged");
	lu_imagery_free(imagery);
	check_ok(open_bands(path, 3, NULL, &imagery, &err), err);
	check_ok(lu_imagery_unchanged(imagery, &err), err);
	assert_int_equal(rename(new, path), 0);
	check_fails(lu_imagery_unchanged(imagery, &err), LU_ERROR_MISMATCH, err, "open.tif: was exchanged");
	assert_int_equal(unlink(path), 0);
	check_fails(lu_imagery_unchanged(imagery, &err), LU_ERROR_MISMATCH, err, "open.tif: was taken away");
	lu_imagery_free(imagery);
}

/* Maps lie beside imagery where a job writes into its own folder; one that is named is taken at its word. */
static void s01_own_maps_are_no_imagery(void **state)
{
	struct make make = plain;
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	bool told = false;

	(void)state;
	assert_int_equal(VSIMkdir(make_path("mixed"), 0700), 0);
	make_tiff("mixed/photo.tif", &make);
	const char *map = make_tiff("mixed/a_map.tif", &make);
	GDALDatasetH dataset = GDALOpen(map, GA_Update);
	assert_int_equal(GDALSetMetadataItem(dataset, "LANDUSE_MODEL", "aerial-21", NULL), CE_None);
	GDALClose(dataset);
	static const char *const names[] = {"mixed", "mixed/*.tif"};
	for (size_t i = 0; i < 2; i++) {
		check_ok(open_bands(make_path(names[i]), 3, NULL, &imagery, &err), err);
		assert_int_equal(lu_imagery_count(imagery), 1);
		assert_non_null(strstr(lu_imagery_path(imagery, 0), "photo.tif"));
		const char *note;
		for (size_t k = 0; (note = lu_imagery_note(imagery, k, &level)) != NULL; k++)
			told |= strstr(note, "a_map.tif: 1 map that landuse made is no imagery") != NULL;
		assert_true(told);
		lu_imagery_free(imagery);
	}
	check_ok(open_bands(map, 3, NULL, &imagery, &err), err);
	lu_imagery_free(imagery);
	assert_int_equal(VSIUnlink(make_path("mixed/photo.tif")), 0);
	check_fails(open_bands(make_path("mixed"), 3, NULL, &imagery, &err), LU_ERROR_FORMAT, err,
		    "a_map.tif: a map that landuse made");
}

static void out_of_memory_is_an_error(void **state)
{
	const char *path = make_tiff("memory.tif", &plain);
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	enum lu_status status;
	long allowed = 0;

	(void)state;
	do {
		lu_memory_fail_after(allowed++);
		status = open_bands(path, 3, NULL, &imagery, &err);
		lu_memory_fail_after(-1);
		if (status != LU_OK)
			assert_null(imagery);
	} while (status != LU_OK && allowed < 1000);
	assert_int_equal(status, LU_OK);
	assert_true(allowed > 3);
	lu_imagery_free(imagery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file),
		cmocka_unit_test(degrees_and_feet_have_a_gsd_in_metres),
		cmocka_unit_test(folder_pattern_and_list),
		cmocka_unit_test(bands_are_checked),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(ground_is_required),
		cmocka_unit_test(types_are_checked),
		cmocka_unit_test(members_must_be_alike),
		cmocka_unit_test(fingerprint_follows_the_input),
		cmocka_unit_test(s26_another_content_of_one_size_and_time_is_seen),
		cmocka_unit_test(s27_imagery_exchanged_while_it_is_open_is_seen),
		cmocka_unit_test(s01_own_maps_are_no_imagery),
		cmocka_unit_test(out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
