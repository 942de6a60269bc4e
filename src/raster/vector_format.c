/* vector_format.c: a table of formats, asked for those that GDAL has. See vector_format.h. */
#include "raster/vector_format.h"

#include <gdal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "raster/start.h"

/* GeoJSON is in degrees of WGS 84, and its rings turn as RFC 7946 says. */
static const char *const geojson_options[] = {"RFC7946=YES", NULL},
			 *const gpkg_options[] = {"GEOMETRY_NAME=geom", NULL}, *const no_options[] = {NULL};

static const struct lu_vector_format formats[] = {
	{"gpkg", "GPKG", true, gpkg_options},
	{"fgb", "FlatGeobuf", false, no_options},
	{"geojson", "GeoJSON", false, geojson_options},
	{"parquet", "Parquet", false, no_options},
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static bool is_written(const struct lu_vector_format *format)
{
	const GDALDriverH driver = GDALGetDriverByName(format->driver);

	return driver != NULL && GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, NULL) != NULL;
}

/* ".gpkg, .fgb, .geojson": those that GDAL writes. */
static void list(bool tables_too, const char *dot, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < FORMATS; i++)
		if ((tables_too || !formats[i].tables) && is_written(&formats[i]) && length < size)
			length += (size_t)snprintf(text + length, size - length, "%s%s%s", length > 0 ? ", " : "", dot,
						   formats[i].suffix);
}

enum lu_status lu_vector_format_of(const char *path, const struct lu_vector_format **out, struct lu_error *err)
{
	const char *dot = strrchr(lu_path_name(path), '.');
	char known[64];

	lu_raster_start(0);
	*out = NULL;
	for (size_t i = 0; dot != NULL && i < FORMATS; i++)
		if (strcasecmp(dot + 1, formats[i].suffix) == 0)
			*out = &formats[i];
	if (*out != NULL && is_written(*out))
		return LU_OK;
	list(true, ".", known, sizeof(known));
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: %s, its name should end in one of %s", path,
		       *out != NULL ? "this GDAL writes no such file" : "is of no kind of vector file that is written",
		       known);
}

enum lu_status lu_vector_format_named(const char *name, const struct lu_vector_format **out, struct lu_error *err)
{
	char known[64];

	lu_raster_start(0);
	*out = NULL;
	for (size_t i = 0; i < FORMATS; i++)
		if (!formats[i].tables &&
		    (strcasecmp(name, formats[i].suffix) == 0 || strcasecmp(name, formats[i].driver) == 0))
			*out = &formats[i];
	if (*out != NULL && is_written(*out))
		return LU_OK;
	list(false, "", known, sizeof(known));
	return lu_fail(err, LU_ERROR_ARGUMENT, "'%s' is %s (those are %s)", name,
		       *out != NULL ? "a vector format that this GDAL does not write" : "no vector format of one layer",
		       known);
}
