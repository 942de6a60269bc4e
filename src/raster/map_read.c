/*
 * map_read.c: a raster of cells, in. See map.h.
 */
#include "raster/map.h"

#include <cpl_conv.h>
#include <gdal.h>
#include <inttypes.h>
#include <math.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/damage.h"
#include "raster/map_names.h"
#include "raster/open.h"
#include "raster/osr.h"
#include "raster/qml.h"
#include "raster/sources.h"
#include "raster/start.h"
#include "raster/tiff.h"
#include "raster/trap.h"
#include "raster/vsi.h"

struct lu_map {
	char *path;
	GDALDatasetH dataset;
	GDALRasterBandH band;
	GDALRasterBandH mask; /* of all bands, 0: not mapped; NULL: there is none */
	struct lu_frame frame;
	struct lu_class *entries; /* names owned */
	size_t entry_count;
	bool has_nodata;
	double nodata;
	struct lu_damage damage;
};

static bool is_integer(GDALDataType type)
{
	return type == GDT_Byte || type == GDT_UInt16 || type == GDT_Int16 || type == GDT_UInt32 || type == GDT_Int32;
}

static enum lu_status find_place(struct lu_map *map, struct lu_error *err)
{
	const OGRSpatialReferenceH crs = GDALGetSpatialRef(map->dataset);
	enum lu_status status;

	map->frame.width = GDALGetRasterXSize(map->dataset);
	map->frame.height = GDALGetRasterYSize(map->dataset);
	if (GDALGetGeoTransform(map->dataset, map->frame.transform) != CE_None)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no georeference: expected a map whose cells have a place on the ground", map->path);
	if (crs == NULL)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no coordinate reference system: expected one (gdal_edit.py -a_srs EPSG:CODE FILE)",
			       map->path);
	status = lu_osr_export(crs, &map->frame.crs_wkt, err);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", map->path);
}

static enum lu_status find_entries(struct lu_map *map, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_map_names_read(map->band, &map->entries, &map->entry_count, err));
	if (map->entry_count == 0)
		LU_TRY(lu_qml_read(map->path, &map->entries, &map->entry_count, err));
out:
	return status;
}

enum lu_status lu_map_open(const char *path, struct lu_map **out, struct lu_error *err)
{
	struct lu_map *map = NULL;
	enum lu_status status;
	struct lu_vsi_info info;
	struct lu_trap trap;
	int declared = 0;

	*out = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(lu_alloc(&map, 1, sizeof(*map), "a map", err));
	map->path = lu_strdup(path);
	if (map->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for a map");
		goto out;
	}
	LU_TRY(lu_file_check(path, err));
	map->dataset = lu_open_raster(path, LU_NAMED);
	if (map->dataset == NULL) {
		/* A name with a colon may be a layer within a file. */
		if (!lu_vsi_stat(path, &info) && strchr(path, ':') == NULL)
			status = lu_fail(err, lu_vsi_missing(path), "%s: no such file", path);
		else
			status = lu_fail(err, LU_ERROR_FORMAT, "%s: not a map that can be read: %s", path,
					 lu_trap_text(&trap, "unknown format"));
		goto out;
	}
	if (GDALGetRasterCount(map->dataset) < 1) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: no raster bands of its own: expected a map", path);
		goto out;
	}
	if (EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(map->dataset)), "GTiff") && lu_file_exists(path)) {
		status = lu_tiff_whole(path, err);
		if (status != LU_OK)
			goto out;
	}
	status = lu_sources_walk(map->dataset, NULL, NULL, err);
	if (status != LU_OK)
		goto out;
	map->band = GDALGetRasterBand(map->dataset, 1);
	map->nodata = GDALGetRasterNoDataValue(map->band, &declared);
	map->has_nodata = declared != 0;
	if ((GDALGetMaskFlags(map->band) & GMF_PER_DATASET) != 0)
		map->mask = GDALGetMaskBand(map->band);
	LU_TRY(find_place(map, err));
	LU_TRY(find_entries(map, err));
	*out = map;
	map = NULL;
out:
	lu_map_close(map);
	lu_trap_drop(&trap);
	return status;
}

void lu_map_close(struct lu_map *map)
{
	struct lu_trap trap;

	if (map == NULL)
		return;
	lu_trap_set(&trap);
	if (map->dataset != NULL)
		GDALClose(map->dataset);
	lu_damage_release(&map->damage);
	lu_trap_drop(&trap);
	for (size_t i = 0; i < map->entry_count; i++)
		lu_free((char *)map->entries[i].name);
	lu_free(map->entries);
	lu_frame_release(&map->frame);
	lu_free(map->path);
	lu_free(map);
}

const struct lu_frame *lu_map_frame(const struct lu_map *map)
{
	return &map->frame;
}

const char *lu_map_type_name(const struct lu_map *map)
{
	switch (GDALGetRasterDataType(map->band)) {
	case GDT_Byte:
		return "uint8";
	case GDT_UInt16:
		return "uint16";
	case GDT_Int16:
		return "int16";
	case GDT_UInt32:
		return "uint32";
	case GDT_Int32:
		return "int32";
	case GDT_Float32:
		return "float32";
	case GDT_Float64:
		return "float64";
	default:
		return "other";
	}
}

int lu_map_bands(const struct lu_map *map)
{
	return GDALGetRasterCount(map->dataset);
}

bool lu_map_has_alpha(const struct lu_map *map)
{
	return (GDALGetMaskFlags(map->band) & GMF_ALPHA) != 0;
}

bool lu_map_nodata(const struct lu_map *map, double *nodata)
{
	*nodata = map->nodata;
	return map->has_nodata;
}

void lu_map_tile(const struct lu_map *map, int64_t *width, int64_t *height)
{
	int across, down;

	GDALGetBlockSize(map->band, &across, &down);
	*width = across;
	*height = down;
}

enum lu_status lu_map_read_rows(struct lu_map *map, int64_t row0, int64_t rows, uint16_t *dst, struct lu_error *err)
{
	return lu_map_read_rect(map, (struct lu_rect){0, row0, map->frame.width, rows}, dst, err);
}

static enum lu_status read_band(struct lu_map *map, GDALRasterBandH band, struct lu_rect rect, void *dst,
				GDALDataType type, struct lu_error *err)
{
	const int width = (int)rect.width, height = (int)rect.height;
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	lu_trap_set(&trap);
	lu_trap_keep_warnings(&trap);
	if (GDALRasterIO(band, GF_Read, (int)rect.x, (int)rect.y, width, height, dst, width, height, type, 0, 0) !=
	    CE_None)
		status = lu_fail(err, LU_ERROR_IO, "%s: cannot be read: %s (is the file damaged?)", map->path,
				 lu_trap_text(&trap, "unknown reason"));
	else
		status = lu_damage_judge(&map->damage, map->dataset, map->path, &trap, err);
	lu_trap_drop(&trap);
	return status;
}

/* Cells of 16 bits at most: GDAL turns what is negative into 0. */
static enum lu_status read_small(struct lu_map *map, struct lu_rect rect, uint16_t *dst, struct lu_error *err)
{
	const size_t cells = (size_t)rect.height * (size_t)rect.width;
	const enum lu_status status = read_band(map, map->band, rect, dst, GDT_UInt16, err);

	if (status == LU_OK && map->has_nodata && map->nodata > 0 && map->nodata <= UINT16_MAX) {
		const uint16_t nodata = (uint16_t)map->nodata;

		for (size_t i = 0; i < cells; i++)
			dst[i] = dst[i] == nodata ? 0 : dst[i];
	}
	return status;
}

/* Cells of 32 bits hold classes all the same; nodata is often the greatest number that there is. */
static enum lu_status read_wide(struct lu_map *map, struct lu_rect rect, uint16_t *dst, struct lu_error *err)
{
	const size_t cells = (size_t)rect.height * (size_t)rect.width;
	double *values;
	enum lu_status status;

	LU_TRY(lu_alloc(&values, cells, sizeof(*values), "cells of a map", err));
	LU_TRY(read_band(map, map->band, rect, values, GDT_Float64, err));
	for (size_t i = 0; i < cells; i++) {
		const bool mapped = values[i] > 0 && !(map->has_nodata && values[i] == map->nodata);

		if (mapped && values[i] > UINT16_MAX) {
			status = lu_fail(err, LU_ERROR_UNSUPPORTED,
					 "%s: holds the value %.0f: expected classes from 1 to 65535 (is it nodata? "
					 "gdal_edit.py -a_nodata %.0f)",
					 map->path, values[i], values[i]);
			goto out;
		}
		dst[i] = mapped ? (uint16_t)values[i] : 0;
	}
out:
	lu_free(values);
	return status;
}

static enum lu_status apply_mask(struct lu_map *map, struct lu_rect rect, uint16_t *dst, struct lu_error *err)
{
	const size_t cells = (size_t)rect.height * (size_t)rect.width;
	uint8_t *mask;
	enum lu_status status;

	LU_TRY(lu_alloc(&mask, cells, 1, "the mask of a map", err));
	LU_TRY(read_band(map, map->mask, rect, mask, GDT_Byte, err));
	for (size_t i = 0; i < cells; i++)
		dst[i] = mask[i] != 0 ? dst[i] : 0;
out:
	lu_free(mask);
	return status;
}

enum lu_status lu_map_read_rect(struct lu_map *map, struct lu_rect rect, uint16_t *dst, struct lu_error *err)
{
	const GDALDataType type = GDALGetRasterDataType(map->band);
	enum lu_status status;

	if (!is_integer(type))
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: cells are %s: expected whole numbers, one a class (gdal_translate -ot UInt16, if "
			       "they are)",
			       map->path, GDALGetDataTypeName(type));
	LU_TRY(type == GDT_UInt32 || type == GDT_Int32 ? read_wide(map, rect, dst, err)
						       : read_small(map, rect, dst, err));
	if (map->mask != NULL)
		LU_TRY(apply_mask(map, rect, dst, err));
out:
	return status;
}

enum lu_status lu_map_count_zeros(struct lu_map *map, struct lu_map_zeros *out, struct lu_error *err)
{
	enum { STRIP_CELLS = 1 << 20 };
	const int64_t width = map->frame.width, height = map->frame.height;
	const int64_t strip = width < STRIP_CELLS ? STRIP_CELLS / width : 1;
	const size_t room = (size_t)(strip * width);
	int32_t *values = NULL;
	uint8_t *mask = NULL;
	enum lu_status status;

	*out = (struct lu_map_zeros){0};
	LU_TRY(lu_alloc(&values, room, sizeof(*values), "cells of a map", err));
	LU_TRY(lu_alloc(&mask, room, 1, "the mask of a map", err));
	for (int64_t row = 0; row < height; row += strip) {
		const struct lu_rect rect = {0, row, width, row + strip < height ? strip : height - row};
		const size_t cells = (size_t)(rect.width * rect.height);
		LU_TRY(read_band(map, map->band, rect, values, GDT_Int32, err));
		if (map->mask != NULL)
			LU_TRY(read_band(map, map->mask, rect, mask, GDT_Byte, err));
		for (size_t i = 0; i < cells; i++) {
			const bool hidden =
				(map->mask != NULL && mask[i] == 0) || (map->has_nodata && values[i] == map->nodata);
			out->cells += !hidden && values[i] == 0;
			if (!hidden && values[i] >= 0 && values[i] < 100)
				out->seen[values[i]] = true;
		}
	}
out:
	lu_free(values);
	lu_free(mask);
	return status;
}

const struct lu_class *lu_map_entries(const struct lu_map *map, size_t *count)
{
	*count = map->entry_count;
	return map->entries;
}

bool lu_map_colour(const struct lu_map *map, int value, uint8_t rgb[3])
{
	const GDALColorTableH palette = GDALGetRasterColorTable(map->band);

	if (palette == NULL || value < 0 || value >= GDALGetColorEntryCount(palette))
		return false;
	const GDALColorEntry *colour = GDALGetColorEntry(palette, value);

	rgb[0] = (uint8_t)colour->c1;
	rgb[1] = (uint8_t)colour->c2;
	rgb[2] = (uint8_t)colour->c3;
	return true;
}

const char *lu_map_class_name(const struct lu_map *map, int value)
{
	for (size_t i = 0; i < map->entry_count; i++) {
		if (map->entries[i].value == value)
			return map->entries[i].name;
	}
	return NULL;
}

const char *lu_map_metadata(const struct lu_map *map, const char *key)
{
	return GDALGetMetadataItem(map->dataset, key, NULL);
}
