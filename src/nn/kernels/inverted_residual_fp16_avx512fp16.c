/*
 * inverted_residual_fp16_avx512fp16.c: the inverted residual on AVX512-FP16: 32 channels in a register, stripes of rows.
 *
 * The walk is that of inverted_residual_fp32_avx512.c. No half of a register idles where there are fewer channels:
 *
 *	expand	  the last 16 by two inputs, x[c] in even lanes and x[c + 1] in odd ones, which are added at the end
 *	window	  the last 16 by two neighbours at stride 1, which lie side by side in memory
 *	project	  as many inputs side by side as the outputs leave room for: 2 for 16, 4 for 8
 *
 * One core of an Emerald Rapids, GCC 12.2, the best of 50 passes of models/aerial-21, us in float32 and here (bench_nn --layers):
 *	112 x 112, 8 -> 48 -> 8 by 2	89.5	61.5
 *	28 x 28, 16 -> 96 -> 16		33.5	18.5
 *	14 x 14, 32 -> 192 -> 32	29.3	14.5
 *	7 x 7, 56 -> 336 -> 112		33.6	17.0
 */
#include "nn/kernels/avx512fp16_results.h"
#include "nn/kernels/inverted_residual_fp16_parts.h"
#include "nn/kernels/inverted_residual_parts.h"

#ifdef LU_WITH_AVX512_FP16

#include <assert.h>
#include <string.h>

#define FP16 LU_FP16
#define INLINE LU_FP16_INLINE

enum {
	BLOCK = LU_INVERTED_RESIDUAL_BLOCK,
	TAIL = LU_INVERTED_RESIDUAL_TAIL,
	GROUP = 14, /* pixels; see inverted_residual_fp32_avx512.c */
	HALF = 7,
	STRIPE_FP16 = 128 << 9,
};

static int64_t stripe(const struct lu_inverted_residual *b)
{
	int64_t rows = STRIPE_FP16 / (b->out_width * b->wide);

	return rows < 1 ? 1 : rows > b->out_height ? b->out_height : rows;
}

/*
 * Scratch: x as fp16 (where it expands); for each block a ring of three rows, columns x 32 (or 16), with the zeros at
 * both sides; one row of zeros; the 3x3's results for a stripe of output rows, blocks x pixels x 32 (or 16). A register
 * behind each, since 16 channels are read as 32.
 */
struct scratch {
	lu_half *x, *rings, *zeros, *windows;
};

static size_t ring_row(const struct lu_inverted_residual *b)
{
	return ((size_t)lu_inverted_residual_padded_width(b) + 1) * BLOCK;
}

static size_t x_fp16(const struct lu_inverted_residual *b)
{
	size_t x = b->expands ? (size_t)(b->in_height * b->in_width * lu_inverted_residual_fp16_depth(b)) : 0;

	return (x + BLOCK - 1) / BLOCK * BLOCK;
}

size_t lu_inverted_residual_fp16_scratch(const struct lu_inverted_residual *b)
{
	return (x_fp16(b) + ((size_t)lu_inverted_residual_fp16_blocks(b) * 3 + 1) * ring_row(b) +
		(size_t)(stripe(b) * b->out_width * b->wide) + BLOCK) *
	       sizeof(lu_half);
}

static struct scratch find_scratch(const struct lu_inverted_residual *b, void *scratch)
{
	struct scratch s = {.x = scratch};

	s.rings = s.x + x_fp16(b);
	s.zeros = s.rings + (size_t)lu_inverted_residual_fp16_blocks(b) * 3 * ring_row(b);
	s.windows = s.zeros + ring_row(b);
	return s;
}

struct range {
	__m512h low, high;
};

INLINE struct range range_of(const struct lu_clip_range *clip)
{
	return (struct range){_mm512_set1_ph((lu_half)clip->low), _mm512_set1_ph((lu_half)clip->high)};
}

/* max(low, x) is x where x is NaN: the second operand comes through. */
INLINE __m512h clip(__m512h x, struct range range)
{
	return _mm512_min_ph(range.high, _mm512_max_ph(range.low, x));
}

/* 'n' pixels of 'channels' to 32 wide channels; 'n' and, but for odd networks, 'channels' are known when compiled. */
INLINE void widen(int n, int64_t channels, const lu_half *x, const lu_half *w, __m512h bias, struct range range,
		  lu_half *to)
{
	__m512h sum[GROUP];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		sum[i] = bias;
#pragma GCC unroll 2
	for (int64_t c = 0; c < channels; c++) {
		__m512h weights = _mm512_load_ph(w + BLOCK * c);

#pragma GCC unroll 14
		for (int i = 0; i < n; i++)
			sum[i] = lu_fp16_multiply_one(weights, x + i * channels + c, sum[i]);
	}
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		_mm512_store_ph(to + BLOCK * i, clip(sum[i], range));
}

/* To the last 16. */
INLINE void widen_tail(int n, int64_t channels, const lu_half *x, const lu_half *w, __m512h bias, struct range range,
		       lu_half *to)
{
	__m512h sum[GROUP];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		sum[i] = _mm512_setzero_ph();
#pragma GCC unroll 2
	for (int64_t c = 0; c < channels; c += 2) {
		__m512h weights = _mm512_load_ph(w + TAIL * c);

#pragma GCC unroll 14
		for (int i = 0; i < n; i++)
			sum[i] = lu_fp16_multiply_two(weights, x + i * channels + c, sum[i]);
	}
#pragma GCC unroll 7
	for (int i = 0; i < n; i += 2) {
		__m512h both = lu_fp16_add_neighbours(sum[i], sum[i + 1 < n ? i + 1 : i]);

		both = clip(_mm512_add_ph(lu_fp16_part_neighbours(both), bias), range);
		if (i + 1 < n)
			_mm512_storeu_ph(to + TAIL * i, both);
		else
			_mm256_storeu_ph(to + TAIL * i, _mm512_castph512_ph256(both));
	}
}

INLINE void widen_row(bool tail, int64_t channels, int64_t n, const lu_half *x, const lu_half *w, __m512h bias,
		      struct range range, lu_half *to)
{
	int64_t i = 0;

	for (; i + GROUP <= n; i += GROUP) {
		if (tail)
			widen_tail(GROUP, channels, x + i * channels, w, bias, range, to + TAIL * i);
		else
			widen(GROUP, channels, x + i * channels, w, bias, range, to + BLOCK * i);
	}
	for (; i + HALF <= n; i += HALF) {
		if (tail)
			widen_tail(HALF, channels, x + i * channels, w, bias, range, to + TAIL * i);
		else
			widen(HALF, channels, x + i * channels, w, bias, range, to + BLOCK * i);
	}
	for (; i < n; i++) {
		if (tail)
			widen_tail(1, channels, x + i * channels, w, bias, range, to + TAIL * i);
		else
			widen(1, channels, x + i * channels, w, bias, range, to + BLOCK * i);
	}
}

/* A row of a block of the wide image, 'n' columns; the row of x at 'floats', and as fp16 at 'x' where it expands. */
FP16 static void make_row(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
			  int64_t block, bool tail, const float *floats, const lu_half *x, int64_t n, lu_half *to)
{
	const lu_half *w = p->expand + block * lu_inverted_residual_fp16_depth(b) * BLOCK;
	const struct range range = range_of(&b->clip[0]);
	__m512h bias;

	if (!b->expands) {
		int64_t width = tail ? TAIL : BLOCK;

		for (int64_t i = 0; i < n; i++)
			lu_fp16_from_floats(floats + i * b->in_channels + BLOCK * block, width, to + width * i);
		return;
	}
	bias = _mm512_load_ph(p->expand_bias + BLOCK * block);
	switch (lu_inverted_residual_fp16_depth(b)) {
#define CASE(channels)                                                                                                 \
	case channels:                                                                                                 \
		if (tail)                                                                                              \
			widen_row(true, channels, n, x, w, bias, range, to);                                           \
		else                                                                                                   \
			widen_row(false, channels, n, x, w, bias, range, to);                                          \
		return;
		CASE(8)
		CASE(16)
		CASE(24)
		CASE(32)
		CASE(56)
		CASE(64)
		CASE(96)
		CASE(160)
#undef CASE
	default:
		if (tail)
			widen_row(true, lu_inverted_residual_fp16_depth(b), n, x, w, bias, range, to);
		else
			widen_row(false, lu_inverted_residual_fp16_depth(b), n, x, w, bias, range, to);
	}
}

/*
 * 3x3 windows of 'n' neighbours, 'apart' numbers between columns: each input vector is loaded once a row and serves up to
 * three of them. Where columns are 16 apart, a window is of two columns.
 */
INLINE void window(int n, int stride, int apart, const lu_half *const row[3], const __m512h w[9], __m512h bias,
		   struct range range, __m512h sum[HALF])
{
#pragma GCC unroll 7
	for (int i = 0; i < n; i++)
		sum[i] = bias;
#pragma GCC unroll 3
	for (int r = 0; r < 3; r++)
#pragma GCC unroll 15
		for (int j = 0; j < (n - 1) * stride + 3; j++) {
			__m512h x = _mm512_loadu_ph(row[r] + apart * j);

#pragma GCC unroll 7
			for (int i = 0; i < n; i++)
				if (j - i * stride >= 0 && j - i * stride < 3)
					sum[i] = _mm512_fmadd_ph(x, w[3 * r + j - i * stride], sum[i]);
		}
#pragma GCC unroll 7
	for (int i = 0; i < n; i++)
		sum[i] = clip(sum[i], range);
}

/* 'n' windows from column 'i' on; of 16 channels two at once where 'twice'. */
INLINE void take(int n, int stride, bool tail, bool twice, int64_t i, const lu_half *const row[3], const __m512h w[9],
		 __m512h bias, struct range range, lu_half *to)
{
	const int apart = tail ? TAIL : BLOCK;
	const lu_half *const at[3] = {row[0] + apart * stride * i, row[1] + apart * stride * i,
				      row[2] + apart * stride * i};
	__m512h sum[HALF];

	window(n, twice ? 2 : stride, apart, at, w, bias, range, sum);
#pragma GCC unroll 7
	for (int j = 0; j < n; j++)
		if (tail && !twice)
			_mm256_storeu_ph(to + TAIL * (i + j), _mm512_castph512_ph256(sum[j]));
		else
			_mm512_storeu_ph(to + apart * i + BLOCK * j, sum[j]);
}

INLINE void window_row(int stride, bool tail, int64_t n, const lu_half *const row[3], const lu_half *weights,
		       __m512h bias, struct range range, lu_half *to)
{
	__m512h w[9];
	int64_t i = 0;

#pragma GCC unroll 9
	for (int tap = 0; tap < 9; tap++)
		w[tap] = _mm512_load_ph(weights + BLOCK * tap);
	for (; tail && stride == 1 && i + 2 * HALF <= n; i += 2 * HALF)
		take(HALF, stride, tail, true, i, row, w, bias, range, to);
	for (; i + HALF <= n; i += HALF)
		take(HALF, stride, tail, false, i, row, w, bias, range, to);
	for (; i < n; i++)
		take(1, stride, tail, false, i, row, w, bias, range, to);
}

FP16 static void take_windows(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
			      int64_t block, bool tail, const lu_half *const row[3], lu_half *to)
{
	const lu_half *w = p->by_channel + block * 9 * BLOCK;
	const struct range range = range_of(&b->clip[1]);
	__m512h bias = _mm512_load_ph(p->by_channel_bias + BLOCK * block);

	if (b->stride == 1 && tail)
		window_row(1, true, b->out_width, row, w, bias, range, to);
	else if (b->stride == 1)
		window_row(1, false, b->out_width, row, w, bias, range, to);
	else if (tail)
		window_row(2, true, b->out_width, row, w, bias, range, to);
	else
		window_row(2, false, b->out_width, row, w, bias, range, to);
}

/* Wide numbers of a stripe to 32 outputs, or to fewer with several inputs side by side. */
struct projection {
	const lu_half *weights, *from;
	int64_t wide, pixels;
	struct lu_fp16_results results;
};

/* Adds the products of 'count' wide channels at 'x', whose pixels are 'apart' numbers apart. */
INLINE void multiply(int n, int ways, int64_t count, int apart, const lu_half *x, const lu_half *w, __m512h sum[GROUP])
{
	for (int64_t k = 0; k < count; k += ways, w += BLOCK) {
		__m512h weights = _mm512_load_ph(w);

#pragma GCC unroll 14
		for (int i = 0; i < n; i++) {
			const lu_half *at = x + apart * i + k;

			sum[i] = ways == 1   ? lu_fp16_multiply_one(weights, at, sum[i])
				 : ways == 2 ? lu_fp16_multiply_two(weights, at, sum[i])
					     : lu_fp16_multiply_four(weights, at, sum[i]);
		}
	}
}

/* 'n' pixels; the sums over each block are added up by themselves, so that few numbers are added to a large one. */
INLINE void project(int n, int ways, const struct projection *q, int64_t at)
{
	const lu_half *x = q->from + BLOCK * at, *w = q->weights;
	__m512h sum[GROUP], total[GROUP];
	int64_t wide = q->wide;

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		total[i] = _mm512_setzero_ph();
	if (wide >= BLOCK) { /* the first of them are the total */
		multiply(n, ways, BLOCK, BLOCK, x, w, total);
		wide -= BLOCK;
		x += BLOCK * q->pixels;
		w += BLOCK * BLOCK / ways;
	}
	for (; wide >= BLOCK; wide -= BLOCK, x += BLOCK * q->pixels, w += BLOCK * BLOCK / ways) {
#pragma GCC unroll 14
		for (int i = 0; i < n; i++)
			sum[i] = _mm512_setzero_ph();
		multiply(n, ways, BLOCK, BLOCK, x, w, sum);
#pragma GCC unroll 14
		for (int i = 0; i < n; i++)
			total[i] = _mm512_add_ph(total[i], sum[i]);
	}
	if (wide)
		multiply(n, ways, TAIL, TAIL, x - TAIL * at, w, total);
	lu_fp16_finish(n, ways, &q->results, total, at);
}

INLINE void project_all(int ways, const struct projection *q)
{
	int64_t i = 0;

	for (; i + GROUP <= q->pixels; i += GROUP)
		project(GROUP, ways, q, i);
	for (; i + HALF <= q->pixels; i += HALF)
		project(HALF, ways, q, i);
	for (; i < q->pixels; i++)
		project(1, ways, q, i);
}

FP16 static void project_stripe(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
				const lu_half *from, int64_t pixels, const float *shortcut, float *to)
{
	for (int64_t o = 0; o < b->out_channels; o += BLOCK) {
		struct projection q = {
			.weights = p->project + o * b->wide,
			.from = from,
			.wide = b->wide,
			.pixels = pixels,
			.results = {.bias = p->project_bias + o,
				    .range = b->clip[2],
				    .shortcut = shortcut != NULL ? shortcut + o : NULL,
				    .to = to + o,
				    .channels = b->out_channels,
				    .outputs = b->out_channels - o},
		};

		switch (lu_inverted_residual_fp16_ways(b, o)) {
		case 1:
			project_all(1, &q);
			break;
		case 2:
			project_all(2, &q);
			break;
		default:
			project_all(4, &q);
		}
	}
}

/* x as fp16, an even number of them a pixel. */
FP16 static void read_chip(const struct lu_inverted_residual *b, const float *x, lu_half *to)
{
	int64_t pixels = b->in_height * b->in_width;

	if (b->in_channels % 2 == 0) {
		lu_fp16_from_floats(x, pixels * b->in_channels, to);
		return;
	}
	for (int64_t i = 0; i < pixels; i++, to += lu_inverted_residual_fp16_depth(b)) {
		lu_fp16_from_floats(x + i * b->in_channels, b->in_channels, to);
		to[b->in_channels] = 0;
	}
}

FP16 static void run_chip(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
			  const struct scratch *s, const float *x, const float *shortcut, float *y)
{
	int64_t width = lu_inverted_residual_padded_width(b), most = stripe(b);
	int64_t columns = width - b->left < b->in_width ? width - b->left : b->in_width;
	size_t row_fp16 = ring_row(b);

	if (b->expands)
		read_chip(b, x, s->x);
	for (int64_t y0 = 0; y0 < b->out_height; y0 += most) {
		int64_t rows = y0 + most < b->out_height ? most : b->out_height - y0;
		int64_t pixels = rows * b->out_width;

		for (int64_t block = 0; block < lu_inverted_residual_fp16_blocks(b); block++) {
			const bool tail = b->wide - block * BLOCK < BLOCK;
			const int64_t apart = tail ? TAIL : BLOCK;
			lu_half *ring = s->rings + (size_t)block * 3 * row_fp16;
			/* Rows are counted from the uppermost row of zeros. */
			int64_t made = y0 ? (y0 - 1) * b->stride + 3 : 0;

			for (int64_t i = 0; i < rows; i++) {
				int64_t first = (y0 + i) * b->stride;
				const lu_half *row[3];

				for (; made < first + 3; made++) {
					int64_t from = made - b->top;

					if (made >= first && from >= 0 && from < b->in_height)
						make_row(b, p, block, tail, x + from * b->in_width * b->in_channels,
							 s->x + from * b->in_width * lu_inverted_residual_fp16_depth(b),
							 columns,
							 ring + (size_t)(made % 3) * row_fp16 + apart * b->left);
				}
				for (int j = 0; j < 3; j++) {
					int64_t from = first + j - b->top;

					row[j] = from >= 0 && from < b->in_height
							 ? ring + (size_t)((first + j) % 3) * row_fp16
							 : s->zeros;
				}
				take_windows(b, p, block, tail, row,
					     s->windows + block * pixels * BLOCK + i * b->out_width * apart);
			}
		}
		project_stripe(b, p, s->windows, pixels,
			       shortcut != NULL ? shortcut + y0 * b->out_width * b->out_channels : NULL,
			       y + y0 * b->out_width * b->out_channels);
	}
}

FP16 static void run(const struct lu_inverted_residual *b, const float *x, const float *shortcut, float *y,
		     void *scratch)
{
	int64_t in = b->in_height * b->in_width * b->in_channels, out = b->out_height * b->out_width * b->out_channels;
	const struct lu_inverted_residual_fp16_parts p = lu_inverted_residual_fp16_parts(b, b->weights);
	const struct scratch s = find_scratch(b, scratch);

	assert(b->wide % TAIL == 0 && (b->stride == 1 || b->stride == 2));
	/* The zeros at the sides stay; what is between them is written before it is read. */
	memset(s.rings, 0, ((size_t)lu_inverted_residual_fp16_blocks(b) * 3 + 1) * ring_row(b) * sizeof(lu_half));
	for (int64_t i = 0; i < b->chips; i++)
		run_chip(b, &p, &s, x + i * in, shortcut != NULL ? shortcut + i * out : NULL, y + i * out);
}

lu_inverted_residual_run *lu_inverted_residual_fp16_kernel(void)
{
	return lu_fp16_runs() ? run : NULL;
}

#else

lu_inverted_residual_run *lu_inverted_residual_fp16_kernel(void)
{
	return NULL;
}

size_t lu_inverted_residual_fp16_scratch(const struct lu_inverted_residual *b)
{
	(void)b;
	return 0;
}

#endif
