/*
 * temperature.h: making probabilities mean what they say.
 *
 * A network that is right 9 times of 10 when it says 0.99 is too sure. Dividing its logits by one
 * number T, found on chips that it has not learned from, changes no class and mends that (Guo et al.,
 * On calibration of modern neural networks, ICML 2017).
 */
#ifndef LU_LEARN_TEMPERATURE_H
#define LU_LEARN_TEMPERATURE_H

#include "base/error.h"

/*
 * T between 0.05 and 20 with the least log loss of 'n' rows of 'class_count' logits; 1 for n = 0.
 *
 * Where every chip is right, plain log loss would make the model as sure as it can be, however few
 * the chips. So the truth is believed only as far as n chips can show it: 1 - 1/(n + 2) for the
 * class, the rest spread over all (Platt, Probabilistic outputs for support vector machines, 1999).
 */
double lu_temperature_fit(const double *logits, const size_t *truth, size_t n, size_t class_count);

/* Mean of -log softmax(logits / temperature)[truth]. NAN for n = 0. */
double lu_log_loss(const double *logits, const size_t *truth, size_t n, size_t class_count, double temperature);

/* The most probable class of one row, and its probability at this temperature. */
size_t lu_softmax_best(const double *logits, size_t class_count, double temperature, float *confidence);

#endif
