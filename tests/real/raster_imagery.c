/*
 * raster_imagery.c: views of real imagery: NAIP of five years on grids of their own, a UTM seam, a
 * county in three delivery forms. GDAL's own tools, asked in their usual way, are the reference.
 */
#include "../raster/make.h"

#include <gdal_utils.h>
#include <math.h>

#include "base/file.h"
#include "raster/imagery.h"
#include "raster/view.h"
#include "support/real_data.h"

static const char *folder;

static const char *data_path(const char *name)
{
	static char paths[8][1024];
	static int next;

	next = (next + 1) % 8;
	snprintf(paths[next], sizeof(paths[next]), "%s/%s", folder, name);
	return paths[next];
}

struct picture {
	struct lu_frame frame;
	uint8_t *dst, *valid;
	size_t area, direct;
};

/* Read the first three bands of 'path' on 'grid' (NULL: its own). */
static void look(struct picture *picture, const char *path, const struct lu_frame *grid)
{
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct lu_view *view;

	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	check_ok(lu_frame_copy(grid != NULL ? grid : lu_imagery_frame(imagery), &picture->frame, &err), err);
	picture->area = (size_t)(picture->frame.width * picture->frame.height);
	picture->dst = malloc(3 * picture->area);
	picture->valid = malloc(picture->area);
	check_ok(lu_view_new(imagery, &picture->frame, &view, &err), err);
	picture->direct = lu_view_direct_count(view);
	check_ok(lu_view_read(view, (struct lu_rect){0, 0, picture->frame.width, picture->frame.height}, picture->dst,
			      picture->valid, &err),
		 err);
	lu_view_free(view);
	lu_imagery_free(imagery);
}

static void look_away(struct picture *picture)
{
	free(picture->dst);
	free(picture->valid);
	lu_frame_release(&picture->frame);
}

/* What gdalwarp makes of 'path' on 'frame': three bands, then 1 where it has data. */
static uint8_t *gdalwarp(const char *path, const struct lu_frame *frame)
{
	const double *t = frame->transform;
	const size_t area = (size_t)(frame->width * frame->height);
	const int w = (int)frame->width;
	const int h = (int)frame->height;
	GDALDatasetH from;
	int bands[] = {1, 2, 3};
	GDALWarpAppOptions *options;
	uint8_t *pixels = malloc(4 * area);
	char **words = NULL;
	GDALDatasetH to;

	/* Some of these files make libtiff talk. */
	CPLPushErrorHandler(CPLQuietErrorHandler);
	from = GDALOpen(path, GA_ReadOnly);
	assert_non_null(from);
	words = CSLParseCommandLine(CPLSPrintf(
		"-of MEM -r bilinear -et 0 -dstalpha -te %.17g %.17g %.17g %.17g -ts %d %d -wo UNIFIED_SRC_NODATA=YES",
		t[0], t[3] + h * t[5], t[0] + w * t[1], t[3], w, h));
	words = CSLAddString(words, "-t_srs");
	words = CSLAddString(words, frame->crs_wkt);
	options = GDALWarpAppOptionsNew(words, NULL);
	to = GDALWarp("", NULL, 1, &from, options, NULL);
	assert_non_null(to);
	assert_int_equal(GDALDatasetRasterIO(to, GF_Read, 0, 0, w, h, pixels, w, h, GDT_Byte, 3, bands, 0, 0, 0),
			 CE_None);
	assert_int_equal(GDALRasterIO(GDALGetRasterBand(to, GDALGetRasterCount(to)), GF_Read, 0, 0, w, h,
				      pixels + 3 * area, w, h, GDT_Byte, 0, 0),
			 CE_None);
	GDALWarpAppOptionsFree(options);
	CSLDestroy(words);
	GDALClose(to);
	GDALClose(from);
	CPLPopErrorHandler();
	return pixels;
}

/* Values differ by rounding at most; our data lie inside gdalwarp's, which grow half a pixel beyond. */
static void compare_with_gdalwarp(const char *path, const struct lu_frame *grid, int tolerance)
{
	struct picture picture;
	size_t both = 0, ours = 0, theirs = 0, far = 0;
	uint8_t *reference;

	look(&picture, path, grid);
	reference = gdalwarp(path, grid);
	for (size_t i = 0; i < picture.area; i++) {
		const bool known = reference[3 * picture.area + i] > 0;

		ours += picture.valid[i];
		theirs += known;
		if (!picture.valid[i] || !known)
			continue;
		both++;
		for (size_t band = 0; band < 3; band++)
			far += abs(picture.dst[band * picture.area + i] - reference[band * picture.area + i]) >
			       tolerance;
	}
	if (picture.direct == 0)
		assert_int_equal(both, ours);
	assert_true(both > picture.area / 4);
	assert_true(theirs - both < picture.area / 100);
	assert_int_equal(far, 0);
	free(reference);
	look_away(&picture);
}

static void five_years_on_the_first_ones_grid(void **state)
{
	static const char *const years[] = {"20100629", "20140720", "20170827", "20200831"};
	struct picture first;

	(void)state;
	look(&first, data_path("naip_5m_stutsman_nd/m_4709963_se_14_1_20090818.tif"), NULL);
	assert_int_equal(first.direct, 1);
	for (size_t i = 0; i < sizeof(years) / sizeof(*years); i++) {
		char name[128];

		snprintf(name, sizeof(name), "naip_5m_stutsman_nd/m_4709963_se_14_1_%s.tif", years[i]);
		compare_with_gdalwarp(data_path(name), &first.frame, 1);
	}
	look_away(&first);
}

static void both_sides_of_a_utm_seam(void **state)
{
	const char *west = data_path("naip_1m/m_3607824_se_17_1_20160620_subset.tif");
	const char *east = data_path("naip_1m/m_3607717_sw_18_1_20160620_subset.tif");
	struct picture grid;

	(void)state;
	look(&grid, data_path("naip_1m/m_36*_20160620_subset.tif"), NULL);
	assert_true(grid.frame.width > 500 && grid.frame.width < 700);
	look_away(&grid);
	look(&grid, east, NULL);
	/* The other zone's picture, some 280 m further east, on this zone's pixels; 0.05 pixels may be 12 grey values. */
	grid.frame.transform[0] += 200;
	grid.frame.width = 450;
	compare_with_gdalwarp(west, &grid.frame, 12);
	look_away(&grid);
}

/* How many pixels of one band are not data under a nodata rule. */
static size_t missing(struct lu_nodata nodata)
{
	const char *path = data_path("naip_1m/NAIP-VA-b1.tiff");
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 1, .nodata = nodata};
	uint8_t *dst = malloc(597 * 510);
	uint8_t *valid = malloc(597 * 510);
	struct lu_imagery *imagery;
	struct lu_error err = {0};
	struct lu_view *view;
	size_t count = 0;

	check_ok(lu_imagery_open(&options, &imagery, &err), err);
	check_ok(lu_view_new(imagery, lu_imagery_frame(imagery), &view, &err), err);
	check_ok(lu_view_read(view, (struct lu_rect){0, 0, 597, 510}, dst, valid, &err), err);
	for (int i = 0; i < 597 * 510; i++)
		count += !valid[i];
	lu_view_free(view);
	lu_imagery_free(imagery);
	free(dst);
	free(valid);
	return count;
}

static void the_job_may_overrule_nodata(void **state)
{
	(void)state;
	/* The file calls 255 nodata and has none; its brightest roofs are 254. */
	assert_int_equal(missing((struct lu_nodata){LU_NODATA_OF_FILE, 0}), 0);
	assert_int_equal(missing((struct lu_nodata){LU_NODATA_NONE, 0}), 0);
	assert_true(missing((struct lu_nodata){LU_NODATA_VALUE, 254}) > 0);
}

static void three_delivery_forms_one_grid(void **state)
{
	struct picture cog, tiled, quads;
	size_t far = 0;

	(void)state;
	look(&cog, data_path("scenario_hampshire/imagery_2001.tif"), NULL);
	look(&tiled, data_path("scenario_hampshire/imagery_2006.tif"), NULL);
	look(&quads, data_path("scenario_hampshire/imagery_2011"), NULL);
	assert_int_equal(cog.direct, 1);
	assert_int_equal(quads.direct, 4);
	assert_memory_equal(cog.frame.transform, quads.frame.transform, sizeof(cog.frame.transform));
	assert_memory_equal(cog.frame.transform, tiled.frame.transform, sizeof(cog.frame.transform));
	assert_true(cog.area == quads.area && tiled.area == quads.area);
	for (size_t i = 0; i < quads.area; i++)
		assert_true(quads.valid[i] && cog.valid[i] && tiled.valid[i]);
	/* The same quads through GDAL's own mosaicking: theirs lays the last file on top, so look at one corner each. */
	for (int corner = 0; corner < 4; corner++) {
		static const char *const names[] = {"nw", "ne", "sw", "se"};
		const size_t x0 = corner % 2 == 0 ? 0 : 4480 - 2000;
		const size_t y0 = corner / 2 == 0 ? 0 : 4480 - 2000;
		struct picture quad;
		char name[64];

		snprintf(name, sizeof(name), "scenario_hampshire/imagery_2011/q_%s.tif", names[corner]);
		look(&quad, data_path(name), NULL);
		for (size_t row = 0; row < 2000; row += 7) {
			for (size_t col = 0; col < 2000; col += 3) {
				const size_t in_quad = (corner / 2 == 0 ? row : row + 390) * 2390 +
						       (corner % 2 == 0 ? col : col + 390);

				far += quad.dst[in_quad] != quads.dst[(y0 + row) * 4480 + x0 + col];
			}
		}
		look_away(&quad);
	}
	assert_int_equal(far, 0);
	look_away(&cog);
	look_away(&tiled);
	look_away(&quads);
}

static void degrees(void **state)
{
	struct picture picture;

	(void)state;
	look(&picture, data_path("landsat_4326/2000.tif"), NULL);
	assert_int_equal(picture.direct, 1);
	picture.frame.transform[0] += picture.frame.transform[1] * 0.37;
	picture.frame.transform[3] += picture.frame.transform[5] * 0.21;
	compare_with_gdalwarp(data_path("landsat_4326/2000.tif"), &picture.frame, 1);
	look_away(&picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_years_on_the_first_ones_grid),
		cmocka_unit_test(both_sides_of_a_utm_seam),
		cmocka_unit_test(the_job_may_overrule_nodata),
		cmocka_unit_test(three_delivery_forms_one_grid),
		cmocka_unit_test(degrees),
	};

	folder = getenv("LANDUSE_TEST_DATA");
	if (folder == NULL || folder[0] == '\0')
		folder = "../shared/data";
	if (!lu_folder_exists(folder)) {
		printf("skipped: no test data (%s)\n", folder);
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
