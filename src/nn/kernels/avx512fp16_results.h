/*
 * avx512fp16_results.h: sums of up to 32 outputs become results: float32, bias, shortcut, clip.
 *
 * Where there are 16 or 8 outputs or fewer, two or four inputs were multiplied side by side, 'ways', and their sums
 * are added up here, for two pixels at once.
 */
#ifndef LU_NN_KERNELS_AVX512FP16_RESULTS_H
#define LU_NN_KERNELS_AVX512FP16_RESULTS_H

#include "nn/kernels/avx512fp16.h"
#include "nn/kernels/clip.h"

#ifdef LU_WITH_AVX512_FP16

/* Where they go: 'outputs' of the 'channels' of a pixel of 'to' and of 'shortcut' (or NULL). */
struct lu_fp16_results {
	const float *bias; /* 32; with four ways 8, and once more */
	struct lu_clip_range range;
	const float *shortcut;
	float *to;
	int64_t channels, outputs;
};

/* Sixteen results, of which those in 'lanes' count; 'shift' is their bias. */
LU_FP16_INLINE void lu_fp16_finish_16(const struct lu_fp16_results *q, __m256h sum, const __m512 shift, int64_t place,
				      __mmask16 lanes)
{
	__m512 y = _mm512_add_ps(_mm512_cvtxph_ps(sum), shift);

	if (q->shortcut)
		y = _mm512_add_ps(y, _mm512_maskz_loadu_ps(lanes, q->shortcut + place));
	y = _mm512_min_ps(_mm512_set1_ps(q->range.high), _mm512_max_ps(_mm512_set1_ps(q->range.low), y));
	_mm512_mask_storeu_ps(q->to + place, lanes, y);
}

LU_FP16_INLINE __mmask16 lu_fp16_first_lanes(int64_t count)
{
	return (__mmask16)(count >= 16 ? 0xffff : (1u << count) - 1);
}

/* 32 outputs of a pixel. */
LU_FP16_INLINE void lu_fp16_finish_ones(const struct lu_fp16_results *q, __m512h sum, int64_t place)
{
	lu_fp16_finish_16(q, _mm512_castph512_ph256(sum), _mm512_load_ps(q->bias), place,
			  lu_fp16_first_lanes(q->outputs));
	if (q->outputs > 16)
		lu_fp16_finish_16(q, lu_fp16_upper(sum), _mm512_load_ps(q->bias + 16), place + 16,
				  lu_fp16_first_lanes(q->outputs - 16));
}

/* 16 of two pixels, or of the first, from sums in pairs of lanes. */
LU_FP16_INLINE void lu_fp16_finish_pairs(const struct lu_fp16_results *q, __m512h a, __m512h b, bool two, int64_t place)
{
	const __mmask16 lanes = lu_fp16_first_lanes(q->outputs);
	const __m512 bias = _mm512_load_ps(q->bias);

	a = lu_fp16_part_neighbours(lu_fp16_add_neighbours(a, b));
	lu_fp16_finish_16(q, _mm512_castph512_ph256(a), bias, place, lanes);
	if (two)
		lu_fp16_finish_16(q, lu_fp16_upper(a), bias, place + q->channels, lanes);
}

/* 8 of them, from sums in four lanes each. */
LU_FP16_INLINE void lu_fp16_finish_fours(const struct lu_fp16_results *q, __m512h a, __m512h b, bool two, int64_t place)
{
	const __m512i order = _mm512_set_epi16(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 29, 25, 21, 17, 13, 9, 5,
					       1, 28, 24, 20, 16, 12, 8, 4, 0);
	const __mmask16 lanes = lu_fp16_first_lanes(q->outputs);
	const __m512 bias = _mm512_load_ps(q->bias); /* twice */
	__m256i y;

	a = lu_fp16_add_neighbours(a, b);
	a = _mm512_add_ph(a, _mm512_castsi512_ph(_mm512_srli_epi64(_mm512_castph_si512(a), 32)));
	y = _mm512_castsi512_si256(_mm512_permutexvar_epi16(order, _mm512_castph_si512(a)));
	if (two && q->channels == 8) { /* they lie side by side */
		lu_fp16_finish_16(q, _mm256_castsi256_ph(y), bias, place, 0xffff);
		return;
	}
	lu_fp16_finish_16(q, _mm256_castsi256_ph(y), bias, place, lanes);
	if (two)
		lu_fp16_finish_16(q, _mm256_castsi256_ph(_mm256_permute4x64_epi64(y, 0x4e)), bias, place + q->channels,
				  lanes);
}

/* The sums of 'n' pixels from 'at' on. */
LU_FP16_INLINE void lu_fp16_finish(int n, int ways, const struct lu_fp16_results *q, const __m512h *sum, int64_t at)
{
#pragma GCC unroll 16
	for (int i = 0; i < n; i += ways == 1 ? 1 : 2) {
		const bool two = i + 1 < n;
		const int64_t place = (at + i) * q->channels;

		if (ways == 1)
			lu_fp16_finish_ones(q, sum[i], place);
		else if (ways == 2)
			lu_fp16_finish_pairs(q, sum[i], sum[two ? i + 1 : i], two, place);
		else
			lu_fp16_finish_fours(q, sum[i], sum[two ? i + 1 : i], two, place);
	}
}

#endif
#endif
