/*
 * two_groups.h: from a score of change to a probability that can be trusted.
 *
 * A network's probabilities are calibrated on its own test chips. On a blurred or tinted flight they
 * are not, and P(changed) built from them promises too much or too little. The county itself knows
 * better, because it shows us both kinds of score:
 *
 *	what a real change looks like	the earlier answers of one cell beside the later answers of
 *					another cell of another class: as many as one likes
 *	what is there			the scores s of the county: mostly unchanged cells, a few changed
 *
 * So the scores are a mixture of two groups, f = (1 - c) f0 + c f1, with f1 known, and
 * P(changed | s) = c f1(s) / f(s). What is left to find is c, the part that changed, and how fast
 * errors die out as the score rises, which is fitted in the upper tail of the scores, where changes
 * are and where decisions fall:
 *
 *	f0(s) proportional to f1(s) exp(-slope x - curve x^2),	x = s - the tail's beginning
 *
 * With log-odds of a calibrated classifier for scores, slope is 1 and curve is 0; both are fitted
 * about what is usual, so that a small county leans on experience and a large one on itself.
 *
 * B. Efron: Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. JASA 99,
 * 2004 (the local false discovery rate with an empirical null); here the alternative is the group
 * that can be drawn.
 */
#ifndef LU_CHANGE_TWO_GROUPS_H
#define LU_CHANGE_TWO_GROUPS_H

#include "base/error.h"

enum { LU_TWO_GROUPS_BINS = 64 };

/* What is believed before looking. */
struct lu_two_groups_prior {
	double rate;		/* the part of cells that changed, 0 < rate < 1 */
	bool rate_is_stated;	/* true: held; false: where the search for it begins */
};

/* The result: plain data, read-only, threads may share it. */
struct lu_two_groups {
	double rate;		/* the part of cells that changed, fitted or stated */
	double slope, curve;
	double start, width;	/* bins of the tail: scores start + i * width */
	double probability[LU_TWO_GROUPS_BINS];	/* P(changed) at the middle of each bin, never falling */
};

/*
 * Fit to 'count' observed scores and to 'drawn_count' scores of drawn changes with their weights
 * (not negative). Scores are finite log-odds. Fewer than 20 observed or drawn scores, or observed
 * scores that are all equal, leave the scores as they are: P = 1 / (1 + exp(-s)). LU_ERROR_MEMORY.
 */
enum lu_status lu_two_groups_fit(const double *observed, size_t count, const double *drawn, const double *weight,
				 size_t drawn_count, struct lu_two_groups_prior prior, struct lu_two_groups *out,
				 struct lu_error *err);

/* P(changed) of a score; rises with it, and goes on below the tail as the score's own log-odds do. */
double lu_two_groups_probability(const struct lu_two_groups *groups, double score);

#endif
