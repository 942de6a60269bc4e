/*
 * vsi.c: asking GDAL's file systems about a name. See vsi.h.
 */
/* GDAL's VSIStatBufL is glibc's struct stat64, which only this macro shows. */
#define _LARGEFILE64_SOURCE
#include "raster/vsi.h"

#include <cpl_vsi.h>

bool lu_vsi_stat(const char *path, struct lu_vsi_info *info)
{
	VSIStatBufL found;

	if (VSIStatExL(path, &found, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG | VSI_STAT_SIZE_FLAG) != 0)
		return false;
	info->folder = VSI_ISDIR(found.st_mode);
	info->bytes = (uint64_t)found.st_size;
	info->modified = (int64_t)found.st_mtime;
	return true;
}
