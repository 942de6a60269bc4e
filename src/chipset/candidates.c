/* candidates.c: finding, labelling and thinning chips. See candidates.h. */
#include "chipset/candidates.h"

#include <stdlib.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/random.h"
#include "chipset/phash.h"
#include "chipset/repeats.h"

/* A list that grows by doubling, and the buffers of one chip. */
struct finder {
	struct lu_chip_source *source;
	struct lu_reference *reference;
	const struct lu_label_rule *rule;
	struct lu_candidates *found;
	size_t room;
	uint8_t *planes, *valid;
};

static enum lu_status add(struct finder *finder, const struct lu_candidate *candidate, struct lu_error *err)
{
	struct lu_candidates *found = finder->found;

	if (found->count == finder->room) {
		const size_t room = finder->room > 0 ? 2 * finder->room : 1024;
		const enum lu_status status = lu_grow(&found->items, room, sizeof(*found->items), "chips", err);
		if (status != LU_OK)
			return status;
		finder->room = room;
	}
	found->items[found->count++] = *candidate;
	return LU_OK;
}

/* The raster is asked first: it is cheaper than pixels, and most rules turn most chips away. */
static enum lu_status look_at(struct finder *finder, int64_t row, int64_t col, struct lu_error *err)
{
	struct lu_chip_source *source = finder->source;
	struct lu_candidate candidate = {.row = row, .col = col};
	struct lu_chip_label label;
	enum lu_status status;

	LU_TRY(lu_reference_label(finder->reference, finder->rule, &source->grid.pixels,
				  lu_grid_chip(&source->grid, row, col), &label, err));
	if (label.fate != LU_FATE_LABELLED) {
		finder->found->fates[label.fate]++;
		return LU_OK;
	}
	LU_TRY(lu_chip_source_read(source, row, col, finder->planes, finder->valid, &candidate.valid_share, err));
	if (candidate.valid_share < source->min_valid) {
		finder->found->thin++;
		return LU_OK;
	}
	finder->found->fates[LU_FATE_LABELLED]++;
	candidate.class = label.class;
	candidate.share = label.share;
	candidate.phash = lu_phash(finder->planes, source->bands, source->grid.chip_px, source->grid.chip_px);
	LU_TRY(add(finder, &candidate, err));
out:
	return status;
}

static enum lu_status look_at_all(struct finder *finder, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_frame *cells = &finder->source->grid.cells;
	enum lu_status status = LU_OK;

	for (int64_t row = 0; row < cells->height; row++) {
		if (lu_cancelled(hooks))
			return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
		for (int64_t col = 0; col < cells->width; col++)
			if (lu_chip_source_reaches(finder->source, row, col))
				LU_TRY(look_at(finder, row, col, err));
		lu_progress(hooks, "label", (uint64_t)((row + 1) * cells->width),
			    (uint64_t)(cells->height * cells->width));
	}
out:
	return status;
}

enum lu_status lu_candidates_find(struct lu_chip_source *source, struct lu_reference *reference,
				  const struct lu_label_rule *rule, const struct lu_hooks *hooks,
				  struct lu_candidates *out, struct lu_error *err)
{
	const size_t area = (size_t)source->grid.chip_px * (size_t)source->grid.chip_px;
	struct finder finder = {.source = source, .reference = reference, .rule = rule, .found = out};
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_alloc_aligned(&finder.planes, area, source->bands, "a chip", err));
	LU_TRY(lu_alloc_aligned(&finder.valid, area, 1, "a chip", err));
	LU_TRY(look_at_all(&finder, hooks, err));
	if (out->count == 0)
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "no chip got a label: %llu mixed, %llu of codes the scheme leaves out, %llu of codes "
				 "it does not know, %llu without reference, %llu with too little data (another .rule, "
				 ".scheme or .chip_px?)",
				 (unsigned long long)out->fates[LU_FATE_MIXED],
				 (unsigned long long)out->fates[LU_FATE_LEFT_OUT],
				 (unsigned long long)out->fates[LU_FATE_UNKNOWN],
				 (unsigned long long)out->fates[LU_FATE_NO_REFERENCE], (unsigned long long)out->thin);
out:
	lu_free(finder.planes);
	lu_free(finder.valid);
	if (status != LU_OK)
		lu_candidates_release(out);
	return status;
}

void lu_candidates_release(struct lu_candidates *candidates)
{
	lu_free(candidates->items);
	candidates->items = NULL;
	candidates->count = 0;
}

/* Close the gaps of those not kept; returns how many went. */
static uint64_t compact(struct lu_candidates *candidates, const uint8_t *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < candidates->count; i++)
		if (keep[i])
			candidates->items[kept++] = candidates->items[i];
	const uint64_t gone = candidates->count - kept;
	candidates->count = kept;
	return gone;
}

enum lu_status lu_candidates_dedupe(struct lu_candidates *candidates, int bits, uint64_t *gone, struct lu_error *err)
{
	const size_t count = candidates->count;
	uint64_t *hashes = NULL;
	size_t *of = NULL;
	uint8_t *keep = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&hashes, count, sizeof(*hashes), "hashes", err));
	LU_TRY(lu_alloc(&of, count, sizeof(*of), "hashes", err));
	LU_TRY(lu_alloc(&keep, count, 1, "hashes", err));
	for (size_t i = 0; i < count; i++)
		hashes[i] = candidates->items[i].phash;
	LU_TRY(lu_repeats_find(hashes, NULL, count, bits, of, err));
	for (size_t i = 0; i < count; i++)
		keep[i] = of[i] == LU_NOT_REPEATED;
	*gone = compact(candidates, keep);
out:
	lu_free(hashes);
	lu_free(of);
	lu_free(keep);
	return status;
}

/* A candidate's place in the draw of its class. */
struct lot {
	size_t item;
	int class;
	uint64_t key;
};

static int by_class_and_key(const void *a, const void *b)
{
	const struct lot *left = a, *right = b;

	if (left->class != right->class)
		return left->class - right->class;
	return left->key < right->key ? -1 : left->key > right->key;
}

enum lu_status lu_candidates_cap(struct lu_candidates *candidates, uint64_t most, uint64_t seed, uint64_t *gone,
				 struct lu_error *err)
{
	const size_t count = candidates->count;
	struct lot *lots = NULL;
	uint8_t *keep = NULL;
	uint64_t of_class = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&lots, count, sizeof(*lots), "a draw", err));
	LU_TRY(lu_alloc(&keep, count, 1, "a draw", err));
	for (size_t i = 0; i < count; i++) {
		const struct lu_candidate *item = &candidates->items[i];
		const uint64_t place = (uint64_t)item->row << 32 ^ (uint64_t)item->col;
		lots[i] = (struct lot){i, item->class, lu_random_hash(lu_random_hash(seed) ^ place)};
	}
	qsort(lots, count, sizeof(*lots), by_class_and_key);
	for (size_t i = 0; i < count; i++) {
		of_class = i > 0 && lots[i].class == lots[i - 1].class ? of_class + 1 : 0;
		keep[lots[i].item] = of_class < most;
	}
	*gone = compact(candidates, keep);
out:
	lu_free(lots);
	lu_free(keep);
	return status;
}

enum lu_status lu_candidates_separate(struct lu_candidates *candidates, int chip_px, int stride_px, uint64_t *gone,
				      struct lu_error *err)
{
	const size_t count = candidates->count;
	struct lu_split_chip *chips = NULL;
	uint8_t *keep = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&chips, count, sizeof(*chips), "splits", err));
	LU_TRY(lu_alloc(&keep, count, 1, "splits", err));
	for (size_t i = 0; i < count; i++)
		chips[i] = (struct lu_split_chip){candidates->items[i].row, candidates->items[i].col,
						  candidates->items[i].split};
	lu_split_separate(chips, count, (chip_px - 1) / stride_px, keep);
	*gone = compact(candidates, keep);
out:
	lu_free(chips);
	lu_free(keep);
	return status;
}
