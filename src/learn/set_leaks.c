/* set_leaks.c: a set's sides for lu_find_leak. See set_leaks.h. */
#include "learn/set_leaks.h"

#include <stdlib.h>
#include <string.h>

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
	enum lu_status status;

	LU_TRY(lu_alloc(&sides, set->chip_count, sizeof(*sides), "blocks", err));
	LU_TRY(lu_alloc(&blocks, set->chip_count, sizeof(*blocks), "blocks", err));
	for (size_t i = 0; i < set->chip_count; i++)
		blocks[i] = set->chips[i].block;
	LU_TRY(find(set, names != NULL ? names : blocks, sides, leaks, a, b, err));
out:
	lu_free(blocks);
	lu_free(sides);
	return status;
}

struct content {
	const char *sha256;
	size_t chip;
};

static int by_content(const void *a, const void *b)
{
	const struct content *left = a, *right = b;
	const int order = strcmp(left->sha256, right->sha256);

	return order != 0 ? order : (left->chip > right->chip) - (left->chip < right->chip);
}

enum lu_status lu_set_copies(const struct lu_labelled_set *set, const char (*sha256)[LU_SHA256_HEX], size_t *copies,
			     size_t *first, size_t *second, struct lu_error *err)
{
	struct content *list = NULL;
	size_t n = 0;
	enum lu_status status;

	*copies = *first = *second = 0;
	LU_TRY(lu_alloc(&list, set->chip_count, sizeof(*list), "chips", err));
	for (size_t i = 0; i < set->chip_count; i++)
		if (sha256[i][0] != '\0')
			list[n++] = (struct content){sha256[i], i};
	if (n > 0)
		qsort(list, n, sizeof(*list), by_content);
	for (size_t i = 1, group = 0; i < n; i++) {
		if (strcmp(list[i].sha256, list[group].sha256) != 0) {
			group = i;
			continue;
		}
		++*copies;
		if (*first == *second && set->chips[list[i].chip].class != set->chips[list[group].chip].class) {
			*first = list[group].chip;
			*second = list[i].chip;
		}
	}
out:
	lu_free(list);
	return status;
}
