/* two_groups.c: a histogram of the tail, a grid of slopes and curves, and EM for the parts that changed. */
#include "change/two_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BINS = 64, EM_STEPS = 60, SLOPES = 37, CURVES = 13, FEWEST = 20, PASSES = 3 };

/*
 * Experience. The tail begins where all but this part of drawn changes lie above. Slopes are about 0.6,
 * within a half; a curve of about 0.03 says that a network's errors are bounded in their confidence; the
 * common rate weighs as much as two cells in its own estimate, and as half a cell in that of a kind's part,
 * because land does not change into everything alike. Found on counties of
 * tests/bench/change_simulation.py whose seeds its table does not use (26 counties, 585 changes): there
 * slopes of 0.45 or 0.8, a kind's weight of 0.2 to 1, half as many cells more in the tail moved precision
 * and recall by 0.02 at most.
 */
static const double out_of_reach = 0.01, usual_slope = .6, slope_spread = .5, usual_curve = .03, curve_spread = .04,
		    rate_cells = 2.0, kind_cells = 0.5;

/* The parts of a kind's tail that may be thought of: never none, never all. */
static const double least_part = 1e-6, most_part = 0.999, most_expected_part = 0.9;

/* The observed cells of one kind in one bin. */
struct heap {
	size_t row;
	int bin;
	double cells;
};

/* What the fit works on: counts and shapes over the tail's bins. A row is a kind that has cells there. */
struct tail {
	size_t rows, heaps;
	struct heap *heap; /* in order of row and bin */
	double *cells; /* rows: observed in the tail */
	double *spread; /* rows: the part of all change that is expected in this kind's tail */
	double county; /* cells */
	double drawn[BINS]; /* f1 in the tail, adds up to 1 */
	double reach; /* the part of drawn changes that is in the tail */
	double width;
	struct lu_two_groups_prior prior;
};

/* One slope and curve with what follows from them. */
struct fit {
	double slope, curve, rate, likelihood;
	double same[BINS]; /* f0 in the tail, adds up to 1 */
	double *part; /* rows: of the tail's cells that changed */
};

static int descending(const void *a, const void *b)
{
	const struct lu_scored *x = a, *y = b;

	return (x->score < y->score) - (x->score > y->score);
}

static int bin_of(const struct lu_two_groups *groups, double score)
{
	const double at = (score - groups->start) / groups->width;

	return at >= BINS - 1 ? BINS - 1 : at > 0.0 ? (int)at : 0;
}

/* The drawn scores above the start, smoothed and scaled to 1; how many they are, and of which kinds. */
static void shape_of_change(const struct lu_two_groups *groups, const struct lu_scored *drawn, size_t count,
			    struct tail *tail)
{
	static const double kernel[] = {1.0 / 9, 2.0 / 9, 3.0 / 9, 2.0 / 9, 1.0 / 9};
	double raw[BINS] = {0}, all = 0.0, above = 0.0;

	for (size_t i = 0; i < count; i++) {
		const size_t row = groups->row[drawn[i].kind];

		all += drawn[i].weight;
		if (drawn[i].score > groups->start) {
			above += drawn[i].weight;
			raw[bin_of(groups, drawn[i].score)] += drawn[i].weight;
			if (row < tail->rows)
				tail->spread[row] += drawn[i].weight;
		}
	}
	for (size_t r = 0; r < tail->rows && all > 0.0; r++)
		tail->spread[r] /= all;
	tail->reach = all > 0.0 ? above / all : 0.0;
	for (int i = 0; i < BINS && above > 0.0; i++) {
		tail->drawn[i] = 1e-6 / BINS; /* nothing is impossible */
		for (int k = -2; k <= 2; k++) {
			const int at = i + k < 0 ? 0 : i + k >= BINS ? BINS - 1 : i + k;

			tail->drawn[i] += (1 - 1e-6) * kernel[k + 2] * raw[at] / above;
		}
	}
}

/* The part of a kind's tail that would have changed if change were spread as the drawn ones are. */
static double expected_part(const struct tail *tail, double rate, size_t row)
{
	const double changed = rate * tail->county * tail->spread[row];

	return changed < most_expected_part * tail->cells[row] ? fmax(changed / tail->cells[row], least_part)
							       : most_expected_part;
}

/* How likely a heap's cells are if they changed and if they did not, each times its part. */
static void weigh(const struct tail *tail, const struct fit *fit, const struct heap *heap, double *changed,
		  double *same)
{
	*changed = fit->part[heap->row] * tail->drawn[heap->bin];
	*same = (1.0 - fit->part[heap->row]) * fit->same[heap->bin];
}

/* The best rate and parts for fit->same, by EM. 'count' (rows) is scratch: expected changed cells. */
static void fit_parts(const struct tail *tail, struct fit *fit, double *count)
{
	fit->rate = tail->prior.rate;
	for (size_t r = 0; r < tail->rows; r++)
		fit->part[r] = expected_part(tail, fit->rate, r);
	for (int step = 0; step < EM_STEPS; step++) {
		double all = 0.0, changed, same;

		memset(count, 0, tail->rows * sizeof(*count));
		for (const struct heap *h = tail->heap; h < tail->heap + tail->heaps; h++) {
			weigh(tail, fit, h, &changed, &same);
			count[h->row] += h->cells * changed / (changed + same);
		}
		for (size_t r = 0; r < tail->rows; r++)
			all += count[r];
		if (!tail->prior.rate_is_stated)
			fit->rate =
				fmin((all + rate_cells * tail->prior.rate) / (tail->county * tail->reach + rate_cells),
				     most_part);
		for (size_t r = 0; r < tail->rows; r++) {
			const double part = (count[r] + kind_cells * expected_part(tail, fit->rate, r)) /
					    (tail->cells[r] + kind_cells);

			fit->part[r] = fmin(fmax(part, least_part), most_part);
		}
	}
}

/* How likely the tail is with the fit, the beliefs beforehand included. */
static double likelihood(const struct tail *tail, const struct fit *fit)
{
	const double slope_off = log(fit->slope / usual_slope) / slope_spread;
	const double curve_off = (fit->curve - usual_curve) / curve_spread;
	double sum = -0.5 * (slope_off * slope_off + curve_off * curve_off), changed, same;

	for (size_t r = 0; r < tail->rows; r++) {
		const double expected = expected_part(tail, fit->rate, r), part = fit->part[r];

		sum += kind_cells * (expected * log(part) + (1.0 - expected) * log(1.0 - part));
	}
	for (const struct heap *h = tail->heap; h < tail->heap + tail->heaps; h++) {
		weigh(tail, fit, h, &changed, &same);
		sum += h->cells * log(changed + same);
	}
	return sum;
}

/* Try slope and curve number 'i' of the grid. */
static void try_fit(const struct tail *tail, int i, struct fit *fit, double *scratch)
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
	fit_parts(tail, fit, scratch);
	fit->likelihood = likelihood(tail, fit);
}

/* P(changed) by row and bin; the row after the last is for kinds without a cell in the tail: all of them pooled. */
static void tabulate(const struct tail *tail, const struct fit *fit, struct lu_two_groups *out)
{
	double changed = 0.0, cells = 0.0;

	for (size_t r = 0; r < tail->rows; r++) {
		changed += fit->part[r] * tail->cells[r];
		cells += tail->cells[r];
	}
	for (size_t r = 0; r <= tail->rows; r++) {
		const double part = r < tail->rows ? fit->part[r] : changed / cells;
		double before = 0.0;

		for (int b = 0; b < BINS; b++) {
			const double one = part * tail->drawn[b];

			before = fmax(before, one / (one + (1.0 - part) * fit->same[b]));
			out->probability[r * BINS + (size_t)b] = before;
		}
	}
}

static enum lu_status fit_tail(struct tail *tail, struct lu_two_groups *out, struct lu_error *err)
{
	struct fit fit = {0}, best = {.likelihood = -INFINITY};
	double *scratch = NULL;
	enum lu_status status = lu_alloc(&fit.part, tail->rows, sizeof(double), "parts that changed", err);

	if (status == LU_OK)
		status = lu_alloc(&best.part, tail->rows, sizeof(double), "parts that changed", err);
	if (status == LU_OK)
		status = lu_alloc(&scratch, tail->rows, sizeof(double), "parts that changed", err);
	for (int i = 0; i < SLOPES * CURVES && status == LU_OK; i++) {
		try_fit(tail, i, &fit, scratch);
		if (fit.likelihood > best.likelihood) {
			double *part = best.part;

			best = fit;
			best.part = part;
			memcpy(best.part, fit.part, tail->rows * sizeof(double));
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
	lu_free(scratch);
	return status;
}

/* Number the kinds that have cells in the tail, and heap these cells up. */
static enum lu_status count_tail(const struct lu_scored *observed, size_t count, size_t kinds,
				 struct lu_two_groups *groups, struct tail *tail, struct lu_error *err)
{
	const char *what = "scores of change";
	double *table = NULL; /* rows x BINS */
	enum lu_status status;

	for (size_t k = 0; k < kinds; k++)
		groups->row[k] = UINT32_MAX;
	for (size_t i = 0; i < count; i++)
		if (observed[i].score > groups->start && groups->row[observed[i].kind] == UINT32_MAX)
			groups->row[observed[i].kind] = (uint32_t)tail->rows++;
	for (size_t k = 0; k < kinds; k++)
		if (groups->row[k] == UINT32_MAX)
			groups->row[k] = (uint32_t)tail->rows;
	tail->county = (double)count;
	status = lu_alloc(&table, tail->rows * BINS, sizeof(*table), what, err);
	if (status == LU_OK)
		status = lu_alloc(&tail->heap, tail->rows * BINS, sizeof(*tail->heap), what, err);
	if (status == LU_OK)
		status = lu_alloc(&tail->cells, tail->rows, sizeof(double), what, err);
	if (status == LU_OK)
		status = lu_alloc(&tail->spread, tail->rows, sizeof(double), what, err);
	for (size_t i = 0; i < count && status == LU_OK; i++) {
		if (observed[i].score > groups->start) {
			const size_t row = groups->row[observed[i].kind];

			table[row * BINS + (size_t)bin_of(groups, observed[i].score)] += 1.0;
			tail->cells[row] += 1.0;
		}
	}
	for (size_t i = 0; i < tail->rows * BINS && status == LU_OK; i++)
		if (table[i] > 0.0)
			tail->heap[tail->heaps++] = (struct heap){i / BINS, (int)(i % BINS), table[i]};
	lu_free(table);
	return status;
}

static void release_tail(struct tail *tail)
{
	lu_free(tail->heap);
	lu_free(tail->cells);
	lu_free(tail->spread);
}

/* One fit to the scores above groups->start, of which 'highest' is the highest. */
static enum lu_status fit_above(const struct lu_scored *observed, size_t count, size_t kinds,
				const struct lu_scored *drawn, size_t drawn_count, struct lu_two_groups_prior prior,
				double highest, struct lu_two_groups *out, struct lu_error *err)
{
	struct tail tail = {.prior = prior};
	enum lu_status status;

	out->width = tail.width = (highest - out->start) * (1 + 1e-9) / BINS;
	status = count_tail(observed, count, kinds, out, &tail, err);
	lu_free(out->probability);
	out->probability = NULL;
	if (status == LU_OK)
		status = lu_alloc(&out->probability, (tail.rows + 1) * BINS, sizeof(double), "probabilities of change",
				  err);
	if (status == LU_OK) {
		shape_of_change(out, drawn, drawn_count, &tail);
		if (tail.reach > 0.0 && tail.rows > 0)
			status = fit_tail(&tail, out, err);
		else
			out->width = 0.0; /* nothing there to learn from */
	}
	release_tail(&tail);
	return status;
}

/* The score above which all but out_of_reach of the drawn changes lie; 'sorted' descending. */
static double lowest_change(const struct lu_scored *sorted, size_t count)
{
	double weight = 0.0, above = 0.0;
	size_t reach = 0;

	for (size_t i = 0; i < count; i++)
		weight += sorted[i].weight;
	while (reach + 1 < count && (above += sorted[reach].weight) < (1.0 - out_of_reach) * weight)
		reach++;
	return sorted[reach].score;
}

/*
 * The tail begins where drawn changes do, or further down, so that beside the cells that changed it holds as
 * many others as the square root of all: enough to see how errors die out, and few enough to be the tail.
 * Errors out of the reach of any change say nothing of those within it. How many changed is known better
 * after each pass.
 */
enum lu_status lu_two_groups_fit(const struct lu_scored *observed, size_t count, size_t kinds,
				 const struct lu_scored *drawn, size_t drawn_count, struct lu_two_groups_prior prior,
				 struct lu_two_groups *out, struct lu_error *err)
{
	struct lu_scored *sorted = NULL;

	*out = (struct lu_two_groups){.rate = prior.rate, .slope = 1.0};
	if (count < FEWEST || drawn_count < FEWEST)
		return LU_OK;
	enum lu_status status =
		lu_alloc(&sorted, count > drawn_count ? count : drawn_count, sizeof(*sorted), "scores of change", err);

	if (status == LU_OK)
		status = lu_alloc(&out->row, kinds, sizeof(*out->row), "kinds of change", err);
	if (status != LU_OK)
		goto out;
	memcpy(sorted, drawn, drawn_count * sizeof(*sorted));
	qsort(sorted, drawn_count, sizeof(*sorted), descending);
	const double lowest = lowest_change(sorted, drawn_count);
	double highest = sorted[0].score;
	memcpy(sorted, observed, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), descending);
	highest = fmax(highest, sorted[0].score);
	for (int pass = 0; pass < PASSES && status == LU_OK; pass++) {
		const size_t wanted = (size_t)(sqrt((double)count) + out->rate * (double)count);
		const double start = fmin(lowest, sorted[wanted < count / 2 ? wanted : count / 2].score);

		if (!(highest > start))
			break;
		out->start = start;
		status = fit_above(observed, count, kinds, drawn, drawn_count, prior, highest, out, err);
	}
out:
	lu_free(sorted);
	return status;
}

void lu_two_groups_release(struct lu_two_groups *groups)
{
	if (groups == NULL)
		return;
	lu_free(groups->probability);
	lu_free(groups->row);
	groups->probability = NULL;
	groups->row = NULL;
}

double lu_two_groups_probability(const struct lu_two_groups *groups, uint32_t kind, double score)
{
	if (!(groups->width > 0.0))
		return 1.0 / (1.0 + exp(-score));
	const double *probability = groups->probability + (size_t)groups->row[kind] * BINS;
	const double at = (score - groups->start) / groups->width - 0.5;

	if (at >= BINS - 1)
		return probability[BINS - 1];
	if (at >= 0.0) {
		const size_t i = (size_t)at;

		return probability[i] + (at - (double)i) * (probability[i + 1] - probability[i]);
	}
	return 1.0 / (1.0 + (1.0 - probability[0]) / probability[0] * exp(-at * groups->width));
}
