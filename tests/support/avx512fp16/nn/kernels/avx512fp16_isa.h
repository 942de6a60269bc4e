/*
 * avx512fp16_isa.h: what each instruction of AVX512-FP16 that kernels use does, in plain C.
 *
 * It stands before src/nn/kernels/avx512fp16_isa.h on the include path of tests, so that the kernels' own code runs,
 * lane by lane, on any x86 processor. By the operation sections of Intel's 64 and IA-32 Architectures Software Developer's
 * Manual, volume 2. A product and a sum are rounded once (half.h says why double is enough). Aligned loads and stores
 * fail where the place is not, and what an instruction leaves undefined is filled with numbers that would be seen.
 */
#ifndef LU_NN_KERNELS_AVX512FP16_ISA_H
#define LU_NN_KERNELS_AVX512FP16_ISA_H

#include "nn/kernels/half.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LU_FP16
#define LU_FP16_INLINE static inline

/* Registers by what is in them. A cast is a copy of bytes. */
typedef struct {
	_Alignas(64) lu_half x[32];
} __m512h;
typedef struct {
	_Alignas(32) lu_half x[16];
} __m256h;
typedef struct {
	_Alignas(64) float x[16];
} __m512;
typedef struct {
	_Alignas(64) uint16_t x[32];
} __m512i;
typedef struct {
	_Alignas(32) uint16_t x[16];
} __m256i;
typedef uint16_t __mmask16;
typedef uint32_t __mmask32;

static inline bool lu_fp16_runs(void)
{
	return true;
}

/* Copies 'from' into a register of 'type' at least as large: lanes beyond it hold numbers that nobody would take for results. */
#define EMULATE_COPY(name, type, from_type)                                                                            \
	LU_FP16_INLINE type name(from_type from)                                                                       \
	{                                                                                                              \
		type to;                                                                                               \
		memset(&to, 0x77, sizeof(to));                                                                         \
		memcpy(&to, &from, sizeof(to) < sizeof(from) ? sizeof(to) : sizeof(from));                             \
		return to;                                                                                             \
	}
EMULATE_COPY(_mm512_castph_si512, __m512i, __m512h)
EMULATE_COPY(_mm512_castsi512_ph, __m512h, __m512i)
EMULATE_COPY(_mm256_castph_si256, __m256i, __m256h)
EMULATE_COPY(_mm256_castsi256_ph, __m256h, __m256i)
EMULATE_COPY(_mm512_castph512_ph256, __m256h, __m512h)
EMULATE_COPY(_mm512_castsi512_si256, __m256i, __m512i)
EMULATE_COPY(_mm512_castsi256_si512, __m512i, __m256i)
#undef EMULATE_COPY

/* Loads and stores, of places that are aligned or need not be. */
#define EMULATE_LOAD(name, type, number, aligned)                                                                      \
	LU_FP16_INLINE type name(const number *from)                                                                   \
	{                                                                                                              \
		type to;                                                                                               \
		assert(!(aligned) || (uintptr_t)from % sizeof(to) == 0);                                               \
		memcpy(&to, from, sizeof(to));                                                                         \
		return to;                                                                                             \
	}
EMULATE_LOAD(_mm512_load_ph, __m512h, void, true)
EMULATE_LOAD(_mm512_loadu_ph, __m512h, void, false)
EMULATE_LOAD(_mm512_load_ps, __m512, void, true)
EMULATE_LOAD(_mm512_loadu_ps, __m512, void, false)
EMULATE_LOAD(_mm256_loadu_si256, __m256i, __m256i, false)
#undef EMULATE_LOAD

#define EMULATE_STORE(name, type, number, aligned)                                                                     \
	LU_FP16_INLINE void name(number *to, type from)                                                                \
	{                                                                                                              \
		assert(!(aligned) || (uintptr_t)to % sizeof(from) == 0);                                               \
		memcpy(to, &from, sizeof(from));                                                                       \
	}
EMULATE_STORE(_mm512_store_ph, __m512h, void, true)
EMULATE_STORE(_mm512_storeu_ph, __m512h, void, false)
EMULATE_STORE(_mm256_storeu_ph, __m256h, void, false)
EMULATE_STORE(_mm512_storeu_ps, __m512, void, false)
EMULATE_STORE(_mm512_storeu_si512, __m512i, void, false)
EMULATE_STORE(_mm256_storeu_si256, __m256i, __m256i, false)
#undef EMULATE_STORE

/* Lanes that the mask leaves out are not touched in memory. */
LU_FP16_INLINE __m512 _mm512_maskz_loadu_ps(__mmask16 lanes, const void *from)
{
	__m512 to = {{0}};

	for (int i = 0; i < 16; i++)
		if (lanes >> i & 1)
			memcpy(&to.x[i], (const float *)from + i, sizeof(float));
	return to;
}

LU_FP16_INLINE void _mm512_mask_storeu_ps(void *to, __mmask16 lanes, __m512 from)
{
	for (int i = 0; i < 16; i++)
		if (lanes >> i & 1)
			memcpy((float *)to + i, &from.x[i], sizeof(float));
}

LU_FP16_INLINE __m512h _mm512_set1_ph(lu_half a)
{
	__m512h to;

	for (int i = 0; i < 32; i++)
		to.x[i] = a;
	return to;
}

LU_FP16_INLINE __m512h _mm512_setzero_ph(void)
{
	return _mm512_set1_ph(0);
}

LU_FP16_INLINE __m512 _mm512_set1_ps(float a)
{
	__m512 to;

	for (int i = 0; i < 16; i++)
		to.x[i] = a;
	return to;
}

/* From the last lane to the first. */
#define _mm512_set_epi16(...) lu_emulated_set((const uint16_t[32]){__VA_ARGS__})
LU_FP16_INLINE __m512i lu_emulated_set(const uint16_t from[32])
{
	__m512i to;

	for (int i = 0; i < 32; i++)
		to.x[i] = from[31 - i];
	return to;
}

/* Arithmetic: 'a' and 'b' of each lane; MIN and MAX give b where one of them is no number, or both are zero. */
#define EMULATE_LANES(name, type, lanes, result)                                                                       \
	LU_FP16_INLINE type name(type p, type q)                                                                       \
	{                                                                                                              \
		type to;                                                                                               \
		for (int i = 0; i < (lanes); i++) {                                                                    \
			const __typeof__(p.x[0]) a = p.x[i], b = q.x[i];                                               \
			to.x[i] = (__typeof__(p.x[0]))(result);                                                        \
		}                                                                                                      \
		return to;                                                                                             \
	}
EMULATE_LANES(_mm512_add_ph, __m512h, 32, lu_half_add(a, b))
EMULATE_LANES(_mm512_sub_ph, __m512h, 32, lu_half_add(a, -b))
EMULATE_LANES(_mm512_mul_ph, __m512h, 32, (double)a *(double)b)
EMULATE_LANES(_mm512_min_ph, __m512h, 32, a < b ? a : b)
EMULATE_LANES(_mm512_max_ph, __m512h, 32, a > b ? a : b)
EMULATE_LANES(_mm512_add_ps, __m512, 16, a + b)
EMULATE_LANES(_mm512_min_ps, __m512, 16, a < b ? a : b)
EMULATE_LANES(_mm512_max_ps, __m512, 16, a > b ? a : b)
#undef EMULATE_LANES

/* a b + c and c - a b. */
LU_FP16_INLINE __m512h _mm512_fmadd_ph(__m512h a, __m512h b, __m512h c)
{
	for (int i = 0; i < 32; i++)
		c.x[i] = lu_half_multiply_add(a.x[i], b.x[i], c.x[i]);
	return c;
}

LU_FP16_INLINE __m512h _mm512_fnmadd_ph(__m512h a, __m512h b, __m512h c)
{
	for (int i = 0; i < 32; i++)
		c.x[i] = lu_half_multiply_add(-a.x[i], b.x[i], c.x[i]);
	return c;
}

LU_FP16_INLINE __m512 _mm512_cvtxph_ps(__m256h a)
{
	__m512 to;

	for (int i = 0; i < 16; i++)
		to.x[i] = (float)a.x[i];
	return to;
}

LU_FP16_INLINE __m256h _mm512_cvtxps_ph(__m512 a)
{
	__m256h to;

	for (int i = 0; i < 16; i++)
		to.x[i] = (lu_half)a.x[i];
	return to;
}

/* Words that change places. */
LU_FP16_INLINE __m512i _mm512_permutexvar_epi16(__m512i order, __m512i a)
{
	__m512i to;

	for (int i = 0; i < 32; i++)
		to.x[i] = a.x[order.x[i] % 32];
	return to;
}

LU_FP16_INLINE __m512i _mm512_permutex2var_epi16(__m512i a, __m512i order, __m512i b)
{
	__m512i to;

	for (int i = 0; i < 32; i++)
		to.x[i] = order.x[i] & 32 ? b.x[order.x[i] % 32] : a.x[order.x[i] % 32];
	return to;
}

LU_FP16_INLINE __m512i _mm512_mask_blend_epi16(__mmask32 lanes, __m512i a, __m512i b)
{
	for (int i = 0; i < 32; i++)
		a.x[i] = lanes >> i & 1 ? b.x[i] : a.x[i];
	return a;
}

/* Of each pair of words, b's behind a's: those that lie 'bits' further on. */
LU_FP16_INLINE __m512i _mm512_shrdi_epi32(__m512i a, __m512i b, int bits)
{
	__m512i to;

	for (int i = 0; i < 32; i += 2) {
		const uint64_t low = a.x[i] | (uint64_t)a.x[i + 1] << 16, high = b.x[i] | (uint64_t)b.x[i + 1] << 16;
		const uint32_t moved = (uint32_t)((high << 32 | low) >> bits);
		to.x[i] = (uint16_t)moved;
		to.x[i + 1] = (uint16_t)(moved >> 16);
	}
	return to;
}

LU_FP16_INLINE __m512i _mm512_srli_epi64(__m512i a, unsigned bits)
{
	uint64_t x[8];

	memcpy(x, &a, sizeof(x));
	for (int i = 0; i < 8; i++)
		x[i] = bits < 64 ? x[i] >> bits : 0;
	memcpy(&a, x, sizeof(x));
	return a;
}

/* Quarters of a half register: two bits of 'order' each. */
LU_FP16_INLINE __m256i _mm256_permute4x64_epi64(__m256i a, int order)
{
	__m256i to;

	for (int i = 0; i < 4; i++)
		memcpy(&to.x[4 * i], &a.x[4 * (order >> 2 * i & 3)], 4 * sizeof(to.x[0]));
	return to;
}

LU_FP16_INLINE __m256i _mm512_extracti64x4_epi64(__m512i a, int part)
{
	__m256i to;

	memcpy(&to, &a.x[16 * part], sizeof(to));
	return to;
}

LU_FP16_INLINE __m512i _mm512_inserti64x4(__m512i a, __m256i b, int part)
{
	memcpy(&a.x[16 * part], &b, sizeof(b));
	return a;
}

/* One number, two or four neighbours in all lanes, times w, and sum added. */
LU_FP16_INLINE __m512h lu_emulated_multiply(int ways, __m512h w, const void *x, __m512h sum)
{
	lu_half numbers[4];

	memcpy(numbers, x, (size_t)ways * sizeof(*numbers));
	for (int i = 0; i < 32; i++)
		sum.x[i] = lu_half_multiply_add(w.x[i], numbers[i % ways], sum.x[i]);
	return sum;
}

LU_FP16_INLINE __m512h lu_fp16_multiply_one(__m512h w, const lu_half *x, __m512h sum)
{
	return lu_emulated_multiply(1, w, x, sum);
}

LU_FP16_INLINE __m512h lu_fp16_multiply_two(__m512h w, const lu_half *x, __m512h sum)
{
	return lu_emulated_multiply(2, w, x, sum);
}

LU_FP16_INLINE __m512h lu_fp16_multiply_four(__m512h w, const lu_half *x, __m512h sum)
{
	return lu_emulated_multiply(4, w, x, sum);
}

/* The same for the numbers of pixel 'j', 'step' bytes apart from 'base' on. */
LU_FP16_INLINE __m512h lu_fp16_multiply_pixel(int ways, int j, __m512h w, const char *base, int64_t step, int64_t three,
					      __m512h sum)
{
	assert(three == 3 * step);
	return lu_emulated_multiply(ways, w, base + j * step, sum);
}

#endif
