/*
 * adapt.h: a few hundred labels correct a model that is there already.
 *
 *	p(class k | x) = softmax(log p0_k + D_k z + c_k),	z = (x - mean) / deviation
 *
 * p0 is what the model itself says, whatever its head is: the prior. D and c are the least of
 *
 *	sum_i w_i (-log p(group of i | x_i)) / sum_i w_i  +  l2 / 2 (|D|^2 + |c|^2)
 *
 * so that without labels, or with an endless penalty, everything stays as it was. A label names a group of the model's
 * classes (one of them, or a class of its scheme), whose probabilities are added up: which of them it is is left to the prior.
 *
 * The penalty is chosen on held-out chips by log loss, for each fold by the chips of the other folds, so that the figures of a fold have
 * no say in it. Whether it helped is a paired comparison with the model as it was, on the same held-out chips; its interval
 * counts blocks, not chips (a ratio estimator of clusters, Cochran 1977, with Student's t).
 */
#ifndef LU_LEARN_ADAPT_H
#define LU_LEARN_ADAPT_H

#include "base/error.h"

enum { LU_ADAPT_STRENGTHS = 6 };
extern const double lu_adapt_strengths[LU_ADAPT_STRENGTHS]; /* the penalties that are tried, strongest first */

struct lu_adapt_task {
	const float *const *rows; /* 'count' rows of 'features' */
	const double *log_prior; /* count x classes */
	const int *group_of; /* of each class; -1: none */
	const size_t *truth; /* the group of each row */
	const double *weights; /* of each row */
	const char *const *blocks; /* of each row */
	const int *folds; /* of each row, 0 .. fold_count - 1 */
	int fold_count; /* 2 or more */
	size_t count, features, classes, groups;
	int threads;
	const struct lu_hooks *hooks;
};

/* A mean difference, its standard error and its 95 % interval. */
struct lu_paired {
	double mean, error, low, high;
};

struct lu_adapt {
	double *weights; /* classes x features: what is added, for features as the network gives them */
	double *bias; /* classes */
	double l2; /* the penalty that was chosen */
	double *logits; /* count x classes: the corrected answers to each row, held out with its fold */
	size_t blocks;
	double loss_before, loss_after; /* mean -log p(group) of held-out chips */
	double right_before, right_after; /* share */
	struct lu_paired loss_gain, right_gain; /* before less after, and after less before */
	bool helped; /* 'loss_gain' is more than its standard error: a penalised step that is more likely right than wrong */
};

/*
 * LU_ERROR_ARGUMENT: features that are not finite. LU_ERROR_CANCELLED. '*out' is to be released. The same labels in the same
 * order give the same bits, for any number of threads.
 */
enum lu_status lu_adapt_fit(const struct lu_adapt_task *task, struct lu_adapt *out, struct lu_error *err);
void lu_adapt_release(struct lu_adapt *adapt);

/* Student's t beyond which 2.5 % lie, for so many degrees of freedom, at least 1. */
double lu_student_95(size_t freedom);

#endif
