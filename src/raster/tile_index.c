/* tile_index.c: the index as a table, by OGR: what GDAL's driver reads tiles from does not say which they are. */
#include "raster/tile_index.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_minixml.h>
#include <gdal.h>
#include <ogr_api.h>
#include <string.h>

#include "base/text.h"
#include "raster/open.h"
#include "raster/trap.h"

bool lu_is_tile_index(const char *path)
{
	static const char *const endings[] = {".gti", ".gti.gpkg", ".gti.fgb", ".gti.parquet"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (lu_ends_with(path, endings[i]))
			return true;
	return false;
}

bool lu_tile_index_possible(void)
{
	if (GDALGetDriverByName("GTI") != NULL)
		return true;
	CPLError(CE_Failure, CPLE_OpenFailed,
		 "a raster tile index needs GDAL 3.9 or later, this is %s (name the tiles, or a VRT of them)",
		 GDALVersionInfo("RELEASE_NAME"));
	return false;
}

/* What an index says of itself: where the table is, and its column. */
struct table {
	char *path, *layer, *column;
};

/* A .gti says it as XML; the others are the table. */
static void find_table(const char *path, struct table *table)
{
	CPLXMLNode *root = lu_ends_with(path, ".gti") ? CPLParseXMLFile(path) : NULL;
	const CPLXMLNode *index = root != NULL ? CPLGetXMLNode(root, "=GDALTileIndexDataset") : NULL;
	const char *named = CPLGetXMLValue(index, "IndexDataset", "");

	char *folder = CPLStrdup(CPLGetPath(path));
	table->path = CPLStrdup(named[0] != '\0' ? CPLProjectRelativeFilename(folder, named) : path);
	table->layer = CPLStrdup(CPLGetXMLValue(index, "IndexLayer", ""));
	table->column = CPLStrdup(CPLGetXMLValue(index, "LocationField", ""));
	CPLFree(folder);
	CPLDestroyXMLNode(root);
}

static enum lu_status walk_layer(OGRLayerH layer, const struct table *table, const char *path,
				 enum lu_status (*visit)(void *user, const char *tile), void *user,
				 struct lu_error *err)
{
	const char *said = GDALGetMetadataItem(layer, "LOCATION_FIELD", NULL);
	const char *column = table->column[0] != '\0' ? table->column : said != NULL ? said : "location";
	const int field = OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), column);
	char *folder = CPLStrdup(CPLGetPath(path));
	enum lu_status status = LU_OK;
	OGRFeatureH feature;

	if (field < 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: no column '%s' in the tile index (make it by gdaltindex)",
				 path, column);
	OGR_L_ResetReading(layer);
	while (status == LU_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL) {
		const char *name = OGR_F_GetFieldAsString(feature, field);
		/* The result of CPLProjectRelativeFilename lasts until others have been asked for. */
		char *tile = CPLStrdup(CPLIsFilenameRelative(name) && strncmp(name, "/vsi", 4) != 0 &&
						       strstr(name, "://") == NULL
					       ? CPLProjectRelativeFilename(folder, name)
					       : name);
		status = tile[0] != '\0' ? visit(user, tile) : LU_OK;
		CPLFree(tile);
		OGR_F_Destroy(feature);
	}
	CPLFree(folder);
	return status;
}

enum lu_status lu_tile_index_walk(const char *path, enum lu_status (*visit)(void *user, const char *tile), void *user,
				  struct lu_error *err)
{
	struct table table = {0};
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	lu_trap_set(&trap);
	find_table(path, &table);
	GDALDatasetH dataset = lu_open_vector(table.path, LU_NAMED, NULL);
	OGRLayerH layer = NULL;
	if (dataset != NULL)
		layer = table.layer[0] != '\0' ? GDALDatasetGetLayerByName(dataset, table.layer)
					       : GDALDatasetGetLayer(dataset, 0);
	if (layer == NULL)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: its table of tiles cannot be read: %s", path,
				 lu_trap_text(&trap, "no such layer"));
	else
		status = walk_layer(layer, &table, path, visit, user, err);
	if (dataset != NULL)
		GDALClose(dataset);
	CPLFree(table.path);
	CPLFree(table.layer);
	CPLFree(table.column);
	lu_trap_drop(&trap);
	return status;
}
