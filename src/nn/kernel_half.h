/*
 * kernel_half.h: half precision numbers (IEEE 754 binary16), where the compiler knows them.
 */
#ifndef LU_NN_KERNEL_HALF_H
#define LU_NN_KERNEL_HALF_H

#ifdef __FLT16_MAX__
#define LU_WITH_HALVES 1
__extension__ typedef _Float16 lu_half;
#endif

#endif
