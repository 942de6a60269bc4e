/*
 * start.h: waking the raster libraries, once per process.
 */
#ifndef LU_RASTER_START_H
#define LU_RASTER_START_H

#include <stddef.h>

/* A block cache that does, MiB: a row of 512 px tiles across 100 chips, three bands. */
#define LU_RASTER_CACHE_MB 64

/*
 * Register GDAL's drivers and cap the block cache that all open rasters share at 'cache_bytes'
 * (0: leave it as it is). Call it once with a figure before the work starts; every entry of
 * raster/ calls it with 0, so forgetting it costs only the cap. Any thread, any number of times.
 */
void lu_raster_start(size_t cache_bytes);

/* Cap that cache lower, where it is not so low already: what it holds above goes. While no other thread reads. */
void lu_raster_cache_at_most(size_t cache_bytes);

/*
 * GDAL's own setting of this name (GDAL_HTTP_MAX_RETRY, ...), by the environment or as lu_raster_start sets it; "": there is
 * none. What else speaks to a network is as patient as GDAL is.
 */
const char *lu_raster_setting(const char *name);

/* Versions of the libraries that run, such as "3.6.2" and "9.1.1". */
const char *lu_raster_gdal_version(void);
const char *lu_raster_proj_version(void);

#endif
