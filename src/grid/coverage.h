/*
 * coverage.h: the exact share of every cell that lies inside a polygon.
 *
 * A county line cuts through cells. Their shares are found by clipping, not by sampling, so shares
 * times cell area add up to the polygon's own area. Most cells are wholly in or out, so a row is
 * kept as a few spans:
 *
 *	col   0 1 2 3 4 5 6 7 8 9
 *	      . . # # # # # # . .
 *	          ^ ^-----^ ^
 *	          |    |    one cell cut by the line, with its clipped polygon
 *	          |    a run of cells wholly inside
 *	          one cell cut by the line
 *
 * Cells in no span do not touch the polygon. Memory: rows + cut cells + vertices, however many
 * cells the frame has.
 */
#ifndef LU_GRID_COVERAGE_H
#define LU_GRID_COVERAGE_H

#include "base/geometry.h"

/*
 * Overlaps of less than this part of a cell are the rounding of a line drawn along cell edges: such
 * a cell counts as outside, and one that lacks less as inside.
 */
#define LU_COVERAGE_ROUNDING 1e-9

/*
 * Cells 'first' .. 'end' - 1 of one row: a run inside (share 1, no clip), or one cut cell. The rings of its clip may run
 * back and forth along the cell's edges (which adds no area); their signed areas add up to share * cell area.
 */
struct lu_coverage_span {
	int64_t first, end;
	double share; /* of the cell's planar area, 0 < share <= 1 */
	struct lu_polygon clip; /* the part inside, borrowed; count 0 for cells wholly inside */
};

struct lu_coverage;

/*
 * Clip 'polygon' (in the CRS of 'cells'; shells counter-clockwise, holes clockwise, rings that do
 * not cross) to every cell of 'cells', whose transform must not be rotated. Parts of the polygon
 * outside the frame are cut off; a polygon that misses it gives an empty coverage and LU_OK.
 *
 * Cost: O(V log n) for the line plus the cells it cuts. '*out' keeps nothing of the arguments and
 * is read-only, so threads may share it. LU_ERROR_ARGUMENT for a rotated or degenerate transform
 * or a coordinate that is not finite.
 *
 * I. E. Sutherland, G. W. Hodgman: Reentrant polygon clipping. CACM 17(1), 1974.
 */
enum lu_status lu_coverage_new(const struct lu_polygon *polygon, const struct lu_frame *cells, struct lu_coverage **out,
			       struct lu_error *err);
void lu_coverage_free(struct lu_coverage *coverage);

/* Share of cell (row, col) inside: 0 does not touch, 1 wholly inside. The cell must be in the frame. */
double lu_coverage_share(const struct lu_coverage *coverage, int64_t row, int64_t col);

/* The spans of 'row' from left to right, borrowed; '*count' may be 0. */
const struct lu_coverage_span *lu_coverage_row(const struct lu_coverage *coverage, int64_t row, size_t *count);

/* The shares of a whole row: 'share' takes the frame's width. */
void lu_coverage_fill_row(const struct lu_coverage *coverage, int64_t row, double *share);

/* Cells that touch the polygon. */
int64_t lu_coverage_cells(const struct lu_coverage *coverage);

#endif
