/* test_timeline.c: the chain against every path written out, trajectories, and annual rates. */
#include "change/timeline.h"

#include <math.h>

#include "base/memory.h"
#include "change/trajectory.h"
#include "support/near.h"

enum { CLASSES = 3, DATES = 5, PATHS = 243 };

static void random_row(double *row, size_t n, uint64_t *random)
{
	for (size_t k = 0; k < n; k++)
		row[k] = next_uniform(random) < .15 ? 0 : .05 + next_uniform(random);
	row[(size_t)(next_uniform(random) * (double)n)] += .2;
}

/* The probability of one path, straight from the definition; rows need not be scaled. */
static double path_weight(size_t path, const double *start, const double *trained, const double *step,
			  const double *tilt, const float *p, size_t *classes)
{
	double weight = 1;

	for (size_t d = 0; d < DATES; d++) {
		double row = 0, seen = 0;

		classes[d] = path % CLASSES;
		path /= CLASSES;
		const double *from = d == 0 ? start : step + ((d - 1) * CLASSES + classes[d - 1]) * CLASSES;
		for (size_t k = 0; k < CLASSES; k++) {
			row += from[k];
			seen += (double)p[d * CLASSES + k];
		}
		weight *= from[classes[d]] / row;
		if (d > 0 && classes[d] != classes[d - 1])
			weight *= exp(tilt[d - 1]);
		if (seen > 0)
			weight *= (double)p[d * CLASSES + classes[d]] / trained[classes[d]];
	}
	return weight;
}

static void both_passes_agree_with_every_path(void **state)
{
	(void)state;
	uint64_t random = 31;

	for (int trial = 0; trial < 300; trial++) {
		double start[CLASSES], trained[CLASSES], step[(DATES - 1) * CLASSES * CLASSES];
		double sum = 0, best = 0, tilt[DATES - 1] = {0}, odds[DATES - 1];
		double turn[DATES - 1] = {0}, stay[DATES - 1] = {0};
		double exact_pair[CLASSES * CLASSES] = {0}, pair[CLASSES * CLASSES];
		const size_t a = (size_t)trial % 4, b = a + 1 + (size_t)(trial / 4) % (DATES - 1 - a);
		float p[DATES * CLASSES];
		size_t classes[DATES], best_path[DATES] = {0};
		uint16_t path[DATES];
		struct lu_error err = {0};
		struct lu_timeline *t;

		random_row(start, CLASSES, &random);
		for (size_t i = 0; i < (DATES - 1) * CLASSES; i++)
			random_row(step + i * CLASSES, CLASSES, &random);
		for (size_t k = 0; k < CLASSES; k++)
			trained[k] = .1 + next_uniform(&random);
		for (size_t i = 0; i < DATES * CLASSES; i++)
			p[i] = (float)next_uniform(&random);
		if (trial % 3 == 0)
			p[6] = p[7] = p[8] = 0; /* the third date was not mapped */
		for (size_t k = 0; k < PATHS; k++) {
			const double untilted = path_weight(k, start, trained, step, tilt, p, classes);

			for (size_t d = 0; d + 1 < DATES; d++) {
				double *most = classes[d] != classes[d + 1] ? &turn[d] : &stay[d];

				*most = fmax(*most, untilted);
			}
		}
		for (size_t d = 0; d + 1 < DATES && trial % 2 == 0; d++)
			tilt[d] = 8 * next_uniform(&random) - 4;
		for (size_t k = 0; k < PATHS; k++) {
			const double weight = path_weight(k, start, trained, step, tilt, p, classes);

			sum += weight;
			exact_pair[classes[a] * CLASSES + classes[b]] += weight;
			if (weight > best) {
				best = weight;
				memcpy(best_path, classes, sizeof(classes));
			}
		}
		check_ok(lu_timeline_new(CLASSES, DATES, start, trained, step, &t, &err), err);
		assert_int_equal(lu_timeline_path(t, p, trial % 2 == 0 ? tilt : NULL, path), sum > 0);
		assert_int_equal(lu_timeline_pair(t, p, trial % 2 == 0 ? tilt : NULL, a, b, pair), sum > 0);
		assert_int_equal(lu_timeline_turns(t, p, odds), sum > 0);
		if (sum > 0) {
			for (size_t i = 0; i < CLASSES * CLASSES; i++)
				check_near(pair[i], exact_pair[i] / sum, 1e-12);
			for (size_t d = 0; d < DATES; d++)
				assert_int_equal(path[d], best_path[d]);
			for (size_t d = 0; d + 1 < DATES; d++) {
				const double exact = log(turn[d]) - log(stay[d]);

				if (isfinite(exact))
					check_near(odds[d], exact, 1e-9);
				else
					assert_true(isinf(odds[d]) && (odds[d] > 0) == (exact > 0));
			}
		}
		lu_timeline_free(t);
	}
}

/* Developed (1) never reverts: a farm's one doubtful date is noise, a lasting change is one. */
static void one_other_date_is_not_change(void **state)
{
	(void)state;
	const double share[] = {.7, .3}, allow[] = {1, 1, 0, 1};
	const float unstable[] = {.9f, .1f, .3f, .7f, .9f, .1f, .9f, .1f};
	const float lasting[] = {.9f, .1f, .6f, .4f, .1f, .9f, .1f, .9f};
	double step[3 * 4];
	uint16_t path[4];
	struct lu_error err = {0};
	struct lu_timeline *t;

	for (int s = 0; s < 3; s++)
		lu_timeline_prior(2, share, allow, .05, step + 4 * s);
	check_near(step[0], .95, 1e-15);
	check_near(step[1], .05, 1e-15);
	check_near(step[2], 0, 0);
	check_near(step[3], 1, 0); /* no way out: it stays */
	check_ok(lu_timeline_new(2, 4, share, NULL, step, &t, &err), err);
	assert_true(lu_timeline_path(t, unstable, NULL, path));
	assert_int_equal(path[0] + path[1] + path[2] + path[3], 0);
	assert_true(lu_timeline_path(t, lasting, NULL, path));
	assert_int_equal(path[0], 0);
	assert_int_equal(path[2], 1);
	assert_int_equal(path[3], 1);
	const float impossible[] = {0, 1, 1, 0, 1, 0, 1, 0};
	assert_false(lu_timeline_path(t, impossible, NULL, path));
	lu_timeline_free(t);
}

static void two_dates_worked_by_hand(void **state)
{
	(void)state;
	/* Shares 3/4 and 1/4, 10 % change: joint .675 .075 / .025 .225. */
	const double share[] = {.75, .25};
	const float seen[] = {.8f, .2f, .4f, .6f};
	double step[4], pair[4];
	struct lu_error err = {0};
	struct lu_timeline *t;

	lu_timeline_prior(2, share, NULL, .1, step);
	check_ok(lu_timeline_new(2, 2, share, NULL, step, &t, &err), err);
	/* .675*.8*.4 = .216, .075*.8*.6 = .036, .025*.2*.4 = .002, .225*.2*.6 = .027; sum .281. */
	assert_true(lu_timeline_pair(t, seen, NULL, 0, 1, pair));
	check_near(pair[0], .216 / .281, 1e-7);
	check_near(pair[1], .036 / .281, 1e-7);
	check_near(pair[2], .002 / .281, 1e-7);
	check_near(pair[3], .027 / .281, 1e-7);
	lu_timeline_free(t);

	/* The same classifier, had it been trained on other shares: p / trained undoes them. */
	const double trained[] = {.9, .1};
	const float skewed[] = {.8f * .9f / (.8f * .9f + .2f * .1f), .2f * .1f / (.8f * .9f + .2f * .1f),
				.4f * .9f / (.4f * .9f + .6f * .1f), .6f * .1f / (.4f * .9f + .6f * .1f)};
	check_ok(lu_timeline_new(2, 2, share, trained, step, &t, &err), err);
	assert_true(lu_timeline_pair(t, skewed, NULL, 0, 1, pair));
	check_near(pair[1] + pair[2], .038 / .281, 1e-6);
	lu_timeline_free(t);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	const double start[] = {1, 1}, zero[] = {0, 0}, step[] = {1, 0, 0, 0}, good[] = {1, 0, 0, 1}, bad[] = {1, -1};
	struct lu_error err = {0};
	struct lu_timeline *t;
	enum lu_status status = LU_ERROR_MEMORY;

	check_fails(lu_timeline_new(2, 2, zero, NULL, good, &t, &err), LU_ERROR_ARGUMENT, err, "class prior");
	check_fails(lu_timeline_new(2, 2, start, NULL, step, &t, &err), LU_ERROR_ARGUMENT, err, "row 2 is all zeros");
	check_fails(lu_timeline_new(2, 2, bad, NULL, good, &t, &err), LU_ERROR_ARGUMENT, err, "negative");
	check_fails(lu_timeline_new(2, 2, start, zero, good, &t, &err), LU_ERROR_ARGUMENT, err, "not trained on");
	check_fails(lu_timeline_new(2, 65, start, NULL, good, &t, &err), LU_ERROR_ARGUMENT, err, "64 dates");
	for (long n = 0; status != LU_OK; n++) {
		assert_true(n < 20);
		lu_memory_fail_after(n);
		status = lu_timeline_new(2, 2, start, NULL, good, &t, &err);
		lu_memory_fail_after(-1);
		lu_timeline_free(t);
	}
	lu_timeline_free(NULL);
	/* One date is a timeline, too. */
	uint16_t path;
	const float p[] = {.2f, .8f};
	check_ok(lu_timeline_new(2, 1, start, NULL, NULL, &t, &err), err);
	assert_true(lu_timeline_path(t, p, NULL, &path));
	assert_int_equal(path, 1);
	lu_timeline_free(t);
}

static void trajectories(void **state)
{
	(void)state;
	static const struct {
		uint16_t classes[5];
		enum lu_trajectory expected;
		int change;
	} cases[] = {
		{{4, 4, 4, 4, 4}, LU_TRAJECTORY_STABLE, -1},     {{4, 4, 2, 2, 2}, LU_TRAJECTORY_CHANGED, 2},
		{{4, 2, 4, 4, 4}, LU_TRAJECTORY_UNSTABLE, 1},    {{4, 4, 2, 3, 3}, LU_TRAJECTORY_SEVERAL, 2},
		{{4, 2, 4, 2, 2}, LU_TRAJECTORY_SEVERAL, 1},     {{0, 4, 0, 2, 0}, LU_TRAJECTORY_CHANGED, 3},
		{{0, 4, 0, 0, 0}, LU_TRAJECTORY_NOT_MAPPED, -1}, {{4, 0, 4, 0, 0}, LU_TRAJECTORY_STABLE, -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int change;

		assert_int_equal(lu_trajectory_of(cases[i].classes, 5, &change), cases[i].expected);
		assert_int_equal(change, cases[i].change);
	}
}

static void annual_rates(void **state)
{
	(void)state;
	double rate;

	/* Half in ten years is -6.93 % a year, compounded continuously. */
	assert_true(lu_annual_rate(100, 50, 10, &rate));
	check_near(rate, -.0693147180559945, 1e-15);
	check_near(100 * exp(rate * 10), 50, 1e-12);
	assert_true(lu_annual_rate(7, 7, 3, &rate));
	check_near(rate, 0, 0);
	assert_false(lu_annual_rate(0, 7, 3, &rate));
	assert_false(lu_annual_rate(7, 0, 3, &rate));
	assert_false(lu_annual_rate(7, 7, 0, &rate));
	assert_false(lu_annual_rate(NAN, 7, 1, &rate));
	check_near(rate, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_passes_agree_with_every_path),
		cmocka_unit_test(one_other_date_is_not_change),
		cmocka_unit_test(two_dates_worked_by_hand),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(trajectories),
		cmocka_unit_test(annual_rates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
