/* reframe.c: a raster's frame as another CRS sees it. See reframe.h. */
#include "raster/reframe.h"

#include <math.h>

#include "base/memory.h"
#include "raster/transform.h"

enum lu_status lu_frame_in_crs(const struct lu_frame *frame, const char *crs_wkt, struct lu_frame *out,
			       struct lu_box *box, struct lu_error *err)
{
	enum { STEPS = 21 };
	struct lu_point points[4 * STEPS + 3];
	const double *t = frame->transform;
	const double width = (double)frame->width, height = (double)frame->height;
	struct lu_transform *transform = NULL;
	size_t count = 0;

	for (int i = 0; i < STEPS; i++) {
		const double share = (double)i / (STEPS - 1);
		const double at[4][2] = {
			{share * width, 0}, {share * width, height}, {0, share * height}, {width, share * height}};
		for (int k = 0; k < 4; k++)
			points[count++] = (struct lu_point){t[0] + at[k][0] * t[1] + at[k][1] * t[2],
							    t[3] + at[k][0] * t[4] + at[k][1] * t[5]};
	}
	const struct lu_point centre = {t[0] + width / 2 * t[1] + height / 2 * t[2],
					t[3] + width / 2 * t[4] + height / 2 * t[5]};
	points[count++] = centre;
	points[count++] = (struct lu_point){centre.x + t[1], centre.y + t[4]};
	points[count++] = (struct lu_point){centre.x + t[2], centre.y + t[5]};
	enum lu_status status;

	LU_TRY(lu_transform_new(frame->crs_wkt, crs_wkt, &transform, err));
	LU_TRY(lu_transform_points(transform, points, count, err));
	const struct lu_ring outline = {points, 4 * STEPS};
	*box = lu_polygon_box(&(struct lu_polygon){(struct lu_ring *)(uintptr_t)&outline, 1});
	const struct lu_point *c = &points[4 * STEPS];
	const double pixel = sqrt(fabs((c[1].x - c[0].x) * (c[2].y - c[0].y) - (c[2].x - c[0].x) * (c[1].y - c[0].y)));
	const struct lu_frame seen = {.crs_wkt = lu_strdup(crs_wkt),
				      .transform = {box->min_x, pixel, 0, box->max_y, 0, -pixel},
				      .width = (int64_t)ceil((box->max_x - box->min_x) / pixel),
				      .height = (int64_t)ceil((box->max_y - box->min_y) / pixel)};
	*out = seen;
	if (seen.crs_wkt == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a coordinate system");
out:
	lu_transform_free(transform);
	return status;
}
