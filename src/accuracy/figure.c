/*
 * figure.c: the normal distribution's quantile, by halving, and what rests on it alone.
 */
#include "accuracy/figure.h"

#include <math.h>

double lu_interval_reach(double percent)
{
	double low = 0.0, high = 40.0;

	if (percent == 95.0)
		return LU_Z95;
	/* P(|Z| > z) = erfc(z / sqrt 2): the tails, so that levels near 100 keep their digits. */
	for (int i = 0; i < 100; i++) {
		const double z = (low + high) / 2.0;

		if (erfc(z / sqrt(2.0)) > 1.0 - percent / 100.0)
			low = z;
		else
			high = z;
	}
	return low;
}

void lu_figure_wald(struct lu_figure *figure, double percent)
{
	const double reach = lu_interval_reach(percent) * figure->se;

	figure->bounded = figure->known && figure->se_known;
	if (figure->bounded)
		figure->within = (struct lu_interval){figure->value - reach, figure->value + reach};
}
