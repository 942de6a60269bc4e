/*
 * cog.h: is a file a Cloud Optimized GeoTIFF?
 *
 * Judged from the file's own bytes and libtiff's directories, not by the library that wrote it.
 * The rules are those of the COG specification as GDAL's validator states them: no overviews in
 * an .ovr file; tiled when larger than 512 pixels; the main directory first, right after the
 * header; directories of overviews ascending in offset and descending in size; the data of
 * smaller overviews before that of larger ones, and the full image's last.
 */
#ifndef LU_RASTER_COG_H
#define LU_RASTER_COG_H

#include "base/error.h"

/*
 * '*ok' says whether local file 'path' keeps all rules; '*report' (may be asked for with NULL;
 * lu_free it) names each broken one in one line, separated by "; ", or is NULL when none is.
 * Returns LU_OK whenever the file could be judged; a file that is no TIFF is judged not ok.
 * LU_ERROR_IO when it cannot be opened. Any thread.
 */
enum lu_status lu_cog_check(const char *path, char **report, bool *ok, struct lu_error *err);

#endif
