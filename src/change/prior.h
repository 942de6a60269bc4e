/*
 * prior.h: the class shares of this ground, found from the answers themselves.
 *
 * A classifier trained where every class is equally common is too ready to see rare classes. Its
 * answers p(k) under the training shares become those for other shares by p(k) share(k) /
 * trained(k); and the shares under which the corrected answers reproduce themselves on average are
 * the ground's own.
 *
 * M. Saerens, P. Latinne, C. Decaestecker: Adjusting the outputs of a classifier to new a priori
 * probabilities: a simple procedure. Neural Computation 14(1), 2002 (eq. 9: EM).
 */
#ifndef LU_CHANGE_PRIOR_H
#define LU_CHANGE_PRIOR_H

#include "base/error.h"

/*
 * Fit 'share' (classes, adds up to 1) to 'cells' answers, 'stride' floats apart, of 'classes'
 * probabilities each; an answer that is all 0 was not mapped and does not count. 'trained' are
 * the class shares that the answers were calibrated under. The even shares go on counting as 'strength' cells, so that no class
 * vanishes. 50 EM steps, in cell order. LU_ERROR_MEMORY. Any thread.
 */
enum lu_status lu_class_prior_fit(const float *probability, size_t stride, size_t cells, size_t classes,
				  const double *trained, double strength, double *share, struct lu_error *err);

#endif
