/*
 * sample.h: designing a stratified random sample: how many units in each stratum, and which.
 *
 * Allocation follows W. G. Cochran: Sampling Techniques, 3rd ed., 1977, ch. 5, and P. Olofsson et al.
 * 2014, section 5.1. Selection gives every unit of a stratum the same chance and depends on nothing
 * but the seed and the unit's number: not on order, threads or shards.
 */
#ifndef LU_ACCURACY_SAMPLE_H
#define LU_ACCURACY_SAMPLE_H

#include "base/error.h"
#include "landuse/types.h"

struct lu_stratum {
	uint64_t size; /* N_h, units */
	double spread; /* S_h: guess of the standard deviation, sqrt(U (1 - U)); Neyman only */
	uint64_t sample; /* n_h: the answer */
};

/*
 * Share 'total' units among the strata, at least 'minimum' in each (all of a smaller stratum) and
 * never more than it has. Whole numbers by largest remainders, equals to the earlier stratum. The
 * sum is 'total', unless the minima need more (then it is their sum) or the strata hold less.
 * LU_ERROR_ARGUMENT without a stratum that has units, or a spread that is negative or not finite.
 */
enum lu_status lu_allocate(struct lu_stratum *strata, size_t count, uint64_t total, uint64_t minimum,
			   enum lu_allocation rule, struct lu_error *err);

/*
 * Draws the sample: of each stratum the n_h units whose keys, a hash of seed and number, are
 * lowest. Memory: the sample. One thread at a time.
 * The hash is base/random.h's.
 */
struct lu_draw;
enum lu_status lu_draw_new(const struct lu_stratum *strata, size_t count, uint64_t seed, struct lu_draw **out,
			   struct lu_error *err);
void lu_draw_free(struct lu_draw *draw);

/* Offer unit 'number' (such as row * width + col) of 'stratum'. Each unit is to be offered once. */
void lu_draw_offer(struct lu_draw *draw, size_t stratum, uint64_t number);

/*
 * The numbers drawn in 'stratum', in random order (so that a prefix is a sample, too), into 'numbers',
 * which has room for the stratum's n_h; returns how many. Call when all units have been offered.
 */
size_t lu_draw_take(struct lu_draw *draw, size_t stratum, uint64_t *numbers);

#endif
