/*
 * regroup.c: sums over class members, arg-max and percent.
 */
#include "models/regroup.h"

#include <math.h>
#include <string.h>

#include "base/class.h"
#include "base/memory.h"

static enum lu_status check(const int *member_of, size_t model_count, const uint8_t *values, size_t map_count,
			    struct lu_error *err)
{
	if (model_count == 0 || map_count == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "class scheme: %zu model and %zu map classes: needs one of each",
			       model_count, map_count);
	for (size_t k = 0; k < map_count; k++) {
		if (values[k] <= (k > 0 ? values[k - 1] : 0))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "class scheme: value %d of class %zu: values ascend from 1 (0 means not mapped)",
				       values[k], k + 1);
	}
	for (size_t m = 0; m < model_count; m++) {
		if (member_of[m] < -1 || member_of[m] >= (int)map_count)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "class scheme: model class %zu belongs to map class number %d of %zu", m,
				       member_of[m], map_count);
	}
	return LU_OK;
}

enum lu_status lu_regroup_new(const int *member_of, size_t model_count, const uint8_t *values, size_t map_count,
			      struct lu_regroup **out, struct lu_error *err)
{
	struct lu_regroup *regroup = NULL;
	enum lu_status status = check(member_of, model_count, values, map_count, err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	LU_TRY(lu_alloc(&regroup, 1, sizeof(*regroup), "class scheme", err));
	LU_TRY(lu_alloc(&regroup->member_of, model_count, sizeof(*member_of), "class scheme", err));
	LU_TRY(lu_alloc(&regroup->values, map_count, sizeof(*values), "class scheme", err));
	regroup->model_count = model_count;
	regroup->map_count = map_count;
	memcpy(regroup->member_of, member_of, model_count * sizeof(*member_of));
	memcpy(regroup->values, values, map_count * sizeof(*values));
	*out = regroup;
	regroup = NULL;
out:
	lu_regroup_free(regroup);
	return status;
}

void lu_regroup_free(struct lu_regroup *regroup)
{
	if (regroup == NULL)
		return;
	lu_free(regroup->member_of);
	lu_free(regroup->values);
	lu_free(regroup);
}

void lu_regroup_sum(const struct lu_regroup *regroup, const float *model, float *map)
{
	memset(map, 0, regroup->map_count * sizeof(*map));
	for (size_t m = 0; m < regroup->model_count; m++) {
		float *of = regroup->member_of[m] >= 0 ? &map[regroup->member_of[m]] : NULL;

		if (of != NULL)
			*of += regroup->alone ? model[m] * (1 - *of) : model[m];
	}
}

uint8_t lu_regroup_best(const struct lu_regroup *regroup, const float *map, uint8_t *confidence)
{
	size_t best = 0;
	bool finite = true;

	for (size_t k = 0; k < regroup->map_count; k++) {
		finite = finite && isfinite(map[k]);
		if (map[k] > map[best])
			best = k;
	}
	*confidence = finite ? lu_confidence_percent(map[best]) : 0;
	if (finite && map[best] < regroup->min_confidence)
		return LU_UNCERTAIN;
	return finite ? regroup->values[best] : 0;
}

bool lu_regroup_doubts(const float *map, size_t classes, float least)
{
	float best = 0;

	for (size_t k = 0; k < classes; k++)
		best = fmaxf(best, map[k]);
	return best > 0 && best < least;
}

uint8_t lu_confidence_percent(float probability)
{
	const float percent = floorf(probability * 100.0f + 0.5f);

	/* Written so that a NaN, too, ends at 1. */
	if (!(percent > 1.0f))
		return 1;
	return percent < 100.0f ? (uint8_t)percent : 100;
}
