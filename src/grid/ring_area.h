/*
 * ring_area.h: the plane area of a ring on the ellipsoid, in the equal-area projection that suits it.
 *
 * The area enclosed by a curve on the ellipsoid is the integral of (a^2/2) q(latitude) d(longitude), where q is the
 * authalic function (J. P. Snyder: Map Projections, a Working Manual, USGS PP 1395, 1987, eq. 3-12). In other words, it
 * is the plane area after the cylindrical equal-area projection x = a lon, y = (a/2) q(lat). That plane is torn along a
 * meridian and its poles are lines: a ring about a pole does not close there. The azimuthal equal-area projection about
 * the pole (Snyder, eq. 24-23) has neither seam.
 */
#ifndef LU_GRID_RING_AREA_H
#define LU_GRID_RING_AREA_H

#include "base/geometry.h"

/* From this latitude on, pieces of parallels and meridians are no longer straight enough in the cylindrical plane. */
#define LU_POLAR_DEGREES 85.0

/* 'degrees' moved by whole turns to within 180 of 'near'. */
double lu_unwrap_degrees(double degrees, double near);

/* The cylindrical equal-area projection: degrees to metres, in place. Any thread. */
void lu_equal_area_project(double a_m, double f, struct lu_point *lonlat_deg, size_t count);

/*
 * Signed area in m^2 (positive: counter-clockwise, seen from above) of a closed ring through 'count' points in degrees,
 * which are overwritten. Neighbours lie less than half a turn apart. The ring may go round a pole or through it; of
 * the two parts of the earth that a ring about a pole divides, the one on the side that 'counter_clockwise' tells.
 */
double lu_ring_area(double a_m, double f, struct lu_point *lonlat_deg, size_t count, bool counter_clockwise);

#endif
