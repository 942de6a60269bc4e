/*
 * pixel_shape.h: how long and how wide a pixel of the analysis grid is on the ground.
 *
 * A grid in degrees, or far from where its projection is true, has pixels longer one way than the other: chips are then
 * stretched pictures of the ground.
 */
#ifndef LU_GRID_PIXEL_SHAPE_H
#define LU_GRID_PIXEL_SHAPE_H

#include "base/error.h"
#include "base/geometry.h"
#include "landuse/core.h"

/* From this factor between the sides on, a person is told. */
#define LU_PIXEL_SHAPE_WARNING 1.1

/* What to do about it. */
#define LU_PIXEL_SHAPE_REMEDY                                                                                          \
	"keep shapes with a grid in metres: grid: {crs: EPSG:CODE} of a projection for the place, such as its UTM "    \
	"zone"

/*
 * The factor between the sides of a pixel on the ground at the middle of the frame, and their geometric mean in metres;
 * a warning to 'hooks' when the factor is over LU_PIXEL_SHAPE_WARNING.
 */
enum lu_status lu_pixel_shape(const struct lu_frame *pixels, const struct lu_hooks *hooks, double *factor,
			      double *gsd_m, struct lu_error *err);

#endif
