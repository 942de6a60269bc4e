/*
 * boundary.c: a county's outline, from any OGR source. See boundary.h.
 */
#include "raster/boundary.h"

#include <ogr_api.h>

#include "base/memory.h"
#include "base/text.h"
#include "raster/crs.h"
#include "raster/polygons.h"
#include "raster/repair.h"
#include "raster/start.h"

struct reader {
	struct lu_polygon_source source;
	void *shape; /* the polygons of all matching features */
	long long features; /* that match */
	char *name;
};

/* What the feature calls itself, or NULL. */
static char *name_of(OGRFeatureH feature)
{
	static const char *const fields[] = {"NAMELSAD", "NAME", "COUNTY", "TOWN"};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const int index = OGR_F_GetFieldIndex(feature, fields[i]);

		if (index >= 0 && OGR_F_IsFieldSetAndNotNull(feature, index) &&
		    OGR_F_GetFieldAsString(feature, index)[0] != '\0')
			return lu_text_utf8(OGR_F_GetFieldAsString(feature, index));
	}
	return NULL;
}

static enum lu_status read_features(struct reader *reader, struct lu_trap *trap, struct lu_error *err)
{
	struct lu_polygon_source *source = &reader->source;
	enum lu_status status = LU_OK;
	OGRFeatureH feature;

	reader->shape = OGR_G_CreateGeometry(wkbMultiPolygon);
	lu_trap_clear(trap);
	OGR_L_ResetReading(source->handle);
	while (status == LU_OK && (feature = OGR_L_GetNextFeature(source->handle)) != NULL) {
		const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);

		reader->features++;
		if (geometry != NULL)
			status = lu_shape_add(source, reader->shape, geometry, OGR_F_GetFID(feature), err);
		if (reader->features == 1) {
			reader->name = name_of(feature);
		} else {
			lu_free(reader->name);
			reader->name = NULL;
		}
		OGR_F_Destroy(feature);
	}
	if (status != LU_OK)
		return status;
	lu_polygon_source_done(source);
	if (trap->failed)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: cannot be read: %s", source->path, trap->text);
	if (reader->features == 0 && source->where != NULL)
		return lu_polygon_source_empty(source, err);
	if (OGR_G_GetGeometryCount(reader->shape) == 0)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no polygons in %lld features of layer '%s': expected the county's "
			       "area, not lines or points",
			       source->path, reader->features, OGR_L_GetName(source->handle));
	if (reader->name == NULL)
		reader->name = lu_text_utf8(OGR_L_GetName(source->handle));
	if (reader->name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for the boundary");
	return LU_OK;
}

static enum lu_status deliver(struct reader *reader, const char *crs_wkt_target, struct lu_polygon *out,
			      struct lu_error *err)
{
	const struct lu_polygon_source *source = &reader->source;
	struct lu_transform *transform = NULL;
	enum lu_status status = LU_OK;

	if (crs_wkt_target != NULL && !lu_crs_same(source->crs_wkt, crs_wkt_target)) {
		LU_TRY(lu_transform_new(source->crs_wkt, crs_wkt_target, &transform, err));
		LU_TRY(lu_shape_densify(reader->shape, source->crs_wkt, err));
	}
	status = lu_shape_rings(reader->shape, transform, out, err);
	if (status != LU_OK)
		lu_fail_within(err, "%s", source->path);
	else if (out->count == 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: its polygons have no area", source->path);
out:
	lu_transform_free(transform);
	return status;
}

enum lu_status lu_boundary_read(const struct lu_boundary_options *options, struct lu_polygon *out, char **name,
				struct lu_error *err)
{
	struct reader reader = {.source = {.path = options->path,
					   .layer = options->layer,
					   .where = options->where,
					   .thing = "boundary",
					   .hooks = options->hooks}};
	enum lu_status status;
	struct lu_trap trap;

	*out = (struct lu_polygon){0};
	if (name != NULL)
		*name = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(lu_polygon_source_open(&reader.source, &trap, err));
	LU_TRY(read_features(&reader, &trap, err));
	LU_TRY(lu_shape_unite(options->path, &reader.shape, &trap, err));
	LU_TRY(deliver(&reader, options->crs_wkt_target, out, err));
	if (name != NULL) {
		*name = reader.name;
		reader.name = NULL;
	}
out:
	if (status != LU_OK)
		lu_polygon_release(out);
	lu_free(reader.name);
	OGR_G_DestroyGeometry(reader.shape);
	lu_polygon_source_close(&reader.source);
	lu_trap_drop(&trap);
	return status;
}
