/* test_patch_pictures.c: pictures drawn together are those drawn one by one, whatever the number of threads. */
#include "change/patch_pictures.h"

#include "base/file.h"
#include "raster/crop.h"
#include "raster/make.h"

/* 12 x 10 cells of 40 px; no data (0) in the first four columns of cells of the later dates. */
enum { CELL = 40, COLS = 12, ROWS = 10, DATES = 3 };
static const char *const labels[DATES] = {"2001", "2006", "2011"};
static const size_t colours[3] = {0, 1, 2};
static const bool all[4] = {true, true, true, true};

static double colour(const struct make *make, int band, int col, int row)
{
	const int date = *(const int *)make->user;

	return date > 0 && col < 4 * CELL ? 0 : 1 + (double)((band * 7 + col / 2 * 3 + row / 2 * 5 + date * 60) % 200);
}

struct ground {
	struct lu_imagery *imagery[DATES];
	struct lu_frame cells;
	struct lu_patches ours, theirs; /* of 2001 and 2006, of 2001 and 2011: the second has one cell more */
};

static void open_ground(struct ground *ground)
{
	static const struct lu_flagged_cell cells[] = {
		{.row = 1, .col = 0, .probability = .9f, .area_m2 = 1, .from = 0, .to = 1},
		{.row = 2, .col = 9, .probability = .8f, .area_m2 = 1, .from = 0, .to = 1},
		{.row = 6, .col = 5, .probability = .7f, .area_m2 = 1, .from = 0, .to = 1},
		{.row = 6, .col = 6, .probability = .7f, .area_m2 = 1, .from = 0, .to = 1}};
	struct lu_error err = {0};

	for (int d = 0; d < DATES; d++) {
		char name[32];
		snprintf(name, sizeof(name), "%d.tif", d);
		const struct make make = {.width = COLS * CELL,
					  .height = ROWS * CELL,
					  .bands = 3,
					  .left = 500000,
					  .top = 4000000,
					  .nodata = "0",
					  .user = &d,
					  .value = colour};
		const char *const paths[] = {make_tiff(name, &make)};
		const struct lu_imagery_options options = {.paths = paths, .path_count = 1, .wanted = 3};
		check_ok(lu_imagery_open(&options, &ground->imagery[d], &err), err);
	}
	check_ok(lu_frame_copy(lu_imagery_frame(ground->imagery[0]), &ground->cells, &err), err);
	ground->cells.width = COLS;
	ground->cells.height = ROWS;
	ground->cells.transform[1] *= CELL;
	ground->cells.transform[5] *= CELL;
	check_ok(lu_patches_make(cells, 3, all, 2, &ground->ours, &err), err);
	check_ok(lu_patches_make(cells, 4, all, 2, &ground->theirs, &err), err);
	assert_int_equal(ground->ours.count, 3);
	assert_int_equal(ground->theirs.count, 3);
}

static void close_ground(struct ground *ground)
{
	for (int d = 0; d < DATES; d++)
		lu_imagery_free(ground->imagery[d]);
	lu_frame_release(&ground->cells);
	lu_patches_release(&ground->ours);
	lu_patches_release(&ground->theirs);
}

/* Both layers' pictures below 'folder', by 'threads' threads; the outputs in their order. */
static struct lu_outputs draw(const struct ground *ground, const char *folder, int threads)
{
	const struct lu_patch_pictures_task task = {.folder = folder,
						    .labels = labels,
						    .dates = DATES,
						    .imagery = ground->imagery,
						    .colours = {colours[0], colours[1], colours[2]},
						    .cells = &ground->cells,
						    .threads = threads};
	const size_t near[2] = {0, 1}, far[2] = {0, 2};
	struct lu_patch_pictures ours = {0}, theirs = {0};
	struct lu_outputs outputs = {0};
	struct lu_picture_book *book = NULL;
	struct lu_error err = {0};

	check_ok(lu_picture_book_new(&task, &book, &err), err);
	check_ok(lu_picture_book_want(book, "2001_2006", "new", near, &ground->ours, 100, &ours, &err), err);
	check_ok(lu_picture_book_want(book, "2001_2011", "new", far, &ground->theirs, 100, &theirs, &err), err);
	check_ok(lu_picture_book_draw(book, &outputs, &err), err);
	lu_picture_book_free(book);
	check_ok(lu_patch_pictures_list(&ours, "2001_2006", &outputs, &err), err);
	check_ok(lu_patch_pictures_list(&theirs, "2001_2011", &outputs, &err), err);
	/* The patch without data at the later date has one picture. */
	assert_non_null(ours.links[0][0]);
	assert_null(ours.links[0][1]);
	lu_patch_pictures_release(&ours);
	lu_patch_pictures_release(&theirs);
	return outputs;
}

static void check_same_file(const char *a, const char *b)
{
	char *bytes[2];
	size_t sizes[2];
	struct lu_error err = {0};

	check_ok(lu_file_read(a, 1 << 20, &bytes[0], &sizes[0], &err), err);
	check_ok(lu_file_read(b, 1 << 20, &bytes[1], &sizes[1], &err), err);
	assert_int_equal(sizes[0], sizes[1]);
	assert_memory_equal(bytes[0], bytes[1], sizes[0]);
	lu_free(bytes[0]);
	lu_free(bytes[1]);
}

/* FOLDER/PATH is what a crop of its own gives for the 3 x 3 cells about 'row', 'col', of 'width' cells in all. */
static void check_picture(const struct ground *ground, const char *path, int date, int64_t row, int64_t col,
			  int64_t width)
{
	const uint8_t one[49] = {[24] = 1}, two[64] = {[27] = 1, [28] = 1};
	/* 256 px at least: seven cells of 40 px about one, and eight about two. */
	const struct lu_crop_scene scene = {.cells = {col - 3, row - 3, 6 + width, 7}, .marked = width > 1 ? two : one};
	struct lu_crop *crop = NULL;
	struct lu_error err = {0};
	bool drawn = false;

	check_ok(lu_crop_new(ground->imagery[date], colours, &ground->cells, CELL, &crop, &err), err);
	check_ok(lu_crop_write(crop, &scene, make_path("alone.jpg"), &drawn, &err), err);
	assert_true(drawn);
	check_same_file(make_path("alone.jpg"), make_path(path));
	lu_crop_free(crop);
}

static void pictures_drawn_together_are_those_drawn_alone(void **state)
{
	(void)state;
	struct ground ground = {0};

	open_ground(&ground);
	struct lu_outputs one = draw(&ground, make_path("one"), 1), many = draw(&ground, make_path("many"), 3);
	assert_int_equal(one.count, 5 + 5);
	assert_int_equal(many.count, one.count);
	for (size_t i = 0; i < one.count; i++) {
		char a[128], b[128];
		assert_string_equal(one.paths[i], many.paths[i]);
		snprintf(a, sizeof(a), "one/%s", one.paths[i]);
		snprintf(b, sizeof(b), "many/%s", many.paths[i]);
		check_same_file(make_path(a), make_path(b));
	}
	/* Drawn for one pair and copied for the other, where both show the same patch; not where it grew. */
	check_picture(&ground, "one/2001_2006/pictures/new_r2_c9_2001.jpg", 0, 2, 9, 1);
	check_picture(&ground, "one/2001_2011/pictures/new_r2_c9_2001.jpg", 0, 2, 9, 1);
	check_picture(&ground, "one/2001_2011/pictures/new_r2_c9_2011.jpg", 2, 2, 9, 1);
	check_picture(&ground, "one/2001_2006/pictures/new_r6_c5_2006.jpg", 1, 6, 5, 1);
	check_picture(&ground, "one/2001_2011/pictures/new_r6_c5_2001.jpg", 0, 6, 5, 2);
	lu_outputs_release(&one);
	lu_outputs_release(&many);
	close_ground(&ground);
}

static void a_few_draw_at_once_and_the_plan_counts_them(void **state)
{
	struct ground ground = {0};

	(void)state;
	open_ground(&ground);
	const size_t one = lu_picture_book_bytes(ground.imagery[0], 1),
		     two = lu_picture_book_bytes(ground.imagery[0], 2);
	const size_t many = lu_picture_book_bytes(ground.imagery[0], 32);
	/* A view's piece of 1024 x 1024, three bands and a mask. */
	assert_true(two - one > (size_t)4 << 20);
	assert_true(many < (size_t)64 << 20);
	assert_int_equal(many, lu_picture_book_bytes(ground.imagery[0], 4));
	close_ground(&ground);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_drawn_together_are_those_drawn_alone),
		cmocka_unit_test(a_few_draw_at_once_and_the_plan_counts_them),
	};
	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
