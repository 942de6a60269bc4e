/*
 * significance.h: how likely is it that a cell changed?
 *
 * Two classifiers' answers are not compared class by class: a doubtful answer at either date would
 * count as change. Instead every pair of classes (i at the earlier date, j at the later) gets a
 * posterior probability from both answers and what was known before:
 *
 *	P(i, j | x1, x2)  proportional to  joint(i, j) * p1(i) / trained1(i) * p2(j) / trained2(j)
 *
 * joint(i, j) is the prior of the pair on this ground, p(k) the classifier's calibrated
 * probability and trained(k) the class prior it was calibrated under, so that p / trained is
 * proportional to the likelihood. Given the classes, the two images are taken as independent.
 * P(changed) = 1 - sum_i P(i, i | x1, x2).
 *
 * P. H. Swain: Bayesian classification in a time-varying environment. IEEE Trans. SMC 8, 1978.
 * L. Bruzzone, S. B. Serpico: An iterative technique for the detection of land-cover transitions in
 * multitemporal remote-sensing images. IEEE TGRS 35(4), 1997 (the joint prior by EM).
 */
#ifndef LU_CHANGE_SIGNIFICANCE_H
#define LU_CHANGE_SIGNIFICANCE_H

#include "base/error.h"

/* Priors turned into one factor a pair. Read-only after it is made; threads may share it. */
struct lu_change_model {
	size_t classes;
	double *factor; /* classes x classes: joint(i, j) / (trained1(i) trained2(j)) */
};

/*
 * 'joint' is classes x classes (rows = earlier), not negative, and need not add up to 1; zeros
 * forbid pairs. 'trained_earlier' and 'trained_later' have one entry a class, or are NULL for a
 * classifier calibrated on balanced classes. LU_ERROR_ARGUMENT when a figure is negative or not
 * finite, or a trained prior is 0. Release with lu_change_model_free (NULL is fine).
 */
enum lu_status lu_change_model_new(const double *joint, const double *trained_earlier, const double *trained_later,
				   size_t classes, struct lu_change_model **out, struct lu_error *err);
void lu_change_model_free(struct lu_change_model *model);

/*
 * The simplest joint prior: class shares 'share' (add up to 1) at the earlier date, of which a
 * part 'change_rate' (0..1) changes, into the other classes in proportion to their shares:
 * joint(i, j) = share_i ((1 - c) [i = j] + c [i != j] share_j / (1 - share_i)). Into 'joint'.
 */
void lu_change_prior(const double *share, size_t classes, double change_rate, double *joint);

/* One cell's answer. Indices of classes, from 0. */
struct lu_change_posterior {
	double changed; /* P(changed), 0..1 */
	size_t from, to; /* the most probable pair of different classes (of equals, the first in row order) */
	double pair; /* its probability */
	size_t stable; /* the most probable class if nothing changed */
	bool known; /* false: answers and priors contradict outright (all pairs 0); nothing else is set */
};

/* 'earlier' and 'later' are the classifiers' probabilities of one cell. Any thread. */
struct lu_change_posterior lu_change_posterior(const struct lu_change_model *model, const float *earlier,
					       const float *later);

/*
 * Replace 'joint' by the pair frequencies of this ground, by expectation-maximisation over 'cells'
 * cells (probabilities cells x classes each), from the joint prior given. The given prior goes on
 * counting as 'strength' cells, which keeps rare pairs from vanishing. Ends after 'iterations' or
 * when no entry moves by more than 1e-6. Sums run in cell order in one thread.
 */
enum lu_status lu_change_prior_fit(const float *earlier, const float *later, size_t cells, size_t classes,
				   const double *trained_earlier, const double *trained_later, double strength,
				   int iterations, double *joint, struct lu_error *err);

/*
 * When all that is known of a date is its label: the row of probabilities that stands for it.
 * confusion[i * classes + j] counts units of true class i (rows!) that the map calls j; then
 * p(i) is proportional to P(label | i), with half a unit added to each count (Jeffreys' prior) so
 * that nothing is impossible for lack of data. To be used with 'trained' NULL.
 */
void lu_label_likelihood(const double *confusion, size_t classes, size_t label, float *probability);

#endif
