/*
 * map_names.c: attribute tables, inside a raster and beside it, and category names, as different programs write them.
 */
#include "raster/map_names.h"

#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "raster/map_vat.h"

struct list {
	struct lu_class **entries;
	size_t *count;
};

static enum lu_status add_entry(const struct list *list, int value, const char *name, const uint8_t rgb[3],
				struct lu_error *err)
{
	enum lu_status status;
	char *copy;

	if (value < 0 || value > UINT16_MAX) /* no cell is read as that (map.h) */
		return LU_OK;
	status = lu_grow(list->entries, *list->count + 1, sizeof(**list->entries), "a legend", err);
	if (status != LU_OK)
		return status;
	copy = lu_text_utf8(name);
	if (copy == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a legend");
	(*list->entries)[(*list->count)++] = (struct lu_class){
		.value = (uint16_t)value, .name = copy, .red = rgb[0], .green = rgb[1], .blue = rgb[2]};
	return LU_OK;
}

/* A column of an attribute table: what it is for, and what it is called where nobody says what it is for. */
struct column {
	GDALRATFieldUsage usage;
	const char *names[8];
};
static const struct column value_column = {GFU_MinMax, {"value", "code", "class_code", "gridcode"}};
static const struct column name_column = {
	GFU_Name, {"class", "class_name", "class_names", "classname", "name", "category", "label", "land_cover"}};
static const struct column colour_columns[3] = {
	{GFU_Red, {"red", "r"}}, {GFU_Green, {"green", "g"}}, {GFU_Blue, {"blue", "b"}}};

static int find_column(GDALRasterAttributeTableH table, const struct column *column)
{
	const int by_usage = GDALRATGetColOfUsage(table, column->usage);
	const size_t most = sizeof(column->names) / sizeof(column->names[0]);

	for (size_t i = 0; by_usage < 0 && i < most && column->names[i] != NULL; i++) {
		for (int col = 0; col < GDALRATGetColumnCount(table); col++) {
			if (EQUAL(GDALRATGetNameOfCol(table, col), column->names[i]))
				return col;
		}
	}
	return by_usage;
}

/* Whole numbers up to 255, or parts of 1. */
static uint8_t colour_at(GDALRasterAttributeTableH table, int row, int col)
{
	if (col < 0)
		return 0;
	const double one = GDALRATGetTypeOfCol(table, col) == GFT_Real ? 255.0 : 1.0;
	const double value = GDALRATGetValueAsDouble(table, row, col);

	return (uint8_t)fmin(fmax(round(value <= 1.0 ? value * one : value), 0.0), 255.0);
}

/*
 * The column of names: by its usage, else a column of text with a usual name, else the first of text, for ArcGIS lets
 * its users call it anything; else a usual name though it holds numbers.
 */
static int find_names(GDALRasterAttributeTableH table)
{
	const int by_usage = GDALRATGetColOfUsage(table, name_column.usage);
	int text = -1;

	for (size_t i = 0; by_usage < 0 && i < sizeof(name_column.names) / sizeof(name_column.names[0]); i++)
		for (int col = 0; col < GDALRATGetColumnCount(table); col++)
			if (GDALRATGetTypeOfCol(table, col) == GFT_String &&
			    EQUAL(GDALRATGetNameOfCol(table, col), name_column.names[i]))
				return col;
	for (int col = 0; text < 0 && col < GDALRATGetColumnCount(table); col++)
		if (GDALRATGetTypeOfCol(table, col) == GFT_String)
			text = col;
	return by_usage < 0 && text >= 0 ? text : find_column(table, &name_column);
}

/* The palette's colour of 'value', or a grey of its own, so that classes are told apart. */
static void colour_of(GDALRasterBandH band, int value, uint8_t rgb[3])
{
	const GDALColorTableH palette = GDALGetRasterColorTable(band);
	const GDALColorEntry *colour = palette != NULL && value >= 0 && value < GDALGetColorEntryCount(palette)
					       ? GDALGetColorEntry(palette, value)
					       : NULL;
	const uint8_t grey = (uint8_t)(40 + abs(value % 176) * 67 % 176);

	rgb[0] = colour != NULL ? (uint8_t)colour->c1 : grey;
	rgb[1] = colour != NULL ? (uint8_t)colour->c2 : grey;
	rgb[2] = colour != NULL ? (uint8_t)colour->c3 : grey;
}

static enum lu_status from_table(GDALRasterBandH band, GDALRasterAttributeTableH table, const struct list *list,
				 struct lu_error *err)
{
	enum lu_status status = LU_OK;
	bool coloured = true;
	int colours[3];

	if (table == NULL)
		return LU_OK;
	const int value = find_column(table, &value_column), name = find_names(table);

	for (int i = 0; i < 3; i++) {
		colours[i] = find_column(table, &colour_columns[i]);
		coloured = coloured && colours[i] >= 0;
	}
	if (value < 0 || name < 0)
		return LU_OK;
	for (int row = 0; row < GDALRATGetRowCount(table); row++) {
		const int code = GDALRATGetValueAsInt(table, row, value);
		uint8_t rgb[3] = {colour_at(table, row, colours[0]), colour_at(table, row, colours[1]),
				  colour_at(table, row, colours[2])};

		if (!coloured)
			colour_of(band, code, rgb);
		LU_TRY(add_entry(list, code, GDALRATGetValueAsString(table, row, name), rgb, err));
	}
out:
	return status;
}

static enum lu_status from_names(GDALRasterBandH band, const struct list *list, struct lu_error *err)
{
	const GDALColorTableH palette = GDALGetRasterColorTable(band);
	char **names = GDALGetRasterCategoryNames(band);
	enum lu_status status = LU_OK;
	int declared = 0;
	const double nodata = GDALGetRasterNoDataValue(band, &declared);

	for (int value = 0; value < CSLCount(names); value++) {
		uint8_t rgb[3] = {0, 0, 0};

		if (names[value][0] == '\0' || (declared && nodata == value))
			continue;
		if (palette != NULL && value < GDALGetColorEntryCount(palette)) {
			const GDALColorEntry *colour = GDALGetColorEntry(palette, value);

			rgb[0] = (uint8_t)colour->c1;
			rgb[1] = (uint8_t)colour->c2;
			rgb[2] = (uint8_t)colour->c3;
		}
		LU_TRY(add_entry(list, value, names[value], rgb, err));
	}
out:
	return status;
}

enum lu_status lu_map_names_read(void *band, struct lu_class **entries, size_t *count, struct lu_error *err)
{
	const struct list list = {entries, count};
	enum lu_status status;

	LU_TRY(from_table(band, GDALGetDefaultRAT(band), &list, err));
	if (*count == 0)
		LU_TRY(from_names(band, &list, err));
	if (*count == 0) {
		const GDALRasterAttributeTableH table = lu_map_vat_read(GDALGetDescription(GDALGetBandDataset(band)));
		status = from_table(band, table, &list, err);
		if (table != NULL)
			GDALDestroyRasterAttributeTable(table);
	}
out:
	return status;
}
