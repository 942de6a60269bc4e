/*
 * stehman.h: accuracy and areas when the strata are not the map's classes.
 *
 * Strata may be change classes, districts, or an older map. Every figure is then a mean of an
 * indicator y over the population, or a ratio of two such means (y over x):
 *
 *	area of class k		y = 1 where the reference is k
 *	overall accuracy	y = 1 where map and reference agree
 *	user's accuracy of k	y = 1 where both are k, x = 1 where the map is k
 *	producer's accuracy of k	y = 1 where both are k, x = 1 where the reference is k
 *
 * With N_h units and n_h sampled in stratum h, means m, variances s^2 and covariance s_xy of y and x
 * over the stratum's sample:
 *
 *	mean:	sum_h N_h m_yh / N,	V = sum_h N_h^2 (1 - n_h / N_h) s_yh^2 / n_h / N^2
 *	ratio:	R = Y / X,		V = sum_h N_h^2 (1 - n_h / N_h) (s_yh^2 + R^2 s_xh^2 - 2 R s_xyh) / n_h / X^2
 *
 * Intervals (interval.h): of means from Wilson's of the strata, joined by MOVER; of ratios Wilson's, with the sample size at
 * which a simple random sample has the design's variance (E. L. Korn, B. I. Graubard: Confidence intervals for proportions
 * with small expected number of positive counts estimated from survey data. Survey Methodology 24, 1998). Or Wald's.
 *
 * S. V. Stehman: Estimating area and map accuracy for stratified random sampling when the strata
 * are different from the map classes. Int. J. Remote Sensing 35(13), 2014, eqs. 2, 3, 25-29.
 */
#ifndef LU_ACCURACY_STEHMAN_H
#define LU_ACCURACY_STEHMAN_H

#include "accuracy/figure.h"
#include "base/error.h"

/* One sample unit: numbers of its stratum, map class and reference class, counted from 0. */
struct lu_sample_unit {
	uint32_t stratum, map, reference;
	uint64_t more; /* further units that are the same in all three */
};

/* Empty strata are left out and single units have no variance, as in struct lu_accuracy. */
struct lu_ratio_accuracy {
	size_t class_count;
	double sampled_size, unsampled_size; /* sums of N_h */
	size_t empty_strata, single_strata;
	struct lu_figure overall;
	struct lu_class_figures *classes; /* class_count; shares are of the sampled population */
	double *proportions; /* class_count^2, rows = map, columns = reference */
};

/*
 * 'stratum_size' has N_h, in units, for 'stratum_count' strata. LU_ERROR_ARGUMENT for numbers out
 * of range, a stratum with more sample units than units, or no sample at all. '*out' is the
 * caller's: lu_ratio_accuracy_release. Any thread.
 */
enum lu_status lu_ratio_accuracy_make(const struct lu_sample_unit *units, size_t unit_count, const double *stratum_size,
				      size_t stratum_count, size_t class_count, struct lu_interval_rule rule,
				      struct lu_ratio_accuracy *out, struct lu_error *err);
void lu_ratio_accuracy_release(struct lu_ratio_accuracy *accuracy);

#endif
