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

static enum lu_status train(enum lu_head_form head, const char *output, struct lu_run_summary *summary,
			    struct lu_error *err)
{
	const double l2[] = {0.1, 0.01};
	const int depth[] = {2, 3};
	const bool forest = head == LU_HEAD_FOREST;
	struct lu_train_options options;
	lu_train_options_init(&options);
	options.set = in_county("set");
	options.backbone = "aerial-21";
	options.head = head;
	options.output = in_county(output);
	options.overwrite = true;
	options.l2 = forest ? NULL : l2;
	options.l2_count = forest ? 0 : 2;
	options.trees = forest ? 3 : 0;
	options.depth = forest ? depth : NULL;
	options.depth_count = forest ? 2 : 0;
	options.augment = LU_AUGMENT_FLIPS;
	options.dedupe = true;
	options.dedupe_bits = 2;
	options.folds = 3;
	options.block_numbers = 2;
	options.seed = 1;
	options.cache = in_county("cache");
	options.record = true;
	options.history = in_county("history.gpkg");
	options.threads = 2;

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
	struct lu_evaluate_options options;
	lu_evaluate_options_init(&options);
	options.model = in_county("mine");
	options.set = in_county("set");
	options.form = LU_REPORT_JSON;
	options.output = in_county("evaluation");
	options.record = true;
	options.history = in_county("history.gpkg");
	options.threads = 2;
	struct lu_evaluate_options table = options;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	char *text;
	check_ok(train(LU_HEAD_AUTO, "mine", &summary, &err), err);
	assert_non_null(strstr(summary.text, "24 chips of 3 classes"));
	lu_text_free(summary.text);
	char *first = county_read("mine/model.json");
	check_ok(train(LU_HEAD_LOGISTIC, "mine", &summary, &err), err);
	assert_non_null(strstr(summary.text, " 0 made"));
	lu_text_free(summary.text);
	char *second = county_read("mine/model.json");
	assert_string_equal(first, second);
	free(first);
	free(second);
	const struct lu_accuracy *figures;
	options.accuracy = &figures;
	check_ok(lu_evaluate(&options, &text, &err), err);
	json_t *report = json_loads(text, 0, NULL), *file = county_json("evaluation/evaluation.json");
	check_near(figures->overall.value, number_at(report, "overall_accuracy"), 1e-6);
	assert_true(figures->labelled == 24 && figures->class_count >= 3 && !figures->probability_sample);
	uint64_t chips = 0, right = 0;
	for (size_t i = 0; i < figures->class_count; i++) {
		right += figures->counts[i * figures->class_count + i];
		chips += figures->classes[i].reference_sample;
	}
	check_near((double)right / 24, figures->overall.value, 1e-12);
	assert_int_equal(chips, 24);
	lu_accuracy_free(figures);
	lu_accuracy_free(NULL);
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
	struct lu_evaluate_options options;
	lu_evaluate_options_init(&options);
	options.model = "aerial-21";
	options.set = in_county("blocks.csv");
	options.form = LU_REPORT_JSON;
	options.threads = 2;
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
	struct lu_evaluate_options options;
	lu_evaluate_options_init(&options);
	options.model = in_county("forest");
	options.set = in_county("set");
	options.form = LU_REPORT_JSON;
	options.threads = 2;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	char *text;
	const enum lu_status status = train(LU_HEAD_FOREST, "forest", &summary, &err);
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
	struct lu_quantize_options options;
	lu_quantize_options_init(&options);
	options.model = "aerial-21";
	options.chips = in_county("set");
	options.output = in_county("small");
	options.calibration = 8;
	options.threads = 2;
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
	check_ok(lu_info(in_county("small"), LU_PRECISION_AUTO, NULL, true, &text, &err), err);
	lu_text_free(text);
	check_fails(lu_quantize(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "small");
}

static void sets_that_teach_nothing_are_refused(void **state)
{
	(void)state;
	struct lu_run_summary summary;
	struct lu_error err = {0};
	struct lu_train_options options;
	lu_train_options_init(&options);
	options.set = in_county("set/forest");
	options.backbone = "aerial-21";
	options.output = in_county("none");
	check_fails(lu_train(&options, &summary, &err), LU_ERROR_FORMAT, err, "forest");
	options.set = in_county("nowhere");
	check_fails(lu_train(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "nowhere");
	options.set = in_county("set");
	const struct lu_class_number weight = {"lake", 2};
	options.weighing = LU_WEIGHING_NAMED;
	options.class_weights = &weight;
	options.class_weight_count = 1;
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
