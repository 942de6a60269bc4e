/*
 * kernel_avx512_fp16.h: what kernels on AVX512-FP16 share. Nothing where the compiler does not know halves.
 */
#ifndef LU_NN_KERNEL_AVX512_FP16_H
#define LU_NN_KERNEL_AVX512_FP16_H

#include "nn/kernel_half.h"

#if defined(__x86_64__) && defined(__GNUC__) && defined(LU_WITH_HALVES)
#define LU_WITH_AVX512_FP16 1

#include <immintrin.h>
#include <stdbool.h>

/* All processors with AVX512-FP16 have the others. */
#define LU_FP16 __attribute__((target("avx512fp16,avx512vl,avx512bw,avx512dq,avx512vbmi2")))
#define LU_FP16_INLINE LU_FP16 static inline __attribute__((always_inline))

static inline bool lu_fp16_runs(void)
{
	return __builtin_cpu_supports("avx512fp16") && __builtin_cpu_supports("avx512vbmi2");
}

/*
 * sum + w x, one number x in all lanes. GCC 12 spreads x by an instruction of its own, which takes the multipliers'
 * port: half as fast.
 */
LU_FP16_INLINE __m512h lu_fp16_multiply_one(__m512h w, const lu_half *x, __m512h sum)
{
	__asm__("vfmadd231ph %2%{1to32%}, %1, %0" : "+v"(sum) : "v"(w), "m"(*x));
	return sum;
}

#endif
#endif
