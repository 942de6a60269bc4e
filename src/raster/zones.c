/*
 * zones.c: features gathered by name, united, carried to the county's CRS and cut to it by GEOS.
 */
#include "raster/zones.h"

#include <ogr_api.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "raster/crs.h"
#include "raster/polygons.h"
#include "raster/repair.h"
#include "raster/start.h"

struct reader {
	const struct lu_zones_options *options;
	struct lu_polygon_source source;
	struct lu_transform *transform; /* NULL: the layer is in the county's CRS */
	void *county; /* shapes */
	void *together; /* the parts inside, not united yet */
	void **gathered; /* one a zone */
	struct lu_zone_shapes *out;
};

/* The zone called 'name', begun if need be. */
static enum lu_status zone_of(struct reader *reader, const char *name, size_t *number, struct lu_error *err)
{
	struct lu_zone_shapes *out = reader->out;
	enum lu_status status;

	for (size_t i = 0; i < out->count; i++) {
		if (strcmp(out->zones[i].name, name) == 0) {
			*number = i;
			return LU_OK;
		}
	}
	LU_TRY(lu_grow(&out->zones, out->count + 1, sizeof(*out->zones), "zones", err));
	LU_TRY(lu_grow(&reader->gathered, out->count + 1, sizeof(*reader->gathered), "zones", err));
	*number = out->count;
	out->zones[*number] = (struct lu_zone_shape){.name = lu_strdup(name)};
	if (out->zones[*number].name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a zone's name");
	reader->gathered[*number] = OGR_G_CreateGeometry(wkbMultiPolygon);
	out->count++;
out:
	return status;
}

static enum lu_status gather_feature(struct reader *reader, OGRFeatureH feature, int field, struct lu_error *err)
{
	char *name = lu_text_utf8(OGR_F_GetFieldAsString(feature, field));
	enum lu_status status = LU_OK;
	size_t number;

	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a zone's name");
	if (name[strspn(name, " \t\r\n")] == '\0') {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: feature %lld has no %s (name it, or leave it out: where: \"%s IS NOT NULL\")",
				 reader->source.path, (long long)OGR_F_GetFID(feature), reader->options->name,
				 reader->options->name);
		goto out;
	}
	LU_TRY(zone_of(reader, name, &number, err));
	if (OGR_F_GetGeometryRef(feature) != NULL)
		LU_TRY(lu_shape_add(&reader->source, reader->gathered[number], OGR_F_GetGeometryRef(feature),
				    OGR_F_GetFID(feature), err));
out:
	lu_free(name);
	return status;
}

static enum lu_status gather(struct reader *reader, struct lu_trap *trap, struct lu_error *err)
{
	struct lu_polygon_source *source = &reader->source;
	const int field = OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(source->handle), reader->options->name);
	enum lu_status status = LU_OK;
	OGRFeatureH feature;
	char fields[400];

	if (field < 0) {
		lu_polygon_source_fields(source, fields, sizeof(fields));
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no field '%s' to name the zones by (fields: %s)",
			       source->path, reader->options->name, fields);
	}
	lu_trap_clear(trap);
	OGR_L_ResetReading(source->handle);
	while (status == LU_OK && (feature = OGR_L_GetNextFeature(source->handle)) != NULL) {
		status = gather_feature(reader, feature, field, err);
		OGR_F_Destroy(feature);
	}
	if (status == LU_OK)
		lu_polygon_source_done(source);
	if (status == LU_OK && trap->failed)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: cannot be read: %s", source->path, trap->text);
	if (status == LU_OK && reader->out->count == 0)
		return source->where != NULL
			       ? lu_polygon_source_empty(source, err)
			       : lu_fail(err, LU_ERROR_FORMAT, "%s: no features, so no zones", source->path);
	return status;
}

/* The zone's part inside the county; none is no error. */
static enum lu_status cut(struct reader *reader, struct lu_zone_shape *zone, struct lu_trap *trap, struct lu_error *err)
{
	OGRGeometryH whole = lu_shape_of(&zone->whole), inside, parts;
	enum lu_status status = LU_OK;

	lu_trap_clear(trap);
	inside = OGR_G_Intersects(whole, reader->county) ? OGR_G_Intersection(whole, reader->county) : NULL;
	parts = OGR_G_CreateGeometry(wkbMultiPolygon);
	if (inside != NULL)
		LU_TRY(lu_shape_add(&reader->source, parts, inside, -1, err));
	if (trap->failed) {
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: zone '%s' cannot be cut to the county: %s (repair it: ogr2ogr -makevalid)",
				 reader->source.path, zone->name, trap->text);
		goto out;
	}
	for (int i = 0; i < OGR_G_GetGeometryCount(parts); i++)
		OGR_G_AddGeometry(reader->together, OGR_G_GetGeometryRef(parts, i));
	LU_TRY(lu_shape_rings(parts, NULL, &zone->inside, err));
out:
	OGR_G_DestroyGeometry(parts);
	OGR_G_DestroyGeometry(inside);
	OGR_G_DestroyGeometry(whole);
	return status;
}

static enum lu_status finish_zone(struct reader *reader, size_t number, struct lu_trap *trap, struct lu_error *err)
{
	struct lu_zone_shape *zone = &reader->out->zones[number];
	enum lu_status status;

	LU_TRY(lu_shape_unite(reader->source.path, &reader->gathered[number], trap, err));
	if (reader->transform != NULL)
		LU_TRY(lu_shape_densify(reader->gathered[number], reader->source.crs_wkt, err));
	LU_TRY(lu_shape_rings(reader->gathered[number], reader->transform, &zone->whole, err));
	if (zone->whole.count == 0) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: zone '%s' has no area: expected polygons",
				 reader->source.path, zone->name);
		goto out;
	}
	LU_TRY(cut(reader, zone, trap, err));
out:
	return status;
}

enum lu_status lu_zones_read(const struct lu_zones_options *options, const struct lu_polygon *county,
			     struct lu_zone_shapes *out, struct lu_error *err)
{
	struct reader reader = {.options = options,
				.source = {.path = options->path,
					   .layer = options->layer,
					   .where = options->where,
					   .thing = "layer of zones",
					   .hooks = options->hooks},
				.out = out};
	enum lu_status status;
	struct lu_trap trap;

	*out = (struct lu_zone_shapes){0};
	lu_raster_start(0);
	lu_trap_set(&trap);
	reader.county = lu_shape_of(county);
	reader.together = OGR_G_CreateGeometry(wkbMultiPolygon);
	LU_TRY(lu_polygon_source_open(&reader.source, &trap, err));
	if (!lu_crs_same(reader.source.crs_wkt, options->crs_wkt))
		LU_TRY(lu_transform_new(reader.source.crs_wkt, options->crs_wkt, &reader.transform, err));
	LU_TRY(gather(&reader, &trap, err));
	for (size_t i = 0; i < out->count; i++)
		LU_TRY(finish_zone(&reader, i, &trap, err));
	LU_TRY(lu_shape_unite(options->path, &reader.together, &trap, err));
	LU_TRY(lu_shape_rings(reader.together, NULL, &out->together, err));
out:
	for (size_t i = 0; i < out->count; i++)
		OGR_G_DestroyGeometry(reader.gathered[i]);
	lu_free(reader.gathered);
	OGR_G_DestroyGeometry(reader.together);
	OGR_G_DestroyGeometry(reader.county);
	lu_transform_free(reader.transform);
	lu_polygon_source_close(&reader.source);
	lu_trap_drop(&trap);
	return status;
}

void lu_zone_shapes_release(struct lu_zone_shapes *shapes)
{
	for (size_t i = 0; i < shapes->count; i++) {
		lu_free(shapes->zones[i].name);
		lu_polygon_release(&shapes->zones[i].whole);
		lu_polygon_release(&shapes->zones[i].inside);
	}
	lu_free(shapes->zones);
	lu_polygon_release(&shapes->together);
	*shapes = (struct lu_zone_shapes){0};
}
