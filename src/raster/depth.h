/*
 * depth.h: inside raster/ only: raw values of any pixel type to 8 bits.
 *
 * v becomes round(255 (v - low) / (high - low)), kept within 0..255. Bytes stay what they are.
 */
#ifndef LU_RASTER_DEPTH_H
#define LU_RASTER_DEPTH_H

#include <stdint.h>

#include "raster/member.h"

struct lu_depth {
	enum lu_pixel pixel;
	double low, high;
	uint8_t *table; /* of the 65,536 16-bit patterns; NULL for bytes and floats */
};

enum lu_status lu_depth_init(struct lu_depth *depth, enum lu_pixel pixel, double low, double high,
			     struct lu_error *err);
void lu_depth_release(struct lu_depth *depth);

/* The value at index 'i' of a plane of raw values, as a byte. */
static inline uint8_t lu_depth_byte(const struct lu_depth *depth, const void *plane, size_t i)
{
	double scaled;

	switch (depth->pixel) {
	case LU_PIXEL_BYTE:
		return ((const uint8_t *)plane)[i];
	case LU_PIXEL_UINT16:
	case LU_PIXEL_INT16:
		/* An Int16's bit pattern is looked up, so that one table serves both. */
		return depth->table[((const uint16_t *)plane)[i]];
	case LU_PIXEL_FLOAT:
		break;
	}
	scaled = 255 * (((const float *)plane)[i] - depth->low) / (depth->high - depth->low);
	return scaled >= 255 ? 255 : scaled > 0 ? (uint8_t)(scaled + 0.5) : 0;
}

#endif
