/*
 * curves.h: inside raster/: arcs as chords, close enough that areas do not notice.
 */
#ifndef LU_RASTER_CURVES_H
#define LU_RASTER_CURVES_H

/*
 * 'geometry' (OGRGeometryH) without curves, the caller's; NULL when it cannot be had. A chord leaves its arc by a
 * millimetre at most ('metres' is the length of a unit of the CRS), and an arc is cut every 0.1 degrees at least.
 */
void *lu_straight(void *geometry, double metres);

#endif
