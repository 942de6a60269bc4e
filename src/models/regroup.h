/*
 * regroup.h: from a model's classes to a map's classes.
 *
 * A class scheme says which of the model's classes make up each map class; the map class's
 * probability is their sum. The most probable map class is the cell's value and its probability,
 * in whole percent, the cell's confidence.
 */
#ifndef LU_MODELS_REGROUP_H
#define LU_MODELS_REGROUP_H

#include "base/error.h"

struct lu_regroup {
	size_t model_count; /* classes of the model */
	size_t map_count; /* classes of the map */
	int *member_of; /* model_count: index of the map class, or -1: counts for none */
	uint8_t *values; /* map_count, ascending, from 1: what the map's pixels hold */
	bool alone; /* the model's classes do not exclude each other (answers.h); false (as made): they do */
	float min_confidence; /* a cell whose best class has less is LU_UNCERTAIN; 0 (as made): none is */
};

/*
 * Copy the tables into '*out'. LU_ERROR_ARGUMENT when there is no class, an index is out of range,
 * or the values are not ascending from at least 1 (0 means "not mapped"). The result is read-only
 * and may be shared by threads; lu_regroup_free takes NULL.
 */
enum lu_status lu_regroup_new(const int *member_of, size_t model_count, const uint8_t *values, size_t map_count,
			      struct lu_regroup **out, struct lu_error *err);
void lu_regroup_free(struct lu_regroup *regroup);

/*
 * map[k] = sum of model[m] over the members of k, added in the model's order (so the same bytes on
 * every machine). A model class that counts for none takes its probability out of the map's sum:
 * confidence is then lower, as it should be. Of classes that stand alone, the probability that a chip shows any of the
 * members, if they are independent: 1 - product of (1 - model[m]).
 */
void lu_regroup_sum(const struct lu_regroup *regroup, const float *model, float *map);

/*
 * The value of the most probable of the map's classes (of equals, the lower value), and its
 * confidence. A vector with a value that is not finite gives value 0 and confidence 0: not mapped.
 * Below 'min_confidence' the value is LU_UNCERTAIN, and the confidence what it is.
 */
uint8_t lu_regroup_best(const struct lu_regroup *regroup, const float *map, uint8_t *confidence);

/* Does no class of a mapped cell reach 'least'? Of a cell that is not mapped (all 0): false. */
bool lu_regroup_doubts(const float *map, size_t classes, float least);

/*
 * Probability 0..1 as whole percent for a mapped cell: rounded to nearest, half up, and kept to
 * 1..100 so that 0 stays "not mapped".
 */
uint8_t lu_confidence_percent(float probability);

#endif
