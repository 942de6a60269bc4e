/* reads.c: GDAL's own list of files, and below a VRT that of sources.h. See reads.h. */
#include "raster/reads.h"

#include <cpl_string.h>
#include <gdal.h>

#include "base/file.h"
#include "raster/sources.h"
#include "raster/start.h"
#include "raster/trap.h"

static enum lu_status add_source(void *user, const char *path, const struct lu_vsi_info *info, struct lu_error *err)
{
	(void)info;
	return lu_inputs_add(user, path, err);
}

enum lu_status lu_reads_add(struct lu_inputs *inputs, const char *path, struct lu_error *err)
{
	enum lu_status status = lu_inputs_add(inputs, path, err);
	GDALDatasetH dataset;
	struct lu_trap trap;

	if (status != LU_OK || path == NULL || !(lu_file_exists(path) || lu_folder_exists(path)))
		return status;
	lu_raster_start(0);
	lu_trap_set(&trap);
	dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
	if (dataset != NULL && GDALGetRasterCount(dataset) > 0) {
		/* A source that is missing is the reader's to tell. */
		struct lu_error unread = {0};
		if (lu_sources_walk(dataset, add_source, inputs, &unread) == LU_ERROR_MEMORY)
			status = lu_fail(err, LU_ERROR_MEMORY, "%s", unread.text);
	} else if (dataset != NULL) {
		char **files = GDALGetFileList(dataset);
		for (char **file = files; file != NULL && *file != NULL && status == LU_OK; file++)
			status = lu_inputs_add(inputs, *file, err);
		CSLDestroy(files);
	}
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	return status;
}
