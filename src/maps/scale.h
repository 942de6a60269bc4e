/*
 * scale.h: is the network shown ground of the scale, detail and shape that it was trained on?
 *
 * Two things count, both measured on the ground at the county's middle. How much ground a chip shows: a pixel of the
 * network's input against the model's landuse:gsd_m; chips cut by the ground have that by themselves, chips of a stated
 * number of pixels may not. And how much detail is in it: the imagery's resolution, or that of the grid or of the input
 * where these are coarser, against the range of landuse:gsd. No projection's scale and no stated resolution can hide
 * either. Imagery that is finer than what it is brought to lacks nothing.
 */
#ifndef LU_MAPS_SCALE_H
#define LU_MAPS_SCALE_H

#include "grid/date_grids.h"
#include "models/model.h"

struct lu_scale {
	const struct lu_model *model;
	const struct lu_grid *grid; /* of the cells */
	const struct lu_date_grids *dates;
	const char *const *labels;
	struct lu_imagery *const *imagery; /* labels and imagery: one a date */
	bool stated; /* somebody says how many pixels a chip has */
	bool accept; /* what would be refused */
};

/*
 * LU_ERROR_MISMATCH, with what to do, where the detail is outside the model's range, or a chip shows over twice as much or
 * as little ground a pixel, or pixels are over twice as long one way, unless that is accepted. A warning to 'hooks' for
 * stated chips beyond a factor of 1.1. A tolerance of 2 % keeps projections' scale factors (0.9996 to 1.001 in a UTM zone)
 * from deciding.
 */
enum lu_status lu_scale_check(const struct lu_scale *scale, const struct lu_hooks *hooks, struct lu_error *err);

#endif
