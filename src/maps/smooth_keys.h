/*
 * smooth_keys.h: a job's keys, and a command line's words, about smoothing in space.
 */
#ifndef LU_MAPS_SMOOTH_KEYS_H
#define LU_MAPS_SMOOTH_KEYS_H

#include "base/yaml.h"

enum lu_smooth_method {
	LU_SMOOTH_NONE,
	LU_SMOOTH_MRF, /* a Markov random field over the probabilities */
	LU_SMOOTH_PLURALITY, /* the class with most votes among 3 x 3 cells */
};

struct lu_smooth_keys {
	enum lu_smooth_method method;
	double weight; /* mrf: of the neighbours; plurality: votes of the centre */
	int min_cells; /* minimum mapping unit; 0: not stated in cells */
	double min_hectares; /* 0: not stated in hectares */
	bool corners; /* cells that touch by a corner are one patch */
};

/* Set what the mapping at 'at' (may be absent: no smoothing) says. Nothing to release. */
enum lu_status lu_smooth_keys_read(struct lu_yaml_at at, struct lu_smooth_keys *keys, struct lu_error *err);

/*
 * The same in words of a command line: 'method' is "plurality" or "plurality:3" (without a weight: 1), 'unit' is "4"
 * cells or "1.5ha"; NULL: not said. LU_ERROR_ARGUMENT says what it should be.
 */
enum lu_status lu_smooth_keys_parse(const char *method, const char *unit, bool corners, struct lu_smooth_keys *keys,
				    struct lu_error *err);

/* True when any smoothing is asked for. */
bool lu_smooth_wanted(const struct lu_smooth_keys *keys);

/* "mrf", "plurality", "none". */
const char *lu_smooth_method_name(enum lu_smooth_method method);

#endif
