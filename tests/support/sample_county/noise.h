/*
 * noise.h: chance that depends on where you stand, not on when you ask
 *
 * Every random choice in the county is a hash of (seed, place). Nothing keeps state, so any cell can be
 * drawn first, last, twice or by another thread, and its pixels come out the same.
 */
#ifndef SC_NOISE_H
#define SC_NOISE_H

#include <stdint.h>

/* A window of the world, in pixels; x grows east, y grows south. */
struct sc_rect {
	int x, y;
	int w, h;
};

/* A named sequence of throws: for laying out one cell, where order is fixed by the code itself. */
struct sc_dice {
	uint32_t key;
	uint32_t thrown;
};

/* Scramble 32 bits (the finaliser of MurmurHash3 by Austin Appleby, public domain). */
static inline uint32_t sc_mix(uint32_t h)
{
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	h *= 0xc2b2ae35u;
	h ^= h >> 16;
	return h;
}

static inline uint32_t sc_hash(uint32_t seed, int x, int y)
{
	return sc_mix(sc_mix((uint32_t)x + 0x9e3779b9u * (uint32_t)y + 0x51u) ^ seed);
}

/* The top 24 bits as a number in [0, 1). */
static inline float sc_unit(uint32_t hash)
{
	return (float)(hash >> 8) * (1.0f / 16777216.0f);
}

/* One throw in [0, 1). */
static inline float sc_roll(struct sc_dice *dice)
{
	return sc_unit(sc_hash(dice->key, (int)dice->thrown++, 7));
}

/* One throw in [low, high). */
static inline float sc_between(struct sc_dice *dice, float low, float high)
{
	return low + (high - low) * sc_roll(dice);
}

/* One throw in 0 .. count - 1. */
static inline int sc_pick(struct sc_dice *dice, int count)
{
	return (int)(sc_roll(dice) * (float)count);
}

/*
 * Add smooth value noise of amplitude 'amp' (range about -amp..amp) to 'field' (area.w x area.h, row by
 * row). The lattice is 'step' world pixels apart and anchored to the world, so windows side by side fit
 * together without a seam. step is 1 .. 512.
 */
void sc_noise_add(float *field, struct sc_rect area, int step, uint32_t seed, float amp);

/* Value noise in [-1, 1] at one place; the lattice is one unit apart. */
float sc_noise_at(uint32_t seed, float x, float y);

/* Three octaves of sc_noise_at, scaled to about [-1, 1]. */
float sc_fbm_at(uint32_t seed, float x, float y);

#endif
