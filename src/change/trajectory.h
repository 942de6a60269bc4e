/*
 * trajectory.h: the class trajectory of a cell, in a word, and the rate of a class's area.
 */
#ifndef LU_CHANGE_TRAJECTORY_H
#define LU_CHANGE_TRAJECTORY_H

#include "base/error.h"

/* Values of the trajectory raster; they keep their numbers. */
enum lu_trajectory {
	LU_TRAJECTORY_NOT_MAPPED = 0, /* fewer than two dates with a class */
	LU_TRAJECTORY_STABLE = 1, /* A A A */
	LU_TRAJECTORY_CHANGED = 2, /* A A B: one change, and it lasted */
	LU_TRAJECTORY_UNSTABLE = 3, /* A B A: came back to where it was */
	LU_TRAJECTORY_SEVERAL = 4, /* A B C: more than one change, not back to the first class */
};

/*
 * Of one cell's classes at 'dates' dates (0: not mapped, skipped). '*change' is the index of the date
 * at which the class first differs from the one before, or -1 without change.
 */
enum lu_trajectory lu_trajectory_of(const uint16_t *classes, size_t dates, int *change);

/* "Stable", "One change", "Unstable", "Several changes"; of 0 and of other numbers "Not mapped". */
const char *lu_trajectory_name(unsigned trajectory);

/*
 * Annual rate of change of an area from 'earlier' to 'later' over 'years':
 * r = ln(later / earlier) / years, so that later = earlier * exp(r * years).
 *
 * J.-P. Puyravaud: Standardizing the calculation of the annual rate of deforestation. Forest
 * Ecology and Management 177, 2003, eq. 2.
 *
 * False, with '*rate' 0, when an area or the time is not positive: a class that appears from
 * nothing has no rate.
 */
bool lu_annual_rate(double earlier, double later, double years, double *rate);

#endif
