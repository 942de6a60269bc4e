/* set_build.c: the growing lists of a labelled set, and chips that are in it twice. See set_build.h. */
#define _GNU_SOURCE /* realpath */
#include "chipset/set_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum lu_status lu_set_no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a labelled set");
}

/* Classes are few: a linear search will do. */
enum lu_status lu_set_class(struct lu_labelled_set *set, const char *name, size_t *class, struct lu_error *err)
{
	for (*class = 0; *class < set->class_count; ++*class)
		if (strcmp(set->classes[*class], name) == 0)
			return LU_OK;
	enum lu_status status;

	LU_TRY(lu_utf8_check(name, set->path, "rename the class's folder", err));
	LU_TRY(lu_grow(&set->classes, set->class_count + 1, sizeof(char *), "classes", err));
	set->classes[set->class_count] = lu_strdup(name);
	if (set->classes[set->class_count] == NULL)
		return lu_set_no_memory(err);
	set->class_count++;
out:
	return status;
}

enum lu_status lu_set_chip(struct lu_labelled_set *set, char *path, size_t class, enum lu_split split,
			   const char *block, struct lu_error *err)
{
	const size_t n = set->chip_count;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_set_no_memory(err));
	/* Doubling keeps a set of many chips linear. */
	if ((n & (n - 1)) == 0)
		LU_TRY(lu_grow(&set->chips, n > 0 ? 2 * n : 1, sizeof(*set->chips), "a labelled set", err));
out:
	if (status != LU_OK) {
		lu_free(path);
		return status;
	}
	set->chips[n] = (struct lu_labelled_chip){.path = path,
						  .block = lu_strdup(block != NULL ? block : ""),
						  .class = class,
						  .split = split,
						  .weight = 1};
	set->chip_count++;
	set->counts[split]++;
	return set->chips[n].block != NULL ? LU_OK : lu_set_no_memory(err);
}

void lu_set_count(struct lu_tally_of_names *names, const char *name)
{
	if (names->count++ == 0)
		names->example = lu_strdup(name);
}

/* Where a chip's path leads, and which of the set's it is. */
struct place {
	char *file; /* from realpath, or the path itself where there is no such file (a /vsi path, too) */
	bool resolved;
	size_t chip;
};

static int by_file(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	const int order = strcmp(left->file, right->file);

	return order != 0 ? order : (left->chip > right->chip) - (left->chip < right->chip);
}

static const char *split_word(enum lu_split split)
{
	return split == LU_SPLIT_NONE ? "no split" : lu_choice_word(LU_CHOICE_SPLIT, split);
}

/* Two rows of one file: what they say of it must be the same. */
static enum lu_status compare(const struct lu_labelled_set *set, const char *index, size_t first, size_t second,
			      struct lu_error *err)
{
	const struct lu_labelled_chip *a = &set->chips[first], *b = &set->chips[second];
	char where[64] = "";

	if (index != NULL)
		snprintf(where, sizeof(where), " (rows %zu and %zu)", first + 1, second + 1);
	const char *of = index != NULL ? index : set->path;
	if (a->class != b->class)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: %s is of class '%s' and of class '%s'%s, a chip has one class (keep the right one)",
			       of, b->path, set->classes[a->class], set->classes[b->class], where);
	if (a->split != b->split)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: %s is in split %s and in split %s%s, a chip is in one (keep one)", of, b->path,
			       split_word(a->split), split_word(b->split), where);
	if (strcmp(a->block, b->block) != 0)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: %s is in block '%s' and in block '%s'%s, a chip is in one (keep one)", of, b->path,
			       a->block, b->block, where);
	if (a->weight != b->weight)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: %s has weight %g and weight %g%s, a chip has one (keep one)", of, b->path,
			       a->weight, b->weight, where);
	return LU_OK;
}

/* Mark chip 'second', which is 'first' again, by taking its path away. */
static void drop(struct lu_labelled_set *set, const char *index, size_t first, size_t second)
{
	struct lu_labelled_chip *chip = &set->chips[second];
	char text[64];

	if (index != NULL) {
		snprintf(text, sizeof(text), "row %zu says what row %zu said", second + 1, first + 1);
		lu_set_count(&set->repeated, text);
	} else {
		lu_set_count(&set->repeated, chip->path);
	}
	set->counts[chip->split]--;
	lu_free(chip->path);
	lu_free(chip->block);
	chip->path = NULL;
}

static void close_ranks(struct lu_labelled_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->chip_count; i++)
		if (set->chips[i].path != NULL)
			set->chips[n++] = set->chips[i];
	set->chip_count = n;
}

enum lu_status lu_set_drop_repeats(struct lu_labelled_set *set, const char *index, struct lu_error *err)
{
	const size_t n = set->chip_count;
	struct place *places = NULL;
	enum lu_status status = lu_alloc(&places, n, sizeof(*places), "chips", err);

	for (size_t i = 0; i < n && status == LU_OK; i++) {
		char *file = realpath(set->chips[i].path, NULL);
		places[i] = (struct place){file != NULL ? file : set->chips[i].path, file != NULL, i};
	}
	if (status == LU_OK && n > 0)
		qsort(places, n, sizeof(*places), by_file);
	for (size_t i = 1, first = 0; i < n && status == LU_OK; i++) {
		if (strcmp(places[i].file, places[first].file) != 0) {
			first = i;
			continue;
		}
		status = compare(set, index, places[first].chip, places[i].chip, err);
		if (status != LU_OK)
			break;
		drop(set, index, places[first].chip, places[i].chip);
	}
	for (size_t i = 0; i < n && places != NULL; i++)
		if (places[i].resolved)
			free(places[i].file);
	lu_free(places);
	close_ranks(set);
	return status;
}
