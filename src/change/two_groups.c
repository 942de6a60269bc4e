/* two_groups.c: a histogram of the tail, a grid of slopes and curves, and EM for the parts that changed. */
#include "change/two_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BINS = 64, EM_STEPS = 60, SLOPES = 37, CURVES = 13, FEWEST = 20, TAIL_CELLS = 40 };

/*
 * Experience. The tail begins where all but this part of drawn changes lie above, and holds TAIL_CELLS
 * cells at least: enough to see how errors die out. Slopes are about 0.6, within a half; a curve of
 * about 0.03 says that a network's errors are bounded in their confidence; the common rate weighs as
 * much as two cells in its own estimate and as one in that of a kind's part. Found on counties of
 * tests/bench/change_simulation.py whose seeds its table does not use (50 counties, 605 changes): there
 * half or twice the slope, the curve or the kind's weight, a tail of 30 or of 60 cells moved precision
 * by 0.02 at most, and recall by 0.04.
 */
static const double out_of_reach = 0.01, usual_slope = .6, slope_spread = .5, usual_curve = .03, curve_spread = .04,
		    rate_cells = 2.0, kind_cells = 1.0;

/* The parts of a kind's tail that may be thought of: never none, never all. */
static const double least_part = 1e-6, most_part = 0.999, most_expected_part = 0.9;

/* What the fit works on: counts and shapes over the tail's bins. */
struct tail {
	size_t kinds;
	double *count; /* kinds x BINS: observed cells */
	double *cells; /* kinds: of the tail */
	double *all; /* kinds: of the whole county */
	double county; /* sum of all */
	double drawn[BINS]; /* f1 in the tail, adds up to 1 */
	double reach; /* the part of drawn changes that is in the tail */
	double width;
	struct lu_two_groups_prior prior;
};

/* One slope and curve with what follows from them. */
struct fit {
	double slope, curve, rate, likelihood;
	double same[BINS]; /* f0 in the tail, adds up to 1 */
	double *part; /* kinds: of the tail's cells that changed */
};

static int descending(const void *a, const void *b)
{
	const struct lu_scored *x = a, *y = b;

	return (x->score < y->score) - (x->score > y->score);
}

static size_t bin_of(const struct lu_two_groups *groups, double score)
{
	const double at = (score - groups->start) / groups->width;

	return at >= BINS - 1 ? BINS - 1 : at > 0.0 ? (size_t)at : 0;
}

/* The drawn scores above the start, smoothed and scaled to 1, and the part of all weight that they are. */
static void shape_of_change(const struct lu_two_groups *groups, const struct lu_scored *drawn, size_t count,
			    struct tail *tail)
{
	static const double kernel[] = {1.0 / 9, 2.0 / 9, 3.0 / 9, 2.0 / 9, 1.0 / 9};
	double raw[BINS] = {0}, all = 0.0, above = 0.0;

	for (size_t i = 0; i < count; i++) {
		all += drawn[i].weight;
		if (drawn[i].score > groups->start) {
			above += drawn[i].weight;
			raw[bin_of(groups, drawn[i].score)] += drawn[i].weight;
		}
	}
	tail->reach = all > 0.0 ? above / all : 0.0;
	for (int i = 0; i < BINS && above > 0.0; i++) {
		tail->drawn[i] = 1e-6 / BINS; /* nothing is impossible */
		for (int k = -2; k <= 2; k++) {
			const int at = i + k < 0 ? 0 : i + k >= BINS ? BINS - 1 : i + k;

			tail->drawn[i] += (1 - 1e-6) * kernel[k + 2] * raw[at] / above;
		}
	}
}

/* The part of a kind's tail that would have changed if all kinds changed alike. */
static double expected_part(const struct tail *tail, double rate, size_t kind)
{
	const double changed = rate * tail->reach * tail->all[kind];

	return changed < most_expected_part * tail->cells[kind] ? fmax(changed / tail->cells[kind], least_part)
								: most_expected_part;
}

/* Expected changed cells of a kind, given its part. */
static double count_changed(const struct tail *tail, const struct fit *fit, size_t kind)
{
	double changed = 0.0;

	for (int i = 0; i < BINS; i++) {
		const double one = fit->part[kind] * tail->drawn[i];

		if (tail->count[kind * BINS + (size_t)i] > 0.0)
			changed += tail->count[kind * BINS + (size_t)i] * one /
				   (one + (1.0 - fit->part[kind]) * fit->same[i]);
	}
	return changed;
}

/* The best rate and parts for fit->same, by EM. fit->part is scratch for the counts on the way. */
static void fit_parts(const struct tail *tail, struct fit *fit)
{
	fit->rate = tail->prior.rate;
	for (size_t k = 0; k < tail->kinds; k++)
		fit->part[k] = expected_part(tail, fit->rate, k);
	for (int step = 0; step < EM_STEPS; step++) {
		double changed = 0.0;

		for (size_t k = 0; k < tail->kinds; k++) {
			fit->part[k] = count_changed(tail, fit, k);
			changed += fit->part[k];
		}
		if (!tail->prior.rate_is_stated)
			fit->rate = fmin((changed + rate_cells * tail->prior.rate) /
						 (tail->county * tail->reach + rate_cells),
					 most_part);
		for (size_t k = 0; k < tail->kinds; k++) {
			const double part = (fit->part[k] + kind_cells * expected_part(tail, fit->rate, k)) /
					    (tail->cells[k] + kind_cells);

			fit->part[k] = fmin(fmax(part, least_part), most_part);
		}
	}
}

/* How likely the tail is with the fit, the beliefs beforehand included. */
static double likelihood(const struct tail *tail, const struct fit *fit)
{
	const double slope_off = log(fit->slope / usual_slope) / slope_spread;
	const double curve_off = (fit->curve - usual_curve) / curve_spread;
	double sum = -0.5 * (slope_off * slope_off + curve_off * curve_off);

	for (size_t k = 0; k < tail->kinds; k++) {
		const double expected = expected_part(tail, fit->rate, k), part = fit->part[k];

		sum += kind_cells * (expected * log(part) + (1.0 - expected) * log(1.0 - part));
		for (int i = 0; i < BINS; i++) {
			const double cells = tail->count[k * BINS + (size_t)i];

			if (cells > 0.0)
				sum += cells * log(part * tail->drawn[i] + (1.0 - part) * fit->same[i]);
		}
	}
	return sum;
}

/* Try slope and curve number 'i' of the grid. */
static void try_fit(const struct tail *tail, int i, struct fit *fit)
{
	double sum = 0.0;

	/* Slopes from a sixth of the usual one to six times it, curves from 0 to eight times. */
	fit->slope = usual_slope * pow(6.0, 2.0 * (i % SLOPES) / (SLOPES - 1) - 1.0);
	fit->curve = 8.0 * usual_curve * (i / SLOPES) / (CURVES - 1);
	for (int b = 0; b < BINS; b++) {
		const double x = (b + 0.5) * tail->width;

		fit->same[b] = exp(-fit->slope * x - fit->curve * x * x);
		sum += fit->same[b];
	}
	/* Far up the tail f0 vanishes altogether; a number that is not 0 keeps the logarithms finite. */
	for (int b = 0; b < BINS; b++)
		fit->same[b] = fmax(fit->same[b] / sum, 1e-300);
	fit_parts(tail, fit);
	fit->likelihood = likelihood(tail, fit);
}

/*
 * Where the tail begins: where drawn changes do, or further down, so that it holds TAIL_CELLS cells.
 * Errors out of the reach of any change say nothing of those within it.
 */
static enum lu_status find_tail(const struct lu_scored *observed, size_t count, const struct lu_scored *drawn,
				size_t drawn_count, struct lu_two_groups *groups, double *highest, struct lu_error *err)
{
	struct lu_scored *sorted;
	const size_t most = count > drawn_count ? count : drawn_count;
	const enum lu_status status = lu_alloc(&sorted, most, sizeof(*sorted), "scores of change", err);
	double weight = 0.0, above = 0.0;
	size_t reach = 0;

	if (status != LU_OK)
		return status;
	memcpy(sorted, drawn, drawn_count * sizeof(*sorted));
	qsort(sorted, drawn_count, sizeof(*sorted), descending);
	*highest = sorted[0].score;
	for (size_t i = 0; i < drawn_count; i++)
		weight += drawn[i].weight;
	while (reach + 1 < drawn_count && (above += sorted[reach].weight) < (1.0 - out_of_reach) * weight)
		reach++;
	groups->start = sorted[reach].score;
	memcpy(sorted, observed, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), descending);
	groups->start = fmin(groups->start, sorted[count / 2 < TAIL_CELLS ? count / 2 : TAIL_CELLS].score);
	*highest = fmax(*highest, sorted[0].score);
	lu_free(sorted);
	return LU_OK;
}

/* P(changed) by kind and bin. */
static void tabulate(const struct tail *tail, const struct fit *fit, struct lu_two_groups *out)
{
	for (size_t k = 0; k < tail->kinds; k++) {
		double before = 0.0;

		for (int i = 0; i < BINS; i++) {
			const double one = fit->part[k] * tail->drawn[i];

			before = fmax(before, one / (one + (1.0 - fit->part[k]) * fit->same[i]));
			out->probability[k * BINS + (size_t)i] = before;
		}
	}
}

static enum lu_status fit_tail(struct tail *tail, struct lu_two_groups *out, struct lu_error *err)
{
	struct fit fit = {0}, best = {.likelihood = -INFINITY};
	enum lu_status status = lu_alloc(&fit.part, tail->kinds, sizeof(double), "parts that changed", err);

	if (status == LU_OK)
		status = lu_alloc(&best.part, tail->kinds, sizeof(double), "parts that changed", err);
	for (int i = 0; i < SLOPES * CURVES && status == LU_OK; i++) {
		try_fit(tail, i, &fit);
		if (fit.likelihood > best.likelihood) {
			double *part = best.part;

			best = fit;
			best.part = part;
			memcpy(best.part, fit.part, tail->kinds * sizeof(double));
		}
	}
	if (status == LU_OK) {
		tabulate(tail, &best, out);
		out->slope = best.slope;
		out->curve = best.curve;
		out->rate = best.rate;
	}
	lu_free(fit.part);
	lu_free(best.part);
	return status;
}

static enum lu_status count_tail(const struct lu_scored *observed, size_t count, const struct lu_two_groups *groups,
				 struct tail *tail, double *in_tail, struct lu_error *err)
{
	enum lu_status status = lu_alloc(&tail->count, tail->kinds * BINS, sizeof(double), "scores of change", err);

	if (status == LU_OK)
		status = lu_alloc(&tail->cells, tail->kinds, sizeof(double), "scores of change", err);
	if (status == LU_OK)
		status = lu_alloc(&tail->all, tail->kinds, sizeof(double), "scores of change", err);
	*in_tail = 0.0;
	for (size_t i = 0; i < count && status == LU_OK; i++) {
		const size_t kind = observed[i].kind;

		tail->all[kind] += 1.0;
		if (observed[i].score > groups->start) {
			tail->count[kind * BINS + bin_of(groups, observed[i].score)] += 1.0;
			tail->cells[kind] += 1.0;
			*in_tail += 1.0;
		}
	}
	tail->county = (double)count;
	return status;
}

enum lu_status lu_two_groups_fit(const struct lu_scored *observed, size_t count, size_t kinds,
				 const struct lu_scored *drawn, size_t drawn_count, struct lu_two_groups_prior prior,
				 struct lu_two_groups *out, struct lu_error *err)
{
	struct tail tail = {.kinds = kinds, .prior = prior};
	double highest = 0.0, in_tail = 0.0;

	*out = (struct lu_two_groups){.rate = prior.rate, .slope = 1.0};
	if (count < FEWEST || drawn_count < FEWEST)
		return LU_OK;
	enum lu_status status = find_tail(observed, count, drawn, drawn_count, out, &highest, err);

	if (status != LU_OK || !(highest > out->start))
		return status;
	out->width = tail.width = (highest - out->start) * (1 + 1e-9) / BINS;
	status = lu_alloc(&out->probability, kinds * BINS, sizeof(double), "probabilities of change", err);
	if (status == LU_OK)
		status = count_tail(observed, count, out, &tail, &in_tail, err);
	if (status != LU_OK)
		goto out;
	shape_of_change(out, drawn, drawn_count, &tail);
	if (tail.reach > 0.0 && in_tail > 0.0)
		status = fit_tail(&tail, out, err);
	else
		out->width = 0.0; /* nothing there to learn from */
out:
	lu_free(tail.count);
	lu_free(tail.cells);
	lu_free(tail.all);
	return status;
}

void lu_two_groups_release(struct lu_two_groups *groups)
{
	if (groups == NULL)
		return;
	lu_free(groups->probability);
	groups->probability = NULL;
}

double lu_two_groups_probability(const struct lu_two_groups *groups, uint16_t kind, double score)
{
	if (!(groups->width > 0.0))
		return 1.0 / (1.0 + exp(-score));
	const double *probability = groups->probability + (size_t)kind * BINS;
	const double at = (score - groups->start) / groups->width - 0.5;

	if (at >= BINS - 1)
		return probability[BINS - 1];
	if (at >= 0.0) {
		const size_t i = (size_t)at;

		return probability[i] + (at - (double)i) * (probability[i + 1] - probability[i]);
	}
	return 1.0 / (1.0 + (1.0 - probability[0]) / probability[0] * exp(-at * groups->width));
}
