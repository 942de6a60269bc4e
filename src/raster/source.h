/*
 * source.h: inside raster/ only: one member, open, seen on a grid of pixels.
 *
 * Delivers raw values (in the member's pixel type) and validity for any part of the member's
 * placement: copied where the member lies on the grid, warped where it does not (warp.h).
 */
#ifndef LU_RASTER_SOURCE_H
#define LU_RASTER_SOURCE_H

#include "base/geometry.h"
#include "raster/member.h"
#include "raster/placement.h"

struct lu_source;

/*
 * Open 'member', placed at 'placement' on 'grid'. 'member_crs' is its CRS. Everything passed must
 * outlive the source. A source serves one thread.
 */
enum lu_status lu_source_open(const struct lu_member *member, const char *member_crs,
			      const struct lu_selection *selection, const struct lu_placement *placement,
			      const struct lu_frame *grid, struct lu_source **out, struct lu_error *err);
void lu_source_close(struct lu_source *source);

/*
 * Read 'rect' (in grid pixels, inside the placement): 'raw' gets selection->count planes of
 * rect.height x rect.width values of the member's type, 'valid' one plane of 0 or 1.
 */
enum lu_status lu_source_read(struct lu_source *source, struct lu_rect rect, void *raw, uint8_t *valid,
			      struct lu_error *err);

#endif
