/*
 * vector_write.c: a GeoPackage, or a file of one layer, out. See vector.h.
 */
#include "raster/vector.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "raster/fault.h"
#include "raster/osr.h"
#include "raster/polygons.h"
#include "raster/start.h"
#include "raster/vector_writer.h"

void lu_vector_enter(struct lu_trap *trap)
{
	lu_trap_set(trap);
	CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", LU_VECTOR_FIXED_DATE);
}

void lu_vector_leave(struct lu_trap *trap)
{
	CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", NULL);
	lu_trap_drop(trap);
}

static enum lu_status fail(const struct lu_vector_writer *writer, const struct lu_trap *trap, struct lu_error *err)
{
	return lu_fault_write(writer->path, trap, err);
}

enum lu_status lu_vector_create(const char *path, struct lu_vector_writer **out, struct lu_error *err)
{
	struct lu_vector_writer *writer = NULL;
	struct lu_trap trap;
	enum lu_status status;

	*out = NULL;
	lu_raster_start(0);
	lu_vector_enter(&trap);
	LU_TRY(lu_alloc(&writer, 1, sizeof(*writer), "a vector file", err));
	LU_TRY(lu_vector_format_of(path, &writer->format, err));
	writer->path = lu_strdup(path);
	writer->temporary = lu_file_temporary(path);
	if (writer->path == NULL || writer->temporary == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	writer->dataset =
		GDALCreate(GDALGetDriverByName(writer->format->driver), writer->temporary, 0, 0, 0, GDT_Unknown, NULL);
	if (writer->dataset == NULL ||
	    (writer->format->tables && GDALDatasetStartTransaction(writer->dataset, FALSE) != OGRERR_NONE)) {
		status = fail(writer, &trap, err);
		goto out;
	}
	*out = writer;
	writer = NULL;
out:
	lu_vector_leave(&trap);
	lu_vector_drop(writer);
	return status;
}

/* 'key' is the name of the row number's column. */
static enum lu_status begin_layer(struct lu_vector_writer *writer, const char *name, void *crs,
				  OGRwkbGeometryType shape, const char *key, const struct lu_vector_field *fields,
				  size_t count, struct lu_trap *trap, struct lu_error *err)
{
	static const OGRFieldType types[] = {
		[LU_VECTOR_INTEGER] = OFTInteger64, [LU_VECTOR_REAL] = OFTReal, [LU_VECTOR_TEXT] = OFTString};
	char **options = CSLDuplicate((char **)(uintptr_t)writer->format->options);
	enum lu_status status;

	LU_TRY(lu_grow(&writer->types, count, sizeof(*writer->types), "fields", err));
	if (writer->format->tables)
		options = CSLSetNameValue(options, "FID", key);
	writer->layer = GDALDatasetCreateLayer(writer->dataset, name, crs, shape, options);
	writer->field_count = count;
	if (writer->layer == NULL) {
		status = fail(writer, trap, err);
		goto out;
	}
	for (size_t i = 0; i < count && status == LU_OK; i++) {
		OGRFieldDefnH field = OGR_Fld_Create(fields[i].name, types[fields[i].type]);

		writer->types[i] = fields[i].type;
		if (OGR_L_CreateField(writer->layer, field, FALSE) != OGRERR_NONE)
			status = fail(writer, trap, err);
		OGR_Fld_Destroy(field);
	}
out:
	CSLDestroy(options);
	return status;
}

static enum lu_status layer_of(struct lu_vector_writer *writer, const char *name, const char *crs_wkt,
			       OGRwkbGeometryType shape, const struct lu_vector_field *fields, size_t count,
			       struct lu_error *err)
{
	void *crs = NULL;
	struct lu_trap trap;
	enum lu_status status = LU_OK;

	writer->dropping = !writer->format->tables && writer->layer != NULL;
	if (writer->dropping)
		return LU_OK;
	lu_vector_enter(&trap);
	if (crs_wkt != NULL)
		LU_TRY(lu_osr_import(crs_wkt, &crs, err));
	LU_TRY(begin_layer(writer, name, crs, shape, "fid", fields, count, &trap, err));
out:
	lu_osr_free(crs);
	lu_vector_leave(&trap);
	return status;
}

enum lu_status lu_vector_layer(struct lu_vector_writer *writer, const char *name, const char *crs_wkt,
			       const struct lu_vector_field *fields, size_t count, struct lu_error *err)
{
	return layer_of(writer, name, crs_wkt, crs_wkt != NULL ? wkbPolygon : wkbNone, fields, count, err);
}

enum lu_status lu_vector_layer_of_areas(struct lu_vector_writer *writer, const char *name, const char *crs_wkt,
					const struct lu_vector_field *fields, size_t count, struct lu_error *err)
{
	return layer_of(writer, name, crs_wkt, wkbMultiPolygon, fields, count, err);
}

/* A layer of polygons takes the only one of the shape's. */
static OGRGeometryH geometry_of(const struct lu_polygon *polygon, bool areas)
{
	const OGRGeometryH shape = lu_shape_of(polygon);

	return areas ? shape : OGR_G_ForceToPolygon(shape);
}

enum lu_status lu_vector_add(struct lu_vector_writer *writer, const struct lu_ring *outline,
			     const struct lu_vector_value *values, struct lu_error *err)
{
	struct lu_ring ring = {0};

	if (outline != NULL)
		ring = *outline;
	return lu_vector_add_polygon(writer, outline != NULL ? &(struct lu_polygon){&ring, 1} : NULL, values, err);
}

enum lu_status lu_vector_add_polygon(struct lu_vector_writer *writer, const struct lu_polygon *polygon,
				     const struct lu_vector_value *values, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;
	OGRFeatureH feature;

	if (writer->dropping)
		return LU_OK;
	lu_vector_enter(&trap);
	feature = OGR_F_Create(OGR_L_GetLayerDefn(writer->layer));
	for (int i = 0; i < (int)writer->field_count; i++) {
		if (!values[i].set)
			OGR_F_SetFieldNull(feature, i);
		else if (writer->types[i] == LU_VECTOR_INTEGER)
			OGR_F_SetFieldInteger64(feature, i, values[i].integer);
		else if (writer->types[i] == LU_VECTOR_REAL)
			OGR_F_SetFieldDouble(feature, i, values[i].real);
		else
			OGR_F_SetFieldString(feature, i, values[i].text);
	}
	if (polygon != NULL)
		OGR_F_SetGeometryDirectly(feature,
					  geometry_of(polygon, OGR_L_GetGeomType(writer->layer) == wkbMultiPolygon));
	if (OGR_L_CreateFeature(writer->layer, feature) != OGRERR_NONE)
		status = fail(writer, &trap, err);
	OGR_F_Destroy(feature);
	lu_vector_leave(&trap);
	return status;
}

/* The table as QGIS makes and looks for it. */
enum lu_status lu_vector_style(struct lu_vector_writer *writer, const char *layer, const char *qml,
			       struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {{"f_table_catalog", LU_VECTOR_TEXT},
							{"f_table_schema", LU_VECTOR_TEXT},
							{"f_table_name", LU_VECTOR_TEXT},
							{"f_geometry_column", LU_VECTOR_TEXT},
							{"styleName", LU_VECTOR_TEXT},
							{"styleQML", LU_VECTOR_TEXT},
							{"styleSLD", LU_VECTOR_TEXT},
							{"useAsDefault", LU_VECTOR_INTEGER},
							{"description", LU_VECTOR_TEXT},
							{"owner", LU_VECTOR_TEXT},
							{"ui", LU_VECTOR_TEXT},
							{"update_time", LU_VECTOR_TEXT}};
	const struct lu_vector_value values[] = {
		lu_vector_text(""),     lu_vector_text(""),    lu_vector_text(layer),
		lu_vector_text("geom"), lu_vector_text(layer), lu_vector_text(qml),
		lu_vector_text(""),     lu_vector_integer(1),  lu_vector_text("made by landuse"),
		lu_vector_text(""),     lu_vector_text(NULL),  lu_vector_text(LU_VECTOR_FIXED_DATE)};
	struct lu_trap trap;
	enum lu_status status;

	if (!writer->format->tables)
		return LU_OK;
	lu_vector_enter(&trap);
	LU_TRY(lu_vector_flush_rows(writer, err));
	if (writer->styles == NULL)
		LU_TRY(begin_layer(writer, "layer_styles", NULL, wkbNone, "id", fields,
				   sizeof(fields) / sizeof(fields[0]), &trap, err));
	writer->styles = writer->layer;
out:
	lu_vector_leave(&trap);
	if (status == LU_OK)
		status = lu_vector_add(writer, NULL, values, err);
	return status;
}

enum lu_status lu_vector_finish(struct lu_vector_writer *writer, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	LU_TRY(lu_vector_flush_rows(writer, err));
	lu_vector_enter(&trap);
	if (writer->format->tables && GDALDatasetCommitTransaction(writer->dataset) != OGRERR_NONE)
		status = fail(writer, &trap, err);
	/* Closing writes the last pages: what it reports counts. */
	GDALClose(writer->dataset);
	writer->dataset = NULL;
	if (status == LU_OK && trap.failed)
		status = fail(writer, &trap, err);
	lu_vector_leave(&trap);
	if (status == LU_OK)
		status = lu_file_commit(writer->temporary, writer->path, err);
out:
	return status;
}

void lu_vector_drop(struct lu_vector_writer *writer)
{
	struct lu_trap trap;

	if (writer == NULL)
		return;
	lu_vector_enter(&trap);
	if (writer->dataset != NULL)
		GDALClose(writer->dataset);
	lu_vector_leave(&trap);
	if (writer->temporary != NULL)
		unlink(writer->temporary);
	if (writer->rows != NULL) {
		char *text = NULL;
		lu_text_finish(writer->rows, &text, NULL);
		lu_free(text);
		lu_free(writer->rows);
	}
	lu_free(writer->table);
	lu_free(writer->types);
	lu_free(writer->temporary);
	lu_free(writer->path);
	lu_free(writer);
}
