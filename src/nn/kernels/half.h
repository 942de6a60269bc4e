/*
 * half.h: half precision numbers (IEEE 754 binary16), where the compiler knows them.
 *
 * A sum, or a product and a sum, of fp16 numbers is exact in double, or is rounded to the half it would be rounded to at
 * once: what double loses is far below. So plain C can say to the last bit what AVX512-FP16 does.
 */
#ifndef LU_NN_KERNELS_HALF_H
#define LU_NN_KERNELS_HALF_H

#ifdef __FLT16_MAX__
#define LU_WITH_FP16 1
__extension__ typedef _Float16 lu_half;

static inline lu_half lu_half_add(lu_half a, lu_half b)
{
	return (lu_half)((double)a + (double)b);
}

static inline lu_half lu_half_multiply_add(lu_half a, lu_half b, lu_half c)
{
	return (lu_half)((double)a * (double)b + (double)c);
}
#endif

#endif
