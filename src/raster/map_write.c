/*
 * map_write.c: a raster of cells, out, whole or not at all. See map.h.
 *
 *   rows --> a temporary --(COG driver)--> a second one --(checked, fsync, rename)--> NAME.tif
 *
 * A COG must be written smaller overviews first, so the rows go into an ordinary tiled file before.
 * What goes beside the map is put in place before it: whoever sees the map sees its names and colours.
 */
#include "raster/map.h"

#include <assert.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "raster/cog.h"
#include "raster/fault.h"
#include "raster/map_table.h"
#include "raster/map_vat.h"
#include "raster/osr.h"
#include "raster/qml.h"
#include "raster/start.h"
#include "raster/tiff.h"
#include "raster/trap.h"

#define TILE LU_MAP_TILE

#define VALUES (UINT16_MAX + 1)

struct lu_map_writer {
	char *path;
	struct lu_map_spec spec; /* what it points to is the caller's */
	struct lu_trap *trap; /* of the call that runs now */
	char *stage_path, *temporary; /* of the raster */
	char *temporary_aux;
	char *beside[LU_BESIDES];
	struct lu_class *shown; /* the entries that style and tables have */
	size_t shown_count;
	GDALDatasetH stage;
	struct band {
		void *rows; /* those that wait until a row of tiles is full */
		int64_t waiting, done; /* rows in 'rows', and rows in the stage */
	} * bands;
	uint64_t *counts; /* of each value of band 1; NULL without entries */
};

static GDALDataType gdal_type(enum lu_map_type type)
{
	return type == LU_MAP_BYTE ? GDT_Byte : GDT_UInt16;
}

static size_t type_size(enum lu_map_type type)
{
	return type == LU_MAP_BYTE ? 1 : 2;
}

static enum lu_status cannot_write(const struct lu_map_writer *writer, struct lu_error *err)
{
	return lu_fault_write(writer->path, writer->trap, err);
}

static enum lu_status check_spec(const char *path, const struct lu_map_spec *spec, struct lu_error *err)
{
	if (spec->frame->width < 1 || spec->frame->height < 1 || spec->frame->width > INT_MAX ||
	    spec->frame->height > INT_MAX || spec->bands < 1)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: a map of %" PRId64 " x %" PRId64 " cells and %d bands cannot be "
			       "written",
			       path, spec->frame->width, spec->frame->height, spec->bands);
	for (size_t i = 0; i < spec->entry_count; i++) {
		const int most = spec->type == LU_MAP_BYTE ? UINT8_MAX : UINT16_MAX;

		if (spec->entries[i].value > most)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: class value %d does not fit: expected 0 to %d",
				       path, spec->entries[i].value, most);
	}
	return LU_OK;
}

static enum lu_status name_files(struct lu_map_writer *writer, struct lu_error *err)
{
	writer->stage_path = lu_sprintf("%s.stage.tif", writer->path);
	if (writer->stage_path != NULL) {
		char *temporary = lu_file_temporary(writer->stage_path);

		lu_free(writer->stage_path);
		writer->stage_path = temporary;
	}
	writer->temporary = lu_file_temporary(writer->path);
	bool whole = writer->stage_path != NULL && writer->temporary != NULL;
	for (enum lu_beside i = 0; i < LU_BESIDES; i++) {
		writer->beside[i] = lu_beside(writer->path, i);
		whole = whole && writer->beside[i] != NULL;
	}
	if (whole)
		writer->temporary_aux = lu_beside(writer->temporary, LU_BESIDE_AUX);
	if (!whole || writer->temporary_aux == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for writing %s", writer->path);
	return LU_OK;
}

static void set_place(const struct lu_map_writer *writer)
{
	void *crs;

	GDALSetGeoTransform(writer->stage, (double *)writer->spec.frame->transform);
	if (lu_osr_import(writer->spec.frame->crs_wkt, &crs, NULL) == LU_OK) {
		GDALSetSpatialRef(writer->stage, crs);
		lu_osr_free(crs);
	}
}

static void set_palette(const struct lu_map_writer *writer)
{
	GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
	const GDALColorEntry nothing = {0, 0, 0, 0};

	GDALSetColorEntry(table, 0, &nothing);
	for (size_t i = 0; i < writer->spec.entry_count; i++) {
		const struct lu_class *entry = &writer->spec.entries[i];
		const GDALColorEntry colour = {entry->red, entry->green, entry->blue, 255};

		GDALSetColorEntry(table, entry->value, &colour);
	}
	GDALSetRasterColorTable(GDALGetRasterBand(writer->stage, 1), table);
	GDALDestroyColorTable(table);
}

/* Threads that decode a file of several bands complain of its tags on stderr, past every trap (GDAL 3.6). */
static char **set_threads(char **options, const struct lu_map_spec *spec)
{
	const int threads = spec->threads > 1 && spec->bands == 1 ? spec->threads : 1;

	return CSLSetNameValue(options, "NUM_THREADS", CPLSPrintf("%d", threads));
}

static enum lu_status create_stage(struct lu_map_writer *writer, struct lu_error *err)
{
	const struct lu_map_spec *spec = &writer->spec;
	const bool palette = spec->palette && spec->type == LU_MAP_BYTE && spec->bands == 1 && spec->entry_count > 0;
	char **options = NULL;

	options = CSLSetNameValue(options, "TILED", "YES");
	options = CSLSetNameValue(options, "COMPRESS", "DEFLATE");
	options = CSLSetNameValue(options, "ZLEVEL", "1");
	options = CSLSetNameValue(options, "INTERLEAVE", "BAND");
	options = CSLSetNameValue(options, "BIGTIFF", "IF_SAFER");
	options = set_threads(options, spec);
	if (!palette) {
		/* Otherwise three bands become red, green and blue, and a fourth or second one alpha. */
		options = CSLSetNameValue(options, "PHOTOMETRIC", "MINISBLACK");
		options = CSLSetNameValue(options, "ALPHA", "NO");
	}
	writer->stage = GDALCreate(GDALGetDriverByName("GTiff"), writer->stage_path, (int)spec->frame->width,
				   (int)spec->frame->height, spec->bands, gdal_type(spec->type), options);
	CSLDestroy(options);
	if (writer->stage == NULL)
		return cannot_write(writer, err);
	set_place(writer);
	if (palette)
		set_palette(writer);
	for (int band = 1; band <= spec->bands; band++) {
		const GDALRasterBandH handle = GDALGetRasterBand(writer->stage, band);

		if (spec->has_nodata)
			GDALSetRasterNoDataValue(handle, spec->nodata);
		if (spec->band_names != NULL)
			GDALSetDescription(handle, spec->band_names[band - 1]);
		else if (spec->bands == 1 && spec->qml_title != NULL)
			GDALSetDescription(handle, spec->qml_title);
	}
	for (const char *const *item = spec->metadata; item != NULL && *item != NULL; item++) {
		char *key = NULL;
		const char *value = CPLParseNameValue(*item, &key);

		if (key != NULL)
			GDALSetMetadataItem(writer->stage, key, value, NULL);
		CPLFree(key);
	}
	return writer->trap->failed ? cannot_write(writer, err) : LU_OK;
}

static void count_values(struct lu_map_writer *writer, const void *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		writer->counts[writer->spec.type == LU_MAP_BYTE ? ((const uint8_t *)rows)[i]
								: ((const uint16_t *)rows)[i]]++;
}

/* The next 'rows' rows of a band into the stage: whole rows of tiles, or the last ones. */
static enum lu_status write_rows(struct lu_map_writer *writer, int band, const void *rows, int64_t count,
				 struct lu_error *err)
{
	struct band *at = &writer->bands[band - 1];
	const int width = (int)writer->spec.frame->width;

	if (band == 1 && writer->counts != NULL)
		count_values(writer, rows, (size_t)(count * width));
	if (GDALRasterIO(GDALGetRasterBand(writer->stage, band), GF_Write, 0, (int)at->done, width, (int)count,
			 (void *)(uintptr_t)rows, width, (int)count, gdal_type(writer->spec.type), 0, 0) != CE_None)
		return cannot_write(writer, err);
	at->done += count;
	return LU_OK;
}

enum lu_status lu_map_add(struct lu_map_writer *writer, int band, const void *rows, int64_t count, struct lu_error *err)
{
	struct band *at = &writer->bands[band - 1];
	const size_t row_bytes = (size_t)writer->spec.frame->width * type_size(writer->spec.type);
	const int64_t height = writer->spec.frame->height;
	const uint8_t *from = rows;
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	assert(band >= 1 && band <= writer->spec.bands && at->done + at->waiting + count <= height);
	lu_trap_set(&trap);
	writer->trap = &trap;
	while (count > 0 && status == LU_OK) {
		const int64_t left = height - at->done, full = left < TILE ? left : TILE;
		if (at->waiting == 0 && count >= full) {
			status = write_rows(writer, band, from, full, err);
			from += (size_t)full * row_bytes;
			count -= full;
			continue;
		}
		const int64_t taken = count < full - at->waiting ? count : full - at->waiting;
		if (at->rows == NULL)
			status = lu_alloc(&at->rows, TILE, row_bytes, "rows of a map", err);
		if (status != LU_OK)
			break;
		memcpy((uint8_t *)at->rows + (size_t)at->waiting * row_bytes, from, (size_t)taken * row_bytes);
		at->waiting += taken;
		from += (size_t)taken * row_bytes;
		count -= taken;
		if (at->waiting == full) {
			at->waiting = 0;
			status = write_rows(writer, band, at->rows, full, err);
		}
	}
	writer->trap = NULL;
	lu_trap_drop(&trap);
	return status;
}

/* Write the COG under its temporary name and look at it again: GDAL may only notice a full disk while closing. */
static enum lu_status make_cog(struct lu_map_writer *writer, struct lu_error *err)
{
	const struct lu_map_spec *spec = &writer->spec;
	const char *resampling = spec->entry_count > 0 ? "MODE" : "AVERAGE";
	enum lu_status status;
	char **options = NULL;
	char *report = NULL;
	GDALDatasetH cog;
	bool ok;

	options = CSLSetNameValue(options, "COMPRESS", "DEFLATE");
	/* libdeflate's 6, the default, takes three times as long for 7 % less (change codes of NLCD, 10 million cells). */
	options = CSLSetNameValue(options, "LEVEL", "5");
	options = CSLSetNameValue(options, "OVERVIEW_RESAMPLING", resampling);
	options = CSLSetNameValue(options, "OVERVIEWS", "IGNORE_EXISTING");
	options = CSLSetNameValue(options, "BIGTIFF", "IF_SAFER");
	options = set_threads(options, spec);
	for (size_t i = 0; i < spec->creation_option_count; i++) {
		char *key = NULL;
		const char *value = CPLParseNameValue(spec->creation_options[i], &key);

		if (key != NULL)
			options = CSLSetNameValue(options, key, value);
		CPLFree(key);
	}
	cog = GDALCreateCopy(GDALGetDriverByName("COG"), writer->temporary, writer->stage, 0, options, NULL, NULL);
	CSLDestroy(options);
	if (cog != NULL)
		GDALClose(cog);
	if (cog == NULL || writer->trap->failed)
		return cannot_write(writer, err);
	LU_TRY(lu_tiff_whole(writer->temporary, err));
	LU_TRY(lu_cog_check(writer->temporary, &report, &ok, err));
	if (!ok)
		status = lu_fail(err, LU_ERROR_IO, "%s: what was written is not a Cloud Optimized GeoTIFF: %s",
				 writer->path, report);
out:
	lu_free(report);
	return status;
}

/* Which entries style and tables have. */
static enum lu_status choose_shown(struct lu_map_writer *writer, struct lu_error *err)
{
	const struct lu_map_spec *spec = &writer->spec;
	enum lu_status status;

	LU_TRY(lu_alloc(&writer->shown, spec->entry_count, sizeof(*writer->shown), "a legend", err));
	for (size_t i = 0; i < spec->entry_count; i++) {
		const uint16_t value = spec->entries[i].value;
		if (spec->style_from == 0 || value < spec->style_from || writer->counts[value] > 0)
			writer->shown[writer->shown_count++] = spec->entries[i];
	}
out:
	return status;
}

/* Names and counts: they live in the .aux.xml, which the COG driver copies from the stage. */
static void describe_classes(struct lu_map_writer *writer)
{
	const GDALRasterBandH band = GDALGetRasterBand(writer->stage, 1);
	GDALRasterAttributeTableH table = lu_map_table(writer->shown, writer->shown_count, writer->counts);

	/* Names are one a value: of codes of change there would be thousands. */
	if (writer->spec.palette)
		lu_map_table_name(band, writer->shown, writer->shown_count);
	GDALSetDefaultRAT(band, table);
	GDALDestroyRasterAttributeTable(table);
}

/* The style file's text, or NULL when the map has none. */
static enum lu_status make_qml(const struct lu_map_writer *writer, char **text, struct lu_error *err)
{
	const struct lu_map_spec *spec = &writer->spec;

	*text = NULL;
	if (spec->entry_count > 0)
		return lu_qml_classes(writer->shown, writer->shown_count, spec->qml_title, text, err);
	if (spec->ramp != LU_RAMP_NONE)
		return lu_qml_ramp(spec->ramp, spec->ramp_low, spec->ramp_high, spec->qml_title, text, err);
	return LU_OK;
}

/* ArcGIS's table of the entries, or none. */
static enum lu_status put_vat(struct lu_map_writer *writer, struct lu_error *err)
{
	GDALRasterAttributeTableH table = NULL;
	enum lu_status status = LU_OK;

	if (writer->shown_count == 0) {
		unlink(writer->beside[LU_BESIDE_VAT]);
		unlink(writer->beside[LU_BESIDE_VAT_CODES]);
		return LU_OK;
	}
	table = lu_map_table(writer->shown, writer->shown_count, writer->counts);
	status = lu_map_vat_write(writer->beside[LU_BESIDE_VAT], writer->beside[LU_BESIDE_VAT_CODES], table, err);
	GDALDestroyRasterAttributeTable(table);
	return status;
}

static enum lu_status put_in_place(struct lu_map_writer *writer, struct lu_error *err)
{
	bool is_new[LU_BESIDES];
	enum lu_status status;
	char *qml;

	for (int i = 0; i < LU_BESIDES; i++)
		is_new[i] = !lu_file_exists(writer->beside[i]);
	LU_TRY(make_qml(writer, &qml, err));
	if (qml != NULL)
		LU_TRY(lu_file_write(writer->beside[LU_BESIDE_QML], qml, strlen(qml), err));
	else
		unlink(writer->beside[LU_BESIDE_QML]); /* an earlier map's: it would colour the wrong one */
	if (lu_file_exists(writer->temporary_aux))
		LU_TRY(lu_file_commit(writer->temporary_aux, writer->beside[LU_BESIDE_AUX], err));
	else
		unlink(writer->beside[LU_BESIDE_AUX]);
	LU_TRY(put_vat(writer, err));
	LU_TRY(lu_file_commit(writer->temporary, writer->path, err));
out:
	/* A map that did not come must leave no colours behind; an earlier map keeps the newer ones. */
	for (int i = 0; i < LU_BESIDES && status != LU_OK; i++)
		if (is_new[i])
			unlink(writer->beside[i]);
	lu_free(qml);
	return status;
}

/* Remove 'path' and what GDAL's drivers lay beside it while they write. */
static void remove_temporaries(const char *path)
{
	static const char *const suffixes[] = {"", ".aux.xml", ".ovr.tmp", ".ovr", ".msk.ovr.tmp"};

	for (size_t i = 0; path != NULL && i < sizeof(suffixes) / sizeof(*suffixes); i++)
		unlink(CPLSPrintf("%s%s", path, suffixes[i]));
}

enum lu_status lu_map_begin(const char *path, const struct lu_map_spec *spec, struct lu_map_writer **out,
			    struct lu_error *err)
{
	struct lu_map_writer *writer = NULL;
	struct lu_trap trap;
	size_t values;
	enum lu_status status = check_spec(path, spec, err);

	*out = NULL;
	if (status == LU_OK && !lu_mul((size_t)spec->frame->width, TILE, &values))
		status = lu_fail(err, LU_ERROR_MEMORY, "%s: too wide", path);
	if (status == LU_OK)
		status = lu_alloc(&writer, 1, sizeof(*writer), "a map", err);
	if (status != LU_OK)
		return status;
	lu_raster_start(0);
	lu_trap_set(&trap);
	writer->spec = *spec;
	writer->trap = &trap;
	writer->path = lu_strdup(path);
	status = writer->path != NULL ? name_files(writer, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory for writing %s", path);
	if (status == LU_OK)
		status = lu_alloc(&writer->bands, (size_t)spec->bands, sizeof(*writer->bands), "bands of a map", err);
	if (status == LU_OK && spec->entry_count > 0)
		status = lu_alloc(&writer->counts, VALUES, sizeof(*writer->counts), "class counts", err);
	if (status == LU_OK)
		status = create_stage(writer, err);
	writer->trap = NULL;
	lu_trap_drop(&trap);
	if (status != LU_OK) {
		lu_map_drop(writer);
		return status;
	}
	*out = writer;
	return LU_OK;
}

enum lu_status lu_map_finish(struct lu_map_writer *writer, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	lu_trap_set(&trap);
	writer->trap = &trap;
	for (int band = 0; band < writer->spec.bands; band++)
		assert(writer->bands[band].done == writer->spec.frame->height);
	GDALFlushCache(writer->stage);
	if (trap.failed)
		LU_TRY(cannot_write(writer, err));
	if (writer->counts != NULL) {
		LU_TRY(choose_shown(writer, err));
		describe_classes(writer);
	}
	LU_TRY(make_cog(writer, err));
	LU_TRY(put_in_place(writer, err));
out:
	writer->trap = NULL;
	lu_trap_drop(&trap);
	lu_map_drop(writer);
	return status;
}

void lu_map_drop(struct lu_map_writer *writer)
{
	struct lu_trap trap;

	if (writer == NULL)
		return;
	lu_trap_set(&trap);
	if (writer->stage != NULL)
		GDALClose(writer->stage);
	remove_temporaries(writer->stage_path);
	remove_temporaries(writer->temporary);
	lu_trap_drop(&trap);
	for (int band = 0; writer->bands != NULL && band < writer->spec.bands; band++)
		lu_free(writer->bands[band].rows);
	lu_free(writer->bands);
	lu_free(writer->counts);
	lu_free(writer->shown);
	for (int i = 0; i < LU_BESIDES; i++)
		lu_free(writer->beside[i]);
	lu_free(writer->temporary_aux);
	lu_free(writer->temporary);
	lu_free(writer->stage_path);
	lu_free(writer->path);
	lu_free(writer);
}

enum lu_status lu_map_write(const char *path, const struct lu_map_spec *spec, lu_map_rows read, void *user,
			    struct lu_error *err)
{
	const int64_t height = spec->frame->height;
	struct lu_map_writer *writer = NULL;
	void *rows = NULL;
	enum lu_status status;

	LU_TRY(lu_map_begin(path, spec, &writer, err));
	LU_TRY(lu_alloc(&rows, (size_t)spec->frame->width * TILE, type_size(spec->type), "rows of a map", err));
	for (int band = 1; band <= spec->bands; band++) {
		for (int64_t row = 0; row < height; row += TILE) {
			const int64_t count = height - row < TILE ? height - row : TILE;
			LU_TRY(read(user, row, count, band, rows, err));
			LU_TRY(lu_map_add(writer, band, rows, count, err));
		}
	}
out:
	if (status == LU_OK)
		status = lu_map_finish(writer, err);
	else
		lu_map_drop(writer);
	lu_free(rows);
	return status;
}
