/*
 * directions.h: a few dozen numbers that tell what a network's thousand features tell: what trees ask their questions of.
 *
 *	z = V (x - mean) / deviation
 *
 *	V, first rows		m_k (W + I)^-1: linear discriminants (Fisher 1936), one a class. m_k: the mean of class k;
 *				W: the features' covariance within classes; I: what keeps few rows from being told
 *				apart by chance (regularised: Friedman, J. Am. Stat. Assoc. 84, 1989)
 *	V, other rows		the first principal components: what varies most, whatever the classes are
 *
 * A tree asks about one number at a time. Each of a thousand features tells a little, and many tell the same; xgboost
 * adds up the bins of all of them for every node.
 *
 * Discriminants part the rows that they were found from better than any others, and trees grown on those would trust them too much.
 * A row that is learned from therefore gets its z by discriminants found without the fifth of its class that it stands
 * in (cross-fitting).
 */
#ifndef LU_LEARN_DIRECTIONS_H
#define LU_LEARN_DIRECTIONS_H

#include "learn/rows.h"

/* z = weights x + bias, mean and deviation folded in. */
struct lu_directions {
	size_t features, count;
	float *weights; /* count x features */
	float *bias; /* count */
};

/* How many directions rows of so many features and classes get; 0: features that are few are asked about as they are. */
size_t lu_directions_count(size_t features, size_t class_count);

/*
 * Find lu_directions_count directions, at least 1, and the cross-fitted 'z' of every row: rows->count x count numbers. Weights of
 * rows have no say. LU_ERROR_ARGUMENT: no rows, or features that are not finite. One thread; several may look at a
 * time. The same rows in the same order give the same bits on the same machine.
 */
enum lu_status lu_directions_find(const struct lu_rows *rows, struct lu_directions *out, float *z,
				  struct lu_error *err);
void lu_directions_release(struct lu_directions *directions);

/* z of each of 'n' other rows, n x count. Any thread. */
void lu_directions_project(const struct lu_directions *directions, const float *const *rows, size_t n, float *z);

/* An upper bound of the bytes that finding takes, 'z' and the result left out. */
double lu_directions_bytes(size_t features, size_t class_count);

#endif
