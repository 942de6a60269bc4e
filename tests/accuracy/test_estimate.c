/* test_estimate.c: accuracy and adjusted areas against the published worked examples, digit by digit. */
#include "accuracy/estimate.h"

#include "accuracy/stehman.h"
#include "base/memory.h"
#include "support/near.h"

/* Olofsson et al. 2014, section 5: deforestation, forest gain, stable forest, stable non-forest. */
static const uint64_t olofsson_counts[] = {66, 0, 5, 4, 0, 55, 8, 12, 1, 0, 153, 11, 2, 1, 9, 313};
static const double olofsson_ha[] = {200000 * 0.09, 150000 * 0.09, 3200000 * 0.09, 6450000 * 0.09};

static const struct lu_interval_rule by_wald = {.percent = 95, .wald = true};

static struct lu_accuracy made(const uint64_t *counts, const double *area, size_t n)
{
	struct lu_error err = {0};
	struct lu_accuracy a;

	check_ok(lu_accuracy_make(counts, area, NULL, n, by_wald, &a, &err), err);
	return a;
}

static void olofsson_2014_to_the_last_digit(void **state)
{
	(void)state;
	static const double area[] = {21157.76, 11686.15, 285769.93, 581386.15};
	static const double area_margin[] = {6157.63, 3755.83, 15509.84, 16281.66};
	static const double users[] = {.880, .733, .927, .963}, users_margin[] = {.074, .101, .040, .021};
	static const double producers[] = {.749, .847, .935, .962}, producers_margin[] = {.213, .254, .034, .018};
	struct lu_accuracy a = made(olofsson_counts, olofsson_ha, 4);
	double sum = 0;

	check_near(a.overall.value, .94651, .000005);
	check_near(LU_Z95 * a.overall.se, .01848, .000005);
	for (int i = 0; i < 4; i++) {
		const struct lu_class_figures *c = &a.classes[i];
		const struct lu_figure ha = a.areas[i].area;

		check_near(ha.value, area[i], .005);
		check_near(LU_Z95 * ha.se, area_margin[i], .005);
		check_near(c->users.value, users[i], .0005);
		check_near(LU_Z95 * c->users.se, users_margin[i], .0005);
		check_near(c->producers.value, producers[i], .0005);
		check_near(LU_Z95 * c->producers.se, producers_margin[i], .0005);
		assert_true(ha.se_known && c->users.se_known && c->producers.se_known);
	}
	for (int i = 0; i < 16; i++)
		sum += a.proportions[i];
	check_near(sum, 1, 1e-12);
	assert_int_equal(a.areas[0].map_sample, 75);
	assert_int_equal(a.areas[2].reference_sample, 175);
	lu_accuracy_release(&a);
	lu_accuracy_release(NULL);
}

static void olofsson_2014_sample_size(void **state)
{
	(void)state;
	const double share[] = {.02, .015, .32, .645}, users[] = {.7, .6, .9, .95};

	assert_int_equal(lu_sample_size(share, users, 4, .01), 641);
	assert_int_equal(lu_sample_size(share, users, 4, 0), 0);
	const double half[] = {1}, even[] = {.5};
	assert_int_equal(lu_sample_size(half, even, 1, .05), 100);
}

/* What a design promises is what the estimators find when the guesses hold. */
static void the_promised_error_is_the_one_found(void **state)
{
	(void)state;
	double users[4], se, four[] = {200000, 150000, 3200000, 6450000};
	uint64_t sample[4];
	struct lu_accuracy a = made(olofsson_counts, olofsson_ha, 4);

	for (int i = 0; i < 4; i++) {
		users[i] = a.classes[i].users.value;
		sample[i] = a.areas[i].map_sample;
	}
	assert_true(lu_expected_se(four, users, sample, 4, &se));
	check_close(se, a.overall.se, 1e-12);
	lu_accuracy_release(&a);
	sample[0] = 1;
	assert_false(lu_expected_se(four, users, sample, 4, &se));
	users[0] = 1; /* sure of it: one unit, or none, is enough */
	sample[0] = 0;
	assert_true(lu_expected_se(four, users, sample, 4, &se) && se > 0);
	four[1] = 0;
	sample[1] = 0;
	assert_true(lu_expected_se(four, users, sample, 4, &se));
	const double nothing[] = {0, 0, 0, 0};
	assert_false(lu_expected_se(nothing, users, sample, 4, &se));
}

static void a_single_unit_has_no_variance(void **state)
{
	(void)state;
	const uint64_t counts[] = {9, 1, 0, 1};
	const double area[] = {80, 20};
	struct lu_accuracy a = made(counts, area, 2);

	assert_int_equal(a.single_strata, 1);
	check_near(a.overall.value, .92, 1e-12);
	assert_false(a.overall.se_known);
	check_near(a.overall.se, 0, 0);
	assert_true(a.classes[0].users.se_known); /* rests on its own row alone */
	assert_false(a.classes[1].users.se_known);
	assert_false(a.classes[0].producers.se_known);
	assert_false(a.areas[0].area.se_known);
	lu_accuracy_release(&a);
}

static void an_empty_stratum_is_left_out_and_counted(void **state)
{
	(void)state;
	const uint64_t counts[] = {9, 1, 0, 2, 8, 0, 0, 0, 0};
	const double area[] = {60, 30, 10};
	struct lu_accuracy a = made(counts, area, 3);

	assert_int_equal(a.empty_strata, 1);
	check_near(a.unsampled_area, 10, 0);
	check_near(a.sampled_area, 90, 0);
	check_near(a.overall.value, (60 * .9 + 30 * .8) / 90, 1e-12);
	check_near(a.areas[0].area.value, 60 * .9 + 30 * .2, 1e-12);
	/* A class that is in neither sample nor reference has an area of 0 and no accuracies. */
	assert_true(a.areas[2].area.known);
	check_near(a.areas[2].area.value, 0, 0);
	assert_false(a.classes[2].users.known);
	assert_false(a.classes[2].producers.known);
	lu_accuracy_release(&a);
}

static void classes_only_in_map_or_reference(void **state)
{
	(void)state;
	/* Class 2 is never found on the ground; class 3 is never mapped but found. */
	const uint64_t counts[] = {8, 0, 2, 5, 0, 5, 0, 0, 0};
	const double area[] = {50, 50, 0};
	struct lu_accuracy a = made(counts, area, 3);

	check_near(a.classes[1].users.value, 0, 0);
	assert_true(a.classes[1].users.se_known);
	assert_false(a.classes[1].producers.known);
	check_near(a.areas[2].area.value, 50 * .2 + 50 * .5, 1e-12);
	check_near(a.classes[2].producers.value, 0, 0);
	assert_true(a.classes[2].producers.known);
	assert_false(a.classes[2].users.known);
	assert_int_equal(a.empty_strata, 0); /* nothing was mapped there, so nothing is missing */
	for (int i = 0; i < 3; i++) {
		assert_true(isfinite(a.classes[i].producers.se));
		assert_true(isfinite(a.areas[i].area.se));
	}
	lu_accuracy_release(&a);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	const uint64_t none[] = {0, 0, 0, 0};
	const double area[] = {1, 1}, negative[] = {1, -1}, zero[] = {0, 0};
	const double huge[] = {1e308, 1e308}, tiny[] = {1e-200, 1};
	struct lu_error err = {0};
	struct lu_accuracy a;

	check_fails(lu_accuracy_make(none, area, NULL, 2, by_wald, &a, &err), LU_ERROR_ARGUMENT, err, "no sample unit");
	check_fails(lu_accuracy_make(olofsson_counts, negative, NULL, 2, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "mapped area -1");
	/* Sums and squares of such areas are no numbers, and figures made of them would be 0 or none. */
	check_fails(lu_accuracy_make(olofsson_counts, huge, NULL, 2, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "mapped area 1e+308");
	check_fails(lu_accuracy_make(olofsson_counts, tiny, NULL, 2, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "mapped area 1e-200");
	check_fails(lu_accuracy_make(olofsson_counts, zero, NULL, 2, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "no sample unit");
	for (long n = 0; n < 2; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_accuracy_make(olofsson_counts, olofsson_ha, NULL, 4, by_wald, &a, &err),
				 LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
	}
}

/* R. G. Congalton: A review of assessing the accuracy of classifications of remotely sensed data. RSE 37, 1991. */
static void kappa_of_congalton_1991(void **state)
{
	(void)state;
	const uint64_t counts[] = {65, 4, 22, 24, 6, 81, 5, 8, 0, 11, 85, 19, 4, 7, 3, 90};
	const uint64_t one_class[] = {5, 0, 0, 0};
	const struct lu_figure k = lu_kappa(counts, 4);

	check_near(k.value, .65, .005);
	/* The paper prints a variance of .0007778: its formula adds the margins p_i+ and p_+j, where the derivative
	   of chance agreement asks for p_+i and p_j+ (Fleiss, Cohen and Everitt 1969), which gives .0007700. */
	check_near(k.se * k.se, .0007700, .00000005);
	assert_false(lu_kappa(one_class, 2).known);
	assert_false(lu_kappa(counts, 0).known);
}

/* Stehman 2014, table 2: strata A-D of 40000, 30000, 20000, 10000 units, ten sampled in each. */
static const char stehman_strata[] = "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDD";
static const char stehman_map[] = "AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD";
static const char stehman_reference[] = "AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB";
static const double stehman_size[] = {40000, 30000, 20000, 10000};

static void stehman_2014_worked_example(void **state)
{
	(void)state;
	/* pp. 4932-4936 print three digits; more come from an independent implementation (R survey). */
	static const double users[] = {.7419355, .5744681, .5, .7},
			    users_se[] = {.1645627, .1248023, .2151657, .1527525};
	static const double producers[] = {.6571429, .7941176, .3, .6363636};
	static const double producers_se[] = {.1477318, .1165671, .1504438, .1623242};
	struct lu_sample_unit units[40];
	struct lu_ratio_accuracy a;
	struct lu_error err = {0};

	for (int i = 0; i < 40; i++)
		units[i] =
			(struct lu_sample_unit){(uint32_t)(stehman_strata[i] - 'A'), (uint32_t)(stehman_map[i] - 'A'),
						(uint32_t)(stehman_reference[i] - 'A'), 0};
	check_ok(lu_ratio_accuracy_make(units, 40, stehman_size, 4, 4, by_wald, &a, &err), err);
	check_near(a.classes[0].proportion.value, .35, 1e-12);
	check_near(a.classes[0].proportion.se, .082, .0005);
	check_near(a.classes[2].proportion.value, .20, 1e-12);
	check_near(a.classes[2].proportion.se, .064, .0005);
	check_near(a.overall.value, .63, 1e-12);
	check_near(a.overall.se, .085, .0005);
	check_near(a.proportions[1 * 4 + 2], .08, 1e-12);
	for (int k = 0; k < 4; k++) {
		check_near(a.classes[k].users.value, users[k], 5e-8);
		check_near(a.classes[k].producers.value, producers[k], 5e-8);
		/* Those figures leave the finite-population factor out, which is at least 1 - 1/1000 here. */
		check_close(a.classes[k].users.se, users_se[k], 6e-4);
		check_close(a.classes[k].producers.se, producers_se[k], 6e-4);
	}
	lu_ratio_accuracy_release(&a);
	lu_ratio_accuracy_release(NULL);
}

/* Where the strata are the map's classes, both methods are the same. */
static void both_estimators_agree_on_olofsson(void **state)
{
	(void)state;
	static const double pixels[] = {200000, 150000, 3200000, 6450000};
	struct lu_sample_unit units[640];
	struct lu_accuracy a = made(olofsson_counts, olofsson_ha, 4);
	struct lu_ratio_accuracy b;
	struct lu_error err = {0};
	size_t n = 0;

	for (uint32_t i = 0; i < 4; i++) {
		for (uint32_t j = 0; j < 4; j++) {
			for (uint64_t k = 0; k < olofsson_counts[i * 4 + j]; k++)
				units[n++] = (struct lu_sample_unit){i, i, j, 0};
		}
	}
	assert_int_equal(n, 640);
	check_ok(lu_ratio_accuracy_make(units, n, pixels, 4, 4, by_wald, &b, &err), err);
	check_near(b.overall.value, a.overall.value, 1e-12);
	check_close(b.overall.se, a.overall.se, 3e-4);
	for (int k = 0; k < 4; k++) {
		check_near(b.classes[k].proportion.value, a.classes[k].proportion.value, 1e-12);
		check_close(b.classes[k].proportion.se, a.classes[k].proportion.se, 3e-4);
		check_near(b.classes[k].users.value, a.classes[k].users.value, 1e-12);
		check_close(b.classes[k].users.se, a.classes[k].users.se, 3e-4);
		check_near(b.classes[k].producers.value, a.classes[k].producers.value, 1e-12);
		check_close(b.classes[k].producers.se, a.classes[k].producers.se, 3e-4);
	}
	lu_ratio_accuracy_release(&b);
	lu_accuracy_release(&a);
}

/* Counts of every pixel of a large map: as many units as one entry tells, and figures as from the units one by one. */
static void units_by_the_thousand_million(void **state)
{
	(void)state;
	const struct lu_sample_unit few[] = {{0, 0, 0, 2}, {0, 0, 1, 0}, {0, 1, 1, 3}};
	const struct lu_sample_unit same[] = {{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0},
					      {0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}};
	const struct lu_sample_unit many[] = {{0, 0, 0, 2999999999}, {0, 0, 1, 999999999}, {0, 1, 1, 3999999999}};
	const double size = 1e15;
	struct lu_ratio_accuracy a, b;
	struct lu_error err = {0};

	check_ok(lu_ratio_accuracy_make(few, 3, &size, 1, 2, by_wald, &a, &err), err);
	check_ok(lu_ratio_accuracy_make(same, 8, &size, 1, 2, by_wald, &b, &err), err);
	check_near(a.overall.value, b.overall.value, 1e-15);
	check_near(a.overall.se, b.overall.se, 1e-15);
	check_near(a.classes[0].users.se, b.classes[0].users.se, 1e-15);
	check_near(a.proportions[3], b.proportions[3], 1e-15);
	lu_ratio_accuracy_release(&a);
	lu_ratio_accuracy_release(&b);
	check_ok(lu_ratio_accuracy_make(many, 3, &size, 1, 2, by_wald, &a, &err), err);
	check_near(a.overall.value, .875, 1e-12);
	check_near(a.classes[1].producers.value, .8, 1e-12);
	lu_ratio_accuracy_release(&a);
}

static void ratio_estimator_edge_cases(void **state)
{
	(void)state;
	const struct lu_sample_unit units[] = {{0, 0, 0, 0}, {0, 0, 1, 0}, {1, 1, 1, 0}};
	const double size[] = {100, 50, 25}, small[] = {1, 50, 25}, huge[] = {1e308, 50, 25};
	struct lu_ratio_accuracy a;
	struct lu_error err = {0};

	check_ok(lu_ratio_accuracy_make(units, 3, size, 3, 3, by_wald, &a, &err), err);
	assert_int_equal(a.empty_strata, 1);
	assert_int_equal(a.single_strata, 1);
	check_near(a.unsampled_size, 25, 0);
	check_near(a.overall.value, (100 * .5 + 50) / 150, 1e-12);
	assert_false(a.overall.se_known);
	assert_false(a.classes[2].users.known);
	lu_ratio_accuracy_release(&a);
	check_fails(lu_ratio_accuracy_make(units, 3, size, 1, 3, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "sample unit 3");
	check_fails(lu_ratio_accuracy_make(units, 3, size, 3, 1, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "sample unit 2");
	check_fails(lu_ratio_accuracy_make(units, 3, small, 3, 3, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "sampled once");
	check_fails(lu_ratio_accuracy_make(units, 3, huge, 3, 3, by_wald, &a, &err), LU_ERROR_ARGUMENT, err,
		    "has 1e+308 units");
	check_fails(lu_ratio_accuracy_make(units, 0, size, 3, 3, by_wald, &a, &err), LU_ERROR_ARGUMENT, err, "empty");
	for (long n = 0; n < 3; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_ratio_accuracy_make(units, 3, size, 3, 3, by_wald, &a, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(olofsson_2014_to_the_last_digit),
		cmocka_unit_test(olofsson_2014_sample_size),
		cmocka_unit_test(the_promised_error_is_the_one_found),
		cmocka_unit_test(a_single_unit_has_no_variance),
		cmocka_unit_test(an_empty_stratum_is_left_out_and_counted),
		cmocka_unit_test(classes_only_in_map_or_reference),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(kappa_of_congalton_1991),
		cmocka_unit_test(stehman_2014_worked_example),
		cmocka_unit_test(both_estimators_agree_on_olofsson),
		cmocka_unit_test(units_by_the_thousand_million),
		cmocka_unit_test(ratio_estimator_edge_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
