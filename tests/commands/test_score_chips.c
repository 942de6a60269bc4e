/*
 * test_score_chips.c: lu_model_open, lu_model_score: chips that a program holds in memory, against the map of the same ground.
 */
#include "landuse.h"

#include <math.h>

#include "support/county.h"

enum { SIDE = 3, CHIP_PX = 224, BANDS = 3, CHIPS = SIDE * SIDE, CHIP_BYTES = CHIP_PX * CHIP_PX * BANDS };

static int set_up(void **state)
{
	county_set_up(state);
	county_draw("--cells 3x3 --dates 2015 --seed 7 county");
	return 0;
}

/* The county's picture as chips of interleaved bytes. */
static void read_chips(uint8_t *pixels)
{
	GDALAllRegister();
	GDALDatasetH image = GDALOpen(in_county("county/imagery_2015.tif"), GA_ReadOnly);
	assert_non_null(image);
	for (int i = 0; i < CHIPS; i++)
		assert_int_equal(GDALDatasetRasterIO(image, GF_Read, i % SIDE * CHIP_PX, i / SIDE * CHIP_PX, CHIP_PX,
						     CHIP_PX, pixels + (size_t)i * CHIP_BYTES, CHIP_PX, CHIP_PX,
						     GDT_Byte, BANDS, NULL, BANDS, BANDS * CHIP_PX, 1),
				 CE_None);
	GDALClose(image);
}

static struct lu_open_model *open_model(const char *name, int threads)
{
	struct lu_model_options options;
	lu_model_options_init(&options);
	options.model = name;
	options.precision = LU_PRECISION_FP32;
	options.threads = threads;
	struct lu_open_model *model;
	struct lu_error err = {0};

	check_ok(lu_model_open(&options, &model, &err), err);
	return model;
}

static void chips_are_scored_as_the_map_has_them(void **state)
{
	(void)state;
	struct lu_error err = {0};
	static uint8_t pixels[CHIPS * CHIP_BYTES];
	struct lu_open_model *model = open_model("models/aerial-21", 2);
	const struct lu_model_description *d = lu_model_describe(model);
	assert_string_equal(d->name, "aerial-21");
	assert_int_equal(d->side_px, CHIP_PX);
	assert_int_equal(d->bands, BANDS);
	assert_int_equal(d->class_count, 21);
	assert_string_equal(d->class_names[0], "agricultural");
	check_near(d->gsd_m, 0.3, 1e-9);
	assert_true(d->finest_gsd_m <= 0.3 && d->coarsest_gsd_m >= 0.3 && !d->independent);
	read_chips(pixels);
	float all[CHIPS][21], one[21];
	check_ok(lu_model_score(model, pixels, CHIPS, all[0], &err), err);

	/* The same ground as a map that keeps the probabilities, in percent. */
	const char *imagery = in_county("county/imagery_2015.tif");
	char *path = strdup(imagery);
	struct lu_run_summary summary = {0};
	struct lu_classify_options options;
	lu_classify_options_init(&options);
	options.imagery = (const char *const *)&path;
	options.imagery_count = 1;
	options.model = "models/aerial-21";
	options.scheme = "ucmerced-21";
	options.output = in_county("map");
	options.precision = LU_PRECISION_FP32;
	options.accept_gsd_mismatch = true;
	options.probabilities = true;
	check_ok(lu_classify(&options, &summary, &err), err);
	lu_text_free(summary.text);
	free(path);
	GDALDatasetH map = GDALOpen(in_county("map/probabilities.tif"), GA_ReadOnly);
	assert_non_null(map);
	assert_int_equal(GDALGetRasterCount(map), 21);
	for (int i = 0; i < CHIPS; i++) {
		double sum = 0, mapped[21];
		assert_int_equal(GDALDatasetRasterIO(map, GF_Read, i % SIDE, i / SIDE, 1, 1, mapped, 1, 1, GDT_Float64,
						     21, NULL, sizeof(double), 21 * sizeof(double), sizeof(double)),
				 CE_None);
		for (int k = 0; k < 21; k++) {
			sum += all[i][k];
			check_near(all[i][k], mapped[k] / 100, 0.005001);
		}
		check_near(sum, 1, 1e-5);
	}
	GDALClose(map);

	/* Alone, and by a model of one thread, a chip's numbers are the same bits. */
	struct lu_open_model *again = open_model("models/aerial-21", 1);
	for (int i = 0; i < CHIPS; i++) {
		check_ok(lu_model_score(again, pixels + (size_t)i * CHIP_BYTES, 1, one, &err), err);
		assert_memory_equal(one, all[i], sizeof(one));
	}
	check_ok(lu_model_score(again, pixels, 0, NULL, &err), err);
	lu_model_close(again);
	lu_model_close(model);
	lu_model_close(NULL);
}

/* Classes of a scheme are sums of the model's. */
static void a_scheme_gathers_classes(void **state)
{
	(void)state;
	struct lu_error err = {0};
	static uint8_t pixels[CHIPS * CHIP_BYTES];
	struct lu_open_model *own = open_model("models/aerial-21", 1), *model;
	struct lu_model_options options;
	lu_model_options_init(&options);
	options.model = "models/aerial-21";
	options.precision = LU_PRECISION_FP32;
	options.scheme = "landcover-7";
	check_ok(lu_model_open(&options, &model, &err), err);
	const struct lu_model_description *d = lu_model_describe(model);
	assert_int_equal(d->class_count, 7);
	assert_string_equal(d->class_names[0], "Water");
	read_chips(pixels);
	float fine[CHIPS][21], coarse[CHIPS][7];
	check_ok(lu_model_score(own, pixels, CHIPS, fine[0], &err), err);
	check_ok(lu_model_score(model, pixels, CHIPS, coarse[0], &err), err);
	const char *const *names = lu_model_describe(own)->class_names;
	for (int i = 0; i < CHIPS; i++) {
		double sum = 0, water = 0;
		for (int k = 0; k < 7; k++)
			sum += coarse[i][k];
		for (int k = 0; k < 21; k++)
			if (strcmp(names[k], "river") == 0 || strcmp(names[k], "harbor") == 0)
				water += fine[i][k];
		check_near(sum, 1, 1e-5);
		check_near(coarse[i][0], water, 1e-6);
	}
	lu_model_close(model);
	lu_model_close(own);
	options.scheme = "landcover-77";
	check_fails(lu_model_open(&options, &model, &err), LU_ERROR_ARGUMENT, err, "did you mean 'landcover-7'");
}

static void what_is_no_model_is_told(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_open_model *model;
	struct lu_model_options options;
	lu_model_options_init(&options);
	check_fails(lu_model_open(&options, &model, &err), LU_ERROR_ARGUMENT, err, ".model");
	options.model = "aerial-22";
	check_fails(lu_model_open(&options, &model, &err), LU_ERROR_ARGUMENT, err, "did you mean 'aerial-21'");
	options.model = "models/aerial-features";
	check_fails(lu_model_open(&options, &model, &err), LU_ERROR_ARGUMENT, err, "not classes");
	assert_null(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chips_are_scored_as_the_map_has_them),
		cmocka_unit_test(a_scheme_gathers_classes),
		cmocka_unit_test(what_is_no_model_is_told),
	};
	return cmocka_run_group_tests(tests, set_up, county_tear_down);
}
