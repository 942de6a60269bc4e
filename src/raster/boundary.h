/*
 * boundary.h: a county's outline, from any OGR source.
 *
 * The outline's edges are straight lines in the CRS they were drawn in. In another CRS they bend,
 * so points are set along them (at most 100 m apart) before they are transformed: two counties
 * that share an edge still share it afterwards.
 */
#ifndef LU_RASTER_BOUNDARY_H
#define LU_RASTER_BOUNDARY_H

#include "base/error.h"
#include "base/geometry.h"
#include "base/hooks.h"

struct lu_boundary_options {
	const char *path; /* GeoPackage, Shapefile, GeoJSON, ..., "/vsi..." */
	const char *layer; /* NULL: the only layer */
	const char *where; /* NULL: every feature; else OGR SQL's "GEOID = '25015'" */
	const char *crs_wkt_target; /* NULL: leave the coordinates in the source's CRS */
	const struct lu_hooks *hooks; /* hear what was repaired; NULL: nobody does */
};

/*
 * The union of the matching polygons in '*out' (released by the caller), oriented as geometry.h
 * says. Invalid outlines are repaired where that moves a trace of their area at most (repair.h), and told. '*name' (may be NULL; lu_free it)
 * is the single feature's NAME, or the layer's name; always UTF-8.
 *
 * LU_ERROR_ARGUMENT: no such file; LU_ERROR_FORMAT: not a vector file, no CRS, no polygons, invalid by more than a trace;
 * LU_ERROR_ARGUMENT: no such layer, a where that is wrong or matches nothing, with what there is.
 * Any thread.
 */
enum lu_status lu_boundary_read(const struct lu_boundary_options *options, struct lu_polygon *out, char **name,
				struct lu_error *err);

#endif
