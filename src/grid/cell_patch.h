/*
 * cell_patch.h: the areas of many small cells from those of a few large blocks.
 *
 * How large a cell is on the ellipsoid changes slowly from one cell to the next, so it need not be
 * found anew for each. A patch is 4 x 4 blocks of s x s cells:
 *
 *	+-----+-----+-----+-----+
 *	|     |     |     |     |	the area of each block is known; one polynomial, cubic each
 *	+-----+-----+-----+-----+	way, has exactly these integrals over the blocks; a cell's
 *	|     |     |     |     |	area is its integral over the cell
 *	+-----+-----+-----+-----+
 *	|     |     |     |     |	so the cells of a block add up to the block, to rounding
 *	+-----+-----+-----+-----+
 *	|     |     |     |     |
 *	+-----+-----+-----+-----+
 *
 * Pure mathematics, any thread.
 */
#ifndef LU_GRID_CELL_PATCH_H
#define LU_GRID_CELL_PATCH_H

#include <stdbool.h>
#include <stdint.h>

enum { LU_PATCH_BLOCKS = 4 }; /* each way */

/* What a patch may be wrong by, as a part of a cell's area. */
#define LU_PATCH_TOLERANCE 1e-9

/*
 * May cells be read from these blocks (rows of blocks, from left to right)? True when the cubic term,
 * the last one that the polynomial has, stays below LU_PATCH_TOLERANCE in every row and column of
 * blocks. What is left out is smaller still: on ground of h metres a block, each further order
 * shrinks by about h over the earth's radius (2 km: 3e-4), or by h over the distance to where the
 * projection breaks down, and there the cubic term does not stay below.
 */
bool lu_cell_patch_smooth(double block_m2[LU_PATCH_BLOCKS][LU_PATCH_BLOCKS]);

/*
 * Areas of the cells 'first' .. 'first' + 'count' - 1 of row 'row' (all counted from the patch's
 * corner, below LU_PATCH_BLOCKS * block_cells) into area_m2[0 .. count - 1].
 */
void lu_cell_patch_row(double block_m2[LU_PATCH_BLOCKS][LU_PATCH_BLOCKS], int64_t block_cells, int64_t row,
		       int64_t first, int64_t count, double *area_m2);

#endif
