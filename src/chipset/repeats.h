/*
 * repeats.h: of many 64-bit hashes, those that are within some bits of an earlier one.
 *
 *	hashes	a   b   a'  c   b'	a' is near a, b' near b
 *	of	-   -   a   -   b	the first of each is kept: the caller's order decides
 *
 * A hash is compared with those that were kept before it, so what is kept is farther apart than 'bits',
 * pair by pair. The search looks up the four 16-bit quarters (Norouzi, Punjani, Fleet: Fast search in
 * Hamming space with multi-index hashing, CVPR 2012): two hashes within 'bits' have a quarter within
 * bits / 4. 44,184 hashes take 3 ms at 3 bits, 0.2 s at 10 and 1 s at 15; where all pairs are looked at, 2.3 s.
 */
#ifndef LU_CHIPSET_REPEATS_H
#define LU_CHIPSET_REPEATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define LU_NOT_REPEATED SIZE_MAX

/*
 * of[i] is the kept hash that hash i is nearest to and at most 'bits' (0 to 64) away from, of equals the
 * first, or LU_NOT_REPEATED where i is kept itself. Entries with skip[i] are neither kept nor repeated
 * ('skip' may be NULL). 'count' is below 2^32. Memory: 1 MB and 24 bytes a hash. Any thread.
 */
enum lu_status lu_repeats_find(const uint64_t *hashes, const uint8_t *skip, size_t count, int bits, size_t *of,
			       struct lu_error *err);

#endif
