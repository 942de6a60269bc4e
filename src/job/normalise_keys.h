/*
 * normalise_keys.h: the job's keys about radiometric normalisation.
 */
#ifndef LU_JOB_NORMALISE_KEYS_H
#define LU_JOB_NORMALISE_KEYS_H

#include "base/yaml.h"
#include "chips/radiometry.h"

struct lu_normalise_keys {
	enum lu_radiometry_method method; /* none: the job does not normalise */
	size_t to; /* number of the reference date */
};

/*
 * Set what the mapping at 'at' (may be absent) says; 'labels' are the job's dates. Nothing to release.
 */
enum lu_status lu_normalise_keys_read(struct lu_yaml_at at, const char *const *labels, size_t count,
				      struct lu_normalise_keys *keys, struct lu_error *err);

/* "regression", "histogram", "none". */
const char *lu_normalise_method_name(enum lu_radiometry_method method);

#endif
