/*
 * start.c: waking the raster libraries, once per process. See start.h.
 */
#include "raster/start.h"

#include <gdal.h>
#include <pthread.h>
#include <tiffio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void wake(void)
{
	/* Before GDAL points them at its own error stack: libtiff alone would write to stderr. */
	TIFFSetErrorHandler(NULL);
	TIFFSetWarningHandler(NULL);
	GDALAllRegister();
}

void lu_raster_start(size_t cache_bytes)
{
	pthread_once(&once, wake);
	if (cache_bytes > 0)
		GDALSetCacheMax64((GIntBig)cache_bytes);
}
