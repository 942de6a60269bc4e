/*
 * dhash.h: a picture's difference hash, 64 bits that change little when the picture does.
 *
 * The picture is shrunk to 9 x 8 grey values; each bit says whether a value is brighter than its
 * neighbour to the left. Two pictures of one scene, lighter, softer or compressed again, differ in
 * a few bits; unrelated ones in about half. Pictures without any structure (calm water) all look
 * alike to it. N. Krawetz, "Kind of Like That", 2013.
 */
#ifndef LU_CHIPS_DHASH_H
#define LU_CHIPS_DHASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * The hash of 'bands' planes of size_px x size_px bytes (at least 1): their plain sum is the grey
 * value, and every pixel counts. Any thread.
 */
uint64_t lu_dhash(const uint8_t *planes, size_t bands, int size_px);

/* In how many bits two hashes differ, 0 to 64. */
int lu_dhash_distance(uint64_t a, uint64_t b);

/*
 * Mark repetitions: keep[i] becomes false when an earlier hash j with keep[j] true is at most 'bits'
 * away. Entries whose keep is false on entry are passed over. Every pair is looked at, at about
 * 10^9 pairs a second: 44,000 chips take one. Returns how many were marked.
 */
size_t lu_dhash_repeats(const uint64_t *hashes, size_t count, int bits, uint8_t *keep);

#endif
