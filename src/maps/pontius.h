/*
 * pontius.h: how two maps differ, split into quantity, exchange and shift.
 *
 * Quantity is the difference in class totals, exchange the pairs of cells that traded classes, and
 * shift the rest (three or more classes in a ring). The three add up to the total difference.
 *
 * R. G. Pontius Jr., A. Santacruz: Quantity, exchange, and shift components of difference in a
 * square contingency table. Int. J. Remote Sensing 35(21), 2014.
 */
#ifndef LU_MAPS_PONTIUS_H
#define LU_MAPS_PONTIUS_H

#include <stddef.h>

/* In the unit of the matrix. For a class, 'difference' is its gain plus its loss. */
struct lu_pontius {
	double difference, quantity, exchange, shift;
};

/*
 * Of class j of an n x n matrix (row-major, rows = earlier or map, columns = later or reference):
 * q_j = |C_+j - C_j+|, e_j = sum over i != j of 2 min(C_ij, C_ji), s_j = d_j - q_j - e_j.
 */
struct lu_pontius lu_pontius_class(const double *matrix, size_t n, size_t j);

/*
 * Of the whole matrix: half the sum over the classes, since every difference is the loss of one and
 * the gain of another. Counts of a stratified sample must become population proportions first (see
 * estimate.h). Any thread.
 */
struct lu_pontius lu_pontius_total(const double *matrix, size_t n);

#endif
