/*
 * folds.h: splits that do not leak.
 *
 * Chips of one scene look alike. If some of them train a model and others test it, the test is passed
 * by memory. Chips of one block therefore always stay together:
 *
 *	block	a a a | b b | c c c | d d	a block goes to one fold
 *	fold	0 0 0 | 1 1 | 2 2 2 | 1 1	fold k is validated by a model of the others
 */
#ifndef LU_LEARN_FOLDS_H
#define LU_LEARN_FOLDS_H

#include "base/error.h"

struct lu_folds {
	int *of; /* the fold of each chip */
	int count; /* folds; fewer than wanted where there are fewer blocks */
	size_t blocks;
};

/*
 * Deal the blocks of 'n' chips out to at most 'wanted' (2 or more) folds, so that every class is
 * spread as evenly as its blocks allow; the largest blocks first, equals in an order that 'seed'
 * decides. LU_ERROR_MISMATCH when all chips are in one block. Release with lu_folds_release.
 */
enum lu_status lu_folds_make(const char *const *blocks, const size_t *classes, size_t n, size_t class_count, int wanted,
			     uint64_t seed, struct lu_folds *out, struct lu_error *err);
void lu_folds_release(struct lu_folds *folds);

/*
 * Two chips of one block on different sides ('sides' names each chip's), as '*a' and '*b'. Empty
 * block names are no block. '*leaks' says whether there are such.
 */
enum lu_status lu_find_leak(const char *const *blocks, const int *sides, size_t n, bool *leaks, size_t *a, size_t *b,
			    struct lu_error *err);

/* A number from a text and a seed that looks random and is the same everywhere. */
uint64_t lu_seeded_hash(uint64_t seed, const char *text);

#endif
