/*
 * geometry.h: plain shapes that the parts hand to each other.
 *
 * A frame is a raster without pixels: a CRS, a north-up or rotated affine transform in GDAL's
 * order, and a size. x = t[0] + col*t[1] + row*t[2]; y = t[3] + col*t[4] + row*t[5], where whole
 * numbers are pixel corners and the first pixel's centre is at (0.5, 0.5).
 */
#ifndef LU_BASE_GEOMETRY_H
#define LU_BASE_GEOMETRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A rectangle of pixels or cells: columns x .. x+width-1, rows y .. y+height-1. */
struct lu_rect {
	int64_t x, y, width, height;
};

/* A rectangle on the ground, in CRS units. */
struct lu_box {
	double min_x, min_y, max_x, max_y;
};

struct lu_point {
	double x, y;
};

struct lu_frame {
	char *crs_wkt; /* WKT2, owned */
	double transform[6];
	int64_t width, height; /* pixels */
};

/*
 * A multipolygon as a bag of closed rings (first point not repeated). Shells run
 * counter-clockwise and holes clockwise (y up), so signed ring areas add up to the polygon's.
 */
struct lu_ring {
	struct lu_point *points;
	size_t count;
};
struct lu_polygon {
	struct lu_ring *rings;
	size_t count;
};

enum lu_status lu_frame_copy(const struct lu_frame *from, struct lu_frame *to, struct lu_error *err);
void lu_frame_release(struct lu_frame *frame);
void lu_polygon_release(struct lu_polygon *polygon);
struct lu_box lu_polygon_box(const struct lu_polygon *polygon);
/* Signed planar area (positive: counter-clockwise) in squared units, by the shoelace formula about the first point. */
double lu_polygon_area(const struct lu_polygon *polygon);

/* The rectangle that both share; width and height are 0 when there is none. */
struct lu_rect lu_rect_intersect(struct lu_rect a, struct lu_rect b);

#endif
