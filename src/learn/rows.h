/*
 * rows.h: the rows of features that a head learns from.
 */
#ifndef LU_LEARN_ROWS_H
#define LU_LEARN_ROWS_H

#include "base/error.h"

/* Rows of features wherever they lie, perhaps in a mapped file: a fit reads them a few at a time. */
struct lu_rows {
	const float *const *rows;
	const size_t *classes; /* of each row */
	size_t count, features, class_count;
	const double *weights; /* of each row; NULL: all 1 */
};

/*
 * Class weights that let every class count the same: n / (classes x its rows), rows counted by their own
 * weights; 0 for a class without rows.
 */
void lu_balanced_weights(const struct lu_rows *rows, double *weights);

/*
 * Mean of every feature and 1 / its deviation (0 where it is constant), in one pass. LU_ERROR_ARGUMENT: features that are
 * not finite.
 */
enum lu_status lu_standardise(const struct lu_rows *rows, double *mean, double *inverse, struct lu_error *err);
/* (row - mean) x inverse into 'z'. */
void lu_standardised(const float *row, size_t features, const double *mean, const double *inverse, float *z);

#endif
