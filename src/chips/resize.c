/*
 * resize.c: resizing of chips.
 *
 * Resizing is separable: the source rows that an output row sees become one line of floats, which stays in the
 * nearest cache while the output row is made of it. The weights of an output pixel are the same in both directions
 * and are worked out once.
 */
#include "chips/resize.h"

#include <math.h>

#include "base/memory.h"

struct lu_resize {
	int src_px, dst_px;
	int taps; /* weights per output pixel */
	int *first; /* dst_px: the first source pixel of each output pixel */
	float *weight; /* taps x dst_px; unused taps weigh 0 and stay inside the source */
};

enum lu_status lu_resize_new(int src_px, int dst_px, struct lu_resize **out, struct lu_error *err)
{
	struct lu_resize *resize = NULL;
	enum lu_status status;

	*out = NULL;
	if (src_px < 1 || dst_px < 1)
		return lu_fail(err, LU_ERROR_ARGUMENT, "chip of %d px resized to %d px: both must be at least 1",
			       src_px, dst_px);
	const double factor = (double)src_px / dst_px;
	const double reach = factor > 1.0 ? factor : 1.0; /* half width of the triangle, in source pixels */

	LU_TRY(lu_alloc(&resize, 1, sizeof(*resize), "resize plan", err));
	resize->src_px = src_px;
	resize->dst_px = dst_px;
	resize->taps = (int)fmin(ceil(2.0 * reach), src_px);
	LU_TRY(lu_alloc(&resize->first, (size_t)dst_px, sizeof(*resize->first), "resize plan", err));
	LU_TRY(lu_alloc(&resize->weight, (size_t)dst_px, (size_t)resize->taps * sizeof(*resize->weight), "resize plan",
			err));

	for (int i = 0; i < dst_px; i++) {
		const double centre = (i + 0.5) * factor;
		int first = (int)floor(centre - reach - 0.5) + 1; /* the first with its own centre within reach */
		double sum = 0.0;

		/* The window slides in from an edge it would overhang: weights beyond the source are dropped
		   and the rest rescaled, which for two taps is the same as repeating the edge. */
		if (first > src_px - resize->taps)
			first = src_px - resize->taps;
		if (first < 0)
			first = 0;
		resize->first[i] = first;
		for (int tap = 0; tap < resize->taps; tap++)
			sum += fmax(0.0, 1.0 - fabs(first + tap + 0.5 - centre) / reach);
		for (int tap = 0; tap < resize->taps; tap++)
			resize->weight[(size_t)tap * (size_t)dst_px + (size_t)i] =
				(float)(fmax(0.0, 1.0 - fabs(first + tap + 0.5 - centre) / reach) / sum);
	}
	*out = resize;
	resize = NULL;
out:
	lu_resize_free(resize);
	return status;
}

void lu_resize_free(struct lu_resize *resize)
{
	if (resize == NULL)
		return;
	lu_free(resize->first);
	lu_free(resize->weight);
	lu_free(resize);
}

size_t lu_resize_scratch(const struct lu_resize *resize)
{
	return (size_t)resize->src_px + (size_t)resize->dst_px;
}

/* What output row 'row' sees of the source's rows. */
static void blend_rows(const struct lu_resize *resize, const uint8_t *plane, size_t row_stride, int row,
		       float *restrict line)
{
	for (int col = 0; col < resize->src_px; col++)
		line[col] = 0;
	for (int tap = 0; tap < resize->taps; tap++) {
		const uint8_t *restrict from = plane + (size_t)(resize->first[row] + tap) * row_stride;
		const float weight = resize->weight[(size_t)tap * (size_t)resize->dst_px + (size_t)row];

		for (int col = 0; col < resize->src_px; col++)
			line[col] += weight * from[col];
	}
}

/* The same along the line. */
static void blend_columns(const struct lu_resize *resize, const float *restrict line, float *restrict sum,
			  uint8_t *restrict to)
{
	for (int col = 0; col < resize->dst_px; col++)
		sum[col] = 0.5f;
	for (int tap = 0; tap < resize->taps; tap++) {
		const float *restrict weight = resize->weight + (size_t)tap * (size_t)resize->dst_px;

		for (int col = 0; col < resize->dst_px; col++)
			sum[col] += weight[col] * line[resize->first[col] + tap];
	}
	/* Weights are at least 0 and add up to 1: no sum is beyond 0.5 to 255.5 by more than floats round. */
	for (int col = 0; col < resize->dst_px; col++)
		to[col] = (uint8_t)sum[col];
}

void lu_resize_chip(const struct lu_resize *resize, const uint8_t *planes, size_t plane_stride, size_t row_stride,
		    int bands, uint8_t *dst, float *scratch)
{
	const size_t px = (size_t)resize->dst_px;

	for (size_t band = 0; band < (size_t)bands; band++) {
		for (size_t row = 0; row < px; row++) {
			blend_rows(resize, planes + band * plane_stride, row_stride, (int)row, scratch);
			blend_columns(resize, scratch, scratch + resize->src_px, dst + (band * px + row) * px);
		}
	}
}
