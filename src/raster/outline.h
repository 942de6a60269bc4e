/*
 * outline.h: the outline of a patch of cells.
 */
#ifndef LU_RASTER_OUTLINE_H
#define LU_RASTER_OUTLINE_H

#include "base/error.h"
#include "base/geometry.h"

/*
 * The polygon that the marked cells fill: 'mask' has window.height x window.width bytes, not 0 where a cell of
 * 'cells' belongs to the patch. The cells are joined by their sides, so there is one outer ring, the
 * first; holes follow. '*out' is the caller's (lu_polygon_release), in the CRS of 'cells'. Any thread.
 */
enum lu_status lu_outline_trace(const struct lu_frame *cells, struct lu_rect window, const uint8_t *mask,
				struct lu_polygon *out, struct lu_error *err);

#endif
