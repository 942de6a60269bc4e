/*
 * vector_read.c: rows of a vector layer, in. See vector.h.
 */
#include "raster/vector.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "raster/crs.h"
#include "raster/open.h"
#include "raster/osr.h"
#include "raster/polygons.h"
#include "raster/start.h"
#include "raster/trap.h"
#include "raster/vsi.h"

struct lu_vector_reader {
	char *path;
	GDALDatasetH dataset;
	OGRLayerH layer;
	OGRFeatureH feature; /* the current row */
	bool degrees; /* places are columns of longitude and latitude */
	bool csv; /* cells that a spreadsheet would run have a guard */
	char *crs_wkt;
	char **texts; /* of its fields; NULL: empty */
	int fields;
	char names[1000];
};

/* Columns of a CSV file that are a place together, the clearest first: degrees name their CRS, metres do not. */
static const struct places {
	const char *x, *y;
	bool degrees;
} places[] = {{"lon", "lat", true}, {"longitude", "latitude", true}, {"long", "lat", true}, {"lng", "lat", true},
	      {"x", "y", false},    {"easting", "northing", false}};

static void append(char *list, size_t size, const char *item)
{
	const size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "", item);
}

/* The columns of places of the CSV file that is open; NULL: it has none. */
static const struct places *find_places(GDALDatasetH dataset)
{
	const OGRLayerH layer = GDALDatasetGetLayer(dataset, 0);
	const OGRFeatureDefnH fields = layer != NULL ? OGR_L_GetLayerDefn(layer) : NULL;

	for (size_t i = 0; fields != NULL && i < sizeof(places) / sizeof(places[0]); i++)
		if (OGR_FD_GetFieldIndex(fields, places[i].x) >= 0 && OGR_FD_GetFieldIndex(fields, places[i].y) >= 0)
			return &places[i];
	return NULL;
}

/* Once more, with the columns of its places: GDAL alone would take any x with any y. */
static void open_places(struct lu_vector_reader *reader, enum lu_trust trust)
{
	const struct places *found = find_places(reader->dataset);
	char **options = NULL;

	if (found == NULL)
		return;
	options = CSLSetNameValue(options, "X_POSSIBLE_NAMES", found->x);
	options = CSLSetNameValue(options, "Y_POSSIBLE_NAMES", found->y);
	GDALClose(reader->dataset);
	reader->dataset = lu_open_vector(reader->path, trust, (const char *const *)options);
	reader->degrees = found->degrees;
	CSLDestroy(options);
}

static enum lu_status open_dataset(struct lu_vector_reader *reader, enum lu_trust trust, const struct lu_trap *trap,
				   struct lu_error *err)
{
	const char *path = reader->path;
	struct lu_vsi_info info;

	if (!lu_vsi_stat(path, &info) && strchr(path, ':') == NULL)
		return lu_fail(err, lu_vsi_missing(path), "%s: no such file", path);
	if (lu_file_check(path, err) != LU_OK)
		return LU_ERROR_ARGUMENT;
	reader->dataset = lu_open_vector(path, trust, NULL);
	reader->csv =
		reader->dataset != NULL && EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(reader->dataset)), "CSV");
	if (reader->csv)
		open_places(reader, trust);
	if (reader->dataset == NULL)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: not a table that can be read: %s (expected GeoPackage, CSV, Shapefile, GeoJSON or "
			       "the like)",
			       path, lu_trap_text(trap, "unknown format"));
	return LU_OK;
}

static enum lu_status find_layer(struct lu_vector_reader *reader, const char *layer, const char *usual,
				 struct lu_error *err)
{
	const int count = GDALDatasetGetLayerCount(reader->dataset);
	char names[400] = "";

	for (int i = 0; i < count; i++)
		append(names, sizeof(names), OGR_L_GetName(GDALDatasetGetLayer(reader->dataset, i)));
	if (layer != NULL) {
		reader->layer = GDALDatasetGetLayerByName(reader->dataset, layer);
		if (reader->layer == NULL)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no layer '%s' (it has: %s)", reader->path, layer,
				       names);
		return LU_OK;
	}
	if (usual != NULL && lu_vector_has_layer(reader, usual))
		reader->layer = GDALDatasetGetLayerByName(reader->dataset, usual);
	else if (count > 0)
		reader->layer = GDALDatasetGetLayer(reader->dataset, 0);
	if (reader->layer == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: no layers: expected one with the sample", reader->path);
	return LU_OK;
}

/* The layer's CRS; a CSV file has none, but columns called lon and lat mean degrees. */
static enum lu_status find_crs(struct lu_vector_reader *reader, struct lu_error *err)
{
	const OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(reader->layer);
	enum lu_status status = LU_OK;

	if (crs != NULL)
		status = lu_osr_export(crs, &reader->crs_wkt, err);
	else if (reader->degrees)
		status = lu_crs_normalise("EPSG:4326", &reader->crs_wkt, err);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", reader->path);
}

enum lu_status lu_vector_open(const char *path, enum lu_trust trust, const char *layer, const char *usual,
			      struct lu_vector_reader **out, struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	struct lu_trap trap;
	enum lu_status status;

	*out = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(lu_alloc(&reader, 1, sizeof(*reader), "a table", err));
	reader->path = lu_strdup(path);
	if (reader->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	LU_TRY(open_dataset(reader, trust, &trap, err));
	LU_TRY(find_layer(reader, layer, usual, err));
	LU_TRY(find_crs(reader, err));
	const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(reader->layer);
	const int fields = OGR_FD_GetFieldCount(definition);
	LU_TRY(lu_alloc(&reader->texts, (size_t)fields, sizeof(*reader->texts), "fields of a row", err));
	reader->fields = fields;
	for (int i = 0; i < fields; i++)
		append(reader->names, sizeof(reader->names), OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
	OGR_L_ResetReading(reader->layer);
	*out = reader;
	reader = NULL;
out:
	lu_trap_drop(&trap);
	lu_vector_close(reader);
	return status;
}

void lu_vector_close(struct lu_vector_reader *reader)
{
	struct lu_trap trap;

	if (reader == NULL)
		return;
	lu_trap_set(&trap);
	OGR_F_Destroy(reader->feature);
	if (reader->dataset != NULL)
		GDALClose(reader->dataset);
	lu_trap_drop(&trap);
	lu_free(reader->crs_wkt);
	for (int i = 0; i < reader->fields; i++)
		lu_free(reader->texts[i]);
	lu_free(reader->texts);
	lu_free(reader->path);
	lu_free(reader);
}

bool lu_vector_has_layer(const struct lu_vector_reader *reader, const char *layer)
{
	for (int i = 0; i < GDALDatasetGetLayerCount(reader->dataset); i++) {
		if (EQUAL(OGR_L_GetName(GDALDatasetGetLayer(reader->dataset, i)), layer))
			return true;
	}
	return false;
}

int lu_vector_find(const struct lu_vector_reader *reader, const char *field)
{
	return OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(reader->layer), field);
}

const char *lu_vector_field_names(const struct lu_vector_reader *reader)
{
	return reader->names;
}

const char *lu_vector_crs(const struct lu_vector_reader *reader)
{
	return reader->crs_wkt;
}

/* The text of a field of the current row, without surrounding blanks; nothing where it has none. */
static enum lu_status take_text(struct lu_vector_reader *reader, int field, struct lu_error *err)
{
	const char *text;
	size_t length;

	lu_free(reader->texts[field]);
	reader->texts[field] = NULL;
	if (!OGR_F_IsFieldSetAndNotNull(reader->feature, field))
		return LU_OK;
	text = OGR_F_GetFieldAsString(reader->feature, field);
	if (reader->csv)
		text = lu_cell_text(text);
	text += strspn(text, " \t\r\n");
	length = strlen(text);
	while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
		length--;
	if (length == 0)
		return LU_OK;
	char *trimmed = lu_strndup(text, length);
	reader->texts[field] = trimmed != NULL ? lu_text_utf8(trimmed) : NULL;
	lu_free(trimmed);
	return reader->texts[field] != NULL ? LU_OK
					    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a row of %s", reader->path);
}

enum lu_status lu_vector_next(struct lu_vector_reader *reader, bool *more, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	lu_trap_set(&trap);
	OGR_F_Destroy(reader->feature);
	reader->feature = OGR_L_GetNextFeature(reader->layer);
	*more = reader->feature != NULL;
	if (!*more && trap.failed)
		status = lu_fail(err, LU_ERROR_IO, "%s: cannot be read: %s", reader->path, trap.text);
	for (int i = 0; i < reader->fields && *more && status == LU_OK; i++)
		status = take_text(reader, i, err);
	lu_trap_drop(&trap);
	return status;
}

const char *lu_vector_get(const struct lu_vector_reader *reader, int field)
{
	return field >= 0 && field < reader->fields ? reader->texts[field] : NULL;
}

bool lu_vector_place(const struct lu_vector_reader *reader, struct lu_point *place)
{
	const OGRGeometryH shape = OGR_F_GetGeometryRef(reader->feature);
	struct lu_trap trap;
	bool found;

	if (shape == NULL || OGR_G_IsEmpty(shape))
		return false;
	lu_trap_set(&trap);
	const OGRGeometryH centre = OGR_G_CreateGeometry(wkbPoint);
	found = OGR_G_Centroid(shape, centre) == OGRERR_NONE && !OGR_G_IsEmpty(centre);
	if (found)
		*place = (struct lu_point){OGR_G_GetX(centre, 0), OGR_G_GetY(centre, 0)};
	OGR_G_DestroyGeometry(centre);
	lu_trap_drop(&trap);
	return found;
}

bool lu_vector_is_point(const struct lu_vector_reader *reader)
{
	const OGRGeometryH shape = OGR_F_GetGeometryRef(reader->feature);

	return shape != NULL && !OGR_G_IsEmpty(shape) && wkbFlatten(OGR_G_GetGeometryType(shape)) == wkbPoint;
}

enum lu_status lu_vector_outline(const struct lu_vector_reader *reader, double tolerance, struct lu_polygon *out,
				 struct lu_error *err)
{
	const OGRGeometryH given = OGR_F_GetGeometryRef(reader->feature);
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	*out = (struct lu_polygon){0};
	if (given == NULL || OGR_G_IsEmpty(given))
		return LU_OK;
	lu_trap_set(&trap);
	OGRGeometryH plain = tolerance > 0 ? OGR_G_SimplifyPreserveTopology(given, tolerance) : NULL;
	OGRGeometryH shape = OGR_G_CreateGeometry(wkbMultiPolygon);
	lu_shape_collect(plain != NULL ? plain : given, shape);
	status = lu_shape_rings(shape, NULL, out, err);
	OGR_G_DestroyGeometry(shape);
	if (plain != NULL)
		OGR_G_DestroyGeometry(plain);
	lu_trap_drop(&trap);
	return status;
}
