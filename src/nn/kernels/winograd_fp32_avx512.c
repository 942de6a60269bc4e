/*
 * winograd_fp32_avx512.c: the Winograd convolution on AVX-512: 16 channels in a register, blocks of tiles.
 *
 * For each block of tiles: transform what they see, 16 channels at a time; multiply, point by point, 14 tiles by
 * 32 outputs; transform the products back and finish them. A block's transforms stay in the second cache, and the weights
 * pass by once a block.
 *
 * What a group sees at a point lies in pieces of 896 bytes, 32 KiB apart, where no processor looks ahead: the next group's are asked
 * for, and the next weights. One core of a Zen 5, numbers and weights from memory, us a chip before and since: 56 x 56 x 64 401 and 387,
 * 28 x 28 x 128 402 and 341, 14 x 14 x 256 498 and 435, 7 x 7 x 512 463 and 396.
 */
#include "nn/kernels/winograd_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <assert.h>
#include <stdbool.h>

#include "nn/kernels/product_avx512.h"

#define AVX512 LU_AVX512
#define INLINE LU_AVX512_INLINE

enum {
	TILE = LU_WINOGRAD_TILE,
	PATCH = LU_WINOGRAD_PATCH,
	POINTS = LU_WINOGRAD_POINTS,
	GROUP = LU_WINOGRAD_GROUP,
	SLAB = LU_WINOGRAD_SLAB,
	POINT = GROUP * 16, /* floats of a slab at one point */
};

#define A ((float)LU_WINOGRAD_A)
#define B ((float)LU_WINOGRAD_B)

/* Six numbers to six points; see the reference. */
INLINE void transform_in(const __m512 d[PATCH], __m512 to[PATCH])
{
	const __m512 two = _mm512_set1_ps(2), half = _mm512_set1_ps(0.5f), sum = _mm512_set1_ps(2.5f);
	const __m512 a = _mm512_set1_ps(A), b = _mm512_set1_ps(B);
	__m512 even = _mm512_fnmadd_ps(two, d[2], d[4]), odd = _mm512_fnmadd_ps(two, d[1], d[3]);

	to[0] = _mm512_add_ps(_mm512_fnmadd_ps(sum, d[2], d[0]), d[4]);
	to[1] = _mm512_fmadd_ps(a, odd, even);
	to[2] = _mm512_fnmadd_ps(a, odd, even);
	even = _mm512_fnmadd_ps(half, d[2], d[4]);
	odd = _mm512_fnmadd_ps(half, d[1], d[3]);
	to[3] = _mm512_fmadd_ps(b, odd, even);
	to[4] = _mm512_fnmadd_ps(b, odd, even);
	to[5] = _mm512_add_ps(_mm512_fnmadd_ps(sum, d[3], d[1]), d[5]);
}

/* Six points to four results. */
INLINE void transform_out(const float *m, int64_t stride, __m512 to[TILE])
{
	const __m512 m0 = _mm512_load_ps(m), m1 = _mm512_load_ps(m + stride), m2 = _mm512_load_ps(m + 2 * stride),
		     m3 = _mm512_load_ps(m + 3 * stride), m4 = _mm512_load_ps(m + 4 * stride),
		     m5 = _mm512_load_ps(m + 5 * stride);
	const __m512 even1 = _mm512_add_ps(m1, m2), odd1 = _mm512_sub_ps(m1, m2);
	const __m512 even2 = _mm512_add_ps(m3, m4), odd2 = _mm512_sub_ps(m3, m4);

	to[0] = _mm512_add_ps(_mm512_add_ps(m0, even1), even2);
	to[1] = _mm512_fmadd_ps(_mm512_set1_ps(A), odd1, _mm512_mul_ps(_mm512_set1_ps(B), odd2));
	to[2] = _mm512_fmadd_ps(_mm512_set1_ps(0.5f), even1, _mm512_mul_ps(_mm512_set1_ps(2), even2));
	to[3] = _mm512_fmadd_ps(_mm512_set1_ps(0.5f * A), odd1, _mm512_fmadd_ps(_mm512_set1_ps(2 * B), odd2, m5));
}

/* max(low, x) is x where x is NaN: the second operand comes through. */
INLINE __m512 clip(__m512 x, const struct lu_clip_range *range)
{
	return _mm512_min_ps(_mm512_set1_ps(range->high), _mm512_max_ps(_mm512_set1_ps(range->low), x));
}

/* A tile of the group at hand. */
struct tile {
	const float *chip;
	int64_t row, column; /* the first it sees, maybe outside the image */
	bool inner; /* sees nothing outside */
	int64_t to, rows, columns; /* its first result in y; how many there are */
};

/* The 'n' tiles from 'at' on, which becomes the place of the next one. */
static void find_tiles(const struct lu_winograd *c, const float *x, struct lu_winograd_place *at, int n,
		       struct tile tiles[GROUP])
{
	for (int i = 0; i < n; i++) {
		struct tile *t = &tiles[i];

		t->chip = x + at->chip * c->in_height * c->in_width * c->in_channels;
		t->row = at->row - c->top;
		t->column = at->column - c->left;
		t->inner = t->row >= 0 && t->row + PATCH <= c->in_height && t->column >= 0 &&
			   t->column + PATCH <= c->in_width;
		t->to = ((at->chip * c->out_height + at->row) * c->out_width + at->column) * c->out_channels;
		t->rows = c->out_height - at->row;
		t->columns = c->out_width - at->column;
		lu_winograd_step(c, at);
	}
}

/* What a tile sees of 16 channels from 'k' on; beyond the image there are zeros. 'to' is its place at the first point. */
INLINE void take(bool inner, const struct lu_winograd *c, const struct tile *t, int64_t k, float *patch, float *to)
{
	const int64_t across = c->in_channels, down = c->in_width * across, height = c->in_height, first = t->row;
	const float *corner = t->chip + (inner ? first * down + t->column * across : 0) + k;
	__mmask16 inside[PATCH];
	int64_t column[PATCH];
	__m512 d[PATCH], p[PATCH];

	for (int j = 0; j < PATCH && !inner; j++) {
		bool there = t->column + j >= 0 && t->column + j < c->in_width;

		inside[j] = there ? 0xffff : 0;
		column[j] = there ? (t->column + j) * across : 0;
	}
#pragma GCC unroll 6
	for (int i = 0; i < PATCH; i++) {
		if (!inner && (first + i < 0 || first + i >= height)) {
#pragma GCC unroll 6
			for (int j = 0; j < PATCH; j++)
				_mm512_store_ps(patch + (i * PATCH + j) * 16, _mm512_setzero_ps());
			continue;
		}
#pragma GCC unroll 6
		for (int j = 0; j < PATCH; j++)
			d[j] = inner ? _mm512_loadu_ps(corner + i * down + j * across)
				     : _mm512_maskz_loadu_ps(inside[j], corner + (first + i) * down + column[j]);
		transform_in(d, p);
#pragma GCC unroll 6
		for (int j = 0; j < PATCH; j++)
			_mm512_store_ps(patch + (i * PATCH + j) * 16, p[j]);
	}
#pragma GCC unroll 6
	for (int j = 0; j < PATCH; j++) {
#pragma GCC unroll 6
		for (int i = 0; i < PATCH; i++)
			d[i] = _mm512_load_ps(patch + (i * PATCH + j) * 16);
		transform_in(d, p);
#pragma GCC unroll 6
		for (int i = 0; i < PATCH; i++)
			_mm512_store_ps(to + (i * PATCH + j) * POINT, p[i]);
	}
}

AVX512 static void take_tile(const struct lu_winograd *c, const struct tile *t, int64_t k, float *patch, float *to)
{
	if (t->inner)
		take(true, c, t, k, patch, to);
	else
		take(false, c, t, k, patch, to);
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* 'n' tiles of a group by 16 or 32 outputs at one point. */
INLINE void multiply(int n, int vectors, int64_t depth, const float *x, const float *w, const struct lu_ahead *ahead,
		     float *to)
{
	__m512 sum[2 * GROUP];

#pragma GCC unroll 28
	for (int i = 0; i < n * vectors; i++)
		sum[i] = _mm512_setzero_ps();
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
#pragma GCC unroll 2
		for (int v = 0; v < vectors; v++)
			_mm_prefetch((const char *)(to + v * SLAB + 16 * i), _MM_HINT_T0);
	lu_product(n, vectors, true, depth, x, SLAB, w, ahead, sum);
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
#pragma GCC unroll 2
		for (int v = 0; v < vectors; v++)
			_mm512_store_ps(to + v * SLAB + 16 * i, sum[i * vectors + v]);
}

AVX512 static void multiply_group(int64_t n, int vectors, int64_t depth, const float *x, const float *w,
				  const struct lu_ahead *ahead, float *to)
{
	switch (n) {
#define CASE(n)                                                                                                        \
	case n:                                                                                                        \
		if (vectors == 2)                                                                                      \
			multiply(n, 2, depth, x, w, ahead, to);                                                        \
		else                                                                                                   \
			multiply(n, 1, depth, x, w, ahead, to);                                                        \
		return;
		CASE(14)
		CASE(13)
		CASE(12)
		CASE(11)
		CASE(10)
		CASE(9)
		CASE(8)
		CASE(7)
		CASE(6)
		CASE(5)
		CASE(4)
		CASE(3)
		CASE(2)
		CASE(1)
#undef CASE
	default:
		assert(0);
	}
}

/* All products of 'tiles' tiles. */
static void multiply_block(const struct lu_winograd *c, int64_t tiles, const float *in, float *out)
{
	const int64_t in_slabs = c->in_channels / 16, out_slabs = c->out_channels / 16,
		      groups = (tiles + GROUP - 1) / GROUP;
	struct lu_ahead ahead = {.weights_step = lu_ahead_step(groups),
				 .numbers_step = 64,
				 .numbers_block = SLAB * (int64_t)sizeof(float)};
	const float *w = c->weights;

	for (int p = 0; p < POINTS; p++, in += POINT, out += POINT) {
		for (int64_t o = 0; o < out_slabs; o += 2) {
			int vectors = out_slabs - o < 2 ? 1 : 2;
			const float *next = w + 16 * vectors * c->in_channels;

			ahead.weights = (const char *)next;
			for (int64_t g = 0; g < groups; g++) {
				/* The next group's numbers, or the first one's, at the next point where this one is done. */
				ahead.numbers = (const char *)(g + 1 < groups ? in + (g + 1) * in_slabs * SLAB
									      : in + (o + 2 < out_slabs ? 0 : POINT));
				multiply_group(smaller(tiles - g * GROUP, GROUP), vectors, c->in_channels,
					       in + g * in_slabs * SLAB, w, &ahead, out + (g * out_slabs + o) * SLAB);
				ahead.weights += c->in_channels / 2 * ahead.weights_step;
			}
			w = next;
		}
	}
}

/* 16 outputs from 'o' on of a tile; 'm' is its place at the first point. */
AVX512 static void finish_tile(const struct lu_winograd *c, const struct tile *t, int64_t o, const float *m,
			       const float *shortcut, float *y)
{
	const __m512 shift = _mm512_load_ps((const float *)c->weights +
					    (size_t)POINTS * (size_t)(c->in_channels * c->out_channels) + o);
	const int64_t across = c->out_channels, down = c->out_width * c->out_channels;
	__m512 sum[TILE][TILE], p[TILE], q[TILE];

	/* Each column of points is brought to four rows, and is then added to the columns of results it counts in. */
	transform_out(m, PATCH * POINT, p);
#pragma GCC unroll 4
	for (int i = 0; i < TILE; i++)
		sum[i][0] = _mm512_add_ps(p[i], shift);
	transform_out(m + POINT, PATCH * POINT, p);
	transform_out(m + 2 * POINT, PATCH * POINT, q);
#pragma GCC unroll 4
	for (int i = 0; i < TILE; i++) {
		__m512 even = _mm512_add_ps(p[i], q[i]), odd = _mm512_sub_ps(p[i], q[i]);

		sum[i][0] = _mm512_add_ps(sum[i][0], even);
		sum[i][1] = _mm512_fmadd_ps(_mm512_set1_ps(A), odd, shift);
		sum[i][2] = _mm512_fmadd_ps(_mm512_set1_ps(0.5f), even, shift);
		sum[i][3] = _mm512_fmadd_ps(_mm512_set1_ps(0.5f * A), odd, shift);
	}
	transform_out(m + 3 * POINT, PATCH * POINT, p);
	transform_out(m + 4 * POINT, PATCH * POINT, q);
#pragma GCC unroll 4
	for (int i = 0; i < TILE; i++) {
		__m512 even = _mm512_add_ps(p[i], q[i]), odd = _mm512_sub_ps(p[i], q[i]);

		sum[i][0] = _mm512_add_ps(sum[i][0], even);
		sum[i][1] = _mm512_fmadd_ps(_mm512_set1_ps(B), odd, sum[i][1]);
		sum[i][2] = _mm512_fmadd_ps(_mm512_set1_ps(2), even, sum[i][2]);
		sum[i][3] = _mm512_fmadd_ps(_mm512_set1_ps(2 * B), odd, sum[i][3]);
	}
	transform_out(m + 5 * POINT, PATCH * POINT, p);
#pragma GCC unroll 4
	for (int i = 0; i < TILE; i++)
		sum[i][3] = _mm512_add_ps(sum[i][3], p[i]);
	y += t->to + o;
	shortcut += shortcut != NULL ? t->to + o : 0;
#pragma GCC unroll 4
	for (int i = 0; i < TILE; i++) {
		if (i >= t->rows)
			break;
#pragma GCC unroll 4
		for (int j = 0; j < TILE; j++) {
			if (j >= t->columns)
				break;
			if (shortcut != NULL)
				sum[i][j] = _mm512_add_ps(sum[i][j], _mm512_loadu_ps(shortcut + i * down + j * across));
			_mm512_storeu_ps(y + i * down + j * across, clip(sum[i][j], &c->clip));
		}
	}
}

static void run(const struct lu_winograd *c, const float *x, const float *shortcut, float *y, void *scratch)
{
	const int64_t all = lu_winograd_tiles(c), block = lu_winograd_block(c) * GROUP;
	const int64_t in_slabs = c->in_channels / 16, out_slabs = c->out_channels / 16;
	float *patch = scratch, *in = patch + POINTS * 16, *out = in + lu_winograd_block(c) * in_slabs * SLAB;
	struct lu_winograd_place taken = {0}, finished = {0};
	struct tile tile[GROUP];

	assert(c->in_channels % 16 == 0 && c->out_channels % 16 == 0);
	for (int64_t left = all; left > 0; left -= block) {
		int64_t tiles = smaller(left, block);
		float *slab = in;

		for (int64_t t = 0; t < tiles; t += GROUP) {
			int n = (int)smaller(tiles - t, GROUP);

			find_tiles(c, x, &taken, n, tile);
			for (int64_t k = 0; k < in_slabs; k++, slab += SLAB)
				for (int i = 0; i < n; i++)
					take_tile(c, &tile[i], 16 * k, patch, slab + 16 * i);
		}
		multiply_block(c, tiles, in, out);
		slab = out;
		for (int64_t t = 0; t < tiles; t += GROUP) {
			int n = (int)smaller(tiles - t, GROUP);

			find_tiles(c, x, &finished, n, tile);
			for (int64_t o = 0; o < out_slabs; o++, slab += SLAB)
				for (int i = 0; i < n; i++)
					finish_tile(c, &tile[i], 16 * o, slab + 16 * i, shortcut, y);
		}
	}
}

lu_winograd_run *lu_winograd_kernel(void)
{
	return __builtin_cpu_supports("avx512f") ? run : NULL;
}

#else

lu_winograd_run *lu_winograd_kernel(void)
{
	return NULL;
}

#endif
