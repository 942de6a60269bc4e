/*
 * maths.h: min, max and floor that compile to an instruction or two
 *
 * The C library's must honour NaN and so stay calls unless the whole program gives up IEEE rules. Our
 * numbers are finite and far within int, and these are a third of the time a chip takes.
 */
#ifndef SC_MATHS_H
#define SC_MATHS_H

static inline float sc_min(float a, float b)
{
	return a < b ? a : b;
}

static inline float sc_max(float a, float b)
{
	return a > b ? a : b;
}

static inline float sc_clamp(float v, float low, float high)
{
	return sc_min(sc_max(v, low), high);
}

static inline int sc_floor(float v)
{
	const int i = (int)v;

	return i - ((float)i > v);
}

/* v less its floor: 0 .. 1. */
static inline float sc_fraction(float v)
{
	return v - (float)sc_floor(v);
}

#endif
