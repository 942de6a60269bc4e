/* test_assess_counts.c: an assessment from tables alone, against the worked example of Olofsson et al. 2014; slips in tables. */
#include "accuracy/assess.h"

#include <unistd.h>

#include "support/near.h"

static const char matrix[] = "map\\reference,deforestation,forest gain,stable forest,stable non-forest\n"
			     "deforestation,66,0,5,4\n"
			     "forest gain,0,55,8,12\n"
			     "stable forest,1,0,153,11\n"
			     "stable non-forest,2,1,9,313\n";
/* In another order, and in pixels of 30 m. */
static const char areas[] = "class,pixels\n"
			    "stable non-forest,6450000\n"
			    "deforestation,200000\n"
			    "forest gain,150000\n"
			    "stable forest,3200000\n";

static char folder[64], counts_path[80], areas_path[80];

static void put(const char *path, const char *text)
{
	FILE *to = fopen(path, "w");

	assert_non_null(to);
	assert_true(fputs(text, to) >= 0);
	assert_int_equal(fclose(to), 0);
}

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(counts_path, sizeof(counts_path), "%s/counts.csv", folder);
	snprintf(areas_path, sizeof(areas_path), "%s/areas.csv", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(counts_path);
	unlink(areas_path);
	return rmdir(folder);
}

static enum lu_status assess(const char *counts, const char *sizes, struct lu_assessment *out, struct lu_error *err)
{
	struct lu_assess_task task = {.counts = counts_path, .unit_ha = .09};

	*out = (struct lu_assessment){.intervals = {.percent = 95, .wald = true}};
	put(counts_path, counts);
	if (sizes != NULL) {
		put(areas_path, sizes);
		task.areas = areas_path;
	}
	return lu_assess_counts(&task, out, err);
}

/* Hectares, accuracies and standard errors as printed in the article's section 5 (tables 8 and 9). */
static void olofsson_2014(void **state)
{
	static const double hectares[] = {21157.76, 11686.15, 285769.93, 581386.15};
	static const double errors[] = {3141.65, 1916.24, 7913.18, 8306.97};
	static const double users[] = {.880, .733, .927, .963}, producers[] = {.749, .847, .935, .962};
	struct lu_assessment a;
	struct lu_error err = {0};

	(void)state;
	check_ok(assess(matrix, areas, &a, &err), err);
	assert_int_equal(a.count, 4);
	assert_false(a.simple);
	assert_true(a.has_areas);
	check_near(a.overall.value, .94651, 5e-6);
	check_near(a.overall.se, .00943, 5e-6);
	for (size_t i = 0; i < 4; i++) {
		check_near(a.classes[i].area_ha.value, hectares[i], .005);
		check_near(a.classes[i].area_ha.se, errors[i], .005);
		check_near(a.classes[i].users.value, users[i], .0005);
		check_near(a.classes[i].producers.value, producers[i], .0005);
	}
	/* Half of the Wald interval, as in the article's text. */
	check_near(a.classes[0].area_ha.within.high - a.classes[0].area_ha.value, 6157.63, .01);
	lu_assessment_release(&a);
}

/* Without areas the sample is a simple random one: shares are shares of the counts. */
static void a_simple_random_sample(void **state)
{
	struct lu_assessment a;
	struct lu_error err = {0};

	(void)state;
	check_ok(assess("m,a,b\na,40,10\nb,0,50\n", NULL, &a, &err), err);
	assert_true(a.simple);
	assert_false(a.has_areas);
	check_near(a.overall.value, .9, 1e-12);
	check_near(a.classes[0].proportion.value, .4, 1e-12);
	check_near(a.classes[0].users.value, .8, 1e-12);
	check_near(a.classes[0].producers.value, 1, 1e-12);
	lu_assessment_release(&a);
	/* A spreadsheet's sums beside and below are no classes. */
	check_ok(assess("m,a,b,total\na,40,10,50\nb,0,50,50\ntotal,40,60,100\n", NULL, &a, &err), err);
	assert_int_equal(a.count, 2);
	check_near(a.overall.value, .9, 1e-12);
	lu_assessment_release(&a);
}

static void slips_are_refused(void **state)
{
	static const struct {
		const char *counts, *areas, *words;
	} slips[] = {
		{"m,a,b\na,40,ten\nb,0,50\n", NULL, "ten"},
		{"m,a,b\na,40,-1\nb,0,50\n", NULL, "-1"},
		{"40,10\n0,50\n", NULL, "its first line begins with the number 40"},
		{"m,a,b\na,0,0\nb,0,0\n", NULL, "the sample is empty"},
		{"m,a,b\na,40,10\nb,0,50\n", "class,pixels\na,100\n", "'b'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		struct lu_assessment a;
		struct lu_error err = {0};
		const enum lu_status status = assess(slips[i].counts, slips[i].areas, &a, &err);
		assert_true(status != LU_OK);
		check_fails(status, status, err, slips[i].words);
		lu_assessment_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(olofsson_2014),
		cmocka_unit_test(a_simple_random_sample),
		cmocka_unit_test(slips_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
