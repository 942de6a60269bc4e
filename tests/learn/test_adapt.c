/* test_adapt.c: labels correct a head where they show that it errs, and leave it alone where they do not. */
#include "learn/adapt.h"

#include <math.h>

#include "support/near.h"

enum { ROWS = 240, FEATURES = 6, CLASSES = 4, GROUPS = 2, FOLDS = 5 };

/* Classes 0 and 1 are group 0, class 2 group 1, class 3 none. */
static const int group_of[CLASSES] = {0, 0, 1, -1};

static float rows[ROWS][FEATURES];
static const float *row_of[ROWS];
static double log_prior[ROWS * CLASSES], weights[ROWS];
static size_t truth[ROWS];
static char names[ROWS][8];
static const char *blocks[ROWS];
static int folds[ROWS];

/* The group follows from the first two features; the prior goes by the first alone, turned round where it is 'wrong'. */
static void draw(bool wrong)
{
	uint64_t random = 11;

	for (size_t i = 0; i < ROWS; i++) {
		for (size_t f = 0; f < FEATURES; f++)
			rows[i][f] = (float)(10 * (next_uniform(&random) - 0.5) + (double)f);
		row_of[i] = rows[i];
		const double score = (double)rows[i][0] / 2 + (wrong ? 3 * ((double)rows[i][1] - 1) : 0);
		const double chance = 1 / (1 + exp(-score)), said = 1 / (1 + exp(-(double)rows[i][0] / 2));
		truth[i] = next_uniform(&random) < chance;
		const double none = wrong ? 0.1 : 1e-4; /* of the class that no label names */
		log_prior[i * CLASSES] = log((1 - none) * (1 - said) * 0.7);
		log_prior[i * CLASSES + 1] = log((1 - none) * (1 - said) * 0.3);
		log_prior[i * CLASSES + 2] = log((1 - none) * said);
		log_prior[i * CLASSES + 3] = log(none);
		weights[i] = i % 3 == 0 ? 2 : 1;
		snprintf(names[i], sizeof(names[i]), "b%zu", i / 8);
		blocks[i] = names[i];
		folds[i] = (int)(i / 8 % FOLDS);
	}
}

static struct lu_adapt fit_with(int threads)
{
	const struct lu_adapt_task task = {.rows = row_of,
					   .log_prior = log_prior,
					   .group_of = group_of,
					   .truth = truth,
					   .weights = weights,
					   .blocks = blocks,
					   .folds = folds,
					   .fold_count = FOLDS,
					   .count = ROWS,
					   .features = FEATURES,
					   .classes = CLASSES,
					   .groups = GROUPS,
					   .threads = threads};
	struct lu_adapt out;
	struct lu_error err = {0};

	check_ok(lu_adapt_fit(&task, &out, &err), err);
	return out;
}

/* Probabilities of a row by the corrected head. */
static void answer(const struct lu_adapt *fit, size_t i, double p[CLASSES])
{
	double sum = 0;

	for (size_t k = 0; k < CLASSES; k++) {
		double logit = log_prior[i * CLASSES + k] + fit->bias[k];
		for (size_t f = 0; f < FEATURES; f++)
			logit += fit->weights[k * FEATURES + f] * (double)rows[i][f];
		sum += p[k] = exp(logit);
	}
	for (size_t k = 0; k < CLASSES; k++)
		p[k] /= sum;
}

static double loss_with(const struct lu_adapt *fit)
{
	double loss = 0, weight = 0, p[CLASSES];

	for (size_t i = 0; i < ROWS; i++) {
		answer(fit, i, p);
		loss -= weights[i] * log(truth[i] == 0 ? p[0] + p[1] : p[2]);
		weight += weights[i];
	}
	return loss / weight;
}

static void labels_correct_what_is_wrong(void **state)
{
	(void)state;
	draw(true);
	struct lu_adapt fit = fit_with(1);
	double none_weights[CLASSES * FEATURES] = {0}, none_bias[CLASSES] = {0};
	struct lu_adapt none = {.weights = none_weights, .bias = none_bias};

	assert_true(fit.helped);
	assert_int_equal(fit.blocks, ROWS / 8);
	assert_true(fit.right_before < 0.75 && fit.right_after > 0.85);
	check_near(fit.loss_before, loss_with(&none), 1e-9);
	check_near(fit.loss_gain.mean, fit.loss_before - fit.loss_after, 1e-9);
	check_near(fit.right_gain.mean, fit.right_after - fit.right_before, 1e-9);
	assert_true(fit.loss_gain.low > 0 && fit.loss_gain.low < fit.loss_gain.mean);
	/* The answers that the figures are of. */
	double loss = 0, weight = 0;
	for (size_t i = 0; i < ROWS; i++) {
		double sum = 0, q[CLASSES];
		for (size_t k = 0; k < CLASSES; k++)
			sum += q[k] = exp(fit.logits[i * CLASSES + k]);
		loss -= weights[i] * log((truth[i] == 0 ? q[0] + q[1] : q[2]) / sum);
		weight += weights[i];
	}
	check_near(loss / weight, fit.loss_after, 1e-5);
	/* What is fitted to these rows does better on them than on rows held out, and not by much. */
	assert_true(loss_with(&fit) < fit.loss_after && loss_with(&fit) > 0.5 * fit.loss_after);
	/* Which class of a group it is, is left to the prior: with a penalty both move alike but for their share. */
	double p[CLASSES];
	answer(&fit, 5, p);
	assert_true(p[0] > p[1]);

	struct lu_adapt again = fit_with(3);
	assert_memory_equal(again.weights, fit.weights, CLASSES * FEATURES * sizeof(double));
	check_near(again.loss_after, fit.loss_after, 0);
	lu_adapt_release(&again);
	lu_adapt_release(&fit);
}

/* At the least, what the labels pull at each bias is what the penalty opposes to it. */
static void the_fit_is_the_least(void **state)
{
	(void)state;
	draw(true);
	struct lu_adapt fit = fit_with(2);
	const double step = 1e-4, here = loss_with(&fit);

	for (size_t k = 0; k < CLASSES; k++) {
		/* The penalty's slope is l2 x the bias of standardised features, which is within a few units of 0. */
		fit.bias[k] += step;
		const double slope = (loss_with(&fit) - here) / step;
		fit.bias[k] -= step;
		assert_true(fabs(slope) < 5 * fit.l2 + 0.01);
	}
	lu_adapt_release(&fit);
}

static void a_right_head_is_left_alone(void **state)
{
	(void)state;
	draw(false);
	struct lu_adapt fit = fit_with(1);

	assert_false(fit.helped);
	assert_true(fit.loss_gain.mean <= fit.loss_gain.error);
	assert_true(fabs(fit.loss_gain.mean) < 0.05);
	lu_adapt_release(&fit);
}

static void students_t(void **state)
{
	(void)state;
	check_near(lu_student_95(1), 12.706, 1e-9);
	check_near(lu_student_95(9), 2.262, 1e-9);
	check_near(lu_student_95(11), 2.201, 3e-3);
	check_near(lu_student_95(30), 2.042, 1e-3);
	check_near(lu_student_95(1000), 1.962, 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(labels_correct_what_is_wrong),
					   cmocka_unit_test(the_fit_is_the_least),
					   cmocka_unit_test(a_right_head_is_left_alone), cmocka_unit_test(students_t)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
