/*
 * attention_fp32_avx512.c: attention on AVX-512: 12 queries by 32 keys, then 12 results by 32 of their numbers.
 *
 * 24 sums, 2 vectors and a query's number are 27 of 32 registers, and 14 loads stand beside 24 FMAs. Sums run over depth and
 * keys in order, for any number of rows.
 */
#include "nn/kernels/attention_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <math.h>

#include "nn/kernels/exponential_avx512.h"

enum { ROWS = LU_ATTENTION_ROWS, LANES = LU_ATTENTION_LANES, PANEL = LU_ATTENTION_PANEL };

INLINE __mmask16 lanes(int64_t n)
{
	return n >= LANES ? (__mmask16)0xffff : (__mmask16)((1u << n) - 1);
}

/* c (rows x 16 vectors) = a (rows x depth) panel (depth x 16 vectors) */
INLINE void multiply(const int rows, const int vectors, const float *a, int64_t pitch_a, const float *panel,
		     int64_t depth, float *c, int64_t pitch_c)
{
	__m512 sum[ROWS][2];

#pragma GCC unroll 12
	for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
		for (int j = 0; j < vectors; j++)
			sum[i][j] = _mm512_setzero_ps();
	for (int64_t k = 0; k < depth; k++, panel += LANES * vectors) {
		__m512 b[2];

#pragma GCC unroll 2
		for (int j = 0; j < vectors; j++)
			b[j] = _mm512_load_ps(panel + LANES * j);
#pragma GCC unroll 12
		for (int i = 0; i < rows; i++) {
			const __m512 x = _mm512_set1_ps(a[i * pitch_a + k]);

#pragma GCC unroll 2
			for (int j = 0; j < vectors; j++)
				sum[i][j] = _mm512_fmadd_ps(x, b[j], sum[i][j]);
		}
	}
#pragma GCC unroll 12
	for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
		for (int j = 0; j < vectors; j++)
			_mm512_store_ps(c + i * pitch_c + LANES * j, sum[i][j]);
}

typedef void multiply_rows(const float *a, int64_t pitch_a, const float *panel, int64_t depth, float *c,
			   int64_t pitch_c);

/* clang-format off */
#define MULTIPLY(rows, vectors)                                                                                        \
	AVX512 static void multiply_##rows##_##vectors(const float *a, int64_t pitch_a, const float *panel,            \
						       int64_t depth, float *c, int64_t pitch_c)                       \
	{                                                                                                              \
		multiply(rows, vectors, a, pitch_a, panel, depth, c, pitch_c);                                         \
	}
#define BOTH(rows) MULTIPLY(rows, 1) MULTIPLY(rows, 2)
BOTH(1) BOTH(2) BOTH(3) BOTH(4) BOTH(5) BOTH(6) BOTH(7) BOTH(8) BOTH(9) BOTH(10) BOTH(11) BOTH(12)

#define PAIR(rows) {multiply_##rows##_1, multiply_##rows##_2}
/* By rows less one, and vectors less one. */
static multiply_rows *const multiply_by[ROWS][2] = {PAIR(1), PAIR(2), PAIR(3), PAIR(4),  PAIR(5),  PAIR(6),
						    PAIR(7), PAIR(8), PAIR(9), PAIR(10), PAIR(11), PAIR(12)};
/* clang-format on */

/* All panels of 'columns' columns. */
static void multiply_all(int rows, const float *a, int64_t pitch_a, const float *panels, int64_t depth, int64_t columns,
			 float *c, int64_t pitch_c)
{
	for (int64_t at = 0; at < columns; at += PANEL)
		multiply_by[rows - 1][columns - at > LANES](a, pitch_a, panels + at * depth, depth, c + at, pitch_c);
}

/* 16 x 16 numbers: what were rows become columns. */
INLINE void transpose(__m512 r[LANES])
{
	__m512 t[LANES];

#pragma GCC unroll 8
	for (int i = 0; i < LANES; i += 2) {
		t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
		t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
	}
#pragma GCC unroll 4
	for (int i = 0; i < LANES; i += 4)
#pragma GCC unroll 2
		for (int j = 0; j < 2; j++) {
			const __m512d low = _mm512_castps_pd(t[i + j]), high = _mm512_castps_pd(t[i + j + 2]);

			r[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
			r[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
		}
		/* r[4 i + c] has, in its quarter l, column 4 l + c of rows 4 i to 4 i + 3. */
#pragma GCC unroll 4
	for (int c = 0; c < 4; c++) {
		const __m512 even = _mm512_shuffle_f32x4(r[c], r[c + 4], 0x88),
			     odd = _mm512_shuffle_f32x4(r[c], r[c + 4], 0xdd),
			     even2 = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0x88),
			     odd2 = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0xdd);

		t[c] = _mm512_shuffle_f32x4(even, even2, 0x88);
		t[c + 8] = _mm512_shuffle_f32x4(even, even2, 0xdd);
		t[c + 4] = _mm512_shuffle_f32x4(odd, odd2, 0x88);
		t[c + 12] = _mm512_shuffle_f32x4(odd, odd2, 0xdd);
	}
#pragma GCC unroll 16
	for (int i = 0; i < LANES; i++)
		r[i] = t[i];
}

/* 16 numbers of a row, of which the first 'n' are there; zeros for the others. */
INLINE __m512 take(const float *row, int64_t stride, int64_t n)
{
	float numbers[LANES] = {0};

	if (stride == 1)
		return _mm512_maskz_loadu_ps(lanes(n), row);
	for (int i = 0; i < n && i < LANES; i++)
		numbers[i] = row[i * stride];
	return _mm512_loadu_ps(numbers);
}

/* Where column 'at' of packed panels lies, and how wide its panel is. */
INLINE float *place(float *panels, int64_t at, int64_t columns, int64_t depth, int64_t *pitch)
{
	const int64_t first = at / PANEL * PANEL;

	*pitch = columns - first > LANES ? PANEL : LANES;
	return panels + first * depth + (at - first);
}

AVX512 static void pack_keys(const struct lu_attention *a, const float *k, float *panels)
{
	for (int64_t i = 0; i < a->keys; i += LANES)
		for (int64_t j = 0; j < a->depth; j += LANES) {
			__m512 r[LANES];
			int64_t pitch;
			float *to = place(panels, i, a->keys, a->depth, &pitch) + j * pitch;

			for (int n = 0; n < LANES; n++)
				r[n] = i + n < a->keys ? take(k + (i + n) * a->k.row + j * a->k.column, a->k.column,
							      a->depth - j)
						       : _mm512_setzero_ps();
			transpose(r);
			for (int n = 0; n < LANES && j + n < a->depth; n++)
				_mm512_store_ps(to + n * pitch, r[n]);
		}
}

AVX512 static void pack_values(const struct lu_attention *a, const float *v, float *panels)
{
	for (int64_t j = 0; j < a->width; j += LANES) {
		int64_t pitch;
		float *to = place(panels, j, a->width, a->keys, &pitch);

		for (int64_t i = 0; i < a->keys; i++)
			_mm512_store_ps(to + i * pitch,
					take(v + i * a->v.row + j * a->v.column, a->v.column, a->width - j));
	}
}

/* See the plain kernel. What lies behind the last key is minus infinity. */
AVX512 static float weigh(float *scores, int64_t keys, const float *mask)
{
	const __m512 none = _mm512_set1_ps(-INFINITY);
	__m512 top = none, sum = _mm512_setzero_ps();

	for (int64_t i = 0; i < keys; i += LANES) {
		const __mmask16 there = lanes(keys - i);
		__m512 x = _mm512_mask_load_ps(none, there, scores + i);

		if (mask != NULL)
			x = _mm512_mask_add_ps(none, there, x, _mm512_maskz_loadu_ps(there, mask + i));
		_mm512_store_ps(scores + i, x);
		top = _mm512_max_ps(top, x);
	}
	top = _mm512_set1_ps(_mm512_reduce_max_ps(top));
	for (int64_t i = 0; i < keys; i += LANES) {
		const __m512 weight = exponential(_mm512_sub_ps(_mm512_load_ps(scores + i), top));

		_mm512_store_ps(scores + i, weight);
		sum = _mm512_add_ps(sum, weight);
	}
	return _mm512_reduce_add_ps(sum);
}

AVX512 static void run_head(const struct lu_attention *a, const float *q, const float *k, const float *v,
			    const float *mask, float *y, const struct lu_attention_scratch *s)
{
	const __m512 scale = _mm512_set1_ps(a->scale);
	const int64_t depth = (a->depth + LANES - 1) / LANES * LANES;

	pack_keys(a, k, s->keys);
	pack_values(a, v, s->values);
	for (int64_t block = 0; block < lu_attention_blocks(a); block++) {
		int64_t first;
		const int rows = lu_attention_block(a, block, &first);

		for (int i = 0; i < rows; i++)
			for (int64_t j = 0; j < a->depth; j += LANES)
				_mm512_store_ps(s->queries + i * depth + j,
						_mm512_mul_ps(scale, take(q + (first + i) * a->q.row + j * a->q.column,
									  a->q.column, a->depth - j)));
		multiply_all(rows, s->queries, depth, s->keys, a->depth, a->keys, s->scores, s->scores_pitch);
		for (int i = 0; i < rows; i++)
			s->queries[i] = weigh(s->scores + i * s->scores_pitch, a->keys,
					      mask != NULL ? mask + (first + i) * a->mask.row : NULL);
		multiply_all(rows, s->scores, s->scores_pitch, s->values, a->keys, a->width, s->results,
			     s->results_pitch);
		for (int i = 0; i < rows; i++) {
			const __m512 share = _mm512_set1_ps(1 / s->queries[i]);

			for (int64_t j = 0; j < a->width; j += LANES)
				_mm512_mask_storeu_ps(
					y + (first + i) * a->y.row + j, lanes(a->width - j),
					_mm512_mul_ps(share, _mm512_load_ps(s->results + i * s->results_pitch + j)));
		}
	}
}

static void run(const struct lu_attention *a, const float *q, const float *k, const float *v, const float *mask,
		float *y, void *scratch)
{
	lu_attention_heads(a, run_head, q, k, v, mask, y, scratch);
}

lu_attention_run *lu_attention_kernel(void)
{
	return __builtin_cpu_supports("avx512f") ? run : NULL;
}

#else

lu_attention_run *lu_attention_kernel(void)
{
	return NULL;
}

#endif
