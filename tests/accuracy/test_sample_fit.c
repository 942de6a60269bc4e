/* test_sample_fit.c: which maps of a county a sample is of, and what does not fit them. */
#include "accuracy/sample_fit.h"

#include <unistd.h>

#include "support/drawn_sample.h"

static char folder[64], path[80];
static const char *const dates[] = {"2010", "2016", "2021"};

static enum lu_status fit(const struct drawn *drawn, size_t date_count, struct lu_sample_fit *out, struct lu_error *err)
{
	struct lu_class classes[] = {{1, "Forest", 0, 0, 0}, {4, "Water", 0, 0, 0}};
	const struct lu_legend legend = {.classes = classes, .count = 2};
	const struct lu_sample_maps maps = {
		.labels = dates, .dates = date_count, .scheme = "simple", .legend = &legend, .county_ha = 100};

	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/sample.gpkg", folder);
	write_drawn(path, drawn);
	*err = (struct lu_error){0};
	const enum lu_status status = lu_sample_fit(path, &maps, out, err);
	unlink(path);
	rmdir(folder);
	return status;
}

static const char *const some[] = {"1", NULL, "Water"};
static const struct drawn good = {some, 3, "2016", NULL, "simple", 4, 100.5, false};

static void dates_are_the_samples_own(void **state)
{
	struct lu_sample_fit one, other;
	struct lu_error err;
	struct drawn drawn = good;

	(void)state;
	check_ok(fit(&drawn, 3, &one, &err), err);
	assert_false(one.change);
	assert_int_equal(one.earlier, 1);
	assert_int_equal(one.later, 1);
	check_ok(fit(&drawn, 3, &other, &err), err);
	assert_string_equal(one.sha256, other.sha256);
	/* A label more is another fingerprint. */
	static const char *const more[] = {"1", "1", "Water"};
	drawn.labels = more;
	check_ok(fit(&drawn, 3, &other, &err), err);
	assert_string_not_equal(one.sha256, other.sha256);
	static const char *const changes[] = {"104", "Forest"};
	drawn = (struct drawn){changes, 2, "2010", "2021", "simple", 401, 90, false};
	check_ok(fit(&drawn, 3, &one, &err), err);
	assert_true(one.change);
	assert_int_equal(one.earlier, 0);
	assert_int_equal(one.later, 2);
	/* Without a date it is of the only one. */
	drawn = good;
	drawn.date = NULL;
	check_ok(fit(&drawn, 1, &one, &err), err);
	assert_int_equal(one.later, 0);
}

static void what_does_not_fit_is_told(void **state)
{
	static const char *const none[] = {NULL, "", NULL}, *const strange[] = {"1", "9"}, *const named[] = {"Farm"};
	const struct {
		const char *words;
		enum lu_status status;
		struct drawn drawn;
	} cases[] = {
		{"a sample of the map of 2014, and the job's dates are 2010, 2016, 2021",
		 LU_ERROR_MISMATCH,
		 {some, 3, "2014", NULL, "simple", 4, 90, false}},
		{"does not say of which date it is", LU_ERROR_MISMATCH, {some, 3, NULL, NULL, "simple", 4, 90, false}},
		{"in scheme other, and the job's is simple",
		 LU_ERROR_MISMATCH,
		 {some, 3, "2016", NULL, "other", 4, 90, false}},
		{"with class 7, which scheme simple does not have",
		 LU_ERROR_MISMATCH,
		 {some, 3, "2016", NULL, "simple", 7, 90, false}},
		{"none of its 3 cells is labelled yet",
		 LU_ERROR_FORMAT,
		 {none, 3, "2016", NULL, "simple", 4, 90, false}},
		{"row 2: label 9 is no class of scheme simple",
		 LU_ERROR_MISMATCH,
		 {strange, 2, "2016", NULL, "simple", 4, 90, false}},
		{"row 1: 'Farm' is not a class of the map",
		 LU_ERROR_MISMATCH,
		 {named, 1, "2016", NULL, "simple", 4, 90, false}},
		{"drawn from 102.00 ha, and the county has 100.00",
		 LU_ERROR_MISMATCH,
		 {some, 3, "2016", NULL, "simple", 4, 102, false}},
		{"a check of flagged cells", LU_ERROR_MISMATCH, {some, 3, "2016", "2021", "simple", 4, 90, true}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_sample_fit out;
		struct lu_error err;
		assert_int_equal(fit(&cases[i].drawn, 3, &out, &err), cases[i].status);
		if (strstr(err.text, cases[i].words) == NULL || strstr(err.text, "sample.gpkg: ") == NULL)
			fail_msg("'%s' does not say '%s'", err.text, cases[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(dates_are_the_samples_own),
					   cmocka_unit_test(what_does_not_fit_is_told)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
