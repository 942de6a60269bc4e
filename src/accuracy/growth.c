/* growth.c: strata, one after the other, and their intervals joined. See growth.h. */
#include "accuracy/growth.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Where a side is mapped: its cells are no rare find there. */
static const double mapped_share = 0.2;

/* A side in a stratum: sums over its labelled cells. */
struct side {
	double y, f, ff, yf; /* y is 0 or 1 */
	double weight;
};

struct stratum {
	double n, size, mean_guess[LU_GROWTH_SIDES];
	struct side sides[LU_GROWTH_SIDES];
	double residuals, squares; /* of what the growth's guesses leave, y_gained - y_lost - weighted guesses */
};

struct sums {
	struct stratum *strata;
	size_t count;
	struct lu_weighted *rare; /* scratch */
	double size;
	bool helped, every_stratum_has_variance;
	struct lu_interval_rule rule;
};

static double unseen(const struct stratum *s)
{
	return fmax(0, 1 - s->n / s->size);
}

/* Sample variances and covariance, with n - 1. */
static double variance(double n, double sum, double squares)
{
	return n > 1 ? fmax(0, squares - sum * sum / n) / (n - 1) : 0;
}

static double tuned(const struct stratum *s, const struct side *side)
{
	const double vf = variance(s->n, side->f, side->ff);
	const double cov = s->n > 1 ? (side->yf - side->y * side->f / s->n) / (s->n - 1) : 0;

	return vf > 1e-12 ? fmin(1, fmax(0, cov / vf / (1 + s->n / s->size))) : 0;
}

static enum lu_status load(struct sums *sums, const struct lu_growth_unit *units, size_t count,
			   const struct lu_growth_stratum *strata, struct lu_error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct stratum *s = &sums->strata[units[i].stratum];
		s->n++;
		for (int k = 0; k < LU_GROWTH_SIDES; k++) {
			const double y = units[i].is[k], f = units[i].guess[k];
			s->sides[k].y += y;
			s->sides[k].f += f;
			s->sides[k].ff += f * f;
			s->sides[k].yf += y * f;
		}
	}
	sums->every_stratum_has_variance = true;
	for (size_t h = 0; h < sums->count; h++) {
		struct stratum *s = &sums->strata[h];
		if (s->n == 0 || !(strata[h].size > 0))
			continue;
		s->size = fmax(strata[h].size, s->n);
		sums->size += s->size;
		if (s->n == 1 && s->size > 1)
			sums->every_stratum_has_variance = false;
		for (int k = 0; k < LU_GROWTH_SIDES; k++) {
			s->mean_guess[k] = sums->helped ? strata[h].guess[k] : s->sides[k].f / s->n;
			s->sides[k].weight = sums->helped ? tuned(s, &s->sides[k]) : 0;
		}
	}
	if (!(sums->size > 0))
		return lu_fail(err, LU_ERROR_ARGUMENT, "growth: no labelled cell lies in a stratum that has cells");
	for (size_t i = 0; i < count; i++) {
		struct stratum *s = &sums->strata[units[i].stratum];
		double left = 0;
		for (int k = 0; k < LU_GROWTH_SIDES; k++)
			left += (k == LU_GAINED ? 1 : -1) * (units[i].is[k] - s->sides[k].weight * units[i].guess[k]);
		s->residuals += left;
		s->squares += left * left;
	}
	return LU_OK;
}

/* var(y - weight f), a degree of freedom less where a weight was tuned. */
static double left_variance(const struct stratum *s, const struct side *side)
{
	const double w = side->weight, sum = side->y - w * side->f;
	const double squares = side->y - 2 * w * side->yf + w * w * side->ff;

	return variance(s->n, sum, squares) * (w > 0 && s->n > 2 ? (s->n - 1) / (s->n - 2) : 1);
}

static double share_of(const struct stratum *s, int k)
{
	const struct side *side = &s->sides[k];

	return side->weight * s->mean_guess[k] + (side->y - side->weight * side->f) / s->n;
}

/* Lengths from the estimate to either end, of what lies in the strata. */
static struct lu_bounded bound_side(const struct sums *sums, int k)
{
	const double z = lu_interval_reach(sums->rule.percent), tail = (1 - sums->rule.percent / 100) / 2;
	struct lu_bounded found = {0};
	size_t rare = 0;

	for (size_t h = 0; h < sums->count; h++) {
		const struct stratum *s = &sums->strata[h];
		const double rest = s->size > 0 ? unseen(s) : 0, w = s->size / sums->size;
		if (rest == 0)
			continue;
		if (s->mean_guess[k] < mapped_share) {
			sums->rare[rare++] = (struct lu_weighted){s->sides[k].y / rest, w * rest / s->n};
			continue;
		}
		const double share = s->sides[k].y / s->n, left = left_variance(s, &s->sides[k]);
		const double own = variance(s->n, s->sides[k].y, s->sides[k].y);
		const double worth = own > 0 && left > 0 ? fmax(1, own / left) : 1;
		const struct lu_interval within = lu_wilson(share, s->n / rest * worth, z);
		found = lu_mover_sum(found, (struct lu_bounded){w * share, {w * within.low, w * within.high}});
	}
	return lu_mover_sum(found, lu_weighted_count(sums->rare, rare, tail));
}

static void finish(const struct sums *sums, struct lu_growth *out)
{
	struct lu_bounded bounds[LU_GROWTH_SIDES];

	out->net = (struct lu_figure){.known = true, .se_known = sums->every_stratum_has_variance};
	for (int k = 0; k < LU_GROWTH_SIDES; k++) {
		struct lu_figure *figure = &out->side[k];
		*figure = (struct lu_figure){.known = true, .se_known = out->net.se_known, .bounded = true};
		for (size_t h = 0; h < sums->count; h++) {
			const struct stratum *s = &sums->strata[h];
			const double w = s->size / sums->size;
			if (!(s->size > 0))
				continue;
			figure->value += w * share_of(s, k);
			figure->se += w * w * unseen(s) * left_variance(s, &s->sides[k]) / s->n;
		}
		figure->se = figure->se_known ? sqrt(figure->se) : 0;
		figure->value = fmin(1, fmax(0, figure->value));
		const struct lu_bounded b = bound_side(sums, k);
		bounds[k] = (struct lu_bounded){figure->value,
						{fmax(0, figure->value - (b.value - b.within.low)),
						 fmin(1, figure->value + (b.within.high - b.value))}};
		figure->within = bounds[k].within;
	}
	out->net.value = out->side[LU_GAINED].value - out->side[LU_LOST].value;
	for (size_t h = 0; h < sums->count; h++) {
		const struct stratum *s = &sums->strata[h];
		const double w = s->size / sums->size;
		const bool tuned_any = s->sides[LU_GAINED].weight > 0 || s->sides[LU_LOST].weight > 0;
		if (s->size > 0)
			out->net.se += w * w * unseen(s) * variance(s->n, s->residuals, s->squares) *
				       (tuned_any && s->n > 2 ? (s->n - 1) / (s->n - 2) : 1) / s->n;
	}
	out->net.se = out->net.se_known ? sqrt(out->net.se) : 0;
	const struct lu_bounded lost = bounds[LU_LOST];
	out->net.within =
		lu_mover_sum(bounds[LU_GAINED], (struct lu_bounded){-lost.value, {-lost.within.high, -lost.within.low}})
			.within;
	out->net.bounded = true;
	if (!sums->rule.wald)
		return;
	lu_figure_wald(&out->net, sums->rule.percent);
	for (int k = 0; k < LU_GROWTH_SIDES; k++)
		lu_figure_wald(&out->side[k], sums->rule.percent);
}

enum lu_status lu_growth_make(const struct lu_growth_unit *units, size_t unit_count,
			      const struct lu_growth_stratum *strata, size_t stratum_count, bool helped,
			      struct lu_interval_rule rule, struct lu_growth *out, struct lu_error *err)
{
	struct sums sums = {.count = stratum_count, .helped = helped, .rule = rule};
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_alloc(&sums.strata, stratum_count, sizeof(*sums.strata), "strata", err));
	LU_TRY(lu_alloc(&sums.rare, stratum_count, sizeof(*sums.rare), "strata", err));
	LU_TRY(load(&sums, units, unit_count, strata, err));
	finish(&sums, out);
out:
	lu_free(sums.strata);
	lu_free(sums.rare);
	return status;
}
