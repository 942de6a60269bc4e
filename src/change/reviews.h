/*
 * reviews.h: what people said of former candidates, found again for new ones by place and pair of classes.
 *
 * A new patch is the place of a former one where both changed from the same class to the same class and what they share is
 * half of what both cover, or more: then no other can be nearer. Former layers are the one that is about to be written
 * over, then those that moved aside before (review.h), the latest first.
 */
#ifndef LU_CHANGE_REVIEWS_H
#define LU_CHANGE_REVIEWS_H

#include "change/patches.h"

struct lu_review {
	uint16_t from, to; /* codes of classes */
	int64_t status; /* 0: none */
	char *remark; /* NULL: none */
	struct lu_polygon outline;
	struct lu_box box;
	double area; /* planar, in squared units of the CRS */
	bool carried; /* a new patch has it */
};
struct lu_reviews {
	struct lu_review *items;
	size_t count;
	size_t current; /* the first so many are of the layer that is about to be written over */
};

/*
 * Read those of FOLDER/NAME.gpkg and of NAME_reviewed*.gpkg that are in the CRS of 'frame'; what cannot be read holds none.
 * Release '*out', also after a failure.
 */
enum lu_status lu_reviews_read(const char *folder, const char *name, const struct lu_frame *frame,
			       struct lu_reviews *out, struct lu_error *err);
void lu_reviews_release(struct lu_reviews *reviews);

/* What was said of the place of a patch of 'cells' that changed between these codes, and is carried from now on; or NULL. */
const struct lu_review *lu_reviews_find(struct lu_reviews *reviews, const struct lu_frame *frame, uint16_t from,
					uint16_t to, const struct lu_flagged_cell *cells, size_t count);

/* How many of the current layer's are carried. */
size_t lu_reviews_carried(const struct lu_reviews *reviews);

#endif
