/*
 * depthwise_fp32.c: the wide half of an inverted residual: its weights, and the reference that says what is meant.
 *
 * Packed weights, each part a multiple of 16 floats:
 *	expand      wide / 16 x in_channels x 16, then wide biases	(where it expands)
 *	by channel  wide / 16 x taps x 16, then wide biases
 */
#include "nn/kernels/depthwise.h"

#include <math.h>
#include <string.h>

struct lu_depthwise_parts lu_depthwise_packed(const struct lu_depthwise *d)
{
	const size_t wide = (size_t)d->wide, expand = d->expands ? wide * (size_t)d->in_channels : 0;
	struct lu_depthwise_parts p;

	p.expand = d->weights;
	p.expand_bias = p.expand + expand;
	p.by_channel = p.expand_bias + (d->expands ? wide : 0);
	p.by_channel_bias = p.by_channel + (size_t)(d->window * d->window) * wide;
	return p;
}

size_t lu_depthwise_weights(const struct lu_depthwise *d)
{
	return (size_t)d->wide * (size_t)((d->expands ? d->in_channels + 1 : 0) + d->window * d->window + 1);
}

/* A ring of as many rows as a window sees and a row of zeros, columns x 16 with the zeros at both sides; a row of results. */
size_t lu_depthwise_scratch(const struct lu_depthwise *d)
{
	const int64_t columns = (d->out_width - 1) * d->stride + d->window;

	return (size_t)((d->window + 1) * columns + d->out_width) * 16;
}

void lu_depthwise_pack(const struct lu_depthwise *d, const struct lu_depthwise_parts *from, float *packed)
{
	const struct lu_depthwise there = {
		.wide = d->wide,
		.in_channels = d->in_channels,
		.window = d->window,
		.expands = d->expands,
		.weights = packed,
	};
	const struct lu_depthwise_parts p = lu_depthwise_packed(&there);
	const int64_t taps = d->window * d->window;

	memset(packed, 0, lu_depthwise_weights(d) * sizeof(*packed));
	for (int64_t k = 0; k < d->wide; k++) {
		const int64_t block = k / 16, lane = k % 16;

		for (int64_t c = 0; c < d->in_channels && d->expands; c++)
			packed[p.expand - packed + (block * d->in_channels + c) * 16 + lane] =
				from->expand[k * d->in_channels + c];
		if (d->expands && from->expand_bias != NULL)
			packed[p.expand_bias - packed + k] = from->expand_bias[k];
		for (int64_t tap = 0; tap < taps; tap++)
			packed[p.by_channel - packed + (block * taps + tap) * 16 + lane] =
				from->by_channel[k * taps + tap];
		if (from->by_channel_bias != NULL)
			packed[p.by_channel_bias - packed + k] = from->by_channel_bias[k];
	}
}

static float bend(const struct lu_curve *curve, float x)
{
	switch (curve->kind) {
	case LU_CURVE_SWISH:
		x = x < LU_SWISH_LEAST ? LU_SWISH_LEAST : x;
		return x / (1 + expf(-x));
	case LU_CURVE_HARD_SWISH:
		return x * lu_clip(x * (1.0f / 6) + 0.5f, (struct lu_clip_range){0, 1});
	case LU_CURVE_CLIP:
		break;
	}
	return lu_clip(x, curve->range);
}

/* The wide tensor at a row and column of the image. */
static float widened(const struct lu_depthwise *d, const struct lu_depthwise_parts *p, const float *pixel, int64_t k)
{
	const float *weights = p->expand + k / 16 * d->in_channels * 16 + k % 16;
	float sum;

	if (!d->expands)
		return pixel[k];
	sum = p->expand_bias[k];
	for (int64_t c = 0; c < d->in_channels; c++)
		sum += weights[c * 16] * pixel[c];
	return bend(&d->curve[0], sum);
}

static float windowed(const struct lu_depthwise *d, const struct lu_depthwise_parts *p, const float *x, int64_t row,
		      int64_t column, int64_t k)
{
	const int64_t taps = d->window * d->window;
	float sum = p->by_channel_bias[k];

	for (int64_t tap = 0; tap < taps; tap++) {
		const int64_t i = row * d->stride - d->top + tap / d->window;
		const int64_t j = column * d->stride - d->left + tap % d->window;

		if (i >= 0 && i < d->in_height && j >= 0 && j < d->in_width)
			sum += p->by_channel[(k / 16 * taps + tap) * 16 + k % 16] *
			       widened(d, p, x + (i * d->in_width + j) * d->in_channels, k);
	}
	return bend(&d->curve[1], sum);
}

void lu_depthwise_reference(const struct lu_depthwise *d, const float *x, float *y, float *means, float *scratch)
{
	const struct lu_depthwise_parts p = lu_depthwise_packed(d);
	const int64_t area = d->out_height * d->out_width;

	(void)scratch;
	for (int64_t chip = 0; chip < d->chips; chip++, x += d->in_height * d->in_width * d->in_channels)
		for (int64_t k = 0; k < d->wide; k++) {
			double sum = 0;

			for (int64_t at = 0; at < area; at++) {
				const float v = windowed(d, &p, x, at / d->out_width, at % d->out_width, k);

				y[(chip * area + at) * d->wide + k] = v;
				sum += v;
			}
			if (means != NULL)
				means[chip * d->wide + k] = (float)(sum / (double)area);
		}
}
