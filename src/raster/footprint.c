/* footprint.c: GEOS's answer where OGR has GEOS, on the county prepared for many questions. */
#include "raster/footprint.h"

#include <ogr_api.h>

#include "base/memory.h"
#include "raster/polygons.h"
#include "raster/start.h"
#include "raster/trap.h"

struct lu_footprint {
	struct lu_box box;
	OGRGeometryH county;
	OGRPreparedGeometryH prepared; /* NULL: OGR has no GEOS, and boxes have to do */
};

enum lu_status lu_footprint_new(const struct lu_polygon *county, struct lu_footprint **out, struct lu_error *err)
{
	struct lu_footprint *footprint = NULL;
	enum lu_status status;
	struct lu_trap trap;

	*out = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(lu_alloc(&footprint, 1, sizeof(*footprint), "the county's outline", err));
	footprint->box = lu_polygon_box(county);
	footprint->county = lu_shape_of(county);
	if (footprint->county == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the county's outline");
		goto out;
	}
	if (OGRHasPreparedGeometrySupport())
		footprint->prepared = OGRCreatePreparedGeometry(footprint->county);
	*out = footprint;
	footprint = NULL;
out:
	lu_footprint_free(footprint);
	lu_trap_drop(&trap);
	return status;
}

void lu_footprint_free(struct lu_footprint *footprint)
{
	if (footprint == NULL)
		return;
	if (footprint->prepared != NULL)
		OGRDestroyPreparedGeometry(footprint->prepared);
	if (footprint->county != NULL)
		OGR_G_DestroyGeometry(footprint->county);
	lu_free(footprint);
}

struct lu_box lu_footprint_box(const struct lu_footprint *footprint)
{
	return footprint->box;
}

enum lu_status lu_footprint_meets(const struct lu_footprint *footprint, const char *geojson, bool *meets,
				  struct lu_error *err)
{
	enum lu_status status = LU_OK;
	OGREnvelope box;
	struct lu_trap trap;

	*meets = false;
	lu_trap_set(&trap);
	OGRGeometryH geometry = OGR_G_CreateGeometryFromJson(geojson);
	if (geometry == NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT, "its geometry is none of GeoJSON's: %s",
				 lu_trap_text(&trap, "unknown type"));
		goto out;
	}
	if (OGR_G_IsEmpty(geometry))
		goto out;
	OGR_G_GetEnvelope(geometry, &box);
	*meets = box.MinX < footprint->box.max_x && box.MaxX > footprint->box.min_x &&
		 box.MinY < footprint->box.max_y && box.MaxY > footprint->box.min_y;
	if (*meets && footprint->prepared != NULL)
		*meets = OGRPreparedGeometryIntersects(footprint->prepared, geometry) &&
			 !OGR_G_Touches(footprint->county, geometry);
out:
	if (geometry != NULL)
		OGR_G_DestroyGeometry(geometry);
	lu_trap_drop(&trap);
	return status;
}
