/* two_groups.c: a histogram of the tail, EM for the parts that changed, an average over slopes and curves. */
#include "change/two_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	BINS = 64,
	SLOPES = 25,
	CURVES = 7,
	SHAPES = SLOPES * CURVES,
	FEWEST = 20,
	PASSES = 3,
	ROUNDS = 6,
	EM_STEPS = 12
};

/*
 * Experience. The tail begins where all but this part of drawn changes lie above. Slopes are about 1.6, within
 * a half; a curve of about 0.03 says that a network's errors are bounded in their confidence; the common rate
 * weighs as much as two cells in its own estimate, and as half a cell in that of a kind's part, because land
 * does not change into everything alike. Found on counties of tests/bench/change_simulation.py whose seeds
 * its table does not use (33 counties, 882 changes): there a slope of 1.2 or 2, a tail of 1 or 2 roots, half
 * the weight of a kind moved precision and recall by 0.03 at most.
 */
static const double out_of_reach = 0.01, tail_roots = 1.5, usual_slope = 1.6, slope_spread = .5, usual_curve = .03,
		    curve_spread = .04, rate_cells = 2.0, kind_cells = 0.5;

/* The parts of a kind's tail that may be thought of: never none, never all. */
static const double least_part = 1e-6, most_part = 0.999, most_expected_part = 0.9;

/* The observed cells of one kind in one bin. */
struct heap {
	int bin;
	double cells;
};

/* A kind that has cells in the tail. */
struct row {
	size_t first, last; /* of tail.heap: its heaps are first .. last - 1 */
	double cells; /* observed in the tail */
	double spread; /* the part of all change that is expected in this kind's tail */
	double changed; /* how many of the cells did, as fitted */
	double part[SHAPES]; /* of the tail's cells that changed, for each shape of errors */
};

/* What the fit works on: counts and shapes over the tail's bins. */
struct tail {
	size_t rows;
	struct row *row;
	struct heap *heap; /* row after row */
	double (*same)[BINS]; /* SHAPES: f0 in the tail, adds up to 1 */
	double belief[SHAPES]; /* logarithm of what is believed of each shape beforehand */
	double drawn[BINS]; /* f1 in the tail, adds up to 1 */
	double reach; /* the part of drawn changes that is in the tail */
	double county; /* cells */
	struct lu_two_groups_prior prior;
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
				tail->row[row].spread += drawn[i].weight;
		}
	}
	for (size_t r = 0; r < tail->rows && all > 0.0; r++)
		tail->row[r].spread /= all;
	tail->reach = all > 0.0 ? above / all : 0.0;
	for (int i = 0; i < BINS && above > 0.0; i++) {
		tail->drawn[i] = 1e-6 / BINS; /* nothing is impossible */
		for (int k = -2; k <= 2; k++) {
			const int at = i + k < 0 ? 0 : i + k >= BINS ? BINS - 1 : i + k;

			tail->drawn[i] += (1 - 1e-6) * kernel[k + 2] * raw[at] / above;
		}
	}
}

/* How errors may die out, and what is believed of each way. */
static void shapes_of_error(double width, struct tail *tail)
{
	for (int i = 0; i < SHAPES; i++) {
		/* Slopes from a tenth of the usual one to ten times it, curves from 0 to eight times. */
		const double slope = usual_slope * pow(10.0, 2.0 * (i % SLOPES) / (SLOPES - 1) - 1.0);
		const double curve = 8.0 * usual_curve * (i / SLOPES) / (CURVES - 1);
		const double slope_off = log(slope / usual_slope) / slope_spread;
		const double curve_off = (curve - usual_curve) / curve_spread;
		double sum = 0.0;

		tail->belief[i] = -0.5 * (slope_off * slope_off + curve_off * curve_off);
		for (int b = 0; b < BINS; b++) {
			const double x = (b + 0.5) * width;

			tail->same[i][b] = exp(-slope * x - curve * x * x);
			sum += tail->same[i][b];
		}
		/* Far up the tail f0 vanishes altogether; a number that is not 0 keeps the logarithms finite. */
		for (int b = 0; b < BINS; b++)
			tail->same[i][b] = fmax(tail->same[i][b] / sum, 1e-300);
	}
}

/* The part of a kind's tail that would have changed if change were spread as the drawn ones are. */
static double expected_part(const struct tail *tail, const struct row *row, double rate)
{
	const double changed = rate * tail->county * row->spread;

	return changed < most_expected_part * row->cells ? fmax(changed / row->cells, least_part) : most_expected_part;
}

/* How likely it is to be seen in this bin for what changed, and for what did not, each times its part. */
static double seen_changed(const struct tail *tail, double part, int bin)
{
	return part * tail->drawn[bin];
}

static double seen_same(const struct tail *tail, int shape, double part, int bin)
{
	return (1.0 - part) * tail->same[shape][bin];
}

/* EM for the part of a kind that changed, if its errors have this shape. Returns the expected changed cells. */
static double fit_part(const struct tail *tail, struct row *row, int shape, double expected)
{
	double part = row->part[shape], changed = 0.0;

	for (int step = 0; step < EM_STEPS; step++) {
		changed = 0.0;
		for (size_t h = row->first; h < row->last; h++) {
			const double one = seen_changed(tail, part, tail->heap[h].bin);

			changed += tail->heap[h].cells * one / (one + seen_same(tail, shape, part, tail->heap[h].bin));
		}
		part = (changed + kind_cells * expected) / (row->cells + kind_cells);
		part = fmin(fmax(part, least_part), most_part);
	}
	row->part[shape] = part;
	return changed;
}

/* The logarithm of how likely a kind's cells are with this shape, the beliefs beforehand included. */
static double likelihood(const struct tail *tail, const struct row *row, int shape, double expected)
{
	const double part = row->part[shape];
	double sum = tail->belief[shape] + kind_cells * (expected * log(part) + (1.0 - expected) * log(1.0 - part));

	for (size_t h = row->first; h < row->last; h++) {
		const int bin = tail->heap[h].bin;

		sum += tail->heap[h].cells * log(seen_changed(tail, part, bin) + seen_same(tail, shape, part, bin));
	}
	return sum;
}

/*
 * Fit one kind, given the rate, for every shape. Its changed cells and 'probability' (BINS, may be NULL) are
 * the averages over the shapes, each by how likely it makes what was seen.
 */
static void fit_row(const struct tail *tail, struct row *row, double rate, double *probability)
{
	const double expected = expected_part(tail, row, rate);
	double weight[SHAPES], changed[SHAPES], most = -INFINITY, sum = 0.0;

	for (int i = 0; i < SHAPES; i++) {
		changed[i] = fit_part(tail, row, i, expected);
		weight[i] = likelihood(tail, row, i, expected);
		most = fmax(most, weight[i]);
	}
	for (int i = 0; i < SHAPES; i++)
		sum += weight[i] = exp(weight[i] - most);
	row->changed = 0.0;
	for (int i = 0; i < SHAPES; i++) {
		weight[i] /= sum;
		row->changed += weight[i] * changed[i];
		for (int b = 0; b < BINS && probability != NULL; b++) {
			const double one = seen_changed(tail, row->part[i], b);

			probability[b] += weight[i] * one / (one + seen_same(tail, i, row->part[i], b));
		}
	}
}

/* The kinds and the rate by turns: the one's changed cells are the other's evidence. */
static void fit_rows(struct tail *tail, struct lu_two_groups *out)
{
	double *pooled = out->probability + tail->rows * BINS, cells = 0.0;

	for (size_t r = 0; r < tail->rows; r++)
		for (int i = 0; i < SHAPES; i++)
			tail->row[r].part[i] = expected_part(tail, &tail->row[r], out->rate);
	for (int round = 0; round < ROUNDS; round++) {
		double changed = 0.0;

		for (size_t r = 0; r < tail->rows; r++) {
			fit_row(tail, &tail->row[r], out->rate,
				round == ROUNDS - 1 ? out->probability + r * BINS : NULL);
			changed += tail->row[r].changed;
		}
		if (!tail->prior.rate_is_stated)
			out->rate = fmin((changed + rate_cells * tail->prior.rate) /
						 (tail->county * tail->reach + rate_cells),
					 most_part);
	}
	/* The row after the last is for kinds without a cell in the tail: as all kinds are on average. */
	for (size_t r = 0; r < tail->rows; r++) {
		for (int b = 0; b < BINS; b++)
			pooled[b] += tail->row[r].cells * out->probability[r * BINS + (size_t)b];
		cells += tail->row[r].cells;
	}
	for (int b = 0; b < BINS; b++)
		pooled[b] /= cells;
	/* What is surer of change is never less probable. */
	for (size_t i = 0; i < (tail->rows + 1) * BINS; i++)
		if (i % BINS > 0)
			out->probability[i] = fmax(out->probability[i], out->probability[i - 1]);
}

/* Number the kinds that have cells in the tail, and heap these cells up. */
static enum lu_status count_tail(const struct lu_scored *observed, size_t count, size_t kinds,
				 struct lu_two_groups *groups, struct tail *tail, struct lu_error *err)
{
	const char *what = "scores of change";
	double *table = NULL; /* rows x BINS */
	size_t heaps = 0;
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
	LU_TRY(lu_alloc(&table, tail->rows * BINS, sizeof(*table), what, err));
	LU_TRY(lu_alloc(&tail->heap, tail->rows * BINS, sizeof(*tail->heap), what, err));
	LU_TRY(lu_alloc(&tail->row, tail->rows, sizeof(*tail->row), what, err));
	for (size_t i = 0; i < count; i++)
		if (observed[i].score > groups->start)
			table[groups->row[observed[i].kind] * BINS + (size_t)bin_of(groups, observed[i].score)] += 1.0;
	for (size_t r = 0; r < tail->rows; r++) {
		tail->row[r].first = heaps;
		for (int b = 0; b < BINS; b++) {
			const double cells = table[r * BINS + (size_t)b];

			tail->row[r].cells += cells;
			if (cells > 0.0)
				tail->heap[heaps++] = (struct heap){b, cells};
		}
		tail->row[r].last = heaps;
	}
out:
	lu_free(table);
	return status;
}

/* One fit to the scores above out->start, of which 'highest' is the highest, from out->rate on. */
static enum lu_status fit_above(const struct lu_scored *observed, size_t count, size_t kinds,
				const struct lu_scored *drawn, size_t drawn_count, struct lu_two_groups_prior prior,
				double highest, struct lu_two_groups *out, struct lu_error *err)
{
	struct tail tail = {.prior = prior};
	enum lu_status status;

	out->width = (highest - out->start) * (1 + 1e-9) / BINS;
	lu_free(out->probability);
	out->probability = NULL;
	LU_TRY(count_tail(observed, count, kinds, out, &tail, err));
	LU_TRY(lu_alloc(&tail.same, SHAPES, sizeof(*tail.same), "shapes of error", err));
	LU_TRY(lu_alloc(&out->probability, (tail.rows + 1) * BINS, sizeof(double), "probabilities of change", err));
	out->rows = tail.rows;
	shape_of_change(out, drawn, drawn_count, &tail);
	shapes_of_error(out->width, &tail);
	if (tail.reach > 0.0 && tail.rows > 0)
		fit_rows(&tail, out);
	else
		out->width = 0.0; /* nothing there to learn from */
out:
	lu_free(tail.heap);
	lu_free(tail.row);
	lu_free(tail.same);
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
 * The tail begins where drawn changes do, or further down, so that beside the cells that changed it holds
 * others, tail_roots times the square root of all: enough to see how errors die out, and few enough to be
 * the tail.
 * Errors out of the reach of any change say nothing of those within it. How many changed is known better
 * after each pass.
 */
enum lu_status lu_two_groups_fit(const struct lu_scored *observed, size_t count, size_t kinds,
				 const struct lu_scored *drawn, size_t drawn_count, struct lu_two_groups_prior prior,
				 struct lu_two_groups *out, struct lu_error *err)
{
	struct lu_scored *sorted = NULL;

	*out = (struct lu_two_groups){.rate = prior.rate};
	if (count < FEWEST || drawn_count < FEWEST)
		return LU_OK;
	enum lu_status status;

	LU_TRY(lu_alloc(&sorted, count > drawn_count ? count : drawn_count, sizeof(*sorted), "scores of change", err));
	LU_TRY(lu_alloc(&out->row, kinds, sizeof(*out->row), "kinds of change", err));
	memcpy(sorted, drawn, drawn_count * sizeof(*sorted));
	qsort(sorted, drawn_count, sizeof(*sorted), descending);
	const double lowest = lowest_change(sorted, drawn_count);
	double highest = sorted[0].score;
	memcpy(sorted, observed, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), descending);
	highest = fmax(highest, sorted[0].score);
	for (int pass = 0; pass < PASSES; pass++) {
		const size_t wanted = (size_t)(tail_roots * sqrt((double)count) + out->rate * (double)count);
		const double start = fmin(lowest, sorted[wanted < count / 2 ? wanted : count / 2].score);

		if (!(highest > start))
			break;
		out->start = start;
		LU_TRY(fit_above(observed, count, kinds, drawn, drawn_count, prior, highest, out, err));
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

double lu_two_groups_even(const struct lu_two_groups *groups)
{
	int bin = 0;

	if (!(groups->width > 0.0))
		return 0.0;
	const double *pooled = groups->probability + groups->rows * BINS;

	while (bin < BINS && pooled[bin] < 0.5)
		bin++;
	return groups->start + bin * groups->width;
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
