/* radiometry.c: Theil-Sen, the choice of invariant blocks, and tables. */
#include "chips/radiometry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Blocks that the start looks at: half a million pairs, whose median has settled to the second digit. */
const char *const lu_radiometry_methods[] = {[LU_RADIOMETRY_NONE] = "none",
					     [LU_RADIOMETRY_REGRESSION] = "regression",
					     [LU_RADIOMETRY_HISTOGRAM] = "histogram",
					     NULL};

enum { START_BLOCKS = 1024, MOST_ROUNDS = 50, KNOTS = 64 };

/* Values this near to the ends of the scale are cut off: clouds, deep shadow, overflow. */
static const float lowest = 3, highest = 252;
/* A block is invariant within this many deviations of the line; a deviation is never less than half a grey value. */
static const double reach = 2.5, least_deviation = 0.5;
/* Median absolute deviation to standard deviation, for normal errors. */
static const double deviation_of_mad = 1.4826;

struct line {
	double gain, offset;
};

struct fit {
	const struct lu_radiometry_blocks *blocks;
	size_t *usable; /* numbers of the blocks within the scale */
	size_t usable_count;
	bool *chosen; /* one a usable block */
	size_t chosen_count;
	double *scratch; /* usable_count, and all pairs of the start */
	struct line *lines; /* one a band */
	double *deviations; /* one a band */
};

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_size);
	return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static double date_of(const struct fit *fit, size_t i, size_t band)
{
	return (double)fit->blocks->date[fit->usable[i] * fit->blocks->bands + band];
}

static double reference_of(const struct fit *fit, size_t i, size_t band)
{
	return (double)fit->blocks->reference[fit->usable[i] * fit->blocks->bands + band];
}

static double residual(const struct fit *fit, size_t i, size_t band)
{
	return reference_of(fit, i, band) - fit->lines[band].gain * date_of(fit, i, band) - fit->lines[band].offset;
}

static void find_usable(struct fit *fit)
{
	const struct lu_radiometry_blocks *blocks = fit->blocks;

	for (size_t i = 0; i < blocks->count; i++) {
		bool inside = true;
		for (size_t b = 0; b < blocks->bands; b++) {
			const float date = blocks->date[i * blocks->bands + b];
			const float reference = blocks->reference[i * blocks->bands + b];
			inside = inside && date >= lowest && date <= highest && reference >= lowest &&
				 reference <= highest;
		}
		if (inside)
			fit->usable[fit->usable_count++] = i;
	}
}

/* The median of the slopes of all pairs of some blocks, and the median offset to it. False: they do not vary. */
static bool start_line(struct fit *fit, size_t band)
{
	const size_t step = (fit->usable_count + START_BLOCKS - 1) / START_BLOCKS;
	size_t slopes = 0;

	for (size_t i = 0; i < fit->usable_count; i += step) {
		for (size_t k = i + step; k < fit->usable_count; k += step) {
			const double run = date_of(fit, k, band) - date_of(fit, i, band);
			if (fabs(run) >= 1)
				fit->scratch[slopes++] =
					(reference_of(fit, k, band) - reference_of(fit, i, band)) / run;
		}
	}
	if (slopes == 0)
		return false;
	fit->lines[band] = (struct line){median(fit->scratch, slopes), 0};
	for (size_t i = 0; i < fit->usable_count; i++)
		fit->scratch[i] = residual(fit, i, band);
	fit->lines[band].offset = median(fit->scratch, fit->usable_count);
	return fit->lines[band].gain > 0;
}

/* The blocks near all lines; true when they are others than before. Deviations are of all blocks, so the choice cannot shrink away. */
static bool choose(struct fit *fit)
{
	const size_t bands = fit->blocks->bands;
	bool other = false;

	for (size_t b = 0; b < bands; b++) {
		for (size_t i = 0; i < fit->usable_count; i++)
			fit->scratch[i] = fabs(residual(fit, i, b));
		fit->deviations[b] = fmax(least_deviation, deviation_of_mad * median(fit->scratch, fit->usable_count));
	}
	fit->chosen_count = 0;
	for (size_t i = 0; i < fit->usable_count; i++) {
		bool near = true;
		for (size_t b = 0; b < bands && near; b++)
			near = fabs(residual(fit, i, b)) <= reach * fit->deviations[b];
		other = other || near != fit->chosen[i];
		fit->chosen[i] = near;
		fit->chosen_count += near;
	}
	return other;
}

/* Sums over the blocks chosen. */
struct moments {
	double mean_date, mean_reference, var_date, var_reference, covariance;
};

static struct moments moments_of(const struct fit *fit, size_t band)
{
	struct moments m = {0};
	const double n = (double)fit->chosen_count;

	for (size_t i = 0; i < fit->usable_count; i++) {
		if (fit->chosen[i]) {
			m.mean_date += date_of(fit, i, band) / n;
			m.mean_reference += reference_of(fit, i, band) / n;
		}
	}
	for (size_t i = 0; i < fit->usable_count; i++) {
		if (fit->chosen[i]) {
			const double x = date_of(fit, i, band) - m.mean_date;
			const double y = reference_of(fit, i, band) - m.mean_reference;
			m.var_date += x * x / n;
			m.var_reference += y * y / n;
			m.covariance += x * y / n;
		}
	}
	return m;
}

/* False: the blocks do not vary, or vary against each other. */
static bool refit(struct fit *fit, size_t band)
{
	const struct moments m = moments_of(fit, band);

	if (!(m.var_date > 0) || !(m.var_reference > 0) || !(m.covariance > 0))
		return false;
	fit->lines[band].gain = sqrt(m.var_reference / m.var_date);
	fit->lines[band].offset = m.mean_reference - fit->lines[band].gain * m.mean_date;
	return true;
}

static uint8_t grey(double value)
{
	return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5);
}

static void table_of_line(struct line line, uint8_t table[256])
{
	for (int v = 0; v < 256; v++)
		table[v] = grey(line.gain * v + line.offset);
}

/* Quantile (k + 1/2) / KNOTS of 'count' sorted values. */
static double knot(const double *sorted, size_t count, int k)
{
	const double at = (k + 0.5) / KNOTS * (double)count - 0.5;
	const size_t low = at > 0 ? (size_t)at : 0, high = low + 1 < count ? low + 1 : low;

	return sorted[low] + (at > 0 ? at - (double)low : 0) * (sorted[high] - sorted[low]);
}

/* Quantile to quantile, straight in between and along the line beyond them. */
static void table_of_histogram(const struct fit *fit, size_t band, uint8_t table[256])
{
	double from[KNOTS], to[KNOTS], *sorted = fit->scratch;
	size_t n = 0;

	for (size_t i = 0; i < fit->usable_count; i++)
		if (fit->chosen[i])
			sorted[n++] = date_of(fit, i, band);
	qsort(sorted, n, sizeof(*sorted), by_size);
	for (int k = 0; k < KNOTS; k++)
		from[k] = knot(sorted, n, k);
	n = 0;
	for (size_t i = 0; i < fit->usable_count; i++)
		if (fit->chosen[i])
			sorted[n++] = reference_of(fit, i, band);
	qsort(sorted, n, sizeof(*sorted), by_size);
	for (int k = 0; k < KNOTS; k++)
		to[k] = knot(sorted, n, k);
	const double gain = fit->lines[band].gain;
	for (int v = 0, k = 0; v < 256; v++) {
		while (k < KNOTS && from[k] < v)
			k++;
		if (k == 0)
			table[v] = grey(to[0] + gain * (v - from[0]));
		else if (k == KNOTS)
			table[v] = grey(to[KNOTS - 1] + gain * (v - from[KNOTS - 1]));
		else
			table[v] = grey(to[k - 1] + (to[k] - to[k - 1]) * (v - from[k - 1]) / (from[k] - from[k - 1]));
	}
}

/* Figures of one band, once the choice stands. */
static void tell_band(const struct fit *fit, size_t band, enum lu_radiometry_method method,
		      struct lu_radiometry_band *out)
{
	const struct moments m = moments_of(fit, band);
	double before = 0, after = 0;

	out->gain = fit->lines[band].gain;
	out->offset = fit->lines[band].offset;
	out->correlation = m.covariance / sqrt(m.var_date * m.var_reference);
	if (method == LU_RADIOMETRY_HISTOGRAM)
		table_of_histogram(fit, band, out->table);
	else
		table_of_line(fit->lines[band], out->table);
	for (size_t i = 0; i < fit->usable_count; i++) {
		if (!fit->chosen[i])
			continue;
		/* A block's mean falls between two entries of the table. */
		const double date = date_of(fit, i, band), low = floor(date);
		const uint8_t *at = out->table + (size_t)low;
		const double changed = at[0] + (date - low) * (at[1] - at[0]);
		before += pow(reference_of(fit, i, band) - date, 2);
		after += pow(reference_of(fit, i, band) - changed, 2);
	}
	out->before = sqrt(before / (double)fit->chosen_count);
	out->after = sqrt(after / (double)fit->chosen_count);
}

static enum lu_status fit_lines(struct fit *fit, struct lu_error *err)
{
	const size_t bands = fit->blocks->bands;
	bool varies = true;

	if (fit->usable_count < LU_RADIOMETRY_LEAST)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"only %zu of %zu blocks of pixels can be compared (the others are white or black; %d are "
			"needed)",
			fit->usable_count, fit->blocks->count, LU_RADIOMETRY_LEAST);
	for (size_t b = 0; b < bands && varies; b++)
		varies = start_line(fit, b);
	for (int round = 0; varies && choose(fit) && round < MOST_ROUNDS; round++)
		for (size_t b = 0; b < bands && varies; b++)
			varies = fit->chosen_count >= LU_RADIOMETRY_LEAST && refit(fit, b);
	if (!varies || fit->chosen_count < LU_RADIOMETRY_LEAST)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "no pseudo-invariant ground that the dates have in common: %zu of %zu blocks of pixels "
			       "agree, and not in "
			       "every band",
			       fit->chosen_count, fit->usable_count);
	return LU_OK;
}

enum lu_status lu_radiometry_fit(const struct lu_radiometry_blocks *blocks, enum lu_radiometry_method method,
				 struct lu_radiometry *out, struct lu_error *err)
{
	const size_t pairs = (size_t)START_BLOCKS * START_BLOCKS / 2;
	struct fit fit = {.blocks = blocks};
	enum lu_status status;

	LU_TRY(lu_alloc(&out->bands, blocks->bands, sizeof(*out->bands), "bands", err));
	out->band_count = blocks->bands;
	LU_TRY(lu_alloc(&fit.usable, blocks->count, sizeof(*fit.usable), "blocks", err));
	LU_TRY(lu_alloc(&fit.chosen, blocks->count, sizeof(*fit.chosen), "blocks", err));
	LU_TRY(lu_alloc(&fit.scratch, blocks->count > pairs ? blocks->count : pairs, sizeof(*fit.scratch), "slopes",
			err));
	LU_TRY(lu_alloc(&fit.lines, blocks->bands, sizeof(*fit.lines), "bands", err));
	LU_TRY(lu_alloc(&fit.deviations, blocks->bands, sizeof(*fit.deviations), "bands", err));
	find_usable(&fit);
	LU_TRY(fit_lines(&fit, err));
	for (size_t b = 0; b < blocks->bands; b++)
		tell_band(&fit, b, method, &out->bands[b]);
	out->blocks = blocks->count;
	out->invariant = fit.chosen_count;
out:
	lu_free(fit.usable);
	lu_free(fit.chosen);
	lu_free(fit.scratch);
	lu_free(fit.lines);
	lu_free(fit.deviations);
	return status;
}

void lu_radiometry_chain(struct lu_radiometry *first, const struct lu_radiometry *then,
			 enum lu_radiometry_method method)
{
	for (size_t b = 0; b < first->band_count; b++) {
		struct lu_radiometry_band *band = &first->bands[b];
		const struct lu_radiometry_band *next = &then->bands[b];

		band->offset = next->gain * band->offset + next->offset;
		band->gain *= next->gain;
		band->correlation = fmin(band->correlation, next->correlation);
		/* Of two lines the product is taken, which rounds once. */
		if (method == LU_RADIOMETRY_HISTOGRAM)
			for (int v = 0; v < 256; v++)
				band->table[v] = next->table[band->table[v]];
		else
			table_of_line((struct line){band->gain, band->offset}, band->table);
	}
}

double lu_radiometry_weakest(const struct lu_radiometry *radiometry)
{
	double weakest = 1;

	for (size_t b = 0; b < radiometry->band_count; b++)
		weakest = fmin(weakest, radiometry->bands[b].correlation);
	return weakest;
}

void lu_radiometry_release(struct lu_radiometry *radiometry)
{
	lu_free(radiometry->bands);
	*radiometry = (struct lu_radiometry){0};
}

void lu_radiometry_apply(const struct lu_radiometry *radiometry, size_t band, uint8_t *values, size_t count)
{
	const uint8_t *table = radiometry->bands[band].table;

	for (size_t i = 0; i < count; i++)
		values[i] = table[values[i]];
}
