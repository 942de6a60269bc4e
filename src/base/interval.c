/*
 * interval.c: closed forms, and the gamma distribution's quantile by halving.
 */
#include "base/interval.h"

#include <math.h>

struct lu_interval lu_wilson(double share, double n, double z)
{
	if (n == 0)
		return (struct lu_interval){0, 1};
	const double zz = z * z / n; /* 0 for a population seen whole */
	const double centre = (share + zz / 2) / (1 + zz);
	const double half = z * sqrt(share * (1 - share) / n + zz / (4 * n)) / (1 + zz);

	/* At 0 and 1 the formula ends there, but for a last bit. */
	return (struct lu_interval){share <= 0 ? 0 : fmin(share, fmax(0, centre - half)),
				    share >= 1 ? 1 : fmax(share, fmin(1, centre + half))};
}

/*
 * P(shape, x), the regularised lower incomplete gamma function: its series below the mean, the continued fraction of its
 * complement above, by Lentz's method (W. H. Press et al.: Numerical Recipes, 3rd ed., 2007, 6.2). Some sqrt(shape) terms.
 */
static double gamma_below(double shape, double x)
{
	enum { MOST_TERMS = 100000 };
	const double epsilon = 1e-15, tiny = 1e-300;

	if (x <= 0)
		return 0;
	const double scale = exp(shape * log(x) - x - lgamma(shape));
	if (x < shape + 1) {
		double term = 1 / shape, sum = term;
		for (int k = 1; k < MOST_TERMS && term > sum * epsilon; k++) {
			term *= x / (shape + k);
			sum += term;
		}
		return scale * sum;
	}
	double b = x + 1 - shape, c = 1 / tiny, d = 1 / b, fraction = d;
	for (int k = 1; k < MOST_TERMS; k++) {
		const double a = -k * (k - shape);
		b += 2;
		d = a * d + b;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = b + a / c;
		c = fabs(c) < tiny ? tiny : c;
		fraction *= d * c;
		if (fabs(d * c - 1) < epsilon)
			break;
	}
	return 1 - scale * fraction;
}

double lu_gamma_quantile(double p, double shape, double scale)
{
	double low = 0, high = shape + 1;

	if (!(shape > 0))
		return 0;
	while (gamma_below(shape, high) < p)
		high *= 2;
	for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
		const double middle = (low + high) / 2;
		if (gamma_below(shape, middle) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2 * scale;
}

struct lu_bounded lu_weighted_count(const struct lu_weighted *parts, size_t n, double tail)
{
	double y = 0, v = 0, weight = 0, square = 0;
	struct lu_bounded sum = {0};

	for (size_t i = 0; i < n; i++) {
		const double w = parts[i].weight;
		y += w * parts[i].count;
		v += w * w * parts[i].count;
		weight += w / (double)n;
		square += w * w / (double)n;
	}
	sum.value = sum.within.low = sum.within.high = y;
	if (y > 0)
		sum.within.low = fmin(y, lu_gamma_quantile(tail, y * y / v, v / y));
	if (weight > 0) {
		const double more = y + weight, spread = v + square;
		sum.within.high = fmax(y, lu_gamma_quantile(1 - tail, more * more / spread, spread / more));
	}
	return sum;
}

struct lu_bounded lu_mover_sum(struct lu_bounded a, struct lu_bounded b)
{
	const double value = a.value + b.value;

	return (struct lu_bounded){
		value,
		{value - hypot(a.value - a.within.low, b.value - b.within.low),
		 value + hypot(a.within.high - a.value, b.within.high - b.value)},
	};
}

/*
 * Of top / bottom, bottom > 0. With s = value x value, f(t, b) = t (2 top - t) b (2 bottom - b):
 *	low = (s - sqrt(s^2 - f(l1, u2))) / (u2 (2 bottom - u2)) = l1 (2 top - l1) / (s + sqrt(...))
 *	high = (s + sqrt(s^2 - f(u1, l2))) / (l2 (2 bottom - l2))
 * Donner and Zou 2012, eq. 9; the second form of 'low' holds where its divisor is 0, too.
 */
static struct lu_interval mover_ratio(struct lu_bounded top, struct lu_bounded bottom)
{
	const double s = top.value * bottom.value;
	const double l1 = top.within.low * (2 * top.value - top.within.low);
	const double u1 = top.within.high * (2 * top.value - top.within.high);
	const double l2 = bottom.within.low * (2 * bottom.value - bottom.within.low);
	const double u2 = bottom.within.high * (2 * bottom.value - bottom.within.high);
	const double low = s + sqrt(fmax(0, s * s - l1 * u2));

	return (struct lu_interval){low > 0 ? fmax(0, l1 / low) : 0,
				    l2 > 0 ? (s + sqrt(fmax(0, s * s - u1 * l2))) / l2 : INFINITY};
}

struct lu_bounded lu_mover_share(struct lu_bounded a, struct lu_bounded b)
{
	struct lu_bounded share = {.value = a.value / (a.value + b.value)};

	/* a / (a + b) falls with b / a, and rises with a / b. */
	if (a.value > 0) {
		const struct lu_interval ratio = mover_ratio(b, a);
		share.within = (struct lu_interval){1 / (1 + ratio.high), 1 / (1 + ratio.low)};
	} else {
		const struct lu_interval ratio = mover_ratio(a, b);
		share.within = (struct lu_interval){ratio.low / (1 + ratio.low),
						    isinf(ratio.high) ? 1 : ratio.high / (1 + ratio.high)};
	}
	share.within.low = fmin(share.within.low, share.value);
	share.within.high = fmax(share.within.high, share.value);
	return share;
}
