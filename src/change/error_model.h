/*
 * error_model.h: a classifier's confusion matrix as doubt about its answers.
 *
 * Counts n(j, k) of held-out units (rows j = predicted, columns k = true class) give P(j said | k true), with half a
 * unit added to each count (Jeffreys' prior) so that nothing is impossible for lack of data. Columns are normalised
 * by themselves, so how common a class was among the held-out units does not matter. What an answer j may be instead
 * follows by Bayes' rule under the shares t that the classifier was trained under:
 *
 *	blend(j, k) = P(k true | j said) = P(j | k) t(k) / sum over i of P(j | i) t(i)
 *
 * An answer p becomes p times blend; divided by t again, as detection does with every answer, a certain answer j then
 * stands for the likelihoods P(j | k), which is all that is known of a classifier by its errors.
 */
#ifndef LU_CHANGE_ERROR_MODEL_H
#define LU_CHANGE_ERROR_MODEL_H

#include "base/error.h"

/*
 * 'counts' and 'blend' are classes x classes, 'trained' has one entry a class, above 0. Classes without held-out
 * units are taken as never mistaken. Rows of 'blend' add up to 1. Any thread.
 */
void lu_error_model(const double *counts, size_t classes, const double *trained, double *blend);

#endif
