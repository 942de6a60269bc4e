/*
 * test_descriptions.c: what lu_info, lu_models_* and lu_history_* say of pictures, packages, networks and runs.
 */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include "landuse.h"

#include "support/county.h"

static int set_up(void **state)
{
	county_set_up(state);
	county_draw("--cells 3x3 --dates 2015 --seed 7 county");
	/* Packages and runs of this test are nobody's. */
	assert_int_equal(setenv("LANDUSE_DATA", in_county("data"), 1), 0);
	assert_int_equal(setenv("LANDUSE_HISTORY", in_county("history.gpkg"), 1), 0);
	return 0;
}

/* lu_info's JSON; json_decref it. The text form is there, too. */
static json_t *describe(const char *path)
{
	struct lu_error err = {0};
	char *text;

	check_ok(lu_info(path, LU_PRECISION_AUTO, NULL, false, &text, &err), err);
	assert_true(strlen(text) > 40);
	lu_text_free(text);
	check_ok(lu_info(path, LU_PRECISION_AUTO, NULL, true, &text, &err), err);
	json_t *facts = json_loads(text, 0, NULL);
	assert_non_null(facts);
	lu_text_free(text);
	return facts;
}

static void files_are_described(void **state)
{
	(void)state;
	struct lu_error err = {0};
	char *text;
	json_t *picture = describe(in_county("county/imagery_2015.tif"));
	check_near(number_at(picture, "width"), 3 * 224, 0);
	check_near(number_at(picture, "height"), 3 * 224, 0);
	json_decref(picture);
	json_decref(describe(in_county("county/truth_2015.tif")));
	json_decref(describe("models/aerial-21"));
	json_decref(describe("models/aerial-21/model.onnx"));
	check_fails(lu_info(in_county("nowhere"), LU_PRECISION_AUTO, NULL, false, &text, &err), LU_ERROR_ARGUMENT, err,
		    "nowhere");
	check_fails(lu_info("README.md", LU_PRECISION_AUTO, NULL, false, &text, &err), LU_ERROR_FORMAT, err,
		    "README.md");
	check_fails(lu_info("models/aerial-21/model.onnx", LU_PRECISION_AUTO, "odds", false, &text, &err),
		    LU_ERROR_ARGUMENT, err, "no output 'odds' (it has '");
	check_ok(lu_versions(true, &text, &err), err);
	json_t *versions = json_loads(text, 0, NULL);
	assert_non_null(versions);
	assert_non_null(strstr(text, lu_version()));
	json_decref(versions);
	lu_text_free(text);
}

static void packages_are_found_checked_and_added(void **state)
{
	(void)state;
	struct lu_error err = {0};
	char *text;
	check_ok(lu_models_list(true, &text, &err), err);
	json_t *before = json_loads(text, 0, NULL);
	lu_text_free(text);
	check_ok(lu_models_add("models/aerial-21", &text, &err), err);
	lu_text_free(text);
	assert_true(county_has("data/models/aerial-21/model.onnx"));
	check_ok(lu_models_add("models/aerial-21", &text, &err), err);
	assert_non_null(strstr(text, "already"));
	lu_text_free(text);
	check_ok(lu_models_verify("aerial-21", &text, &err), err);
	lu_text_free(text);
	/* One byte of the copy's weights. */
	FILE *weights = fopen(in_county("data/models/aerial-21/model.onnx"), "r+b");
	assert_non_null(weights);
	assert_int_equal(fseek(weights, -100, SEEK_END), 0);
	const int byte = fgetc(weights);
	assert_int_equal(fseek(weights, -100, SEEK_END), 0);
	fputc(byte ^ 1, weights);
	assert_int_equal(fclose(weights), 0);
	check_fails(lu_models_verify(in_county("data/models/aerial-21"), &text, &err), LU_ERROR_FORMAT, err,
		    "aerial-21");
	lu_text_free(text);
	check_fails(lu_models_add(in_county("county"), &text, &err), LU_ERROR_ARGUMENT, err, "county");
	check_ok(lu_models_list(false, &text, &err), err);
	assert_non_null(strstr(text, "aerial-21"));
	lu_text_free(text);
	json_decref(before);
}

static void runs_are_kept_and_compared(void **state)
{
	(void)state;
	const struct lu_history_metric small[] = {{"f1", 0.91}, {"ece", 0.05}}, large[] = {{"f1", 0.95}, {"ece", 0.02}};
	struct lu_history_run run = {.kind = "train",
				     .name = "small",
				     .data = "set",
				     .parameters = "{\"l2\": 0.01, \"head\": \"logistic\"}",
				     .metrics = small,
				     .metric_count = 2,
				     .chips = 400,
				     .seconds = 8};
	struct lu_error err = {0};
	int64_t number;
	char *text;
	check_ok(lu_history_append(NULL, &run, &number, &err), err);
	assert_int_equal(number, 1);
	run.name = "large";
	run.model = "models/aerial-21";
	run.parameters = "{\"l2\": 0.001, \"head\": \"logistic\"}";
	run.metrics = large;
	check_ok(lu_history_append(NULL, &run, &number, &err), err);
	assert_int_equal(number, 2);
	run.parameters = "[1]";
	check_fails(lu_history_append(NULL, &run, &number, &err), LU_ERROR_ARGUMENT, err, "parameters");
	check_ok(lu_history_compare(NULL, 1, 2, &text, &err), err);
	assert_non_null(strstr(text, "(+0.04)"));
	lu_text_free(text);
	check_ok(lu_history_best(NULL, "ece", true, &text, &err), err);
	assert_non_null(strstr(text, "large"));
	lu_text_free(text);
	check_ok(lu_history_show(NULL, 2, true, &text, &err), err);
	json_t *shown = json_loads(text, 0, NULL);
	check_near(number_at(shown, "parameters.l2"), 0.001, 0);
	check_near(number_at(shown, "metrics.f1"), 0.95, 0);
	json_decref(shown);
	lu_text_free(text);
	check_fails(lu_history_show(NULL, 3, false, &text, &err), LU_ERROR_ARGUMENT, err, "3");
	check_fails(lu_history_best(NULL, "auc", false, &text, &err), LU_ERROR_ARGUMENT, err, "auc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_described),
		cmocka_unit_test(packages_are_found_checked_and_added),
		cmocka_unit_test(runs_are_kept_and_compared),
	};

	return cmocka_run_group_tests(tests, set_up, county_tear_down);
}
