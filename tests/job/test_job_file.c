/* test_job_file.c: a wrong job says file, line and remedy; a right one says what it means. */
#include "job/job_file.h"

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

static char folder[64], path[128];

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/job.yaml", folder);
	return 0;
}

static enum lu_status read_text(const char *text, struct lu_job **job, struct lu_error *err)
{
	struct lu_error fault = {0};

	check_ok(lu_file_write(path, text, strlen(text), &fault), fault);
	return lu_job_read(path, job, err);
}

static void a_full_job(void **state)
{
	(void)state;
	struct lu_job *job;
	struct lu_error err = {0};
	char expected[128];
	check_ok(read_text("county: {boundary: c.gpkg, layer: towns, where: \"NAME='A'\", name: Ours}\n"
			   "model: aerial-21\n"
			   "scheme: azure-6\n"
			   "dates:\n"
			   "  - date: 2010\n"
			   "    imagery: [a.tif, /vsicurl/b.tif]\n"
			   "    bands: [4, 1, 2]\n"
			   "    nodata: none\n"
			   "  - {date: 2016-07-01, imagery: quads, nodata: -1.5, range: [0, 2047]}\n"
			   "grid: {crs: EPSG:5070, resolution: 1.0, origin: [3, 4], chip: 112, stride: 56}\n"
			   "min_valid: 0.5\naccept_gsd_mismatch: true\noutput: out\nprobabilities: yes\n"
			   "pairs: consecutive\nengine: blas\nprecision: fp32\nthreads: 3\ncache_mb: 128\n",
			   &job, &err),
		 err);
	snprintf(expected, sizeof(expected), "%s/a.tif", folder);
	assert_int_equal(job->date_count, 2);
	assert_string_equal(job->dates[0].label, "2010");
	assert_string_equal(job->dates[0].imagery[0], expected);
	assert_string_equal(job->dates[0].imagery[1], "/vsicurl/b.tif");
	assert_int_equal(job->dates[0].bands[0], 4);
	assert_int_equal(job->dates[0].nodata.rule, LU_NODATA_NONE);
	assert_true(job->dates[1].has_range);
	assert_true(job->has_origin);
	assert_int_equal(job->stride_px, 56);
	assert_int_equal(job->pairs, LU_PAIRS_CONSECUTIVE);
	assert_true(job->accept_gsd_mismatch && job->probabilities);
	assert_string_equal(job->where, "NAME='A'");
	lu_job_free(job);
}

/* A job that says nothing, as landuse classify begins with one. */
static void what_holds_without_a_word(void **state)
{
	(void)state;
	struct lu_job *job;
	struct lu_error err = {0};

	check_ok(lu_job_new("nowhere", &job, &err), err);
	assert_string_equal(job->path, "nowhere");
	assert_true(job->min_valid == 0.9 && job->change.false_discovery_rate == 0.05);
	assert_true(job->cache_mb == 64 && job->change.pictures == 100 && job->threads == 0);
	assert_true(job->pairs == LU_PAIRS_ALL && job->change.error_model == LU_ERRORS_NONE);
	assert_true(job->normalise.method == LU_RADIOMETRY_NONE && !lu_smooth_wanted(&job->smooth));
	assert_true(job->date_count == 0 && job->output == NULL && !job->change.layers_stated);
	lu_job_free(job);
}

static void smoothing(void **state)
{
	(void)state;
	static const char least[] = "model: m\noutput: o\ndates: [{date: 1, imagery: a}]\n";
	struct lu_job *job;
	struct lu_error err = {0};
	char text[400];

	check_ok(read_text(least, &job, &err), err);
	assert_false(lu_smooth_wanted(&job->smooth));
	lu_job_free(job);
	snprintf(text, sizeof(text),
		 "%ssmooth: {method: mrf, weight: 1.5, minimum_mapping_unit: {hectares: 0.5, corners: yes}}\n", least);
	check_ok(read_text(text, &job, &err), err);
	assert_true(lu_smooth_wanted(&job->smooth) && job->smooth.method == LU_SMOOTH_MRF && job->smooth.corners);
	assert_true(job->smooth.weight == 1.5 && job->smooth.min_hectares == 0.5 && job->smooth.min_cells == 0);
	lu_job_free(job);
	snprintf(text, sizeof(text), "%ssmooth: {minimum_mapping_unit: {cells: 4}}\n", least);
	check_ok(read_text(text, &job, &err), err);
	assert_true(lu_smooth_wanted(&job->smooth) && job->smooth.method == LU_SMOOTH_NONE &&
		    job->smooth.min_cells == 4);
	lu_job_free(job);
}

static void smoothing_in_words(void **state)
{
	(void)state;
	struct lu_smoothing keys = {0};
	struct lu_error err = {0};
	static const char *const bad[][2] = {{"plurality:", NULL},    {"plurality:x", NULL},
					     {"plurality:9.5", NULL}, {"plurality:-1", NULL},
					     {"plural", NULL},        {"", NULL},
					     {"none", NULL},          {"mrf:0", NULL},
					     {"mrf:nan", NULL},       {NULL, "1"},
					     {NULL, "2.5"},           {NULL, "ha"},
					     {NULL, "0ha"},           {NULL, "ha 2"},
					     {NULL, "nan"},           {NULL, ""},
					     {NULL, "1e300"},         {NULL, "infha"}};

	check_ok(lu_smoothing_check(&keys, &err), err);
	assert_false(lu_smooth_wanted(&keys));
	check_ok(lu_smoothing_parse("plurality", &keys, &err), err);
	assert_true(keys.method == LU_SMOOTH_PLURALITY && keys.weight == 1 && keys.min_cells == 0);
	check_ok(lu_smoothing_parse("plurality:2.5", &keys, &err), err);
	check_ok(lu_mapping_unit_parse("4", &keys, &err), err);
	assert_true(keys.weight == 2.5 && keys.min_cells == 4 && keys.min_hectares == 0);
	check_ok(lu_smoothing_parse("mrf:2", &keys, &err), err);
	check_ok(lu_mapping_unit_parse("0.4ha", &keys, &err), err);
	assert_true(keys.method == LU_SMOOTH_MRF && keys.weight == 2 && keys.min_cells == 0 &&
		    keys.min_hectares == 0.4);
	check_ok(lu_mapping_unit_parse("2 ha", &keys, &err), err);
	assert_true(keys.min_hectares == 2);
	check_ok(lu_smoothing_check(&keys, &err), err);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct lu_smoothing before = keys;
		assert_int_equal(bad[i][0] != NULL ? lu_smoothing_parse(bad[i][0], &keys, &err)
						   : lu_mapping_unit_parse(bad[i][1], &keys, &err),
				 LU_ERROR_ARGUMENT);
		assert_memory_equal(&before, &keys, sizeof(keys));
	}
	keys.min_cells = 4; /* beside hectares */
	assert_int_equal(lu_smoothing_check(&keys, &err), LU_ERROR_ARGUMENT);
	keys = (struct lu_smoothing){.method = LU_SMOOTH_PLURALITY, .weight = 9.5};
	assert_int_equal(lu_smoothing_check(&keys, &err), LU_ERROR_ARGUMENT);
	keys = (struct lu_smoothing){.method = LU_SMOOTH_PLURALITY, .weight = 1, .corners = true};
	assert_int_equal(lu_smoothing_check(&keys, &err), LU_ERROR_ARGUMENT);
}

static void normalisation(void **state)
{
	(void)state;
	static const char two[] = "model: m\noutput: o\ndates: [{date: 2010, imagery: a}, {date: 2016, imagery: b}]\n";
	struct lu_job *job;
	struct lu_error err = {0};
	char text[400];

	check_ok(read_text(two, &job, &err), err);
	assert_int_equal(job->normalise.method, LU_RADIOMETRY_NONE);
	lu_job_free(job);
	snprintf(text, sizeof(text), "%snormalise: {to: 2016}\n", two);
	check_ok(read_text(text, &job, &err), err);
	assert_int_equal(job->normalise.method, LU_RADIOMETRY_REGRESSION);
	assert_int_equal(job->normalise.to, 1);
	lu_job_free(job);
	snprintf(text, sizeof(text), "%snormalise: {to: 2010, method: histogram}\n", two);
	check_ok(read_text(text, &job, &err), err);
	assert_int_equal(job->normalise.method, LU_RADIOMETRY_HISTOGRAM);
	assert_int_equal(job->normalise.to, 0);
	lu_job_free(job);
}

static void zones(void **state)
{
	(void)state;
	struct lu_job *job;
	struct lu_error err = {0};
	char expected[128];

	check_ok(read_text("model: m\noutput: o\ndates: [{date: 1, imagery: a}]\n"
			   "zones: {path: towns.gpkg, name: TOWN, layer: all, where: \"COUNTY = 'A'\"}\n",
			   &job, &err),
		 err);
	snprintf(expected, sizeof(expected), "%s/towns.gpkg", folder);
	assert_string_equal(job->zones.path, expected);
	assert_string_equal(job->zones.name, "TOWN");
	assert_string_equal(job->zones.layer, "all");
	assert_string_equal(job->zones.where, "COUNTY = 'A'");
	lu_job_free(job);
}

#define DATES "dates: [{date: 1, imagery: a}]\n"

static void wrong_jobs(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"model: m\noutput: o\ndates:\n  - {date: 1, imagry: a}\n",
		 "job.yaml:4: 'imagry' is not a key of a date (did you mean 'imagery'?)"},
		{"model: m\noutput: o\nzebra: 1\n" DATES,
		 "job.yaml:3: 'zebra' is not a key of the job (known keys: county,"},
		{"output: o\n" DATES, "lacks the key 'model'"},
		{"model: m\noutput: o\ndates: []\n", "job.yaml:3: 'dates' is empty"},
		{"model: m\noutput: o\noutput: p\n" DATES, "job.yaml:3: 'output' stands twice"},
		{"model: m\noutput: o\nmin_valid: lots\n" DATES,
		 "job.yaml:3: 'min_valid' should be a number, not 'lots'"},
		{"model: m\noutput: o\nmin_valid: 1.5\n" DATES, "between 1e-06 and 1"},
		{"model: m\noutput: o\nmin_confidence: 60\n" DATES,
		 "'min_confidence' is 60, it should be between 0 and 1"},
		{"model: m\noutput: o\nthreads: 1.5\n" DATES, "whole number"},
		{"model: m\noutput: o\nthreads: \"2\"\n" DATES, "should be a number"},
		{"model: m\noutput: o\nprobabilities: maybe\n" DATES, "true or false"},
		{"model: m\noutput: o\npairs: some\n" DATES, "all or consecutive"},
		{"model: [m]\noutput: o\n" DATES, "'model' should be a text"},
		{"model: m\noutput: o\ndates: [{date: a/b, imagery: x}]\n", "should be letters, digits"},
		{"model: m\noutput: o\ndates: [{date: 1, imagery: x}, {date: 1, imagery: y}]\n",
		 "date '1' stands twice"},
		{"model: m\noutput: o\ndates: [{date: 1, imagery: x, nodata: black}]\n",
		 "a number or none, not 'black'"},
		{"model: m\noutput: o\ndates: [{date: 1, imagery: x, range: [5, 5]}]\n", "low below high"},
		{"model: m\noutput: o\ndates: [{date: 1, imagery: x, bands: []}]\n", "'bands' is an empty list"},
		{"model: m\noutput: o\ngrid: {origin: 3}\n" DATES, "a list of two numbers"},
		{"model: m\n  output: [\n", "not YAML"},
		{"", "is empty"},
		{"just a text\n", "should be a mapping"},
		{"county: {layer: x}\nmodel: m\noutput: o\n" DATES, "'county' lacks the key 'boundary'"},
		{"? [a, b]\n: 1\n", "should be a word"},
		{"model: m\noutput: o\nnormalise: {method: histogram}\n" DATES, "'normalise' lacks the key 'to'"},
		{"model: m\noutput: o\nnormalise: {to: 2}\n" DATES, "job.yaml:3: 'to' is '2', it should be 1"},
		{"model: m\noutput: o\nnormalise: {to: 1, method: guess}\n" DATES, "none, regression or histogram"},
		{"model: m\noutput: o\nzones: towns.gpkg\n" DATES, "'zones' should be a mapping"},
		{"model: m\noutput: o\nzones: {path: towns.gpkg}\n" DATES, "'zones' lacks the key 'name'"},
		{"model: m\noutput: o\nsmooth: {method: median, weight: 1}\n" DATES,
		 "job.yaml:3: 'method' is 'median', it should be none, mrf or plurality"},
		{"model: m\noutput: o\nsmooth: {method: mrf}\n" DATES, "a method and a weight"},
		{"model: m\noutput: o\nsmooth: {weight: 2}\n" DATES, "a method and a weight"},
		{"model: m\noutput: o\nsmooth: {method: plurality, weight: 10}\n" DATES, "between 0 and 9"},
		{"model: m\noutput: o\nsmooth: {minimum_mapping_unit: {}}\n" DATES, "one of cells and hectares"},
		{"model: m\noutput: o\nsmooth: {minimum_mapping_unit: {cells: 4, hectares: 1}}\n" DATES,
		 "one of cells and hectares"},
		{"model: m\noutput: o\nsmooth: {min_mapping_unit: 4}\n" DATES,
		 "job.yaml:3: 'min_mapping_unit' is called 'minimum_mapping_unit' now (rename it)"},
		{"model: m\noutput: o\nsmooth: {minimum_mapping_unit: {cells: 1}}\n" DATES, "between 2 and"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_job *job;
		struct lu_error err = {0};
		check_fails(read_text(cases[i].text, &job, &err), LU_ERROR_ARGUMENT, err, cases[i].words);
		assert_null(job);
	}
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	struct lu_job *job;
	struct lu_error err = {0};
	check_fails(lu_job_read("/nowhere/job.yaml", &job, &err), LU_ERROR_ARGUMENT, err,
		    "/nowhere/job.yaml: no such file");
}

/* Wherever memory ends, what was read until then is released (a leak shows under ASan). */
static void memory_may_end_anywhere(void **state)
{
	(void)state;
	struct lu_job *job = NULL;
	struct lu_error err = {0};
	enum lu_status status = LU_ERROR_MEMORY;
	static const char text[] = "county: {boundary: b}\nmodel: m\noutput: o\n"
				   "dates: [{date: 1, imagery: [a, b], bands: [1]}, {date: 2, imagery: c}]\n"
				   "change: {unlikely: [{from: [A, B], factor: 0}], layers: [{name: n, to: [A]}]}\n"
				   "normalise: {to: 2}\nzones: {path: z, name: n}\n";

	check_ok(lu_file_write(path, text, strlen(text), &err), err);
	for (long n = 0; status != LU_OK && n < 1000; n++) {
		lu_memory_fail_after(n);
		status = lu_job_read(path, &job, &err);
		lu_memory_fail_after(-1);
		if (status != LU_OK)
			check_fails(status, LU_ERROR_MEMORY, err, "out of memory");
	}
	assert_int_equal(status, LU_OK);
	lu_job_free(job);
}

/* A YAML anchor may point at the mapping it stands in. */
static void a_cycle_ends(void **state)
{
	(void)state;
	struct lu_job *job;
	struct lu_error err = {0};
	assert_int_not_equal(read_text("&a\nmodel: m\noutput: o\ndates: [{date: 1, imagery: *a}]\n", &job, &err),
			     LU_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_job),
		cmocka_unit_test(what_holds_without_a_word),
		cmocka_unit_test(smoothing),
		cmocka_unit_test(smoothing_in_words),
		cmocka_unit_test(normalisation),
		cmocka_unit_test(zones),
		cmocka_unit_test(wrong_jobs),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(memory_may_end_anywhere),
		cmocka_unit_test(a_cycle_ends),
	};
	return cmocka_run_group_tests(tests, make_folder, NULL);
}
