/*
 * fill.h: what a network sees where a chip has no data.
 */
#ifndef LU_CHIPS_FILL_H
#define LU_CHIPS_FILL_H

#include <stdint.h>

/*
 * Set the invalid pixels of a chip ('bands' planes of chip x chip bytes) to their plane's mean over the
 * valid ones, rounded half up: a black edge would be read as a roof or as water. 'valid' has
 * chip x chip bytes, rows 'valid_stride' apart, 0 = no data. A chip with no valid pixel is left.
 */
void lu_fill_invalid(uint8_t *planes, int bands, int chip, const uint8_t *valid, int64_t valid_stride);

#endif
