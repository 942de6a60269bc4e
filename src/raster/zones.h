/*
 * zones.h: named areas of a vector layer (towns, watersheds), each cut to a county.
 */
#ifndef LU_RASTER_ZONES_H
#define LU_RASTER_ZONES_H

#include "base/error.h"
#include "base/geometry.h"
#include "base/hooks.h"

struct lu_zones_options {
	const char *path, *layer, *where; /* as of a boundary (boundary.h) */
	const char *name; /* the field that names the zones */
	const char *crs_wkt; /* of the county, and of what is read */
	const struct lu_hooks *hooks; /* hear what was repaired; NULL: nobody does */
};

struct lu_zone_shape {
	char *name; /* UTF-8 */
	struct lu_polygon whole; /* the zone's own outline */
	struct lu_polygon inside; /* the part inside the county; rings may be none */
};

struct lu_zone_shapes {
	struct lu_zone_shape *zones; /* in the order in which the layer first names them */
	size_t count;
	struct lu_polygon together; /* all that lies in a zone and in the county */
};

/*
 * Features of one name are one zone; zones may overlap, and reach beyond the county. Invalid outlines are
 * repaired or refused, and edges run, as in boundary.h. LU_ERROR_ARGUMENT: no such field or layer, a feature without a
 * name; LU_ERROR_FORMAT: a zone without an area. '*out' is the caller's (lu_zone_shapes_release), also
 * after a failure. Any thread.
 */
enum lu_status lu_zones_read(const struct lu_zones_options *options, const struct lu_polygon *county,
			     struct lu_zone_shapes *out, struct lu_error *err);
void lu_zone_shapes_release(struct lu_zone_shapes *shapes);

#endif
