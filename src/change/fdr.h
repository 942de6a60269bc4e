/*
 * fdr.h: which cells to flag, so that a stated part of the flags at most is false.
 *
 * If P(changed) is honest, the expected part of false flags among the cells with P >= t is the mean of
 * 1 - P over them. That mean falls as t rises; the lowest t that keeps it at or below the rate asked
 * for flags the most cells.
 *
 * M. A. Newton, A. Noueiry, D. Sarkar, P. Ahlquist: Detecting differential gene expression with a
 * semiparametric hierarchical mixture method. Biostatistics 5(2), 2004 (direct posterior
 * probability approach).
 *
 * Cells stream through a histogram of 65,536 steps of P, with whole-number sums: memory does not
 * depend on their number and the result not on their order.
 */
#ifndef LU_CHANGE_FDR_H
#define LU_CHANGE_FDR_H

#include "base/error.h"

/* One thread at a time may add. */
struct lu_fdr;
enum lu_status lu_fdr_new(struct lu_fdr **out, struct lu_error *err);
void lu_fdr_free(struct lu_fdr *fdr);

/* Count 'n' cells; a value outside 0..1 or not a number is not a cell. */
void lu_fdr_add(struct lu_fdr *fdr, const float *changed, size_t n);

struct lu_fdr_choice {
	double threshold; /* flag cells with P >= threshold; above 1 when none may be flagged */
	uint64_t flagged; /* how many those are */
	double expected_false; /* the expected part of false flags among them; 0 without flags */
	double expected_found; /* the expected part of all changed cells that is flagged; 0 without change */
};

/* The choice for a false discovery rate of 'rate', with no cell below 'min_probability' flagged. */
struct lu_fdr_choice lu_fdr_choose(const struct lu_fdr *fdr, double rate, double min_probability);

#endif
