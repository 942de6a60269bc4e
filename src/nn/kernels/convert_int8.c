/*
 * convert_int8.c: see convert_int8.h.
 */
#include "nn/kernels/clones.h"
#include "nn/kernels/convert_int8.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f")))
#endif

/*
 * Round to even without a call: below 2^22, adding 1.5 x 2^23 leaves no bits for the fraction. This file is not
 * compiled with -ffast-math.
 */
static inline float round_even(float x)
{
	const float magic = 12582912.0f;

	return (x + magic) - magic;
}

static inline int to_integer(const struct lu_convert *c, float x)
{
	float q = x / c->scale; /* the quotient, as QuantizeLinear has it: rounding depends on it */

	q = q >= c->low ? q : c->low; /* NaN too */
	q = q <= c->high ? q : c->high;
	return (int)round_even(q) + c->zero;
}

LU_CLONES static void to_unsigned(const struct lu_convert *from, const float *restrict x, uint8_t *restrict q)
{
	const struct lu_convert c = *from;

	for (int64_t i = 0; i < c.count; i++)
		q[i] = (uint8_t)to_integer(&c, x[i]);
}

LU_CLONES static void to_signed(const struct lu_convert *from, const float *restrict x, int8_t *restrict q)
{
	const struct lu_convert c = *from;

	for (int64_t i = 0; i < c.count; i++)
		q[i] = (int8_t)to_integer(&c, x[i]);
}

LU_CLONES static void from_unsigned(const struct lu_convert *from, const uint8_t *restrict q, float *restrict x)
{
	const struct lu_convert c = *from;

	for (int64_t i = 0; i < c.count; i++)
		x[i] = (float)(q[i] - c.zero) * c.scale;
}

LU_CLONES static void from_signed(const struct lu_convert *from, const int8_t *restrict q, float *restrict x)
{
	const struct lu_convert c = *from;

	for (int64_t i = 0; i < c.count; i++)
		x[i] = (float)(q[i] - c.zero) * c.scale;
}

void lu_convert_to_reference(const struct lu_convert *c, const float *x, void *integers)
{
	if (c->is_signed)
		to_signed(c, x, integers);
	else
		to_unsigned(c, x, integers);
}

void lu_convert_from(const struct lu_convert *c, const void *integers, float *x)
{
	if (c->is_signed)
		from_signed(c, integers, x);
	else
		from_unsigned(c, integers, x);
}

#ifdef AVX512

/* 16 quotients, or what is near them, onto the grid; the lanes in which a quotient would be needed to round rightly. */
AVX512 static inline __attribute__((always_inline)) __mmask16 round_16(const struct lu_convert *c, __m512 q, void *to)
{
	__m512i whole;

	/* The second operand comes through where the first is NaN. */
	q = _mm512_min_ps(_mm512_max_ps(q, _mm512_set1_ps(c->low)), _mm512_set1_ps(c->high));
	whole = _mm512_cvtps_epi32(q);
	_mm_storeu_si128(to, _mm512_cvtepi32_epi8(_mm512_add_epi32(whole, _mm512_set1_epi32(c->zero))));
	q = _mm512_sub_ps(q, _mm512_cvtepi32_ps(whole));
	return _mm512_cmp_ps_mask(_mm512_abs_ps(q), _mm512_set1_ps(0.4999f), _CMP_GT_OQ);
}

/*
 * A division takes as long as all the rest. So numbers are multiplied by 1 / scale, and divided only where that is so near
 * to the middle of two integers that it could be rounded otherwise: it is within 2^-22 of the quotient, which is
 * less than 256. 16,384 numbers on one core of an Emerald Rapids: 2.3 us, 4.9 us when each is divided.
 */
AVX512 static void to_avx512(const struct lu_convert *from, const float *x, uint8_t *integers)
{
	const struct lu_convert c = *from;
	const __m512 steps = _mm512_set1_ps(1 / c.scale);
	struct lu_convert rest = c;
	int64_t i = 0;

	for (; i + 16 <= c.count; i += 16) {
		__m512 numbers = _mm512_loadu_ps(x + i);

		if (round_16(&c, _mm512_mul_ps(numbers, steps), integers + i))
			round_16(&c, _mm512_div_ps(numbers, _mm512_set1_ps(c.scale)), integers + i);
	}
	rest.count = c.count - i;
	lu_convert_to_reference(&rest, x + i, integers + i);
}

#endif

void lu_convert_to(const struct lu_convert *c, const float *x, void *integers)
{
#ifdef AVX512
	/* 1 / scale must be a number. */
	if (__builtin_cpu_supports("avx512f") && c->scale > 1e-30f) {
		to_avx512(c, x, integers);
		return;
	}
#endif
	lu_convert_to_reference(c, x, integers);
}
