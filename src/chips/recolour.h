/*
 * recolour.h: colour jitter: one chip in another brightness, contrast and balance, for learning from more than was photographed.
 *
 *	value' = gain[band] x (mean + contrast x (value - mean)),	rounded and kept within 0..255
 *
 * 'mean' is the chip's own, over all bands. Contrast is 0.8 to 1.2 (haze, sensors), the gain of all bands
 * together 0.8 to 1.2 (sun, exposure), and of each band 0.93 to 1.07 around that (white balance).
 */
#ifndef LU_CHIPS_RECOLOUR_H
#define LU_CHIPS_RECOLOUR_H

#include <stdint.h>

/*
 * Recolour a chip of 'bands' planes of chip_px x chip_px bytes in place. The jitter follows from 'draw' alone. Any thread.
 */
void lu_recolour_chip(uint8_t *chip, int chip_px, int bands, uint64_t draw);

#endif
