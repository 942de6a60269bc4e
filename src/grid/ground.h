/*
 * ground.h: the ground that maps lie on: the county's polygon on a frame of cells, and areas there.
 */
#ifndef LU_GRID_GROUND_H
#define LU_GRID_GROUND_H

#include "base/geometry.h"
#include "base/hooks.h"
#include "grid/areas.h"
#include "grid/coverage.h"
#include "raster/transform.h"

struct lu_ground {
	struct lu_polygon county; /* in the frame's CRS */
	char *name; /* of the county; NULL: nobody named it */
	struct lu_coverage *coverage;
	struct lu_transform *transform; /* frame's CRS to longitude and latitude */
	struct lu_geodesy geodesy;
	struct lu_cell_meter *meter;
	double county_m2; /* the county's own geodesic area */
};

/* Where the county's polygon comes from; 'boundary' NULL means 'box' is the county. */
struct lu_county_source {
	const char *boundary, *layer, *where;
	struct lu_box box; /* in the CRS asked for */
	const struct lu_hooks *hooks; /* hear what was repaired; may be NULL */
};

/* The county's polygon in 'crs_wkt'; both results are the caller's. '*name' may be NULL on return. */
enum lu_status lu_county_polygon(const struct lu_county_source *source, const char *crs_wkt, struct lu_polygon *polygon,
				 char **name, struct lu_error *err);

/*
 * Lay 'county' (taken over, also on failure) on 'cells', which must outlive the ground. One ground
 * serves one thread, but its coverage may be read by all. It must stay where it is: parts of it point at others.
 */
enum lu_status lu_ground_make(struct lu_polygon *county, const struct lu_frame *cells, struct lu_ground *out,
			      struct lu_error *err);
void lu_ground_release(struct lu_ground *ground);

/* A meter for one more thread, with the way to the ellipsoid that it needs. It must stay where it is. */
struct lu_ground_meter {
	struct lu_transform *transform;
	struct lu_geodesy geodesy;
	struct lu_cell_meter *cells;
};
/* 'cells' is the frame of 'ground' and must outlive the meter. */
enum lu_status lu_ground_meter_make(const struct lu_ground *ground, const struct lu_frame *cells,
				    struct lu_ground_meter *out, struct lu_error *err);
void lu_ground_meter_release(struct lu_ground_meter *meter);

#endif
