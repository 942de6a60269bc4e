/*
 * test_learning.c: drawn chips through lu_train, lu_evaluate and lu_quantize: figures are those of the confusion matrix that
 * they stand beside, the same chips give the same package, and sets that teach nothing are refused.
 */
#include "landuse.h"

#include <dirent.h>
#include <sys/stat.h>

#include "support/county.h"

static int set_up(void **state)
{
	county_set_up(state);
	county_draw("--chips drawn --per-class 8 --seed 5");
	assert_int_equal(mkdir(in_county("set"), 0777), 0);
	static const char *const kept[] = {"forest", "river", "agricultural"};
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		char from[64], to[64];
		snprintf(from, sizeof(from), "drawn/%s", kept[i]);
		snprintf(to, sizeof(to), "set/%s", kept[i]);
		assert_int_equal(rename(in_county(from), in_county(to)), 0);
	}
	return 0;
}

static enum lu_status train(const char *head, const char *output, struct lu_run_summary *summary, struct lu_error *err)
{
	const double l2[] = {0.1, 0.01}, depth[] = {2, 3};
	const bool forest = head != NULL && strcmp(head, "forest") == 0;
	const struct lu_train_options options = {.set = in_county("set"),
						 .backbone = "aerial-21",
						 .head = head,
						 .output = in_county(output),
						 .overwrite = true,
						 .l2 = forest ? NULL : l2,
						 .l2_count = forest ? 0 : 2,
						 .trees = forest ? 3 : 0,
						 .depth = forest ? depth : NULL,
						 .depth_count = forest ? 2 : 0,
						 .augment = "flips",
						 .dedupe = true,
						 .dedupe_bits = 2,
						 .folds = 3,
						 .block_numbers = 2,
						 .seed = 1,
						 .cache = in_county("cache"),
						 .record = true,
						 .history = in_county("history.gpkg"),
						 .threads = 2};

	return lu_train(&options, summary, err);
}

/* Overall accuracy and each recall are those of the matrix. */
static void check_evaluation(const json_t *report, uint64_t chips)
{
	const json_t *matrix = json_at(report, "confusion"), *line;
	double right = 0, all = 0;
	size_t row;

	if (json_is_object(matrix))
		matrix = json_at(matrix, "counts");
	json_array_foreach(matrix, row, line)
	{
		for (size_t column = 0; column < json_array_size(line); column++) {
			const double count = json_number_value(json_array_get(line, column));
			all += count;
			right += row == column ? count : 0;
		}
	}
	assert_int_equal((uint64_t)all, chips);
	check_near(number_at(report, "overall_accuracy"), right / all, 1e-9);
}

static void a_head_is_trained_evaluated_and_recorded(void **state)
{
	(void)state;
	const struct lu_evaluate_options options = {.model = in_county("mine"),
						    .set = in_county("set"),
						    .form = LU_REPORT_JSON,
						    .output = in_county("evaluation"),
						    .record = true,
						    .history = in_county("history.gpkg"),
						    .threads = 2};
	struct lu_evaluate_options table = options;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	char *text;
	check_ok(train(NULL, "mine", &summary, &err), err);
	assert_non_null(strstr(summary.text, "24 chips of 3 classes"));
	lu_text_free(summary.text);
	char *first = county_read("mine/model.json");
	check_ok(train("logistic", "mine", &summary, &err), err);
	assert_non_null(strstr(summary.text, " 0 made"));
	lu_text_free(summary.text);
	char *second = county_read("mine/model.json");
	assert_string_equal(first, second);
	free(first);
	free(second);
	check_ok(lu_evaluate(&options, &text, &err), err);
	json_t *report = json_loads(text, 0, NULL), *file = county_json("evaluation/evaluation.json");
	lu_text_free(text);
	check_evaluation(report, 24);
	check_evaluation(file, 24);
	assert_true(number_at(report, "overall_accuracy") > 0.9);
	json_decref(report);
	json_decref(file);
	assert_true(county_has("evaluation/confusion.svg"));
	table.form = LU_REPORT_CSV;
	table.output = NULL;
	check_ok(lu_evaluate(&table, &text, &err), err);
	assert_non_null(strstr(text, "river"));
	lu_text_free(text);
	table.form = LU_REPORT_TEXT;
	table.crop = true;
	check_ok(lu_evaluate(&table, &text, &err), err);
	lu_text_free(text);
	check_ok(lu_history_list(in_county("history.gpkg"), "train", true, &text, &err), err);
	json_t *runs = json_loads(text, 0, NULL);
	lu_text_free(text);
	assert_int_equal(json_array_size(runs), 2);
	json_decref(runs);
}

/* Chips in blocks of four: an interval by blocks stands beside the other, and classes of few chips are named. */
static void blocks_and_few_chips_are_told(void **state)
{
	(void)state;
	static const char *const classes[] = {"forest", "river", "agricultural"};
	const struct lu_evaluate_options options = {
		.model = "aerial-21", .set = in_county("blocks.csv"), .form = LU_REPORT_JSON, .threads = 2};
	struct lu_evaluate_options words = options;
	struct lu_error err = {0};
	char *text;
	FILE *index = fopen(in_county("blocks.csv"), "w");
	fputs("path,class,block\n", index);
	for (size_t k = 0; k < 3; k++) {
		char folder[64];
		snprintf(folder, sizeof(folder), "set/%s", classes[k]);
		DIR *chips = opendir(in_county(folder));
		int n = 0;
		for (const struct dirent *chip; (chip = readdir(chips)) != NULL;)
			if (chip->d_name[0] != '.')
				fprintf(index, "%s/%s,%s,%s%d\n", folder, chip->d_name, classes[k], classes[k],
					n++ / 4);
		closedir(chips);
		assert_int_equal(n, 8);
	}
	fclose(index);
	check_ok(lu_evaluate(&options, &text, &err), err);
	json_t *report = json_loads(text, 0, NULL);
	lu_text_free(text);
	check_evaluation(report, 24);
	assert_int_equal((int)number_at(report, "blocks"), 6);
	assert_true(number_at(report, "design_effect") >= 1 && number_at(report, "ece_by_chance") >= 0);
	const json_t *plain = json_at(report, "overall_accuracy_interval_95"),
		     *by_blocks = json_at(report, "overall_accuracy_interval_95_by_blocks");
	assert_true(json_number_value(json_array_get(by_blocks, 0)) <=
		    json_number_value(json_array_get(plain, 0)) + 1e-12);
	json_decref(report);
	words.form = LU_REPORT_TEXT;
	check_ok(lu_evaluate(&words, &text, &err), err);
	assert_non_null(strstr(text, "6 blocks, design effect"));
	assert_non_null(strstr(text, "fewer than 30 chips of "));
	assert_non_null(strstr(text, "river (8)"));
	lu_text_free(text);
}

static void a_forest_is_grown(void **state)
{
	(void)state;
	const struct lu_evaluate_options options = {
		.model = in_county("forest"), .set = in_county("set"), .form = LU_REPORT_JSON, .threads = 2};
	struct lu_run_summary summary;
	struct lu_error err = {0};
	char *text;
	const enum lu_status status = train("forest", "forest", &summary, &err);
	if (status == LU_ERROR_UNSUPPORTED) /* a build without xgboost says so */
		return;
	check_ok(status, err);
	lu_text_free(summary.text);
	check_ok(lu_evaluate(&options, &text, &err), err);
	json_t *report = json_loads(text, 0, NULL);
	lu_text_free(text);
	check_evaluation(report, 24);
	json_decref(report);
}

/* Half of the pictures set the ranges; on the others labels are compared with the model's own. */
static void a_package_in_integers_answers_alike(void **state)
{
	(void)state;
	const struct lu_quantize_options options = {.model = "aerial-21",
						    .chips = in_county("set"),
						    .output = in_county("small"),
						    .calibration = 8,
						    .threads = 2};
	struct lu_run_summary summary;
	struct lu_error err = {0};
	char *text;
	const enum lu_status status = lu_quantize(&options, &summary, &err);
	if (status == LU_ERROR_UNSUPPORTED) /* a build without oneDNN says so */
		return;
	check_ok(status, err);
	lu_text_free(summary.text);
	json_t *model = county_json("small/model.json");
	assert_int_equal((int)number_at(model, "properties.landuse:int8_agreement.chips"), 16);
	assert_true(number_at(model, "properties.landuse:int8_agreement.share") > 0.8);
	json_decref(model);
	check_ok(lu_info(in_county("small"), "auto", NULL, true, &text, &err), err);
	lu_text_free(text);
	check_fails(lu_quantize(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "small");
}

static void sets_that_teach_nothing_are_refused(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	struct lu_train_options options = {
		.set = in_county("set/forest"), .backbone = "aerial-21", .output = in_county("none")};
	check_fails(lu_train(&options, &summary, &err), LU_ERROR_FORMAT, err, "forest");
	options.set = in_county("nowhere");
	check_fails(lu_train(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "nowhere");
	options.set = in_county("set");
	options.head = "svm";
	check_fails(lu_train(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "svm");
	options.head = NULL;
	options.class_weights = "lake=2";
	check_fails(lu_train(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "lake");
	assert_false(county_has("none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_trained_evaluated_and_recorded),
		cmocka_unit_test(blocks_and_few_chips_are_told),
		cmocka_unit_test(a_forest_is_grown),
		cmocka_unit_test(a_package_in_integers_answers_alike),
		cmocka_unit_test(sets_that_teach_nothing_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, county_tear_down);
}
