/*
 * winograd_fp32.c: the Winograd convolution: its weights, and the reference that says what is meant.
 */
#include "nn/kernels/winograd_parts.h"

#include <stdbool.h>

#include "nn/choices/choices.h"

enum { TILE = LU_WINOGRAD_TILE, PATCH = LU_WINOGRAD_PATCH, POINTS = LU_WINOGRAD_POINTS };

/* The points' values; the sixth is infinity. */
static const double at[PATCH - 1] = {0, LU_WINOGRAD_A, -LU_WINOGRAD_A, LU_WINOGRAD_B, -LU_WINOGRAD_B};

int64_t lu_winograd_tiles(const struct lu_winograd *c)
{
	return c->chips * ((c->out_height + TILE - 1) / TILE) * ((c->out_width + TILE - 1) / TILE);
}

size_t lu_winograd_weights(const struct lu_winograd *c)
{
	return (POINTS * (size_t)c->in_channels * (size_t)c->out_channels + (size_t)c->out_channels) * sizeof(float);
}

int64_t lu_winograd_groups(const struct lu_winograd *c)
{
	return (lu_winograd_tiles(c) + LU_WINOGRAD_GROUP - 1) / LU_WINOGRAD_GROUP;
}

int64_t lu_winograd_block(const struct lu_winograd *c)
{
	const int64_t all = lu_winograd_groups(c), slabs = (c->in_channels + c->out_channels) / 16;
	const int64_t groups = lu_choose_groups(LU_KERNEL_WINOGRAD, slabs * LU_WINOGRAD_SLAB * (int64_t)sizeof(float),
						lu_winograd_weights(c));

	return groups < all ? groups : all;
}

size_t lu_winograd_scratch(const struct lu_winograd *c)
{
	return (POINTS * 16 +
		(size_t)lu_winograd_block(c) * (size_t)((c->in_channels + c->out_channels) / 16) * LU_WINOGRAD_SLAB) *
	       sizeof(float);
}

struct lu_winograd_place lu_winograd_place(const struct lu_winograd *c, int64_t tile)
{
	int64_t across = (c->out_width + TILE - 1) / TILE, down = (c->out_height + TILE - 1) / TILE;

	return (struct lu_winograd_place){
		.chip = tile / (across * down),
		.row = tile / across % down * TILE,
		.column = tile % across * TILE,
	};
}

void lu_winograd_step(const struct lu_winograd *c, struct lu_winograd_place *place)
{
	place->column += TILE;
	if (place->column < c->out_width)
		return;
	place->column = 0;
	place->row += TILE;
	if (place->row < c->out_height)
		return;
	place->row = 0;
	place->chip++;
}

/* Where the weight of input 'k' for output 'o' lies among those of a point. */
static int64_t weight_place(const struct lu_winograd *c, int64_t o, int64_t k)
{
	int64_t block = o / 32 * 32, width = c->out_channels - block < 32 ? 16 : 32;

	return block * c->in_channels + k * width + o - block;
}

/* g(x) / M'(x) of the three taps at each point, M being the polynomial of the five finite ones; the last tap at infinity. */
static void transform_taps(const double *taps, int64_t stride, double *to, int64_t to_stride)
{
	for (int i = 0; i < PATCH - 1; i++) {
		double scale = 1;

		for (int j = 0; j < PATCH - 1; j++)
			scale *= j == i ? 1 : at[i] - at[j];
		to[i * to_stride] = (taps[0] + at[i] * (taps[stride] + at[i] * taps[2 * stride])) / scale;
	}
	to[(PATCH - 1) * to_stride] = taps[2 * stride];
}

void lu_winograd_taps(const float weights[9], double points[POINTS])
{
	double taps[9], half[3 * PATCH];

	for (int i = 0; i < 9; i++)
		taps[i] = weights[i];
	for (int i = 0; i < 3; i++) /* along rows */
		transform_taps(taps + 3 * i, 1, half + i * PATCH, 1);
	for (int j = 0; j < PATCH; j++) /* along columns */
		transform_taps(half + j, PATCH, points + j, PATCH);
}

/* Six numbers to six points: for each point the product of what the others' polynomials leave. */
static void transform_in(const float *d, int64_t stride, float *to, int64_t to_stride)
{
	const float d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride],
		    d5 = d[5 * stride];

	to[0] = d0 - 2.5f * d2 + d4;
	to[to_stride] = (d4 - 2 * d2) + (float)at[1] * (d3 - 2 * d1);
	to[2 * to_stride] = (d4 - 2 * d2) - (float)at[1] * (d3 - 2 * d1);
	to[3 * to_stride] = (d4 - 0.5f * d2) + (float)at[3] * (d3 - 0.5f * d1);
	to[4 * to_stride] = (d4 - 0.5f * d2) - (float)at[3] * (d3 - 0.5f * d1);
	to[5 * to_stride] = d1 - 2.5f * d3 + d5;
}

/* Six points to four results: the sum over points of value^i; at infinity only the highest power counts. */
static void transform_out(const float *m, int64_t stride, float *to, int64_t to_stride)
{
	const float even1 = m[stride] + m[2 * stride], odd1 = m[stride] - m[2 * stride];
	const float even2 = m[3 * stride] + m[4 * stride], odd2 = m[3 * stride] - m[4 * stride];

	to[0] = m[0] + even1 + even2;
	to[to_stride] = (float)at[1] * odd1 + (float)at[3] * odd2;
	to[2 * to_stride] = 0.5f * even1 + 2 * even2;
	to[3 * to_stride] = 0.5f * (float)at[1] * odd1 + 2 * (float)at[3] * odd2 + m[5 * stride];
}

float lu_winograd_number(const struct lu_winograd *c, const float *x, struct lu_winograd_place from, int i, int64_t k)
{
	int64_t row = from.row - c->top + i / PATCH, column = from.column - c->left + i % PATCH;

	if (row < 0 || row >= c->in_height || column < 0 || column >= c->in_width)
		return 0;
	return x[((from.chip * c->in_height + row) * c->in_width + column) * c->in_channels + k];
}

static const float *bias_of(const struct lu_winograd *c, const void *packed)
{
	return (const float *)packed + POINTS * (size_t)(c->in_channels * c->out_channels);
}

/* The sum over the channels of a point. */
static float product(const struct lu_winograd *c, const float *x, int64_t o, int64_t point)
{
	const float *w = (const float *)c->weights + point * c->in_channels * c->out_channels;
	float sum = 0;

	for (int64_t k = 0; k < c->in_channels; k++)
		sum += x[k * POINTS + point] * w[weight_place(c, o, k)];
	return sum;
}

/* Rows first. */
static void results_of(const float *products, float *results)
{
	float half[PATCH * TILE];

	for (int i = 0; i < PATCH; i++)
		transform_out(products + i * PATCH, 1, half + i * TILE, 1);
	for (int j = 0; j < TILE; j++)
		transform_out(half + j, TILE, results + j, TILE);
}

#define NUMBER float
#define PACK lu_winograd_pack
#define REFERENCE lu_winograd_reference
#include "nn/kernels/winograd_reference.inc"
