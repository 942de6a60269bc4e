/* test_significance.c: posteriors by hand and by simulation, and flags that are as false as they say. */
#include "change/significance.h"

#include "base/memory.h"
#include "change/fdr.h"
#include "support/near.h"

static void a_posterior_worked_by_hand(void **state)
{
	(void)state;
	/* Two classes, shares 3/4 and 1/4, 10 % change: joint .675 .075 / .025 .225. */
	const double share[] = {.75, .25};
	const float earlier[] = {.8f, .2f}, later[] = {.4f, .6f};
	double joint[4];
	struct lu_error err = {0};
	struct lu_change_model *model;

	lu_change_prior(share, 2, .1, joint);
	check_near(joint[0], .675, 1e-15);
	check_near(joint[1], .075, 1e-15);
	check_near(joint[2], .025, 1e-15);
	check_near(joint[3], .225, 1e-15);
	check_ok(lu_change_model_new(joint, NULL, NULL, 2, &model, &err), err);
	/* .675*.8*.4 = .216, .075*.8*.6 = .036, .025*.2*.4 = .002, .225*.2*.6 = .027; sum .281. */
	struct lu_change_posterior p = lu_change_posterior(model, earlier, later);
	check_near(p.changed, .038 / .281, 1e-7);
	check_near(p.pair, .036 / .281, 1e-7);
	assert_int_equal(p.from, 0);
	assert_int_equal(p.to, 1);
	assert_int_equal(p.stable, 0);
	assert_true(p.known);
	lu_change_model_free(model);

	/* The same classifier, had it been trained on the true shares: p / trained undoes them. */
	const float earlier_trained[] = {.8f * .75f / (.8f * .75f + .2f * .25f),
					 .2f * .25f / (.8f * .75f + .2f * .25f)};
	check_ok(lu_change_model_new(joint, share, NULL, 2, &model, &err), err);
	check_near(lu_change_posterior(model, earlier_trained, later).changed, .038 / .281, 1e-6);
	lu_change_model_free(model);
}

static void forbidden_pairs_never_win(void **state)
{
	(void)state;
	const double joint[] = {.5, 0, 0, .5};
	const float sure_first[] = {1, 0}, sure_second[] = {0, 1}, doubtful[] = {.4f, .6f};
	struct lu_error err = {0};
	struct lu_change_model *model;

	check_ok(lu_change_model_new(joint, NULL, NULL, 2, &model, &err), err);
	check_near(lu_change_posterior(model, doubtful, doubtful).changed, 0, 0);
	assert_false(lu_change_posterior(model, sure_first, sure_second).known);
	lu_change_model_free(model);
	lu_change_model_free(NULL);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	const double negative[] = {.5, -.1, .1, .5}, joint[] = {.5, 0, 0, .5}, zero[] = {1, 0};
	struct lu_error err = {0};
	struct lu_change_model *model;

	check_fails(lu_change_model_new(negative, NULL, NULL, 2, &model, &err), LU_ERROR_ARGUMENT, err, "negative");
	check_fails(lu_change_model_new(joint, zero, NULL, 2, &model, &err), LU_ERROR_ARGUMENT, err, "not trained on");
	check_fails(lu_change_model_new(joint, NULL, NULL, 1, &model, &err), LU_ERROR_ARGUMENT, err, "two classes");
	for (long n = 0; n < 2; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_change_model_new(joint, NULL, NULL, 2, &model, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
		assert_null(model);
	}
}

static void labels_speak_through_the_confusion_matrix(void **state)
{
	(void)state;
	const double confusion[] = {90, 10, 30, 70};
	float p[2];

	lu_label_likelihood(confusion, 2, 1, p);
	/* P(says 1 | is 0) = 10.5 / 101, P(says 1 | is 1) = 70.5 / 101. */
	check_near(p[0], 10.5 / 81, 1e-7);
	check_near(p[1], 70.5 / 81, 1e-7);
}

enum { CELLS = 40000, CLASSES = 3 };

/* Calibrated answers: a noisy look 'x' at the true class, and Bayes with equal priors. */
static void look(size_t truth, float *p, uint64_t *random)
{
	double sum = 0, weight[CLASSES];

	for (size_t k = 0; k < CLASSES; k++) {
		/* A normal measurement at 1 for the true class, 0 for others; sd .45 (Box and Muller 1958). */
		const double z =
			sqrt(-2 * log(1 - next_uniform(random))) * cos(6.283185307179586 * next_uniform(random));
		const double x = (k == truth) + .45 * z;

		weight[k] = exp((2 * x - 1) / (2 * .45 * .45)); /* density at mean 1 over density at mean 0 */
		sum += weight[k];
	}
	for (size_t k = 0; k < CLASSES; k++)
		p[k] = (float)(weight[k] / sum);
}

struct world {
	float earlier[CELLS * CLASSES], later[CELLS * CLASSES], changed[CELLS];
	bool truth[CELLS];
	size_t naive;
};

static void simulate(struct world *w, const double *joint, uint64_t seed)
{
	uint64_t random = seed;

	w->naive = 0;
	for (size_t c = 0; c < CELLS; c++) {
		double u = next_uniform(&random);
		size_t pair = 0, best[2] = {0, 0};

		while (pair < 8 && u >= joint[pair])
			u -= joint[pair++];
		w->truth[c] = pair / 3 != pair % 3;
		look(pair / 3, w->earlier + c * 3, &random);
		look(pair % 3, w->later + c * 3, &random);
		for (size_t k = 1; k < 3; k++) {
			best[0] = w->earlier[c * 3 + k] > w->earlier[c * 3 + best[0]] ? k : best[0];
			best[1] = w->later[c * 3 + k] > w->later[c * 3 + best[1]] ? k : best[1];
		}
		w->naive += best[0] != best[1];
	}
}

static void flags_are_as_false_as_they_say(void **state)
{
	(void)state;
	static struct world w;
	const double share[] = {.6, .3, .1};
	double joint[9];
	struct lu_error err = {0};
	struct lu_change_model *model;
	struct lu_fdr *fdr;

	lu_change_prior(share, 3, .03, joint);
	simulate(&w, joint, 5);
	check_ok(lu_change_model_new(joint, NULL, NULL, 3, &model, &err), err);
	check_ok(lu_fdr_new(&fdr, &err), err);
	double expected = 0, changed = 0;
	for (size_t c = 0; c < CELLS; c++) {
		w.changed[c] = (float)lu_change_posterior(model, w.earlier + c * 3, w.later + c * 3).changed;
		expected += (double)w.changed[c];
		changed += w.truth[c];
	}
	check_close(expected, changed, .05); /* calibrated in the mean */
	assert_true((double)w.naive > 3 * changed); /* while naive differencing drowns in noise */
	lu_fdr_add(fdr, w.changed, CELLS);
	for (double rate = .05; rate < .31; rate += .05) {
		const struct lu_fdr_choice choice = lu_fdr_choose(fdr, rate, 0);
		double flags = 0, false_flags = 0;

		for (size_t c = 0; c < CELLS; c++) {
			if ((double)w.changed[c] >= choice.threshold) {
				flags++;
				false_flags += !w.truth[c];
			}
		}
		assert_int_equal((int)flags, choice.flagged);
		assert_true(choice.expected_false <= rate);
		assert_true(choice.expected_false > rate - .01); /* and not far below: recall is not thrown away */
		check_near(false_flags / flags, choice.expected_false, .04);
		check_near((flags - false_flags) / changed, choice.expected_found, .04);
	}
	lu_fdr_free(fdr);
	lu_change_model_free(model);
}

static void expectation_maximisation_finds_the_rate(void **state)
{
	(void)state;
	static struct world w;
	const double share[] = {.6, .3, .1}, guess[] = {.34, .33, .33};
	double truth[9], joint[9], changed = 0, found = 0;
	struct lu_error err = {0};

	lu_change_prior(share, 3, .05, truth);
	simulate(&w, truth, 9);
	lu_change_prior(guess, 3, .3, joint);
	check_ok(lu_change_prior_fit(w.earlier, w.later, CELLS, 3, NULL, NULL, 10, 200, joint, &err), err);
	for (size_t c = 0; c < CELLS; c++)
		changed += w.truth[c];
	for (size_t k = 0; k < 9; k++)
		found += k / 3 != k % 3 ? joint[k] : 0;
	check_near(found, changed / CELLS, .006);
	for (size_t k = 0; k < 9; k++)
		check_near(joint[k], truth[k], .012);
	for (long n = 0; n < 4; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_change_prior_fit(w.earlier, w.later, 10, 3, NULL, NULL, 10, 2, joint, &err),
				 LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
	}
}

static void choosing_by_hand(void **state)
{
	(void)state;
	const float p[] = {1, .9375f, .9375f, .75f, .5f, .25f, NAN, -1, 2};
	struct lu_error err = {0};
	struct lu_fdr *a, *b;

	check_ok(lu_fdr_new(&a, &err), err);
	check_ok(lu_fdr_new(&b, &err), err);
	lu_fdr_add(a, p, 4);
	lu_fdr_add(b, p + 4, 5); /* only two of these are probabilities */
	lu_fdr_merge(a, b);
	/* Doubts 0, 1/16, 1/16, 1/4, 1/2, 3/4: means 0, 1/32, 1/24, 3/32, 7/40, 13/48. */
	struct lu_fdr_choice c = lu_fdr_choose(a, .1, 0);
	assert_int_equal(c.flagged, 4);
	check_near(c.threshold, .75, 0);
	check_near(c.expected_false, 3 / 32.0, 1e-12);
	check_near(c.expected_found, 3.625 / 4.375, 1e-12);
	c = lu_fdr_choose(a, .1, .8);
	assert_int_equal(c.flagged, 3);
	assert_int_equal(lu_fdr_choose(a, 1, 0).flagged, 6);
	assert_int_equal(lu_fdr_choose(a, 0, 0).flagged, 1);
	assert_int_equal(lu_fdr_choose(b, .1, 0).flagged, 0);
	assert_true(lu_fdr_choose(b, .1, 0).threshold > 1);
	lu_fdr_free(a);
	lu_fdr_free(b);
	lu_memory_fail_after(0);
	assert_int_equal(lu_fdr_new(&a, &err), LU_ERROR_MEMORY);
	lu_memory_fail_after(-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_posterior_worked_by_hand),
		cmocka_unit_test(forbidden_pairs_never_win),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(labels_speak_through_the_confusion_matrix),
		cmocka_unit_test(flags_are_as_false_as_they_say),
		cmocka_unit_test(expectation_maximisation_finds_the_rate),
		cmocka_unit_test(choosing_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
