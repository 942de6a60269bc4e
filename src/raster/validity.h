/*
 * validity.h: inside raster/ only: the nodata rule, applied to raw values.
 *
 * A pixel is missing only where every selected band equals its nodata value. One band at 0 (a
 * legal black roof's red) or at 255 (a legal white one's) is data.
 */
#ifndef LU_RASTER_VALIDITY_H
#define LU_RASTER_VALIDITY_H

#include <stdint.h>

#include "raster/member.h"

/* Set valid[i] (0 or 1) for 'count' pixels of 'bands' planes in 'raw', by member's nodata values. */
void lu_validity_by_nodata(const struct lu_member *member, size_t bands, const void *raw, size_t count, uint8_t *valid);

#endif
