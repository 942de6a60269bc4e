/* pixel_shape.c: the two sides of a pixel, and the warning where they differ. */
#include "grid/pixel_shape.h"

#include <math.h>

#include "base/hooks.h"
#include "raster/ground.h"

enum lu_status lu_pixel_shape(const struct lu_frame *pixels, const struct lu_hooks *hooks, double *factor,
			      double *gsd_m, struct lu_error *err)
{
	double across, down;
	const enum lu_status status = lu_frame_pixel_m(pixels, &across, &down, err);

	if (status != LU_OK)
		return status;
	*gsd_m = sqrt(across * down);
	*factor = across > down ? across / down : down / across;
	if (*factor > LU_PIXEL_SHAPE_WARNING)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "the grid's pixels are %.2g x %.2g m on the ground: pictures are stretched %.2g times "
		       "(" LU_PIXEL_SHAPE_REMEDY ")",
		       across, down, *factor);
	return LU_OK;
}
