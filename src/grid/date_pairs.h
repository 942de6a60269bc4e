/*
 * date_pairs.h: which dates are compared with which.
 *
 *	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, dates, rule);)
 *		...
 *
 * walks them in the order of all tables and folders: by the earlier date, then by the later one.
 */
#ifndef LU_GRID_DATE_PAIRS_H
#define LU_GRID_DATE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

enum lu_date_pairs {
	LU_PAIRS_ALL, /* every earlier date with every later one */
	LU_PAIRS_CONSECUTIVE, /* each date with the next */
};

/* Numbers of two dates, earlier < later. */
struct lu_date_pair {
	size_t earlier, later;
};

/* Step to the next pair of 'dates' dates, from {0, 0} to the first; false behind the last. */
bool lu_date_pair_next(struct lu_date_pair *pair, size_t dates, enum lu_date_pairs rule);

#endif
