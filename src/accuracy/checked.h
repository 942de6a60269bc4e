/*
 * checked.h: what people found of a layer of candidates: how many of those they looked at are real.
 *
 * A layer of candidates (change_layers.h) is a list, the most probable first, and people check as much of it as
 * time allows. Their reviews are shares of what was looked at. For the whole list they speak only when all of it
 * was checked, or when chance chose what was.
 */
#ifndef LU_ACCURACY_CHECKED_H
#define LU_ACCURACY_CHECKED_H

#include "base/error.h"
#include "change/review.h"

/* Patches by what is said of them: in by_status[k] those of lu_review_statuses[k]. */
struct lu_checked_counts {
	uint64_t patches, by_status[LU_REVIEW_STATUSES];
	double patches_ha, by_status_ha[LU_REVIEW_STATUSES]; /* 0 where the layer has no areas */
};

/* Patches of one kind, such as "Forest to Developed". */
struct lu_checked_kind {
	char *name;
	struct lu_checked_counts counts;
};

/* Which patches were checked. */
enum lu_checked_part {
	LU_CHECKED_ALL,
	LU_CHECKED_FIRST, /* the first of the list, without a gap */
	LU_CHECKED_SOME,
};

struct lu_checked {
	const char *path; /* borrowed */
	struct lu_checked_counts all;
	struct lu_checked_kind *kinds; /* in the order of the list */
	size_t kind_count;
	enum lu_checked_part part;
	bool has_areas, has_probabilities;
	double decided_probability; /* sum over the patches called real or not */
	double checked_probability, list_probability; /* sums over those checked, and over all */
};

/*
 * Read the layer 'layer' (NULL: the first) of 'path', whose field 'review_status' (or 'checked', its former name) has them by number or by name.
 * LU_ERROR_ARGUMENT when it has no such field, or nothing is checked; LU_ERROR_FORMAT for another review status.
 * Release '*out' also after a failure.
 */
enum lu_status lu_checked_read(const char *path, const char *layer, struct lu_checked *out, struct lu_error *err);
void lu_checked_release(struct lu_checked *checked);

/* Patches with any review status. */
uint64_t lu_checked_count(const struct lu_checked_counts *counts);

/* For a person, and as JSON; lu_free '*text'. */
enum lu_status lu_checked_text(const struct lu_checked *checked, char **text, struct lu_error *err);
enum lu_status lu_checked_json(const struct lu_checked *checked, char **text, struct lu_error *err);

#endif
