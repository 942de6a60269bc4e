/* map_table.c: classes as GDAL's table of attributes and as its category names. */
#include "raster/map_table.h"

#include <cpl_string.h>
#include <gdal.h>
#include <limits.h>

void *lu_map_table(const struct lu_class *entries, size_t count, const uint64_t *counts)
{
	GDALRasterAttributeTableH table = GDALCreateRasterAttributeTable();
	GDALRATFieldType count_type = GFT_Integer;

	for (size_t i = 0; i < count; i++)
		if (counts[entries[i].value] > INT_MAX)
			count_type = GFT_Real;
	GDALRATSetTableType(table, GRTT_THEMATIC);
	GDALRATCreateColumn(table, "Value", GFT_Integer, GFU_MinMax);
	GDALRATCreateColumn(table, "Count", count_type, GFU_PixelCount);
	GDALRATCreateColumn(table, "Class", GFT_String, GFU_Name);
	GDALRATCreateColumn(table, "Red", GFT_Integer, GFU_Red);
	GDALRATCreateColumn(table, "Green", GFT_Integer, GFU_Green);
	GDALRATCreateColumn(table, "Blue", GFT_Integer, GFU_Blue);
	GDALRATSetRowCount(table, (int)count);
	for (size_t i = 0; i < count; i++) {
		const struct lu_class *entry = &entries[i];
		const int row = (int)i;

		GDALRATSetValueAsInt(table, row, 0, entry->value);
		if (count_type == GFT_Integer)
			GDALRATSetValueAsInt(table, row, 1, (int)counts[entry->value]);
		else
			GDALRATSetValueAsDouble(table, row, 1, (double)counts[entry->value]);
		GDALRATSetValueAsString(table, row, 2, entry->name);
		GDALRATSetValueAsInt(table, row, 3, entry->red);
		GDALRATSetValueAsInt(table, row, 4, entry->green);
		GDALRATSetValueAsInt(table, row, 5, entry->blue);
	}
	return table;
}

void lu_map_table_name(void *band, const struct lu_class *entries, size_t count)
{
	char **names = NULL;
	int highest = 0;

	for (size_t i = 0; i < count; i++)
		highest = entries[i].value > highest ? entries[i].value : highest;
	for (int value = 0; value <= highest; value++) {
		const char *name = value == 0 ? "Not mapped" : "";

		for (size_t i = 0; i < count; i++)
			if (entries[i].value == value)
				name = entries[i].name;
		names = CSLAddString(names, name);
	}
	GDALSetRasterCategoryNames(band, names);
	CSLDestroy(names);
}
