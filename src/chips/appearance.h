/*
 * appearance.h: what a chip looks like, in a few numbers: colours, contrast and texture. Pixels in, numbers out.
 *
 *	bands		mean grey value
 *	bands		log (standard deviation + 1)
 *	bands - 1	artanh of the correlation of a band with the next one
 *	4 a band	log (mean step from pixel to pixel + 1/2), of the chip and of it halved once, twice, three times
 *
 * They part imagery of other bands, light, sharpness and scale from what a network knows. A network's own features do not:
 * what they were not trained to tell apart, they draw together, so unlike chips lie in the middle of the known ones.
 */
#ifndef LU_CHIPS_APPEARANCE_H
#define LU_CHIPS_APPEARANCE_H

#include <stddef.h>
#include <stdint.h>

/* How many numbers a chip of so many bands has, and the most there can be. */
size_t lu_appearance_count(size_t bands);

/*
 * The numbers of a chip (cut.h), all of whose pixels are data, into 'out'. 'scratch' has room for chip_px x chip_px floats.
 * The same chip gives the same bits. Any thread.
 */
void lu_appearance(const uint8_t *chip, size_t bands, int chip_px, float *scratch, double *out);

#endif
