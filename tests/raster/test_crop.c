/* test_crop.c: a crop's pixels are the imagery's, averaged to fit, with the line where the marked cells end. */
#include "raster/crop.h"

#include <math.h>

#include "base/file.h"
#include "raster/make.h"
#include "raster/photo.h"

/* 40 x 30 cells of 40 px; no data (0) in the first column of cells. */
enum { CELL = 40, COLS = 40, ROWS = 30 };

static double colour(const struct make *make, int band, int col, int row)
{
	(void)make;
	return col < CELL ? 0 : 1 + (double)((band * 7 + col / 2 * 3 + row / 2 * 5) % 200);
}

static struct lu_imagery *open_imagery(void)
{
	const struct make make = {.width = COLS * CELL,
				  .height = ROWS * CELL,
				  .bands = 4,
				  .left = 500000,
				  .top = 4000000,
				  .nodata = "0",
				  .value = colour};
	const char *const paths[] = {make_tiff("imagery.tif", &make)};
	const struct lu_imagery_options options = {.paths = paths, .path_count = 1, .wanted = 4};
	struct lu_imagery *imagery = NULL;
	struct lu_error err = {0};

	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	return imagery;
}

static bool is_yellow(const struct lu_photo *photo, int row, int col)
{
	const size_t plane = (size_t)photo->width * (size_t)photo->height;
	const size_t at = (size_t)row * (size_t)photo->width + (size_t)col;

	return photo->pixels[at] == 255 && photo->pixels[plane + at] == 230 && photo->pixels[2 * plane + at] == 0;
}

/* Pixel (row, col) of the picture shows band 4, 2, 1 of the imagery's pixels from (y, x) on, 'factor' square. */
static void check_pixel(const struct lu_photo *photo, int row, int col, int y, int x, int factor)
{
	static const int bands[3] = {4, 2, 1};
	const size_t plane = (size_t)photo->width * (size_t)photo->height;

	for (size_t k = 0; k < 3; k++) {
		double sum = 0;
		for (int i = 0; i < factor * factor; i++)
			sum += colour(NULL, bands[k], x + i % factor, y + i / factor);
		const int got = photo->pixels[k * plane + (size_t)row * (size_t)photo->width + (size_t)col];
		if (got != (int)floor(sum / (factor * factor) + 0.5))
			fail_msg("band %d at %d, %d: %d, expected %.1f", bands[k], row, col, got,
				 sum / (factor * factor));
	}
}

static void a_crop_is_the_imagery_with_a_line(void **state)
{
	(void)state;
	static const size_t colours[3] = {3, 1, 0};
	/* An L of three cells, and its surroundings. */
	static const uint8_t ell[16] = {0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
	struct lu_imagery *imagery = open_imagery();
	struct lu_frame cells = {0};
	struct lu_crop *crop = NULL;
	struct lu_photo photo = {0};
	struct lu_error err = {0};
	int64_t cell_px = 0;
	bool drawn = false;

	check_ok(lu_frame_copy(lu_imagery_frame(imagery), &cells, &err), err);
	cells.width = COLS;
	cells.height = ROWS;
	cells.transform[1] *= CELL;
	cells.transform[5] *= CELL;
	check_ok(lu_crop_cell_px(imagery, &cells, &cell_px, &err), err);
	assert_int_equal(cell_px, CELL);
	check_ok(lu_crop_new(imagery, colours, &cells, cell_px, &crop, &err), err);
	const struct lu_crop_scene scene = {.cells = {9, 4, 4, 4}, .marked = ell, .trim_px = 10};
	check_ok(lu_crop_write(crop, &scene, make_path("ell.png"), &drawn, &err), err);
	assert_true(drawn);
	check_ok(lu_photo_read(make_path("ell.png"), 3, NULL, &photo, &err), err);
	assert_int_equal(photo.width, 4 * CELL - 20);
	assert_int_equal(photo.height, 4 * CELL - 20);
	for (int row = 0; row < photo.height; row++) {
		for (int col = 0; col < photo.width; col++) {
			const int r = row + 10, c = col + 10;
			/* Inside the L by its outline; two pixels at each side belong to the line. */
			const bool upright = c >= CELL && c < 2 * CELL && r >= CELL && r < 3 * CELL;
			const bool foot = c >= CELL && c < 3 * CELL && r >= 2 * CELL && r < 3 * CELL;
			const bool core = (c >= CELL + 2 && c < 2 * CELL - 2 && r >= CELL + 2 && r < 3 * CELL - 2) ||
					  (c >= CELL + 2 && c < 3 * CELL - 2 && r >= 2 * CELL + 2 && r < 3 * CELL - 2);
			const bool elbow = c >= 2 * CELL - 2 && c < 2 * CELL && r >= 2 * CELL && r < 2 * CELL + 2;
			if ((upright || foot) && (!core || elbow))
				assert_true(is_yellow(&photo, row, col));
			else
				check_pixel(&photo, row, col, 4 * CELL + r, 9 * CELL + c, 1);
		}
	}

	/* Twenty cells of 40 px are 800: each pixel the mean of four. Beyond the grid it is black. */
	static const uint8_t none[400] = {0};
	const struct lu_crop_scene large = {.cells = {22, 2, 20, 20}, .marked = none};
	check_ok(lu_crop_write(crop, &large, make_path("large.png"), &drawn, &err), err);
	check_ok(lu_photo_read(make_path("large.png"), 3, NULL, &photo, &err), err);
	assert_int_equal(photo.width, 400);
	check_pixel(&photo, 7, 11, 2 * CELL + 14, 22 * CELL + 22, 2);
	check_pixel(&photo, 399, 359, 2 * CELL + 798, 22 * CELL + 718, 2);
	assert_int_equal(photo.pixels[399], 0);

	/* Without data there is no file; JPEG by name. */
	const struct lu_crop_scene hole = {.cells = {0, 3, 1, 2}, .marked = none};
	check_ok(lu_crop_write(crop, &hole, make_path("hole.png"), &drawn, &err), err);
	assert_false(drawn);
	assert_false(lu_file_exists(make_path("hole.png")));
	check_ok(lu_crop_write(crop, &large, make_path("large.jpg"), &drawn, &err), err);
	char *bytes;
	size_t size;
	check_ok(lu_file_read(make_path("large.jpg"), 1 << 20, &bytes, &size, &err), err);
	assert_memory_equal(bytes, "\xff\xd8\xff", 3);
	lu_free(bytes);
	check_fails(lu_crop_write(crop, &large, "/nonexistent/x.png", &drawn, &err), LU_ERROR_IO, err, "x.png");
	assert_false(drawn);
	lu_photo_release(&photo);
	lu_crop_free(crop);
	lu_frame_release(&cells);
	lu_imagery_free(imagery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crop_is_the_imagery_with_a_line),
	};
	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
