/*
 * exponential_avx512.h: exp(x) of 16 floats, for kernels that compute in AVX-512.
 */
#ifndef LU_NN_KERNELS_EXPONENTIAL_AVX512_H
#define LU_NN_KERNELS_EXPONENTIAL_AVX512_H

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))
#define INLINE AVX512 static inline __attribute__((always_inline))

/* See the plain kernel in attention_fp32.c. max(low, x) is x where x is NaN: the second operand comes through. */
INLINE __m512 exponential(__m512 x)
{
	const __m512 bounded = _mm512_max_ps(_mm512_set1_ps(-104), x);
	const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(bounded, _mm512_set1_ps(1.44269504089f)),
					      _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
	__m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), bounded), y = _mm512_set1_ps(1.9875691500e-4f);

	r = _mm512_fmadd_ps(n, _mm512_set1_ps(2.12194440e-4f), r);
	y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(1.3981999507e-3f));
	y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(8.3334519073e-3f));
	y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(4.1665795894e-2f));
	y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(1.6666665459e-1f));
	y = _mm512_fmadd_ps(y, r, _mm512_set1_ps(5.0000001201e-1f));
	y = _mm512_fmadd_ps(y, _mm512_mul_ps(r, r), _mm512_add_ps(r, _mm512_set1_ps(1)));
	return _mm512_scalef_ps(y, n);
}

#endif
