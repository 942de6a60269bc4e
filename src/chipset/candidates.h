/*
 * candidates.h: the chips of a labelled set in the making: found, labelled, and then thinned.
 */
#ifndef LU_CHIPSET_CANDIDATES_H
#define LU_CHIPSET_CANDIDATES_H

#include "chipset/chip_source.h"
#include "chipset/reference.h"
#include "chipset/split.h"
#include "landuse/core.h"

struct lu_candidate {
	int64_t row, col;
	int class; /* index into the scheme's classes */
	double share; /* of the class, by the rule */
	double valid_share;
	uint64_t phash;
	size_t group; /* index into struct lu_groups */
	enum lu_split split;
};

struct lu_candidates {
	struct lu_candidate *items; /* in ascending order of (row, col) */
	size_t count;
	uint64_t fates[LU_FATES]; /* of all chips with enough data; LU_FATE_LABELLED is count as found */
	uint64_t thin; /* chips with too little data */
};

/*
 * Label every chip of 'source', and hash the picture of those that got one. Memory: one chip, and
 * 64 bytes a candidate. LU_ERROR_MISMATCH when no chip gets a label, with the reasons counted.
 */
enum lu_status lu_candidates_find(struct lu_chip_source *source, struct lu_reference *reference,
				  const struct lu_label_rule *rule, const struct lu_hooks *hooks,
				  struct lu_candidates *out, struct lu_error *err);
void lu_candidates_release(struct lu_candidates *candidates);

/* Leave out pictures within 'bits' of an earlier one's hash (chipset/phash.h); returns how many. */
enum lu_status lu_candidates_dedupe(struct lu_candidates *candidates, int bits, uint64_t *gone, struct lu_error *err);

/* Keep at most 'most' of each class, drawn by 'seed'. */
enum lu_status lu_candidates_cap(struct lu_candidates *candidates, uint64_t most, uint64_t seed, uint64_t *gone,
				 struct lu_error *err);

/* Leave out chips that share ground with another side (lu_split_separate). */
enum lu_status lu_candidates_separate(struct lu_candidates *candidates, int chip_px, int stride_px, uint64_t *gone,
				      struct lu_error *err);

#endif
