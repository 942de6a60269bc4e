/*
 * smooth.h: what a cell's neighbours say about it.
 *
 * Land use comes in patches, classification errors in single cells. Three remedies, from blunt to
 * soft: the plurality of the 3 x 3 cells, a minimum mapping unit, and a Markov random field over
 * the probabilities. All treat 0 as "not mapped": such a cell has no vote, gets no class, and is no
 * neighbour; so are the places beyond the map's edge.
 *
 * Maps are row-major, width x height. Each function says how many cells it altered.
 */
#ifndef LU_MAPS_SMOOTH_H
#define LU_MAPS_SMOOTH_H

#include "base/error.h"

/*
 * Each cell becomes the class with most votes among itself ('centre_weight' votes) and its eight
 * neighbours (one each); of equals, its own class, else the lowest value. A lone cell vanishes at
 * weight 1 and stays at weight 9. 'from' and 'to' must not overlap. Returns the cells altered.
 */
uint64_t lu_smooth_plurality(const uint16_t *from, int64_t width, int64_t height, double centre_weight, uint16_t *to);

/*
 * Minimum mapping unit, in place: patches (cells of one class joined by their sides, or also by their
 * corners with 'corners') of fewer than 'min_cells' cells are given to the largest patch beside them
 * (of equals, the one of lower class value, then the one nearer the upper left), smallest first (of
 * equals, the one nearer the upper left); patches that grow together count as one from then on, and wait until
 * smaller ones have had their turn. A patch with no mapped neighbour stays.
 *
 * A patch may reach across the whole map, so all of it is held: LU_SIEVE_BYTES a cell besides the map
 * and, for each side of a cell in a small patch, LU_SIEVE_BORDER_BYTES (twice, for a moment).
 * LU_ERROR_UNSUPPORTED from 2^32 - 1 cells on.
 */
#define LU_SIEVE_BYTES 18
#define LU_SIEVE_BORDER_BYTES 8
enum lu_status lu_smooth_sieve(uint16_t *map, int64_t width, int64_t height, uint64_t min_cells, bool corners,
			       uint64_t *altered, struct lu_error *err);

/*
 * Mean-field smoothing of 'probability' (height x width x classes, each cell adding up to 1; all 0:
 * not mapped), in place, under a Potts prior:
 *
 *	q(k)  proportional to  p(k) exp(weight * mean over mapped neighbours of q'(k))
 *
 * repeated 'iterations' times (8 do; each step goes half way, so that it settles). 'weight' 0 leaves
 * all as it is; at 2, eight neighbours outvote a cell that is less than 88 % sure. All cells move at
 * once, so the result does not depend on the order, and a cell's on none that is more than 'iterations'
 * cells away: strips of rows with so many more on either side give the same bits as the whole map.
 * '*altered': cells whose best class is another.
 *
 * J. Besag: On the statistical analysis of dirty pictures. JRSS B 48, 1986 (the field); J. Zhang: The
 * mean field theory in EM procedures for Markov random fields. IEEE Trans. Signal Proc. 40, 1992.
 */
enum lu_status lu_smooth_mean_field(float *probability, int64_t width, int64_t height, size_t classes, double weight,
				    int iterations, uint64_t *altered, struct lu_error *err);

#endif
