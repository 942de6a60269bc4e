/*
 * depth.c: raw values of any pixel type to 8 bits. See depth.h.
 */
#include "raster/depth.h"

#include "base/memory.h"

enum lu_status lu_depth_init(struct lu_depth *depth, enum lu_pixel pixel, double low, double high, struct lu_error *err)
{
	enum lu_status status;

	*depth = (struct lu_depth){.pixel = pixel, .low = low, .high = high};
	if (pixel != LU_PIXEL_UINT16 && pixel != LU_PIXEL_INT16)
		return LU_OK;
	status = lu_alloc(&depth->table, UINT16_MAX + 1, 1, "a table of grey values", err);
	if (status != LU_OK)
		return status;
	for (int pattern = 0; pattern <= UINT16_MAX; pattern++) {
		const int value = pixel == LU_PIXEL_INT16 && pattern > INT16_MAX ? pattern - UINT16_MAX - 1 : pattern;
		const double scaled = 255 * (value - low) / (high - low);

		depth->table[pattern] = scaled >= 255 ? 255 : scaled > 0 ? (uint8_t)(scaled + 0.5) : 0;
	}
	return LU_OK;
}

void lu_depth_release(struct lu_depth *depth)
{
	lu_free(depth->table);
	*depth = (struct lu_depth){0};
}
