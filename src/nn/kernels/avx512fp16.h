/*
 * avx512fp16.h: what kernels on AVX512-FP16 share. Nothing where the compiler does not know _Float16.
 */
#ifndef LU_NN_KERNELS_AVX512FP16_H
#define LU_NN_KERNELS_AVX512FP16_H

#include "nn/kernels/half.h"

#if defined(__x86_64__) && defined(__GNUC__) && defined(LU_WITH_FP16) && !defined(LU_WITHOUT_AVX512_FP16)
#define LU_WITH_AVX512_FP16 1

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "nn/kernels/avx512fp16_isa.h"

/* The sums of the neighbours in a, in even lanes, and in b, in odd ones. */
LU_FP16_INLINE __m512h lu_fp16_add_neighbours(__m512h a, __m512h b)
{
	const __m512i x = _mm512_castph_si512(a), y = _mm512_castph_si512(b);

	return _mm512_add_ph(_mm512_castsi512_ph(_mm512_mask_blend_epi16(0xaaaaaaaa, x, y)),
			     _mm512_castsi512_ph(_mm512_shrdi_epi32(x, y, 16)));
}

/* Even lanes, then odd ones. */
LU_FP16_INLINE __m512h lu_fp16_part_neighbours(__m512h x)
{
	const __m512i order = _mm512_set_epi16(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1, 30, 28, 26,
					       24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);

	return _mm512_castsi512_ph(_mm512_permutexvar_epi16(order, _mm512_castph_si512(x)));
}

LU_FP16_INLINE __m256h lu_fp16_upper(__m512h x)
{
	return _mm256_castsi256_ph(_mm512_extracti64x4_epi64(_mm512_castph_si512(x), 1));
}

/* 'count' numbers as fp16. */
LU_FP16 static inline void lu_fp16_from_floats(const float *x, int64_t count, lu_half *to)
{
	int64_t i = 0;

	for (; i + 16 <= count; i += 16)
		_mm256_storeu_ph(to + i, _mm512_cvtxps_ph(_mm512_loadu_ps(x + i)));
	for (; i < count; i++)
		to[i] = (lu_half)x[i];
}

#endif
#endif
