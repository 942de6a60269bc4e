/*
 * start.c: waking the raster libraries, once per process. See start.h.
 */
#include "raster/start.h"

#include <cpl_conv.h>
#include <gdal.h>
#include <proj.h>
#include <pthread.h>
#include <tiffio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The drivers of the rasters that landuse writes; to ask all of GDAL's two hundred takes longer than a start. */
static const char *const written[] = {"GTiff", "COG", "JPEG", "PNG", "MEM"};

/* How a busy network is borne: GDAL's own options, where nobody has set them. */
static const char *const patience[][2] = {
	{"GDAL_HTTP_MAX_RETRY", "4"}, /* of answers 429, 500, 502, 503, 504 and broken connections */
	{"GDAL_HTTP_RETRY_DELAY", "0.5"}, /* seconds, and twice as long each time */
	{"GDAL_HTTP_CONNECTTIMEOUT", "20"},
	{"GDAL_HTTP_LOW_SPEED_TIME", "30"}, /* a connection that gives nothing for so many seconds is over */
	{"GDAL_HTTP_LOW_SPEED_LIMIT", "1"},
};

static void wake(void)
{
	for (size_t i = 0; i < sizeof(patience) / sizeof(patience[0]); i++)
		if (CPLGetConfigOption(patience[i][0], NULL) == NULL)
			CPLSetConfigOption(patience[i][0], patience[i][1]);
	/* Before GDAL points them at its own error stack: libtiff alone would write to stderr. */
	TIFFSetErrorHandler(NULL);
	TIFFSetWarningHandler(NULL);
	GDALAllRegister();
	/*
	 * Some drivers (JPEG and COG in GDAL 3.6) list their creation options when they are first asked, without a lock:
	 * two threads that write their first file at once read half a list. Asked here, they have it.
	 */
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		GDALDriverH driver = GDALGetDriverByName(written[i]);
		if (driver != NULL)
			(void)GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);
	}
}

void lu_raster_start(size_t cache_bytes)
{
	pthread_once(&once, wake);
	if (cache_bytes > 0)
		GDALSetCacheMax64((GIntBig)cache_bytes);
}

void lu_raster_cache_at_most(size_t cache_bytes)
{
	pthread_once(&once, wake);
	if (GDALGetCacheMax64() > (GIntBig)cache_bytes)
		GDALSetCacheMax64((GIntBig)cache_bytes);
}

const char *lu_raster_setting(const char *name)
{
	lu_raster_start(0);
	return CPLGetConfigOption(name, "");
}

const char *lu_raster_gdal_version(void)
{
	return GDALVersionInfo("RELEASE_NAME");
}

const char *lu_raster_proj_version(void)
{
	return proj_info().version;
}
