/*
 * smooth_keys.h: what a job or a command line asks of smoothing in space.
 */
#ifndef LU_MAPS_SMOOTH_KEYS_H
#define LU_MAPS_SMOOTH_KEYS_H

#include "base/error.h"
#include "landuse/types.h"

extern const char *const lu_smooth_methods[]; /* "none", "mrf", "plurality", NULL */

/* The least and the greatest weight of a method. */
void lu_smooth_weights(enum lu_smoothing_method method, double *low, double *high);

#define LU_SMOOTH_LEAST_CELLS 2
#define LU_SMOOTH_MOST_CELLS 1000000000
#define LU_SMOOTH_LEAST_HECTARES 1e-6
#define LU_SMOOTH_MOST_HECTARES 1e9

#define LU_SMOOTH_UNIT_FORM "2 cells or more, or hectares such as 0.5ha"

/* Is it what struct lu_smoothing says of its members? LU_ERROR_ARGUMENT. */
enum lu_status lu_smoothing_check(const struct lu_smoothing *keys, struct lu_error *err);

/* True when any smoothing is asked for. */
bool lu_smooth_wanted(const struct lu_smoothing *keys);

#endif
