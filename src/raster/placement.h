/*
 * placement.h: inside raster/ only: where a member lies on a grid of pixels.
 *
 * Direct means that its pixels are the grid's pixels: same CRS, same size, a whole number of
 * pixels away, so that bytes are copied and never resampled. Anything else is warped.
 */
#ifndef LU_RASTER_PLACEMENT_H
#define LU_RASTER_PLACEMENT_H

#include "base/geometry.h"
#include "raster/member.h"
#include "raster/transform.h"

struct lu_placement {
	struct lu_rect rect; /* grid pixels that the member may reach; empty: none */
	bool direct; /* then rect.x, rect.y are the grid pixel of the member's first pixel */
	bool same_crs;
};

/*
 * Place 'member' on 'grid' (a frame of any extent). 'to_grid' leads from the member's CRS to the
 * grid's, or is NULL when they are the same. The rectangle of a warped member is cut to the grid.
 */
enum lu_status lu_placement_find(const struct lu_member *member, struct lu_transform *to_grid,
				 const struct lu_frame *grid, struct lu_placement *out, struct lu_error *err);

/*
 * The box around 'member' in the CRS that 'to_other' leads to (NULL: its own), with edges followed
 * point by point because they bend. LU_ERROR_MISMATCH when no point of it has an image there.
 */
enum lu_status lu_placement_box(const struct lu_member *member, struct lu_transform *to_other, struct lu_box *out,
				struct lu_error *err);

#endif
