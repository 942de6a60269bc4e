/* map_vat.c: a table of attributes out of and into a dBASE table. GDAL itself reads it from 3.11 on. */
#include "raster/map_vat.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/fault.h"
#include "raster/trap.h"
#include "raster/vsi.h"

/* The dataset, or NULL: by either case of the ending, as files come from other systems. */
static GDALDatasetH open_beside(const char *path)
{
	static const char *const endings[] = {".vat.dbf", ".VAT.DBF"};
	static const char *const drivers[] = {"ESRI Shapefile", NULL};
	GDALDatasetH dataset = NULL;
	struct lu_vsi_info info;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]) && dataset == NULL; i++) {
		char *name = lu_sprintf("%s%s", path, endings[i]);
		if (name != NULL && lu_vsi_stat(name, &info) && !info.folder)
			dataset = GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
		lu_free(name);
	}
	return dataset;
}

static GDALRATFieldType type_of(OGRFieldType type)
{
	return type == OFTInteger || type == OFTInteger64 ? GFT_Integer : type == OFTReal ? GFT_Real : GFT_String;
}

static void copy_row(OGRFeatureH feature, GDALRasterAttributeTableH table, int row)
{
	for (int col = 0; col < GDALRATGetColumnCount(table); col++) {
		switch (GDALRATGetTypeOfCol(table, col)) {
		case GFT_Integer:
			GDALRATSetValueAsInt(table, row, col, OGR_F_GetFieldAsInteger(feature, col));
			break;
		case GFT_Real:
			GDALRATSetValueAsDouble(table, row, col, OGR_F_GetFieldAsDouble(feature, col));
			break;
		default:
			GDALRATSetValueAsString(table, row, col, OGR_F_GetFieldAsString(feature, col));
		}
	}
}

void *lu_map_vat_read(const char *path)
{
	GDALRasterAttributeTableH table = NULL;
	OGRFeatureH feature;
	struct lu_trap trap;

	lu_trap_set(&trap);
	const GDALDatasetH dataset = open_beside(path);
	const OGRLayerH layer = dataset != NULL ? GDALDatasetGetLayer(dataset, 0) : NULL;

	if (layer != NULL) {
		const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
		table = GDALCreateRasterAttributeTable();
		for (int i = 0; i < OGR_FD_GetFieldCount(definition); i++) {
			const OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
			GDALRATCreateColumn(table, OGR_Fld_GetNameRef(field), type_of(OGR_Fld_GetType(field)),
					    GFU_Generic);
		}
		for (int row = 0; (feature = OGR_L_GetNextFeature(layer)) != NULL; row++) {
			copy_row(feature, table, row);
			OGR_F_Destroy(feature);
		}
	}
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	return table;
}

bool lu_map_vat_sound(const char *path)
{
	static const char *const drivers[] = {"ESRI Shapefile", NULL};
	const GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
	const OGRLayerH layer = dataset != NULL ? GDALDatasetGetLayer(dataset, 0) : NULL;
	const bool sound = layer != NULL && OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), "Value") >= 0;

	if (dataset != NULL)
		GDALClose(dataset);
	return sound;
}

static bool is_ascii(GDALRasterAttributeTableH table)
{
	for (int row = 0; row < GDALRATGetRowCount(table); row++)
		for (int col = 0; col < GDALRATGetColumnCount(table); col++) {
			const char *text = GDALRATGetTypeOfCol(table, col) == GFT_String
						   ? GDALRATGetValueAsString(table, row, col)
						   : "";
			for (; *text != '\0'; text++)
				if ((unsigned char)*text > 127)
					return false;
		}
	return true;
}

/* Numbers of cells may have more than nine digits, and a text at most 254 bytes: the longest there is. */
static bool make_fields(OGRLayerH layer, GDALRasterAttributeTableH table)
{
	bool made = true;

	for (int col = 0; col < GDALRATGetColumnCount(table); col++) {
		const bool text = GDALRATGetTypeOfCol(table, col) == GFT_String;
		const bool count = GDALRATGetUsageOfCol(table, col) == GFU_PixelCount;
		size_t longest = 1;
		for (int row = 0; text && row < GDALRATGetRowCount(table); row++) {
			const size_t length = strlen(GDALRATGetValueAsString(table, row, col));
			longest = length > longest ? length : longest;
		}
		OGRFieldDefnH field = OGR_Fld_Create(GDALRATGetNameOfCol(table, col), text    ? OFTString
										      : count ? OFTInteger64
											      : OFTInteger);
		OGR_Fld_SetWidth(field, text ? (int)(longest < 254 ? longest : 254) : count ? 18 : 9);
		made = made && OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
		OGR_Fld_Destroy(field);
	}
	return made;
}

static bool add_rows(OGRLayerH layer, GDALRasterAttributeTableH table)
{
	bool added = true;

	for (int row = 0; row < GDALRATGetRowCount(table) && added; row++) {
		OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
		for (int col = 0; col < GDALRATGetColumnCount(table); col++) {
			if (GDALRATGetTypeOfCol(table, col) == GFT_String)
				OGR_F_SetFieldString(feature, col, GDALRATGetValueAsString(table, row, col));
			else
				OGR_F_SetFieldInteger64(feature, col,
							(GIntBig)GDALRATGetValueAsDouble(table, row, col));
		}
		added = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
		OGR_F_Destroy(feature);
	}
	return added;
}

/* The same table gives the same bytes: a dBASE table says when it was changed. */
static bool fill(const char *path, GDALRasterAttributeTableH table)
{
	static const char *const options[] = {"ENCODING=UTF-8", "DBF_DATE_LAST_UPDATE=2000-01-01", NULL};
	const GDALDatasetH dataset =
		GDALCreate(GDALGetDriverByName("ESRI Shapefile"), path, 0, 0, 0, GDT_Unknown, NULL);
	const OGRLayerH layer =
		dataset != NULL ? GDALDatasetCreateLayer(dataset, "vat", NULL, wkbNone, (char **)(uintptr_t)options)
				: NULL;
	const bool filled = layer != NULL && make_fields(layer, table) && add_rows(layer, table);

	if (dataset != NULL)
		GDALClose(dataset);
	return filled;
}

enum lu_status lu_map_vat_write(const char *path, const char *codes_path, void *table, struct lu_error *err)
{
	static const char codes[] = "UTF-8";
	char *folder = lu_sprintf("/vsimem/landuse-%p", table), *inner = NULL;
	enum lu_status status;
	struct lu_trap trap;
	vsi_l_offset size = 0;

	lu_trap_set(&trap);
	if (folder != NULL)
		inner = lu_sprintf("%s/vat.dbf", folder);
	if (inner == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for writing %s", path);
		goto out;
	}
	VSIMkdir(folder, 0700);
	const bool filled = fill(inner, table);
	const GByte *bytes = filled && !trap.failed ? VSIGetMemFileBuffer(inner, &size, FALSE) : NULL;
	LU_TRY(bytes != NULL ? lu_file_write(path, bytes, (size_t)size, err) : lu_fault_write(path, &trap, err));
	if (is_ascii(table))
		unlink(codes_path);
	else
		LU_TRY(lu_file_write(codes_path, codes, strlen(codes), err));
out:
	if (folder != NULL)
		VSIRmdirRecursive(folder);
	lu_trap_drop(&trap);
	lu_free(inner);
	lu_free(folder);
	return status;
}
