/*
 * inverted_residual_fp32.c: the inverted residual: its weights, and the reference that says what is meant.
 *
 * Packed weights, in this order, each part a multiple of 16 floats:
 *	expand      wide / 16 x in_channels x 16, then wide biases	(where it expands)
 *	by channel  wide / 16 x 9 x 16, then wide biases
 *	project     for each 16 outputs wide x 16; for a last 8 or fewer wide / 2 x 16, output j of channels
 *		    k and k + 1 at 2 j and 2 j + 1; then out biases, zeros up to 16
 */
#include "nn/kernels/inverted_residual_parts.h"

#include <string.h>

static size_t round16(int64_t n)
{
	return ((size_t)n + 15) / 16 * 16;
}

static size_t project_weights(const struct lu_inverted_residual *b)
{
	int64_t last = b->out_channels % 16;
	size_t wide = (size_t)b->wide, full = (size_t)(b->out_channels / 16) * 16 * wide;

	return full + (last == 0 ? 0 : last <= 8 ? 8 * wide : 16 * wide);
}

struct lu_inverted_residual_parts lu_inverted_residual_parts(const struct lu_inverted_residual *b, const float *weights)
{
	struct lu_inverted_residual_parts p;
	size_t wide = (size_t)b->wide;

	p.expand = weights;
	p.expand_bias = p.expand + (b->expands ? wide * (size_t)b->in_channels : 0);
	p.by_channel = p.expand_bias + (b->expands ? wide : 0);
	p.by_channel_bias = p.by_channel + 9 * wide;
	p.project = p.by_channel_bias + wide;
	p.project_bias = p.project + project_weights(b);
	return p;
}

size_t lu_inverted_residual_weights(const struct lu_inverted_residual *b)
{
	size_t wide = (size_t)b->wide, expand = b->expands ? wide * (size_t)b->in_channels + wide : 0;

	return (expand + 10 * wide + project_weights(b) + round16(b->out_channels)) * sizeof(float);
}

int64_t lu_inverted_residual_padded_width(const struct lu_inverted_residual *b)
{
	return (b->out_width - 1) * b->stride + 3;
}

int64_t lu_inverted_residual_stripe(const struct lu_inverted_residual *b)
{
	int64_t row = b->out_width * b->wide, rows = LU_INVERTED_RESIDUAL_STRIPE_FLOATS / row;

	return rows < 1 ? 1 : rows > b->out_height ? b->out_height : rows;
}

size_t lu_inverted_residual_scratch(const struct lu_inverted_residual *b)
{
	size_t row = (size_t)lu_inverted_residual_padded_width(b) * 16;

	return ((size_t)(b->wide / 16) * 3 * row + row +
		(size_t)lu_inverted_residual_stripe(b) * (size_t)b->out_width * (size_t)b->wide) *
	       sizeof(float);
}

/* Where the weight of wide channel 'k' for output 'o' lies. */
static size_t project_place(const struct lu_inverted_residual *b, int64_t o, int64_t k)
{
	int64_t block = o / 16 * 16;

	if (b->out_channels - block > 8)
		return (size_t)(block * b->wide + k * 16 + o - block);
	return (size_t)(block * b->wide + k / 2 * 16 + 2 * (o - block) + k % 2);
}

void lu_inverted_residual_pack(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from,
			       void *packed)
{
	struct lu_inverted_residual_parts p = lu_inverted_residual_parts(b, packed);
	float *to = packed;

	memset(packed, 0, lu_inverted_residual_weights(b));
	for (int64_t k = 0; k < b->wide; k++) {
		int64_t block = k / 16, lane = k % 16;

		for (int64_t c = 0; c < b->in_channels && b->expands; c++)
			to[p.expand - to + (block * b->in_channels + c) * 16 + lane] =
				from->expand[k * b->in_channels + c];
		if (b->expands && from->expand_bias != NULL)
			to[p.expand_bias - to + k] = from->expand_bias[k];
		for (int64_t tap = 0; tap < 9; tap++)
			to[p.by_channel - to + (block * 9 + tap) * 16 + lane] = from->by_channel[k * 9 + tap];
		if (from->by_channel_bias != NULL)
			to[p.by_channel_bias - to + k] = from->by_channel_bias[k];
		for (int64_t o = 0; o < b->out_channels; o++)
			to[(size_t)(p.project - to) + project_place(b, o, k)] = from->project[o * b->wide + k];
	}
	for (int64_t o = 0; o < b->out_channels && from->project_bias != NULL; o++)
		to[p.project_bias - to + o] = from->project_bias[o];
}

/* The wide tensor at a row and column of the image. */
static float widened(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *p, const float *x,
		     int64_t row, int64_t column, int64_t k)
{
	const float *pixel = x + (row * b->in_width + column) * b->in_channels;
	const float *weights = p->expand + k / 16 * b->in_channels * 16 + k % 16;
	float sum;

	if (!b->expands)
		return pixel[k];
	sum = p->expand_bias[k];
	for (int64_t c = 0; c < b->in_channels; c++)
		sum += weights[c * 16] * pixel[c];
	return lu_clip(sum, b->clip[0]);
}

static int64_t window_place(int64_t k, int64_t tap)
{
	return (k / 16 * 9 + tap) * 16 + k % 16;
}

static float multiply_add(float a, float b, float c)
{
	return a * b + c;
}

static float projected(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *p,
		       const float *wide, int64_t o)
{
	float sum = p->project_bias[o];

	for (int64_t k = 0; k < b->wide; k++)
		sum += p->project[project_place(b, o, k)] * wide[k];
	return sum;
}

#define NUMBER float
#define PARTS lu_inverted_residual_parts
#define MULTIPLY_ADD multiply_add
#define CLIP lu_clip
#define REFERENCE lu_inverted_residual_reference
#include "nn/kernels/inverted_residual_reference.inc"
