/* describe_vector.c: the layers of a vector file, by OGR. See describe_vector.h. */
#include "raster/describe_vector.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <jansson.h>
#include <math.h>
#include <ogr_api.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "raster/crs.h"
#include "raster/open.h"
#include "raster/osr.h"
#include "raster/start.h"
#include "raster/trap.h"
#include "raster/vsi.h"

bool lu_path_is_vector(const char *path)
{
	static const char *const endings[] = {".gpkg", ".shp", ".geojson", ".fgb", ".kml", ".gml", ".csv", ".parquet"};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	return false;
}

static json_t *text_of(const char *text)
{
	char *utf8 = text != NULL ? lu_text_utf8(text) : NULL;
	json_t *json = utf8 != NULL ? json_string(utf8) : json_null();

	lu_free(utf8);
	return json;
}

/* The area of all polygons where coordinates are lengths; negative: there is none, or they are degrees. */
static double plane_area_ha(OGRLayerH layer, const char *wkt)
{
	double metres = 0, sum = 0;
	bool geographic = true, any = false;
	OGRFeatureH feature;

	if (wkt == NULL || lu_crs_unit(wkt, &metres, &geographic, NULL) != LU_OK || geographic)
		return -1;
	OGR_L_ResetReading(layer);
	while ((feature = OGR_L_GetNextFeature(layer)) != NULL) {
		const OGRGeometryH shape = OGR_F_GetGeometryRef(feature);
		if (shape != NULL && OGR_G_GetDimension(shape) == 2) {
			sum += OGR_G_Area(shape);
			any = true;
		}
		OGR_F_Destroy(feature);
	}
	return any ? sum * metres * metres / 1e4 : -1;
}

static json_t *describe_fields(OGRLayerH layer)
{
	const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
	json_t *fields = json_array();

	for (int i = 0; i < OGR_FD_GetFieldCount(definition); i++) {
		const OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
		char *words =
			lu_sprintf("%s (%s)", OGR_Fld_GetNameRef(field), OGR_GetFieldTypeName(OGR_Fld_GetType(field)));
		json_array_append_new(fields, text_of(words));
		lu_free(words);
	}
	return fields;
}

static json_t *describe_layer(OGRLayerH layer)
{
	const OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(layer);
	const OGRwkbGeometryType type = OGR_L_GetGeomType(layer);
	char *wkt = NULL, *name = NULL;
	OGREnvelope box;
	json_t *object = json_object();

	json_object_set_new(object, "layer", text_of(OGR_L_GetName(layer)));
	json_object_set_new(object, "geometry",
			    text_of(type == wkbNone ? "none, a table" : OGRGeometryTypeToName(type)));
	json_object_set_new(object, "features", json_integer(OGR_L_GetFeatureCount(layer, TRUE)));
	if (crs != NULL && lu_osr_export(crs, &wkt, NULL) == LU_OK)
		name = lu_crs_name(wkt);
	if (name != NULL)
		json_object_set_new(object, "crs", text_of(name));
	else if (type != wkbNone)
		json_object_set_new(object, "crs", json_null());
	if (type != wkbNone && OGR_L_GetExtent(layer, &box, TRUE) == OGRERR_NONE && isfinite(box.MinX + box.MaxY))
		json_object_set_new(object, "extent", json_pack("[f,f,f,f]", box.MinX, box.MinY, box.MaxX, box.MaxY));
	const double area = type != wkbNone ? plane_area_ha(layer, wkt) : -1;
	if (area >= 0)
		json_object_set_new(object, "area_ha", json_real(area));
	json_object_set_new(object, "fields", describe_fields(layer));
	lu_free(name);
	lu_free(wkt);
	return object;
}

enum lu_status lu_vector_describe(const char *path, struct json_t **out, struct lu_error *err)
{
	GDALDatasetH dataset = NULL;
	json_t *object = NULL, *layers = json_array();
	struct lu_vsi_info info = {0};
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	*out = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	if (!lu_vsi_stat(path, &info))
		LU_TRY(lu_fail(err, lu_vsi_missing(path), "%s: no such file", path));
	LU_TRY(lu_file_check(path, err));
	dataset = lu_open_vector(path, LU_NAMED, NULL);
	if (dataset == NULL)
		LU_TRY(lu_fail(err, LU_ERROR_FORMAT, "%s: not a file of vectors or tables: %s", path,
			       lu_trap_text(&trap, "unknown format")));
	for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++)
		json_array_append_new(layers, describe_layer(GDALDatasetGetLayer(dataset, i)));
	if (trap.failed)
		LU_TRY(lu_fail(err, LU_ERROR_FORMAT, "%s: cannot be read: %s", path, trap.text));
	object = json_object();
	json_object_set_new(object, "file", text_of(path));
	json_object_set_new(object, "kind", json_string("vectors"));
	json_object_set_new(object, "format", text_of(GDALGetDriverLongName(GDALGetDatasetDriver(dataset))));
	json_object_set_new(object, "bytes", json_integer((json_int_t)info.bytes));
	if (json_object_set(object, "layers", layers) != 0)
		LU_TRY(lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path));
	*out = object;
	object = NULL; /* now the caller's */
out:
	json_decref(object);
	json_decref(layers);
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	return status;
}
