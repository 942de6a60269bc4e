/* dissolve.c: GDAL's polygons of connected cells, gathered by value. See dissolve.h. */
#include "raster/dissolve.h"

#include <gdal.h>
#include <gdal_alg.h>
#include <ogr_api.h>
#include <stdlib.h>

#include "base/memory.h"
#include "raster/polygons.h"
#include "raster/start.h"
#include "raster/trap.h"

enum { VALUES = 65536 };

/* The shapes of all patches, by value. */
static enum lu_status gather(OGRLayerH patches, OGRGeometryH *shapes, size_t *count, struct lu_error *err)
{
	OGRFeatureH feature;

	OGR_L_ResetReading(patches);
	while ((feature = OGR_L_GetNextFeature(patches)) != NULL) {
		const int value = OGR_F_GetFieldAsInteger(feature, 0);
		const OGRGeometryH patch = OGR_F_StealGeometry(feature);
		OGR_F_Destroy(feature);
		if (value <= 0 || value >= VALUES || patch == NULL) {
			OGR_G_DestroyGeometry(patch);
			continue;
		}
		if (shapes[value] == NULL) {
			shapes[value] = OGR_G_CreateGeometry(wkbMultiPolygon);
			(*count)++;
		}
		if (OGR_G_AddGeometryDirectly(shapes[value], patch) != OGRERR_NONE)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: outlines of classes");
	}
	return LU_OK;
}

/* GDAL's, into a layer in memory with one field: the value. */
static enum lu_status polygonize(const char *path, GDALDatasetH memory, OGRLayerH *patches, struct lu_trap *trap,
				 struct lu_error *err)
{
	GDALDatasetH raster = GDALOpen(path, GA_ReadOnly);
	OGRFieldDefnH field = OGR_Fld_Create("value", OFTInteger);
	enum lu_status status = LU_OK;

	*patches = GDALDatasetCreateLayer(memory, "patches", NULL, wkbPolygon, NULL);
	if (raster == NULL || *patches == NULL || OGR_L_CreateField(*patches, field, FALSE) != OGRERR_NONE ||
	    GDALPolygonize(GDALGetRasterBand(raster, 1), GDALGetMaskBand(GDALGetRasterBand(raster, 1)), *patches, 0,
			   NULL, NULL, NULL) != CE_None)
		status = lu_fail(err, LU_ERROR_IO, "%s: cannot be read: %s", path,
				 lu_trap_text(trap, "no outlines of its classes"));
	OGR_Fld_Destroy(field);
	GDALClose(raster);
	return status;
}

enum lu_status lu_dissolve(const char *path, struct lu_dissolved **out, size_t *count, struct lu_error *err)
{
	OGRGeometryH *shapes = NULL;
	OGRLayerH patches;
	GDALDatasetH memory = NULL;
	struct lu_trap trap;
	size_t values = 0;
	enum lu_status status;

	*out = NULL;
	*count = 0;
	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(lu_alloc(&shapes, VALUES, sizeof(OGRGeometryH), "outlines of classes", err));
	memory = GDALCreate(GDALGetDriverByName("Memory"), "", 0, 0, 0, GDT_Unknown, NULL);
	LU_TRY(memory != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: outlines of classes"));
	LU_TRY(polygonize(path, memory, &patches, &trap, err));
	LU_TRY(gather(patches, shapes, &values, err));
	LU_TRY(lu_alloc(out, values, sizeof(**out), "outlines of classes", err));
	for (int value = 0; value < VALUES; value++) {
		if (shapes[value] == NULL)
			continue;
		struct lu_dissolved *one = &(*out)[(*count)++];
		one->value = (uint16_t)value;
		LU_TRY(lu_shape_rings(shapes[value], NULL, &one->area, err));
	}
out:
	for (int value = 0; shapes != NULL && value < VALUES; value++)
		OGR_G_DestroyGeometry(shapes[value]);
	lu_free(shapes);
	if (memory != NULL)
		GDALClose(memory);
	lu_trap_drop(&trap);
	if (status != LU_OK) {
		lu_dissolved_free(*out, *count);
		*out = NULL;
		*count = 0;
	}
	return status;
}

void lu_dissolved_free(struct lu_dissolved *dissolved, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lu_polygon_release(&dissolved[i].area);
	lu_free(dissolved);
}
