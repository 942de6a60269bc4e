/*
 * estimate.h: accuracy and areas from a stratified random sample whose strata are the map's classes.
 *
 * The map's own areas are biased by its errors; a sample with reference labels corrects them and
 * says how sure the correction is. Rows are map classes (the strata), columns reference classes,
 * W_i = A_i / A the mapped share, n_ij the counts:
 *
 *	p_ij = W_i n_ij / n_i+		proportion of area
 *	area_j = A p_+j,		SE(p_+j) = sqrt(sum_i (W_i p_ij - p_ij^2) / (n_i+ - 1))
 *	overall O = sum p_jj,		V(O) = sum W_i^2 U_i (1 - U_i) / (n_i+ - 1)
 *	user's U_i = n_ii / n_i+,	V(U_i) = U_i (1 - U_i) / (n_i+ - 1)
 *	producer's P_j = p_jj / p_+j	(variance: eq. 7 of the paper)
 *
 * P. Olofsson, G. M. Foody, M. Herold, S. V. Stehman, C. E. Woodcock, M. A. Wulder: Good practices
 * for estimating area and assessing accuracy of land change. Remote Sens. Environ. 148, 2014,
 * eqs. 1-11 and 13. For other strata see stehman.h.
 *
 * Where the strata's numbers of units N_i are known, 1 - n_i / N_i stands beside every variance (finite population
 * correction): a stratum that was labelled whole has none.
 *
 * Intervals (interval.h): user's accuracy by Wilson; areas and producer's accuracy from the class's own stratum by Wilson
 * and from omissions, found in the other strata, by gamma limits, joined by MOVER; overall accuracy from Wilson's of the
 * strata, joined by MOVER. By the Wald rule the normal approximation instead: where a class was found in a large stratum
 * by one or two units, or by none though it is there, that is too narrow: in simulation 95 % becomes 52
 * (test_intervals.c). 'thin' marks a class's area when one more unit in some stratum would move it by more than half its
 * standard error, that is, when the estimate rests on fewer than about four such units.
 */
#ifndef LU_ACCURACY_ESTIMATE_H
#define LU_ACCURACY_ESTIMATE_H

#include "accuracy/figure.h"
#include "base/error.h"

/* Of one class, beside its figures. */
struct lu_accuracy_area {
	double mapped_area; /* A_i, in the caller's unit */
	uint64_t map_sample, reference_sample; /* n_i+ and n_+i */
	struct lu_figure area; /* p_+i in the caller's unit */
	bool thin; /* the area's Wald interval is too narrow: see above */
};

/*
 * A stratum without a single sample unit says nothing, so it is left out of the population: every
 * figure then holds for the other strata, and 'unsampled_area' is what is missing. A stratum with one
 * unit has no variance: figures that rest on it have no standard error. Both are counted here for
 * the caller's warning. Strata of no mapped area are neither.
 */
struct lu_accuracy {
	size_t count;
	double sampled_area, unsampled_area;
	size_t empty_strata, single_strata;
	struct lu_figure overall;
	struct lu_class_figures *classes; /* count; shares are p_+i, of the sampled area */
	struct lu_accuracy_area *areas; /* count */
	double *proportions; /* count x count: p_ij; add up to 1 */
};

/*
 * 'counts' is count x count, row-major, rows = map; 'mapped_area' has count entries, and so has 'units', the strata's
 * N_i (0: not known), or it is NULL. '*out' is the caller's: lu_accuracy_release. LU_ERROR_ARGUMENT when an area is negative or not finite or no
 * sampled stratum has any. Any thread.
 */
enum lu_status lu_accuracy_make(const uint64_t *counts, const double *mapped_area, const double *units, size_t count,
				struct lu_interval_rule rule, struct lu_accuracy *out, struct lu_error *err);
void lu_accuracy_release(struct lu_accuracy *accuracy);

/*
 * Sample size for a standard error 'target_se' of overall accuracy, from guesses of user's accuracy:
 * n = (sum W_i S_i / target_se)^2, S_i = sqrt(U_i (1 - U_i)), rounded up (eq. 13; Cochran 1977,
 * eq. 5.25, for a large population). 'share' need not add up to 1. 0 when target_se is not positive.
 */
uint64_t lu_sample_size(const double *share, const double *users, size_t count, double target_se);

/*
 * The standard error of overall accuracy that lu_accuracy_make will find with 'sample' units in each stratum, if the
 * guesses hold: V(O) = sum W_i^2 U_i (1 - U_i) / (n_i - 1). False where a stratum that matters has fewer than two.
 */
bool lu_expected_se(const double *share, const double *users, const uint64_t *sample, size_t count, double *se);

/*
 * Cohen's kappa of n x n counts of a simple random sample, and its large-sample standard error
 * (J. L. Fleiss, J. Cohen, B. S. Everitt: Large sample standard errors of kappa and weighted kappa.
 * Psychological Bulletin 72, 1969, eq. 13). Not known when chance agreement is complete, or
 * without counts. Given for comparison with older reports: it says nothing that overall accuracy and
 * areas do not say better (R. G. Pontius Jr., M. Millones: Death to Kappa. IJRS 32, 2011).
 */
struct lu_figure lu_kappa(const uint64_t *counts, size_t n);

#endif
