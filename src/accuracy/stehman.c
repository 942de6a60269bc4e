/*
 * stehman.c: indicator and ratio estimators.
 *
 * Indicators are 0 or 1, so a stratum's means, variances and covariance all follow from three
 * counts: where y, where x, and where both are 1.
 */
#include "accuracy/stehman.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

struct stratum {
	double size; /* N_h; 0 for a stratum without sample: it is left out */
	double n; /* n_h */
	double y, x, xy; /* sample units where the indicators are 1 */
};

struct design {
	const struct lu_sample_unit *units;
	size_t unit_count;
	struct stratum *strata;
	size_t stratum_count;
	struct lu_interval_rule rule;
	bool every_stratum_has_variance;
};

typedef bool indicator(const struct lu_sample_unit *unit, uint32_t class);

static bool always(const struct lu_sample_unit *unit, uint32_t class)
{
	(void)unit;
	(void)class;
	return true;
}

static bool agrees(const struct lu_sample_unit *unit, uint32_t class)
{
	(void)class;
	return unit->map == unit->reference;
}

static bool map_is(const struct lu_sample_unit *unit, uint32_t class)
{
	return unit->map == class;
}

static bool reference_is(const struct lu_sample_unit *unit, uint32_t class)
{
	return unit->reference == class;
}

static bool both_are(const struct lu_sample_unit *unit, uint32_t class)
{
	return unit->map == class && unit->reference == class;
}

static double count_of(const struct lu_sample_unit *unit)
{
	return 1.0 + (double)unit->more;
}

/* Of the mean of y: its strata's shares by Wilson, weighed and joined. */
static struct lu_interval bound_mean(const struct design *d, double total_size)
{
	const double z = lu_interval_reach(d->rule.percent);
	struct lu_bounded sum = {0};

	for (size_t h = 0; h < d->stratum_count; h++) {
		const struct stratum *s = &d->strata[h];

		if (s->size <= 0.0)
			continue;
		const double weight = s->size / total_size, share = s->y / s->n;
		const struct lu_interval within = lu_wilson(share, s->n / (1.0 - s->n / s->size), z);

		sum = lu_mover_sum(sum,
				   (struct lu_bounded){weight * share, {weight * within.low, weight * within.high}});
	}
	return (struct lu_interval){fmax(0.0, sum.within.low), fmin(1.0, sum.within.high)};
}

/*
 * Of a ratio. Where all or none of the domain agree its variance is 0 and tells nothing: then the domain's units count as
 * if the design had the variance of shares that are alike in all strata, sum of W_h^2 f_h / n_h.
 */
static struct lu_interval bound_ratio(const struct design *d, struct lu_figure r, double total_size)
{
	double n = r.value * (1.0 - r.value) / (r.se * r.se), in_domain = 0.0, drawn = 0.0, sum = 0.0;

	if (!r.se_known || r.value == 0.0 || r.value == 1.0) {
		for (size_t h = 0; h < d->stratum_count; h++) {
			const struct stratum *s = &d->strata[h];

			if (s->size <= 0.0)
				continue;
			in_domain += s->x;
			drawn += s->n;
			sum += s->size / total_size * (s->size / total_size) * (1.0 - s->n / s->size) / s->n;
		}
		n = in_domain / drawn / sum;
	}
	return lu_wilson(r.value, n, lu_interval_reach(d->rule.percent));
}

/* R = Y / X. With x always 1 this is the mean: s_x and s_xy vanish and X is N. */
static struct lu_figure ratio(struct design *d, indicator *y, indicator *x, uint32_t class)
{
	struct lu_figure r = {0};
	double total_y = 0.0, total_x = 0.0, total_size = 0.0, variance = 0.0;

	for (size_t h = 0; h < d->stratum_count; h++)
		d->strata[h].y = d->strata[h].x = d->strata[h].xy = 0.0;
	for (size_t i = 0; i < d->unit_count; i++) {
		struct stratum *s = &d->strata[d->units[i].stratum];
		const bool is_y = y(&d->units[i], class), is_x = x(&d->units[i], class);
		const double count = count_of(&d->units[i]);

		s->y += is_y ? count : 0.0;
		s->x += is_x ? count : 0.0;
		s->xy += is_y && is_x ? count : 0.0;
	}
	for (size_t h = 0; h < d->stratum_count; h++) {
		const struct stratum *s = &d->strata[h];

		if (s->size > 0.0) {
			total_y += s->size * s->y / s->n;
			total_x += s->size * s->x / s->n;
			total_size += s->size;
		}
	}
	r.known = total_x > 0.0;
	if (!r.known)
		return r;
	r.value = total_y / total_x;
	r.se_known = d->every_stratum_has_variance;
	for (size_t h = 0; h < d->stratum_count; h++) {
		const struct stratum *s = &d->strata[h];

		if (s->size <= 0.0 || s->n < 2.0)
			continue;
		const double my = s->y / s->n, mx = s->x / s->n, freedom = s->n / (s->n - 1.0);
		const double sy2 = my * (1.0 - my) * freedom, sx2 = mx * (1.0 - mx) * freedom;
		const double sxy = (s->xy / s->n - mx * my) * freedom;

		variance += s->size * s->size * (1.0 - s->n / s->size) *
			    (sy2 + r.value * r.value * sx2 - 2.0 * r.value * sxy) / s->n;
	}
	r.se = r.se_known ? sqrt(fmax(0.0, variance)) / total_x : 0.0;
	r.bounded = true;
	if (d->rule.wald)
		lu_figure_wald(&r, d->rule.percent);
	else
		r.within = x == always ? bound_mean(d, total_size) : bound_ratio(d, r, total_size);
	return r;
}

static enum lu_status load(struct design *d, const double *stratum_size, size_t class_count,
			   struct lu_ratio_accuracy *a, struct lu_error *err)
{
	for (size_t i = 0; i < d->unit_count; i++) {
		const struct lu_sample_unit *u = &d->units[i];

		if (u->stratum >= d->stratum_count || u->map >= class_count || u->reference >= class_count)
			return lu_fail(
				err, LU_ERROR_ARGUMENT,
				"sample unit %zu: stratum %u, map class %u, reference class %u: there are %zu strata "
				"and %zu classes, counted from 0",
				i + 1, u->stratum, u->map, u->reference, d->stratum_count, class_count);
		d->strata[u->stratum].n += count_of(u);
	}
	d->every_stratum_has_variance = true;
	for (size_t h = 0; h < d->stratum_count; h++) {
		struct stratum *s = &d->strata[h];

		if (!lu_is_size(stratum_size[h]))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "stratum %zu has %g units: expected 0, or 1e-100 to 1e100", h + 1,
				       stratum_size[h]);
		if (stratum_size[h] < s->n)
			return lu_fail(
				err, LU_ERROR_ARGUMENT,
				"stratum %zu has %g units and %g of them in the sample: a unit is sampled once at most",
				h + 1, stratum_size[h], s->n);
		if (stratum_size[h] == 0.0)
			continue;
		if (s->n == 0.0) {
			a->empty_strata++;
			a->unsampled_size += stratum_size[h];
			continue;
		}
		s->size = stratum_size[h];
		a->sampled_size += s->size;
		/* A stratum sampled whole is known whole, also when it is one unit. */
		if (s->n == 1.0 && s->size > 1.0) {
			a->single_strata++;
			d->every_stratum_has_variance = false;
		}
	}
	if (a->sampled_size == 0.0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "accuracy: the sample is empty");
	return LU_OK;
}

enum lu_status lu_ratio_accuracy_make(const struct lu_sample_unit *units, size_t unit_count, const double *stratum_size,
				      size_t stratum_count, size_t class_count, struct lu_interval_rule rule,
				      struct lu_ratio_accuracy *out, struct lu_error *err)
{
	struct design d = {.units = units, .unit_count = unit_count, .stratum_count = stratum_count, .rule = rule};
	struct lu_ratio_accuracy a = {.class_count = class_count};
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_alloc(&d.strata, stratum_count, sizeof(*d.strata), "strata", err));
	LU_TRY(load(&d, stratum_size, class_count, &a, err));
	LU_TRY(lu_alloc(&a.classes, class_count, sizeof(*a.classes), "accuracy", err));
	LU_TRY(lu_alloc(&a.proportions, class_count * class_count, sizeof(*a.proportions), "accuracy", err));
	a.overall = ratio(&d, agrees, always, 0);
	for (uint32_t k = 0; k < class_count; k++) {
		a.classes[k].proportion = ratio(&d, reference_is, always, k);
		a.classes[k].users = ratio(&d, both_are, map_is, k);
		a.classes[k].producers = ratio(&d, both_are, reference_is, k);
	}
	for (size_t i = 0; i < unit_count; i++) {
		const struct stratum *s = &d.strata[units[i].stratum];

		a.proportions[units[i].map * class_count + units[i].reference] +=
			count_of(&units[i]) * (s->size / s->n / a.sampled_size);
	}
	*out = a;
	memset(&a, 0, sizeof(a));
out:
	lu_free(d.strata);
	lu_ratio_accuracy_release(&a);
	return status;
}

void lu_ratio_accuracy_release(struct lu_ratio_accuracy *accuracy)
{
	if (accuracy == NULL)
		return;
	lu_free(accuracy->classes);
	lu_free(accuracy->proportions);
	memset(accuracy, 0, sizeof(*accuracy));
}
