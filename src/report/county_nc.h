/*
 * county_nc.h: county.nc: the maps of all dates as one netCDF file after the CF conventions.
 */
#ifndef LU_REPORT_COUNTY_NC_H
#define LU_REPORT_COUNTY_NC_H

#include "base/error.h"
#include "maps/statistics.h"

#define LU_COUNTY_NC "county.nc"

/* Write FOLDER/county.nc of DATE/landuse.tif and DATE/confidence.tif of every date, which lie there. The errors of lu_stack_write. */
enum lu_status lu_county_nc_write(const char *folder, const struct lu_county_statistics *statistics,
				  struct lu_error *err);

#endif
