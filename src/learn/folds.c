/* folds.c: blocks dealt out to folds like cards to hands that should weigh the same. See folds.h. */
#include "learn/folds.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* FNV-1a, then scrambled, as FNV alone leaves high bits alike for like names. */
uint64_t lu_seeded_hash(uint64_t seed, const char *text)
{
	uint64_t x = 14695981039346656037u ^ (seed * LU_RANDOM_STEP);

	for (; *text != '\0'; text++)
		x = (x ^ (uint8_t)*text) * 1099511628211u;
	return lu_random_finish(x);
}

/* A chip seen by its block; sorted, chips of a block stand together in the order that they came. */
struct seat {
	const char *block;
	size_t chip;
};

static int by_block(const void *a, const void *b)
{
	const struct seat *left = a, *right = b;
	const int order = strcmp(left->block, right->block);

	return order != 0 ? order : (left->chip > right->chip) - (left->chip < right->chip);
}

static enum lu_status seat_chips(const char *const *blocks, size_t n, struct seat **out, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(out, n, sizeof(**out), "blocks", err));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = (struct seat){.block = blocks[i], .chip = i};
	if (n > 0)
		qsort(*out, n, sizeof(**out), by_block);
out:
	return status;
}

/* Seats first .. first + size - 1. */
struct block {
	size_t first, size;
	uint64_t order;
};

static int largest_first(const void *a, const void *b)
{
	const struct block *left = a, *right = b;

	if (left->size != right->size)
		return left->size < right->size ? 1 : -1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return (left->first > right->first) - (left->first < right->first);
}

/* Give every block to the fold that has least of its classes; of equals, the one with fewest chips. */
static void deal(const struct block *blocks, size_t block_count, const struct seat *seats, const size_t *classes,
		 size_t class_count, size_t *held, size_t *sizes, struct lu_folds *out)
{
	for (size_t i = 0; i < block_count; i++) {
		const struct block *block = &blocks[i];
		int best = 0;
		size_t best_alike = SIZE_MAX;

		for (int fold = 0; fold < out->count; fold++) {
			size_t alike = 0;
			for (size_t s = 0; s < block->size; s++)
				alike += held[(size_t)fold * class_count + classes[seats[block->first + s].chip]];
			if (alike < best_alike || (alike == best_alike && sizes[fold] < sizes[best])) {
				best = fold;
				best_alike = alike;
			}
		}
		for (size_t s = 0; s < block->size; s++) {
			const size_t chip = seats[block->first + s].chip;
			out->of[chip] = best;
			held[(size_t)best * class_count + classes[chip]]++;
		}
		sizes[best] += block->size;
	}
}

enum lu_status lu_folds_make(const char *const *names, const size_t *classes, size_t n, size_t class_count, int wanted,
			     uint64_t seed, struct lu_folds *out, struct lu_error *err)
{
	struct seat *seats = NULL;
	struct block *blocks = NULL;
	size_t *held = NULL, *sizes = NULL;
	enum lu_status status;

	*out = (struct lu_folds){0};
	LU_TRY(seat_chips(names, n, &seats, err));
	LU_TRY(lu_alloc(&blocks, n, sizeof(*blocks), "blocks", err));
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(seats[i].block, seats[i - 1].block) != 0)
			blocks[out->blocks++] =
				(struct block){.first = i, .order = lu_seeded_hash(seed, seats[i].block)};
		blocks[out->blocks - 1].size++;
	}
	if (out->blocks < 2) {
		status =
			lu_fail(err, LU_ERROR_MISMATCH,
				"all %zu chips are in one block: none is left to validate on (name smaller blocks)", n);
		goto out;
	}
	qsort(blocks, out->blocks, sizeof(*blocks), largest_first);
	out->count = (size_t)wanted < out->blocks ? wanted : (int)out->blocks;
	LU_TRY(lu_alloc(&out->of, n, sizeof(int), "folds", err));
	LU_TRY(lu_alloc(&held, (size_t)out->count * class_count, sizeof(size_t), "folds", err));
	LU_TRY(lu_alloc(&sizes, (size_t)out->count, sizeof(size_t), "folds", err));
	deal(blocks, out->blocks, seats, classes, class_count, held, sizes, out);
out:
	if (status != LU_OK)
		lu_folds_release(out);
	lu_free(held);
	lu_free(sizes);
	lu_free(blocks);
	lu_free(seats);
	return status;
}

void lu_folds_release(struct lu_folds *folds)
{
	lu_free(folds->of);
	*folds = (struct lu_folds){0};
}

enum lu_status lu_find_leak(const char *const *blocks, const int *sides, size_t n, bool *leaks, size_t *a, size_t *b,
			    struct lu_error *err)
{
	struct seat *seats = NULL;
	enum lu_status status;

	*leaks = false;
	LU_TRY(seat_chips(blocks, n, &seats, err));
	/* Inside a block neighbours differ somewhere if any two do. */
	for (size_t i = 1; i < n && !*leaks; i++) {
		if (seats[i].block[0] == '\0' || strcmp(seats[i].block, seats[i - 1].block) != 0 ||
		    sides[seats[i].chip] == sides[seats[i - 1].chip])
			continue;
		*leaks = true;
		*a = seats[i - 1].chip;
		*b = seats[i].chip;
	}
out:
	lu_free(seats);
	return status;
}
