/*
 * growth.h: how much more of a class there is than before, helped by what a map says of every cell.
 *
 * Each labelled cell has y_gained and y_lost, 1 where the class truly gained or lost it, and the map's own guesses of both,
 * f, from 0 to 1: P(changed) on the side where the maps have the change, else 0. Guesses are known of all cells, so of each
 * stratum their mean F. Per stratum, with n of N cells labelled (difference estimator; a tuned weight):
 *
 *	share = weight F + mean(y - weight f),	weight = cov(y, f) / var(f) / (1 + n / N), 0 to 1
 *	V = (1 - n / N) var(y - weight f) / n
 *
 * and the growth is the share gained less the share lost, over all strata by their sizes. A guess that is no good gets no
 * weight; a design that knows nothing of guesses has none, and all this is the stratified mean.
 *
 * Intervals (interval.h): strata where the map has the side (F of .2 and more) by Wilson's, with as many cells as the helped
 * variance is worth; what is found in the others, which is rare and what others count by Wald miss, by gamma limits of the
 * weighted count; joined by MOVER, and so are gained and lost. Or Wald's.
 *
 * R. E. McRoberts, S. V. Stehman, G. C. Liknes, E. Naesset, C. Sannier, B. F. Walters: The effects of imperfect reference data
 *	on remote sensing-assisted estimators of land cover class proportions. ISPRS J. 142, 2018.
 * A. N. Angelopoulos, J. C. Duchi, T. Zrnic: PPI++: efficient prediction-powered inference. arXiv 2311.01453, 2023.
 * W. G. Cochran: Sampling Techniques, 3rd ed., 1977, 7.9 (strata with a regression each).
 */
#ifndef LU_ACCURACY_GROWTH_H
#define LU_ACCURACY_GROWTH_H

#include "accuracy/change_probability.h"
#include "accuracy/figure.h"

/* One labelled cell. Sides are those of enum lu_growth_side. */
struct lu_growth_unit {
	uint32_t stratum;
	bool is[LU_GROWTH_SIDES];
	double guess[LU_GROWTH_SIDES];
};

struct lu_growth_stratum {
	double size; /* N_h */
	double guess[LU_GROWTH_SIDES]; /* F_h */
};

/* Shares of the strata that have labelled cells. A stratum of which one cell of many is labelled has no variance. */
struct lu_growth {
	struct lu_figure side[LU_GROWTH_SIDES], net;
};

/*
 * 'helped': the strata's guesses are means over all their cells; else they are not used, and the units' stand for them where
 * a rule of intervals needs one. LU_ERROR_MEMORY; LU_ERROR_ARGUMENT where no stratum has a size. Any thread.
 */
enum lu_status lu_growth_make(const struct lu_growth_unit *units, size_t unit_count,
			      const struct lu_growth_stratum *strata, size_t stratum_count, bool helped,
			      struct lu_interval_rule rule, struct lu_growth *out, struct lu_error *err);

#endif
