/* county_vectors.c: copies of county.gpkg's layers of shapes, a file each. See county_vectors.h. */
#include "report/county_vectors.h"

#include "base/file.h"
#include "base/memory.h"
#include "raster/vector_copy.h"
#include "raster/vector_format.h"
#include "report/county_gpkg_parts.h"

/* One layer in every format. */
static enum lu_status copy(const struct lu_county_gpkg *task, const char *layer, char *const *formats, size_t count,
			   struct lu_outputs *outputs, struct lu_error *err)
{
	char *package = lu_path_join(task->folder, LU_COUNTY_GPKG), *name = NULL, *path = NULL;
	const struct lu_vector_format *format;
	enum lu_status status;

	LU_TRY(package != NULL && layer != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	for (size_t i = 0; i < count; i++) {
		LU_TRY(lu_vector_format_named(formats[i], &format, err));
		lu_free(name);
		lu_free(path);
		name = lu_sprintf(LU_COUNTY_VECTORS "/%s.%s", layer, format->suffix);
		path = name != NULL ? lu_path_join(task->folder, name) : NULL;
		LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
		LU_TRY(lu_vector_copy(package, layer, path, err));
		LU_TRY(lu_outputs_add(outputs, err, "%s", name));
	}
out:
	lu_free(package);
	lu_free(name);
	lu_free(path);
	return status;
}

enum lu_status lu_county_vectors_write(const struct lu_county_gpkg *task, char *const *formats, size_t count,
				       struct lu_outputs *outputs, struct lu_error *err)
{
	char *folder = lu_path_join(task->folder, LU_COUNTY_VECTORS), *layer = NULL;
	enum lu_status status;

	LU_TRY(folder != NULL ? lu_folder_make(folder, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	for (size_t i = 0; i < task->statistics->date_count; i++) {
		lu_free(layer);
		layer = lu_county_layer("landuse", task->statistics->dates[i].label);
		LU_TRY(copy(task, layer, formats, count, outputs, err));
	}
	if (lu_county_cells_wanted(task))
		LU_TRY(copy(task, "cells", formats, count, outputs, err));
	LU_TRY(copy(task, "candidates", formats, count, outputs, err));
	if (task->zones != NULL)
		LU_TRY(copy(task, "zones", formats, count, outputs, err));
	LU_TRY(copy(task, "boundary", formats, count, outputs, err));
out:
	lu_free(layer);
	lu_free(folder);
	return status;
}
