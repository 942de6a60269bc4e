/*
 * vsi.c: asking GDAL's file systems about a name. See vsi.h.
 */
/* GDAL's VSIStatBufL is glibc's struct stat64, which only this macro shows. */
#define _LARGEFILE64_SOURCE
#include "raster/vsi.h"

#include <cpl_port.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <string.h>
#include <string.h>

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

bool lu_vsi_remote(const char *path)
{
	static const char *const marks[] = {"/vsicurl", "/vsis3",    "/vsigs",   "/vsiaz",      "/vsiadls",
					    "/vsioss",  "/vsiswift", "/vsihdfs", "/vsiwebhdfs", "://"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (strstr(path, marks[i]) != NULL)
			return true;
	}
	return false;
}

void lu_vsi_forget(const char *path)
{
	VSICurlPartialClearCache(path);
}

enum lu_status lu_vsi_missing(const char *path)
{
	/* Archives and memory are opened here, by whatever is named behind them. */
	static const char *const local[] = {"/vsizip/", "/vsigzip/", "/vsitar/",    "/vsi7z/",
					    "/vsirar/", "/vsimem/",  "/vsisubfile/"};
	const char *rest = path;

	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
		if (strncmp(rest, local[i], strlen(local[i])) == 0) {
			/* "/vsizip//vsicurl/..." and "/vsizip/vsicurl/..." are alike */
			rest += strlen(local[i]) - 1;
			rest += rest[1] == '/';
			i = (size_t)-1;
		}
	}
	return strncmp(rest, "/vsi", 4) == 0 ? LU_ERROR_IO : LU_ERROR_ARGUMENT;
}

const char *lu_vsi_remedy(const char *path, char text[LU_VSI_REMEDY])
{
	static const char *const archives[][2] = {{".zip", "zip"}, {".kmz", "zip"},    {".tar", "tar"},
						  {".tgz", "tar"}, {".tar.gz", "tar"}, {".gz", "gzip"}};
	const size_t length = strlen(path);

	text[0] = '\0';
	if (STARTS_WITH(path, "~/"))
		snprintf(text, LU_VSI_REMEDY, " (~ is not expanded here: write the whole path)");
	for (size_t i = 0; i < sizeof(archives) / sizeof(*archives) && text[0] == '\0' && !STARTS_WITH(path, "/vsi");
	     i++) {
		const size_t end = strlen(archives[i][0]);

		if (length > end && EQUAL(path + length - end, archives[i][0]))
			snprintf(text, LU_VSI_REMEDY, " (it is packed: name /vsi%s/%s%s)", archives[i][1], path,
				 strcmp(archives[i][1], "gzip") == 0 ? ""
								     : ", and the file in it where there are several");
	}
	return text;
}
