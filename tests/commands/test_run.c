/*
 * test_run.c: a county of 5 x 5 cells and three dates through lu_run: its figures add up, its outputs are what the rasters
 * say, it is redone where something is missing, and bad jobs are told before anything is written.
 */
#include "landuse.h"

#include "support/county.h"
#include "support/results.h"

#define DATES                                                                                                          \
	"dates:\n"                                                                                                     \
	"  - {date: 2012, imagery: county/imagery_2012.tif}\n"                                                         \
	"  - {date: 2018, imagery: county/imagery_2018.tif}\n"                                                         \
	"  - {date: 2024, imagery: county/imagery_2024.tif}\n"
#define COUNTY "county: {boundary: county/county.geojson}\nmodel: aerial-21\nthreads: 2\noutput: out\n"

static const char whole_job[] =
	COUNTY DATES "zones: {path: zones.geojson, name: TOWN}\n"
		     "normalise: {to: 2018}\n"
		     "smooth: {method: mrf, weight: 1, minimum_mapping_unit: {cells: 2}}\n"
		     "change: {pictures: 2, layers: [{name: new_development, to: [Developed]}, {name: all}]}\n"
		     "alarms: [{class: Developed, net_gain_ha: 0.5}, {class: Water, net_loss_ha: 5}]\n"
		     "min_confidence: 0.4\nprobabilities: true\nprecision: fp32\nlog: run.log\n";

/* The halves of the county, by a meridian through it. */
static const char zones[] =
	"{\"type\": \"FeatureCollection\", \"features\": ["
	"{\"type\": \"Feature\", \"properties\": {\"TOWN\": \"West\"}, \"geometry\": {\"type\": \"Polygon\", "
	"\"coordinates\": "
	"[[[-71.6, 42.3], [-71.4975, 42.3], [-71.4975, 42.4], [-71.6, 42.4], [-71.6, 42.3]]]}},"
	"{\"type\": \"Feature\", \"properties\": {\"TOWN\": \"East\"}, \"geometry\": {\"type\": \"Polygon\", "
	"\"coordinates\": "
	"[[[-71.4975, 42.3], [-71.4, 42.3], [-71.4, 42.4], [-71.4975, 42.4], [-71.4975, 42.3]]]}}]}";

static int set_up(void **state)
{
	county_set_up(state);
	county_draw("--cells 5x5 --dates 2012,2018,2024 --seed 11 --change-share 0.2 county");
	county_write("zones.geojson", zones);
	county_write("job.yaml", whole_job);
	return 0;
}

static enum lu_status run(const char *job, bool if_changed, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_run_options options;
	lu_run_options_init(&options);
	options.job_path = in_county(job);
	options.if_changed = if_changed;

	return lu_run(&options, summary, err);
}

/* Classes, uncertain and not mapped ground are the county, and cells are counted as they stand in the raster. */
static void check_date(const json_t *statistics, size_t date)
{
	char path[64];
	uint64_t counts[256];
	double area = 0;
	size_t i;
	json_t *class;

	snprintf(path, sizeof(path), "dates.%zu", date);
	const json_t *figures = json_at(statistics, path);
	snprintf(path, sizeof(path), "out/%s/landuse.tif", json_string_value(json_at(figures, "label")));
	county_count(path, counts);
	json_array_foreach(json_at(figures, "classes"), i, class)
	{
		area += number_at(class, "area_ha");
		assert_int_equal((uint64_t)number_at(class, "cells"), counts[(int)number_at(class, "value")]);
	}
	area += number_at(figures, "not_mapped_ha");
	assert_int_equal((uint64_t)number_at(figures, "not_mapped_cells"), counts[0]);
	if (json_object_get(figures, "uncertain_ha") != NULL) {
		area += number_at(figures, "uncertain_ha");
		assert_int_equal((uint64_t)number_at(figures, "uncertain_cells"), counts[99]);
	}
	check_near(area, number_at(statistics, "county.area_ha"), 1e-5);
}

/* The hectares of all classes and zones of a date. */
static double area_of_zones(const char *table, const char *label)
{
	double sum = 0;

	for (const char *line = strchr(table, '\n'); line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n')) {
		char zone[16], date[16], name[32];
		double value, count, hectares;
		if (sscanf(line + 1, "%15[^,],%15[^,],%lf,%31[^,],%lf,%lf", zone, date, &value, name, &count,
			   &hectares) == 6 &&
		    strcmp(date, label) == 0)
			sum += hectares;
	}
	return sum;
}

/* Zones that part the county have its areas together; each pair's matrix has the classes of its dates at its sides. */
static void figures_add_up(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	check_ok(run("job.yaml", false, &summary, &err), err);
	assert_non_null(strstr(summary.text, "Sample county"));
	assert_int_equal(summary.chips, 75);
	lu_text_free(summary.text);
	check_results("out");
	json_t *statistics = county_json("out/statistics.json");
	for (size_t date = 0; date < 3; date++)
		check_date(statistics, date);
	json_t *pair = json_at(statistics, "pairs.0"), *cells = json_at(pair, "transition.cells"), *class;
	size_t row, k;
	json_array_foreach(json_at(pair, "classes"), k, class)
	{
		double sum = 0;
		for (row = 0; row < json_array_size(cells); row++)
			sum += json_number_value(json_array_get(json_array_get(cells, k + 1), row));
		check_near(sum, number_at(class, "cells.earlier"), 0);
	}
	char *table = county_read("out/zone_areas.csv");
	const double zone_area = area_of_zones(table, "2012");
	free(table);
	check_near(zone_area, number_at(statistics, "county.area_ha"), 1e-4);
	json_decref(statistics);
}

static void what_is_there_is_kept_and_what_is_lost_made_again(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_verify_options verify;
	lu_verify_options_init(&verify);
	verify.folder = in_county("out");
	struct lu_error err = {0};
	char *text;
	check_ok(run("job.yaml", true, &summary, &err), err);
	assert_true(summary.up_to_date);
	lu_text_free(summary.text);
	check_ok(lu_verify(&verify, &text, &err), err);
	lu_text_free(text);
	verify.json = true;
	check_ok(lu_verify(&verify, &text, &err), err);
	assert_non_null(strchr(text, '{'));
	lu_text_free(text);
	/* A lost map, and one with a byte of somebody else's: no date is scored again. */
	char *before = county_read("out/2018/landuse.tif");
	assert_int_equal(unlink(in_county("out/2018/landuse.tif")), 0);
	FILE *spoilt = fopen(in_county("out/2012/confidence.tif"), "r+b");
	assert_int_equal(fseek(spoilt, -3, SEEK_END), 0);
	fputc(0x5a, spoilt);
	fputc(0xa5, spoilt);
	assert_int_equal(fclose(spoilt), 0);
	verify.json = false;
	check_fails(lu_verify(&verify, &text, &err), LU_ERROR_FORMAT, err, "out");
	assert_non_null(strstr(text, "2018/landuse.tif"));
	assert_non_null(strstr(text, "2012/confidence.tif"));
	lu_text_free(text);
	check_ok(run("job.yaml", true, &summary, &err), err);
	assert_false(summary.up_to_date);
	assert_int_equal(summary.chips, 0);
	lu_text_free(summary.text);
	char *after = county_read("out/2018/landuse.tif");
	assert_memory_equal(before, after, 200);
	free(before);
	free(after);
	check_ok(lu_verify(&verify, &text, &err), err);
	lu_text_free(text);
}

/* The page and the project are made of the outputs alone. */
static void a_report_is_made_again(void **state)
{
	(void)state;
	struct lu_error err = {0};
	char *before = county_read("out/report.html"), *text;
	assert_int_equal(unlink(in_county("out/report.html")), 0);
	struct lu_report_options options;
	lu_report_options_init(&options);
	options.folder = in_county("out");
	check_ok(lu_report(&options, &text, &err), err);
	assert_non_null(strstr(text, "report.html"));
	char *after = county_read("out/report.html");
	assert_string_equal(before, after);
	assert_non_null(strstr(after, "Sample county"));
	free(before);
	free(after);
	lu_text_free(text);
	options.folder = in_county("county");
	check_fails(lu_report(&options, &text, &err), LU_ERROR_ARGUMENT, err, "county");
	/* Without a browser there is no print, and nothing was begun. */
	char *path = strdup(getenv("PATH"));
	assert_int_equal(unlink(in_county("out/report.html")), 0);
	setenv("PATH", "/nowhere", 1);
	options.folder = in_county("out");
	options.pdf = true;
	check_fails(lu_report(&options, &text, &err), LU_ERROR_ARGUMENT, err, "report.pdf: is printed by Chromium");
	assert_int_not_equal(access(in_county("out/report.html"), F_OK), 0);
	setenv("PATH", path, 1);
	free(path);
	options.pdf = false;
	check_ok(lu_report(&options, &text, &err), err);
	lu_text_free(text);
	/* The manifest vouches for what was made again. */
	struct lu_verify_options verify;
	lu_verify_options_init(&verify);
	verify.folder = in_county("out");
	check_ok(lu_verify(&verify, &text, &err), err);
	lu_text_free(text);
}

/* A job that says less makes less: what the former one made goes, and what a person laid there stays. */
static void a_shorter_job_leaves_nothing_stale(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	county_write("out/notes.txt", "mine");
	county_write("job.yaml", COUNTY "dates:\n"
					"  - {date: 2018, imagery: county/imagery_2018.tif}\n"
					"  - {date: 2024, imagery: county/imagery_2024.tif}\n"
					"smooth: {method: plurality, weight: 1}\nchange: {rate: 0.1, pictures: 0}\n"
					"report: false\npairs: consecutive\n");
	check_ok(run("job.yaml", true, &summary, &err), err);
	lu_text_free(summary.text);
	assert_true(county_has("out/2018/landuse.tif"));
	assert_true(county_has("out/notes.txt"));
	assert_false(county_has("out/2012/landuse.tif"));
	assert_false(county_has("out/report.html"));
	assert_false(county_has("out/zones.gpkg"));
	json_t *statistics = county_json("out/statistics.json");
	check_date(statistics, 0);
	check_date(statistics, 1);
	check_near(number_at(statistics, "pairs.0.significance.change_rate"), 0.1, 0);
	json_decref(statistics);
}

static void a_dry_run_writes_nothing(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	struct lu_run_options options;
	lu_run_options_init(&options);
	options.job_path = in_county("job.yaml");
	options.output = in_county("elsewhere");
	options.dry_run = true;
	county_write("job.yaml", whole_job);
	check_ok(lu_run(&options, &summary, &err), err);
	assert_non_null(strstr(summary.text, "trajectory.tif"));
	lu_text_free(summary.text);
	assert_false(county_has("elsewhere"));
}

static void one_date_without_a_job(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	const char *const imagery[] = {in_county("county/imagery_2012.tif")};
	struct lu_classify_options options;
	lu_classify_options_init(&options);
	options.imagery = imagery;
	options.imagery_count = 1;
	options.model = "aerial-21";
	options.output = in_county("alone");
	options.cell_m = 33.6;
	uint64_t counts[256];
	check_ok(lu_classify(&options, &summary, &err), err);
	assert_int_equal(summary.chips, 64); /* windows of 67.2 m, each about a cell: those at the edge are not whole */
	lu_text_free(summary.text);
	county_count("alone/landuse.tif", counts);
	uint64_t mapped = 0;
	for (int i = 1; i < 256; i++)
		mapped += counts[i];
	assert_int_equal(mapped, 64);
	check_ok(lu_check_cog(in_county("alone/landuse.tif"), &err), err);
}

/* Colours for every eye and acres, on map, project, report and summary; data keeps its hectares. */
static void colours_and_units_of_ones_own(void **state)
{
	static const char job[] =
		"county: {boundary: county/county.geojson}\nmodel: aerial-21\nthreads: 2\noutput: own\n"
		"dates:\n  - {date: 2012, imagery: county/imagery_2012.tif}\n"
		"  - {date: 2018, imagery: county/imagery_2018.tif}\n"
		"palette: colour_blind\nunits: acres\n";
	static const char *const coloured[] = {"own/2018/landuse.qml", "own/2012_2018/change.qml", "own/report.html"};
	struct lu_run_summary summary;
	struct lu_error err = {0};
	char line[64], ours[64];

	(void)state;
	county_write("own.yaml", job);
	check_ok(run("own.yaml", false, &summary, &err), err);
	const GDALDatasetH dataset = GDALOpen(in_county("own/2018/landuse.tif"), GA_ReadOnly);
	const GDALColorEntry *colour = GDALGetColorEntry(GDALGetRasterColorTable(GDALGetRasterBand(dataset, 1)), 2);
	assert_true(colour->c1 == 0xbd && colour->c2 == 0x2f && colour->c3 == 0x5c); /* Developed */
	GDALClose(dataset);
	for (size_t i = 0; i < sizeof(coloured) / sizeof(coloured[0]); i++) {
		char *text = county_read(coloured[i]);
		if (strstr(text, "#bd2f5c") == NULL || strstr(text, "#eb0000") != NULL)
			fail_msg("%s: colours", coloured[i]);
		free(text);
	}
	json_t *statistics = county_json("own/statistics.json");
	assert_string_equal(json_string_value(json_at(statistics, "county.told_in")), "acres");
	assert_null(strstr(summary.text, "hectares"));
	snprintf(line, sizeof(line), "%-16s", "acres");
	assert_non_null(strstr(summary.text, line));
	/* Square metres of an acre: 4,046.8564224. */
	snprintf(ours, sizeof(ours), "%.2f", number_at(statistics, "dates.1.classes.1.area_ha") * 1e4 / 4046.8564224);
	const char *row = strstr(summary.text, "Developed");
	assert_non_null(row);
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(row, "\n"), row);
	if (strstr(line, ours) == NULL)
		fail_msg("%s: no %s", line, ours);
	json_decref(statistics);
	lu_text_free(summary.text);
}

static void bad_jobs_are_told(void **state)
{
	(void)state;
	static const struct {
		const char *job;
		enum lu_status status;
		const char *words;
	} cases[] = {
		{"modle: x\n", LU_ERROR_ARGUMENT, "model"},
		{COUNTY, LU_ERROR_ARGUMENT, "dates"},
		{COUNTY "dates: [{date: 2012, imagery: nowhere.tif}]\n", LU_ERROR_ARGUMENT, "nowhere.tif"},
		{COUNTY DATES "alarms: [{class: Town, net_gain_ha: 1}]\n", LU_ERROR_ARGUMENT, "Town"},
		{COUNTY DATES "zones: {path: zones.geojson, name: VILLAGE}\n", LU_ERROR_ARGUMENT, "VILLAGE"},
		{COUNTY DATES "min_confidence: 60\n", LU_ERROR_ARGUMENT, "min_confidence"},
		{COUNTY DATES "grid: {cell: 67m, chip: 224}\n", LU_ERROR_ARGUMENT, "cell"},
		{COUNTY DATES "normalise: {to: 2011}\n", LU_ERROR_ARGUMENT, "2011"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_run_summary summary;
		struct lu_error err = {0};
		struct lu_run_options options;
		lu_run_options_init(&options);
		options.job_path = in_county("bad.yaml");
		options.output = in_county("bad");
		county_write("bad.yaml", cases[i].job);
		check_fails(lu_run(&options, &summary, &err), cases[i].status, err, cases[i].words);
		assert_null(summary.text);
		assert_false(county_has("bad"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_add_up),
		cmocka_unit_test(what_is_there_is_kept_and_what_is_lost_made_again),
		cmocka_unit_test(a_report_is_made_again),
		cmocka_unit_test(a_shorter_job_leaves_nothing_stale),
		cmocka_unit_test(a_dry_run_writes_nothing),
		cmocka_unit_test(one_date_without_a_job),
		cmocka_unit_test(colours_and_units_of_ones_own),
		cmocka_unit_test(bad_jobs_are_told),
	};

	return cmocka_run_group_tests(tests, set_up, county_tear_down);
}
