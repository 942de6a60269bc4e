/*
 * random.h: numbers that look random, and are the same on every machine for the same seed: SplitMix64.
 *
 *	the i-th number of a sequence = finish(seed + (i + 1) * LU_RANDOM_STEP),	i = 0, 1, ...
 *
 * so it can be had in order (lu_random_next), out of order (lu_random_at) or as a hash of a number (lu_random_hash).
 * Maps, samples and models hang on these numbers: another generator is another answer.
 *
 * G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators. OOPSLA 2014.
 */
#ifndef LU_BASE_RANDOM_H
#define LU_BASE_RANDOM_H

#include <stdint.h>

/* 2^64 over the golden ratio, made odd. */
#define LU_RANDOM_STEP UINT64_C(0x9e3779b97f4a7c15)

/* Every bit of the answer hangs on every bit of 'z'; one to one, and 0 stays 0. */
static inline uint64_t lu_random_finish(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* The next number of the sequence that began with '*state' = its seed. */
static inline uint64_t lu_random_next(uint64_t *state)
{
	return lu_random_finish(*state += LU_RANDOM_STEP);
}

/* Number 'i' of the sequence of 'seed'. */
static inline uint64_t lu_random_at(uint64_t seed, uint64_t i)
{
	return lu_random_finish(seed + (i + 1) * LU_RANDOM_STEP);
}

/* 'value' scrambled: units in the order of these are drawn by lot, whatever others there are. */
static inline uint64_t lu_random_hash(uint64_t value)
{
	return lu_random_at(value, 0);
}

/* Random bits as a number from 0 to below 1, of 53 bits. */
static inline double lu_random_unit(uint64_t bits)
{
	return (double)(bits >> 11) / 9007199254740992.0;
}

#endif
