/*
 * sources.c: every file that an open raster reads from. See sources.h.
 */
#include "raster/sources.h"

#include <cpl_conv.h>
#include <cpl_hash_set.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>
#include <string.h>

#include "base/file.h"
#include "raster/open.h"
#include "raster/tile_index.h"
#include "raster/tiff.h"
#include "raster/trap.h"
#include "raster/vsi.h"

/* The VRT that is being looked through, and the one that led to it. */
struct trail {
	const char *path;
	const struct trail *from;
};

struct walk {
	lu_sources_visit visit;
	void *user;
	CPLHashSet *visited; /* names of files, */
	CPLHashSet *opened; /* and of sources looked into */
	const struct trail *trail;
	char ***warnings; /* of opening, to be added to; NULL: nobody asks */
	struct lu_error *err;
};

static enum lu_status walk_dataset(struct walk *walk, GDALDatasetH dataset);

/* False when 'name' is in the set already. */
static bool is_new(CPLHashSet *set, const char *name)
{
	return CPLHashSetLookup(set, name) == NULL && CPLHashSetInsert(set, CPLStrdup(name));
}

static enum lu_status visit_file(struct walk *walk, const char *path, const struct lu_vsi_info *info)
{
	if (walk->visit == NULL || !is_new(walk->visited, path))
		return LU_OK;
	return walk->visit(walk->user, path, info, walk->err);
}

/* What drivers put off until it is asked for: place, CRS, masks. */
static void look_around(GDALDatasetH dataset)
{
	double transform[6];

	(void)GDALGetGeoTransform(dataset, transform);
	(void)GDALGetSpatialRef(dataset);
	if (GDALGetRasterCount(dataset) > 0)
		(void)GDALGetMaskFlags(GDALGetRasterBand(dataset, 1));
}

/* A source's file, whole, and all that it reads from. */
static enum lu_status walk_source(struct walk *walk, const char *path)
{
	const bool inlined = path[0] == '<';
	struct lu_vsi_info info = {0};
	enum lu_status status = LU_OK;
	GDALDatasetH dataset;
	struct lu_trap trap;

	for (const struct trail *step = walk->trail; step != NULL; step = step->from) {
		if (strcmp(step->path, path) == 0)
			return lu_fail(walk->err, LU_ERROR_FORMAT,
				       "%s: is a source of itself: expected files with pixels of their own (build the "
				       "VRT again)",
				       path);
	}
	if (!is_new(walk->opened, path))
		return LU_OK;
	lu_trap_set(&trap);
	if (walk->warnings != NULL)
		lu_trap_keep_warnings(&trap);
	if (!inlined && !lu_vsi_stat(path, &info)) {
		/* What no file system knows may be a driver's own way of naming: 'NETCDF:"a.nc":band'. */
		if (info.silent)
			status = lu_fail(walk->err, LU_ERROR_IO,
					 "%s: no answer over the network, though asked again and again: %s (a source "
					 "of the VRT: try later, or check its address)",
					 path, lu_trap_text(&trap, "unknown reason"));
		else if (STARTS_WITH(path, "/vsi") || strchr(path, ':') == NULL)
			status = lu_fail(walk->err, LU_ERROR_IO,
					 "%s: no such file%s%s (a source of the VRT or index: put it in its place, or "
					 "build that again)",
					 path, trap.text[0] != '\0' ? ": " : "", trap.text);
		goto out;
	}
	if (walk->warnings == NULL && lu_vsi_remote(path) && !EQUAL(CPLGetExtension(path), "vrt")) {
		status = visit_file(walk, path, &info);
		goto out;
	}
	dataset = lu_open_raster(path, LU_NAMED);
	if (dataset == NULL) {
		status = lu_fail(walk->err, LU_ERROR_FORMAT,
				 "%s: not an image that can be read: %s (is it damaged? copy or download it again)",
				 inlined ? "a VRT in it" : path, lu_trap_text(&trap, "unknown format"));
		goto out;
	}
	if (EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff") && lu_file_exists(path))
		status = lu_tiff_whole(path, walk->err);
	if (walk->warnings != NULL)
		look_around(dataset);
	if (status == LU_OK)
		status = walk_dataset(walk, dataset);
	GDALClose(dataset);
out:
	for (char **text = trap.warnings; text != NULL && *text != NULL; text++)
		*walk->warnings = CSLAddString(*walk->warnings, *text);
	lu_trap_drop(&trap);
	return status;
}

/* The sources under 'node': bands, masks and overviews of a VRT name them all in one of two elements. */
static enum lu_status walk_elements(struct walk *walk, const CPLXMLNode *node, const char *folder)
{
	enum lu_status status = LU_OK;

	for (; node != NULL && status == LU_OK; node = node->psNext) {
		if (node->eType != CXT_Element)
			continue;
		if (EQUAL(node->pszValue, "SourceFilename") || EQUAL(node->pszValue, "SourceDataset")) {
			const char *name = CPLGetXMLValue(node, NULL, "");
			const bool relative = atoi(CPLGetXMLValue(node, "relativeToVRT", "0")) != 0;

			if (name[0] == '\0')
				continue;
			/* The result of CPLProjectRelativeFilename lasts until others have been asked for. */
			char *path =
				CPLStrdup(relative && name[0] != '<' ? CPLProjectRelativeFilename(folder, name) : name);
			status = walk_source(walk, path);
			CPLFree(path);
		} else {
			status = walk_elements(walk, node->psChild, folder);
		}
	}
	return status;
}

static enum lu_status walk_vrt(struct walk *walk, GDALDatasetH dataset)
{
	char **text = GDALGetMetadata(dataset, "xml:VRT");
	const char *name = GDALGetDescription(dataset);
	enum lu_status status = LU_OK;

	if (text == NULL || text[0] == NULL)
		return LU_OK;
	CPLXMLNode *root = CPLParseXMLString(text[0]);
	char *folder = CPLStrdup(name[0] == '<' ? "" : CPLGetPath(name));
	const struct trail step = {name, walk->trail};
	walk->trail = &step;
	status = walk_elements(walk, root, folder);
	walk->trail = step.from;
	if (status != LU_OK)
		lu_fail_within(walk->err, "%s", name[0] == '<' ? "a VRT" : name);
	CPLFree(folder);
	CPLDestroyXMLNode(root);
	return status;
}

static enum lu_status walk_tile(void *user, const char *tile)
{
	return walk_source(user, tile);
}

/* An index leads to tiles as a VRT to its sources. */
static enum lu_status walk_index(struct walk *walk, GDALDatasetH dataset)
{
	const char *name = GDALGetDescription(dataset);
	const struct trail step = {name, walk->trail};

	walk->trail = &step;
	const enum lu_status status = lu_tile_index_walk(name, walk_tile, walk, walk->err);
	walk->trail = step.from;
	return status != LU_OK ? lu_fail_within(walk->err, "%s", name) : LU_OK;
}

static enum lu_status walk_dataset(struct walk *walk, GDALDatasetH dataset)
{
	char **files = GDALGetFileList(dataset);
	enum lu_status status = LU_OK;

	for (char **file = files; file != NULL && *file != NULL && status == LU_OK; file++) {
		struct lu_vsi_info info;

		if (lu_vsi_stat(*file, &info))
			status = visit_file(walk, *file, &info);
	}
	CSLDestroy(files);
	if (status == LU_OK && EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "VRT"))
		status = walk_vrt(walk, dataset);
	if (status == LU_OK && EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTI"))
		status = walk_index(walk, dataset);
	return status;
}

static enum lu_status walk_all(struct walk *walk, GDALDatasetH dataset, const char *name)
{
	enum lu_status status;
	struct lu_trap trap;

	lu_trap_set(&trap);
	walk->visited = CPLHashSetNew(CPLHashSetHashStr, CPLHashSetEqualStr, CPLFree);
	walk->opened = CPLHashSetNew(CPLHashSetHashStr, CPLHashSetEqualStr, CPLFree);
	status = name != NULL ? walk_source(walk, name) : walk_dataset(walk, dataset);
	CPLHashSetDestroy(walk->visited);
	CPLHashSetDestroy(walk->opened);
	lu_trap_drop(&trap);
	return status;
}

enum lu_status lu_sources_walk(void *dataset, lu_sources_visit visit, void *user, struct lu_error *err)
{
	struct walk walk = {.visit = visit, .user = user, .err = err};

	return walk_all(&walk, dataset, NULL);
}

void lu_sources_warnings(void *dataset, char ***warnings)
{
	struct walk walk = {.warnings = warnings};

	(void)walk_all(&walk, NULL, GDALGetDescription(dataset));
}
