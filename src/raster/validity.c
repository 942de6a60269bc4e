/*
 * validity.c: the nodata rule, applied to raw values. See validity.h.
 */
#include "raster/validity.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Mark the pixels of one plane that are not 'nodata': one loop a type, so that each vectorises. */
#define MARK(type)                                                                                                     \
	static void mark_##type(const void *plane, size_t count, double nodata, uint8_t *valid)                        \
	{                                                                                                              \
		const type *values = plane;                                                                            \
		const type missing = (type)nodata;                                                                     \
                                                                                                                       \
		for (size_t i = 0; i < count; i++)                                                                     \
			valid[i] |= values[i] != missing;                                                              \
	}

MARK(uint8_t)
MARK(uint16_t)
MARK(int16_t)

static void mark_float(const void *plane, size_t count, double nodata, uint8_t *valid)
{
	const float *values = plane;
	const float missing = (float)nodata;

	for (size_t i = 0; i < count; i++)
		valid[i] |= !(isnan(values[i]) || values[i] == missing);
}

void lu_validity_by_nodata(const struct lu_member *member, size_t bands, const void *raw, size_t count, uint8_t *valid)
{
	static void (*const mark[])(const void *, size_t, double, uint8_t *) = {
		[LU_PIXEL_BYTE] = mark_uint8_t,
		[LU_PIXEL_UINT16] = mark_uint16_t,
		[LU_PIXEL_INT16] = mark_int16_t,
		[LU_PIXEL_FLOAT] = mark_float,
	};
	const size_t plane = count * lu_pixel_size(member->pixel);

	assert(member->validity == LU_VALID_NODATA);
	memset(valid, 0, count);
	for (size_t band = 0; band < bands; band++)
		mark[member->pixel]((const char *)raw + band * plane, count, member->nodata[band], valid);
}
