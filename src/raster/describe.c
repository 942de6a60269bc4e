/*
 * describe.c: what `landuse info FILE` says about an image or a map. See describe.h.
 *
 * Facts are gathered first, into one plain struct; two writers then tell them to a person or to a
 * program.
 */
#include "raster/describe.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "raster/alpha.h"
#include "raster/bands.h"
#include "raster/cog.h"
#include "raster/crs.h"
#include "raster/ground.h"
#include "raster/map.h"
#include "raster/open.h"
#include "raster/osr.h"
#include "raster/sources.h"
#include "raster/start.h"
#include "raster/tiff.h"
#include "raster/trap.h"
#include "raster/vsi.h"

#define VALUES (UINT16_MAX + 1)
/* Whole numbers below it are exact in a double. */
#define LARGEST_WHOLE 9007199254740992.0
/* Of numbers in JSON: as many as any decimal fraction comes back from a double with. */
#define DIGITS 15

/* Rows of a map counted at a time. */
#define ROWS 64

struct facts {
	const char *path;
	GDALDatasetH dataset;
	struct lu_frame frame;
	bool placed, has_crs, has_gsd;
	char *crs_name;
	double gsd_m;
	const char *format, *type, *compression, *interleave; /* GDAL's own texts */
	char *validity;
	char *tags; /* of the bands; NULL: memory was out */
	int block_width, block_height;
	int overviews;
	uint64_t bytes;
	bool local_tiff, cog;
	char *cog_report;
	struct lu_map *map; /* NULL: not a map of classes */
	uint64_t *counts; /* of its values */
};

static void find_place(struct facts *facts)
{
	const OGRSpatialReferenceH crs = GDALGetSpatialRef(facts->dataset);

	facts->frame.width = GDALGetRasterXSize(facts->dataset);
	facts->frame.height = GDALGetRasterYSize(facts->dataset);
	facts->placed = GDALGetGeoTransform(facts->dataset, facts->frame.transform) == CE_None;
	facts->has_crs = crs != NULL && lu_osr_export(crs, &facts->frame.crs_wkt, NULL) == LU_OK;
	if (facts->has_crs)
		facts->crs_name = lu_crs_name(facts->frame.crs_wkt);
	facts->has_gsd = facts->placed && facts->has_crs && lu_frame_gsd_m(&facts->frame, &facts->gsd_m, NULL) == LU_OK;
}

/* "nodata 0", "alpha band 4", "mask band" or "every pixel is data"; an alpha band that is a colour is said to be one. */
static enum lu_status tell_validity(GDALDatasetH dataset, char **text, struct lu_error *err)
{
	const GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
	const int flags = GDALGetMaskFlags(band);
	enum lu_status status = LU_OK;
	struct lu_alpha alpha;

	if (flags & GMF_ALPHA) {
		status = lu_alpha_look(dataset, &alpha, err);
		if (status != LU_OK)
			return status;
		*text = alpha.colour ? lu_sprintf("band %d is tagged alpha but looks like a colour (near infrared?)",
						  alpha.band)
			: alpha.odd  ? lu_sprintf("alpha band, opaque at %g", alpha.opaque)
				     : lu_strdup("alpha band");
	} else if (flags & GMF_NODATA) {
		*text = lu_sprintf("nodata %g", GDALGetRasterNoDataValue(band, NULL));
	} else if (flags & GMF_PER_DATASET) {
		*text = lu_strdup("mask band");
	} else {
		*text = lu_strdup("every pixel is data");
	}
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for a description");
}

static enum lu_status count_cells(struct facts *facts, struct lu_error *err)
{
	const int64_t width = facts->frame.width;
	uint16_t *rows = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&facts->counts, VALUES, sizeof(*facts->counts), "class counts", err));
	LU_TRY(lu_alloc(&rows, (size_t)width * ROWS, sizeof(*rows), "rows of a map", err));
	for (int64_t row = 0; row < facts->frame.height; row += ROWS) {
		const int64_t n = facts->frame.height - row < ROWS ? facts->frame.height - row : ROWS;

		LU_TRY(lu_map_read_rows(facts->map, row, n, rows, err));
		for (int64_t i = 0; i < n * width; i++)
			facts->counts[rows[i]]++;
	}
out:
	lu_free(rows);
	return status;
}

/* A single band of whole numbers with named values is a map of classes. */
static enum lu_status find_classes(struct facts *facts, struct lu_error *err)
{
	const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(facts->dataset, 1));
	enum lu_status status;
	size_t classes = 0;

	if (!facts->placed || !facts->has_crs || GDALGetRasterCount(facts->dataset) != 1 ||
	    (type != GDT_Byte && type != GDT_UInt16))
		return LU_OK;
	status = lu_map_open(facts->path, &facts->map, err);
	if (status != LU_OK)
		return status;
	lu_map_entries(facts->map, &classes);
	if (classes > 0)
		return count_cells(facts, err);
	lu_map_close(facts->map);
	facts->map = NULL;
	return LU_OK;
}

static enum lu_status gather(struct facts *facts, struct lu_trap *trap, struct lu_error *err)
{
	struct lu_vsi_info info = {0};
	enum lu_status status;
	GDALRasterBandH band;

	if (!lu_vsi_stat(facts->path, &info) && strchr(facts->path, ':') == NULL && !STARTS_WITH(facts->path, "/vsi"))
		return lu_fail(err, lu_vsi_missing(facts->path), "%s: no such file", facts->path);
	if (info.folder)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: a folder: expected one image or map (name a file in it)",
			       facts->path);
	if (lu_file_check(facts->path, err) != LU_OK)
		return LU_ERROR_ARGUMENT;
	facts->bytes = info.bytes;
	facts->dataset = lu_open_raster(facts->path, LU_NAMED);
	if (facts->dataset == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: not a raster that can be read: %s", facts->path,
			       lu_trap_text(trap, "unknown format"));
	if (GDALGetRasterCount(facts->dataset) < 1)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: no raster bands of its own (name one of its subdatasets)",
			       facts->path);
	facts->format = GDALGetDriverShortName(GDALGetDatasetDriver(facts->dataset));
	facts->local_tiff = EQUAL(facts->format, "GTiff") && lu_file_exists(facts->path);
	if (facts->local_tiff) {
		status = lu_tiff_whole(facts->path, err);
		if (status == LU_OK)
			status = lu_cog_check(facts->path, &facts->cog_report, &facts->cog, err);
		if (status != LU_OK)
			return status;
	}
	status = lu_sources_walk(facts->dataset, NULL, NULL, err);
	if (status != LU_OK)
		return status;
	band = GDALGetRasterBand(facts->dataset, 1);
	facts->type = GDALGetDataTypeName(GDALGetRasterDataType(band));
	facts->compression = GDALGetMetadataItem(facts->dataset, "COMPRESSION", "IMAGE_STRUCTURE");
	facts->interleave = GDALGetMetadataItem(facts->dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
	facts->overviews = GDALGetOverviewCount(band);
	GDALGetBlockSize(band, &facts->block_width, &facts->block_height);
	status = tell_validity(facts->dataset, &facts->validity, err);
	if (status != LU_OK)
		return lu_fail_within(err, "%s", facts->path);
	facts->tags = lu_bands_tags(facts->dataset);
	find_place(facts);
	return find_classes(facts, err);
}

static void release(struct facts *facts)
{
	lu_map_close(facts->map);
	if (facts->dataset != NULL)
		GDALClose(facts->dataset);
	lu_free(facts->counts);
	lu_free(facts->validity);
	lu_free(facts->tags);
	lu_free(facts->cog_report);
	lu_free(facts->crs_name);
	lu_frame_release(&facts->frame);
}

/* Metadata worth telling: ours, as "KEY=VALUE" texts of GDAL's. */
static bool is_ours(const char *item)
{
	return STARTS_WITH(item, "LANDUSE_");
}

/* Cells of the map that belong to no named class. */
static uint64_t unnamed_cells(const struct facts *facts, uint64_t *named)
{
	const struct lu_class *entries;
	size_t count;

	*named = 0;
	entries = lu_map_entries(facts->map, &count);
	for (size_t i = 0; i < count; i++)
		*named += facts->counts[entries[i].value];
	return (uint64_t)facts->frame.width * (uint64_t)facts->frame.height - *named;
}

static void tell_classes(const struct facts *facts, FILE *to)
{
	const struct lu_class *entries;
	uint64_t named, unnamed;
	size_t count;

	unnamed = unnamed_cells(facts, &named);
	entries = lu_map_entries(facts->map, &count);
	fprintf(to, "  classes       %zu, on %" PRIu64 " mapped cells\n", count, named);
	for (size_t i = 0; i < count; i++) {
		const uint64_t cells = facts->counts[entries[i].value];

		/* A change map names 49 pairs, most of which never happen. */
		if (cells > 0 || count <= 32)
			fprintf(to, "    %5d  %-36s %10" PRIu64 "  %6.2f %%\n", entries[i].value, entries[i].name,
				cells, named > 0 ? 100.0 * (double)cells / (double)named : 0.0);
	}
	fprintf(to, "           %-36s %10" PRIu64 "\n", "not mapped", unnamed);
}

static void tell_person(const struct facts *facts, FILE *to)
{
	const double *t = facts->frame.transform;
	const int bands = GDALGetRasterCount(facts->dataset);

	fprintf(to, "%s: %s, %s%s\n", facts->path, facts->map != NULL ? "map of classes" : "image", facts->format,
		facts->cog ? ", cloud optimized" : "");
	fprintf(to, "  size          %" PRId64 " x %" PRId64 " pixels, %d band%s of %s\n", facts->frame.width,
		facts->frame.height, bands, bands == 1 ? "" : "s", facts->type);
	if (facts->map == NULL)
		fprintf(to, "  colours       %s\n", facts->tags != NULL ? facts->tags : "?");
	fprintf(to, "  crs           %s\n",
		facts->has_crs ? facts->crs_name : "none: assign one with gdal_edit.py -a_srs");
	if (facts->placed) {
		fprintf(to, "  origin        %.10g, %.10g\n", t[0], t[3]);
		fprintf(to, "  resolution    %.10g x %.10g CRS units\n", hypot(t[1], t[4]), hypot(t[2], t[5]));
	} else {
		fprintf(to, "  origin        none: the image has no georeference\n");
	}
	if (facts->has_gsd)
		fprintf(to, "  ground        %.4g m a pixel at its centre\n", facts->gsd_m);
	fprintf(to, "  validity      %s\n", facts->validity);
	fprintf(to, "  blocks        %d x %d, %s, %d overview%s\n", facts->block_width, facts->block_height,
		facts->compression != NULL ? facts->compression : "uncompressed", facts->overviews,
		facts->overviews == 1 ? "" : "s");
	if (facts->local_tiff && !facts->cog)
		fprintf(to, "  not a COG     %s\n", facts->cog_report);
	fprintf(to, "  file          %.1f kB\n", (double)facts->bytes / 1000);
	if (facts->map != NULL)
		tell_classes(facts, to);
	for (char **item = GDALGetMetadata(facts->dataset, NULL); item != NULL && *item != NULL; item++) {
		if (is_ours(*item))
			fprintf(to, "  %s\n", *item);
	}
}

/* Metadata of old files may be Latin-1; JSON is UTF-8. */
static json_t *json_text(const char *text)
{
	char *utf8 = lu_text_utf8(text);
	json_t *json = utf8 != NULL ? json_string(utf8) : NULL;

	lu_free(utf8);
	return json;
}

/* Whole numbers as such; null where it is not finite. */
static json_t *json_number(double value)
{
	if (!isfinite(value))
		return json_null();
	return value == floor(value) && fabs(value) < LARGEST_WHOLE ? json_integer((json_int_t)value)
								    : json_real(value);
}

/* 'value' is given away. What memory cannot hold makes '*ok' false. */
static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok &= json_object_set_new(object, key, value) == 0;
}

static void append(json_t *array, json_t *value, bool *ok)
{
	*ok &= json_array_append_new(array, value) == 0;
}

static void set_classes(const struct facts *facts, json_t *object, bool *ok)
{
	const struct lu_class *entries;
	uint64_t named, unnamed;
	size_t count;
	json_t *classes = json_array();

	unnamed = unnamed_cells(facts, &named);
	entries = lu_map_entries(facts->map, &count);
	for (size_t i = 0; i < count; i++) {
		const uint64_t cells = facts->counts[entries[i].value];
		char colour[8];
		json_t *class = json_object();

		snprintf(colour, sizeof(colour), "#%02x%02x%02x", entries[i].red, entries[i].green, entries[i].blue);
		set(class, "value", json_integer(entries[i].value), ok);
		set(class, "name", json_text(entries[i].name), ok);
		set(class, "color", json_string(colour), ok);
		set(class, "cells", json_integer((json_int_t)cells), ok);
		set(class, "share", json_number(named > 0 ? (double)cells / (double)named : 0), ok);
		append(classes, class, ok);
	}
	set(object, "classes", classes, ok);
	set(object, "mapped_cells", json_integer((json_int_t)named), ok);
	set(object, "not_mapped_cells", json_integer((json_int_t)unnamed), ok);
}

static json_t *bands_json(const struct facts *facts, bool *ok)
{
	json_t *bands = json_array();

	for (int i = 1; i <= GDALGetRasterCount(facts->dataset); i++) {
		const GDALRasterBandH band = GDALGetRasterBand(facts->dataset, i);
		const GDALColorInterp color = GDALGetRasterColorInterpretation(band);
		int declared = 0;
		const double nodata = GDALGetRasterNoDataValue(band, &declared);
		json_t *object = json_object();

		set(object, "type", json_string(GDALGetDataTypeName(GDALGetRasterDataType(band))), ok);
		set(object, "description", json_text(GDALGetDescription(band)), ok);
		set(object, "color", json_string(GDALGetColorInterpretationName(color)), ok);
		if (declared)
			set(object, "nodata", json_number(nodata), ok);
		append(bands, object, ok);
	}
	return bands;
}

static json_t *metadata_json(const struct facts *facts, bool *ok)
{
	json_t *metadata = json_object();

	for (char **item = GDALGetMetadata(facts->dataset, NULL); item != NULL && *item != NULL; item++) {
		char *key = NULL;
		const char *value = CPLParseNameValue(*item, &key);

		if (key != NULL && is_ours(*item))
			set(metadata, key, json_text(value), ok);
		CPLFree(key);
	}
	return metadata;
}

/* The text ends with its line. NULL: no memory. */
static char *tell_program(const struct facts *facts)
{
	json_t *object = json_object();
	bool ok = object != NULL;

	set(object, "file", json_text(facts->path), &ok);
	set(object, "kind", json_string(facts->map != NULL ? "map" : "image"), &ok);
	set(object, "format", json_text(facts->format), &ok);
	set(object, "width", json_integer(facts->frame.width), &ok);
	set(object, "height", json_integer(facts->frame.height), &ok);
	if (facts->has_crs)
		set(object, "crs", json_text(facts->crs_name), &ok);
	if (facts->placed) {
		json_t *transform = json_array();
		for (int i = 0; i < 6; i++)
			append(transform, json_number(facts->frame.transform[i]), &ok);
		set(object, "transform", transform, &ok);
	}
	if (facts->has_gsd)
		set(object, "gsd_m", json_number(facts->gsd_m), &ok);
	set(object, "bands", bands_json(facts, &ok), &ok);
	set(object, "validity", json_text(facts->validity), &ok);
	set(object, "block", json_pack("[i, i]", facts->block_width, facts->block_height), &ok);
	set(object, "compression", json_text(facts->compression != NULL ? facts->compression : "none"), &ok);
	if (facts->interleave != NULL)
		set(object, "interleave", json_text(facts->interleave), &ok);
	set(object, "overviews", json_integer(facts->overviews), &ok);
	set(object, "cog", json_boolean(facts->cog), &ok);
	if (facts->cog_report != NULL)
		set(object, "cog_broken_rules", json_text(facts->cog_report), &ok);
	set(object, "bytes", json_integer((json_int_t)facts->bytes), &ok);
	if (facts->map != NULL)
		set_classes(facts, object, &ok);
	set(object, "metadata", metadata_json(facts, &ok), &ok);
	char *dump = ok ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS)) : NULL;
	char *text = dump != NULL ? lu_sprintf("%s\n", dump) : NULL;
	free(dump);
	json_decref(object);
	return text;
}

enum lu_status lu_raster_describe(const char *path, bool json, char **text, struct lu_error *err)
{
	struct facts facts = {.path = path};
	enum lu_status status;
	struct lu_text_stream stream;
	struct lu_trap trap;

	*text = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(gather(&facts, &trap, err));
	if (json) {
		*text = tell_program(&facts);
		status = *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	LU_TRY(lu_text_begin(&stream, path, err));
	tell_person(&facts, stream.to);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	release(&facts);
	lu_trap_drop(&trap);
	return status;
}
