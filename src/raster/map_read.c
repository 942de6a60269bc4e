/*
 * map_read.c: a raster of cells, in. See map.h.
 */
#include "raster/map.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <inttypes.h>
#include <math.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/osr.h"
#include "raster/qml.h"
#include "raster/start.h"
#include "raster/tiff.h"
#include "raster/trap.h"

struct lu_map {
	char *path;
	GDALDatasetH dataset;
	GDALRasterBandH band;
	struct lu_frame frame;
	struct lu_style_entry *entries; /* names owned */
	size_t entry_count;
	bool has_nodata;
	double nodata;
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

static enum lu_status add_entry(struct lu_map *map, int value, const char *name, const int rgb[3], struct lu_error *err)
{
	enum lu_status status = lu_grow(&map->entries, map->entry_count + 1, sizeof(*map->entries), "a legend", err);
	char *copy;

	if (status != LU_OK)
		return status;
	copy = lu_strdup(name);
	if (copy == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a legend");
	map->entries[map->entry_count++] = (struct lu_style_entry){.value = value,
								   .name = copy,
								   .red = (uint8_t)rgb[0],
								   .green = (uint8_t)rgb[1],
								   .blue = (uint8_t)rgb[2]};
	return LU_OK;
}

static enum lu_status entries_from_rat(struct lu_map *map, struct lu_error *err)
{
	const GDALRasterAttributeTableH table = GDALGetDefaultRAT(map->band);
	enum lu_status status = LU_OK;
	int value, name, red, green, blue;

	if (table == NULL)
		return LU_OK;
	value = GDALRATGetColOfUsage(table, GFU_MinMax);
	name = GDALRATGetColOfUsage(table, GFU_Name);
	red = GDALRATGetColOfUsage(table, GFU_Red);
	green = GDALRATGetColOfUsage(table, GFU_Green);
	blue = GDALRATGetColOfUsage(table, GFU_Blue);
	if (value < 0 || name < 0)
		return LU_OK;
	for (int row = 0; row < GDALRATGetRowCount(table) && status == LU_OK; row++) {
		const int rgb[3] = {
			red >= 0 ? GDALRATGetValueAsInt(table, row, red) : 0,
			green >= 0 ? GDALRATGetValueAsInt(table, row, green) : 0,
			blue >= 0 ? GDALRATGetValueAsInt(table, row, blue) : 0,
		};

		status = add_entry(map, GDALRATGetValueAsInt(table, row, value),
				   GDALRATGetValueAsString(table, row, name), rgb, err);
	}
	return status;
}

static enum lu_status entries_from_names(struct lu_map *map, struct lu_error *err)
{
	const GDALColorTableH palette = GDALGetRasterColorTable(map->band);
	char **names = GDALGetRasterCategoryNames(map->band);
	enum lu_status status = LU_OK;

	for (int value = 0; value < CSLCount(names) && status == LU_OK; value++) {
		int rgb[3] = {0, 0, 0};

		if (names[value][0] == '\0' || (map->has_nodata && map->nodata == value))
			continue;
		if (palette != NULL && value < GDALGetColorEntryCount(palette)) {
			const GDALColorEntry *colour = GDALGetColorEntry(palette, value);

			rgb[0] = colour->c1;
			rgb[1] = colour->c2;
			rgb[2] = colour->c3;
		}
		status = add_entry(map, value, names[value], rgb, err);
	}
	return status;
}

static enum lu_status find_entries(struct lu_map *map, struct lu_error *err)
{
	enum lu_status status = entries_from_rat(map, err);

	if (status == LU_OK && map->entry_count == 0)
		status = entries_from_names(map, err);
	if (status == LU_OK && map->entry_count == 0)
		status = lu_qml_read(map->path, &map->entries, &map->entry_count, err);
	return status;
}

enum lu_status lu_map_open(const char *path, struct lu_map **out, struct lu_error *err)
{
	struct lu_map *map = NULL;
	enum lu_status status;
	struct lu_trap trap;
	int declared = 0;

	*out = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	status = lu_alloc(&map, 1, sizeof(*map), "a map", err);
	if (status != LU_OK)
		goto out;
	map->path = lu_strdup(path);
	if (map->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for a map");
		goto out;
	}
	map->dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
	if (map->dataset == NULL) {
		status = lu_fail(err, lu_file_exists(path) ? LU_ERROR_FORMAT : LU_ERROR_IO,
				 "%s: not a map that can be read: %s", path, lu_trap_text(&trap, "unknown format"));
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
	map->band = GDALGetRasterBand(map->dataset, 1);
	map->nodata = GDALGetRasterNoDataValue(map->band, &declared);
	map->has_nodata = declared != 0;
	status = find_place(map, err);
	if (status == LU_OK)
		status = find_entries(map, err);
	if (status != LU_OK)
		goto out;
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

int lu_map_bands(const struct lu_map *map)
{
	return GDALGetRasterCount(map->dataset);
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

enum lu_status lu_map_read_rect(struct lu_map *map, struct lu_rect rect, uint16_t *dst, struct lu_error *err)
{
	const int width = (int)rect.width, height = (int)rect.height;
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	if (!is_integer(GDALGetRasterDataType(map->band)))
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: cells are %s: expected whole numbers, one a class",
			       map->path, GDALGetDataTypeName(GDALGetRasterDataType(map->band)));
	lu_trap_set(&trap);
	if (GDALRasterIO(map->band, GF_Read, (int)rect.x, (int)rect.y, width, height, dst, width, height, GDT_UInt16, 0,
			 0) != CE_None)
		status = lu_fail(err, LU_ERROR_IO, "%s: cannot be read: %s (is the file damaged?)", map->path,
				 lu_trap_text(&trap, "unknown reason"));
	lu_trap_drop(&trap);
	if (status == LU_OK && map->has_nodata && map->nodata > 0 && map->nodata <= UINT16_MAX) {
		const uint16_t nodata = (uint16_t)map->nodata;

		for (size_t i = 0; i < (size_t)height * (size_t)width; i++)
			dst[i] = dst[i] == nodata ? 0 : dst[i];
	}
	return status;
}

const struct lu_style_entry *lu_map_entries(const struct lu_map *map, size_t *count)
{
	*count = map->entry_count;
	return map->entries;
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
