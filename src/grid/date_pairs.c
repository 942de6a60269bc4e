/* date_pairs.c: which dates are compared with which. */
#include "grid/date_pairs.h"

bool lu_date_pair_next(struct lu_date_pair *pair, size_t dates, enum lu_date_pairs rule)
{
	const bool first = pair->later == 0;
	const bool row_ends = pair->later + 1 >= dates || rule == LU_PAIRS_CONSECUTIVE;

	if (!first && row_ends)
		pair->earlier++;
	pair->later = first || row_ends ? pair->earlier + 1 : pair->later + 1;
	return pair->later < dates;
}
