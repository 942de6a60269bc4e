/*
 * trust.h: how far a name is trusted, by who said it.
 *
 * GDAL tells a format by a file's first bytes, not by its name, and many of its formats hold no data: a VRT or a WMS
 * description says where others lie, in this machine or across a network. A delivered "x.tif" can be one.
 */
#ifndef LU_RASTER_TRUST_H
#define LU_RASTER_TRUST_H

#include <stdbool.h>

enum lu_trust {
	/*
	 * The name itself stands in the job or on the command line: any format and any place. But a file that is
	 * called like data (.tif, .gpkg, ...) must be data.
	 */
	LU_NAMED,
	/*
	 * Found in a folder, by a pattern, in a set or its index, in an output folder: formats that hold their own
	 * pixels or rows alone; and a .vrt whose sources are such files, in its own folder or below it.
	 */
	LU_FOUND,
};

/* True when a name that stands in a delivered file leads out of this machine's disks and archives ("/vsicurl/..."). */
bool lu_leads_away(const char *path);

#endif
