/*
 * conv_fp16_avx512fp16.c: the convolution in fp16 on AVX512-FP16: up to 16 pixels by 32 outputs at once.
 *
 * A stripe of output rows at a time: the rows that it sees are made fp16, with zeros around them, and each 32 outputs
 * pass over all of its pixels, so that their weights stay near. Pixels of a group are neighbours in a row, or in two rows
 * where these are short.
 *
 * One core of an Emerald Rapids, GCC 12.2, us a chip by oneDNN in float32 and here (bench_nn --layers):
 *	7 x 7 x 112 -> 1280, 1 x 1			74	43	(aerial-21)
 *	32 x 32 x 16 -> 16 x 16 x 32, 3 x 3 by 2	12.0	7.7	(ResNet-20)
 *	16 x 16 x 32 -> 8 x 8 x 64, 3 x 3 by 2		11.5	6.9
 *	28 x 28 x 128 -> 14 x 14 x 256, 3 x 3 by 2	525	318	(ResNet-18)
 */
#include "nn/kernels/avx512fp16_results.h"
#include "nn/kernels/conv_fp16_parts.h"

#ifdef LU_WITH_AVX512_FP16

#include <assert.h>

#define FP16 LU_FP16
#define INLINE LU_FP16_INLINE

enum {
	BLOCK = LU_CONV_BLOCK,
	CHUNK = LU_CONV_CHUNK,
	GROUP = 16, /* pixels: as many sums, while what they are added to may lie in memory */
	STRIPE_FP16 = 1 << 17, /* of the rows that a stripe sees, 256 KiB */
};

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* fp16 numbers of a row of x with the zeros around it. */
static int64_t row_fp16(const struct lu_conv_fp16 *c)
{
	return ((c->out_width - 1) * c->stride + c->kernel) * c->in_channels;
}

/* A small image of which a window sees one pixel is one row, which can be cut up as one likes. */
static struct lu_conv_fp16 flatten(const struct lu_conv_fp16 *c)
{
	const int64_t pixels = c->in_height * c->in_width;
	struct lu_conv_fp16 flat = *c;

	if (c->kernel == 1 && c->stride == 1 && !c->planar && c->out_height * c->out_width == pixels &&
	    pixels * c->in_channels <= STRIPE_FP16) {
		flat.in_width = flat.out_width = pixels;
		flat.in_height = flat.out_height = 1;
	}
	return flat;
}

/* Output rows in a stripe: an even number, or all. */
static int64_t stripe(const struct lu_conv_fp16 *c)
{
	int64_t rows = (STRIPE_FP16 / row_fp16(c) - c->kernel) / c->stride / 2 * 2;

	return smaller(rows < 2 ? 2 : rows, c->out_height);
}

size_t lu_conv_fp16_scratch(const struct lu_conv_fp16 *c)
{
	const struct lu_conv_fp16 flat = flatten(c);

	return (size_t)(((stripe(&flat) - 1) * c->stride + c->kernel) * row_fp16(&flat) + BLOCK) * sizeof(lu_half);
}

/* 'count' pixels of rows of planes side by side. */
FP16 static void read_planes(const struct lu_conv_fp16 *c, const float *x, int64_t count, lu_half *to)
{
	/* Of the numbers of two planes, and of a third behind them: those that lie side by side, 10 pixels and two thirds, and the rest. */
	const __m512i first = _mm512_set_epi16(26, 10, 41, 25, 9, 40, 24, 8, 39, 23, 7, 38, 22, 6, 37, 21, 5, 36, 20, 4,
					       35, 19, 3, 34, 18, 2, 33, 17, 1, 32, 16, 0);
	const __m512i rest = _mm512_set_epi16(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 47, 31, 15, 46, 30, 14,
					      45, 29, 13, 44, 28, 12, 43, 27, 11, 42);
	const int64_t apart = c->in_height * c->in_width;
	int64_t i = 0;

	for (; c->in_channels == 3 && i + 16 <= count; i += 16) {
		const __m256i red = _mm256_castph_si256(_mm512_cvtxps_ph(_mm512_loadu_ps(x + i)));
		const __m256i green = _mm256_castph_si256(_mm512_cvtxps_ph(_mm512_loadu_ps(x + apart + i)));
		const __m256i blue = _mm256_castph_si256(_mm512_cvtxps_ph(_mm512_loadu_ps(x + 2 * apart + i)));
		const __m512i two = _mm512_inserti64x4(_mm512_castsi256_si512(red), green, 1);
		const __m512i third = _mm512_castsi256_si512(blue);

		_mm512_storeu_si512(to + 3 * i, _mm512_permutex2var_epi16(two, first, third));
		_mm256_storeu_si256((__m256i *)(void *)(to + 3 * i + BLOCK),
				    _mm512_castsi512_si256(_mm512_permutex2var_epi16(two, rest, third)));
	}
	for (; i < count; i++)
		for (int64_t k = 0; k < c->in_channels; k++)
			to[c->in_channels * i + k] = (lu_half)x[k * apart + i];
}

/* Row 'row' of a chip, counted from the uppermost zeros. */
FP16 static void read_row(const struct lu_conv_fp16 *c, const float *chip, int64_t row, lu_half *to)
{
	const int64_t all = row_fp16(c), from = row - c->top, before = smaller(c->left * c->in_channels, all);
	const int64_t count = smaller(c->in_width * c->in_channels, all - before);

	if (from < 0 || from >= c->in_height) {
		memset(to, 0, (size_t)all * sizeof(*to));
		return;
	}
	memset(to, 0, (size_t)before * sizeof(*to));
	if (c->planar)
		read_planes(c, chip + from * c->in_width, count / c->in_channels, to + before);
	else
		lu_fp16_from_floats(chip + from * c->in_width * c->in_channels, count, to + before);
	memset(to + before + count, 0, (size_t)(all - before - count) * sizeof(*to));
}

/* The pixels of a group in the fp16 numbers of a row of the window: 'step' bytes from one to the next, and a second run of them. */
struct pixels {
	const char *run[2];
	int64_t step;
	int64_t row_bytes; /* to the same pixels in the window's next row */
};

/* Adds 'count' products a lane for 'n' pixels of each of 'rows' rows. */
INLINE void multiply(int n, int rows, int ways, int64_t count, const struct pixels *at, int64_t first, const lu_half *w,
		     __m512h sum[GROUP])
{
	const int64_t step = at->step, three = 3 * step;
	/* five pixels each; of a second row two */
	const char *base[4] = {at->run[0] + first, at->run[0] + first + 5 * step,
			       rows == 2 ? at->run[1] + first : at->run[0] + first + 10 * step,
			       rows == 2 ? at->run[1] + first + 5 * step : at->run[0] + first + 15 * step};

#pragma GCC unroll 2
	for (int64_t k = 0; k < count; k++, w += BLOCK) {
		__m512h weights = _mm512_load_ph(w);

#pragma GCC unroll 16
		for (int i = 0; i < n * rows; i++)
			sum[i] = lu_fp16_multiply_pixel(ways, i % n % 5, weights, base[i / n * 2 + i % n / 5], step,
							three, sum[i]);
#pragma GCC unroll 4
		for (int b = 0; b < 4; b++)
			base[b] += sizeof(lu_half) * (size_t)ways;
	}
}

/* 'n' pixels of each of 'rows' rows, the first of which is the stripe's pixel 'place'. */
INLINE void convolve(int n, int rows, int ways, const struct lu_conv_fp16 *c, const struct pixels *at, const lu_half *w,
		     const struct lu_fp16_results *results, int64_t place)
{
	const int64_t run = lu_conv_fp16_of_run(c) / ways;
	__m512h sum[GROUP], total[GROUP];
	struct pixels row = *at;

#pragma GCC unroll 16
	for (int i = 0; i < n * rows; i++)
		total[i] = _mm512_setzero_ph();
	for (int64_t r = 0; r < c->kernel; r++) {
		for (int64_t k = 0; k < run; k += CHUNK) {
			const int64_t count = run - k < CHUNK ? run - k : CHUNK;

#pragma GCC unroll 16
			for (int i = 0; i < n * rows; i++)
				sum[i] = _mm512_setzero_ph();
			if (count == CHUNK)
				multiply(n, rows, ways, CHUNK, &row, 2 * ways * k, w, sum);
			else
				multiply(n, rows, ways, count, &row, 2 * ways * k, w, sum);
			w += count * BLOCK;
#pragma GCC unroll 16
			for (int i = 0; i < n * rows; i++)
				total[i] = _mm512_add_ph(total[i], sum[i]);
		}
		row.run[0] += at->row_bytes;
		row.run[1] += at->row_bytes;
	}
	lu_fp16_finish(n * rows, ways, results, total, place);
}

INLINE void convolve_group(int ways, int64_t n, int64_t rows, const struct lu_conv_fp16 *c, const struct pixels *at,
			   const lu_half *w, const struct lu_fp16_results *results, int64_t place)
{
	switch (rows * 32 + n) {
#define CASE(rows, n)                                                                                                  \
	case (rows)*32 + (n):                                                                                          \
		convolve(n, rows, ways, c, at, w, results, place);                                                     \
		return;
		CASE(1, 1)
		CASE(1, 2)
		CASE(1, 3)
		CASE(1, 4)
		CASE(1, 5)
		CASE(1, 6)
		CASE(1, 7)
		CASE(1, 8)
		CASE(1, 9)
		CASE(1, 10)
		CASE(1, 11)
		CASE(1, 12)
		CASE(1, 13)
		CASE(1, 14)
		CASE(1, 15)
		CASE(1, 16)
		CASE(2, 1)
		CASE(2, 2)
		CASE(2, 3)
		CASE(2, 4)
		CASE(2, 5)
		CASE(2, 6)
		CASE(2, 7)
		CASE(2, 8)
#undef CASE
	default:
		assert(0);
	}
}

/* All pixels of a stripe of 'rows' rows by the outputs of 'results'. */
INLINE void convolve_stripe(int ways, const struct lu_conv_fp16 *c, int64_t rows, const lu_half *x, const lu_half *w,
			    const struct lu_fp16_results *results)
{
	const int64_t line = row_fp16(c), groups = (c->out_width + GROUP - 1) / GROUP;
	const int64_t most = (c->out_width + groups - 1) / groups, step = c->stride * c->in_channels;

	for (int64_t i = 0; i < rows;) {
		const int64_t two = most <= GROUP / 2 && i + 1 < rows ? 2 : 1;

		for (int64_t j = 0; j < c->out_width; j += most) {
			const lu_half *first = x + i * c->stride * line + j * step;
			const struct pixels at = {
				.run = {(const char *)first, (const char *)(first + c->stride * line)},
				.step = step * (int64_t)sizeof(lu_half),
				.row_bytes = line * (int64_t)sizeof(lu_half),
			};

			convolve_group(ways, smaller(c->out_width - j, most), two, c, &at, w, results,
				       i * c->out_width + j);
		}
		i += two;
	}
}

FP16 static void convolve_ones(const struct lu_conv_fp16 *c, int64_t rows, const lu_half *x, const lu_half *w,
			       const struct lu_fp16_results *results)
{
	convolve_stripe(1, c, rows, x, w, results);
}

FP16 static void convolve_twos(const struct lu_conv_fp16 *c, int64_t rows, const lu_half *x, const lu_half *w,
			       const struct lu_fp16_results *results)
{
	convolve_stripe(2, c, rows, x, w, results);
}

FP16 static void convolve_fours(const struct lu_conv_fp16 *c, int64_t rows, const lu_half *x, const lu_half *w,
				const struct lu_fp16_results *results)
{
	convolve_stripe(4, c, rows, x, w, results);
}

static void run_chip(const struct lu_conv_fp16 *c, const float *x, const float *shortcut, float *y, lu_half *seen)
{
	const float *bias = lu_conv_fp16_bias(c, c->weights);
	const int64_t most = stripe(c);

	for (int64_t y0 = 0; y0 < c->out_height; y0 += most) {
		int64_t rows = smaller(c->out_height - y0, most), place = y0 * c->out_width * c->out_channels;

		for (int64_t r = 0; r < (rows - 1) * c->stride + c->kernel; r++)
			read_row(c, x, y0 * c->stride + r, seen + r * row_fp16(c));
		for (int64_t o = 0; o < c->out_channels; o += BLOCK) {
			const struct lu_fp16_results results = {
				.bias = bias + o,
				.range = c->clip,
				.shortcut = shortcut != NULL ? shortcut + place + o : NULL,
				.to = y + place + o,
				.channels = c->out_channels,
				.outputs = c->out_channels - o,
			};
			const lu_half *w = (const lu_half *)c->weights + lu_conv_fp16_before(c, o);
			const int ways = lu_conv_fp16_ways(c, o);

			(ways == 1   ? convolve_ones
			 : ways == 2 ? convolve_twos
				     : convolve_fours)(c, rows, seen, w, &results);
		}
	}
}

static void run(const struct lu_conv_fp16 *c, const float *x, const float *shortcut, float *y, void *scratch)
{
	int64_t in = c->in_height * c->in_width * c->in_channels, out = c->out_height * c->out_width * c->out_channels;
	const struct lu_conv_fp16 flat = flatten(c);

	for (int64_t i = 0; i < c->chips; i++)
		run_chip(&flat, x + i * in, shortcut != NULL ? shortcut + i * out : NULL, y + i * out, scratch);
}

lu_conv_fp16_run *lu_conv_fp16_kernel(void)
{
	return lu_fp16_runs() ? run : NULL;
}

#else

lu_conv_fp16_run *lu_conv_fp16_kernel(void)
{
	return NULL;
}

size_t lu_conv_fp16_scratch(const struct lu_conv_fp16 *c)
{
	(void)c;
	return 0;
}

#endif
