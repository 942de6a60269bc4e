/* set_leaks.c: a set's sides for lu_find_leak. See set_leaks.h. */
#include "job/learning/set_leaks.h"

#include "base/memory.h"
#include "learn/folds.h"

static enum lu_status find(const struct lu_labelled_set *set, const char *const *names, int *sides, bool *leaks,
			   size_t *a, size_t *b, struct lu_error *err)
{
	for (size_t i = 0; i < set->chip_count; i++)
		sides[i] = set->chips[i].split == LU_SPLIT_NONE ? LU_SPLIT_TRAIN : (int)set->chips[i].split;
	return lu_find_leak(names, sides, set->chip_count, leaks, a, b, err);
}

enum lu_status lu_set_leak(const struct lu_labelled_set *set, const char *const *names, bool *leaks, size_t *a,
			   size_t *b, struct lu_error *err)
{
	const char **blocks = NULL;
	int *sides = NULL;
	enum lu_status status = lu_alloc(&sides, set->chip_count, sizeof(*sides), "blocks", err);

	if (status == LU_OK)
		status = lu_alloc(&blocks, set->chip_count, sizeof(*blocks), "blocks", err);
	for (size_t i = 0; i < set->chip_count && status == LU_OK; i++)
		blocks[i] = set->chips[i].block;
	if (status == LU_OK)
		status = find(set, names != NULL ? names : blocks, sides, leaks, a, b, err);
	lu_free(blocks);
	lu_free(sides);
	return status;
}
