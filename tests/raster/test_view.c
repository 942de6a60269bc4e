/*
 * test_view.c: pixels on the grid: order, validity, depth, windows and threads.
 */
#include "make.h"

#include <pthread.h>

#include "scene.h"
#include "support/near.h"

static enum lu_level level; /* of the note last asked for */

static double pattern(const struct make *make, int band, int col, int row)
{
	(void)make;
	return (band * 70 + col * 3 + row * 7) % 251 + 1;
}

/* A constant, but for a hole of zeros in columns 10..19. */
static double holed(const struct make *make, int band, int col, int row)
{
	(void)band;
	(void)row;
	return col >= 10 && col < 20 ? 0 : *(const double *)make->user;
}

static const struct make plain = {
	.width = 40, .height = 30, .bands = 3, .left = 500000, .top = 4000000, .value = pattern};

static void exact_bytes_and_hanging_windows(void **state)
{
	const char *path = make_tiff("exact.tif", &plain);
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	const struct lu_rect window = {-5, -4, 60, 50};
	struct scene scene;

	(void)state;
	look(&scene, &options, NULL, window);
	assert_int_equal(lu_view_direct_count(scene.view), 1);
	for (int row = -4; row < 46; row++) {
		for (int col = -5; col < 55; col++) {
			const bool inside = row >= 0 && row < 30 && col >= 0 && col < 40;

			assert_int_equal(valid_at(&scene, col, row), inside);
			for (int band = 1; band <= 3; band++)
				assert_int_equal(value_at(&scene, band, col, row),
						 inside ? (int)pattern(&plain, band, col, row) : 0);
		}
	}
	assert_true(lu_view_touches(scene.view, (struct lu_rect){39, 29, 5, 5}));
	assert_false(lu_view_touches(scene.view, (struct lu_rect){40, 0, 5, 5}));
	look_away(&scene);
}

static void bands_in_any_order(void **state)
{
	static const int bands[] = {3, 1, 3};
	const char *path = make_tiff("order.tif", &plain);
	const struct lu_imagery_options options = {
		.paths = &path, .path_count = 1, .wanted = 3, .bands = bands, .band_count = 3};
	struct scene scene;

	(void)state;
	look(&scene, &options, NULL, everything);
	for (int i = 0; i < 3; i++)
		assert_int_equal(value_at(&scene, i + 1, 7, 5), (int)pattern(&plain, bands[i], 7, 5));
	look_away(&scene);
}

static void first_file_on_top_and_holes_filled(void **state)
{
	static const double hundred = 100, fifty = 50;
	const char *paths[2];
	const struct lu_imagery_options options = {.paths = paths, .path_count = 2, .wanted = 3};
	struct make make = plain;
	struct scene scene;

	(void)state;
	make.value = holed;
	make.nodata = "0";
	make.user = &hundred;
	paths[0] = make_tiff("top.tif", &make);
	make.user = &fifty;
	make.left += 5;
	paths[1] = make_tiff("below.tif", &make);
	look(&scene, &options, NULL, everything);
	assert_int_equal(value_at(&scene, 1, 3, 3), 100);
	assert_int_equal(value_at(&scene, 1, 30, 3), 100);
	/* The upper hole is columns 10..19; the lower file covers it but for its own, 15..24. */
	assert_int_equal(value_at(&scene, 2, 12, 3), 50);
	assert_int_equal(valid_at(&scene, 12, 3), 1);
	assert_int_equal(valid_at(&scene, 17, 3), 0);
	assert_int_equal(value_at(&scene, 3, 17, 3), 0);
	assert_int_equal(value_at(&scene, 1, 42, 3), 50);
	look_away(&scene);
}

/* A black roof: band 1 is 0 in column 4; column 6 is 0 in all bands. */
static double roof(const struct make *make, int band, int col, int row)
{
	(void)make;
	(void)row;
	return col == 6 || (col == 4 && band == 1) ? 0 : 80;
}

static void black_roof_is_data(void **state)
{
	struct make make = plain;
	struct lu_imagery_options options = {.path_count = 1, .wanted = 3};
	struct scene scene;
	const char *path;

	(void)state;
	make.value = roof;
	make.nodata = "0";
	path = make_tiff("roof.tif", &make);
	options.paths = &path;
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 4, 3), 1);
	assert_int_equal(value_at(&scene, 1, 4, 3), 0);
	assert_int_equal(value_at(&scene, 2, 4, 3), 80);
	assert_int_equal(valid_at(&scene, 6, 3), 0);
	look_away(&scene);

	options.nodata.rule = LU_NODATA_NONE;
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 6, 3), 1);
	look_away(&scene);

	options.nodata = (struct lu_nodata){LU_NODATA_VALUE, 80};
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 6, 3), 1);
	assert_int_equal(valid_at(&scene, 4, 3), 1);
	assert_int_equal(valid_at(&scene, 8, 3), 0);
	look_away(&scene);

	/* No nodata declared: everything inside is data, black or not. */
	make.nodata = NULL;
	path = make_tiff("undeclared.tif", &make);
	options.nodata = (struct lu_nodata){0};
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 6, 3), 1);
	look_away(&scene);
}

static double with_alpha(const struct make *make, int band, int col, int row)
{
	return band == 4 ? (col < 20 ? 255 : 0) : pattern(make, band, col, row);
}

static void alpha_band_masks(void **state)
{
	static const int with_fourth[] = {1, 2, 4};
	struct lu_imagery_options options = {.path_count = 1, .wanted = 3};
	struct make make = plain;
	struct scene scene;
	const char *path;

	(void)state;
	make.bands = 4;
	make.value = with_alpha;
	make.options[0] = "PHOTOMETRIC=RGB";
	make.options[1] = "ALPHA=YES";
	path = make_tiff("alpha.tif", &make);
	options.paths = &path;
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 19, 5), 1);
	assert_int_equal(valid_at(&scene, 20, 5), 0);
	assert_int_equal(value_at(&scene, 1, 20, 5), 0);
	look_away(&scene);
	/* A job that reads band 4 as a colour knows better than the file: near infrared called alpha. */
	options.bands = with_fourth;
	options.band_count = 3;
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 20, 5), 1);
	assert_int_equal(value_at(&scene, 3, 19, 5), 255);
	look_away(&scene);
}

static void mask_band_masks(void **state)
{
	struct lu_imagery_options options = {.path_count = 1, .wanted = 3};
	const char *path = make_path("masked.tif");
	GDALDatasetH dataset;
	struct scene scene;
	uint8_t line[40];

	(void)state;
	dataset = make_open("masked.tif", &plain);
	assert_int_equal(GDALCreateDatasetMaskBand(dataset, GMF_PER_DATASET), CE_None);
	for (int col = 0; col < 40; col++)
		line[col] = col >= 8 ? 255 : 0;
	for (int row = 0; row < 30; row++)
		assert_int_equal(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(dataset, 1)), GF_Write, 0, row, 40, 1,
					      line, 40, 1, GDT_Byte, 0, 0),
				 CE_None);
	GDALClose(dataset);
	options.paths = &path;
	look(&scene, &options, NULL, everything);
	assert_int_equal(valid_at(&scene, 7, 5), 0);
	assert_int_equal(valid_at(&scene, 8, 5), 1);
	look_away(&scene);
}

static double deep(const struct make *make, int band, int col, int row)
{
	(void)make;
	(void)band;
	(void)row;
	return col * 100;
}

static void sixteen_bits_become_eight(void **state)
{
	static const double range[] = {500, 1500};
	struct lu_imagery_options options = {.path_count = 1, .wanted = 1};
	struct make make = plain;
	struct scene scene;
	const char *path;

	(void)state;
	make.bands = 1;
	make.type = GDT_UInt16;
	make.value = deep;
	make.options[0] = "NBITS=12";
	path = make_tiff("deep.tif", &make);
	options.paths = &path;
	look(&scene, &options, NULL, everything);
	for (int col = 0; col < 40; col++)
		assert_int_equal(value_at(&scene, 1, col, 3), (int)(col * 100 * 255.0 / 4095 + 0.5));
	assert_non_null(strstr(lu_imagery_note(scene.imagery, 0, &level), "0..4095"));
	look_away(&scene);
	options.range = range;
	look(&scene, &options, NULL, everything);
	for (int col = 0; col < 40; col++) {
		const double expected = 255 * (col * 100 - 500) / 1000.0;

		assert_int_equal(value_at(&scene, 1, col, 3), expected < 0     ? 0
							      : expected > 255 ? 255
									       : (int)(expected + 0.5));
	}
	assert_null(lu_imagery_note(scene.imagery, 0, &level));
	look_away(&scene);
	make.type = GDT_Int16;
	make.options[0] = NULL;
	path = make_tiff("signed.tif", &make);
	look(&scene, &options, NULL, everything);
	assert_int_equal(value_at(&scene, 1, 2, 3), 0);
	assert_int_equal(value_at(&scene, 1, 10, 3), 128);
	look_away(&scene);
}

static void windows_do_not_change_bytes(void **state)
{
	const char *path;
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct make make = {.width = 900,
			    .height = 500,
			    .bands = 3,
			    .left = 768269,
			    .top = 4057292,
			    .epsg = 26917,
			    .value = pattern};
	struct lu_error err = {0};
	struct lu_frame frame;
	struct scene whole;

	(void)state;
	path = make_tiff("seam.tif", &make);
	board_frame(&frame, 231000.3, 4057600, 1400, 800);
	look(&whole, &options, &frame, everything);
	for (int64_t y = 0; y < 800; y += 97) {
		for (int64_t x = 0; x < 1400; x += 211) {
			const struct lu_rect window = {x, y, 224, 224};
			uint8_t dst[3 * 224 * 224], valid[224 * 224];

			check_ok(lu_view_read(whole.view, window, dst, valid, &err), err);
			for (int i = 0; i < 224 * 224; i++) {
				const int64_t col = x + i % 224;
				const int64_t row = y + i / 224;
				const bool inside = col < 1400 && row < 800;

				assert_int_equal(valid[i], inside ? valid_at(&whole, col, row) : 0);
				for (int band = 0; band < 3; band++)
					assert_int_equal(dst[band * 224 * 224 + i],
							 inside ? value_at(&whole, band + 1, col, row) : 0);
			}
		}
	}
	look_away(&whole);
	lu_frame_release(&frame);
}

static void more_files_than_may_be_open(void **state)
{
	char folder[512];
	const char *path = folder;
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct make make = {.width = 20, .height = 20, .bands = 3, .left = 500000, .top = 4000000, .value = pattern};
	struct scene scene;

	snprintf(folder, sizeof(folder), "%s", make_path("many"));
	(void)state;
	assert_int_equal(VSIMkdir(folder, 0755), 0);
	for (int i = 0; i < 200; i++) {
		char name[64];

		snprintf(name, sizeof(name), "many/%03d.tif", i);
		make.left = 500000 + 20 * (i % 20);
		make.top = 4000000 - 20 * (i / 20);
		make_tiff(name, &make);
	}
	look(&scene, &options, NULL, everything);
	assert_int_equal(scene.window.width, 400);
	assert_int_equal(scene.window.height, 200);
	for (int row = 0; row < 200; row++) {
		for (int col = 0; col < 400; col++)
			assert_int_equal(value_at(&scene, 2, col, row), (int)pattern(&make, 2, col % 20, row % 20));
	}
	look_away(&scene);
}

/* One thread's reading of everything, window by window. */
struct reading {
	const struct lu_imagery *imagery;
	const struct lu_frame *frame;
	uint8_t *dst; /* three planes of the frame */
	enum lu_status status;
};

static void *read_everything(void *user)
{
	struct reading *reading = user;
	const size_t area = (size_t)(reading->frame->width * reading->frame->height);
	static const int side = 100;
	uint8_t *dst = malloc(3 * 100 * 100);
	uint8_t *valid = malloc(100 * 100);
	struct lu_view *view = NULL;

	reading->status = lu_view_new(reading->imagery, reading->frame, &view, NULL);
	for (int64_t y = 0; y < reading->frame->height && reading->status == LU_OK; y += side) {
		for (int64_t x = 0; x < reading->frame->width && reading->status == LU_OK; x += side) {
			reading->status = lu_view_read(view, (struct lu_rect){x, y, side, side}, dst, valid, NULL);
			for (int i = 0; i < 3 * side * side; i++)
				reading->dst[(size_t)(i / (side * side)) * area +
					     (size_t)((y + i / side % side) * reading->frame->width + x + i % side)] =
					dst[i];
		}
	}
	lu_view_free(view);
	free(dst);
	free(valid);
	return NULL;
}

static void views_in_threads_agree(void **state)
{
	const char *path;
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct make make = {.width = 800,
			    .height = 600,
			    .bands = 3,
			    .left = 768269,
			    .top = 4057292,
			    .epsg = 26917,
			    .value = pattern,
			    .options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}};
	struct lu_imagery *imagery;
	struct reading readings[4];
	struct lu_error err = {0};
	struct lu_frame frame;
	pthread_t threads[4];

	(void)state;
	path = make_tiff("threads.tif", &make);
	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	board_frame(&frame, 231700, 4057250, 800, 500);
	/* So small that blocks are thrown out while others read. */
	lu_raster_start(1 << 20);
	for (int i = 0; i < 4; i++) {
		readings[i] = (struct reading){.imagery = imagery, .frame = &frame, .dst = malloc(3 * 800 * 500)};
		assert_int_equal(pthread_create(&threads[i], NULL, read_everything, &readings[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(readings[i].status, LU_OK);
		assert_memory_equal(readings[i].dst, readings[0].dst, 3 * 800 * 500);
	}
	for (int i = 0; i < 4; i++)
		free(readings[i].dst);
	lu_raster_start(64 << 20);
	lu_imagery_free(imagery);
	lu_frame_release(&frame);
}

static void nothing_is_written_beside_the_imagery(void **state)
{
	char **names = VSIReadDir(make_folder_name);

	(void)state;
	for (char **name = names; name != NULL && *name != NULL; name++)
		assert_null(strstr(*name, ".aux.xml"));
	CSLDestroy(names);
}

static void damage_found_while_reading(void **state)
{
	struct make make = plain;
	const char *path = make_path("rotten.tif");
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct lu_view *view;
	uint8_t dst[3 * 40 * 30], valid[40 * 30];
	FILE *file;

	(void)state;
	make.options[0] = "COMPRESS=DEFLATE";
	make_tiff("rotten.tif", &make);
	/* The directory lies first; overwrite the compressed bytes at the end. */
	file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, -200, SEEK_END), 0);
	for (int i = 0; i < 200; i++)
		fputc(0xff, file);
	fclose(file);
	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	check_ok(lu_view_new(imagery, lu_imagery_frame(imagery), &view, &err), err);
	check_fails(lu_view_read(view, (struct lu_rect){0, 0, 40, 30}, dst, valid, &err), LU_ERROR_IO, err,
		    "rotten.tif: cannot be read: ");
	lu_view_free(view);
	lu_imagery_free(imagery);
}

static void out_of_memory_is_an_error(void **state)
{
	const char *path = make_tiff("memory.tif", &plain);
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct lu_frame frame;
	enum lu_status status;
	long allowed = 0;

	(void)state;
	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	check_ok(lu_frame_copy(lu_imagery_frame(imagery), &frame, &err), err);
	frame.transform[0] += 0.5;
	do {
		uint8_t dst[3 * 16], valid[16];
		struct lu_view *view = NULL;

		lu_memory_fail_after(allowed++);
		status = lu_view_new(imagery, &frame, &view, &err);
		if (status == LU_OK)
			status = lu_view_read(view, (struct lu_rect){0, 0, 4, 4}, dst, valid, &err);
		lu_memory_fail_after(-1);
		lu_view_free(view);
	} while (status != LU_OK && allowed < 1000);
	assert_int_equal(status, LU_OK);
	assert_true(allowed > 5);
	lu_frame_release(&frame);
	lu_imagery_free(imagery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_bytes_and_hanging_windows),
		cmocka_unit_test(bands_in_any_order),
		cmocka_unit_test(first_file_on_top_and_holes_filled),
		cmocka_unit_test(black_roof_is_data),
		cmocka_unit_test(alpha_band_masks),
		cmocka_unit_test(mask_band_masks),
		cmocka_unit_test(sixteen_bits_become_eight),
		cmocka_unit_test(windows_do_not_change_bytes),
		cmocka_unit_test(more_files_than_may_be_open),
		cmocka_unit_test(views_in_threads_agree),
		cmocka_unit_test(damage_found_while_reading),
		cmocka_unit_test(out_of_memory_is_an_error),
		cmocka_unit_test(nothing_is_written_beside_the_imagery),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
