/* repeats.c: hashes that were kept, found again by their quarters. See repeats.h. */
#include "chipset/repeats.h"

#include "base/memory.h"
#include "chipset/phash.h"

enum {
	QUARTERS = 4,
	QUARTER_BITS = 16,
	VALUES = 1 << QUARTER_BITS,
	/* From a radius of 4 on, the 2,517 neighbours of a quarter take longer than every pair does. */
	WIDEST_LOOKUP = 3,
};

/* The kept hashes; chains by the value of each quarter hold entry + 1, newest first, 0 at the end. */
struct kept {
	const uint64_t *hashes;
	size_t *list; /* kept entries in their order */
	size_t count;
	uint32_t *heads; /* QUARTERS x VALUES */
	uint32_t *next; /* entry x QUARTERS */
	uint16_t *masks; /* what a quarter may differ by */
	size_t mask_count; /* 0: look at every pair */
};

struct nearest {
	size_t entry;
	int distance;
};

static enum lu_status kept_init(struct kept *kept, size_t count, int bits, struct lu_error *err)
{
	const int radius = bits / QUARTERS;
	enum lu_status status;

	LU_TRY(lu_alloc(&kept->list, count, sizeof(*kept->list), "hashes", err));
	if (radius > WIDEST_LOOKUP)
		return LU_OK;
	LU_TRY(lu_alloc(&kept->heads, QUARTERS * VALUES, sizeof(*kept->heads), "hashes", err));
	LU_TRY(lu_alloc(&kept->next, count, QUARTERS * sizeof(*kept->next), "hashes", err));
	LU_TRY(lu_alloc(&kept->masks, VALUES, sizeof(*kept->masks), "hashes", err));
	for (unsigned mask = 0; mask < VALUES; mask++)
		if (__builtin_popcount(mask) <= radius)
			kept->masks[kept->mask_count++] = (uint16_t)mask;
out:
	return status;
}

static void kept_release(struct kept *kept)
{
	lu_free(kept->list);
	lu_free(kept->heads);
	lu_free(kept->next);
	lu_free(kept->masks);
}

static unsigned quarter_of(uint64_t hash, size_t quarter)
{
	return (unsigned)(hash >> quarter * QUARTER_BITS) & (VALUES - 1);
}

static void keep(struct kept *kept, size_t entry)
{
	kept->list[kept->count++] = entry;
	for (size_t q = 0; q < QUARTERS && kept->mask_count > 0; q++) {
		uint32_t *head = &kept->heads[q * VALUES + quarter_of(kept->hashes[entry], q)];
		kept->next[entry * QUARTERS + q] = *head;
		*head = (uint32_t)entry + 1;
	}
}

static void look_at(const struct kept *kept, uint64_t hash, size_t entry, struct nearest *best)
{
	const int distance = lu_phash_distance(hash, kept->hashes[entry]);

	if (distance < best->distance || (distance == best->distance && entry < best->entry))
		*best = (struct nearest){entry, distance};
}

static void look_up(const struct kept *kept, uint64_t hash, struct nearest *best)
{
	for (size_t q = 0; q < QUARTERS; q++) {
		const uint32_t *heads = kept->heads + q * VALUES;
		const unsigned own = quarter_of(hash, q);

		for (size_t m = 0; m < kept->mask_count; m++)
			for (uint32_t at = heads[own ^ kept->masks[m]]; at != 0;
			     at = kept->next[(at - 1) * (size_t)QUARTERS + q])
				look_at(kept, hash, at - 1, best);
	}
}

enum lu_status lu_repeats_find(const uint64_t *hashes, const uint8_t *skip, size_t count, int bits, size_t *of,
			       struct lu_error *err)
{
	struct kept kept = {.hashes = hashes};
	const enum lu_status status = kept_init(&kept, count, bits, err);

	for (size_t i = 0; i < count && status == LU_OK; i++) {
		/* Nobody yet, and the first at 'bits' is nearer. */
		struct nearest best = {LU_NOT_REPEATED, bits + 1};

		of[i] = LU_NOT_REPEATED;
		if (skip != NULL && skip[i])
			continue;
		if (kept.mask_count > 0)
			look_up(&kept, hashes[i], &best);
		else
			for (size_t k = 0; k < kept.count; k++)
				look_at(&kept, hashes[i], kept.list[k], &best);
		if (best.distance <= bits)
			of[i] = best.entry;
		else
			keep(&kept, i);
	}
	kept_release(&kept);
	return status;
}
