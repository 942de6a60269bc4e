/* geometry.c: copies, releases and planar areas of plain shapes. */
#include "base/geometry.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum lu_status lu_frame_copy(const struct lu_frame *from, struct lu_frame *to, struct lu_error *err)
{
	char *wkt = lu_strdup(from->crs_wkt != NULL ? from->crs_wkt : "");

	if (wkt == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a coordinate system's text");
	*to = *from;
	to->crs_wkt = wkt;
	return LU_OK;
}

void lu_frame_release(struct lu_frame *frame)
{
	if (frame == NULL)
		return;
	lu_free(frame->crs_wkt);
	memset(frame, 0, sizeof(*frame));
}

void lu_polygon_release(struct lu_polygon *polygon)
{
	if (polygon == NULL)
		return;
	for (size_t i = 0; i < polygon->count; i++)
		lu_free(polygon->rings[i].points);
	lu_free(polygon->rings);
	polygon->rings = NULL;
	polygon->count = 0;
}

struct lu_box lu_polygon_box(const struct lu_polygon *polygon)
{
	struct lu_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (size_t i = 0; i < polygon->count; i++) {
		for (size_t k = 0; k < polygon->rings[i].count; k++) {
			const struct lu_point p = polygon->rings[i].points[k];
			box.min_x = fmin(box.min_x, p.x);
			box.min_y = fmin(box.min_y, p.y);
			box.max_x = fmax(box.max_x, p.x);
			box.max_y = fmax(box.max_y, p.y);
		}
	}
	return box;
}

/* Relative to the ring's first point: coordinates of 10^6 m would cost half the digits of a small ring. */
static double ring_area(const struct lu_ring *ring)
{
	double twice = 0;

	if (ring->count < 3)
		return 0;
	const struct lu_point origin = ring->points[0];
	for (size_t k = 1; k + 1 < ring->count; k++) {
		const struct lu_point a = ring->points[k], b = ring->points[k + 1];
		twice += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
	}
	return twice / 2;
}

double lu_polygon_area(const struct lu_polygon *polygon)
{
	double area = 0;

	for (size_t i = 0; i < polygon->count; i++)
		area += ring_area(&polygon->rings[i]);
	return area;
}

struct lu_rect lu_rect_intersect(struct lu_rect a, struct lu_rect b)
{
	const int64_t left = a.x > b.x ? a.x : b.x, top = a.y > b.y ? a.y : b.y;
	const int64_t right_a = a.x + a.width, right_b = b.x + b.width;
	const int64_t bottom_a = a.y + a.height, bottom_b = b.y + b.height;
	const int64_t right = right_a < right_b ? right_a : right_b;
	const int64_t bottom = bottom_a < bottom_b ? bottom_a : bottom_b;

	if (right <= left || bottom <= top)
		return (struct lu_rect){left, top, 0, 0};
	return (struct lu_rect){left, top, right - left, bottom - top};
}
