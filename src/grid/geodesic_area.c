/*
 * geodesic_area.c: the areas of polygons whose edges are followed by short geodesics. See areas.h.
 */
#include <geodesic.h>
#include <math.h>

#include "base/memory.h"
#include "grid/area_path.h"
#include "grid/areas.h"
#include "grid/ring_area.h"

double lu_geodesic_ring_area(const struct lu_point *lonlat_deg, size_t count, double a_m, double f)
{
	struct geod_geodesic ellipsoid;
	struct geod_polygon polygon;
	double area;

	geod_init(&ellipsoid, a_m, f);
	geod_polygon_init(&polygon, 0);
	for (size_t i = 0; i < count; i++)
		geod_polygon_addpoint(&ellipsoid, &polygon, lonlat_deg[i].y, lonlat_deg[i].x);
	geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area, NULL);
	return area;
}

/*
 * Geodesics give the area but for whole earths (a ring about more than half of the earth comes out as the rest of it,
 * negative): how many they are, a plane tells. 'path' is the ring's, densified, in degrees; overwritten.
 */
static double ring_area_by_geodesics(const struct lu_geodesy *geodesy, const struct lu_ring *ring,
				     struct lu_area_path *path)
{
	const double area = lu_geodesic_ring_area(path->points, path->count, geodesy->a_m, geodesy->f);
	struct lu_point world[] = {{-180.0, -90.0}, {180.0, 90.0}};

	lu_equal_area_project(geodesy->a_m, geodesy->f, world, 2);
	const double earth = (world[1].x - world[0].x) * (world[1].y - world[0].y);
	const double plane =
		lu_ring_area(geodesy->a_m, geodesy->f, path->points, path->count, lu_area_counter_clockwise(ring));
	return area + earth * nearbyint((plane - area) / earth);
}

enum lu_status lu_geodesic_area(const struct lu_geodesy *geodesy, const struct lu_polygon *polygon, double *area_m2,
				struct lu_error *err)
{
	const struct lu_box box = lu_polygon_box(polygon);
	const double span = fmax(box.max_x - box.min_x, box.max_y - box.min_y);
	struct lu_area_path path = {0};
	double scale, sum = 0.0;
	enum lu_status status;

	*area_m2 = 0.0;
	if (polygon->count == 0 || !(span > 0.0))
		return LU_OK;
	LU_TRY(lu_area_scale(geodesy,
			     (struct lu_point){.x = (box.min_x + box.max_x) / 2.0, .y = (box.min_y + box.max_y) / 2.0},
			     span / 1000.0, &scale, err));
	for (size_t i = 0; i < polygon->count; i++) {
		const struct lu_ring *ring = &polygon->rings[i];

		path.count = 0;
		for (size_t k = 0; k < ring->count; k++) {
			const struct lu_point p = ring->points[k], q = ring->points[(k + 1) % ring->count];
			const size_t pieces = lu_area_pieces(p, q, scale);

			LU_TRY(lu_area_path_reserve(&path, pieces, err));
			lu_area_path_edge(&path, p, q, pieces);
		}
		LU_TRY(lu_area_lonlat(geodesy, path.points, path.count, err));
		sum += ring_area_by_geodesics(geodesy, ring, &path);
	}
	*area_m2 = sum;
out:
	lu_free(path.points);
	return status;
}
