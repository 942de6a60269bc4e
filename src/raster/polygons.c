/*
 * polygons.c: opening a layer of polygons, and its shapes out of OGR's hands and back. See polygons.h.
 */
#include "raster/polygons.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/crs.h"
#include "raster/open.h"
#include "raster/osr.h"
#include "raster/transform.h"
#include "raster/vsi.h"

/* Metres between points set along an edge: a 100 m chord of the worst common projection bends by millimetres. */
#define STEP_M 100.0

/* No outline gets more points than about this: the step grows instead. */
#define POINTS_MAX 1e6

/* Append "item, " to a list in a fixed buffer, as far as it fits. */
static void list_append(char *list, size_t size, const char *item)
{
	const size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "", item);
}

static enum lu_status open_source(struct lu_polygon_source *source, struct lu_trap *trap, struct lu_error *err)
{
	const char *path = source->path;
	struct lu_vsi_info info;
	char remedy[LU_VSI_REMEDY];

	if (!lu_vsi_stat(path, &info) && strchr(path, ':') == NULL)
		return lu_fail(err, lu_vsi_missing(path), "%s: no such file (check the name of the %s%s)", path,
			       source->thing, STARTS_WITH(path, "~/") ? "; ~ is not expanded here" : "");
	if (lu_file_check(path, err) != LU_OK)
		return LU_ERROR_ARGUMENT;
	source->dataset = lu_open_vector(path, LU_NAMED, NULL);
	if (source->dataset == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: not a %s that can be read: %s%s", path, source->thing,
			       lu_trap_text(trap, "unknown format"),
			       lu_vsi_remedy(path, remedy)[0] != '\0'
				       ? remedy
				       : " (expected GeoPackage, Shapefile, GeoJSON or the like)");
	return LU_OK;
}

static enum lu_status find_layer(struct lu_polygon_source *source, struct lu_error *err)
{
	const int tables = GDALDatasetGetLayerCount(source->dataset);
	OGRLayerH spatial = NULL;
	int count = 0;
	char names[400] = "";

	/* Tables without geometry, as the styles that QGIS keeps in a GeoPackage, are not in question. */
	for (int i = 0; i < tables; i++) {
		const OGRLayerH layer = GDALDatasetGetLayer(source->dataset, i);
		if (OGR_L_GetGeomType(layer) == wkbNone)
			continue;
		spatial = layer;
		count++;
		list_append(names, sizeof(names), OGR_L_GetName(layer));
	}
	if (source->layer != NULL) {
		source->handle = GDALDatasetGetLayerByName(source->dataset, source->layer);
		if (source->handle == NULL)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no layer '%s' (it has: %s)", source->path,
				       source->layer, names);
		return LU_OK;
	}
	if (count == 0)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: no layers: expected one with polygons", source->path);
	if (count > 1)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: %d layers: expected the job to name one (layer: one of %s)",
			       source->path, count, names);
	source->handle = spatial;
	return LU_OK;
}

static enum lu_status find_crs(struct lu_polygon_source *source, struct lu_error *err)
{
	const OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(source->handle);
	enum lu_status status;

	if (crs == NULL)
		return lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: layer '%s' has no coordinate reference system (a Shapefile needs its .prj beside it; or "
			"assign one with ogr2ogr -a_srs)",
			source->path, OGR_L_GetName(source->handle));
	LU_TRY(lu_osr_export(crs, &source->crs_wkt, err));
	LU_TRY(lu_crs_unit(source->crs_wkt, &source->metres, &source->geographic, err));
out:
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", source->path);
}

void lu_polygon_source_fields(const struct lu_polygon_source *source, char *list, size_t size)
{
	const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(source->handle);
	const int count = OGR_FD_GetFieldCount(definition);

	list[0] = '\0';
	for (int i = 0; i < count; i++)
		list_append(list, size, OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
}

/* Can a first feature be had, or the end? Databases look at a filter only then. */
static bool can_read(struct lu_polygon_source *source, const struct lu_trap *trap)
{
	OGR_L_ResetReading(source->handle);
	OGR_F_Destroy(OGR_L_GetNextFeature(source->handle));
	OGR_L_ResetReading(source->handle);
	return !trap->failed;
}

static enum lu_status apply_where(struct lu_polygon_source *source, struct lu_trap *trap, struct lu_error *err)
{
	const char *where = source->where, *why;
	char fields[400], text[300];

	if (where == NULL)
		return LU_OK;
	lu_trap_clear(trap);
	if (OGR_L_SetAttributeFilter(source->handle, where) == OGRERR_NONE && can_read(source, trap))
		return LU_OK;
	why = lu_trap_text(trap, "a syntax error");
	/* Databases cite a statement, which is GDAL's and not the user's; the reason stands behind it, if at all. */
	if (strstr(why, "no such column") != NULL)
		why = strstr(why, "no such column");
	else if (strstr(why, "SELECT") != NULL)
		why = "a field that is not there, or no SQL";
	snprintf(text, sizeof(text), "%s", why);
	OGR_L_SetAttributeFilter(source->handle, NULL);
	lu_trap_clear(trap);
	if (!can_read(source, trap))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: cannot be read: %s", source->path,
			       lu_trap_text(trap, "unknown reason"));
	lu_polygon_source_fields(source, fields, sizeof(fields));
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: where: \"%s\" is not understood: %s (fields: %s)", source->path,
		       where, text, fields);
}

enum lu_status lu_polygon_source_open(struct lu_polygon_source *source, struct lu_trap *trap, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(open_source(source, trap, err));
	LU_TRY(find_layer(source, err));
	LU_TRY(find_crs(source, err));
	LU_TRY(apply_where(source, trap, err));
out:
	return status;
}

void lu_polygon_source_close(struct lu_polygon_source *source)
{
	lu_free(source->crs_wkt);
	if (source->dataset != NULL)
		GDALClose(source->dataset);
}

enum lu_status lu_polygon_source_empty(struct lu_polygon_source *source, struct lu_error *err)
{
	char fields[400];

	lu_polygon_source_fields(source, fields, sizeof(fields));
	OGR_L_SetAttributeFilter(source->handle, NULL);
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: where: \"%s\" matches none of %lld features (fields: %s)",
		       source->path, source->where, (long long)OGR_L_GetFeatureCount(source->handle, 1), fields);
}

void lu_shape_collect(void *geometry, void *shape)
{
	const OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));

	if (type == wkbPolygon) {
		if (!OGR_G_IsEmpty(geometry))
			OGR_G_AddGeometry(shape, geometry);
		return;
	}
	if (!OGR_GT_IsSubClassOf(type, wkbGeometryCollection))
		return;
	for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++)
		lu_shape_collect(OGR_G_GetGeometryRef(geometry, i), shape);
}

enum lu_status lu_shape_unite(const char *path, void **shape, struct lu_trap *trap, struct lu_error *err)
{
	const int count = OGR_G_GetGeometryCount(*shape);
	OGRGeometryH united, parts;

	if (count < 2)
		return LU_OK;
	lu_trap_clear(trap);
	united = OGR_G_UnionCascaded(*shape);
	parts = OGR_G_CreateGeometry(wkbMultiPolygon);
	if (united != NULL)
		lu_shape_collect(united, parts);
	OGR_G_DestroyGeometry(united);
	if (OGR_G_GetGeometryCount(parts) == 0) {
		OGR_G_DestroyGeometry(parts);
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: its %d polygons cannot be united: %s (repair them: ogr2ogr -makevalid)", path,
			       count, lu_trap_text(trap, "unknown reason"));
	}
	OGR_G_DestroyGeometry(*shape);
	*shape = parts;
	return LU_OK;
}

enum lu_status lu_shape_densify(void *shape, const char *crs_wkt, struct lu_error *err)
{
	double metres, length, step;
	enum lu_status status;
	bool geographic;

	status = lu_crs_unit(crs_wkt, &metres, &geographic, err);
	if (status != LU_OK)
		return status;
	length = 0;
	for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++) {
		const OGRGeometryH polygon = OGR_G_GetGeometryRef(shape, i);

		for (int j = 0; j < OGR_G_GetGeometryCount(polygon); j++)
			length += OGR_G_Length(OGR_G_GetGeometryRef(polygon, j));
	}
	step = STEP_M / metres;
	if (length / step > POINTS_MAX)
		step = length / POINTS_MAX;
	OGR_G_Segmentize(shape, step);
	return LU_OK;
}

/* Copy a closed OGR ring, without its last point, which repeats the first. */
static enum lu_status copy_ring(OGRGeometryH from, struct lu_ring *to, struct lu_error *err)
{
	int count = OGR_G_GetPointCount(from);
	enum lu_status status;

	if (count > 1 && OGR_G_GetX(from, 0) == OGR_G_GetX(from, count - 1) &&
	    OGR_G_GetY(from, 0) == OGR_G_GetY(from, count - 1))
		count--;
	status = lu_alloc(&to->points, (size_t)count, sizeof(*to->points), "a boundary ring", err);
	if (status != LU_OK)
		return status;
	to->count = (size_t)count;
	for (int i = 0; i < count; i++)
		to->points[i] = (struct lu_point){OGR_G_GetX(from, i), OGR_G_GetY(from, i)};
	return LU_OK;
}

/* Turn the ring so that shells run counter-clockwise and holes clockwise. */
static void orient(struct lu_ring *ring, bool hole)
{
	const struct lu_polygon alone = {ring, 1};
	const double area = lu_polygon_area(&alone);

	if ((area < 0) == hole)
		return;
	for (size_t i = 0, j = ring->count - 1; i < j; i++, j--) {
		const struct lu_point swapped = ring->points[i];

		ring->points[i] = ring->points[j];
		ring->points[j] = swapped;
	}
}

enum lu_status lu_shape_rings(void *shape, struct lu_transform *transform, struct lu_polygon *out, struct lu_error *err)
{
	enum lu_status status;
	size_t rings = 0;

	for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++)
		rings += (size_t)OGR_G_GetGeometryCount(OGR_G_GetGeometryRef(shape, i));
	LU_TRY(lu_alloc(&out->rings, rings, sizeof(*out->rings), "a boundary", err));
	for (int i = 0; i < OGR_G_GetGeometryCount(shape); i++) {
		const OGRGeometryH polygon = OGR_G_GetGeometryRef(shape, i);

		for (int j = 0; j < OGR_G_GetGeometryCount(polygon); j++) {
			const OGRGeometryH given = OGR_G_GetGeometryRef(polygon, j);
			struct lu_ring *ring = &out->rings[out->count];

			if (OGR_G_GetPointCount(given) < 4)
				continue;
			LU_TRY(copy_ring(given, ring, err));
			out->count++;
			if (transform != NULL)
				LU_TRY(lu_transform_points(transform, ring->points, ring->count, err));
			orient(ring, j > 0);
		}
	}
out:
	return status;
}

void *lu_shape_of(const struct lu_polygon *polygon)
{
	OGRGeometryH shape = OGR_G_CreateGeometry(wkbMultiPolygon), part = NULL;

	for (size_t r = 0; r < polygon->count; r++) {
		const struct lu_ring *from = &polygon->rings[r];
		const struct lu_polygon alone = {&polygon->rings[r], 1};
		OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);

		/* Added one by one, each would have the whole ring moved where realloc cannot do without. */
		OGR_G_SetPointCount(ring, (int)from->count + 1);
		for (size_t i = 0; i <= from->count; i++)
			OGR_G_SetPoint_2D(ring, (int)i, from->points[i % from->count].x,
					  from->points[i % from->count].y);
		if (part == NULL || lu_polygon_area(&alone) > 0) {
			if (part != NULL)
				OGR_G_AddGeometryDirectly(shape, part);
			part = OGR_G_CreateGeometry(wkbPolygon);
		}
		OGR_G_AddGeometryDirectly(part, ring);
	}
	if (part != NULL)
		OGR_G_AddGeometryDirectly(shape, part);
	return shape;
}
