/*
 * drawn_changes.h: changes as they would look on this ground, drawn from its own cells.
 *
 * One cell's dates up to some step between two dates, another cell's from there on: such a splice is a change as far as the
 * two cells' classes differ and neither changed itself. So cells of which nobody can tell the class for sure are among them,
 * as they are among what changes.
 */
#ifndef LU_CHANGE_DRAWN_CHANGES_H
#define LU_CHANGE_DRAWN_CHANGES_H

#include "change/two_groups.h"

/* Whose cells, and how a pair of dates is scored. All borrowed. */
struct lu_drawing {
	const float *sample; /* count x dates x classes; a date that is all 0 was not mapped */
	size_t count, dates, classes;
	const double *share, *trained; /* one a class: of this ground, and under which the answers were calibrated */
	/* False: the answers fit nothing that may happen. */
	bool (*score)(void *user, const float *cell, size_t earlier, size_t later, struct lu_scored *scored);
	void *user;
};

/* What was scored between two dates; lu_drawn_changes_release it. */
struct lu_drawn_changes {
	struct lu_scored *observed; /* the sample's cells that are mapped at both */
	size_t observed_count;
	struct lu_scored *drawn;
	/*
	 * The same changes, but those of mixed cells as what they mostly are: a boundary that moves. They are what is hard to
	 * find, so they tell how much is; the two groups are told apart by whole cells.
	 */
	struct lu_scored *told;
	size_t drawn_count; /* of 'told', too */
};

/* Draws are the same for the same sample. LU_ERROR_MEMORY. Release '*out' also after a failure. */
enum lu_status lu_drawn_changes_make(const struct lu_drawing *drawing, size_t earlier, size_t later,
				     struct lu_drawn_changes *out, struct lu_error *err);
void lu_drawn_changes_release(struct lu_drawn_changes *changes);

#endif
