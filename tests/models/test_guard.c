/*
 * test_guard.c: which layers stay in float32, on a made-up network whose layers err by given amounts.
 */
#include <math.h>
#include <string.h>

#include "models/guard.h"
#include "support/check.h"

enum { LAYERS = 12, PICTURES = 130, CLASSES = 3 };

/* What each layer adds to the best answer, with a sign that changes from picture to picture. */
struct made_up {
	float before[PICTURES * CLASSES];
	float errors[LAYERS];
	int asked;
};

static enum lu_status answer(void *user, const bool *left, size_t every, float *after, struct lu_error *err)
{
	struct made_up *m = user;

	(void)err;
	m->asked++;
	for (int i = 0; i < PICTURES * CLASSES; i++)
		after[i] = i / CLASSES % (int)every == 0 ? m->before[i] : 1e9f;
	for (int i = 0; i < PICTURES; i += (int)every)
		for (int k = 0; k < LAYERS; k++)
			after[i * CLASSES + i % CLASSES] += left[k] ? 0 : i % 2 ? m->errors[k] : -m->errors[k];
	return LU_OK;
}

/* Margins of 10 on average. */
static void make(struct made_up *m)
{
	*m = (struct made_up){.asked = 0};
	for (int i = 0; i < PICTURES; i++)
		for (int k = 0; k < CLASSES; k++)
			m->before[i * CLASSES + k] = k == i % CLASSES         ? 6 + (float)(i % 9)
						     : k == (i + 1) % CLASSES ? 0
									      : -3;
}

static struct lu_guard guard_of(struct made_up *m, double limit)
{
	return (struct lu_guard){.pictures = PICTURES,
				 .classes = CLASSES,
				 .before = m->before,
				 .layers = LAYERS,
				 .limit = limit,
				 .answer = answer,
				 .user = m};
}

static double choose(struct made_up *m, bool *left)
{
	const struct lu_guard guard = guard_of(m, 0.02);
	struct lu_error err;
	double error;

	check_ok(lu_guard_choose(&guard, left, &error, &err), err);
	return error;
}

static double mean_margin(const struct made_up *m)
{
	double sum = 0;

	for (int i = 0; i < PICTURES; i++)
		sum += (double)m->before[i * CLASSES + i % CLASSES] / PICTURES;
	return sum;
}

static void leaves_none_where_all_are_good(void **state)
{
	bool left[LAYERS];
	struct made_up m;
	double error;

	(void)state;
	make(&m);
	m.errors[4] = 0.1f;
	error = choose(&m, left);
	assert_int_equal(m.asked, 1);
	assert_true(fabs(error - 0.1 / mean_margin(&m)) < 1e-6);
	for (int k = 0; k < LAYERS; k++)
		assert_false(left[k]);
}

/* The worst first, and no more than are needed. */
static void leaves_those_that_err_most(void **state)
{
	bool left[LAYERS];
	struct made_up m;
	double error;

	(void)state;
	make(&m);
	for (int k = 0; k < LAYERS; k++)
		m.errors[k] = 0.005f;
	m.errors[2] = 0.3f;
	m.errors[9] = 0.5f;
	m.errors[5] = 0.04f;
	error = choose(&m, left);
	for (int k = 0; k < LAYERS; k++)
		assert_int_equal(left[k], k == 2 || k == 9);
	assert_true(fabs(error - 0.085 / mean_margin(&m)) < 1e-6);
}

static void gives_up_at_a_quarter(void **state)
{
	bool left[LAYERS];
	struct made_up m;
	double error;
	int count = 0;

	(void)state;
	make(&m);
	for (int k = 0; k < LAYERS; k++)
		m.errors[k] = 1 + 0.01f * (float)k;
	error = choose(&m, left);
	for (int k = 0; k < LAYERS; k++)
		count += left[k];
	assert_int_equal(count, LAYERS / 4);
	assert_true(left[LAYERS - 1] && error > 0.02);
}

static enum lu_status say_nothing(void *user, const bool *left, size_t every, float *after, struct lu_error *err)
{
	(void)user;
	(void)left;
	(void)every;
	(void)after;
	(void)err;
	return LU_OK;
}

/* No picture that could be read, or a network with one answer: nothing can change. */
static void needs_margins(void **state)
{
	static const struct {
		size_t pictures, classes;
	} cases[] = {{0, CLASSES}, {PICTURES, 1}};
	struct made_up m;
	bool left[LAYERS];
	struct lu_error err;
	double error;

	(void)state;
	make(&m);
	for (int i = 0; i < 2; i++) {
		struct lu_guard guard = guard_of(&m, 0.02);

		guard.pictures = cases[i].pictures;
		guard.classes = cases[i].classes;
		guard.answer = say_nothing;
		check_ok(lu_guard_choose(&guard, left, &error, &err), err);
		assert_true(error == 0 && !left[0]);
	}
}

/* Logits, and the probabilities that Softmax makes of them, come to the same. */
static void compares_what_is_before_softmax(void **state)
{
	const float logits[] = {-3, 11, 8.5f, 2};
	float scores[4], same[] = {0.25f, -0.5f, 1.25f};
	double sum = 0;

	(void)state;
	for (int k = 0; k < 4; k++)
		sum += exp((double)logits[k]);
	for (int k = 0; k < 4; k++)
		scores[k] = (float)(exp((double)logits[k]) / sum);
	lu_guard_scores(scores, 4);
	for (int k = 1; k < 4; k++)
		assert_true(fabsf((scores[k] - scores[0]) - (logits[k] - logits[0])) < 1e-4f);
	lu_guard_scores(same, 3);
	assert_true(same[0] == 0.25f && same[1] == -0.5f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_none_where_all_are_good),  cmocka_unit_test(leaves_those_that_err_most),
		cmocka_unit_test(gives_up_at_a_quarter),           cmocka_unit_test(needs_margins),
		cmocka_unit_test(compares_what_is_before_softmax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
