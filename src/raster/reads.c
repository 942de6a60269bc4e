/* reads.c: GDAL's own list of files, and below a VRT that of sources.h. See reads.h. */
#include "raster/reads.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>
#include <stdlib.h>

#include "base/file.h"
#include "raster/open.h"
#include "raster/sources.h"
#include "raster/start.h"
#include "raster/trap.h"

static enum lu_status add_source(void *user, const char *path, const struct lu_vsi_info *info, struct lu_error *err)
{
	(void)info;
	return lu_inputs_add(user, path, err);
}

/* A VRT of layers may name further ones; deeper than this is a circle. */
enum { DEEPEST = 8 };

static enum lu_status add_layers(struct lu_inputs *inputs, const char *path, int depth, struct lu_error *err);

/* The sources that a VRT of layers names, anywhere below 'node'. */
static enum lu_status add_named(struct lu_inputs *inputs, const CPLXMLNode *node, const char *folder, int depth,
				struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (; node != NULL && status == LU_OK; node = node->psNext) {
		if (node->eType != CXT_Element)
			continue;
		if (!EQUAL(node->pszValue, "SrcDataSource")) {
			status = add_named(inputs, node->psChild, folder, depth, err);
			continue;
		}
		const char *name = CPLGetXMLValue(node, NULL, "");
		const bool relative = atoi(CPLGetXMLValue(node, "relativeToVRT", "0")) != 0;
		char *path = CPLStrdup(relative ? CPLProjectRelativeFilename(folder, name) : name);
		status = add_layers(inputs, path, depth + 1, err);
		CPLFree(path);
	}
	return status;
}

/* The file, what GDAL lists with it, and the sources of a VRT. */
static enum lu_status add_layers(struct lu_inputs *inputs, const char *path, int depth, struct lu_error *err)
{
	GDALDatasetH dataset = depth < DEEPEST ? lu_open_vector(path, LU_NAMED, NULL) : NULL;
	enum lu_status status = lu_inputs_add(inputs, path, err);

	if (dataset == NULL)
		return status;
	char **files = GDALGetFileList(dataset);
	for (char **file = files; file != NULL && *file != NULL && status == LU_OK; file++)
		status = lu_inputs_add(inputs, *file, err);
	CSLDestroy(files);
	if (status == LU_OK && EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "OGR_VRT")) {
		CPLXMLNode *root = CPLParseXMLFile(path);
		char *folder = CPLStrdup(CPLGetPath(path));
		status = add_named(inputs, root, folder, depth, err);
		CPLFree(folder);
		CPLDestroyXMLNode(root);
	}
	GDALClose(dataset);
	return status;
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
	dataset = lu_open_raster(path, LU_NAMED);
	if (dataset != NULL) {
		/* A source that is missing is the reader's to tell. */
		struct lu_error unread = {0};
		if (lu_sources_walk(dataset, add_source, inputs, &unread) == LU_ERROR_MEMORY)
			status = lu_fail(err, LU_ERROR_MEMORY, "%s", unread.text);
		GDALClose(dataset);
	} else {
		status = add_layers(inputs, path, 0, err);
	}
	lu_trap_drop(&trap);
	return status;
}
