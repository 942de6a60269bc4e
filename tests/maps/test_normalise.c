/* test_normalise.c: dates whose radiometry differs by a line are brought to one of them, and scale and cover are judged. */
#include "maps/normalise.h"

#include "grid/cover.h"
#include "maps/scale.h"
#include "raster/make.h"
#include "support/near.h"

enum { SIDE = 512, CELL = 64 };

static const char *const labels[] = {"2001", "2010", "2016"};

/* Grey squares of 16 pixels; 'user' is how much of them there is, and what is added. */
static double squares(const struct make *make, int band, int col, int row)
{
	const double *line = make->user;

	return line[0] * (40 + 2 * ((col / 16 * 7 + row / 16 * 13 + band * 5) % 80)) + line[1];
}

/* Another land altogether. */
static double noise(const struct make *make, int band, int col, int row)
{
	unsigned x = (unsigned)(col / 4 * 7919 + row / 4 * 104729 + band * 31);

	(void)make;
	x = (x ^ x >> 13) * 2654435761u;
	return (x >> 16) % 251;
}

static struct lu_imagery *imagery_of(const char *name, const struct make *make)
{
	const char *path = make_tiff(name, make);
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct lu_imagery *imagery;
	struct lu_error err = {0};

	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	return imagery;
}

/* A grid of the first date's pixels, all of whose cells are the county's. */
struct land {
	struct lu_grid grid;
	struct lu_coverage *coverage;
	struct lu_imagery *dates[3];
};

static struct lu_point corners[] = {
	{500000, 4400000}, {500000 + SIDE, 4400000}, {500000 + SIDE, 4400000 + SIDE}, {500000, 4400000 + SIDE}};
static struct lu_ring ring = {.points = corners, .count = 4};
static const struct lu_polygon county = {.rings = &ring, .count = 1};

static struct make image(const double *line)
{
	return (struct make){.width = SIDE,
			     .height = SIDE,
			     .bands = 3,
			     .left = 500000,
			     .top = 4400000 + SIDE,
			     .value = squares,
			     .user = line};
}

static void lay_grid(struct land *land)
{
	const struct lu_grid_options options = {.imagery = lu_imagery_frame(land->dates[0]),
						.chip_px = CELL,
						.stride_px = CELL,
						.extent = {500000, 4400000, 500000 + SIDE, 4400000 + SIDE}};
	struct lu_error err = {0};

	check_ok(lu_grid_make(&options, &land->grid, &err), err);
	check_ok(lu_coverage_new(&county, &land->grid.cells, &land->coverage, &err), err);
}

static void clear_land(struct land *land)
{
	for (size_t i = 0; i < 3; i++)
		lu_imagery_free(land->dates[i]);
	lu_coverage_free(land->coverage);
	lu_grid_release(&land->grid);
}

static struct lu_normalise_task task_of(const struct land *land, size_t count)
{
	return (struct lu_normalise_task){.labels = labels,
					  .imagery = land->dates,
					  .count = count,
					  .to = 1,
					  .method = LU_RADIOMETRY_REGRESSION,
					  .bands = 3,
					  .grid = &land->grid,
					  .coverage = land->coverage,
					  .threads = 2};
}

/* 2010 is the reference; 2001 has half the contrast, 2016 is darker. */
static void lines_are_found(void **state)
{
	static const double lines[3][2] = {{0.5, 30}, {1, 0}, {1, -20}};
	struct land land = {0};
	struct lu_normaliser *normaliser;
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct make make = image(lines[i]);
		land.dates[i] = imagery_of(labels[i], &make);
	}
	lay_grid(&land);
	struct lu_normalise_task task = task_of(&land, 3);
	check_ok(lu_normaliser_new(&task, &normaliser, &err), err);
	assert_null(lu_normaliser_date(normaliser, 1));
	assert_null(lu_normaliser_statistics(normaliser, 1));
	for (size_t i = 0; i < 3; i += 2) {
		const struct lu_radiometry *found = lu_normaliser_date(normaliser, i);
		const struct lu_normalisation_statistics *told = lu_normaliser_statistics(normaliser, i);
		assert_int_equal(found->band_count, 3);
		for (size_t b = 0; b < 3; b++) {
			check_near(found->bands[b].gain, 1 / lines[i][0], 1e-6);
			check_near(found->bands[b].offset, -lines[i][1] / lines[i][0], 1e-4);
			check_near(told->bands[b].correlation, 1, 1e-9);
			check_near(told->bands[b].after, 0, 1e-4);
			assert_int_equal(found->bands[b].table[100], i == 0 ? 140 : 120);
		}
		assert_string_equal(told->to, "2010");
		assert_null(told->via);
		assert_string_equal(told->method, "regression");
	}
	lu_normaliser_free(normaliser);
	task.method = LU_RADIOMETRY_NONE;
	check_ok(lu_normaliser_new(&task, &normaliser, &err), err);
	assert_null(normaliser);
	assert_null(lu_normaliser_date(NULL, 0));
	clear_land(&land);
}

/* Zeros where the file has its tile at 128, 128: no DEFLATE stream. */
static void damage_tile(const char *path)
{
	GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
	assert_non_null(dataset);
	const GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
	const long at = atol(GDALGetMetadataItem(band, "BLOCK_OFFSET_1_1", "TIFF"));
	const long size = atol(GDALGetMetadataItem(band, "BLOCK_SIZE_1_1", "TIFF"));
	GDALClose(dataset);
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	for (long i = 0; i < size; i++)
		assert_int_equal(fputc(0, file), 0);
	assert_int_equal(fclose(file), 0);
}

static void count_warnings(void *user, enum lu_level level, const char *text)
{
	int *warnings = user;
	if (level == LU_LEVEL_WARNING && strncmp(text, "2001: ", 6) == 0)
		++*warnings;
}

/* A tile of 2001 cannot be read: the fit fails, or is made of the rest, and says so. */
static void tiles_that_cannot_be_read(void **state)
{
	static const double lines[2][2] = {{0.5, 30}, {1, 0}};
	struct land land = {0};
	struct lu_normaliser *normaliser;
	struct lu_error err = {0};
	int warnings = 0;
	const struct lu_hooks hooks = {.log = count_warnings, .user = &warnings};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct make make = image(lines[i]);
		memcpy(make.options,
		       ((const char *[8]){"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "COMPRESS=DEFLATE"}),
		       sizeof(make.options));
		land.dates[i] = imagery_of(i == 0 ? "torn" : "whole", &make);
	}
	lay_grid(&land);
	struct lu_normalise_task task = task_of(&land, 2);
	task.hooks = &hooks;
	check_ok(lu_normaliser_new(&task, &normaliser, &err), err);
	const size_t all = lu_normaliser_statistics(normaliser, 0)->blocks;
	assert_int_equal(warnings, 0);
	lu_normaliser_free(normaliser);
	damage_tile(make_path("torn"));
	check_fails(lu_normaliser_new(&task, &normaliser, &err), LU_ERROR_IO, err, "torn");
	task.skip_unreadable = true;
	check_ok(lu_normaliser_new(&task, &normaliser, &err), err);
	const struct lu_normalisation_statistics *told = lu_normaliser_statistics(normaliser, 0);
	/* Windows that lie across the tile's edge go as a whole: a sixteenth of the ground, and a little. */
	assert_in_range(told->blocks, all * 85 / 100, all * 15 / 16);
	for (size_t b = 0; b < 3; b++)
		check_near(told->bands[b].gain, 2, 1e-6);
	assert_int_equal(warnings, 1);
	lu_normaliser_free(normaliser);
	clear_land(&land);
}

/* 2001 has no radiometry in common with the reference, nor with another date. */
static void nothing_in_common(void **state)
{
	static const double line[] = {1, 0};
	struct land land = {0};
	struct lu_normaliser *normaliser = NULL;
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct make make = image(line);
		make.value = i == 0 ? noise : squares;
		land.dates[i] = imagery_of(labels[i], &make);
	}
	lay_grid(&land);
	const struct lu_normalise_task task = task_of(&land, 2);
	check_fails(lu_normaliser_new(&task, &normaliser, &err), LU_ERROR_MISMATCH, err,
		    "date 2001 cannot be normalised to 2010: ");
	assert_null(normaliser);
	clear_land(&land);
}

/* Imagery of the western half; then by cells of four windows, which says the same. */
static void half_is_covered(void **state)
{
	static const double line[] = {1, 0};
	struct land land = {0};
	struct make make = image(line);
	struct lu_ground ground = {.county = county, .county_m2 = (double)SIDE * SIDE};
	struct lu_error err = {0};

	(void)state;
	make.width = SIDE / 2;
	land.dates[0] = imagery_of("half", &make);
	lay_grid(&land);
	ground.coverage = land.coverage;
	for (int chip = CELL; chip >= CELL / 2; chip /= 2) {
		struct lu_date_grids_request request = {.cells = &land.grid,
							.ground = &ground,
							.imagery = land.dates,
							.count = 1,
							.model = {chip, chip},
							.same_pixels = true,
							.divide = true};
		struct lu_grid cells = land.grid;
		struct lu_date_grids grids;
		struct lu_cover cover;
		cells.chip_px = chip;
		request.cells = &cells;
		check_ok(lu_date_grids_make(&request, &grids, &err), err);
		assert_int_equal(grids.windows, CELL / chip);
		check_ok(lu_cover_find(land.dates[0], &grids, 0, &ground, &cover, &err), err);
		check_near(cover.share, 0.5, 1e-12);
		assert_int_equal(cover.places, 1);
		check_near(cover.largest_m2, (double)SIDE * SIDE / 2, 1e-3);
		assert_string_equal(cover.where, "in the east");
		assert_true(cover.reached);
		lu_date_grids_release(&grids);
	}
	clear_land(&land);
}

/* Imagery of 1 m is refused where it is coarser or finer than what a model was trained on, unless somebody accepts that. */
static void scale_is_judged(void **state)
{
	static const double line[] = {1, 0};
	struct land land = {0};
	const struct make make = image(line);
	char name[] = "m";
	struct lu_model model = {.name = name, .chip_px = CELL, .gsd_m = 1, .gsd_range = {0.5, 2}};
	struct lu_date_grids grids;
	struct lu_error err = {0};

	(void)state;
	land.dates[0] = imagery_of("one", &make);
	lay_grid(&land);
	grids = (struct lu_date_grids){.dates = &land.grid, .count = 1, .windows = 1};
	struct lu_scale scale = {.model = &model,
				 .grid = &land.grid,
				 .dates = &grids,
				 .labels = labels,
				 .imagery = land.dates,
				 .stated = true};
	check_ok(lu_scale_check(&scale, NULL, &err), err);
	model.gsd_range[1] = 0.5;
	check_fails(lu_scale_check(&scale, NULL, &err), LU_ERROR_MISMATCH, err, "the imagery has 1 m a pixel");
	model.gsd_range[0] = 1.5;
	model.gsd_range[1] = 2;
	check_fails(lu_scale_check(&scale, NULL, &err), LU_ERROR_MISMATCH, err, "the network is shown 1 m a pixel");
	model.gsd_m = 0.3;
	check_fails(lu_scale_check(&scale, NULL, &err), LU_ERROR_MISMATCH, err, "trained at 0.3 m: a factor of 3.3");
	scale.accept = true;
	check_ok(lu_scale_check(&scale, NULL, &err), err);
	clear_land(&land);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_found),   cmocka_unit_test(tiles_that_cannot_be_read),
		cmocka_unit_test(nothing_in_common), cmocka_unit_test(half_is_covered),
		cmocka_unit_test(scale_is_judged),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
