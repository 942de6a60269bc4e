/*
 * depthwise_fp32_avx512.c: the wide half of an inverted residual on AVX-512: 16 channels of all chips, then the next 16.
 *
 * The weights of 16 channels stay in the first cache, beside them the rows of the first wide image that a window sees. The narrow
 * image is read again for every 16 channels; it stays in the second. Sums run over taps and channels in one order wherever
 * a pixel stands.
 *
 * One core of a Zen 5, EfficientNet-B0, us a chip, least of many passes (bench_nn --layers): three steps of oneDNN (1x1, by
 * channel, mean) and this one:
 *	16 -> 96, 112 x 112, 3x3 by 2		966	556
 *	24 -> 144, 56 x 56, 3x3			567	336
 *	40 -> 240, 28 x 28, 5x5			327	195
 *	112 -> 672, 14 x 14, 5x5		300	258
 *	192 -> 1152, 7 x 7, 5x5			191	190
 */
#include "nn/kernels/inverted_residual_parts.h"
#include "nn/kernels/depthwise.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <assert.h>
#include <math.h>
#include <string.h>

#include "nn/kernels/exponential_avx512.h"

#define GROUP 14
#define HALF 7

/* 1 / (1 + exp(-x)) by the reciprocal's 14 bits and a step of Newton's, which doubles them. */
INLINE __m512 swish(__m512 x)
{
	const __m512 one = _mm512_set1_ps(1), bounded = _mm512_max_ps(_mm512_set1_ps(LU_SWISH_LEAST), x);
	const __m512 d = _mm512_add_ps(one, exponential(_mm512_sub_ps(_mm512_setzero_ps(), bounded)));
	const __m512 r = _mm512_rcp14_ps(d);

	return _mm512_mul_ps(bounded, _mm512_fmadd_ps(r, _mm512_fnmadd_ps(d, r, one), r));
}

/* max(low, x) is x where x is NaN: the second operand comes through. */
INLINE __m512 bend(enum lu_curve_kind kind, const struct lu_clip_range *range, __m512 x)
{
	const __m512 one = _mm512_set1_ps(1);
	__m512 share;

	switch (kind) {
	case LU_CURVE_SWISH:
		return swish(x);
	case LU_CURVE_HARD_SWISH:
		share = _mm512_fmadd_ps(x, _mm512_set1_ps(1.0f / 6), _mm512_set1_ps(0.5f));
		return _mm512_mul_ps(x, _mm512_min_ps(one, _mm512_max_ps(_mm512_setzero_ps(), share)));
	case LU_CURVE_CLIP:
		break;
	}
	return _mm512_min_ps(_mm512_set1_ps(range->high), _mm512_max_ps(_mm512_set1_ps(range->low), x));
}

/* 'n' vectors from 'from' to 'to', there 'pitch' floats apart; their sum is added to 'sum'. */
INLINE __m512 bend_all(enum lu_curve_kind kind, const struct lu_clip_range *range, int64_t n, const float *from,
		       float *to, int64_t pitch, __m512 sum)
{
#pragma GCC unroll 4
	for (int64_t i = 0; i < n; i++) {
		const __m512 y = bend(kind, range, _mm512_load_ps(from + 16 * i));

		_mm512_storeu_ps(to + i * pitch, y);
		sum = _mm512_add_ps(sum, y);
	}
	return sum;
}

AVX512 static __m512 bend_row(const struct lu_curve *curve, int64_t n, const float *from, float *to, int64_t pitch,
			      __m512 sum)
{
	switch (curve->kind) {
	case LU_CURVE_SWISH:
		return bend_all(LU_CURVE_SWISH, &curve->range, n, from, to, pitch, sum);
	case LU_CURVE_HARD_SWISH:
		return bend_all(LU_CURVE_HARD_SWISH, &curve->range, n, from, to, pitch, sum);
	case LU_CURVE_CLIP:
		break;
	}
	return bend_all(LU_CURVE_CLIP, &curve->range, n, from, to, pitch, sum);
}

/* Windows of 'n' neighbours: each input vector is loaded once a row of taps and serves all that see it. */
INLINE void window(int n, int size, int stride, const float *const *row, int64_t column, const float *weights,
		   __m512 bias, float *to)
{
	__m512 sum[GROUP], w[5];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		sum[i] = bias;
	for (int r = 0; r < size; r++) {
		const float *from = row[r] + 16 * stride * column;

#pragma GCC unroll 5
		for (int tap = 0; tap < size; tap++)
			w[tap] = _mm512_load_ps(weights + 16 * (r * size + tap));
#pragma GCC unroll 31
		for (int j = 0; j < (n - 1) * stride + size; j++) {
			const __m512 x = _mm512_load_ps(from + 16 * j);

#pragma GCC unroll 14
			for (int i = 0; i < n; i++)
				if (j - i * stride >= 0 && j - i * stride < size)
					sum[i] = _mm512_fmadd_ps(x, w[j - i * stride], sum[i]);
		}
	}
#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
		_mm512_store_ps(to + 16 * (column + i), sum[i]);
}

INLINE void window_row(int size, int stride, int64_t n, const float *const *row, const float *weights, __m512 bias,
		       float *to)
{
	int64_t i = 0;

	for (; i + GROUP <= n; i += GROUP)
		window(GROUP, size, stride, row, i, weights, bias, to);
	for (; i + HALF <= n; i += HALF)
		window(HALF, size, stride, row, i, weights, bias, to);
	for (; i < n; i++)
		window(1, size, stride, row, i, weights, bias, to);
}

AVX512 static void take_windows(const struct lu_depthwise *d, const float *const *row, const float *weights,
				__m512 bias, float *to)
{
	if (d->window == 3 && d->stride == 1)
		window_row(3, 1, d->out_width, row, weights, bias, to);
	else if (d->window == 3)
		window_row(3, 2, d->out_width, row, weights, bias, to);
	else if (d->stride == 1)
		window_row(5, 1, d->out_width, row, weights, bias, to);
	else
		window_row(5, 2, d->out_width, row, weights, bias, to);
}

/* 16 channels from 16 'block' on of a row of the wide image. */
AVX512 static void make_row(const struct lu_depthwise *d, const struct lu_depthwise_parts *p, int64_t block,
			    const float *x, int64_t n, float *to)
{
	if (!d->expands) {
		for (int64_t i = 0; i < n; i++)
			_mm512_store_ps(to + 16 * i, _mm512_loadu_ps(x + i * d->in_channels + 16 * block));
		return;
	}
	lu_inverted_residual_widen(d->in_channels, n, x, p->expand + block * d->in_channels * 16,
				   p->expand_bias + 16 * block, (struct lu_clip_range){-INFINITY, INFINITY}, to);
	bend_row(&d->curve[0], n, to, to, 16, _mm512_setzero_ps());
}

/* 16 channels of a chip. The ring's zeros are there. */
AVX512 static void run_block(const struct lu_depthwise *d, const struct lu_depthwise_parts *p, int64_t block,
			     const float *x, float *y, float *mean, float *scratch)
{
	const int64_t width = (d->out_width - 1) * d->stride + d->window, size = d->window;
	const int64_t columns = width - d->left < d->in_width ? width - d->left : d->in_width;
	const float *weights = p->by_channel + block * size * size * 16, *row[5];
	const __m512 bias = _mm512_load_ps(p->by_channel_bias + 16 * block);
	float *zeros = scratch + size * width * 16, *sums = zeros + width * 16;
	__m512 sum = _mm512_setzero_ps();
	int64_t made = 0; /* rows are counted from the uppermost row of zeros */

	for (int64_t i = 0; i < d->out_height; i++) {
		const int64_t first = i * d->stride;

		for (; made < first + size; made++) {
			const int64_t from = made - d->top;

			if (made >= first && from >= 0 && from < d->in_height)
				make_row(d, p, block, x + from * d->in_width * d->in_channels, columns,
					 scratch + (made % size * width + d->left) * 16);
		}
		for (int64_t j = 0; j < size; j++) {
			const int64_t from = first + j - d->top;

			row[j] = from >= 0 && from < d->in_height ? scratch + (first + j) % size * width * 16 : zeros;
		}
		take_windows(d, row, weights, bias, sums);
		sum = bend_row(&d->curve[1], d->out_width, sums, y + i * d->out_width * d->wide + 16 * block, d->wide,
			       sum);
	}
	if (mean != NULL)
		_mm512_storeu_ps(mean, _mm512_div_ps(sum, _mm512_set1_ps((float)(d->out_height * d->out_width))));
}

AVX512 static void run(const struct lu_depthwise *d, const float *x, float *y, float *means, float *scratch)
{
	const struct lu_depthwise_parts p = lu_depthwise_packed(d);
	const int64_t in = d->in_height * d->in_width * d->in_channels, out = d->out_height * d->out_width * d->wide;

	assert(d->wide % 16 == 0 && (d->window == 3 || d->window == 5) && (d->stride == 1 || d->stride == 2));
	/* The zeros at the sides stay; what is between them is written before it is read. */
	memset(scratch, 0, lu_depthwise_scratch(d) * sizeof(*scratch));
	for (int64_t block = 0; block < d->wide / 16; block++)
		for (int64_t i = 0; i < d->chips; i++)
			run_block(d, &p, block, x + i * in, y + i * out,
				  means != NULL ? means + i * d->wide + 16 * block : NULL, scratch);
}

lu_depthwise_run *lu_depthwise_kernel(void)
{
	return __builtin_cpu_supports("avx512f") ? run : NULL;
}

#else

lu_depthwise_run *lu_depthwise_kernel(void)
{
	return NULL;
}

#endif
