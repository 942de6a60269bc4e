/*
 * normalise.c: scaling and resizing of chips.
 *
 * Resizing is separable: rows first (into scratch, src_px rows of dst_px), then columns. The
 * weights of an output pixel are the same in both directions and are worked out once.
 */
#include "chips/normalise.h"

#include <assert.h>
#include <math.h>

#include "base/memory.h"

void lu_normalise_chip(const uint8_t *planes, size_t plane_stride, size_t row_stride, int chip_px, int bands,
		       const float *scale, const float *offset, float *dst)
{
	for (int band = 0; band < bands; band++) {
		const float s = scale[band], o = offset[band];

		for (int row = 0; row < chip_px; row++) {
			const uint8_t *restrict from = planes + (size_t)band * plane_stride + (size_t)row * row_stride;
			float *restrict to = dst + ((size_t)band * chip_px + row) * chip_px;

			for (int col = 0; col < chip_px; col++)
				to[col] = (float)from[col] * s + o;
		}
	}
}

struct lu_resize {
	int src_px, dst_px;
	int taps; /* weights per output pixel */
	int *first; /* dst_px: the first source pixel of each output pixel */
	float *weight; /* dst_px x taps; unused taps weigh 0 and stay inside the source */
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

	status = lu_alloc(&resize, 1, sizeof(*resize), "resize plan", err);
	if (status != LU_OK)
		goto out;
	resize->src_px = src_px;
	resize->dst_px = dst_px;
	resize->taps = (int)fmin(2.0 * ceil(reach) + 1.0, src_px);
	status = lu_alloc(&resize->first, (size_t)dst_px, sizeof(*resize->first), "resize plan", err);
	if (status != LU_OK)
		goto out;
	status = lu_alloc(&resize->weight, (size_t)dst_px, (size_t)resize->taps * sizeof(*resize->weight),
			  "resize plan", err);
	if (status != LU_OK)
		goto out;

	for (int i = 0; i < dst_px; i++) {
		const double centre = (i + 0.5) * factor;
		int first = (int)floor(centre - reach);
		double sum = 0.0;

		/* The window slides in from an edge it would overhang: weights beyond the source are dropped
		   and the rest rescaled, which for two taps is the same as repeating the edge. */
		if (first > src_px - resize->taps)
			first = src_px - resize->taps;
		if (first < 0)
			first = 0;
		resize->first[i] = first;
		float *weight = resize->weight + (size_t)i * resize->taps;
		for (int tap = 0; tap < resize->taps; tap++)
			sum += fmax(0.0, 1.0 - fabs(first + tap + 0.5 - centre) / reach);
		for (int tap = 0; tap < resize->taps; tap++)
			weight[tap] = (float)(fmax(0.0, 1.0 - fabs(first + tap + 0.5 - centre) / reach) / sum);
	}
	*out = resize;
	resize = NULL;
out:
	lu_resize_free(resize);
	return status;
}

void lu_resize_free(struct lu_resize *resize)
{
	if (!resize)
		return;
	lu_free(resize->first);
	lu_free(resize->weight);
	lu_free(resize);
}

size_t lu_resize_scratch(const struct lu_resize *resize)
{
	return (size_t)resize->src_px * resize->dst_px;
}

void lu_resize_chip(const struct lu_resize *resize, const float *src, int bands, float *dst, float *scratch)
{
	const int src_px = resize->src_px, dst_px = resize->dst_px, taps = resize->taps;

	for (int band = 0; band < bands; band++) {
		const float *plane = src + (size_t)band * src_px * src_px;

		for (int row = 0; row < src_px; row++) {
			const float *line = plane + (size_t)row * src_px;
			float *to = scratch + (size_t)row * dst_px;

			for (int col = 0; col < dst_px; col++) {
				const float *weight = resize->weight + (size_t)col * taps;
				float sum = 0.0f;

				for (int tap = 0; tap < taps; tap++)
					sum += weight[tap] * line[resize->first[col] + tap];
				to[col] = sum;
			}
		}
		for (int row = 0; row < dst_px; row++) {
			const float *weight = resize->weight + (size_t)row * taps;
			float *restrict to = dst + ((size_t)band * dst_px + row) * dst_px;

			for (int col = 0; col < dst_px; col++)
				to[col] = 0.0f;
			for (int tap = 0; tap < taps; tap++) {
				const float *restrict line = scratch + (size_t)(resize->first[row] + tap) * dst_px;

				for (int col = 0; col < dst_px; col++)
					to[col] += weight[tap] * line[col];
			}
		}
	}
}
