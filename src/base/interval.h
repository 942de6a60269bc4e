/*
 * interval.h: confidence intervals that hold for shares near 0 and 1, where estimate ± z standard errors does not.
 *
 *	a proportion		Wilson 1927: the values that a score test does not refuse
 *	a weighted count	gamma limits: Fay and Feuer 1997, the upper one as varied by Tiwari, Clegg and Zou 2006
 *	a sum, a ratio		MOVER: the parts' own intervals, joined (Zou, Huang and Zhang 2009; Donner and Zou 2012)
 *
 * 'z' is the reach of the interval in standard errors (lu_interval_reach), 'tail' the chance left on either side, .025
 * for 95 %. Every interval holds its estimate. Any thread.
 *
 * E. B. Wilson: Probable inference, the law of succession, and statistical inference. JASA 22, 1927.
 * M. P. Fay, E. J. Feuer: Confidence intervals for directly standardized rates. Statistics in Medicine 16, 1997.
 * R. C. Tiwari, L. X. Clegg, Z. Zou: Efficient interval estimation for age-adjusted cancer rates. Statistical Methods in
 *	Medical Research 15, 2006.
 * G. Y. Zou, W. Huang, X. Zhang: A note on confidence interval estimation for a linear function of binomial proportions.
 *	Computational Statistics and Data Analysis 53, 2009.
 * A. Donner, G. Y. Zou: Closed-form confidence intervals for functions of the normal mean and standard deviation.
 *	Statistical Methods in Medical Research 21, 2012.
 */
#ifndef LU_BASE_INTERVAL_H
#define LU_BASE_INTERVAL_H

#include <stddef.h>

struct lu_interval {
	double low, high;
};

/* An estimate with its interval. */
struct lu_bounded {
	double value;
	struct lu_interval within;
};

/*
 * Of 'share' (0 to 1) found among 'n' units: 0 to 1 for n = 0. n need not be whole (an effective sample size), and is
 * INFINITY where the whole population was seen: the interval is then the share.
 */
struct lu_interval lu_wilson(double share, double n, double z);

/* One kind of unit that a weighted count sums up: 'count' of them were found, each stands for 'weight'. */
struct lu_weighted {
	double count, weight;
};

/*
 * Of sum(weight x count), counts being rare events. The mean weight and the mean of the squared ones, over all kinds and
 * not only those found, are what an event that was missed would have added.
 */
struct lu_bounded lu_weighted_count(const struct lu_weighted *parts, size_t n, double tail);

/* Of a + b, found independently of each other. */
struct lu_bounded lu_mover_sum(struct lu_bounded a, struct lu_bounded b);

/* Of a / (a + b), a and b not negative and found independently. 0 to 1; a + b must be above 0. */
struct lu_bounded lu_mover_share(struct lu_bounded a, struct lu_bounded b);

/* The value that a gamma variable of this shape and scale stays below with chance 'p' (0 < p < 1); 0 for shape 0. */
double lu_gamma_quantile(double p, double shape, double scale);

#endif
