/*
 * test_view_place.c: pixels of a view lie where they lie on the ground, whatever CRS and resolution the file has.
 */
#include "make.h"

#include <math.h>

#include "raster/transform.h"
#include "scene.h"
#include "support/near.h"

#define SQUARE 16.0 /* metres along a square of the checkerboard */
#define SAMPLES 8 /* a pixel is drawn from SAMPLES x SAMPLES points */

/* The drawing: a checkerboard on the ground of UTM 18N, 20..220. */
static double checkerboard(double x, double y)
{
	const int64_t col = (int64_t)floor((x - 230000) / SQUARE);
	const int64_t row = (int64_t)floor((y - 4050000) / SQUARE);

	return ((col ^ row) & 1) ? 220 : 20;
}

struct drawing {
	struct lu_transform *to_board; /* NULL: already there */
};

static double drawn(const struct make *make, int band, int col, int row)
{
	const struct drawing *drawing = make->user;
	const double x = make->left + col * make->step;
	const double y = make->top - row * make->step;
	/* A pixel is so small that its image on the board is a parallelogram. */
	struct lu_point corner[3] = {{x, y}, {x + make->step, y}, {x, y - make->step}};
	struct lu_error err = {0};
	double sum = 0;

	(void)band;
	if (drawing->to_board != NULL)
		check_ok(lu_transform_points(drawing->to_board, corner, 3, &err), err);
	for (int i = 0; i < SAMPLES * SAMPLES; i++) {
		const double right = (i % SAMPLES + 0.5) / SAMPLES;
		const double down = (i / SAMPLES + 0.5) / SAMPLES;

		sum += checkerboard(
			corner[0].x + right * (corner[1].x - corner[0].x) + down * (corner[2].x - corner[0].x),
			corner[0].y + right * (corner[1].y - corner[0].y) + down * (corner[2].y - corner[0].y));
	}
	return floor(sum / (SAMPLES * SAMPLES) + 0.5);
}

/*
 * How far, in pixels, the edges of the board lie from where they should be: a symmetric blur
 * leaves the integral across an edge alone, so the integral tells the edge's place. 'first' is
 * the board's coordinate at the outer end of the line's first pixel; pixels are 1 long.
 */
static double edge_error(const uint8_t *line, ptrdiff_t stride, int count, double first)
{
	const int reach = 6;
	double worst = 0;

	for (double edge = SQUARE * ceil(first / SQUARE); edge < first + count; edge += SQUARE) {
		const int at = (int)floor(edge - first);
		const double left = line[(at - reach < 0 ? 0 : at - reach) * stride];
		const double right = line[(at + reach >= count ? count - 1 : at + reach) * stride];
		double sum = 0;

		if (at - reach < 0 || at + reach >= count)
			continue;
		for (int i = at - reach; i <= at + reach; i++)
			sum += line[i * stride];
		/* sum = left * (edge - start) + right * (end - edge), start and end being the outer pixels' outer ends. */
		const double start = first + at - reach;
		const double end = first + at + reach + 1;
		const double found = (right * end - left * start - sum) / (right - left);

		if (fabs(found - edge) > fabs(worst))
			worst = found - edge;
	}
	return worst;
}

/* Every edge of every row and column through the middle of a square is within 'tolerance' pixels. */
static void expect_in_place(const struct scene *scene, const struct lu_frame *frame, double tolerance)
{
	const struct lu_rect w = scene->window;
	const double x0 = frame->transform[0] - 230000;
	const double y0 = frame->transform[3] - 4050000;
	int lines = 0;

	for (int64_t row = 0; row < w.height; row++) {
		const double y = fmod(y0 - (double)row - 0.5, SQUARE);

		/* Away from the squares' corners, where the blur is not symmetric. */
		if (fabs(y - SQUARE / 2) > 2)
			continue;
		check_near(edge_error(scene->dst + row * w.width, 1, (int)w.width, x0), 0, tolerance);
		lines++;
	}
	for (int64_t col = 0; col < w.width; col++) {
		const double x = fmod(x0 + (double)col + 0.5, SQUARE);

		if (fabs(x - SQUARE / 2) > 2)
			continue;
		/* Downwards y falls: measure from the upper end, with the board turned over. */
		check_near(edge_error(scene->dst + col, w.width, (int)w.height, SQUARE * 100000 - y0), 0, tolerance);
		lines++;
	}
	assert_true(lines > 50);
}

/* Draw the board into a file of its own CRS, origin and resolution; then look at it on the 1 m frame. */
static void place_test(int epsg, double left, double top, double step, int size, struct lu_rect window,
		       double tolerance)
{
	const char *path;
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 1};
	struct drawing drawing = {0};
	struct make make = {.width = size,
			    .height = size,
			    .left = left,
			    .top = top,
			    .step = step,
			    .epsg = epsg,
			    .value = drawn,
			    .user = &drawing,
			    .options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}};
	struct lu_error err = {0};
	struct lu_frame frame;
	struct scene scene;

	if (epsg != 26918) {
		char code[32];
		char *board, *own;

		snprintf(code, sizeof(code), "EPSG:%d", epsg);
		check_ok(lu_crs_normalise(code, &own, &err), err);
		check_ok(lu_crs_normalise("EPSG:26918", &board, &err), err);
		check_ok(lu_transform_new(own, board, &drawing.to_board, &err), err);
		lu_free(own);
		lu_free(board);
	}
	path = make_tiff("board.tif", &make);
	board_frame(&frame, 231000, 4056000, 400, 400);
	look(&scene, &options, &frame, everything);
	assert_int_equal(lu_view_direct_count(scene.view), 0);
	look_away(&scene);
	look(&scene, &options, &frame, window);
	for (int64_t i = 0; i < window.width * window.height; i++)
		assert_int_equal(scene.valid[i], 1);
	frame.transform[0] += (double)window.x;
	frame.transform[3] -= (double)window.y;
	expect_in_place(&scene, &frame, tolerance);
	look_away(&scene);
	lu_frame_release(&frame);
	lu_transform_free(drawing.to_board);
}

static void checkerboard_off_by_part_of_a_pixel(void **state)
{
	(void)state;
	place_test(26918, 231000 + 0.4 - 10, 4056000 - 0.3 + 10, 1, 420, (struct lu_rect){0, 0, 390, 390}, 0.06);
	place_test(26918, 231000 - 0.001 * 7 - 10, 4056000 + 0.25 + 10, 1, 420, (struct lu_rect){5, 3, 200, 300}, 0.06);
}

static void checkerboard_at_other_resolutions(void **state)
{
	(void)state;
	place_test(26918, 231000 - 10.3, 4056000 + 10.2, 0.6, 720, (struct lu_rect){0, 0, 390, 390}, 0.06);
	place_test(26918, 231000 - 10.3, 4056000 + 10.2, 0.3, 1000, (struct lu_rect){0, 0, 280, 280}, 0.06);
	place_test(26918, 231000 - 10.3, 4056000 + 10.2, 2, 220, (struct lu_rect){0, 0, 390, 390}, 0.06);
}

static void checkerboard_from_other_systems(void **state)
{
	struct lu_point corner = {231000, 4056000};
	struct lu_transform *transform;
	struct lu_error err = {0};
	char *board, *other;

	(void)state;
	check_ok(lu_crs_normalise("EPSG:26918", &board, &err), err);
	check_ok(lu_crs_normalise("EPSG:26917", &other, &err), err);
	check_ok(lu_transform_new(board, other, &transform, &err), err);
	check_ok(lu_transform_points(transform, &corner, 1, &err), err);
	place_test(26917, floor(corner.x) - 60.2, floor(corner.y) + 60.7, 1, 540, (struct lu_rect){0, 0, 400, 400},
		   0.1);
	lu_transform_free(transform);
	lu_free(other);
	/* Degrees: pixels of 1.1 m by 0.9 m, wider than high. */
	corner = (struct lu_point){231000, 4056000};
	check_ok(lu_transform_new(board, NULL, &transform, &err), err);
	check_ok(lu_transform_points(transform, &corner, 1, &err), err);
	place_test(4269, corner.x - 0.0004, corner.y + 0.0004, 1e-5, 580, (struct lu_rect){0, 0, 400, 400}, 0.1);
	lu_transform_free(transform);
	lu_free(board);
}

/* Data everywhere but in the nodata frame of 20 pixels around it; data is 200. */
static double framed(const struct make *make, int band, int col, int row)
{
	(void)band;
	return col >= 20 && row >= 20 && col < make->width - 20 && row < make->height - 20 ? 200 : 255;
}

static void nodata_does_not_bleed(void **state)
{
	const char *path;
	struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct make make = {.width = 100,
			    .height = 100,
			    .bands = 3,
			    .left = 231000.4,
			    .top = 4056000.3,
			    .epsg = 26918,
			    .value = framed,
			    .nodata = "255"};
	struct lu_frame frame;
	struct scene scene;

	(void)state;
	path = make_tiff("framed.tif", &make);
	board_frame(&frame, 231000, 4056000, 120, 120);
	look(&scene, &options, &frame, (struct lu_rect){-3, -3, 126, 126});
	for (int row = -3; row < 123; row++) {
		for (int col = -3; col < 123; col++) {
			/* The centre of the grid pixel, in pixels of the file. */
			const double x = col + 0.5 - 0.4;
			const double y = row + 0.5 + 0.3;
			const bool data = x > 20 && x < 80 && y > 20 && y < 80;

			assert_int_equal(valid_at(&scene, col, row), data);
			assert_int_equal(value_at(&scene, 2, col, row), data ? 200 : 0);
		}
	}
	look_away(&scene);
	lu_frame_release(&frame);
}

static double framed_alpha(const struct make *make, int band, int col, int row)
{
	const bool data = framed(make, band, col, row) == 200;

	return band == 4 ? (data ? (make->type == GDT_UInt16 ? 65535 : 255) : 0) : data ? 200 : 33;
}

static void warped_alpha_keeps_its_edge(void **state)
{
	static const double range[] = {0, 255};
	const char *path;
	struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3, .range = range};
	struct make make = {.width = 100,
			    .height = 100,
			    .bands = 4,
			    .left = 231000.4,
			    .top = 4056000.3,
			    .epsg = 26918,
			    .value = framed_alpha,
			    .options = {"PHOTOMETRIC=RGB", "ALPHA=YES"}};
	struct lu_frame frame;
	struct scene scene;

	(void)state;
	board_frame(&frame, 231000, 4056000, 120, 120);
	for (int pass = 0; pass < 2; pass++) {
		/* The second time with 16 bits, where opaque is 65535. */
		make.type = pass == 0 ? GDT_Byte : GDT_UInt16;
		path = make_tiff("framed_alpha.tif", &make);
		look(&scene, &options, &frame, everything);
		for (int row = 0; row < 120; row++) {
			for (int col = 0; col < 120; col++) {
				const double x = col + 0.5 - 0.4;
				const double y = row + 0.5 + 0.3;
				const bool data = x > 20 && x < 80 && y > 20 && y < 80;

				assert_int_equal(valid_at(&scene, col, row), data);
				assert_int_equal(value_at(&scene, 2, col, row), data ? 200 : 0);
			}
		}
		look_away(&scene);
		/* "none": the file's own alpha counts no longer, only its outline. */
		options.nodata.rule = LU_NODATA_NONE;
		look(&scene, &options, &frame, everything);
		assert_int_equal(valid_at(&scene, 5, 5), 1);
		assert_int_equal(value_at(&scene, 1, 5, 5), 33);
		assert_int_equal(valid_at(&scene, 110, 5), 0);
		look_away(&scene);
		options.nodata = (struct lu_nodata){0};
	}
	lu_frame_release(&frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checkerboard_off_by_part_of_a_pixel),
		cmocka_unit_test(checkerboard_at_other_resolutions),
		cmocka_unit_test(checkerboard_from_other_systems),
		cmocka_unit_test(nodata_does_not_bleed),
		cmocka_unit_test(warped_alpha_keeps_its_edge),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
