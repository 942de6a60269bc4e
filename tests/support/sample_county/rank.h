/*
 * rank.h: cells in order of a score
 */
#ifndef SC_RANK_H
#define SC_RANK_H

#include <stddef.h>

struct sc_ranked {
	float score;
	int cell;
};

/* Highest score first; equal scores by cell, so the order is the same everywhere. */
void sc_rank(struct sc_ranked *list, size_t count);

#endif
