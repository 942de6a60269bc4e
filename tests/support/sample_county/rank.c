/*
 * rank.c: a total order makes qsort deterministic
 */
#include "rank.h"

#include <stdlib.h>

static int higher_first(const void *left, const void *right)
{
	const struct sc_ranked *a = left, *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

void sc_rank(struct sc_ranked *list, size_t count)
{
	qsort(list, count, sizeof(*list), higher_first);
}
