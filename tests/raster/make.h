/*
 * make.h: tiny rasters for the tests of raster/, in a folder of their own that goes away again.
 */
#ifndef LU_TESTS_RASTER_MAKE_H
#define LU_TESTS_RASTER_MAKE_H

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include "base/memory.h"
#include "raster/start.h"
#include "support/check.h"

#define MAKE __attribute__((unused)) static

/* A raster to make. Unset members mean the default in the comment. */
struct make {
	int width, height;
	int bands; /* 0: 1 */
	GDALDataType type; /* GDT_Unknown: Byte */
	double left, top; /* upper-left corner */
	double step; /* 0: 1 */
	int epsg; /* 0: 26917 (UTM 17N); negative: none */
	bool no_transform;
	const char *nodata; /* NULL: none */
	const char *options[8]; /* creation options */
	/* Value at a pixel; NULL: 0. */
	double (*value)(const struct make *make, int band, int col, int row);
	const void *user;
};

static char make_folder_name[256];

MAKE int make_folder(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	lu_raster_start(0);
	snprintf(make_folder_name, sizeof(make_folder_name), "%s/landuse-raster-XXXXXX", base != NULL ? base : "/tmp");
	return mkdtemp(make_folder_name) == NULL;
}

MAKE int make_folder_gone(void **state)
{
	(void)state;
	return VSIRmdirRecursive(make_folder_name);
}

/* How many files of the folder have 'part' in their names. */
MAKE int make_count(const char *part)
{
	char **names = VSIReadDir(make_folder_name);
	int count = 0;

	for (char **name = names; name != NULL && *name != NULL; name++)
		count += strstr(*name, part) != NULL;
	CSLDestroy(names);
	return count;
}

/* A path in the test's folder; the last 64 stay valid. */
MAKE const char *make_path(const char *name)
{
	static char paths[64][512];
	static int next;

	next = (next + 1) % 64;
	snprintf(paths[next], sizeof(paths[next]), "%s/%s", make_folder_name, name);
	return paths[next];
}

MAKE GDALDatasetH make_open(const char *name, const struct make *make)
{
	const int bands = make->bands > 0 ? make->bands : 1;
	const double step = make->step > 0 ? make->step : 1;
	double transform[6] = {make->left, step, 0, make->top, 0, -step};
	double *line = malloc(sizeof(double) * (size_t)make->width);
	GDALDatasetH dataset;

	dataset = GDALCreate(GDALGetDriverByName("GTiff"), make_path(name), make->width, make->height, bands,
			     make->type != GDT_Unknown ? make->type : GDT_Byte, (char **)make->options);
	assert_non_null(dataset);
	if (!make->no_transform)
		assert_int_equal(GDALSetGeoTransform(dataset, transform), CE_None);
	if (make->epsg >= 0) {
		OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);

		assert_int_equal(OSRImportFromEPSG(crs, make->epsg > 0 ? make->epsg : 26917), OGRERR_NONE);
		assert_int_equal(GDALSetSpatialRef(dataset, crs), CE_None);
		OSRDestroySpatialReference(crs);
	}
	if (make->nodata != NULL) {
		for (int band = 1; band <= bands; band++)
			GDALSetRasterNoDataValue(GDALGetRasterBand(dataset, band), CPLAtof(make->nodata));
	}
	for (int band = 1; band <= bands && make->value != NULL; band++) {
		for (int row = 0; row < make->height; row++) {
			for (int col = 0; col < make->width; col++)
				line[col] = make->value(make, band, col, row);
			assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, band), GF_Write, 0, row, make->width,
						      1, line, make->width, 1, GDT_Float64, 0, 0),
					 CE_None);
		}
	}
	free(line);
	return dataset;
}

/* Make the raster and close it; returns its path. */
MAKE const char *make_tiff(const char *name, const struct make *make)
{
	GDALClose(make_open(name, make));
	return make_path(name);
}

MAKE const char *make_text(const char *name, const char *text)
{
	const char *path = make_path(name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	return path;
}

#define assert_contains(text, part)                                                                                    \
	do {                                                                                                           \
		if (strstr((text), (part)) == NULL)                                                                    \
			fail_msg("'%s' does not contain '%s'", (text), (part));                                        \
	} while (0)

#endif
