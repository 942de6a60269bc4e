/* vector_copy.c: GDAL's translation of one layer. See vector_copy.h. */
#include "raster/vector_copy.h"

#include <cpl_string.h>
#include <gdal_utils.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/fault.h"
#include "raster/open.h"
#include "raster/start.h"
#include "raster/trap.h"
#include "raster/vector_format.h"

/* As ogr2ogr is told it. */
static char **words_of(const struct lu_vector_format *format, const char *layer)
{
	char **words = CSLAddString(CSLAddString(NULL, "-f"), format->driver);

	for (const char *const *option = format->options; *option != NULL; option++)
		words = CSLAddString(CSLAddString(words, "-lco"), *option);
	words = CSLAddString(CSLAddString(words, "-nln"), layer);
	return CSLAddString(words, layer);
}

enum lu_status lu_vector_copy(const char *package, const char *layer, const char *path, struct lu_error *err)
{
	const struct lu_vector_format *format = NULL;
	char *temporary = lu_file_temporary(path), **words = NULL;
	GDALVectorTranslateOptions *options = NULL;
	GDALDatasetH source = NULL, copy = NULL;
	struct lu_trap trap;
	int failed = FALSE;
	enum lu_status status;

	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(temporary != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path));
	LU_TRY(lu_vector_format_of(path, &format, err));
	words = words_of(format, layer);
	options = GDALVectorTranslateOptionsNew(words, NULL);
	source = lu_open_vector(package, LU_NAMED, NULL);
	if (source == NULL)
		LU_TRY(lu_fail(err, LU_ERROR_IO, "%s: cannot be opened: %s", package,
			       lu_trap_text(&trap, "unknown reason")));
	copy = options != NULL ? GDALVectorTranslate(temporary, NULL, 1, &source, options, &failed) : NULL;
	if (copy != NULL)
		GDALClose(copy);
	/* Closing writes what is left: what it reports counts. */
	LU_TRY(copy != NULL && !failed && !trap.failed ? LU_OK : lu_fault_write(path, &trap, err));
	LU_TRY(lu_file_commit(temporary, path, err));
out:
	if (source != NULL)
		GDALClose(source);
	GDALVectorTranslateOptionsFree(options);
	CSLDestroy(words);
	lu_trap_drop(&trap);
	if (temporary != NULL && status != LU_OK)
		unlink(temporary);
	lu_free(temporary);
	return status;
}
