/* map_vat.c: a dBASE table of values as GDAL's table of attributes. GDAL itself reads it from 3.11 on. */
#include "raster/map_vat.h"

#include <gdal.h>
#include <ogr_api.h>

#include "base/memory.h"
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
