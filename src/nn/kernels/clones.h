/*
 * clones.h: plain loops that the compiler makes for several instruction sets.
 */
#ifndef LU_NN_KERNELS_CLONES_H
#define LU_NN_KERNELS_CLONES_H

/* The same function for each of them, chosen when the program is loaded; sanitizers cannot be there so early. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) &&                \
	!defined(__SANITIZE_ADDRESS__)
#define LU_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LU_CLONES
#endif

#endif
