/*
 * avx512fp16_isa.h: the instructions of AVX512-FP16: the compiler's own, and those that it has to be told by assembly.
 *
 * tests/support/avx512fp16 has a file of the same name that says in plain C what each does; with it the kernels are tested
 * on processors that have none. A kernel that uses one more intrinsic needs it there.
 */
#ifndef LU_NN_KERNELS_AVX512FP16_ISA_H
#define LU_NN_KERNELS_AVX512FP16_ISA_H

#include "nn/kernels/half.h"

#if defined(__x86_64__) && defined(__GNUC__) && defined(LU_WITH_FP16) && !defined(LU_WITHOUT_AVX512_FP16)

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

/* All processors with AVX512-FP16 have the others. */
#define LU_FP16 __attribute__((target("avx512fp16,avx512vl,avx512bw,avx512dq,avx512vbmi2")))
#define LU_FP16_INLINE LU_FP16 static inline __attribute__((always_inline))

static inline bool lu_fp16_runs(void)
{
	return __builtin_cpu_supports("avx512fp16") && __builtin_cpu_supports("avx512vbmi2");
}

/*
 * One number, two or four neighbours in all lanes, times w, and sum added. By assembly, since GCC 12 spreads x by an instruction that
 * takes the multipliers' port (half as fast), or by way of a general register.
 */
LU_FP16_INLINE __m512h lu_fp16_multiply_one(__m512h w, const lu_half *x, __m512h sum)
{
	__asm__("vfmadd231ph %2%{1to32%}, %1, %0" : "+v"(sum) : "v"(w), "m"(*x));
	return sum;
}

LU_FP16_INLINE __m512h lu_fp16_multiply_two(__m512h w, const lu_half *x, __m512h sum)
{
	__m512h both;

	__asm__("vpbroadcastd %1, %0" : "=v"(both) : "m"(*(const lu_half(*)[2])x));
	return _mm512_fmadd_ph(w, both, sum);
}

LU_FP16_INLINE __m512h lu_fp16_multiply_four(__m512h w, const lu_half *x, __m512h sum)
{
	__m512h all;

	__asm__("vpbroadcastq %1, %0" : "=v"(all) : "m"(*(const lu_half(*)[4])x));
	return _mm512_fmadd_ph(w, all, sum);
}

/*
 * The same for the numbers of pixel 'j' of five, 'step' bytes apart from 'base' on ('three' is 3 * step). The processor
 * multiplies the step as it loads; the compiler would keep a register for each pixel, and there are not so many.
 */
LU_FP16_INLINE __m512h lu_fp16_multiply_pixel(int ways, int j, __m512h w, const char *base, int64_t step, int64_t three,
					      __m512h sum)
{
	__m512h x;

#define MULTIPLY(place)                                                                                                \
	if (ways == 1) {                                                                                               \
		__asm__("vfmadd231ph " place "%{1to32%}, %1, %0"                                                       \
			: "+v"(sum)                                                                                    \
			: "v"(w), "r"(base), "r"(step), "r"(three), "m"(*(const char(*)[1 << 30]) base));              \
		return sum;                                                                                            \
	}                                                                                                              \
	if (ways == 2)                                                                                                 \
		__asm__("vpbroadcastd " place ", %0"                                                                   \
			: "=v"(x)                                                                                      \
			: "v"(w), "r"(base), "r"(step), "r"(three), "m"(*(const char(*)[1 << 30]) base));              \
	else                                                                                                           \
		__asm__("vpbroadcastq " place ", %0"                                                                   \
			: "=v"(x)                                                                                      \
			: "v"(w), "r"(base), "r"(step), "r"(three), "m"(*(const char(*)[1 << 30]) base));              \
	return _mm512_fmadd_ph(w, x, sum)

	switch (j) {
	case 0:
		MULTIPLY("(%2)");
	case 1:
		MULTIPLY("(%2,%3)");
	case 2:
		MULTIPLY("(%2,%3,2)");
	case 3:
		MULTIPLY("(%2,%4)");
	default:
		MULTIPLY("(%2,%3,4)");
	}
#undef MULTIPLY
}

#endif
#endif
