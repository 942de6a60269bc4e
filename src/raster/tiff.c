/*
 * tiff.c: TIFF files seen from below, through libtiff. See tiff.h.
 */
#include "raster/tiff.h"

#include <inttypes.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <tiffio.h>

#include "raster/start.h"
#include "raster/trap.h"

#if TIFFLIB_VERSION >= 20221213
static int drop_words(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments)
{
	(void)tiff;
	(void)user;
	(void)module;
	(void)format;
	(void)arguments;
	return 1;
}

void *lu_tiff_open(const char *path)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	TIFF *tiff;

	if (options == NULL)
		return NULL;
	TIFFOpenOptionsSetErrorHandlerExtR(options, drop_words, NULL);
	TIFFOpenOptionsSetWarningHandlerExtR(options, drop_words, NULL);
	tiff = TIFFOpenExt(path, "r", options);
	TIFFOpenOptionsFree(options);
	return tiff;
}
#else
/* Before libtiff 4.5 handlers are global: silenced in start.c, or sent by GDAL to the trap. */
void *lu_tiff_open(const char *path)
{
	struct lu_trap trap;
	TIFF *tiff;

	lu_raster_start(0);
	lu_trap_set(&trap);
	tiff = TIFFOpen(path, "r");
	lu_trap_drop(&trap);
	return tiff;
}
#endif

/* One past the last byte that the current directory's tiles or strips claim. */
static uint64_t directory_end(TIFF *tiff)
{
	const uint32_t count = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
	uint64_t end = 0;

	for (uint32_t i = 0; i < count; i++) {
		const uint64_t offset = TIFFGetStrileOffset(tiff, i);
		const uint64_t size = TIFFGetStrileByteCount(tiff, i);

		/* A sparse file leaves out blocks: offset 0, size 0. */
		if (offset == 0 || size == 0)
			continue;
		if (size > UINT64_MAX - offset)
			return UINT64_MAX;
		if (offset + size > end)
			end = offset + size;
	}
	return end;
}

enum lu_status lu_tiff_whole(const char *path, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;
	struct stat info;
	uint64_t end = 0;
	TIFF *tiff;

	if (stat(path, &info) != 0)
		return lu_fail_errno(err, path, "stat");
	tiff = lu_tiff_open(path);
	if (tiff == NULL)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: not a whole TIFF file: its directory cannot be read (copy or download it again)",
			       path);
	lu_trap_set(&trap);
	do {
		const uint64_t here = directory_end(tiff);

		if (here > end)
			end = here;
	} while (TIFFReadDirectory(tiff));
	TIFFClose(tiff);
	lu_trap_drop(&trap);
	if (end > (uint64_t)info.st_size)
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: cut off: %" PRIu64 " bytes, its directory expects %" PRIu64
				 " (copy or download it again)",
				 path, (uint64_t)info.st_size, end);
	return status;
}
