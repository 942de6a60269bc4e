/* stale.c: names of a former manifest that are not among the new ones, removed where they are what they were. */
#define _GNU_SOURCE /* realpath */
#include "runs/stale.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text.h"
#include "job/job_file.h"

/* The file that a path leads to, or the path itself where it leads to none; free() it. */
static char *place_of(const char *folder, const char *path)
{
	char *joined = lu_path_join(folder, path), *place = joined != NULL ? realpath(joined, NULL) : NULL;

	lu_free(joined);
	return place != NULL ? place : strdup(path);
}

/* Older manifests do not say whose they are. */
static bool is_same_job(const struct lu_manifest *former, const struct lu_job *job)
{
	const char *path = lu_manifest_job(former), *started = lu_manifest_text(former, "working_folder");

	if (path == NULL || started == NULL)
		return true;
	char *then = place_of(started, path), *now = place_of(".", job->path);
	const bool same = then != NULL && now != NULL && strcmp(then, now) == 0;
	free(then);
	free(now);
	return same;
}

/* Is 'path' written by this run, or does it go with a raster that is? */
static bool is_made(const struct lu_outputs *outputs, const char *path)
{
	for (size_t i = 0; i < outputs->count; i++) {
		const char *made = outputs->paths[i];
		if (strcmp(path, made) == 0 || (lu_ends_with(made, ".tif") && lu_is_beside_of(made, path)))
			return true;
	}
	return false;
}

/* A manifest is a file that anybody may write: nothing outside the folder, and nothing but a plain file, goes by it. */
static bool is_inside(const char *folder, const char *name)
{
	char *path = NULL, *parent = NULL, *root = realpath(folder, NULL), *place = NULL;
	struct stat facts;
	bool inside = false;

	if (name[0] == '/' || name[0] == '\0' || root == NULL)
		goto out;
	path = lu_path_join(folder, name);
	parent = path != NULL ? lu_path_folder(path) : NULL;
	place = parent != NULL ? realpath(parent, NULL) : NULL;
	if (place == NULL || lstat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
		goto out;
	const size_t length = strlen(root);
	inside = strncmp(place, root, length) == 0 && (place[length] == '\0' || place[length] == '/');
out:
	free(root);
	free(place);
	lu_free(path);
	lu_free(parent);
	return inside;
}

/* The folders above 'name' that are empty by now, up to the output folder. */
static void remove_empty(const char *folder, const char *name)
{
	char *inner = lu_strdup(name);

	for (char *slash; inner != NULL && (slash = strrchr(inner, '/')) != NULL;) {
		*slash = '\0';
		char *path = lu_path_join(folder, inner);
		const bool gone = path != NULL && rmdir(path) == 0;
		lu_free(path);
		if (!gone)
			break;
	}
	lu_free(inner);
}

static enum lu_status remove_one(const char *folder, const struct lu_manifest_file *file,
				 const struct lu_inputs *inputs, const struct lu_hooks *hooks, size_t *removed,
				 struct lu_error *err)
{
	const enum lu_file_condition condition = lu_manifest_look(folder, file);
	char *path = lu_path_join(folder, file->path);
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (lu_inputs_hold(inputs, path))
		goto out;
	/* Statistics that QGIS laid beside a raster are of no use without it. */
	if (condition != LU_FILE_AS_WRITTEN && !(condition == LU_FILE_EDITED && lu_ends_with(path, ".aux.xml"))) {
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: the job no longer makes it, and it stays: it was changed since it was written (remove it "
		       "when "
		       "it is not needed)",
		       path);
		goto out;
	}
	if (unlink(path) != 0) {
		status = lu_fail_errno(err, path, "remove");
		goto out;
	}
	++*removed;
	remove_empty(folder, file->path);
out:
	lu_free(path);
	return status;
}

enum lu_status lu_stale_remove(const char *folder, const struct lu_job *job, const struct lu_manifest *former,
			       const struct lu_inputs *inputs, const struct lu_outputs *outputs,
			       const struct lu_hooks *hooks, struct lu_error *err)
{
	const size_t count = lu_manifest_count(former, "outputs");
	const bool same = is_same_job(former, job);
	size_t removed = 0, left = 0;
	const char *first = NULL;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < count && status == LU_OK; i++) {
		const struct lu_manifest_file file = lu_manifest_file(former, "outputs", i);
		if (file.path == NULL || is_made(outputs, file.path) || !is_inside(folder, file.path))
			continue;
		const size_t before = removed;
		if (same)
			status = remove_one(folder, &file, inputs, hooks, &removed, err);
		left += !same;
		first = first == NULL && (removed > before || !same) ? file.path : first;
	}
	if (removed > 0)
		lu_log(hooks, LU_LEVEL_INFO, "removed %s%s that the former run wrote and this job no longer makes",
		       first, removed > 1 ? " and others" : "");
	if (left > 0)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: holds %zu outputs of another job (%s) that this one does not write, such as %s: they stay",
		       folder, left, lu_manifest_job(former), first);
	return status;
}
