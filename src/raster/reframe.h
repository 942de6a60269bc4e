/*
 * reframe.h: a raster's frame as another CRS sees it.
 */
#ifndef LU_RASTER_REFRAME_H
#define LU_RASTER_REFRAME_H

#include "base/error.h"
#include "base/geometry.h"

/*
 * '*box' is the box around the frame's outline in 'crs_wkt' (its edges bend, so they are followed
 * point by point), and '*out' (lu_frame_release) a north-up frame that fills the box with square
 * pixels as large on the ground as the frame's own at its centre. LU_ERROR_MISMATCH when the
 * outline has no image there. Any thread.
 */
enum lu_status lu_frame_in_crs(const struct lu_frame *frame, const char *crs_wkt, struct lu_frame *out,
			       struct lu_box *box, struct lu_error *err);

#endif
