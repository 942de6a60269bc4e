/*
 * figure.h: an estimate and how well it is known.
 */
#ifndef LU_ACCURACY_FIGURE_H
#define LU_ACCURACY_FIGURE_H

#include <stdbool.h>

#include "base/interval.h"

/* Quantile of the normal distribution for 95 % intervals, to the digits that the literature uses. */
#define LU_Z95 1.96

/*
 * What a sample cannot tell is said so, and never a NaN: 'known' is false where there is no value
 * (user's accuracy of a class without sample units), 'se_known' where there is no standard error
 * (one unit in a stratum has no variance), 'bounded' where there is no interval. The numbers are then 0.
 */
struct lu_figure {
	double value, se;
	struct lu_interval within;
	bool known, se_known, bounded;
};

/* How intervals are made. */
struct lu_interval_rule {
	double percent; /* of samples whose interval holds the truth, 0 to 100 */
	bool wald; /* estimate ± standard errors, as older tables have it; false: intervals that hold (interval.h) */
};

/* The Wald interval of a figure whose standard error is known. */
void lu_figure_wald(struct lu_figure *figure, double percent);

/* 'by' times the figure: a proportion becomes an area. */
static inline struct lu_figure lu_figure_times(struct lu_figure figure, double by)
{
	figure.value *= by;
	figure.se *= by;
	figure.within.low *= by;
	figure.within.high *= by;
	return figure;
}

/* 1 less the figure, which is a share. */
static inline struct lu_figure lu_figure_rest(struct lu_figure figure)
{
	figure.value = 1 - figure.value;
	figure.within = (struct lu_interval){1 - figure.within.high, 1 - figure.within.low};
	return figure;
}

/* Is it a size (area, number of units) whose square, and a quotient of squares, are numbers? 0 is one. */
static inline bool lu_is_size(double size)
{
	return size == 0.0 || (size >= 1e-100 && size <= 1e100);
}

/* What a sample says of one class: its share of the ground, and its user's and producer's accuracy. */
struct lu_class_figures {
	struct lu_figure proportion, users, producers;
};

/*
 * Standard errors from an estimate to either end of an interval that holds the truth in 'percent' of samples
 * (0 < percent < 100), by the normal distribution; LU_Z95 for 95.
 */
double lu_interval_reach(double percent);

#endif
