/*
 * areas.h: areas on the ellipsoid.
 *
 * Two ways, which check each other:
 *
 *  - Geodesic polygons (C. F. F. Karney: Algorithms for geodesics, J. Geodesy 87, 2013; PROJ's
 *    geodesic.h), for the county's own area.
 *
 *  - For cells, by the million: plane areas in an equal-area projection (see ring_area.h). One sine and
 *    one logarithm a vertex, no loss of digits for small cells, and neighbours' common sides cancel.
 *
 * Edges mean straight lines in the CRS that the polygon came in. Both ways follow them by dividing
 * edges into pieces of at most LU_AREA_PIECE_M, which leaves less than 0.02 m^2 a piece.
 *
 * Polygons and cells may cross the 180th meridian and hold a pole.
 */
#ifndef LU_GRID_AREAS_H
#define LU_GRID_AREAS_H

#include "base/geometry.h"

/* Longest piece of an edge, metres. The error of a piece grows with its cube. */
#define LU_AREA_PIECE_M 100.0

/*
 * A CRS as areas need it: the way to longitude and latitude in degrees on its own ellipsoid (no
 * datum shift), and that ellipsoid. 'to_lonlat' rewrites 'count' points in place, and is called from
 * the thread that called us.
 */
struct lu_geodesy {
	enum lu_status (*to_lonlat)(void *user, struct lu_point *points, size_t count, struct lu_error *err);
	void *user;
	double a_m; /* equatorial radius */
	double f; /* flattening, 0 <= f < 1 */
};

/* Signed area in m^2 (positive: counter-clockwise) of a closed ring of geodesics through 'count' points in degrees. */
double lu_geodesic_ring_area(const struct lu_point *lonlat_deg, size_t count, double a_m, double f);

/*
 * The polygon's own area in m^2, by geodesics: the figure that a county's classes and unmapped
 * parts must add up to. Holes are subtracted by their direction (see struct lu_polygon).
 */
enum lu_status lu_geodesic_area(const struct lu_geodesy *geodesy, const struct lu_polygon *polygon, double *area_m2,
				struct lu_error *err);

/*
 * Areas of a frame's cells and of parts of them. One meter serves one thread (it keeps scratch
 * space); 'geodesy' and 'cells' must outlive it.
 */
struct lu_cell_meter;
enum lu_status lu_cell_meter_new(const struct lu_geodesy *geodesy, const struct lu_frame *cells,
				 struct lu_cell_meter **out, struct lu_error *err);
void lu_cell_meter_free(struct lu_cell_meter *meter);

/*
 * Areas in m^2 of the whole cells 'first' .. 'first' + 'count' - 1 of 'row' into area_m2[0 .. count - 1].
 *
 * Each cell's corners are carried to the ellipsoid only where cells are large, or where the CRS
 * bends too much; otherwise cells are read from patches (see cell_patch.h), within LU_PATCH_TOLERANCE.
 * Which way a cell goes, and its area, depend on the frame alone.
 */
enum lu_status lu_cell_meter_row(struct lu_cell_meter *meter, int64_t row, int64_t first, int64_t count,
				 double *area_m2, struct lu_error *err);

/* The same from each cell's own corners: the reference, a hundred times as slow. */
enum lu_status lu_cell_meter_row_by_corners(struct lu_cell_meter *meter, int64_t row, int64_t first, int64_t count,
					    double *area_m2, struct lu_error *err);

/* Area in m^2 of a polygon in the frame's CRS, such as a cell's part inside the county. */
enum lu_status lu_cell_meter_polygon(struct lu_cell_meter *meter, const struct lu_polygon *polygon, double *area_m2,
				     struct lu_error *err);

#endif
