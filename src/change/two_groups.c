/* two_groups.c: a histogram of the tail, a grid of slopes and curves, and EM for the rate. */
#include "change/two_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BINS = LU_TWO_GROUPS_BINS, EM_STEPS = 60, SLOPES = 31, CURVES = 9, FEWEST = 20, TAIL_CELLS = 40 };

/*
 * Experience. The tail begins where all but this part of drawn changes lie above, and holds TAIL_CELLS
 * cells at least: enough to see how errors die out. Slopes are about 1.2, within a third; a curve of
 * about 0.05 says that a network's errors are bounded in their confidence; the rate prior weighs as
 * much as two cells. Found with tests/bench/change_simulation on seeds that its table does not use;
 * results change little when any of them is halved or doubled.
 */
static const double out_of_reach = 0.005, usual_slope = 1.2, slope_spread = 0.3, usual_curve = 0.05, curve_spread = 0.04,
		    rate_cells = 2.0;

/* What the fit works on: counts and shapes over the tail's bins. */
struct tail {
	double count[BINS];	/* observed cells */
	double drawn[BINS];	/* f1 in the tail, adds up to 1 */
	double cells;		/* sum of count */
	double prior_part;	/* the prior's part of changes among the tail's cells */
	bool held;
};

struct fit {
	double slope, curve, part, likelihood;
	double probability[BINS];
};

static int descending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

static size_t bin_of(const struct lu_two_groups *groups, double score)
{
	const double at = (score - groups->start) / groups->width;

	return at >= BINS - 1 ? BINS - 1 : at > 0.0 ? (size_t)at : 0;
}

/* The drawn scores above the start, smoothed and scaled to 1; returns the part of all weight that they are. */
static double shape_of_change(const struct lu_two_groups *groups, const double *drawn, const double *weight, size_t count,
			      double shape[BINS])
{
	static const double kernel[] = {1.0 / 9, 2.0 / 9, 3.0 / 9, 2.0 / 9, 1.0 / 9};
	double raw[BINS] = {0}, all = 0.0, above = 0.0;

	for (size_t i = 0; i < count; i++) {
		all += weight[i];
		if (drawn[i] > groups->start) {
			above += weight[i];
			raw[bin_of(groups, drawn[i])] += weight[i];
		}
	}
	if (!(above > 0.0))
		return 0.0;
	for (int i = 0; i < BINS; i++) {
		shape[i] = 1e-6 / BINS; /* nothing is impossible */
		for (int k = -2; k <= 2; k++) {
			const int at = i + k < 0 ? 0 : i + k >= BINS ? BINS - 1 : i + k;

			shape[i] += (1 - 1e-6) * kernel[k + 2] * raw[at] / above;
		}
	}
	return above / all;
}

/* The best part of changes for one slope and curve, by EM, and how likely the tail is with them. */
static void fit_part(const struct tail *tail, double slope, double curve, double width, struct fit *fit)
{
	double same[BINS], sum = 0.0;

	for (int i = 0; i < BINS; i++) {
		const double x = (i + 0.5) * width;

		same[i] = tail->drawn[i] * exp(-slope * x - curve * x * x);
		sum += same[i];
	}
	fit->slope = slope;
	fit->curve = curve;
	fit->part = tail->prior_part;
	for (int step = 0; step <= EM_STEPS; step++) {
		double changed = 0.0;

		for (int i = 0; i < BINS; i++) {
			const double one = fit->part * tail->drawn[i];

			fit->probability[i] = one / (one + (1.0 - fit->part) * same[i] / sum);
			changed += tail->count[i] * fit->probability[i];
		}
		if (!tail->held && step < EM_STEPS)
			fit->part = (changed + rate_cells * tail->prior_part) / (tail->cells + rate_cells);
	}
	const double slope_off = log(slope / usual_slope) / slope_spread;
	const double curve_off = (curve - usual_curve) / curve_spread;

	fit->likelihood = -0.5 * (slope_off * slope_off + curve_off * curve_off) +
			  rate_cells * (tail->prior_part * log(fit->part) +
					(1.0 - tail->prior_part) * log(1.0 - fit->part));
	for (int i = 0; i < BINS; i++)
		fit->likelihood += tail->count[i] * log(fit->part * tail->drawn[i] + (1.0 - fit->part) * same[i] / sum);
}

static struct fit fit_tail(const struct tail *tail, double width)
{
	struct fit best = {.likelihood = -INFINITY}, fit;

	for (int i = 0; i < SLOPES * CURVES; i++) {
		const double slope_off = 2.0 * (i % SLOPES) / (SLOPES - 1) - 1.0;

		/* Slopes from a third of the usual one to three times it, curves from 0 to four times. */
		fit_part(tail, usual_slope * exp(4.0 * slope_spread * slope_off),
			 4.0 * usual_curve * (i / SLOPES) / (CURVES - 1), width, &fit);
		if (fit.likelihood > best.likelihood)
			best = fit;
	}
	return best;
}

/*
 * Where the tail begins: where drawn changes do, or further down, so that it holds TAIL_CELLS cells.
 * Errors out of the reach of any change say nothing of those within it.
 */
static enum lu_status find_tail(const double *observed, size_t count, const double *drawn, size_t drawn_count,
				struct lu_two_groups *groups, double *highest, struct lu_error *err)
{
	double *sorted;
	const size_t most = count > drawn_count ? count : drawn_count;
	const enum lu_status status = lu_alloc(&sorted, most, sizeof(*sorted), "scores of change", err);

	if (status != LU_OK)
		return status;
	memcpy(sorted, drawn, drawn_count * sizeof(*sorted));
	qsort(sorted, drawn_count, sizeof(*sorted), descending);
	const double reach = sorted[drawn_count - 1 - (size_t)(out_of_reach * (double)drawn_count)];

	*highest = sorted[0];
	memcpy(sorted, observed, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), descending);
	groups->start = fmin(reach, sorted[count / 2 < TAIL_CELLS ? count / 2 : TAIL_CELLS]);
	*highest = fmax(*highest, sorted[0]);
	lu_free(sorted);
	return LU_OK;
}

enum lu_status lu_two_groups_fit(const double *observed, size_t count, const double *drawn, const double *weight,
				 size_t drawn_count, struct lu_two_groups_prior prior, struct lu_two_groups *out,
				 struct lu_error *err)
{
	struct tail tail = {.held = prior.rate_is_stated};
	double highest = 0.0;

	*out = (struct lu_two_groups){.rate = prior.rate, .slope = 1.0};
	if (count < FEWEST || drawn_count < FEWEST)
		return LU_OK;
	const enum lu_status status = find_tail(observed, count, drawn, drawn_count, out, &highest, err);

	if (status != LU_OK || !(highest > out->start))
		return status;
	const double width = (highest - out->start) * (1 + 1e-9) / BINS;

	out->width = width;
	const double above = shape_of_change(out, drawn, weight, drawn_count, tail.drawn);

	for (size_t i = 0; i < count; i++) {
		if (observed[i] > out->start) {
			tail.count[bin_of(out, observed[i])] += 1.0;
			tail.cells += 1.0;
		}
	}
	if (!(above > 0.0) || !(tail.cells > 0.0)) {
		out->width = 0.0; /* nothing there to learn from */
		return LU_OK;
	}
	tail.prior_part = fmin(fmax(prior.rate * above * (double)count / tail.cells, 1e-6), 0.9);
	const struct fit fit = fit_tail(&tail, width);

	out->slope = fit.slope;
	out->curve = fit.curve;
	if (!prior.rate_is_stated)
		out->rate = fmin(fit.part * tail.cells / above / (double)count, 1.0);
	for (int i = 0; i < BINS; i++)
		out->probability[i] = i > 0 ? fmax(fit.probability[i], out->probability[i - 1]) : fit.probability[i];
	return LU_OK;
}

double lu_two_groups_probability(const struct lu_two_groups *groups, double score)
{
	if (!(groups->width > 0.0))
		return 1.0 / (1.0 + exp(-score));
	const double at = (score - groups->start) / groups->width - 0.5;

	if (at >= BINS - 1)
		return groups->probability[BINS - 1];
	if (at >= 0.0) {
		const size_t i = (size_t)at;

		return groups->probability[i] + (at - (double)i) * (groups->probability[i + 1] - groups->probability[i]);
	}
	const double first = groups->probability[0];

	return 1.0 / (1.0 + (1.0 - first) / first * exp(-at * groups->width));
}
