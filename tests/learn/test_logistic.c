/* test_logistic.c: the head against closed forms, and its promises about scale, weights and starts. */
#include "learn/logistic.h"

#include <math.h>

#include "base/memory.h"
#include "learn/temperature.h"
#include "support/check.h"

enum { MOST = 400 };

/* Rows of at most 4 features that a test fills. */
static float values[MOST][4];
static const float *rows[MOST];
static size_t classes[MOST];

static struct lu_rows view(size_t count, size_t features, size_t class_count)
{
	for (size_t i = 0; i < count; i++)
		rows[i] = values[i];
	return (struct lu_rows){rows, classes, count, features, class_count, NULL};
}

/* A number in [0, 1) from a counter: the same on every machine. */
static double number(uint64_t i)
{
	uint64_t x = i * 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0;
}

/* Three clouds in the plane, plus two features that say nothing: one constant, one noise. */
static struct lu_rows clouds(size_t count, double scale)
{
	static const double centre[3][2] = {{0, 0}, {3, 0}, {0, 3}};

	for (size_t i = 0; i < count; i++) {
		classes[i] = i % 3;
		for (size_t f = 0; f < 2; f++)
			values[i][f] = (float)(scale * (centre[i % 3][f] +
							2 * (number(7 * i + f) + number(7 * i + f + 3) - 1)));
		values[i][2] = 5;
		values[i][3] = (float)number(7 * i + 6);
	}
	return view(count, 4, 3);
}

static void one_binary_feature_has_a_closed_form(void **state)
{
	(void)state;
	/* Class 1 in 3 of 4 where x = 1 and in 1 of 4 where x = 0: without a penalty, odds of 3 and 1/3. */
	for (size_t i = 0; i < 8; i++) {
		values[i][0] = i < 4;
		classes[i] = i < 4 ? i != 0 : i == 4;
	}
	const struct lu_rows r = view(8, 1, 2);
	const struct lu_logistic_options options = {.l2 = 0};
	struct lu_logistic head;
	struct lu_error err = {0};
	double logits[2];

	check_ok(lu_logistic_fit(&r, &options, &head, &err), err);
	lu_logistic_logits(&head, (const float[]){1}, logits);
	assert_float_equal(logits[1] - logits[0], log(3), 0.01);
	lu_logistic_logits(&head, (const float[]){0}, logits);
	assert_float_equal(logits[1] - logits[0], -log(3), 0.01);
	lu_logistic_release(&head);
}

/* The same odds of 3 and 1/3, from one row each and their weights; and what balancing makes of weights. */
static void weights_of_rows_are_as_many_rows(void **state)
{
	(void)state;
	const double weights[] = {1, 3, 3, 1};
	for (size_t i = 0; i < 4; i++) {
		values[i][0] = i < 2;
		classes[i] = i % 2;
	}
	struct lu_rows r = view(4, 1, 2);
	r.weights = weights;
	const struct lu_logistic_options options = {.l2 = 0};
	struct lu_logistic head;
	struct lu_error err = {0};
	double logits[2], balanced[2];

	check_ok(lu_logistic_fit(&r, &options, &head, &err), err);
	lu_logistic_logits(&head, (const float[]){1}, logits);
	assert_float_equal(logits[1] - logits[0], log(3), 0.01);
	lu_logistic_logits(&head, (const float[]){0}, logits);
	assert_float_equal(logits[1] - logits[0], -log(3), 0.01);
	lu_logistic_release(&head);
	/* Class 0 has 4 of the weight of 8, so each class counts the same as it is. */
	lu_balanced_weights(&r, balanced);
	assert_float_equal(balanced[0], 1, 1e-12);
	classes[0] = 1; /* now 3 against 5 */
	lu_balanced_weights(&r, balanced);
	assert_float_equal(balanced[0], 8 / 6.0, 1e-12);
	assert_float_equal(balanced[1], 8 / 10.0, 1e-12);
}

static size_t right(const struct lu_logistic *head, const struct lu_rows *r)
{
	double logits[3];
	float confidence;
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++) {
		lu_logistic_logits(head, r->rows[i], logits);
		count += lu_softmax_best(logits, 3, 1, &confidence) == r->classes[i];
	}
	return count;
}

static void clouds_come_apart(void **state)
{
	(void)state;
	const struct lu_rows r = clouds(MOST, 1);
	const struct lu_logistic_options options = {.l2 = 1e-3};
	struct lu_logistic head, again, warm;
	struct lu_error err = {0};

	check_ok(lu_logistic_fit(&r, &options, &head, &err), err);
	assert_true(right(&head, &r) > MOST * 9 / 10);
	for (size_t k = 0; k < 3; k++)
		assert_true(head.weights[k * 4 + 2] == 0); /* a constant says nothing */
	/* The same rows give the same bits. */
	check_ok(lu_logistic_fit(&r, &options, &again, &err), err);
	assert_memory_equal(head.weights, again.weights, 12 * sizeof(double));
	/* From the solution the way is short. */
	const struct lu_logistic_options on = {.l2 = 1e-3, .start = &head};
	check_ok(lu_logistic_fit(&r, &on, &warm, &err), err);
	assert_true(warm.iterations <= 2 && head.iterations > 2);
	assert_int_equal(right(&warm, &r), right(&head, &r));
	lu_logistic_release(&warm);
	lu_logistic_release(&again);
	lu_logistic_release(&head);
}

static void scale_of_features_does_not_matter(void **state)
{
	(void)state;
	const struct lu_logistic_options options = {.l2 = 1e-2};
	struct lu_logistic small, large;
	struct lu_error err = {0};
	double a[3], b[3];
	struct lu_rows r = clouds(90, 1);

	check_ok(lu_logistic_fit(&r, &options, &small, &err), err);
	lu_logistic_logits(&small, r.rows[17], a);
	r = clouds(90, 1000);
	check_ok(lu_logistic_fit(&r, &options, &large, &err), err);
	lu_logistic_logits(&large, r.rows[17], b);
	for (int k = 0; k < 3; k++)
		assert_float_equal(a[k], b[k], 1e-3);
	lu_logistic_release(&small);
	lu_logistic_release(&large);
}

static void a_penalty_shrinks_and_weights_balance(void **state)
{
	(void)state;
	const struct lu_logistic_options weak = {.l2 = 1e-4}, strong = {.l2 = 10};
	struct lu_logistic one, other;
	struct lu_error err = {0};
	struct lu_rows r = clouds(90, 1);
	double weights[3], logits[3];

	check_ok(lu_logistic_fit(&r, &weak, &one, &err), err);
	check_ok(lu_logistic_fit(&r, &strong, &other, &err), err);
	assert_true(fabs(other.weights[0]) < fabs(one.weights[0]) / 10);
	lu_logistic_release(&one);
	lu_logistic_release(&other);
	/* Two classes, 80 and 10 rows, a feature that says nothing: balanced, neither is likelier. */
	for (size_t i = 0; i < 90; i++) {
		values[i][0] = (float)number(i);
		classes[i] = i >= 80;
	}
	r = view(90, 1, 2);
	lu_balanced_weights(&r, weights);
	assert_float_equal(weights[0] * 80, weights[1] * 10, 1e-9);
	const struct lu_logistic_options balanced = {.l2 = 10, .class_weights = weights};
	check_ok(lu_logistic_fit(&r, &balanced, &one, &err), err);
	lu_logistic_logits(&one, (const float[]){0.5f}, logits);
	assert_float_equal(logits[0], logits[1], 0.02);
	lu_logistic_release(&one);
}

static bool stop_now(void *user)
{
	(void)user;
	return true;
}

static void what_is_wrong_is_said(void **state)
{
	(void)state;
	const struct lu_hooks hooks = {.cancelled = stop_now};
	const struct lu_logistic_options options = {.l2 = 1e-3}, cancelled = {.l2 = 1e-3, .hooks = &hooks};
	struct lu_logistic head;
	struct lu_error err = {0};
	struct lu_rows r = clouds(30, 1);

	check_fails(lu_logistic_fit(&r, &cancelled, &head, &err), LU_ERROR_CANCELLED, err, "stopped");
	values[4][1] = NAN;
	check_fails(lu_logistic_fit(&r, &options, &head, &err), LU_ERROR_ARGUMENT, err, "feature 1 is not a number");
	r.count = 0;
	check_fails(lu_logistic_fit(&r, &options, &head, &err), LU_ERROR_ARGUMENT, err, "no chips");
	assert_null(head.weights);
	r = clouds(30, 1);
	enum lu_status status = LU_ERROR_MEMORY;
	for (long allowed = 0; status != LU_OK; allowed++) {
		assert_true(allowed < 100);
		lu_memory_fail_after(allowed);
		status = lu_logistic_fit(&r, &options, &head, &err);
		lu_memory_fail_after(-1);
	}
	lu_logistic_release(&head);
}

static void temperature_mends_confidence(void **state)
{
	(void)state;
	/* Right in 3 of 4, with logits that say 0.999: the temperature must bring it to 0.75. */
	double logits[200][2];
	size_t truth[200];
	float confidence;

	for (size_t i = 0; i < 200; i++) {
		logits[i][0] = 7;
		logits[i][1] = 0;
		truth[i] = i % 4 == 0;
	}
	const double t = lu_temperature_fit(&logits[0][0], truth, 200, 2);
	assert_float_equal(t, 7 / log(3), 0.1);
	assert_int_equal(lu_softmax_best(logits[0], 2, t, &confidence), 0);
	assert_float_equal(confidence, 0.75, 3e-3);
	assert_true(lu_log_loss(&logits[0][0], truth, 200, 2, t) < lu_log_loss(&logits[0][0], truth, 200, 2, 1));
	assert_float_equal(lu_temperature_fit(NULL, NULL, 0, 2), 1, 0);
	/* Ten right of ten: sure to 11 parts of 12 and a half, and no more. */
	memset(truth, 0, sizeof(truth));
	lu_softmax_best(logits[0], 2, lu_temperature_fit(&logits[0][0], truth, 10, 2), &confidence);
	assert_float_equal(confidence, 11.5 / 12, 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_binary_feature_has_a_closed_form),
		cmocka_unit_test(weights_of_rows_are_as_many_rows),
		cmocka_unit_test(clouds_come_apart),
		cmocka_unit_test(scale_of_features_does_not_matter),
		cmocka_unit_test(a_penalty_shrinks_and_weights_balance),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(temperature_mends_confidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
