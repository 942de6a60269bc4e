/*
 * phash.h: a picture's perceptual hash, 64 bits that change little when the picture does.
 *
 * The picture is shrunk to 32 x 32 grey values, and each bit says whether one of the 8 x 8 lowest
 * frequencies of its cosine transform is above their median; the mean of the picture has no bit. Two
 * pictures of one scene, resized, lighter, cut at the edges or compressed again, differ in a few bits;
 * unrelated ones in 32 of 64. C. Zauner, Implementation and Benchmarking of Perceptual Image Hash
 * Functions, 2010. A picture of one tone has hash 0.
 *
 * Why not the difference hash (bits of neighbouring values of 9 x 8)? 1,680 UC Merced chips, each against a
 * changed copy of itself, and all 1,410,360 pairs of different chips (some of one place):
 *
 *	within bits			   2	   4	   8	  10	  12
 *	half the size, JPEG 50	phash	93.3 %	98.2 %	99.3 %	99.6 %	99.8 %
 *				dhash	76.4 %	93.6 %	98.6 %	99.2 %	99.5 %
 *	edges cut by 2 %	phash	44.5 %	78.8 %	98.8 %	99.2 %	99.7 %
 *				dhash	35.2 %	72.7 %	97.3 %	99.0 %	99.3 %
 *	different chips		phash	1	1	3	4	13
 *				dhash	3	15	67	120	258
 *
 * tests/bench/hashes.py measures it again.
 */
#ifndef LU_CHIPSET_PHASH_H
#define LU_CHIPSET_PHASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * The hash of 'bands' planes of height x width bytes (each at least 1): their mean is the grey value,
 * and every pixel counts. Whole numbers inside: the same bits on any machine. Any thread.
 */
uint64_t lu_phash(const uint8_t *planes, size_t bands, int width, int height);

/* In how many bits two hashes differ, 0 to 64. */
int lu_phash_distance(uint64_t a, uint64_t b);

#endif
