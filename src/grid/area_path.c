/*
 * area_path.c: dividing edges and carrying them to the ellipsoid.
 */
#include "grid/area_path.h"

#include <assert.h>
#include <math.h>

#include "base/memory.h"
#include "grid/ring_area.h"

static const double radian = 3.14159265358979323846 / 180.0;

enum lu_status lu_area_path_reserve(struct lu_area_path *path, size_t more, struct lu_error *err)
{
	if (path->room - path->count >= more)
		return LU_OK;
	const size_t room = 2 * path->room + more;
	enum lu_status status;

	LU_TRY(lu_grow(&path->points, room, sizeof(*path->points), "densified boundary", err));
	path->room = room;
out:
	return status;
}

void lu_area_path_edge(struct lu_area_path *path, struct lu_point from, struct lu_point to, size_t pieces)
{
	assert(path->room - path->count >= pieces);
	for (size_t i = 0; i < pieces; i++) {
		const double u = (double)i / (double)pieces;

		path->points[path->count++] =
			(struct lu_point){.x = from.x + u * (to.x - from.x), .y = from.y + u * (to.y - from.y)};
	}
}

/* A pair's order must not matter, or neighbours would divide their common side differently in the last digit. */
size_t lu_area_pieces(struct lu_point p, struct lu_point q, double metres_per_unit)
{
	const double pieces = ceil(hypot(q.x - p.x, q.y - p.y) * metres_per_unit / LU_AREA_PIECE_M - 1e-6);

	return pieces >= 1.0 ? (pieces < 1e6 ? (size_t)pieces : 1000000) : 1;
}

enum lu_status lu_area_lonlat(const struct lu_geodesy *geodesy, struct lu_point *points, size_t count,
			      struct lu_error *err)
{
	enum lu_status status = geodesy->to_lonlat(geodesy->user, points, count, err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(points[i].x) || !isfinite(points[i].y) || fabs(points[i].y) > 90.0 + 1e-9)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "areas: a point of the boundary or grid has no longitude and latitude "
				       "(does the CRS cover the county?)");
	}
	return LU_OK;
}

enum lu_status lu_area_scale(const struct lu_geodesy *geodesy, struct lu_point at, double step, double *scale,
			     struct lu_error *err)
{
	struct lu_point p[3] = {at, {at.x + step, at.y}, {at.x, at.y + step}};
	enum lu_status status = lu_area_lonlat(geodesy, p, 3, err);

	if (status != LU_OK)
		return status;
	*scale = 0.0;
	for (int i = 1; i < 3; i++) {
		const double east = (lu_unwrap_degrees(p[i].x, p[0].x) - p[0].x) * cos(p[0].y * radian);
		const double metres = hypot(east, p[i].y - p[0].y) * radian * geodesy->a_m;

		*scale = fmax(*scale, metres / step);
	}
	return LU_OK;
}

bool lu_area_counter_clockwise(const struct lu_ring *ring)
{
	const struct lu_polygon alone = {(struct lu_ring *)(uintptr_t)ring, 1};

	return lu_polygon_area(&alone) > 0.0;
}
