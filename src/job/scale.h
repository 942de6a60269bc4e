/*
 * scale.h: is the network shown ground of the scale, detail and shape that it was trained on?
 *
 * Two things count, both measured on the ground at the county's middle. How much ground a chip shows: a pixel of the
 * network's input against the model's landuse:gsd_m; chips cut by the ground have that by themselves, chips of a stated
 * number of pixels may not. And how much detail is in it: the imagery's resolution, or that of the grid or of the input
 * where these are coarser, against the range of landuse:gsd. No projection's scale and no stated resolution can hide
 * either. Imagery that is finer than what it is brought to lacks nothing.
 */
#ifndef LU_JOB_SCALE_H
#define LU_JOB_SCALE_H

#include "job/county.h"

/*
 * LU_ERROR_MISMATCH, with what to do, where the detail is outside the model's range, or a chip shows over twice as much or
 * as little ground a pixel, or pixels are over twice as long one way, unless the job accepts it. A warning to 'hooks' for
 * stated chips beyond a factor of 1.1. A tolerance of 2 % keeps projections' scale factors (0.9996 to 1.001 in a UTM zone)
 * from deciding.
 */
enum lu_status lu_scale_check(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err);

#endif
