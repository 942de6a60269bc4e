/*
 * valid.h: the nodata policy of a cell.
 *
 * A pixel is valid when the reader's mask says so (nodata value, alpha and mask band are the
 * reader's business: a legal black roof is valid). A cell is mapped when enough of its chip is
 * valid and the cell touches the county; everything else stays 0, "not mapped".
 */
#ifndef LU_CHIPS_VALID_H
#define LU_CHIPS_VALID_H

#include "landuse/core.h"

/* Share of a chip that must be valid unless the job says otherwise. */
#define LU_MIN_VALID 0.9

/*
 * Share, 0 to 1, of the chip x chip bytes at 'valid' (rows 'stride' bytes apart) that are not 0.
 * Any thread.
 */
double lu_valid_share(const uint8_t *valid, int64_t stride, int chip);

/*
 * The rule. 'valid' and 'inside' are the shares of the chip that is valid and of the cell that
 * lies in the county; 'min_valid' is inclusive: 0.9 maps a chip of which exactly 90 % is valid.
 */
bool lu_cell_mapped(double valid, double inside, double min_valid);

#endif
