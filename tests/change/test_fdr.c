/* test_fdr.c: flags of a simulated county are as false as they say, and a threshold found by hand. */
#include "change/fdr.h"

#include "base/memory.h"
#include "change/timeline.h"
#include "support/near.h"

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
	float seen[CELLS * 2 * CLASSES]; /* both dates' answers */
	float changed[CELLS];
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
		float *seen = w->seen + c * 6;
		look(pair / 3, seen, &random);
		look(pair % 3, seen + 3, &random);
		for (size_t k = 1; k < 3; k++) {
			best[0] = seen[k] > seen[best[0]] ? k : best[0];
			best[1] = seen[3 + k] > seen[3 + best[1]] ? k : best[1];
		}
		w->naive += best[0] != best[1];
	}
}

static void flags_are_as_false_as_they_say(void **state)
{
	(void)state;
	static struct world w;
	const double share[] = {.6, .3, .1};
	double step[9], joint[9], pair[9];
	struct lu_error err = {0};
	struct lu_timeline *chain;
	struct lu_fdr *fdr;

	lu_timeline_prior(3, share, NULL, .03, step);
	for (size_t k = 0; k < 9; k++)
		joint[k] = share[k / 3] * step[k];
	simulate(&w, joint, 5);
	check_ok(lu_timeline_new(3, 2, share, NULL, step, &chain, &err), err);
	check_ok(lu_fdr_new(&fdr, &err), err);
	double expected = 0, changed = 0;
	for (size_t c = 0; c < CELLS; c++) {
		assert_true(lu_timeline_pair(chain, w.seen + c * 6, NULL, 0, 1, pair));
		w.changed[c] = (float)fmax(0, 1 - pair[0] - pair[4] - pair[8]);
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
	lu_timeline_free(chain);
}

static void choosing_by_hand(void **state)
{
	(void)state;
	const float p[] = {1, .9375f, .9375f, .75f, .5f, .25f, NAN, -1, 2};
	struct lu_error err = {0};
	struct lu_fdr *a, *none;

	check_ok(lu_fdr_new(&a, &err), err);
	check_ok(lu_fdr_new(&none, &err), err);
	lu_fdr_add(a, p, 4);
	lu_fdr_add(a, p + 4, 5); /* only two of these are probabilities */
	lu_fdr_add(none, p + 4, 5);
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
	assert_int_equal(lu_fdr_choose(none, .1, 0).flagged, 0);
	assert_true(lu_fdr_choose(none, .1, 0).threshold > 1);
	lu_fdr_free(a);
	lu_fdr_free(none);
	lu_memory_fail_after(0);
	assert_int_equal(lu_fdr_new(&a, &err), LU_ERROR_MEMORY);
	lu_memory_fail_after(-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_as_false_as_they_say),
		cmocka_unit_test(choosing_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
