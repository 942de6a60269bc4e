/*
 * patches.h: flagged cells joined to patches of one development.
 *
 * A patch is cells joined by their sides that became the same class, whatever they were before: a
 * subdivision is one place to visit, though it took a field and a wood. Patches come in the order in
 * which a person should look at them: the most probable first, the larger of equals, then from north-west.
 */
#ifndef LU_CHANGE_PATCHES_H
#define LU_CHANGE_PATCHES_H

#include "change/change_products.h"

struct lu_patch {
	size_t first, count; /* its cells in struct lu_patches */
	uint16_t from, to; /* of 'from' the class that most of its area had */
	double area_m2;
	double probability; /* mean P(changed) of its cells */
	struct lu_rect window; /* of cells */
};
struct lu_patches {
	struct lu_patch *patches;
	size_t count;
	struct lu_flagged_cell *cells; /* patch by patch, each from the north-west */
	size_t cell_count;
};

/*
 * Join those of 'count' flagged cells (in row order) whose pair is wanted: pairs[from * classes + to].
 * '*out' is the caller's: lu_patches_release.
 */
enum lu_status lu_patches_make(const struct lu_flagged_cell *cells, size_t count, const bool *pairs, size_t classes,
			       struct lu_patches *out, struct lu_error *err);
void lu_patches_release(struct lu_patches *patches);

/* The patch's cell of the highest P(changed), of equals the first. */
const struct lu_flagged_cell *lu_patch_surest(const struct lu_patches *patches, const struct lu_patch *patch);

#endif
