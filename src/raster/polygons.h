/*
 * polygons.h: inside raster/: a layer of polygons, opened, and its shapes out of OGR's hands and back.
 *
 * A shape is an OGR multipolygon (OGRGeometryH; OGR_G_DestroyGeometry it).
 */
#ifndef LU_RASTER_POLYGONS_H
#define LU_RASTER_POLYGONS_H

#include "base/error.h"
#include "base/geometry.h"
#include "base/hooks.h"
#include "raster/transform.h"
#include "raster/trap.h"

struct lu_polygon_source {
	/* The caller's. */
	const char *path, *layer, *where; /* layer NULL: the only one; where NULL: every feature */
	const char *thing; /* for messages: "boundary" */
	const struct lu_hooks *hooks; /* hear of repairs; may be NULL */
	/* Filled by opening. */
	void *dataset, *handle; /* GDALDatasetH, OGRLayerH */
	char *crs_wkt; /* of the layer */
	double metres; /* of a unit of the CRS, as lu_crs_unit tells them */
	bool geographic;
	/* By reading (repair.h): features repaired so far. */
	size_t repaired;
};

/* Open, choose the layer and apply the filter. Close also after a failure. */
enum lu_status lu_polygon_source_open(struct lu_polygon_source *source, struct lu_trap *trap, struct lu_error *err);
void lu_polygon_source_close(struct lu_polygon_source *source);

/* The layer's fields with commas between, as far as they fit. */
void lu_polygon_source_fields(const struct lu_polygon_source *source, char *list, size_t size);

/* LU_ERROR_ARGUMENT: the filter lets nothing through; tells the fields. */
enum lu_status lu_polygon_source_empty(struct lu_polygon_source *source, struct lu_error *err);

/* Say what is left to say of repairs, after the last feature (see repair.h). */
void lu_polygon_source_done(struct lu_polygon_source *source);

/* Add the polygons inside 'geometry' (any nesting) to 'shape', as they are. */
void lu_shape_collect(void *geometry, void *shape);

/* Several polygons may touch or overlap: make '*shape' one outline of them. */
enum lu_status lu_shape_unite(const char *path, void **shape, struct lu_trap *trap, struct lu_error *err);

/* Set points along the edges of 'shape', in 'crs_wkt', so that they stay where they are when the CRS changes. */
enum lu_status lu_shape_densify(void *shape, const char *crs_wkt, struct lu_error *err);

/*
 * 'shape' as rings, a shell before its holes, oriented as geometry.h says, through 'transform' (NULL: as
 * they are). No ring at all for a shape without area. Release '*out' also after a failure.
 */
enum lu_status lu_shape_rings(void *shape, struct lu_transform *transform, struct lu_polygon *out,
			      struct lu_error *err);

/* The way back, for rings in that order; NULL when memory is out. */
void *lu_shape_of(const struct lu_polygon *polygon);

#endif
