/* locate.c: the search path of models and schemes. */
#include "job/locate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* The folder above the one that holds the running program, or "" where the system does not tell. */
static void program_prefix(char *prefix, size_t size)
{
	char program[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	prefix[0] = '\0';
	if (length <= 0)
		return;
	program[length] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(program, '/');
		if (slash == NULL)
			return;
		*slash = '\0';
	}
	snprintf(prefix, size, "%s", program);
}

/* 'root'/'before''name''after' when it is there; NULL when not, or when memory is out. */
static char *try_place(const char *root, const char *before, const char *name, const char *after, bool folder)
{
	char *path = lu_sprintf("%s/%s%s%s", root, before, name, after);

	if (path != NULL && (folder ? lu_folder_exists(path) : lu_file_exists(path)))
		return path;
	lu_free(path);
	return NULL;
}

static enum lu_status locate(const char *kind, const char *name, const char *job_folder, const char *before,
			     const char *after, bool folder, char **path, struct lu_error *err)
{
	char prefix[PATH_MAX], share[PATH_MAX + 32];
	char *direct = lu_path_join(job_folder, name);

	*path = NULL;
	if (direct != NULL && (folder ? lu_folder_exists(direct) : lu_file_exists(direct))) {
		*path = direct;
		return LU_OK;
	}
	lu_free(direct);
	if (strchr(name, '/') != NULL)
		return lu_fail(err, LU_ERROR_IO, "%s: no such %s (paths are relative to the job file)", name, kind);
	program_prefix(prefix, sizeof(prefix));
	snprintf(share, sizeof(share), "%s/share/landuse", prefix);
	const char *places[] = {getenv("LANDUSE_DATA"), share, LU_DATA_DIR, LU_SOURCE_DIR};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && *path == NULL; i++)
		if (places[i] != NULL && places[i][0] != '\0')
			*path = try_place(places[i], before, name, after, folder);
	if (*path == NULL)
		return lu_fail(err, LU_ERROR_IO,
			       "no %s named '%s' (looked in %s; name a path, or set LANDUSE_DATA to the folder above '%s')",
			       kind, name, LU_DATA_DIR, before);
	return LU_OK;
}

enum lu_status lu_locate_model(const char *name, const char *job_folder, char **path, struct lu_error *err)
{
	return locate("model", name, job_folder, "models/", "", true, path, err);
}

enum lu_status lu_locate_scheme(const char *name, const char *job_folder, char **path, struct lu_error *err)
{
	return locate("class scheme", name, job_folder, "config/schemes/", ".yaml", false, path, err);
}
