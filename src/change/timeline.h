/*
 * timeline.h: one cell through two or more dates.
 *
 * The true class is a hidden Markov chain over the dates; the classifier's probabilities are what
 * is seen of it. A transition prior says which steps are likely, unlikely or forbidden (developed
 * land rarely reverts), so a class that is another for one date is not taken for two changes.
 *
 * L. R. Rabiner: A tutorial on hidden Markov models. Proc. IEEE 77(2), 1989, eqs. 19-27 (scaled
 * forward-backward) and 30-35 (Viterbi, here in logarithms). For two dates: P. H. Swain: Bayesian
 * classification in a time-varying environment. IEEE Trans. SMC 8, 1978.
 */
#ifndef LU_CHANGE_TIMELINE_H
#define LU_CHANGE_TIMELINE_H

#include "base/error.h"

/* Dates of one timeline, more than any archive of aerial surveys has. */
#define LU_MAX_DATES 64

/*
 * The chain, and scratch space for one thread. 'dates' is at least 1; steps between dates may differ
 * in length and so in transitions.
 */
struct lu_timeline;

/*
 * 'start' (classes) is the class prior at the first date; 'trained' (classes, or NULL for balanced)
 * the prior under which the probabilities were calibrated; 'transition' (dates - 1 tables of
 * classes x classes, rows = earlier) the prior of each step. Rows are scaled to add up to 1; a row of
 * zeros is an error, a zero entry forbids the step. All are copied. LU_ERROR_ARGUMENT otherwise.
 *
 * Below, 'probability' is dates x classes; a date whose probabilities are all 0 was not mapped: it says nothing. 'tilt'
 * (dates - 1, within +-100; NULL: all 0) is added to the logarithm of every change of class at a step: what is known of the
 * cell beside the answers.
 */
enum lu_status lu_timeline_new(size_t classes, size_t dates, const double *start, const double *trained,
			       const double *transition, struct lu_timeline **out, struct lu_error *err);
void lu_timeline_free(struct lu_timeline *timeline);

/*
 * The most probable sequence of classes (indices from 0) into path[dates]; of equals, the one with the
 * lower class at the last date where they differ. False when no allowed sequence fits.
 */
bool lu_timeline_path(struct lu_timeline *timeline, const float *probability, const double *tilt, uint16_t *path);

/*
 * Of every step, into odds[dates - 1]: the logarithm of how much more probable the best sequence that changes there is
 * than the best that does not; infinite where there is none of the one or the other. False when no allowed sequence fits.
 */
bool lu_timeline_turns(struct lu_timeline *timeline, const float *probability, double *odds);

/*
 * The posterior of every pair of classes at dates 'a' < 'b', from all dates: pair[i * classes + j] is the
 * probability of class i at date a and class j at date b, and all of them add up to 1. So 1 - the sum of
 * the diagonal is the probability that the two dates differ, whatever lies between them. Returns false,
 * leaving 'pair' undefined, when no allowed sequence fits.
 */
bool lu_timeline_pair(struct lu_timeline *timeline, const float *probability, const double *tilt, size_t a, size_t b,
		      double *pair);

/*
 * A transition prior for one step: classes keep to themselves with 1 - change_rate and move to the
 * others in proportion to share[j] * allow[i * classes + j], where 'allow' is 1 for an ordinary step,
 * less to discourage, 0 to forbid, and may be NULL. A class with no way out stays. Into 'transition'.
 */
void lu_timeline_prior(size_t classes, const double *share, const double *allow, double change_rate,
		       double *transition);

#endif
