/*
 * normalise.h: from bytes as read to the floats a network expects.
 *
 * Both functions keep nothing, allocate nothing and may be called from any thread; layouts are
 * planar: band b of a chip of n pixels a side is the n * n values from b * n * n on.
 */
#ifndef LU_CHIPS_NORMALISE_H
#define LU_CHIPS_NORMALISE_H

#include "base/error.h"

/*
 * dst[b][row][col] = (float)v * scale[b] + offset[b], for 'bands' planes of chip_px x chip_px
 * bytes: v = planes[b * plane_stride + row * row_stride + col]. A model that wants (v / 255 - mean)
 * / std gets scale = 1 / (255 std) and offset = -mean / std. 'dst' takes bands * chip_px * chip_px
 * floats and must not overlap 'planes'.
 */
void lu_normalise_chip(const uint8_t *planes, size_t plane_stride, size_t row_stride, int chip_px, int bands,
		       const float *scale, const float *offset, float *dst);

/*
 * A plan for resizing square chips from 'src_px' to 'dst_px' pixels a side: bilinear, pixel centres
 * at (i + 1/2), edges repeated. When it shrinks, the triangle widens to the reduction factor, so
 * that every source pixel counts and fine texture does not alias (the "antialias" of PIL and
 * torchvision). The plan is read-only after it is made: one serves all threads.
 */
struct lu_resize;
enum lu_status lu_resize_new(int src_px, int dst_px, struct lu_resize **out, struct lu_error *err);
void lu_resize_free(struct lu_resize *resize);

/* Floats of scratch that one lu_resize_chip call needs, whatever the number of bands. */
size_t lu_resize_scratch(const struct lu_resize *resize);

/* Resize 'bands' planes from 'src' to 'dst'; the three buffers are the caller's and do not overlap. */
void lu_resize_chip(const struct lu_resize *resize, const float *src, int bands, float *dst, float *scratch);

#endif
