/*
 * logistic.h: multinomial logistic regression on features, the head that landuse train fits.
 *
 *	p(class k | x) = softmax(W z + b)_k,	z = (x - mean) / deviation
 *
 * fitted by L-BFGS (Nocedal, Math. Comp. 35, 1980; liblbfgs) to the least of
 *
 *	sum_i w_i (-log p(y_i | x_i)) / sum_i w_i  +  l2 / 2 |W|^2
 *
 * where w_i is the row's weight times that of its class. The bias is not penalised. Mean and deviation of the training rows are folded into the result, so
 * it takes features as the network gives them. Nothing here is random: the same rows in the same
 * order give the same bits on the same machine.
 */
#ifndef LU_LEARN_LOGISTIC_H
#define LU_LEARN_LOGISTIC_H

#include "learn/rows.h"

struct lu_logistic {
	size_t features, class_count;
	double *weights; /* class_count x features */
	double *bias; /* class_count */
	int iterations; /* that the fit took */
};

struct lu_logistic_options {
	double l2; /* at least 0 */
	const double *class_weights; /* class_count; NULL: all 1 */
	int most_iterations; /* 0: 500 */
	const struct lu_logistic *start; /* where to begin; NULL: zero */
	const struct lu_hooks *hooks; /* asked whether to stop */
};

/*
 * Fit to 'rows'. LU_ERROR_ARGUMENT: no rows, or features that are not finite; LU_ERROR_CANCELLED.
 * Several threads may fit at a time; the products inside run on one thread each.
 */
enum lu_status lu_logistic_fit(const struct lu_rows *rows, const struct lu_logistic_options *options,
			       struct lu_logistic *out, struct lu_error *err);
void lu_logistic_release(struct lu_logistic *logistic);

/* W x + b of one row into 'logits' (class_count). Any thread. */
void lu_logistic_logits(const struct lu_logistic *logistic, const float *row, double *logits);

#endif
