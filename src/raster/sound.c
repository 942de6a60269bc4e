/* sound.c: SQLite's own check of a GeoPackage, and XML parsed to its end. See sound.h. */
#include "raster/sound.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <gdal.h>
#include <ogr_api.h>
#include <string.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "raster/map_vat.h"
#include "raster/start.h"
#include "raster/trap.h"

/* SQLite walks all pages and compares indices with tables; the answer is the one word "ok". */
static bool passes_check(GDALDatasetH dataset)
{
	bool passes = false;
	OGRLayerH answer = GDALDatasetExecuteSQL(dataset, "PRAGMA integrity_check", NULL, NULL);
	OGRFeatureH row = answer != NULL ? OGR_L_GetNextFeature(answer) : NULL;

	if (row != NULL)
		passes = OGR_F_GetFieldCount(row) > 0 && strcmp(OGR_F_GetFieldAsString(row, 0), "ok") == 0;
	OGR_F_Destroy(row);
	if (answer != NULL)
		GDALDatasetReleaseResultSet(dataset, answer);
	return passes;
}

bool lu_layer_sound(const char *path)
{
	static const char *const drivers[] = {"GPKG", NULL};
	const char *name = lu_path_name(path), *dot = strrchr(name, '.');
	char *layer = lu_strndup(name, dot != NULL ? (size_t)(dot - name) : strlen(name));
	bool sound = false;
	GDALDatasetH dataset;
	struct lu_trap trap;

	lu_raster_start(0);
	lu_trap_set(&trap);
	dataset = layer != NULL ? GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL) : NULL;
	if (dataset != NULL) {
		sound = GDALDatasetGetLayerByName(dataset, layer) != NULL && passes_check(dataset);
		GDALClose(dataset);
	}
	lu_trap_drop(&trap);
	lu_free(layer);
	return sound;
}

bool lu_beside_sound(const char *path)
{
	static const char *const roots[LU_BESIDES] = {[LU_BESIDE_AUX] = "=PAMDataset", [LU_BESIDE_QML] = "=qgis"};
	enum lu_beside which;
	bool sound = false;
	struct lu_trap trap;

	if (!lu_is_beside(path, &which))
		return false;
	lu_raster_start(0);
	lu_trap_set(&trap);
	if (which == LU_BESIDE_VAT)
		sound = lu_map_vat_sound(path);
	CPLXMLNode *tree = roots[which] != NULL ? CPLParseXMLFile(path) : NULL;
	if (tree != NULL)
		sound = CPLGetXMLNode(tree, roots[which]) != NULL;
	CPLDestroyXMLNode(tree);
	lu_trap_drop(&trap);
	return sound;
}
