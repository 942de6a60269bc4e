/*
 * test_intervals.c: do 95 % intervals of shares and accuracies hold the truth 95 times in 100, and how wide are they?
 *
 * A map of four strata (two kinds of change, two stable classes) with known errors is sampled 2,000 times. Wald's
 * intervals cover in 93 to 97 % of samples for class areas while each class is found often; where a rare class hides in
 * a large stratum, or a good map shows no error, they are known to under-cover, and must say so. Wilson's, gamma and
 * MOVER limits cover in all of them, and are hardly wider where Wald's hold.
 */
#include "accuracy/estimate.h"
#include "support/near.h"

enum { STRATA = 4, SAMPLES = 2000 };

static const struct lu_interval_rule by_wald = {.percent = 95, .wald = true}, by_wilson = {.percent = 95};

struct world {
	double share[STRATA];
	double truth[STRATA][STRATA]; /* of a stratum's area: how much is each reference class */
	int sample[STRATA];
};

/* Errors of the ordinary kind; a class hidden in the largest stratum; a map that is right in 98 of 100 places. */
static const struct world ordinary = {
	.share = {.01, .04, .35, .60},
	.truth = {{.75, .05, .10, .10}, {.04, .80, .08, .08}, {.008, .012, .93, .05}, {.005, .01, .035, .95}},
	.sample = {100, 150, 800, 1400},
};
static const struct world hidden = {
	.share = {.01, .04, .35, .60},
	.truth = {{.75, .05, .10, .10}, {.0, .90, .05, .05}, {0, .02, .93, .05}, {.002, .01, .038, .95}},
	.sample = {75, 75, 150, 200},
};
static const struct world good = {
	.share = {.01, .04, .35, .60},
	.truth = {{.96, .01, .01, .02}, {.005, .97, .005, .02}, {.001, .004, .985, .01}, {.001, .003, .016, .98}},
	.sample = {50, 50, 120, 180},
};

/* How often each interval holds the truth, and its mean width. */
struct coverage {
	double area, users, producers, overall;
	double area_width, thin;
};

static bool holds(struct lu_figure figure, double truth)
{
	return figure.bounded && figure.within.low <= truth + 1e-12 && truth <= figure.within.high + 1e-12;
}

static struct coverage cover(const struct world *w, struct lu_interval_rule rule, size_t j, uint64_t seed)
{
	uint64_t random = seed;
	double truth = 0, overall = 0;
	struct coverage sum = {0};

	for (size_t i = 0; i < STRATA; i++) {
		truth += w->share[i] * w->truth[i][j];
		overall += w->share[i] * w->truth[i][i];
	}
	for (int s = 0; s < SAMPLES; s++) {
		uint64_t counts[STRATA * STRATA] = {0};
		struct lu_error err = {0};
		struct lu_accuracy a;

		for (size_t i = 0; i < STRATA; i++) {
			for (int n = 0; n < w->sample[i]; n++) {
				double u = next_uniform(&random);
				size_t k = 0;

				while (k < STRATA - 1 && u >= w->truth[i][k])
					u -= w->truth[i][k++];
				counts[i * STRATA + k]++;
			}
		}
		check_ok(lu_accuracy_make(counts, w->share, NULL, STRATA, rule, &a, &err), err);
		const struct lu_class_figures *c = &a.classes[j];

		sum.area += holds(c->proportion, truth);
		sum.users += holds(c->users, w->truth[j][j]);
		sum.producers += holds(c->producers, w->share[j] * w->truth[j][j] / truth);
		sum.overall += holds(a.overall, overall);
		sum.area_width += c->proportion.within.high - c->proportion.within.low;
		sum.thin += a.areas[j].thin;
		lu_accuracy_release(&a);
	}
	return (struct coverage){sum.area / SAMPLES,    sum.users / SAMPLES,      sum.producers / SAMPLES,
				 sum.overall / SAMPLES, sum.area_width / SAMPLES, sum.thin / SAMPLES};
}

static void print(const char *rule, const char *world, size_t j, struct coverage c)
{
	print_message(
		"%s, %s map, class %zu: area %.1f %% (mean width %.4f), user's %.1f, producer's %.1f, overall %.1f\n",
		rule, world, j + 1, c.area * 100, c.area_width, c.users * 100, c.producers * 100, c.overall * 100);
}

static void wald_holds_where_classes_are_found_often(void **state)
{
	(void)state;
	for (size_t j = 0; j < STRATA; j++) {
		const struct coverage wald = cover(&ordinary, by_wald, j, 100 + j);
		const struct coverage wilson = cover(&ordinary, by_wilson, j, 100 + j);

		print("Wald", "ordinary", j, wald);
		print("Wilson", "ordinary", j, wilson);
		assert_true(wald.area >= .925 && wald.area <= .975);
		assert_true(wald.thin < .1);
		assert_true(wilson.area_width <= 1.1 * wald.area_width);
	}
}

static void thin_evidence_is_marked(void **state)
{
	/* Class 1 hides in the largest stratum: 0.4 of 200 units are expected to show it. */
	const struct coverage wald = cover(&hidden, by_wald, 0, 7);

	(void)state;
	print("Wald", "hidden", 0, wald);
	assert_true(wald.area < .93);
	assert_true(wald.thin > .99);
}

static void intervals_hold_what_they_say(void **state)
{
	static const struct {
		const struct world *world;
		const char *name;
	} worlds[] = {{&ordinary, "ordinary"}, {&hidden, "hidden"}, {&good, "good"}};

	(void)state;
	for (size_t w = 0; w < 3; w++)
		for (size_t j = 0; j < STRATA; j++) {
			const struct coverage c = cover(worlds[w].world, by_wilson, j, 200 + j);

			print("Wilson", worlds[w].name, j, c);
			assert_true(c.area >= .925);
			assert_true(c.users >= .925);
			assert_true(c.producers >= .925);
			assert_true(c.overall >= .925);
		}
}

/* A stratum labelled whole is known, and so is a map labelled whole; half of it labelled leaves 1 / sqrt 2 of the error. */
static void finite_populations(void **state)
{
	static const uint64_t counts[] = {45, 5, 10, 90};
	static const double area[] = {50, 100}, whole[] = {50, 100}, half[] = {100, 200};
	struct lu_error err = {0};
	struct lu_accuracy a, b, c;

	(void)state;
	check_ok(lu_accuracy_make(counts, area, whole, 2, by_wilson, &a, &err), err);
	check_ok(lu_accuracy_make(counts, area, half, 2, by_wilson, &b, &err), err);
	check_ok(lu_accuracy_make(counts, area, NULL, 2, by_wilson, &c, &err), err);
	check_near(a.overall.se, 0, 0);
	check_near(a.classes[0].proportion.within.low, 55. / 150, 1e-12);
	check_near(a.classes[0].proportion.within.high, 55. / 150, 1e-12);
	check_near(a.classes[1].users.within.low, .9, 1e-12);
	check_near(a.classes[1].producers.within.high, 90. / 95, 1e-7);
	check_near(b.classes[0].proportion.se, c.classes[0].proportion.se / sqrt(2), 1e-12);
	check_near(b.classes[0].producers.se, c.classes[0].producers.se / sqrt(2), 1e-12);
	assert_true(b.classes[0].producers.within.low > c.classes[0].producers.within.low);
	assert_true(b.overall.within.high < c.overall.within.high);
	lu_accuracy_release(&a);
	lu_accuracy_release(&b);
	lu_accuracy_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wald_holds_where_classes_are_found_often),
		cmocka_unit_test(thin_evidence_is_marked),
		cmocka_unit_test(intervals_hold_what_they_say),
		cmocka_unit_test(finite_populations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
