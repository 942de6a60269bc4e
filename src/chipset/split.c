/* split.c: sides for groups of chips. See split.h. */
#include "chipset/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* Sides by enum lu_split; its first, none, is not used. */
enum { SIDES = LU_SPLIT_TEST + 1 };

/* A group and its place in the draw. */
struct draw {
	size_t group;
	uint64_t key;
};

static int by_key(const void *a, const void *b)
{
	const struct draw *left = a, *right = b;

	return left->key < right->key ? -1 : left->key > right->key;
}

/* The key hangs on the group's name, so that other groups coming or going do not move it. */
static uint64_t key_of(const char *name, uint64_t seed)
{
	uint64_t key = lu_random_hash(seed);

	for (; *name != '\0'; name++)
		key = lu_random_hash(key ^ (uint8_t)*name);
	return key;
}

static enum lu_status take_named(const char *const *names, size_t groups, const char *const *wanted, size_t count,
				 enum lu_split side, enum lu_split *out, uint8_t *taken, struct lu_error *err)
{
	for (size_t i = 0; i < count; i++) {
		size_t g = 0;
		while (g < groups && strcmp(names[g], wanted[i]) != 0)
			g++;
		if (g == groups) {
			const char *nearest = lu_nearest_word(wanted[i], names, groups);
			return lu_fail(err, LU_ERROR_ARGUMENT, "split: no chip lies in block '%s'%s%s%s", wanted[i],
				       nearest != NULL ? " (did you mean '"
						       : " (the column 'block' of index.csv names them)",
				       nearest != NULL ? nearest : "", nearest != NULL ? "'?)" : "");
		}
		if (taken[g] && out[g] != side)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "split: block '%s' is on both sides, %s and %s: figures would be too good (name "
				       "it once)",
				       wanted[i], lu_choice_word(LU_CHOICE_SPLIT, out[g]),
				       lu_choice_word(LU_CHOICE_SPLIT, side));
		taken[g] = 1;
		out[g] = side;
	}
	return LU_OK;
}

/* Every side asked for must have got a group. */
static enum lu_status check_sides(size_t groups, const struct lu_split_request *request, const enum lu_split *out,
				  struct lu_error *err)
{
	const bool asked[SIDES] = {[LU_SPLIT_TRAIN] = true,
				   [LU_SPLIT_VALIDATE] = request->validate > 0 || request->validate_group_count > 0,
				   [LU_SPLIT_TEST] = request->test > 0 || request->test_group_count > 0};
	size_t got[SIDES] = {0};

	for (size_t g = 0; g < groups; g++)
		got[out[g]]++;
	for (int side = LU_SPLIT_TRAIN; side < SIDES; side++)
		if (asked[side] && got[side] == 0)
			return lu_fail(err, LU_ERROR_MISMATCH,
				       "split: the chips lie in %zu block%s, too few to give %s one (smaller blocks, "
				       "or other shares)",
				       groups, groups == 1 ? "" : "s",
				       lu_choice_word(LU_CHOICE_SPLIT, (enum lu_split)side));
	return LU_OK;
}

enum lu_status lu_split_assign(const char *const *names, const uint64_t *sizes, size_t groups,
			       const struct lu_split_request *request, enum lu_split *out, struct lu_error *err)
{
	struct draw *draws = NULL;
	uint8_t *taken = NULL;
	double lacks[SIDES] = {[LU_SPLIT_TRAIN] = 1 - request->validate - request->test,
			       [LU_SPLIT_VALIDATE] = request->validate,
			       [LU_SPLIT_TEST] = request->test};
	uint64_t total = 0;
	enum lu_status status;

	if (request->validate < 0 || request->test < 0 || request->validate + request->test >= 1)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "split: validate %g and test %g leave nothing to train on (their sum must be below 1)",
			       request->validate, request->test);
	LU_TRY(lu_alloc(&draws, groups, sizeof(*draws), "blocks", err));
	LU_TRY(lu_alloc(&taken, groups, 1, "blocks", err));
	LU_TRY(take_named(names, groups, request->validate_groups, request->validate_group_count, LU_SPLIT_VALIDATE,
			  out, taken, err));
	LU_TRY(take_named(names, groups, request->test_groups, request->test_group_count, LU_SPLIT_TEST, out, taken,
			  err));
	for (size_t g = 0; g < groups; g++) {
		draws[g] = (struct draw){g, key_of(names[g], request->seed)};
		total += sizes[g];
	}
	for (int side = LU_SPLIT_TRAIN; side < SIDES; side++)
		lacks[side] *= (double)total;
	for (size_t g = 0; g < groups; g++)
		if (taken[g])
			lacks[out[g]] -= (double)sizes[g];
	qsort(draws, groups, sizeof(*draws), by_key);
	for (size_t i = 0; i < groups; i++) {
		const size_t g = draws[i].group;
		enum lu_split side = LU_SPLIT_TRAIN;
		if (taken[g])
			continue;
		for (int other = LU_SPLIT_VALIDATE; other < SIDES; other++)
			if (lacks[other] > lacks[side])
				side = (enum lu_split)other;
		out[g] = side;
		lacks[side] -= (double)sizes[g];
	}
	LU_TRY(check_sides(groups, request, out, err));
out:
	lu_free(draws);
	lu_free(taken);
	return status;
}

/* The first chip at or after (row, col). */
static size_t find(const struct lu_split_chip *chips, size_t count, int64_t row, int64_t col)
{
	size_t low = 0, high = count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (chips[middle].row < row || (chips[middle].row == row && chips[middle].col < col))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool gives_way(const struct lu_split_chip *chips, size_t count, size_t i, int reach)
{
	for (int64_t row = chips[i].row - reach; row <= chips[i].row + reach; row++)
		for (size_t k = find(chips, count, row, chips[i].col - reach);
		     k < count && chips[k].row == row && chips[k].col <= chips[i].col + reach; k++)
			if (chips[k].split > chips[i].split)
				return true;
	return false;
}

size_t lu_split_separate(const struct lu_split_chip *chips, size_t count, int reach, uint8_t *keep)
{
	size_t gone = 0;

	for (size_t i = 0; i < count; i++) {
		keep[i] = reach == 0 || !gives_way(chips, count, i, reach);
		gone += !keep[i];
	}
	return gone;
}
