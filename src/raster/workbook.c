/* workbook.c: a layer of OGR's XLSX driver a sheet. See workbook.h. */
#include "raster/workbook.h"

#include <gdal.h>
#include <ogr_api.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/start.h"
#include "raster/trap.h"

bool lu_workbook_possible(void)
{
	lu_raster_start(0);
	const GDALDriverH driver = GDALGetDriverByName("XLSX");

	return driver != NULL && GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, NULL) != NULL;
}

static bool is_label(const char *name)
{
	return strcmp(name, "date") == 0 || strcmp(name, "earlier") == 0 || strcmp(name, "later") == 0;
}

/* What all fields of a column are; a field that is empty may be anything. */
static OGRFieldType type_of(const struct lu_table *table, size_t column)
{
	OGRFieldType type = OFTInteger64;

	if (is_label(table->rows[0].fields[column]))
		return OFTString;
	for (size_t i = 1; i < table->count; i++) {
		const char *field = column < table->rows[i].count ? table->rows[i].fields[column] : "";
		char *end;
		if (field[0] == '\0')
			continue;
		strtod(field, &end);
		/* "nan", "0x10" and "1e5" are words: no table here writes numbers so. */
		if (*end != '\0' || field[strspn(field, "0123456789.-")] != '\0')
			return OFTString;
		if (strchr(field, '.') != NULL)
			type = OFTReal;
	}
	return type;
}

static bool add_columns(OGRLayerH layer, const struct lu_table *table)
{
	for (size_t k = 0; k < table->rows[0].count; k++) {
		const OGRFieldDefnH column = OGR_Fld_Create(table->rows[0].fields[k], type_of(table, k));
		const bool made = OGR_L_CreateField(layer, column, FALSE) == OGRERR_NONE;
		OGR_Fld_Destroy(column);
		if (!made)
			return false;
	}
	return true;
}

static bool add_row(OGRLayerH layer, const struct lu_table_row *row, size_t columns)
{
	const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
	const OGRFeatureH feature = OGR_F_Create(definition);

	for (size_t k = 0; k < columns && k < row->count; k++) {
		const OGRFieldType type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, (int)k));
		if (row->fields[k][0] == '\0')
			continue;
		if (type == OFTInteger64)
			OGR_F_SetFieldInteger64(feature, (int)k, strtoll(row->fields[k], NULL, 10));
		else if (type == OFTReal)
			OGR_F_SetFieldDouble(feature, (int)k, strtod(row->fields[k], NULL));
		else
			OGR_F_SetFieldString(feature, (int)k, row->fields[k]);
	}
	const bool added = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
	OGR_F_Destroy(feature);
	return added;
}

static bool add_sheet(GDALDatasetH dataset, const struct lu_sheet *sheet)
{
	const OGRLayerH layer = GDALDatasetCreateLayer(dataset, sheet->title, NULL, wkbNone, NULL);

	if (layer == NULL || !add_columns(layer, sheet->table))
		return false;
	for (size_t i = 1; i < sheet->table->count; i++)
		if (!add_row(layer, &sheet->table->rows[i], sheet->table->rows[0].count))
			return false;
	return true;
}

enum lu_status lu_workbook_write(const char *path, const struct lu_sheet *sheets, size_t count, struct lu_error *err)
{
	char *temporary = NULL;
	GDALDatasetH dataset = NULL;
	struct lu_trap trap;
	enum lu_status status = LU_OK;

	lu_raster_start(0);
	lu_trap_set(&trap);
	if (!lu_workbook_possible())
		LU_TRY(lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: this GDAL writes no spreadsheets", path));
	temporary = lu_file_temporary(path);
	LU_TRY(temporary != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	dataset = GDALCreate(GDALGetDriverByName("XLSX"), temporary, 0, 0, 0, GDT_Unknown, NULL);
	bool written = dataset != NULL;
	for (size_t i = 0; i < count && written; i++)
		written = add_sheet(dataset, &sheets[i]);
	/* All of it goes out with the closing. */
	if (dataset != NULL)
		GDALClose(dataset);
	if (!written || trap.failed) {
		unlink(temporary);
		LU_TRY(lu_fail(err, LU_ERROR_IO, "%s: cannot be written: %s", path,
			       lu_trap_text(&trap, "unknown reason")));
	}
	LU_TRY(lu_file_commit(temporary, path, err));
out:
	lu_free(temporary);
	lu_trap_drop(&trap);
	return status;
}
