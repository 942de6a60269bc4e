/*
 * recolour.h: one chip under another light, for learning from more than was photographed.
 *
 *	value' = gain[band] x (mean + contrast x (value - mean)),	kept within 0..255
 *
 * 'mean' is the chip's own, over all bands. Contrast is 0.8 to 1.2 (haze, sensors), the gain of all bands
 * together 0.8 to 1.2 (sun, exposure), and of each band 0.93 to 1.07 around that (white balance).
 */
#ifndef LU_CHIPS_RECOLOUR_H
#define LU_CHIPS_RECOLOUR_H

#include "base/error.h"

/*
 * Recolour a normalised chip of 'bands' planes of chip_px x chip_px in place; 'scale' and 'offset' are
 * those it was normalised with (lu_normalise_chip). The light follows from 'draw' alone. Any thread.
 */
void lu_recolour_chip(float *chip, int chip_px, int bands, const float *scale, const float *offset, uint64_t draw);

#endif
