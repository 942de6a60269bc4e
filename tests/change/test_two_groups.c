/* test_two_groups.c: class shares, and probabilities of change learnt from a county's own scores. */
#include "change/two_groups.h"

#include "base/memory.h"
#include "change/fdr.h"
#include "change/prior.h"
#include "support/near.h"

enum { CELLS = 4000, DRAWN = 8000 };

static double gauss(uint64_t *random)
{
	const double u = 1 - next_uniform(random), v = next_uniform(random);

	return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

/* Answers of a classifier that is right: shares come back, and a class that nobody saw stays possible. */
static void shares_are_found(void **state)
{
	(void)state;
	const double trained[] = {.2, .3, .5}, truth[] = {.7, .3, 0};
	static float p[CELLS][2][3]; /* every other answer: a stride of two */
	double share[3];
	struct lu_error err = {0};
	uint64_t random = 5;

	for (int c = 0; c < CELLS; c++) {
		const int class = next_uniform(&random) < truth[0] ? 0 : 1;
		double sum = 0, seen[3];
		for (int k = 0; k < 3; k++) {
			/* One measurement with mean 2 in its own class and 0 elsewhere, for each class. */
			const double x = gauss(&random) + (k == class ? 2 : 0);
			seen[k] = trained[k] * exp(2 * x - 2);
			sum += seen[k];
		}
		for (int k = 0; k < 3; k++)
			p[c][0][k] = (float)(seen[k] / sum);
	}
	check_ok(lu_class_prior_fit(&p[0][0][0], 6, CELLS, 3, trained, 5, share, &err), err);
	check_near(share[0], .7, .03);
	check_near(share[1], .3, .03);
	assert_true(share[2] > 0 && share[2] < .02);
	memset(p, 0, sizeof(p)); /* nothing mapped: even shares */
	check_ok(lu_class_prior_fit(&p[0][0][0], 6, CELLS, 3, trained, 5, share, &err), err);
	check_near(share[2], 1. / 3, 1e-12);
}

/*
 * A county of 'cells' in two kinds, of which 'rate' changed. Of the unchanged cells some are doubtful (the
 * errors that naive differencing takes for change): 2 % of kind 0, 12 % of kind 1.
 */
static void one_county(uint64_t *random, size_t cells, double rate, double stretch, double *rate_found, size_t *flagged,
		       size_t *hits, size_t *changed)
{
	static struct lu_scored observed[CELLS], drawn[DRAWN];
	static bool truth[CELLS];
	struct lu_two_groups groups;
	struct lu_fdr *fdr;
	struct lu_error err = {0};

	for (size_t i = 0; i < cells; i++) {
		truth[i] = next_uniform(random) < rate;
		observed[i].kind = next_uniform(random) < .5;
		const double doubt = observed[i].kind ? .12 : .02;
		const double centre = truth[i] ? 0 : next_uniform(random) < doubt ? -6 : -12;
		observed[i].score = stretch * (centre + 1.5 * gauss(random));
		observed[i].weight = 1;
	}
	for (int i = 0; i < DRAWN; i++)
		drawn[i] = (struct lu_scored){
			.score = stretch * 1.5 * gauss(random), .weight = 1, .kind = (uint32_t)i % 2};
	const struct lu_two_groups_prior prior = {.rate = .01};
	check_ok(lu_two_groups_fit(observed, cells, 2, drawn, DRAWN, prior, &groups, &err), err);
	check_ok(lu_fdr_new(&fdr, &err), err);
	*rate_found += groups.rate;
	for (size_t i = 0; i < cells; i++) {
		const float p = (float)lu_two_groups_probability(&groups, observed[i].kind, observed[i].score);
		lu_fdr_add(fdr, &p, 1);
	}
	const struct lu_fdr_choice choice = lu_fdr_choose(fdr, .05, 0);
	for (size_t i = 0; i < cells; i++) {
		const float p = (float)lu_two_groups_probability(&groups, observed[i].kind, observed[i].score);
		const bool flag = (double)p >= choice.threshold;
		*flagged += flag;
		*hits += flag && truth[i];
		*changed += truth[i];
	}
	lu_fdr_free(fdr);
	lu_two_groups_release(&groups);
}

/*
 * Scores that are far from calibrated log-odds, in counties large and small: the rate is found, and the
 * flags are about as false as was asked for.
 */
static void scores_are_calibrated_by_the_county(void **state)
{
	(void)state;
	static const struct {
		size_t cells;
		double rate, stretch, least_found;
	} cases[] = {{4000, .02, 1, .85},  {4000, .05, 1, .9},   {4000, .005, 1, .6},
		     {4000, .02, .7, .85}, {4000, .02, 1.4, .9}, {400, .03, 1, .6}};
	uint64_t random = 11;

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		size_t flagged = 0, hits = 0, changed = 0;
		double rate = 0;
		for (int trial = 0; trial < 40; trial++)
			one_county(&random, cases[k].cells, cases[k].rate, cases[k].stretch, &rate, &flagged, &hits,
				   &changed);
		const double is_false = 1 - (double)hits / (double)flagged, found = (double)hits / (double)changed;
		if (fabs(rate / 40 - cases[k].rate) > .15 * cases[k].rate || is_false > .07 ||
		    found < cases[k].least_found)
			fail_msg("case %zu: rate %.4f instead of %.4f, false %.3f, found %.3f", k, rate / 40,
				 cases[k].rate, is_false, found);
	}
}

static void probabilities_rise_with_the_score(void **state)
{
	(void)state;
	static struct lu_scored observed[500], drawn[500];
	struct lu_two_groups groups;
	struct lu_error err = {0};
	uint64_t random = 3;

	for (int i = 0; i < 500; i++) {
		observed[i] = (struct lu_scored){-8 + 2 * gauss(&random), 1, (uint32_t)i % 2};
		drawn[i] = (struct lu_scored){2 * gauss(&random), 1, 0};
	}
	/* Three kinds, the last of which no cell has. */
	const struct lu_two_groups_prior stated = {.rate = .02, .rate_is_stated = true};
	check_ok(lu_two_groups_fit(observed, 500, 3, drawn, 500, stated, &groups, &err), err);
	check_near(groups.rate, .02, 0);
	for (uint32_t kind = 0; kind < 3; kind++) {
		double before = -1;
		for (double s = -40; s < 40; s += .01) {
			const double p = lu_two_groups_probability(&groups, kind, s);
			assert_true(p >= before - 1e-12 && p >= 0 && p <= 1);
			before = p;
		}
	}
	lu_two_groups_release(&groups);

	/* Too little to learn from: the score is taken at its word. */
	check_ok(lu_two_groups_fit(observed, 10, 3, drawn, 500, stated, &groups, &err), err);
	check_near(lu_two_groups_probability(&groups, 2, 0), .5, 1e-12);
	lu_two_groups_release(&groups);
	for (int i = 0; i < 500; i++)
		observed[i].score = -60; /* nothing near what a change looks like */
	check_ok(lu_two_groups_fit(observed, 500, 3, drawn, 500, stated, &groups, &err), err);
	check_near(lu_two_groups_probability(&groups, 2, 0), .5, 1e-12);
	lu_two_groups_release(&groups);
	for (int i = 0; i < 500; i++)
		observed[i].score = -8 + 2 * gauss(&random);
	enum lu_status status = LU_ERROR_MEMORY;
	for (long n = 0; status != LU_OK; n++) {
		lu_memory_fail_after(n);
		status = lu_two_groups_fit(observed, 500, 3, drawn, 500, stated, &groups, &err);
		lu_memory_fail_after(-1);
		lu_two_groups_release(&groups);
		assert_true(n < 60 && (status == LU_OK || status == LU_ERROR_MEMORY));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_found),
		cmocka_unit_test(scores_are_calibrated_by_the_county),
		cmocka_unit_test(probabilities_rise_with_the_score),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
