/*
 * vsi.c: asking GDAL's file systems about a name. See vsi.h.
 */
/* GDAL's VSIStatBufL is glibc's struct stat64, which only this macro shows. */
#define _LARGEFILE64_SOURCE
#include "raster/vsi.h"

#include <cpl_error.h>
#include <cpl_port.h>
#include <cpl_vsi.h>
#include <cpl_vsi_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "raster/signed.h"

/* What a network has said of a name that was not found: no answer, or that of a server that is not well? */
static bool is_silent(const char *path)
{
	static const char before[] = "HTTP response code on ";
	const char *said = lu_vsi_remote(path) ? strstr(CPLGetLastErrorMsg(), before) : NULL;
	const char *number = said != NULL ? strrchr(said, ':') : NULL;
	const int code = number != NULL ? atoi(number + 1) : 404;

	return code == 0 || code == 429 || code >= 500;
}

bool lu_vsi_stat(const char *path, struct lu_vsi_info *info)
{
	VSIStatBufL found;
	int tries = 0;

	for (;;) {
		CPLErrorReset();
		info->silent = false;
		if (VSIStatExL(path, &found, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG | VSI_STAT_SIZE_FLAG) == 0)
			break;
		info->silent = is_silent(path);
		if (!info->silent || !lu_vsi_again(path, &tries))
			return false;
	}
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

bool lu_vsi_again(const char *path, int *tries)
{
	static const long pauses_ms[] = {250, 1000, 4000};

	if (!lu_vsi_remote(path) || *tries == (int)(sizeof(pauses_ms) / sizeof(pauses_ms[0])))
		return false;
	const struct timespec pause = {pauses_ms[*tries] / 1000, pauses_ms[*tries] % 1000 * 1000000};
	++*tries;
	nanosleep(&pause, NULL);
	VSICurlPartialClearCache(path);
	return true;
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

void lu_vsi_why(const char *path, char *text, size_t size)
{
	VSICurlPartialClearCache(path); /* or it is known not to be there, and no longer why */
	VSIErrorReset();
	CPLErrorReset();
	VSILFILE *file = VSIFOpenExL(path, "rb", TRUE);
	/* A file system of our own has no other way to tell. */
	const char *why = STARTS_WITH(path, LU_SIGNED_PREFIX) ? CPLGetLastErrorMsg() : VSIGetLastErrorMsg();

	snprintf(text, size, "%s", file == NULL && why != NULL ? why : "");
	if (file != NULL)
		VSIFCloseL(file);
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
