/*
 * paths.c: from what a job names to the list of files it means. See paths.h.
 */
#include "raster/paths.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "raster/start.h"
#include "raster/trap.h"
#include "raster/vsi.h"

/* What a folder's files must be called to count as imagery. */
static const char *const raster_extensions[] = {
	"tif", "tiff", "gtiff", "jp2", "j2k", "img", "jpg", "jpeg", "png",
	"ntf", "nitf", "sid",   "ecw", "mrf", "bil", "bip", "bsq",  "kea",
};

static bool extension_is(const char *name, const char *extension)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && EQUAL(dot + 1, extension);
}

bool lu_path_is_raster(const char *name)
{
	for (size_t i = 0; i < sizeof(raster_extensions) / sizeof(*raster_extensions); i++) {
		if (extension_is(name, raster_extensions[i]))
			return true;
	}
	return false;
}

static enum lu_status append(struct lu_paths *paths, const char *name, enum lu_trust trust, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_utf8_check(name, "imagery", "rename the file", err));
	for (size_t i = 0; i < paths->count; i++) {
		if (strcmp(paths->names[i], name) != 0)
			continue;
		if (trust == LU_NAMED)
			paths->trust[i] = trust;
		return LU_OK;
	}
	LU_TRY(lu_grow(&paths->names, paths->count + 1, sizeof(*paths->names), "a list of imagery", err));
	LU_TRY(lu_grow(&paths->trust, paths->count + 1, sizeof(*paths->trust), "a list of imagery", err));
	paths->trust[paths->count] = trust;
	paths->names[paths->count] = lu_strdup(name);
	if (paths->names[paths->count] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of imagery");
	paths->count++;
out:
	return status;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Append the entries of 'folder' (already read) that match: a pattern, or NULL for "has this extension". */
static enum lu_status append_entries(struct lu_paths *paths, const char *folder, char **entries,
				     bool (*wanted)(const char *name, const void *with), const void *with,
				     struct lu_error *err)
{
	for (char **entry = entries; entry != NULL && *entry != NULL; entry++) {
		enum lu_status status;
		char *path;

		/* Hidden files are other programs' temporaries ("._q.tif" on a USB disk from a Mac). */
		if ((*entry)[0] == '.' || !wanted(*entry, with))
			continue;
		path = lu_sprintf("%s/%s", folder, *entry);
		if (path == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of imagery");
		status = append(paths, path, LU_FOUND, err);
		lu_free(path);
		if (status != LU_OK)
			return status;
	}
	return LU_OK;
}

static bool wanted_raster(const char *name, const void *with)
{
	(void)with;
	return lu_path_is_raster(name);
}

static bool wanted_vrt(const char *name, const void *with)
{
	(void)with;
	return extension_is(name, "vrt");
}

static bool wanted_pattern(const char *name, const void *with)
{
	return fnmatch(with, name, FNM_PERIOD) == 0;
}

static char **sorted_entries(const char *folder)
{
	char **entries = VSIReadDir(folder);

	if (entries != NULL)
		qsort(entries, (size_t)CSLCount(entries), sizeof(*entries), by_name);
	return entries;
}

static enum lu_status add_folder(struct lu_paths *paths, const char *name, struct lu_error *err)
{
	const size_t before = paths->count;
	char *folder = lu_strdup(name);
	enum lu_status status;
	char **entries;

	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of imagery");
	for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--)
		folder[n - 1] = '\0';
	entries = sorted_entries(folder);
	status = append_entries(paths, folder, entries, wanted_raster, NULL, err);
	if (status == LU_OK && paths->count == before)
		status = append_entries(paths, folder, entries, wanted_vrt, NULL, err);
	CSLDestroy(entries);
	lu_free(folder);
	if (status == LU_OK && paths->count == before)
		status = lu_fail(err, LU_ERROR_IO,
				 "%s: no imagery in this folder: expected .tif, .jp2, .img and the like directly in it "
				 "(name a deeper folder, or a pattern such as %s/*/*.tif)",
				 name, name);
	return status;
}

static enum lu_status add_local_pattern(struct lu_paths *paths, const char *pattern, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	glob_t found;

	/* GLOB_NOSORT: glob would sort by the user's locale. */
	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return LU_OK;
	qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), by_name);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		if (!lu_folder_exists(found.gl_pathv[i]))
			LU_TRY(append(paths, found.gl_pathv[i], LU_FOUND, err));
	}
out:
	globfree(&found);
	return status;
}

/* In /vsi file systems a pattern may stand in the last component only. */
static enum lu_status add_remote_pattern(struct lu_paths *paths, const char *pattern, struct lu_error *err)
{
	enum lu_status status;
	char **entries;
	char *folder = lu_path_folder(pattern);

	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of imagery");
	entries = sorted_entries(folder);
	status = append_entries(paths, folder, entries, wanted_pattern, lu_path_name(pattern), err);
	CSLDestroy(entries);
	lu_free(folder);
	return status;
}

static enum lu_status add_pattern(struct lu_paths *paths, const char *pattern, struct lu_error *err)
{
	const size_t before = paths->count;
	enum lu_status status;

	if (STARTS_WITH(pattern, "/vsi"))
		LU_TRY(add_remote_pattern(paths, pattern, err));
	else
		LU_TRY(add_local_pattern(paths, pattern, err));
	if (paths->count == before)
		status = lu_fail(err, lu_vsi_missing(pattern),
				 "%s: the pattern matches no file (check the folder's name)", pattern);
out:
	return status;
}

enum lu_status lu_paths_add(struct lu_paths *paths, const char *name, struct lu_error *err)
{
	enum lu_status status;
	struct lu_trap trap;
	struct lu_vsi_info info;
	char remedy[LU_VSI_REMEDY];
	bool exists;

	lu_raster_start(0);
	if (name[0] == '\0')
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "imagery: an empty name (expected a file, a pattern or a folder)");
	lu_trap_set(&trap);
	exists = lu_vsi_stat(name, &info);
	if (exists && info.folder)
		status = add_folder(paths, name, err);
	else if (!exists && strpbrk(name, "*?[") != NULL && !STARTS_WITH(name, "/vsicurl"))
		status = add_pattern(paths, name, err);
	else if (!exists && info.silent)
		status = lu_fail(err, LU_ERROR_IO,
				 "%s: no answer over the network, though asked again and again: %s (try later, or "
				 "check its address)",
				 name, lu_trap_text(&trap, "unknown reason"));
	else if (!exists && (STARTS_WITH(name, "/vsi") || strchr(name, ':') == NULL))
		status = lu_fail(err, lu_vsi_missing(name), "%s: no such file%s%s%s", name,
				 trap.text[0] != '\0' ? ": " : "", trap.text,
				 STARTS_WITH(name, "~/") ? lu_vsi_remedy(name, remedy) : " (check the imagery's name)");
	else
		status = append(paths, name, LU_NAMED, err);
	lu_trap_drop(&trap);
	return status;
}

enum lu_status lu_paths_add_found(struct lu_paths *paths, const char *name, struct lu_error *err)
{
	struct lu_vsi_info info;
	struct lu_trap trap;
	enum lu_status status;

	lu_raster_start(0);
	lu_trap_set(&trap);
	if (!lu_vsi_stat(name, &info) || info.folder) {
		char why[256];
		lu_vsi_why(name, why, sizeof(why));
		status = lu_fail(err, lu_vsi_missing(name), "%s: %s%s%s", name,
				 lu_vsi_remote(name) ? "does not come" : "no such file", why[0] != '\0' ? ": " : "",
				 why);
	} else {
		status = append(paths, name, LU_FOUND, err);
	}
	lu_trap_drop(&trap);
	return status;
}

void lu_paths_release(struct lu_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		lu_free(paths->names[i]);
	lu_free(paths->names);
	lu_free(paths->trust);
	*paths = (struct lu_paths){0};
}
