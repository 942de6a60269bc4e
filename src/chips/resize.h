/*
 * resize.h: square chips of one size from pictures of another.
 */
#ifndef LU_CHIPS_RESIZE_H
#define LU_CHIPS_RESIZE_H

#include "base/error.h"

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

/*
 * Resize 'bands' planes of src_px x src_px bytes, where pixel (row, col) of band b is at
 * planes[b * plane_stride + row * row_stride + col], into the chip 'dst' (cut.h). A result is rounded to the
 * nearest number, half up; no number between is rounded. The buffers are the caller's and do not overlap.
 * Nothing is kept or allocated; any thread, with a scratch of its own.
 */
void lu_resize_chip(const struct lu_resize *resize, const uint8_t *planes, size_t plane_stride, size_t row_stride,
		    int bands, uint8_t *dst, float *scratch);

#endif
