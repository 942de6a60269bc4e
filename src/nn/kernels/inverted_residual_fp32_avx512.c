/*
 * inverted_residual_fp32_avx512.c: the inverted residual on AVX-512: 16 channels in a register, stripes of rows.
 *
 * For each stripe of output rows, and each 16 of the wide channels: make the rows of the wide image that are not
 * there yet, take the 3x3 windows over them. When all channels of the stripe are there, project them. The rows
 * of 16 channels stay in the first cache (3 x 7 KiB at 112 columns), the rest in the second.
 *
 * Sums run over taps and channels in one order wherever a pixel stands, so that results do not depend on
 * how pixels are grouped. Groups have 14 pixels: 14 sums hide the four cycles of an FMA twice over, 28
 * registers would leave none for weights, and image sizes of 224 / 2^n are multiples of 7.
 */
#include "nn/kernels/inverted_residual_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <assert.h>
#include <immintrin.h>
#include <string.h>

#define AVX512 __attribute__((target("avx512f")))
#define INLINE AVX512 static inline __attribute__((always_inline))
#define GROUP 14
#define HALF 7

/* max(low, x) is x where x is NaN: the second operand comes through. */
INLINE __m512 clip(__m512 x, const struct lu_clip_range *range)
{
	return _mm512_min_ps(_mm512_set1_ps(range->high), _mm512_max_ps(_mm512_set1_ps(range->low), x));
}

/* 'n' pixels of 'depth' channels to 16 wide channels; 'n' and, but for odd networks, 'depth' are known when compiled. */
INLINE void widen(int n, int64_t depth, const float *x, const float *w, __m512 bias, const struct lu_clip_range *range,
		  float *to)
{
	__m512 sum[GROUP];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		sum[i] = bias;
#pragma GCC unroll 2
	for (int64_t c = 0; c < depth; c++) {
		__m512 weights = _mm512_load_ps(w + 16 * c);

#pragma GCC unroll 14
		for (int i = 0; i < n; i++)
			sum[i] = _mm512_fmadd_ps(weights, _mm512_set1_ps(x[i * depth + c]), sum[i]);
	}
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		_mm512_store_ps(to + 16 * i, clip(sum[i], range));
}

INLINE void widen_row(int64_t depth, int64_t n, const float *x, const float *w, __m512 bias,
		      const struct lu_clip_range *range, float *to)
{
	int64_t i = 0;

	for (; i + GROUP <= n; i += GROUP)
		widen(GROUP, depth, x + i * depth, w, bias, range, to + 16 * i);
	for (; i + HALF <= n; i += HALF)
		widen(HALF, depth, x + i * depth, w, bias, range, to + 16 * i);
	for (; i < n; i++)
		widen(1, depth, x + i * depth, w, bias, range, to + 16 * i);
}

/*
 * Where the depth is known when compiled, the pixels' addresses need no registers, a tenth on 96 channels. These are the depths
 * of MobileNetV2 0.35 and 1.0 and of EfficientNet-B0.
 */
AVX512 void lu_inverted_residual_widen(int64_t depth, int64_t n, const float *x, const float *weights,
				       const float *biases, struct lu_clip_range range, float *to)
{
	const __m512 bias = _mm512_load_ps(biases);

	switch (depth) {
#define CASE(known)                                                                                                    \
	case known:                                                                                                    \
		widen_row(known, n, x, weights, bias, &range, to);                                                     \
		return;
		CASE(8)
		CASE(16)
		CASE(24)
		CASE(32)
		CASE(40)
		CASE(48)
		CASE(56)
		CASE(64)
		CASE(80)
		CASE(96)
		CASE(112)
		CASE(160)
		CASE(192)
#undef CASE
	default:
		widen_row(depth, n, x, weights, bias, &range, to);
	}
}

/* A row of 16 channels of the wide image, 'n' columns. */
AVX512 static void make_row(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *p,
			    int64_t block, const float *x, int64_t n, float *to)
{
	if (!b->expands) {
		for (int64_t i = 0; i < n; i++)
			_mm512_store_ps(to + 16 * i, _mm512_loadu_ps(x + i * b->in_channels + 16 * block));
		return;
	}
	lu_inverted_residual_widen(b->in_channels, n, x, p->expand + block * b->in_channels * 16,
				   p->expand_bias + 16 * block, b->clip[0], to);
}

/* 3x3 windows of 'n' neighbours: each input vector is loaded once a row and serves up to three of them. */
INLINE void window(int n, int stride, const float *const row[3], const __m512 w[9], __m512 bias,
		   const struct lu_clip_range *range, float *to)
{
	__m512 sum[HALF];

#pragma GCC unroll 7
	for (int i = 0; i < n; i++)
		sum[i] = bias;
#pragma GCC unroll 3
	for (int r = 0; r < 3; r++)
#pragma GCC unroll 15
		for (int j = 0; j < (n - 1) * stride + 3; j++) {
			__m512 x = _mm512_load_ps(row[r] + 16 * j);

#pragma GCC unroll 7
			for (int i = 0; i < n; i++)
				if (j - i * stride >= 0 && j - i * stride < 3)
					sum[i] = _mm512_fmadd_ps(x, w[3 * r + j - i * stride], sum[i]);
		}
#pragma GCC unroll 7
	for (int i = 0; i < n; i++)
		_mm512_store_ps(to + 16 * i, clip(sum[i], range));
}

INLINE void window_row(int stride, int64_t n, const float *const row[3], const float *weights, __m512 bias,
		       const struct lu_clip_range *range, float *to)
{
	__m512 w[9];
	int64_t i = 0;

#pragma GCC unroll 9
	for (int tap = 0; tap < 9; tap++)
		w[tap] = _mm512_load_ps(weights + 16 * tap);
	for (; i < n; i += i + HALF <= n ? HALF : 1) {
		const float *const at[3] = {row[0] + 16 * stride * i, row[1] + 16 * stride * i,
					    row[2] + 16 * stride * i};

		if (i + HALF <= n)
			window(HALF, stride, at, w, bias, range, to + 16 * i);
		else
			window(1, stride, at, w, bias, range, to + 16 * i);
	}
}

AVX512 static void take_windows(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *p,
				int64_t block, const float *const row[3], float *to)
{
	const float *w = p->by_channel + block * 9 * 16;
	__m512 bias = _mm512_load_ps(p->by_channel_bias + 16 * block);

	if (b->stride == 1)
		window_row(1, b->out_width, row, w, bias, &b->clip[1], to);
	else
		window_row(2, b->out_width, row, w, bias, &b->clip[1], to);
}

/* A pair of neighbours in all eight places. */
INLINE __m512 broadcast_pair(const float *x)
{
	double pair;

	memcpy(&pair, x, sizeof(pair));
	return _mm512_castpd_ps(_mm512_set1_pd(pair));
}

struct projection {
	const float *weights; /* of these outputs */
	const float *from; /* wide / 16 x pixels x 16 */
	int64_t blocks, pixels;
	__m512 bias;
	const struct lu_clip_range *range;
	const float *shortcut;
	float *to;
	int64_t channels; /* of 'to' and 'shortcut' */
	__mmask16 lanes;
};

/* Eight outputs of two pixels from their sums in pairs. */
INLINE __m512 join_pairs(__m512 a, __m512 b)
{
	const __m512i evens = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
	const __m512i odds = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);

	return _mm512_add_ps(_mm512_permutex2var_ps(a, evens, b), _mm512_permutex2var_ps(a, odds, b));
}

INLINE void finish(const struct projection *q, __m512 sum, int64_t place, __mmask16 lanes)
{
	if (q->shortcut != NULL)
		sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(lanes, q->shortcut + place));
	_mm512_mask_storeu_ps(q->to + place, lanes, clip(sum, q->range));
}

/*
 * 'n' pixels to 16 outputs; or, in pairs, to 8, the even channels summed in even lanes and the odd ones in odd lanes,
 * so that no half of a register idles. Two pixels of 8 channels and no more lie side by side, and are stored at once.
 */
INLINE void project(int n, bool pairs, const struct projection *q, int64_t at)
{
	const float *w = q->weights;
	__m512 sum[GROUP];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		sum[i] = pairs ? _mm512_maskz_expand_ps(0x5555, q->bias) : q->bias;
	for (int64_t block = 0; block < q->blocks; block++) {
		const float *x = q->from + (block * q->pixels + at) * 16;

		for (int k = 0; k < 16; k += pairs ? 2 : 1, w += 16) {
			__m512 weights = _mm512_load_ps(w);

#pragma GCC unroll 14
			for (int i = 0; i < n; i++)
				sum[i] = _mm512_fmadd_ps(
					weights, pairs ? broadcast_pair(x + 16 * i + k) : _mm512_set1_ps(x[16 * i + k]),
					sum[i]);
		}
	}
	if (pairs && q->channels == 8 && n % 2 == 0) {
#pragma GCC unroll 7
		for (int i = 0; i < n; i += 2)
			finish(q, join_pairs(sum[i], sum[i + 1]), (at + i) * 8, 0xffff);
		return;
	}
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		finish(q, pairs ? join_pairs(sum[i], sum[i]) : sum[i], (at + i) * q->channels, q->lanes);
}

INLINE void project_all(bool pairs, const struct projection *q)
{
	int64_t i = 0;

	for (; i + GROUP <= q->pixels; i += GROUP)
		project(GROUP, pairs, q, i);
	for (; i + HALF <= q->pixels; i += HALF)
		project(HALF, pairs, q, i);
	for (; i < q->pixels; i++)
		project(1, pairs, q, i);
}

AVX512 static void project_stripe(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *p,
				  const float *from, int64_t pixels, const float *shortcut, float *to)
{
	for (int64_t o = 0; o < b->out_channels; o += 16) {
		int64_t left = b->out_channels - o;
		struct projection q = {
			.weights = p->project + o * b->wide,
			.from = from,
			.blocks = b->wide / 16,
			.pixels = pixels,
			.bias = _mm512_load_ps(p->project_bias + o),
			.range = &b->clip[2],
			.shortcut = shortcut != NULL ? shortcut + o : NULL,
			.to = to + o,
			.channels = b->out_channels,
			.lanes = (__mmask16)(left >= 16 ? 0xffff : (1u << left) - 1),
		};

		if (left > 8)
			project_all(false, &q);
		else
			project_all(true, &q);
	}
}

AVX512 static void run_chip(const struct lu_inverted_residual *b, const float *x, const float *shortcut, float *y,
			    float *scratch)
{
	const struct lu_inverted_residual_parts p = lu_inverted_residual_parts(b, b->weights);
	int64_t width = lu_inverted_residual_padded_width(b), stripe = lu_inverted_residual_stripe(b);
	int64_t columns = width - b->left < b->in_width ? width - b->left : b->in_width;
	size_t row_floats = (size_t)width * 16;
	float *zeros = scratch + (size_t)(b->wide / 16) * 3 * row_floats, *windows = zeros + row_floats;

	for (int64_t y0 = 0; y0 < b->out_height; y0 += stripe) {
		int64_t rows = y0 + stripe < b->out_height ? stripe : b->out_height - y0;
		int64_t pixels = rows * b->out_width;

		for (int64_t block = 0; block < b->wide / 16; block++) {
			float *ring = scratch + (size_t)block * 3 * row_floats;
			/* Rows are counted from the uppermost row of zeros. */
			int64_t made = y0 ? (y0 - 1) * b->stride + 3 : 0;

			for (int64_t i = 0; i < rows; i++) {
				int64_t first = (y0 + i) * b->stride;
				const float *row[3];

				for (; made < first + 3; made++) {
					int64_t from = made - b->top;

					if (made >= first && from >= 0 && from < b->in_height)
						make_row(b, &p, block, x + from * b->in_width * b->in_channels, columns,
							 ring + (size_t)(made % 3) * row_floats + 16 * b->left);
				}
				for (int j = 0; j < 3; j++) {
					int64_t from = first + j - b->top;

					row[j] = from >= 0 && from < b->in_height
							 ? ring + (size_t)((first + j) % 3) * row_floats
							 : zeros;
				}
				take_windows(b, &p, block, row, windows + (block * pixels + i * b->out_width) * 16);
			}
		}
		project_stripe(b, &p, windows, pixels,
			       shortcut != NULL ? shortcut + y0 * b->out_width * b->out_channels : NULL,
			       y + y0 * b->out_width * b->out_channels);
	}
}

AVX512 static void run(const struct lu_inverted_residual *b, const float *x, const float *shortcut, float *y,
		       void *scratch)
{
	size_t row_floats = (size_t)lu_inverted_residual_padded_width(b) * 16;
	int64_t in = b->in_height * b->in_width * b->in_channels, out = b->out_height * b->out_width * b->out_channels;

	assert(b->wide % 16 == 0 && (b->stride == 1 || b->stride == 2));
	/* The zeros at the sides stay; what is between them is written before it is read. */
	memset(scratch, 0, ((size_t)(b->wide / 16) * 3 + 1) * row_floats * sizeof(float));
	for (int64_t i = 0; i < b->chips; i++)
		run_chip(b, x + i * in, shortcut != NULL ? shortcut + i * out : NULL, y + i * out, scratch);
}

lu_inverted_residual_run *lu_inverted_residual_kernel(void)
{
	return __builtin_cpu_supports("avx512f") ? run : NULL;
}

#else

lu_inverted_residual_run *lu_inverted_residual_kernel(void)
{
	return NULL;
}

#endif
