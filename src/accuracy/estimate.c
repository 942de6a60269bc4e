/*
 * estimate.c: the estimators of Olofsson et al. 2014.
 */
#include "accuracy/estimate.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* One error matrix on its way to estimates. Row sums are exact in a double: counts are small. */
struct matrix {
	const uint64_t *counts;
	const double *area;
	const double *units; /* N_i; NULL, or 0: not known */
	size_t count;
	struct lu_interval_rule rule;
	double total_area; /* of strata with a sample */
	bool every_row_has_variance;
};

static double at(const struct matrix *m, size_t i, size_t j)
{
	return (double)m->counts[i * m->count + j];
}

static double row_sum(const struct matrix *m, size_t i)
{
	double sum = 0.0;

	for (size_t j = 0; j < m->count; j++)
		sum += at(m, i, j);
	return sum;
}

/* W_i, and 0 for a stratum that was not sampled. */
static double weight(const struct matrix *m, size_t i)
{
	return row_sum(m, i) > 0.0 ? m->area[i] / m->total_area : 0.0;
}

/* 1 - n_i / N_i: the part of the stratum that nobody has labelled. */
static double unseen(const struct matrix *m, size_t i)
{
	const double n = row_sum(m, i), all = m->units != NULL ? m->units[i] : 0.0;

	return all > 0.0 ? fmax(0.0, 1.0 - n / all) : 1.0;
}

/* What is found in stratum i, p_ij or U_i x W_i: its share of the ground with Wilson's interval. */
static struct lu_bounded found(const struct matrix *m, size_t i, size_t j)
{
	const double n = row_sum(m, i), w = weight(m, i);
	struct lu_bounded part = {0};

	if (!(w > 0.0))
		return part;
	const double share = at(m, i, j) / n;
	const struct lu_interval within = lu_wilson(share, n / unseen(m, i), lu_interval_reach(m->rule.percent));

	part.value = w * share;
	part.within = (struct lu_interval){w * within.low, w * within.high};
	return part;
}

static enum lu_status check(struct matrix *m, struct lu_accuracy *a, struct lu_error *err)
{
	m->every_row_has_variance = true;
	for (size_t i = 0; i < m->count; i++) {
		const double n = row_sum(m, i);

		if (!lu_is_size(m->area[i]))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "accuracy: mapped area %g of class %zu: expected 0, or 1e-100 to 1e100",
				       m->area[i], i + 1);
		if (m->area[i] == 0.0)
			continue;
		if (n == 0.0) {
			a->empty_strata++;
			a->unsampled_area += m->area[i];
			continue;
		}
		m->total_area += m->area[i];
		if (n == 1.0 && unseen(m, i) > 0.0) {
			a->single_strata++;
			m->every_row_has_variance = false;
		}
	}
	a->sampled_area = m->total_area;
	if (!(m->total_area > 0.0))
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"accuracy: no sample unit lies in a class with mapped area (are the labels of this map?)");
	return LU_OK;
}

/* p_+j and its standard error; also fills column j of the proportions. */
static struct lu_figure proportion(const struct matrix *m, size_t j, double *proportions)
{
	struct lu_figure p = {.known = true, .se_known = m->every_row_has_variance};
	double variance = 0.0;

	for (size_t i = 0; i < m->count; i++) {
		const double n = row_sum(m, i), w = weight(m, i);
		const double p_ij = w > 0.0 ? w * at(m, i, j) / n : 0.0;

		proportions[i * m->count + j] = p_ij;
		p.value += p_ij;
		if (w > 0.0 && n > 1.0)
			variance += unseen(m, i) * (w * p_ij - p_ij * p_ij) / (n - 1.0);
	}
	p.se = p.se_known ? sqrt(fmax(0.0, variance)) : 0.0;
	return p;
}

static struct lu_figure users(const struct matrix *m, size_t i)
{
	const double n = row_sum(m, i), rest = n > 0.0 ? unseen(m, i) : 1.0;
	struct lu_figure u = {.known = n > 0.0, .se_known = n > 1.0 || rest == 0.0};

	if (!u.known)
		return u;
	u.value = at(m, i, i) / n;
	if (n > 1.0)
		u.se = sqrt(rest * u.value * (1.0 - u.value) / (n - 1.0));
	u.within = lu_wilson(u.value, n / rest, lu_interval_reach(m->rule.percent));
	u.bounded = true;
	return u;
}

static struct lu_figure overall(const struct matrix *m)
{
	struct lu_figure o = {.known = true, .se_known = m->every_row_has_variance};
	struct lu_bounded sum = {0};
	double variance = 0.0;

	for (size_t i = 0; i < m->count; i++) {
		const double w = weight(m, i);
		const struct lu_figure u = users(m, i);

		const struct lu_bounded part = found(m, i, i);

		o.value += w * u.value;
		variance += w * w * u.se * u.se;
		sum = lu_mover_sum(sum, part);
	}
	o.se = o.se_known ? sqrt(variance) : 0.0;
	o.within = sum.within;
	o.bounded = true;
	return o;
}

/* Eq. 7, with areas in the place of pixel counts N: their unit cancels. */
static struct lu_figure producers(const struct matrix *m, size_t j)
{
	struct lu_figure p = {0};
	double reference = 0.0, others = 0.0;

	for (size_t i = 0; i < m->count; i++) {
		if (weight(m, i) > 0.0)
			reference += m->area[i] * at(m, i, j) / row_sum(m, i);
	}
	p.known = reference > 0.0;
	if (!p.known)
		return p;

	const double n_j = row_sum(m, j);
	const double u = n_j > 0.0 ? at(m, j, j) / n_j : 0.0;
	const double area = weight(m, j) > 0.0 ? m->area[j] : 0.0;

	p.value = area * u / reference;
	p.se_known = m->every_row_has_variance;
	if (!p.se_known)
		return p;
	for (size_t i = 0; i < m->count; i++) {
		const double n = row_sum(m, i);

		if (i == j || weight(m, i) == 0.0)
			continue;
		const double share = at(m, i, j) / n;

		if (n > 1.0)
			others += unseen(m, i) * m->area[i] * m->area[i] * share * (1.0 - share) / (n - 1.0);
	}
	double own = 0.0;

	if (area > 0.0 && n_j > 1.0)
		own = unseen(m, j) * area * area * (1.0 - p.value) * (1.0 - p.value) * u * (1.0 - u) / (n_j - 1.0);
	p.se = sqrt(own + p.value * p.value * others) / reference;
	return p;
}

/*
 * Class j where it was mapped as something else. With the correction for what was labelled a stratum's variance is
 * w^2 f x, f its unseen part: that of x / f events of weight w f. What lies in strata labelled whole is certain.
 */
static struct lu_bounded omitted(const struct matrix *m, size_t j, struct lu_weighted *scratch)
{
	const double tail = (1.0 - m->rule.percent / 100.0) / 2.0;
	double certain = 0.0;
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++) {
		const double w = weight(m, i), rest = w > 0.0 ? unseen(m, i) : 0.0;

		if (i == j || w == 0.0)
			continue;
		const double each = w / row_sum(m, i);

		if (rest > 0.0)
			scratch[n++] = (struct lu_weighted){at(m, i, j) / rest, each * rest};
		else
			certain += each * at(m, i, j);
	}
	struct lu_bounded sum = lu_weighted_count(scratch, n, tail);

	sum.value += certain;
	sum.within.low += certain;
	sum.within.high += certain;
	return sum;
}

/* The intervals of class j's share and of its producer's accuracy. */
static void bound_class(const struct matrix *m, size_t j, struct lu_weighted *scratch, struct lu_class_figures *c)
{
	const struct lu_bounded own = found(m, j, j), elsewhere = omitted(m, j, scratch);

	c->proportion.within = lu_mover_sum(own, elsewhere).within;
	c->proportion.within.high = fmin(1.0, c->proportion.within.high);
	c->proportion.bounded = true;
	c->producers.bounded = c->producers.known;
	if (c->producers.known)
		c->producers.within = lu_mover_share(own, elsewhere).within;
}

/* Would one more unit of some stratum move p_+j by more than half its standard error? */
static bool is_thin(const struct matrix *m, struct lu_figure p)
{
	for (size_t i = 0; i < m->count; i++) {
		if (weight(m, i) > 0.0 && weight(m, i) / row_sum(m, i) > 0.5 * p.se)
			return true;
	}
	return false;
}

enum lu_status lu_accuracy_make(const uint64_t *counts, const double *mapped_area, const double *units, size_t count,
				struct lu_interval_rule rule, struct lu_accuracy *out, struct lu_error *err)
{
	struct matrix m = {.counts = counts, .area = mapped_area, .units = units, .count = count, .rule = rule};
	struct lu_weighted *scratch = NULL;
	struct lu_accuracy a = {.count = count};
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(check(&m, &a, err));
	LU_TRY(lu_alloc(&a.classes, count, sizeof(*a.classes), "accuracy", err));
	LU_TRY(lu_alloc(&a.areas, count, sizeof(*a.areas), "accuracy", err));
	LU_TRY(lu_alloc(&a.proportions, count * count, sizeof(*a.proportions), "accuracy", err));
	LU_TRY(lu_alloc(&scratch, count, sizeof(*scratch), "accuracy", err));
	for (size_t i = 0; i < count; i++) {
		struct lu_class_figures *c = &a.classes[i];
		struct lu_accuracy_area *area = &a.areas[i];

		c->proportion = proportion(&m, i, a.proportions);
		c->users = users(&m, i);
		c->producers = producers(&m, i);
		bound_class(&m, i, scratch, c);
		if (rule.wald) {
			lu_figure_wald(&c->proportion, rule.percent);
			lu_figure_wald(&c->users, rule.percent);
			lu_figure_wald(&c->producers, rule.percent);
		}
		area->mapped_area = mapped_area[i];
		for (size_t k = 0; k < count; k++) {
			area->map_sample += counts[i * count + k];
			area->reference_sample += counts[k * count + i];
		}
		area->area = lu_figure_times(c->proportion, m.total_area);
		area->thin = is_thin(&m, c->proportion);
	}
	a.overall = overall(&m);
	if (rule.wald)
		lu_figure_wald(&a.overall, rule.percent);
	*out = a;
	memset(&a, 0, sizeof(a));
out:
	lu_free(scratch);
	lu_accuracy_release(&a);
	return status;
}

void lu_accuracy_release(struct lu_accuracy *accuracy)
{
	if (accuracy == NULL)
		return;
	lu_free(accuracy->classes);
	lu_free(accuracy->areas);
	lu_free(accuracy->proportions);
	memset(accuracy, 0, sizeof(*accuracy));
}

uint64_t lu_sample_size(const double *share, const double *users_accuracy, size_t count, double target_se)
{
	double sum = 0.0, total = 0.0;

	for (size_t i = 0; i < count; i++) {
		sum += share[i] * sqrt(users_accuracy[i] * (1.0 - users_accuracy[i]));
		total += share[i];
	}
	if (!(target_se > 0.0) || !(total > 0.0))
		return 0;
	/* The 1e-9 keeps a whole number from being rounded up by its last bit. */
	return (uint64_t)ceil(pow(sum / total / target_se, 2.0) - 1e-9);
}

bool lu_expected_se(const double *share, const double *users, const uint64_t *sample, size_t count, double *se)
{
	double sum = 0.0, variance = 0.0;

	*se = 0.0;
	for (size_t i = 0; i < count; i++)
		sum += share[i];
	for (size_t i = 0; i < count; i++) {
		const double w = share[i] / sum, spread = users[i] * (1.0 - users[i]);

		if (!(w * w * spread > 0.0))
			continue;
		if (sample[i] < 2)
			return false;
		variance += w * w * spread / (double)(sample[i] - 1);
	}
	*se = sqrt(variance);
	return sum > 0.0;
}

struct lu_figure lu_kappa(const uint64_t *counts, size_t n)
{
	const struct matrix m = {.counts = counts, .count = n};
	struct lu_figure kappa = {0};
	double total = 0.0, agree = 0.0, chance = 0.0, diagonal = 0.0, rest = 0.0;

	for (size_t i = 0; i < n; i++)
		total += row_sum(&m, i);
	if (total == 0.0)
		return kappa;
	for (size_t i = 0; i < n; i++) {
		double column = 0.0;

		for (size_t k = 0; k < n; k++)
			column += at(&m, k, i);
		agree += at(&m, i, i) / total;
		chance += row_sum(&m, i) / total * (column / total);
	}
	if (chance >= 1.0)
		return kappa;
	kappa.known = kappa.se_known = true;
	kappa.value = (agree - chance) / (1.0 - chance);

	/* With f = 1 - kappa: V = [sum p_ii (1 - (p_i+ + p_+i) f)^2 + f^2 sum_{i != j} p_ij (p_+i + p_j+)^2
	   - (kappa - chance f)^2] / (N (1 - chance)^2). */
	const double f = 1.0 - kappa.value;

	for (size_t i = 0; i < n; i++) {
		double column_i = 0.0;

		for (size_t k = 0; k < n; k++)
			column_i += at(&m, k, i) / total;
		for (size_t j = 0; j < n; j++) {
			const double p = at(&m, i, j) / total, row_j = row_sum(&m, j) / total;

			if (i == j)
				diagonal += p * pow(1.0 - (row_j + column_i) * f, 2.0);
			else
				rest += p * pow(column_i + row_j, 2.0);
		}
	}
	const double variance = (diagonal + f * f * rest - pow(kappa.value - chance * f, 2.0)) /
				(total * (1.0 - chance) * (1.0 - chance));

	kappa.se = sqrt(fmax(0.0, variance));
	return kappa;
}
