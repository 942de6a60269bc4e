/*
 * area_path.h: inside areas: the points of edges, on their way from a CRS to longitude and latitude.
 */
#ifndef LU_GRID_AREA_PATH_H
#define LU_GRID_AREA_PATH_H

#include "grid/areas.h"

/* A buffer of points that only grows; lu_free its points. */
struct lu_area_path {
	struct lu_point *points;
	size_t count, room;
};

enum lu_status lu_area_path_reserve(struct lu_area_path *path, size_t more, struct lu_error *err);

/* 'from', then the points that divide from-to into 'pieces'; not 'to', which starts the next edge. Reserve first. */
void lu_area_path_edge(struct lu_area_path *path, struct lu_point from, struct lu_point to, size_t pieces);

/* How many pieces the edge p-q needs. */
size_t lu_area_pieces(struct lu_point p, struct lu_point q, double metres_per_unit);

/* To degrees, in place. LU_ERROR_ARGUMENT for points that have no longitude and latitude. */
enum lu_status lu_area_lonlat(const struct lu_geodesy *geodesy, struct lu_point *points, size_t count,
			      struct lu_error *err);

/*
 * Metres on the ground per CRS unit near 'at', the larger of both axes: probed over 'step' units.
 * Only decides how finely edges are divided.
 */
enum lu_status lu_area_scale(const struct lu_geodesy *geodesy, struct lu_point at, double step, double *scale,
			     struct lu_error *err);

/* Does the ring run counter-clockwise in its own CRS? */
bool lu_area_counter_clockwise(const struct lu_ring *ring);

#endif
