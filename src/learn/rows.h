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

#endif
