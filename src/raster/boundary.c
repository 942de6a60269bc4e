/*
 * boundary.c: a county's outline, from any OGR source. See boundary.h.
 */
#include "raster/boundary.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "raster/osr.h"
#include "raster/start.h"
#include "raster/transform.h"
#include "raster/trap.h"
#include "raster/vsi.h"

/* Metres between points set along an edge: a 100 m chord of the worst common projection bends by millimetres. */
#define STEP_M 100.0

/* No outline gets more points than about this: the step grows instead. */
#define POINTS_MAX 1e6

struct reader {
	const struct lu_boundary_options *options;
	GDALDatasetH dataset;
	OGRLayerH layer;
	char *crs_wkt; /* of the layer */
	OGRGeometryH parts; /* multipolygon: the polygons of all matching features */
	long long features; /* that match */
	char *name;
};

/* Append "item, " to a list in a fixed buffer, as far as it fits. */
static void list_append(char *list, size_t size, const char *item)
{
	const size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "", item);
}

static enum lu_status open_source(struct reader *reader, struct lu_trap *trap, struct lu_error *err)
{
	const char *path = reader->options->path;
	struct lu_vsi_info info;

	if (!lu_vsi_stat(path, &info) && strchr(path, ':') == NULL)
		return lu_fail(err, LU_ERROR_IO, "%s: no such file (check the boundary's name in the job)", path);
	reader->dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
	if (reader->dataset == NULL)
		return lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: not a boundary that can be read: %s (expected GeoPackage, Shapefile, GeoJSON or the like)",
			path, lu_trap_text(trap, "unknown format"));
	return LU_OK;
}

static enum lu_status find_layer(struct reader *reader, struct lu_error *err)
{
	const struct lu_boundary_options *options = reader->options;
	const int count = GDALDatasetGetLayerCount(reader->dataset);
	char names[400] = "";

	for (int i = 0; i < count; i++)
		list_append(names, sizeof(names), OGR_L_GetName(GDALDatasetGetLayer(reader->dataset, i)));
	if (options->layer != NULL) {
		reader->layer = GDALDatasetGetLayerByName(reader->dataset, options->layer);
		if (reader->layer == NULL)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no layer '%s' (it has: %s)", options->path,
				       options->layer, names);
		return LU_OK;
	}
	if (count == 0)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: no layers: expected one with the county's outline",
			       options->path);
	if (count > 1)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: %d layers: expected the job to name one (layer: one of %s)",
			       options->path, count, names);
	reader->layer = GDALDatasetGetLayer(reader->dataset, 0);
	return LU_OK;
}

static enum lu_status find_crs(struct reader *reader, struct lu_error *err)
{
	const OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(reader->layer);
	enum lu_status status;

	if (crs == NULL)
		return lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: layer '%s' has no coordinate reference system (a Shapefile needs its .prj beside it; or "
			"assign one with ogr2ogr -a_srs)",
			reader->options->path, OGR_L_GetName(reader->layer));
	status = lu_osr_export(crs, &reader->crs_wkt, err);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", reader->options->path);
}

static void list_fields(OGRLayerH layer, char *list, size_t size)
{
	const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
	const int count = OGR_FD_GetFieldCount(definition);

	list[0] = '\0';
	for (int i = 0; i < count; i++)
		list_append(list, size, OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
}

static enum lu_status apply_where(struct reader *reader, struct lu_trap *trap, struct lu_error *err)
{
	const char *where = reader->options->where;
	char fields[400];

	if (where == NULL)
		return LU_OK;
	lu_trap_clear(trap);
	if (OGR_L_SetAttributeFilter(reader->layer, where) == OGRERR_NONE)
		return LU_OK;
	list_fields(reader->layer, fields, sizeof(fields));
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: where: \"%s\" is not understood: %s (fields: %s)",
		       reader->options->path, where, lu_trap_text(trap, "a syntax error"), fields);
}

/* A field's text as UTF-8; old files carry Latin-1. */
static char *utf8(const char *text)
{
	char *converted, *copy;

	if (CPLIsUTF8(text, -1))
		return lu_strdup(text);
	converted = CPLRecode(text, CPL_ENC_ISO8859_1, CPL_ENC_UTF8);
	copy = lu_strdup(converted);
	CPLFree(converted);
	return copy;
}

/* What the feature calls itself, or NULL. */
static char *name_of(OGRFeatureH feature)
{
	static const char *const fields[] = {"NAMELSAD", "NAME", "COUNTY", "TOWN"};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const int index = OGR_F_GetFieldIndex(feature, fields[i]);

		if (index >= 0 && OGR_F_IsFieldSetAndNotNull(feature, index) &&
		    OGR_F_GetFieldAsString(feature, index)[0] != '\0')
			return utf8(OGR_F_GetFieldAsString(feature, index));
	}
	return NULL;
}

/* Add the polygons inside 'geometry' (any nesting) to 'parts'. */
static void collect(OGRGeometryH geometry, OGRGeometryH parts)
{
	if (wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbPolygon) {
		if (!OGR_G_IsEmpty(geometry))
			OGR_G_AddGeometry(parts, geometry);
		return;
	}
	if (!OGR_GT_IsSubClassOf(wkbFlatten(OGR_G_GetGeometryType(geometry)), wkbGeometryCollection))
		return;
	for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++)
		collect(OGR_G_GetGeometryRef(geometry, i), parts);
}

/* Add one feature's outline: flat, its arcs made chords, mended. */
static void add_geometry(OGRGeometryH given, OGRGeometryH parts)
{
	OGRGeometryH geometry = OGR_G_GetLinearGeometry(given, 0, NULL);

	if (geometry == NULL)
		return;
	OGR_G_FlattenTo2D(geometry);
	if (!OGR_G_IsValid(geometry)) {
		OGRGeometryH mended = OGR_G_MakeValid(geometry);

		if (mended != NULL) {
			OGR_G_DestroyGeometry(geometry);
			geometry = mended;
		}
	}
	collect(geometry, parts);
	OGR_G_DestroyGeometry(geometry);
}

static enum lu_status read_features(struct reader *reader, struct lu_trap *trap, struct lu_error *err)
{
	const struct lu_boundary_options *options = reader->options;
	OGRFeatureH feature;

	reader->parts = OGR_G_CreateGeometry(wkbMultiPolygon);
	lu_trap_clear(trap);
	OGR_L_ResetReading(reader->layer);
	while ((feature = OGR_L_GetNextFeature(reader->layer)) != NULL) {
		const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);

		reader->features++;
		if (geometry != NULL)
			add_geometry(geometry, reader->parts);
		if (reader->features == 1) {
			reader->name = name_of(feature);
		} else {
			lu_free(reader->name);
			reader->name = NULL;
		}
		OGR_F_Destroy(feature);
	}
	if (reader->features == 0 && trap->failed)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: cannot be read: %s", options->path, trap->text);
	if (reader->features == 0 && options->where != NULL) {
		char fields[400];

		list_fields(reader->layer, fields, sizeof(fields));
		OGR_L_SetAttributeFilter(reader->layer, NULL);
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: where: \"%s\" matches none of %lld features (fields: %s)",
			       options->path, options->where, (long long)OGR_L_GetFeatureCount(reader->layer, 1),
			       fields);
	}
	if (OGR_G_GetGeometryCount(reader->parts) == 0)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no polygons in %lld features of layer '%s': expected the county's "
			       "area, not lines or points",
			       options->path, reader->features, OGR_L_GetName(reader->layer));
	if (reader->name == NULL)
		reader->name = utf8(OGR_L_GetName(reader->layer));
	if (reader->name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for the boundary");
	return LU_OK;
}

/* Several polygons may touch or overlap: make one outline of them. */
static enum lu_status unite(struct reader *reader, struct lu_trap *trap, struct lu_error *err)
{
	OGRGeometryH united, parts;

	if (OGR_G_GetGeometryCount(reader->parts) < 2)
		return LU_OK;
	lu_trap_clear(trap);
	united = OGR_G_UnionCascaded(reader->parts);
	parts = OGR_G_CreateGeometry(wkbMultiPolygon);
	if (united != NULL)
		collect(united, parts);
	OGR_G_DestroyGeometry(united);
	if (OGR_G_GetGeometryCount(parts) == 0) {
		OGR_G_DestroyGeometry(parts);
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: its %d polygons cannot be united: %s (repair them: ogr2ogr -makevalid)",
			       reader->options->path, OGR_G_GetGeometryCount(reader->parts),
			       lu_trap_text(trap, "unknown reason"));
	}
	OGR_G_DestroyGeometry(reader->parts);
	reader->parts = parts;
	return LU_OK;
}

/* Set points along the edges, so that they stay where they are when the CRS changes. */
static enum lu_status densify(struct reader *reader, struct lu_error *err)
{
	double metres, length, step;
	enum lu_status status;
	bool geographic;

	status = lu_crs_unit(reader->crs_wkt, &metres, &geographic, err);
	if (status != LU_OK)
		return status;
	length = 0;
	for (int i = 0; i < OGR_G_GetGeometryCount(reader->parts); i++) {
		const OGRGeometryH polygon = OGR_G_GetGeometryRef(reader->parts, i);

		for (int j = 0; j < OGR_G_GetGeometryCount(polygon); j++)
			length += OGR_G_Length(OGR_G_GetGeometryRef(polygon, j));
	}
	step = STEP_M / metres;
	if (length / step > POINTS_MAX)
		step = length / POINTS_MAX;
	OGR_G_Segmentize(reader->parts, step);
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

static enum lu_status deliver(struct reader *reader, struct lu_transform *transform, struct lu_polygon *out,
			      struct lu_error *err)
{
	enum lu_status status;
	size_t rings = 0;

	for (int i = 0; i < OGR_G_GetGeometryCount(reader->parts); i++)
		rings += (size_t)OGR_G_GetGeometryCount(OGR_G_GetGeometryRef(reader->parts, i));
	status = lu_alloc(&out->rings, rings, sizeof(*out->rings), "a boundary", err);
	for (int i = 0; i < OGR_G_GetGeometryCount(reader->parts) && status == LU_OK; i++) {
		const OGRGeometryH polygon = OGR_G_GetGeometryRef(reader->parts, i);

		for (int j = 0; j < OGR_G_GetGeometryCount(polygon) && status == LU_OK; j++) {
			const OGRGeometryH given = OGR_G_GetGeometryRef(polygon, j);
			struct lu_ring *ring = &out->rings[out->count];

			if (OGR_G_GetPointCount(given) < 4)
				continue;
			status = copy_ring(given, ring, err);
			out->count += status == LU_OK;
			if (status == LU_OK && transform != NULL)
				status = lu_transform_points(transform, ring->points, ring->count, err);
			if (status == LU_OK)
				orient(ring, j > 0);
		}
	}
	if (status == LU_OK && out->count == 0)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: its polygons have no area", reader->options->path);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", reader->options->path);
}

enum lu_status lu_boundary_read(const struct lu_boundary_options *options, struct lu_polygon *out, char **name,
				struct lu_error *err)
{
	struct reader reader = {.options = options};
	struct lu_transform *transform = NULL;
	enum lu_status status;
	struct lu_trap trap;

	*out = (struct lu_polygon){0};
	if (name != NULL)
		*name = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	status = open_source(&reader, &trap, err);
	if (status == LU_OK)
		status = find_layer(&reader, err);
	if (status == LU_OK)
		status = find_crs(&reader, err);
	if (status == LU_OK)
		status = apply_where(&reader, &trap, err);
	if (status == LU_OK)
		status = read_features(&reader, &trap, err);
	if (status == LU_OK)
		status = unite(&reader, &trap, err);
	if (status != LU_OK)
		goto out;
	if (options->crs_wkt_target != NULL && !lu_crs_same(reader.crs_wkt, options->crs_wkt_target)) {
		status = lu_transform_new(reader.crs_wkt, options->crs_wkt_target, &transform, err);
		if (status == LU_OK)
			status = densify(&reader, err);
		if (status != LU_OK)
			goto out;
	}
	status = deliver(&reader, transform, out, err);
	if (status != LU_OK)
		goto out;
	if (name != NULL) {
		*name = reader.name;
		reader.name = NULL;
	}
out:
	if (status != LU_OK)
		lu_polygon_release(out);
	lu_transform_free(transform);
	lu_free(reader.name);
	lu_free(reader.crs_wkt);
	OGR_G_DestroyGeometry(reader.parts);
	if (reader.dataset != NULL)
		GDALClose(reader.dataset);
	lu_trap_drop(&trap);
	return status;
}
