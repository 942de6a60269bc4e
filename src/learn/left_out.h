/*
 * left_out.h: the pictures of a set that training leaves out, why, and in favour of which.
 *
 *	unreadable	no picture, or not one that the network takes
 *	repeated	the same bytes as a picture before it in the set
 *	near-duplicate	its perceptual hash is within some bits of that of a picture that is kept
 *
 * Of near-duplicates the one in the test split is kept, else the one in the validate split, else the
 * first in the set: so none is left on both sides of a split, and whoever tests a model meets nothing
 * that it has as good as learned.
 */
#ifndef LU_LEARN_LEFT_OUT_H
#define LU_LEARN_LEFT_OUT_H

#include "chipset/labelled_set.h"
#include "learn/features.h"

enum lu_left_out_why { LU_TAKEN, LU_UNREADABLE, LU_REPEATED, LU_NEAR_DUPLICATE, LU_LEFT_OUT_WHYS };

struct lu_left_out {
	enum lu_left_out_why *why; /* of each chip of the set */
	size_t *like; /* the chip that is there instead, of repeated pictures and near-duplicates */
	int *bits; /* by which their hashes differ */
	size_t counts[LU_LEFT_OUT_WHYS]; /* test chips, which training leaves alone, not among them */
	size_t between; /* near-duplicates of a picture in another split */
};

struct lu_left_out_task {
	const struct lu_labelled_set *set; /* borrowed, as the next */
	const struct lu_features *features;
	size_t pose_count;
	bool dedupe; /* look for near-duplicates: every picture is decoded once more */
	int dedupe_bits;
	int bands; /* that pictures are read with */
	const double *range;
	int threads;
	const struct lu_hooks *hooks;
};

/*
 * Pictures under two labels are warned of; the kept one's is taken. LU_ERROR_CANCELLED. Release with
 * lu_left_out_release, also after a failure.
 */
enum lu_status lu_left_out_find(const struct lu_left_out_task *task, struct lu_left_out *out, struct lu_error *err);
void lu_left_out_release(struct lu_left_out *left_out);

/* A row for each left out: picture,reason,kept,bits. */
enum lu_status lu_left_out_write(const struct lu_left_out *left_out, const struct lu_labelled_set *set,
				 const char *path, struct lu_error *err);

#endif
