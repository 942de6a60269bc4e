/*
 * winograd_fp16.c: the Winograd convolution in fp16: its weights, and the reference that says what is meant.
 *
 * The reference rounds where the kernel does, so that both have the same bits.
 */
#include "nn/kernels/winograd_fp16_parts.h"

#ifdef LU_WITH_FP16

#include <stdbool.h>

enum { TILE = LU_WINOGRAD_TILE, PATCH = LU_WINOGRAD_PATCH, POINTS = LU_WINOGRAD_POINTS, BLOCK = LU_WINOGRAD_BLOCK };

static const lu_half a = (lu_half)LU_WINOGRAD_A, b = (lu_half)LU_WINOGRAD_B;

size_t lu_winograd_fp16_weights(const struct lu_winograd *c)
{
	return POINTS * (size_t)(c->in_channels * c->out_channels) * sizeof(lu_half) +
	       (size_t)c->out_channels * sizeof(float);
}

/* Where the weight of input 'k' for output 'o' lies among those of a point. */
static int64_t weight_place(const struct lu_winograd *c, int64_t o, int64_t k)
{
	int64_t first = o / BLOCK * BLOCK, ways = lu_winograd_fp16_ways(c, first);

	return first * c->in_channels + k / ways * BLOCK + (o - first) * ways + k % ways;
}

/* As in winograd_fp32.c, in fp16. */
static void transform_in(const lu_half *d, int64_t stride, lu_half *to, int64_t to_stride)
{
	const lu_half d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride],
		      d5 = d[5 * stride];
	lu_half even = lu_half_multiply_add(-2, d2, d4), odd = lu_half_multiply_add(-2, d1, d3);

	to[0] = lu_half_add(lu_half_multiply_add((lu_half)-2.5f, d2, d0), d4);
	to[to_stride] = lu_half_multiply_add(a, odd, even);
	to[2 * to_stride] = lu_half_multiply_add(-a, odd, even);
	even = lu_half_multiply_add((lu_half)-0.5f, d2, d4);
	odd = lu_half_multiply_add((lu_half)-0.5f, d1, d3);
	to[3 * to_stride] = lu_half_multiply_add(b, odd, even);
	to[4 * to_stride] = lu_half_multiply_add(-b, odd, even);
	to[5 * to_stride] = lu_half_add(lu_half_multiply_add((lu_half)-2.5f, d3, d1), d5);
}

static void transform_out(const lu_half *m, int64_t stride, lu_half *to, int64_t to_stride)
{
	const lu_half m1 = m[stride], m2 = m[2 * stride], m3 = m[3 * stride], m4 = m[4 * stride];
	const lu_half even1 = lu_half_add(m1, m2), odd1 = lu_half_add(m1, -m2);
	const lu_half even2 = lu_half_add(m3, m4), odd2 = lu_half_add(m3, -m4);

	to[0] = lu_half_add(lu_half_add(m[0], even1), even2);
	to[to_stride] = lu_half_multiply_add(a, odd1, lu_half_multiply_add(b, odd2, 0));
	to[2 * to_stride] = lu_half_multiply_add((lu_half)0.5f, even1, lu_half_add(even2, even2));
	to[3 * to_stride] = lu_half_multiply_add(a / 2, odd1, lu_half_multiply_add(2 * b, odd2, m[5 * stride]));
}

/* The sum over the channels of a point: by lane, where two inputs lie side by side, and chunk. */
static lu_half product(const struct lu_winograd *c, const lu_half *x, int64_t o, int64_t point)
{
	const lu_half *w = (const lu_half *)c->weights + point * c->in_channels * c->out_channels;
	const int ways = lu_winograd_fp16_ways(c, o / BLOCK * BLOCK);
	lu_half total[2] = {0};

	for (int64_t k = 0; k < c->in_channels; k += LU_WINOGRAD_CHUNK * ways)
		for (int lane = 0; lane < ways; lane++) {
			lu_half sum = 0;

			for (int64_t i = k + lane; i < k + LU_WINOGRAD_CHUNK * ways; i += ways)
				sum = lu_half_multiply_add(x[i * POINTS + point], w[weight_place(c, o, i)], sum);
			total[lane] = lu_half_add(total[lane], sum);
		}
	return ways == 2 ? lu_half_add(total[0], total[1]) : total[0];
}

static const float *bias_of(const struct lu_winograd *c, const void *packed)
{
	return lu_winograd_fp16_bias(c, packed);
}

/* Columns first, as the kernel does. */
static void results_of(const lu_half *products, lu_half *results)
{
	lu_half half[PATCH * TILE];

	for (int j = 0; j < PATCH; j++)
		transform_out(products + j, PATCH, half + j, PATCH);
	for (int i = 0; i < TILE; i++)
		transform_out(half + i * PATCH, 1, results + i * TILE, 1);
}

#define NUMBER lu_half
#define PACK lu_winograd_fp16_pack
#define REFERENCE lu_winograd_fp16_reference
#include "nn/kernels/winograd_reference.inc"

#else

size_t lu_winograd_fp16_weights(const struct lu_winograd *c)
{
	(void)c;
	return 0;
}

void lu_winograd_fp16_pack(const struct lu_winograd *c, const float *weights, const float *bias, void *packed)
{
	(void)c, (void)weights, (void)bias, (void)packed;
}

void lu_winograd_fp16_reference(const struct lu_winograd *c, const float *x, const float *shortcut, float *y,
				void *scratch)
{
	(void)c, (void)x, (void)shortcut, (void)y, (void)scratch;
}

#endif
