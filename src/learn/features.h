/*
 * features.h: what a backbone sees in each picture of a set, made once and kept.
 */
#ifndef LU_LEARN_FEATURES_H
#define LU_LEARN_FEATURES_H

#include "chipset/labelled_set.h"
#include "learn/feature_cache.h"
#include "learn/score_pictures.h"

struct lu_feature_task {
	const struct lu_classifier *backbone; /* opened for features */
	const struct lu_labelled_set *set;
	const lu_pose *poses;
	size_t pose_count; /* at least 1, the first as it is */
	enum lu_fit fit;
	const double *range; /* as lu_picture_task has it */
	int threads;
	const char *cache; /* the folder of caches; NULL: $XDG_CACHE_HOME/landuse/features or ~/.cache/... */
	const struct lu_hooks *hooks;
};

struct lu_features {
	struct lu_feature_cache *cache;
	const float **rows; /* chip * pose_count + pose; in the cache; NULL: unreadable, or not asked for */
	char (*sha256)[LU_SHA256_HEX]; /* of each chip's file; "" where it is no picture that can be read */
	size_t features; /* floats a row */
	size_t computed, found; /* rows made now, and rows that were in the cache */
	double seconds; /* of making them */
};

/*
 * Features of every chip that is not of the test split; of the validate split only as it is. Pictures that cannot be read are warned of
 * and have no rows. LU_ERROR_CANCELLED keeps what is made. Release with lu_features_release.
 */
enum lu_status lu_features_make(const struct lu_feature_task *task, struct lu_features *out, struct lu_error *err);
void lu_features_release(struct lu_features *features);

#endif
