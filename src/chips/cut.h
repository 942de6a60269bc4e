/*
 * cut.h: chips as networks get them: bytes, planar, without gaps.
 *
 * Band b of a chip of n pixels a side is the n * n bytes from b * n * n on. What numbers the bytes stand for is left
 * to the network's plan: whether a chip is learnt from, evaluated or mapped, it is made of the same bytes.
 */
#ifndef LU_CHIPS_CUT_H
#define LU_CHIPS_CUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * One more whenever a chip comes out of src/chips with other bytes than it did: part of the fingerprint of everything
 * that is kept and made from chips, so that nothing is resumed half old, half new.
 */
enum { LU_CHIP_VERSION = 2 };

/*
 * Copy 'bands' planes of chip_px x chip_px bytes into 'chip': pixel (row, col) of band b is at
 * planes[b * plane_stride + row * row_stride + col]. The two do not overlap. Any thread.
 */
void lu_cut_chip(const uint8_t *planes, size_t plane_stride, size_t row_stride, int bands, int chip_px, uint8_t *chip);

#endif
