/* locate.c: the search path of models and schemes. */
#include "models/locate.h"

#include <dirent.h>
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

enum lu_status lu_locate_user(const char *name, char **path, struct lu_error *err)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	*path = NULL;
	if (data != NULL && data[0] == '/')
		*path = lu_sprintf("%s/landuse/%s", data, name);
	else if (home != NULL && home[0] != '\0')
		*path = lu_sprintf("%s/.local/share/landuse/%s", home, name);
	else
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "no folder of your own for '%s' (set HOME, or XDG_DATA_HOME to a full path)", name);
	return *path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
}

static void add_place(struct lu_places *places, char *path)
{
	if (path != NULL && path[0] != '\0')
		places->paths[places->count++] = path;
	else
		lu_free(path);
}

enum lu_status lu_places_find(struct lu_places *out, struct lu_error *err)
{
	static const char *const built_in[] = {
		LU_DATA_DIR,
#ifdef LU_SOURCE_DIR /* a package's program looks in no tree that it was built in */
		LU_SOURCE_DIR,
#endif
	};
	const char *own = getenv("LANDUSE_DATA");
	char prefix[PATH_MAX], *user = NULL;

	memset(out, 0, sizeof(*out));
	program_prefix(prefix, sizeof(prefix));
	if (own != NULL)
		add_place(out, lu_strdup(own));
	/* A service may have no home: then there is one place less. */
	if (lu_locate_user("", &user, NULL) == LU_OK) {
		user[strlen(user) - 1] = '\0';
		add_place(out, user);
	}
	add_place(out, lu_sprintf("%s/share/landuse", prefix));
	for (size_t i = 0; i < sizeof(built_in) / sizeof(*built_in); i++)
		add_place(out, lu_strdup(built_in[i]));
	return out->count > sizeof(built_in) / sizeof(*built_in)
		       ? LU_OK
		       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the search path");
}

void lu_places_release(struct lu_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		lu_free(places->paths[i]);
	places->count = 0;
}

/* The name in one of the places that may be meant by 'name', or "". */
static void find_near(const struct lu_places *places, const char *name, const char *before, const char *after,
		      bool folder, char nearest[NAME_MAX + 1])
{
	const size_t tail = strlen(after);

	nearest[0] = '\0';
	for (size_t i = 0; i < places->count; i++) {
		char *root = lu_sprintf("%s/%s", places->paths[i], before);
		struct dirent **entries = NULL;
		const int count = root != NULL ? scandir(root, &entries, NULL, alphasort) : 0;

		for (int k = 0; k < count; k++) {
			char *own = entries[k]->d_name, *path = NULL;
			const size_t length = strlen(own);
			if (own[0] != '.' && length > tail && strcmp(own + length - tail, after) == 0) {
				own[length - tail] = '\0';
				path = try_place(places->paths[i], before, own, after, folder);
			}
			const char *const both[] = {nearest, own};
			const bool first = nearest[0] == '\0';
			if (path != NULL && lu_nearest_word(name, both + first, first ? 1 : 2) == own)
				snprintf(nearest, NAME_MAX + 1, "%s", own);
			lu_free(path);
			free(entries[k]);
		}
		free(entries);
		lu_free(root);
	}
}

/* Tell that 'name' is in none of the places, which of these there are, and what may be meant. */
static enum lu_status not_found(const struct lu_places *places, const char *kind, const char *name, const char *before,
				const char *after, bool folder, struct lu_error *err)
{
	char looked[640] = "", nearest[NAME_MAX + 1];
	size_t used = 0;

	for (size_t i = 0; i < places->count; i++) {
		char *place = try_place(places->paths[i], before, "", "", true);
		bool again = false;
		for (size_t k = 0; k < i; k++)
			again = again || strcmp(places->paths[k], places->paths[i]) == 0;
		if (place != NULL && !again && used < sizeof(looked))
			used += (size_t)snprintf(looked + used, sizeof(looked) - used, "%s%.*s",
						 used > 0 ? ", " : "looked in ", (int)strlen(place) - 1, place);
		lu_free(place);
	}
	find_near(places, name, before, after, folder, nearest);
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "no %s named '%s' (%s%s%s%s; name a path, or set LANDUSE_DATA to the folder above '%s')", kind,
		       name, nearest[0] != '\0' ? "did you mean '" : "", nearest, nearest[0] != '\0' ? "'? " : "",
		       used > 0 ? looked : "none of the usual folders is there", before);
}

static enum lu_status locate(const char *kind, const char *name, const char *job_folder, const char *before,
			     const char *after, bool folder, char **path, struct lu_error *err)
{
	struct lu_places places;
	char *direct = lu_path_join(job_folder, name);

	*path = NULL;
	if (direct != NULL && (folder ? lu_folder_exists(direct) : lu_file_exists(direct))) {
		*path = direct;
		return LU_OK;
	}
	lu_free(direct);
	if (strchr(name, '/') != NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no such %s%s", name, kind,
			       strcmp(job_folder, ".") != 0 ? " (paths are relative to the job file)" : "");
	enum lu_status status = lu_places_find(&places, err);
	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < places.count && *path == NULL; i++)
		*path = try_place(places.paths[i], before, name, after, folder);
	if (*path == NULL)
		status = not_found(&places, kind, name, before, after, folder, err);
	lu_places_release(&places);
	return status;
}

enum lu_status lu_locate_model(const char *name, const char *job_folder, char **path, struct lu_error *err)
{
	return locate("model", name, job_folder, "models/", "", true, path, err);
}

enum lu_status lu_locate_scheme(const char *name, const char *job_folder, char **path, struct lu_error *err)
{
	return locate("class scheme", name, job_folder, "config/schemes/", ".yaml", false, path, err);
}

enum lu_status lu_locate_codes(const char *name, const char *job_folder, char **path, struct lu_error *err)
{
	return locate("table of codes", name, job_folder, "config/codes/", ".yaml", false, path, err);
}
