/*
 * winograd_fp16_avx512fp16.c: the Winograd convolution on AVX512-FP16: 32 channels in a register, blocks of tiles.
 *
 * The walk is that of winograd_fp32_avx512.c, but that the rows which a row of tiles sees are made fp16, with
 * zeros around them, before tiles look. No half of a register idles where 16 channels are left:
 *
 *	what tiles see	16 channels of two neighbours, where there are two
 *	products	16 outputs by two inputs, x[k] in even lanes and x[k + 1] in odd ones; added up for two tiles at once
 *	results		16 outputs of two tiles
 *
 * Numbers are spread over the lanes by the multiplication itself (see avx512fp16.h), and chunks are unrolled as a whole,
 * so that products run at nine tenths of the peak. One core of an Emerald Rapids, GCC 12.2, 4 chips a run, us a chip in
 * float32 and here (bench_nn --layers of ResNet-20):
 *	32 x 32 x 16	13.5	9.3
 *	16 x 16 x 32	9.2	5.6
 *	8 x 8 x 64	9.0	4.8
 */
#include "nn/kernels/avx512fp16.h"
#include "nn/choices/choices.h"
#include "nn/kernels/winograd_fp16_parts.h"

#ifdef LU_WITH_AVX512_FP16

#include <assert.h>
#include <math.h>

#define FP16 LU_FP16
#define INLINE LU_FP16_INLINE

enum {
	TILE = LU_WINOGRAD_TILE,
	PATCH = LU_WINOGRAD_PATCH,
	POINTS = LU_WINOGRAD_POINTS,
	GROUP = LU_WINOGRAD_GROUP,
	BLOCK = LU_WINOGRAD_BLOCK,
	CHUNK = LU_WINOGRAD_CHUNK,
	TAIL = 16, /* channels of a last slab */
	/* fp16 numbers of a slab at one point; an odd number of registers, so that points do not fall on few places of the first cache. */
	POINT = 17 * BLOCK,
	SLAB = POINTS * POINT, /* of 32 channels of a group */
};

static int64_t slabs(int64_t channels)
{
	return (channels + BLOCK - 1) / BLOCK;
}

static int64_t smaller(int64_t p, int64_t q)
{
	return p < q ? p : q;
}

/* Groups of a block; see lu_winograd_block. */
static int64_t block_groups(const struct lu_winograd *c)
{
	const int64_t bytes = (slabs(c->in_channels) + slabs(c->out_channels)) * SLAB * (int64_t)sizeof(lu_half);

	return smaller(lu_choose_groups(LU_KERNEL_WINOGRAD_FP16, bytes, lu_winograd_fp16_weights(c)),
		       lu_winograd_groups(c));
}

/* fp16 numbers of a row of x with the zeros around it. */
static int64_t row_fp16(const struct lu_winograd *c)
{
	return ((c->out_width + TILE - 1) / TILE * TILE + PATCH - TILE) * c->in_channels;
}

size_t lu_winograd_fp16_scratch(const struct lu_winograd *c)
{
	return (size_t)(POINTS * BLOCK + (PATCH * row_fp16(c) + BLOCK - 1) / BLOCK * BLOCK +
			block_groups(c) * (slabs(c->in_channels) + slabs(c->out_channels)) * SLAB) *
	       sizeof(lu_half);
}

/* The rows that the tiles at hand see; row r of the chip, counted from the uppermost zeros, is r % 6 of the ring. */
struct strip {
	lu_half *rows;
	int64_t chip, row; /* of its first tile; -1: none */
};

FP16 static void read_row(const struct lu_winograd *c, const float *x, int64_t chip, int64_t row, lu_half *to)
{
	const int64_t all = row_fp16(c), from = row - c->top, before = c->left * c->in_channels;
	const int64_t count = smaller(c->in_width * c->in_channels, all - before);

	if (from < 0 || from >= c->in_height) {
		memset(to, 0, (size_t)all * sizeof(*to));
		return;
	}
	memset(to, 0, (size_t)before * sizeof(*to));
	lu_fp16_from_floats(x + (chip * c->in_height + from) * c->in_width * c->in_channels, count, to + before);
	memset(to + before + count, 0, (size_t)(all - before - count) * sizeof(*to));
}

/* The rows of the tiles at 'place'. */
static void move_strip(const struct lu_winograd *c, const float *x, const struct lu_winograd_place *place,
		       struct strip *s)
{
	int64_t first = place->row;

	if (s->chip == place->chip && s->row == place->row)
		return;
	if (s->chip == place->chip && s->row + TILE == place->row)
		first += PATCH - TILE; /* the others are there */
	for (int64_t row = first; row < place->row + PATCH; row++)
		read_row(c, x, place->chip, row, s->rows + row % PATCH * row_fp16(c));
	s->chip = place->chip;
	s->row = place->row;
}

INLINE __m512h spread(float x)
{
	return _mm512_set1_ph((lu_half)x);
}

#define A ((float)LU_WINOGRAD_A)
#define B ((float)LU_WINOGRAD_B)

/* Six numbers to six points; see the reference. */
INLINE void transform_in(const __m512h d[PATCH], __m512h to[PATCH])
{
	__m512h even = _mm512_fnmadd_ph(spread(2), d[2], d[4]), odd = _mm512_fnmadd_ph(spread(2), d[1], d[3]);

	to[0] = _mm512_add_ph(_mm512_fnmadd_ph(spread(2.5f), d[2], d[0]), d[4]);
	to[1] = _mm512_fmadd_ph(spread(A), odd, even);
	to[2] = _mm512_fnmadd_ph(spread(A), odd, even);
	even = _mm512_fnmadd_ph(spread(0.5f), d[2], d[4]);
	odd = _mm512_fnmadd_ph(spread(0.5f), d[1], d[3]);
	to[3] = _mm512_fmadd_ph(spread(B), odd, even);
	to[4] = _mm512_fnmadd_ph(spread(B), odd, even);
	to[5] = _mm512_add_ph(_mm512_fnmadd_ph(spread(2.5f), d[3], d[1]), d[5]);
}

/* Six points to four results. */
INLINE void transform_out(const __m512h m[PATCH], __m512h to[TILE])
{
	const __m512h even1 = _mm512_add_ph(m[1], m[2]), odd1 = _mm512_sub_ph(m[1], m[2]);
	const __m512h even2 = _mm512_add_ph(m[3], m[4]), odd2 = _mm512_sub_ph(m[3], m[4]);

	to[0] = _mm512_add_ph(_mm512_add_ph(m[0], even1), even2);
	to[1] = _mm512_fmadd_ph(spread(A), odd1, _mm512_mul_ph(spread(B), odd2));
	to[2] = _mm512_fmadd_ph(spread(0.5f), even1, _mm512_add_ph(even2, even2));
	to[3] = _mm512_fmadd_ph(spread(0.5f * A), odd1, _mm512_fmadd_ph(spread(2 * B), odd2, m[5]));
}

INLINE __m512h load_two(const lu_half *x, const lu_half *y)
{
	return _mm512_castsi512_ph(_mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)x)),
						      _mm256_loadu_si256((const __m256i *)y), 1));
}

/*
 * What a tile sees of 32 channels at 'from'; or 16 channels of it, and of its neighbour where 'two'. Its rows lie
 * at rows[]. 'to' is its place at the first point.
 */
INLINE void take(bool tail, bool two, const struct lu_winograd *c, const lu_half *const rows[PATCH], int64_t from,
		 lu_half *patch, lu_half *to)
{
	const int64_t across = c->in_channels, next = two ? TILE * across : 0;
	__m512h d[PATCH], p[PATCH];

#pragma GCC unroll 6
	for (int i = 0; i < PATCH; i++) {
#pragma GCC unroll 6
		for (int j = 0; j < PATCH; j++) {
			const lu_half *at = rows[i] + from + j * across;

			d[j] = tail ? load_two(at, at + next) : _mm512_loadu_ph(at);
		}
		transform_in(d, p);
#pragma GCC unroll 6
		for (int j = 0; j < PATCH; j++)
			_mm512_store_ph(patch + (i * PATCH + j) * BLOCK, p[j]);
	}
#pragma GCC unroll 6
	for (int j = 0; j < PATCH; j++) {
#pragma GCC unroll 6
		for (int i = 0; i < PATCH; i++)
			d[i] = _mm512_load_ph(patch + (i * PATCH + j) * BLOCK);
		transform_in(d, p);
#pragma GCC unroll 6
		for (int i = 0; i < PATCH; i++)
			if (tail && !two)
				_mm256_storeu_ph(to + (i * PATCH + j) * POINT, _mm512_castph512_ph256(p[i]));
			else
				_mm512_storeu_ph(to + (i * PATCH + j) * POINT, p[i]);
	}
}

/* A tile of the group at hand: its first result in y, and how many there are. */
struct tile {
	int64_t to, rows, columns;
};

/* The next 'n' tiles from 'at' on, which becomes the place behind them; two neighbours, or one. */
FP16 static int take_tiles(const struct lu_winograd *c, const float *x, struct lu_winograd_place *at, bool may_be_two,
			   struct strip *s, lu_half *patch, lu_half *to, int place)
{
	const int64_t full = c->in_channels / BLOCK, from = at->column * c->in_channels;
	const bool two = may_be_two && at->column + TILE < c->out_width;
	const lu_half *rows[PATCH];

	move_strip(c, x, at, s);
	for (int i = 0; i < PATCH; i++)
		rows[i] = s->rows + (at->row + i) % PATCH * row_fp16(c);
	for (int turn = 0; turn < 1 + two; turn++) {
		for (int64_t k = 0; k < full; k++)
			take(false, false, c, rows, from + turn * TILE * c->in_channels + k * BLOCK, patch,
			     to + k * SLAB + (place + turn) * BLOCK);
		lu_winograd_step(c, at);
	}
	if (full * BLOCK == c->in_channels)
		return 1 + two;
	to += full * SLAB + place * TAIL;
	if (two)
		take(true, true, c, rows, from + full * BLOCK, patch, to);
	else
		take(true, false, c, rows, from + full * BLOCK, patch, to);
	return 1 + two;
}

/* Adds the products of a chunk of channels at 'x', whose tiles are 'apart' numbers apart. */
INLINE void multiply_chunk(int n, int ways, int apart, const lu_half *x, const lu_half *w, __m512h total[GROUP])
{
	__m512h sum[GROUP];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		sum[i] = _mm512_setzero_ph();
#pragma GCC unroll 8
	for (int k = 0; k < CHUNK; k++) {
		__m512h weights = _mm512_load_ph(w + BLOCK * k);

#pragma GCC unroll 14
		for (int i = 0; i < n; i++)
			sum[i] = ways == 1 ? lu_fp16_multiply_one(weights, x + apart * i + k, sum[i])
					   : lu_fp16_multiply_two(weights, x + apart * i + 2 * k, sum[i]);
	}
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		total[i] = _mm512_add_ph(total[i], sum[i]);
}

/* 'n' tiles of a group by 32 outputs at one point, or by 16. */
INLINE void multiply(int n, int ways, int64_t depth, const lu_half *x, const lu_half *w, lu_half *to)
{
	__m512h total[GROUP];
	int64_t left = depth;

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		total[i] = _mm512_setzero_ph();
	for (; left >= BLOCK; left -= BLOCK, x += SLAB)
		for (int k = 0; k < BLOCK; k += CHUNK * ways, w += CHUNK * BLOCK)
			multiply_chunk(n, ways, BLOCK, x + k, w, total);
	if (ways == 2 && left)
		multiply_chunk(n, ways, TAIL, x, w, total);
	for (int k = 0; ways == 1 && k < left; k += CHUNK, w += CHUNK * BLOCK)
		multiply_chunk(n, ways, TAIL, x + k, w, total);
#pragma GCC unroll 14
	for (int i = 0; i < n; i += ways)
		_mm512_store_ph(to + BLOCK * (i / ways),
				ways == 1 ? total[i] : lu_fp16_add_neighbours(total[i], total[i + 1]));
}

/* An even number of tiles; one more than there are does no harm. */
FP16 static void multiply_group(int64_t n, int ways, int64_t depth, const lu_half *x, const lu_half *w, lu_half *to)
{
	switch ((n + 1) / 2) {
#define CASE(half)                                                                                                     \
	case half:                                                                                                     \
		if (ways == 1)                                                                                         \
			multiply(2 * (half), 1, depth, x, w, to);                                                      \
		else                                                                                                   \
			multiply(2 * (half), 2, depth, x, w, to);                                                      \
		return;
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

/* All products of 'tiles' tiles, in groups of 'group'. */
static void multiply_block(const struct lu_winograd *c, int64_t tiles, int64_t group, const lu_half *in, lu_half *out)
{
	const int64_t in_slabs = slabs(c->in_channels), out_slabs = slabs(c->out_channels);
	const lu_half *w = c->weights;

	for (int p = 0; p < POINTS; p++, in += POINT, out += POINT)
		for (int64_t o = 0; o < out_slabs; o++) {
			int ways = lu_winograd_fp16_ways(c, o * BLOCK);

			for (int64_t t = 0, g = 0; t < tiles; t += group, g++)
				multiply_group(smaller(tiles - t, group), ways, c->in_channels,
					       in + g * in_slabs * SLAB, w, out + (g * out_slabs + o) * SLAB);
			w += BLOCK / ways * c->in_channels;
		}
}

/* Sixteen results of a pixel; a Relu has no upper bound. */
INLINE void finish(const struct lu_winograd *c, bool bounded, __m256h sum, __m512 bias, const float *shortcut, float *y)
{
	__m512 result = _mm512_add_ps(_mm512_cvtxph_ps(sum), bias);

	if (shortcut != NULL)
		result = _mm512_add_ps(result, _mm512_loadu_ps(shortcut));
	/* max(low, x) is x where x is NaN: the second operand comes through. */
	result = _mm512_max_ps(_mm512_set1_ps(c->clip.low), result);
	if (bounded)
		result = _mm512_min_ps(_mm512_set1_ps(c->clip.high), result);
	_mm512_storeu_ps(y, result);
}

/* Where the two halves of a register of results go: both to one tile, or to two. */
struct target {
	const struct tile *tile;
	const float *bias;
	int64_t o;
};

/* 32 results from 'm' on, which is their place at the first point. */
INLINE void finish_tile(const struct lu_winograd *c, bool bounded, bool parted, const struct target target[2],
			const lu_half *m, const float *shortcut, float *y)
{
	const int64_t across = c->out_channels, down = c->out_width * c->out_channels;
	__m512h half[PATCH][TILE], column[PATCH], row[PATCH], results[TILE];

#pragma GCC unroll 6
	for (int j = 0; j < PATCH; j++) {
#pragma GCC unroll 6
		for (int i = 0; i < PATCH; i++)
			column[i] = _mm512_load_ph(m + (i * PATCH + j) * POINT);
		transform_out(column, half[j]);
	}
#pragma GCC unroll 4
	for (int i = 0; i < TILE; i++) {
#pragma GCC unroll 6
		for (int j = 0; j < PATCH; j++)
			row[j] = half[j][i];
		transform_out(row, results);
#pragma GCC unroll 4
		for (int j = 0; j < TILE; j++) {
			__m512h both = parted ? lu_fp16_part_neighbours(results[j]) : results[j];

#pragma GCC unroll 2
			for (int t = 0; t < 2; t++) {
				const struct tile *tile = target[t].tile;
				int64_t place = tile->to + target[t].o + i * down + j * across;

				if (i < tile->rows && j < tile->columns)
					finish(c, bounded, t ? lu_fp16_upper(both) : _mm512_castph512_ph256(both),
					       _mm512_loadu_ps(target[t].bias),
					       shortcut != NULL ? shortcut + place : NULL, y + place);
			}
		}
	}
}

/* All results of a group of 'n' tiles. */
INLINE void finish_tiles(const struct lu_winograd *c, bool bounded, int n, const struct tile *tile, const lu_half *slab,
			 const float *shortcut, float *y)
{
	const float *bias = lu_winograd_fp16_bias(c, c->weights);
	const struct tile none = {0};

	for (int64_t o = 0; o < c->out_channels; o += BLOCK, slab += SLAB) {
		if (lu_winograd_fp16_ways(c, o) == 1) {
			for (int i = 0; i < n; i++) {
				const struct target both[2] = {{&tile[i], bias + o, o},
							       {&tile[i], bias + o + 16, o + 16}};

				finish_tile(c, bounded, false, both, slab + BLOCK * i, shortcut, y);
			}
			continue;
		}
		for (int i = 0; i < n; i += 2) {
			const struct target both[2] = {{&tile[i], bias + o, o},
						       {i + 1 < n ? &tile[i + 1] : &none, bias + o, o}};

			finish_tile(c, bounded, true, both, slab + BLOCK * (i / 2), shortcut, y);
		}
	}
}

FP16 static void finish_group(const struct lu_winograd *c, int n, const struct tile *tile, const lu_half *slab,
			      const float *shortcut, float *y)
{
	if (c->clip.high < INFINITY)
		finish_tiles(c, true, n, tile, slab, shortcut, y);
	else
		finish_tiles(c, false, n, tile, slab, shortcut, y);
}

FP16 static void run(const struct lu_winograd *c, const float *x, const float *shortcut, float *y, void *scratch)
{
	const int64_t all = lu_winograd_tiles(c), block = block_groups(c) * GROUP;
	const int64_t in_slabs = slabs(c->in_channels), out_slabs = slabs(c->out_channels);
	lu_half *patch = scratch, *in = patch + POINTS * BLOCK + (PATCH * row_fp16(c) + BLOCK - 1) / BLOCK * BLOCK;
	lu_half *out = in + block_groups(c) * in_slabs * SLAB;
	struct strip strip = {.rows = patch + POINTS * BLOCK, .chip = -1};
	struct lu_winograd_place taken = {0}, finished = {0};

	assert(c->in_channels % 16 == 0 && c->out_channels % 16 == 0);
	for (int64_t left = all; left > 0; left -= block) {
		/* As many tiles in each group, so that none has few. */
		const int64_t tiles = smaller(left, block), groups = (tiles + GROUP - 1) / GROUP;
		const int64_t group = ((tiles + groups - 1) / groups + 1) / 2 * 2;

		for (int64_t t = 0, g = 0; t < tiles; t += group, g++) {
			int n = (int)smaller(tiles - t, group);

			for (int i = 0; i < n;)
				i += take_tiles(c, x, &taken, i + 1 < n, &strip, patch, in + g * in_slabs * SLAB, i);
		}
		multiply_block(c, tiles, group, in, out);
		for (int64_t t = 0, g = 0; t < tiles; t += group, g++) {
			int n = (int)smaller(tiles - t, group);
			struct tile tile[GROUP];

			for (int i = 0; i < n; i++, lu_winograd_step(c, &finished))
				tile[i] = (struct tile){
					.to = ((finished.chip * c->out_height + finished.row) * c->out_width +
					       finished.column) *
					      c->out_channels,
					.rows = c->out_height - finished.row,
					.columns = c->out_width - finished.column,
				};
			finish_group(c, n, tile, out + g * out_slabs * SLAB, shortcut, y);
		}
	}
}

lu_winograd_run *lu_winograd_fp16_kernel(void)
{
	return lu_fp16_runs() ? run : NULL;
}

#else

lu_winograd_run *lu_winograd_fp16_kernel(void)
{
	return NULL;
}

size_t lu_winograd_fp16_scratch(const struct lu_winograd *c)
{
	(void)c;
	return 0;
}

#endif
