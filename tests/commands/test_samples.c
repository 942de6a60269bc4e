/*
 * test_samples.c: a map of known errors through lu_sample, lu_assess, lu_compare and lu_change: what the formulas of Olofsson
 * et al. 2014 give, computed here from the truth of every sampled cell, and what a count of all cells gives.
 */
#include "landuse.h"

#include <gdal.h>
#include <ogr_api.h>

#include "raster/crs.h"
#include "raster/map.h"
#include "support/county.h"
#include "support/results.h"

enum { SIDE = 120, CLASSES = 3 };

static uint8_t truth[SIDE * SIDE], mapped[SIDE * SIDE], later[SIDE * SIDE];

static enum lu_status give(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	(void)band;
	(void)err;
	memcpy(dst, (const uint8_t *)user + row0 * SIDE, (size_t)(rows * SIDE));
	return LU_OK;
}

static void write_map(const char *name, uint8_t *cells)
{
	const struct lu_class entries[] = {{.value = 1, .name = "Water", .blue = 200},
					   {.value = 2, .name = "Forest", .green = 120},
					   {.value = 3, .name = "Town", .red = 220}};
	struct lu_frame frame = {.transform = {1896013, 30, 0, 2388707, 0, -30}, .width = SIDE, .height = SIDE};
	struct lu_error err = {0};

	check_ok(lu_crs_normalise("EPSG:5070", &frame.crs_wkt, &err), err);
	const struct lu_map_spec spec = {.frame = &frame,
					 .bands = 1,
					 .type = LU_MAP_BYTE,
					 .has_nodata = true,
					 .palette = true,
					 .entries = entries,
					 .entry_count = CLASSES};
	check_ok(lu_map_write(in_county(name), &spec, give, cells, &err), err);
	lu_frame_release(&frame);
}

/* Water to the west, a town in the forest; a tenth of the map's cells wrong, and a corner of the forest built up later. */
static int set_up(void **state)
{
	uint64_t random = 7;

	county_set_up(state);
	for (int i = 0; i < SIDE * SIDE; i++) {
		const int row = i / SIDE, col = i % SIDE;
		truth[i] = col < 20 ? 1 : (row - 60) * (row - 60) + (col - 80) * (col - 80) < 900 ? 3 : 2;
		mapped[i] = next_uniform(&random) < 0.1 ? (uint8_t)(1 + (truth[i] + (i & 1)) % CLASSES) : truth[i];
		later[i] = row < 20 && col >= 90 ? 3 : truth[i];
	}
	write_map("truth.tif", truth);
	write_map("map.tif", mapped);
	write_map("later.tif", later);
	return 0;
}

/* Fill the field 'reference' of a sample by the truth; the matrix of the labels. */
static void label_sample(const char *name, const uint8_t *before, const uint8_t *after, double counts[4][4])
{
	const GDALDatasetH set = GDALOpenEx(in_county(name), GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
	OGRFeatureH cell;

	assert_non_null(set);
	const OGRLayerH layer = GDALDatasetGetLayerByName(set, "sample");
	const OGRFeatureDefnH fields = OGR_L_GetLayerDefn(layer);
	const int row = OGR_FD_GetFieldIndex(fields, "row"), col = OGR_FD_GetFieldIndex(fields, "col"),
		  map = OGR_FD_GetFieldIndex(fields, "map"), reference = OGR_FD_GetFieldIndex(fields, "reference");
	OGR_L_ResetReading(layer);
	while ((cell = OGR_L_GetNextFeature(layer)) != NULL) {
		const int at = OGR_F_GetFieldAsInteger(cell, row) * SIDE + OGR_F_GetFieldAsInteger(cell, col);
		const int value = after == NULL || before[at] == after[at] ? before[at] : 100 * before[at] + after[at];
		if (counts != NULL)
			counts[OGR_F_GetFieldAsInteger(cell, map)][value]++;
		OGR_F_SetFieldInteger(cell, reference, value);
		assert_int_equal(OGR_L_SetFeature(layer, cell), OGRERR_NONE);
		OGR_F_Destroy(cell);
	}
	GDALClose(set);
}

/* Equations 1, 3 and 9 to 11 of Olofsson et al. 2014, for strata that are the map's classes. */
static void expect(const double counts[4][4], const double cells[4], double *accuracy, double area_m2[4],
		   double se_m2[4])
{
	*accuracy = 0;
	for (int j = 1; j <= CLASSES; j++) {
		double share = 0, variance = 0;
		for (int i = 1; i <= CLASSES; i++) {
			double n = 0;
			for (int k = 1; k <= CLASSES; k++)
				n += counts[i][k];
			const double weight = cells[i] / (SIDE * SIDE), p = counts[i][j] / n;
			share += weight * p;
			variance += weight * weight * p * (1 - p) / (n - 1);
			*accuracy += i == j ? weight * p : 0;
		}
		area_m2[j] = share * SIDE * SIDE * 900;
		se_m2[j] = sqrt(variance) * SIDE * SIDE * 900;
	}
}

static void an_assessment_is_that_of_the_formulas(void **state)
{
	(void)state;
	static const char *const names[] = {"", "Water", "Forest", "Town"};
	const char *const maps[] = {in_county("map.tif")};
	struct lu_sample_options drawing;
	lu_sample_options_init(&drawing);
	drawing.maps = maps;
	drawing.map_count = 1;
	drawing.output = in_county("sample.gpkg");
	drawing.size = 300;
	drawing.seed = 5;
	struct lu_assess_options options;
	lu_assess_options_init(&options);
	options.maps = maps;
	options.map_count = 1;
	options.sample = in_county("sample.gpkg");
	options.intervals = LU_INTERVALS_WALD;
	options.estimator = LU_ESTIMATOR_STRATIFIED;
	options.kappa = true;
	options.json = true;
	options.csv_folder = in_county("tables");
	double counts[4][4] = {{0}}, cells[4] = {0}, accuracy, area[4], se[4];
	struct lu_run_summary summary;
	struct lu_error err = {0};
	check_ok(lu_sample(&drawing, &summary, &err), err);
	lu_text_free(summary.text);
	check_fails(lu_sample(&drawing, &summary, &err), LU_ERROR_IO, err, "is there already");
	label_sample("sample.gpkg", truth, NULL, counts);
	for (int i = 0; i < SIDE * SIDE; i++)
		cells[mapped[i]]++;
	expect((const double(*)[4])counts, cells, &accuracy, area, se);
	const struct lu_accuracy *figures;
	options.accuracy = &figures;
	check_ok(lu_assess(&options, &summary, &err), err);
	options.accuracy = NULL;
	json_t *report = json_loads(summary.text, 0, NULL);
	assert_non_null(report);
	check_close(figures->overall.value, accuracy, 1e-12);
	assert_true(figures->overall.low < accuracy && figures->overall.high > accuracy && figures->probability_sample);
	assert_int_equal(figures->class_count, CLASSES);
	for (size_t i = 0; i < figures->class_count; i++) {
		const struct lu_accuracy_class *class = &figures->classes[i];
		assert_string_equal(class->name, names[class->value]);
		check_close(class->area_ha.value, area[class->value] / 1e4, 5e-3);
		check_close(class->area_ha.se, se[class->value] / 1e4, 5e-2);
		for (size_t j = 0; j < figures->class_count; j++)
			assert_true(figures->counts[i * figures->class_count + j] ==
				    counts[class->value][figures->classes[j].value]);
	}
	lu_accuracy_free(figures);
	lu_text_free(summary.text);
	check_close(number_at(report, "overall_accuracy.value"), accuracy, 1e-6);
	json_t *classes = json_at(report, "classes"), *class;
	size_t k;
	json_array_foreach(classes, k, class)
	{
		int value = 0;
		for (int i = 1; i <= CLASSES; i++)
			value = strcmp(json_string_value(json_at(class, "name")), names[i]) == 0 ? i : value;
		assert_true(value > 0);
		/* A degree of the ellipsoid: cells of the Albers grid are a little less or more than 900 m2 on it. */
		check_close(number_at(class, "adjusted_ha.value"), area[value] / 1e4, 5e-3);
		check_close(number_at(class, "adjusted_ha.se"), se[value] / 1e4, 5e-2);
	}
	assert_int_equal(json_array_size(classes), CLASSES);
	json_decref(report);
	for (size_t i = 0; i < 2; i++) {
		static const enum lu_intervals intervals[] = {LU_INTERVALS_WILSON, LU_INTERVALS_WALD};
		options.json = false;
		options.intervals = intervals[i];
		options.estimator = LU_ESTIMATOR_AUTO;
		check_ok(lu_assess(&options, &summary, &err), err);
		assert_non_null(strstr(summary.text, "Town"));
		lu_text_free(summary.text);
	}
	assert_true(county_has("tables/error_matrix.csv"));
}

/* Two dates: strata are from-to pairs; a sample labelled by the truth says that what changed is what did. */
static void change_is_assessed(void **state)
{
	(void)state;
	const char *const maps[] = {in_county("truth.tif"), in_county("later.tif")};
	struct lu_sample_options drawing;
	lu_sample_options_init(&drawing);
	drawing.maps = maps;
	drawing.map_count = 2;
	drawing.output = in_county("changes.gpkg");
	drawing.target_se = 0.01;
	drawing.allocation = LU_ALLOCATION_NEYMAN;
	const struct lu_class_number guess = {NULL, 0.8};
	drawing.expected_accuracy = &guess;
	drawing.expected_accuracy_count = 1;
	drawing.pool_below = 50;
	drawing.seed = 1;
	struct lu_assess_options options;
	lu_assess_options_init(&options);
	options.maps = maps;
	options.map_count = 2;
	options.sample = in_county("changes.gpkg");
	options.json = true;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	double changed = 0, area = 0;
	json_t *class;
	size_t k;
	for (int i = 0; i < SIDE * SIDE; i++)
		changed += truth[i] != later[i];
	check_ok(lu_sample(&drawing, &summary, &err), err);
	assert_non_null(strstr(summary.text, "Forest to Town"));
	lu_text_free(summary.text);
	label_sample("changes.gpkg", truth, later, NULL);
	check_ok(lu_assess(&options, &summary, &err), err);
	json_t *report = json_loads(summary.text, 0, NULL);
	lu_text_free(summary.text);
	check_near(number_at(report, "overall_accuracy.value"), 1, 1e-12);
	json_array_foreach(json_at(report, "classes"), k, class)
	{
		if (strstr(json_string_value(json_at(class, "name")), " to ") != NULL)
			area += number_at(class, "adjusted_ha.value");
	}
	check_close(area, changed * 0.09, 5e-3);
	json_decref(report);
}

/* Against a reference of its own grid, agreement is a count. */
static void a_comparison_counts_cells(void **state)
{
	(void)state;
	struct lu_compare_options options;
	lu_compare_options_init(&options);
	options.map = in_county("map.tif");
	options.reference = in_county("truth.tif");
	options.json = true;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	double agree = 0;
	for (int i = 0; i < SIDE * SIDE; i++)
		agree += mapped[i] == truth[i];
	check_ok(lu_compare(&options, &summary, &err), err);
	json_t *report = json_loads(summary.text, 0, NULL);
	lu_text_free(summary.text);
	check_near(number_at(report, "agreement"), agree / (SIDE * SIDE), 1e-6);
	json_decref(report);
	options.json = false;
	options.purity = 0.6;
	check_ok(lu_compare(&options, &summary, &err), err);
	assert_non_null(strstr(summary.text, "Forest"));
	lu_text_free(summary.text);
	options.reference = in_county("nowhere.tif");
	check_fails(lu_compare(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "nowhere.tif");
}

static void maps_of_others_are_compared(void **state)
{
	(void)state;
	const char *const maps[] = {in_county("truth.tif"), in_county("map.tif"), in_county("later.tif")};
	const char *const labels[] = {"2001", "2006", "2011"};
	struct lu_change_options options;
	lu_change_options_init(&options);
	options.maps = maps;
	options.labels = labels;
	options.map_count = 3;
	options.output = in_county("change");
	options.smoothing = (struct lu_smoothing){.method = LU_SMOOTH_PLURALITY, .weight = 1, .min_cells = 4};
	options.consecutive = true;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	check_ok(lu_change(&options, &summary, &err), err);
	lu_text_free(summary.text);
	json_t *statistics = county_json("change/statistics.json");
	assert_int_equal(json_array_size(json_at(statistics, "pairs")), 2);
	json_decref(statistics);
	assert_true(county_has("change/2001_2006/change.tif"));
	check_results("change");
	options.map_count = 1;
	check_fails(lu_change(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "two or more classified rasters");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_assessment_is_that_of_the_formulas),
		cmocka_unit_test(change_is_assessed),
		cmocka_unit_test(a_comparison_counts_cells),
		cmocka_unit_test(maps_of_others_are_compared),
	};

	return cmocka_run_group_tests(tests, set_up, county_tear_down);
}
