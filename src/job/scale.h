/*
 * scale.h: is the network shown ground of the scale and shape that it was trained on?
 *
 * What counts is a pixel of the network's input, measured on the ground at the county's middle: a pixel of the grid,
 * times the chip's size over the network's where chips are resized. Imagery that is coarser than that lacks the detail,
 * however finely the grid samples it; finer imagery is averaged and lacks nothing.
 */
#ifndef LU_JOB_SCALE_H
#define LU_JOB_SCALE_H

#include "job/county.h"

/*
 * A warning to 'hooks' beyond a factor of 1.1 between the model's metres a pixel and what it is shown, or between the
 * sides of a pixel; LU_ERROR_MISMATCH beyond 2, with what to do, unless the job accepts it. A tolerance of 2 % keeps
 * projections' scale factors (0.9996 to 1.001 in a UTM zone) from deciding.
 */
enum lu_status lu_scale_check(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err);

#endif
