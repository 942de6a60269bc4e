/* test_run_history.c: two runs that end at once are both in runs.gpkg, each with all of its rows. */
#include "commands/run_history.h"

#include <sys/wait.h>

#include "support/county.h"

enum { WRITERS = 2, RUNS = 6, LAYERS = 4 };

/* A run that found 'LAYERS' layers of candidates and calls itself 'name'. */
static void record_runs(const char *name)
{
	static char all[] = "all";
	struct lu_layer_patches layers[LAYERS];
	for (int i = 0; i < LAYERS; i++)
		layers[i] = (struct lu_layer_patches){
			.pair = (char *)(uintptr_t)name, .layer = all, .patches = (size_t)i, .area_ha = i};
	const struct lu_new_patches news = {.layers = layers, .count = LAYERS};
	const struct lu_county_statistics statistics = {.date_count = 0};
	const struct lu_run_record record = {.fingerprint = name, .statistics = &statistics, .news = &news};
	struct lu_error err = {0};
	for (int i = 0; i < RUNS; i++)
		if (lu_run_history_append(county_folder, &record, &err) != LU_OK) {
			fprintf(stderr, "%s\n", err.text);
			_exit(1);
		}
	_exit(0);
}

/* What SQL answers with one number. */
static double asked(GDALDatasetH runs, const char *question)
{
	OGRLayerH answer = GDALDatasetExecuteSQL(runs, question, NULL, NULL);
	assert_non_null(answer);
	OGRFeatureH row = OGR_L_GetNextFeature(answer);
	assert_non_null(row);
	const double value = OGR_F_GetFieldAsDouble(row, 0);
	OGR_F_Destroy(row);
	GDALDatasetReleaseResultSet(runs, answer);
	return value;
}

static void two_writers_lose_nothing(void **state)
{
	(void)state;
	pid_t writers[WRITERS];
	for (int w = 0; w < WRITERS; w++) {
		writers[w] = fork();
		assert_true(writers[w] >= 0);
		if (writers[w] == 0)
			record_runs(w == 0 ? "a" : "b");
	}
	for (int w = 0; w < WRITERS; w++) {
		int status;
		assert_int_equal(waitpid(writers[w], &status, 0), writers[w]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	GDALAllRegister();
	GDALDatasetH runs = GDALOpenEx(in_county(LU_RUN_HISTORY), GDAL_OF_VECTOR, NULL, NULL, NULL);
	assert_non_null(runs);
	assert_int_equal(asked(runs, "SELECT count(*) FROM runs"), WRITERS * RUNS);
	assert_int_equal(asked(runs, "SELECT count(*) FROM runs WHERE fingerprint = 'a'"), RUNS);
	assert_int_equal(asked(runs, "SELECT count(*) FROM candidates"), WRITERS * RUNS * LAYERS);
	/* Every candidate stands by the run that found it, which has each of its own once. */
	assert_int_equal(asked(runs, "SELECT count(*) FROM candidates c JOIN runs r ON r.fid = c.run AND "
				     "r.fingerprint = c.pair"),
			 WRITERS * RUNS * LAYERS);
	assert_int_equal(asked(runs, "SELECT count(DISTINCT run * 100 + patches) FROM candidates"),
			 WRITERS * RUNS * LAYERS);
	GDALClose(runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(two_writers_lose_nothing)};
	return cmocka_run_group_tests(tests, county_set_up, county_tear_down);
}
