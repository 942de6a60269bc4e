/*
 * overlay.h: what another raster, of another grid and CRS, says of each cell of a map.
 *
 * A cell takes the class that covers most of it. Its corners are placed in the raster, and shares of area are those of the
 * quadrangle between them, exact to rounding: each of its edges adds to the pixels it passes what lies on its inner side,
 * and running sums along the rows fill in the rest.
 *
 *	+---------+	A side of a cell bends in another CRS by far less than a pixel, so four corners
 *	|   |  |  |	are enough. Codes are merged into classes first: four kinds of Developed are
 *	|---+--+--|	one class.
 *	+---------+
 *
 * Memory: two rows of corners and a window of the raster, however large either is.
 */
#ifndef LU_ACCURACY_OVERLAY_H
#define LU_ACCURACY_OVERLAY_H

#include "base/geometry.h"
#include "raster/map.h"

/* What a code of the raster counts as; any other value is a class. */
enum {
	LU_OVERLAY_NONE = 0,
	LU_OVERLAY_UNKNOWN = 65534, /* nobody said what it is */
	LU_OVERLAY_LEFT_OUT = 65535, /* known, and no class on purpose */
};

struct lu_overlay;

/*
 * 'raster' must outlive the overlay; 'target' has 65536 entries, what each code counts as, and is
 * copied. LU_ERROR_MISMATCH when the CRSs have no way to each other; LU_ERROR_UNSUPPORTED when one
 * cell covers more pixels than can be held. One overlay serves one thread.
 */
enum lu_status lu_overlay_new(const struct lu_frame *cells, struct lu_map *raster, const uint16_t *target,
			      struct lu_overlay **out, struct lu_error *err);
void lu_overlay_free(struct lu_overlay *overlay);

/*
 * The next row of cells, from the first on: into value[col] the class, or one of the above where it
 * covers more than all classes together, and into share[col] the part of the cell that it covers.
 */
enum lu_status lu_overlay_row(struct lu_overlay *overlay, uint16_t *value, double *share, struct lu_error *err);

/* Over all rows so far, how much of 'code' was met, in cells' worth of area. */
double lu_overlay_seen(const struct lu_overlay *overlay, uint16_t code);

#endif
