/*
 * product_avx512.h: the loop in which our convolutions of float32 spend their time: up to 14 rows by 16 or 32 outputs.
 *
 * 14 by 32 are 28 sums and 3 operands of 32 registers, and 16 loads beside 28 FMAs. Beside them it asks for memory that is
 * needed next, since layers read and write more than the caches hold.
 *
 * Sums run over the channels in one order, so that results do not depend on how rows are grouped.
 */
#ifndef LU_NN_KERNELS_PRODUCT_AVX512_H
#define LU_NN_KERNELS_PRODUCT_AVX512_H

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define LU_AVX512 __attribute__((target("avx512f")))
#define LU_AVX512_INLINE LU_AVX512 static inline __attribute__((always_inline))

enum { LU_PRODUCT_ROWS = 14, LU_PRODUCT_OUTPUTS = 32 };

/* Memory to ask for during a product. Any address will do. */
struct lu_ahead {
	const char *weights;
	int64_t weights_step; /* from one line to the next; half as many lines as the product has channels */
	const char *numbers;
	int64_t numbers_step; /* between lines of the same 16 channels, a row each */
	int64_t numbers_block; /* to the next 16 channels */
};

/* The step with which a panel of weights has been asked for after 'products' of them. */
static inline int64_t lu_ahead_step(int64_t products)
{
	return LU_PRODUCT_OUTPUTS * (int64_t)sizeof(float) * 2 / products;
}

/*
 * Add the products of 'n' rows and 16 * vectors outputs to the sums. x has 16 channels of 14 rows behind each other, then, 'x_step'
 * further, the next 16; w has all outputs of a channel behind each other. 'near': numbers ahead go to the first cache, else to the second.
 */
LU_AVX512_INLINE void lu_product(int n, int vectors, bool near, int64_t depth, const float *x, int64_t x_step,
				 const float *w, const struct lu_ahead *ahead, __m512 sum[2 * LU_PRODUCT_ROWS])
{
	const char *numbers = ahead->numbers, *weights_ahead = ahead->weights;

	for (int64_t block = 0; block < depth; block += 16, x += x_step, numbers += ahead->numbers_block) {
		const char *line = numbers;

		for (int k = 0; k < 16; k += 4) {
			_mm_prefetch(weights_ahead, _MM_HINT_T1);
			_mm_prefetch(weights_ahead + ahead->weights_step, _MM_HINT_T1);
			weights_ahead += 2 * ahead->weights_step;
#pragma GCC unroll 4
			for (int j = 0; j < 4; j++, line += ahead->numbers_step) {
				if (k + j < n && near)
					_mm_prefetch(line, _MM_HINT_T0);
				else if (k + j < n)
					_mm_prefetch(line, _MM_HINT_T1);
			}
#pragma GCC unroll 4
			for (int j = 0; j < 4; j++, w += 16 * vectors) {
				__m512 weights[2];

#pragma GCC unroll 2
				for (int v = 0; v < vectors; v++)
					weights[v] = _mm512_load_ps(w + 16 * v);
#pragma GCC unroll 14
				for (int i = 0; i < n; i++) {
					__m512 number = _mm512_set1_ps(x[16 * i + k + j]);

#pragma GCC unroll 2
					for (int v = 0; v < vectors; v++)
						sum[i * vectors + v] =
							_mm512_fmadd_ps(number, weights[v], sum[i * vectors + v]);
				}
			}
		}
	}
}

#endif
#endif
