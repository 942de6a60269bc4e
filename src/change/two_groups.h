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
 *	f0(s) proportional to exp(-slope x - curve x^2),	x = s - the tail's beginning
 *
 * Errors are not alike: on one flight fields look bare, now and then with certainty, while woods are
 * safe. Cells therefore come in kinds (their most probable classes, before and after, if they
 * changed), and each kind has its own c, slope and curve. How often land changes is common to all:
 * change is thought to be spread over the kinds as the drawn changes are, at a rate that all kinds
 * tell together; what a kind's tail holds beyond that is more likely error. Slopes and curves are not
 * chosen but averaged over, each by how well it explains the kind's cells and how usual it is, so that a
 * kind of few cells leans on experience and one of many on itself.
 *
 * B. Efron: Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. JASA 99,
 * 2004 (the local false discovery rate with an empirical null); B. Efron: Simultaneous inference: when
 * should hypothesis testing problems be combined? Ann. Appl. Stat. 2, 2008 (kinds). Here the
 * alternative is the group that can be drawn.
 */
#ifndef LU_CHANGE_TWO_GROUPS_H
#define LU_CHANGE_TWO_GROUPS_H

#include "base/error.h"

/* One cell, or one drawn change. */
struct lu_scored {
	double score; /* finite log-odds */
	double weight; /* not negative; of observed cells it is not used, and is 1 */
	uint32_t kind; /* from 0 */
};

/* What is believed before looking. */
struct lu_two_groups_prior {
	double rate; /* the part of cells that changed, 0 < rate < 1 */
	bool rate_is_stated; /* true: held; false: where the search for it begins */
};

/* The result: read-only after the fit, threads may share it. */
struct lu_two_groups {
	double rate; /* the part of cells that changed, fitted or stated */
	double start, width; /* bins of the tail: scores start + i * width; width 0: nothing was learnt */
	size_t rows; /* of 'probability', less the last: of all kinds together */
	uint32_t *row; /* kinds: the row of 'probability' that is theirs; owned */
	double *probability; /* rows x bins: P(changed) at the middle of each bin, never falling; owned */
};

/*
 * Fit to 'count' observed cells of 'kinds' kinds and to 'drawn_count' drawn changes. Fewer than 20 of
 * either, or cells that are all beyond the reach of change, leave the scores as they are:
 * P = 1 / (1 + exp(-s)). LU_ERROR_MEMORY. '*out' is the caller's, also after a failure:
 * lu_two_groups_release.
 */
enum lu_status lu_two_groups_fit(const struct lu_scored *observed, size_t count, size_t kinds,
				 const struct lu_scored *drawn, size_t drawn_count, struct lu_two_groups_prior prior,
				 struct lu_two_groups *out, struct lu_error *err);
void lu_two_groups_release(struct lu_two_groups *groups);

/*
 * The score from which on cells of all kinds, taken together, more probably changed than not; the end of the tail where none
 * do, 0 where nothing was learnt.
 */
double lu_two_groups_even(const struct lu_two_groups *groups);

/* P(changed) of a cell; rises with its score, and goes on below the tail as the score's own log-odds do. */
double lu_two_groups_probability(const struct lu_two_groups *groups, uint32_t kind, double score);

#endif
