/*
 * smooth_keys.h: what a job or a command line asks of smoothing in space.
 */
#ifndef LU_MAPS_SMOOTH_KEYS_H
#define LU_MAPS_SMOOTH_KEYS_H

#include "base/error.h"

enum lu_smooth_method {
	LU_SMOOTH_NONE,
	LU_SMOOTH_MRF, /* a Markov random field over the probabilities */
	LU_SMOOTH_PLURALITY, /* the class with most votes among 3 x 3 cells */
};
extern const char *const lu_smooth_methods[]; /* "none", "mrf", "plurality", NULL */

/* The least and the greatest weight of a method. */
void lu_smooth_weights(enum lu_smooth_method method, double *low, double *high);

struct lu_smooth_keys {
	enum lu_smooth_method method;
	double weight; /* mrf: of the neighbours; plurality: votes of the centre */
	int min_cells; /* minimum mapping unit; 0: not stated in cells */
	double min_hectares; /* 0: not stated in hectares */
	bool corners; /* cells that touch by a corner are one patch */
};

#define LU_SMOOTH_LEAST_CELLS 2
#define LU_SMOOTH_MOST_CELLS 1000000000
#define LU_SMOOTH_LEAST_HECTARES 1e-6
#define LU_SMOOTH_MOST_HECTARES 1e9

/* A minimum mapping unit in one word, "4" cells or "1.5ha"; false: it is not of this form. */
#define LU_SMOOTH_UNIT_FORM "2 cells or more, or hectares such as 0.5ha"
bool lu_smooth_unit_parse(const char *text, struct lu_smooth_keys *keys);

/*
 * Words of a command line: 'method' is "plurality" or "plurality:3" (without a weight: 1), 'unit' is "4"
 * cells or "1.5ha"; NULL: not said. LU_ERROR_ARGUMENT says what it should be.
 */
enum lu_status lu_smooth_keys_parse(const char *method, const char *unit, bool corners, struct lu_smooth_keys *keys,
				    struct lu_error *err);

/* True when any smoothing is asked for. */
bool lu_smooth_wanted(const struct lu_smooth_keys *keys);

#endif
