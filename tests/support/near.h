/*
 * near.h: comparing doubles in tests, and a small repeatable random stream.
 */
#ifndef LU_TESTS_NEAR_H
#define LU_TESTS_NEAR_H

#include <math.h>

#include "support/check.h"

/* |got - expected| <= tolerance, NaN never; says both when it fails. */
#define check_near(got, expected, tolerance)                                                                           \
	do {                                                                                                           \
		const double got_ = (got), expected_ = (expected), tolerance_ = (tolerance);                           \
		if (!(fabs(got_ - expected_) <= tolerance_))                                                           \
			fail_msg("%s is %.17g, expected %.17g within %.3g", #got, got_, expected_, tolerance_);        \
	} while (0)

/* The same with a tolerance relative to the expected value. */
#define check_close(got, expected, relative) check_near(got, expected, fabs((double)(expected)) * (relative))

/* Uniform in [0, 1): G. Marsaglia's xorshift64*. 'state' must not be 0. */
static inline double next_uniform(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (double)((*state * UINT64_C(2685821657736338717)) >> 11) / 9007199254740992.0;
}

#endif
