/* class_folders.c: folders named as classes, pictures right inside them. See class_folders.h. */
#include "chipset/class_folders.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "chipset/set_build.h"
#include "raster/photo.h"

/* Levels of folders below a class folder that are looked through for pictures. */
enum { DEEPEST = 16 };

/* Names in a folder, sorted by bytes, so that a set reads the same everywhere. */
struct names {
	char **list;
	size_t count;
};

static void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		lu_free(names->list[i]);
	lu_free(names->list);
	*names = (struct names){0};
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a system leaves there is counted in 'system' (where that is not NULL) and is not among the names. */
static enum lu_status names_read(const char *folder, struct names *names, struct lu_tally_of_names *system,
				 struct lu_error *err)
{
	DIR *open = opendir(folder);
	enum lu_status status = LU_OK;

	*names = (struct names){0};
	if (open == NULL)
		return lu_fail_errno(err, folder, "list");
	for (struct dirent *entry = readdir(open); entry != NULL && status == LU_OK; entry = readdir(open)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		/* Doubling keeps a folder of many files linear. */
		if ((names->count & (names->count - 1)) == 0)
			status = lu_grow(&names->list, names->count > 0 ? 2 * names->count : 1, sizeof(char *),
					 "a folder", err);
		if (status == LU_OK && (names->list[names->count] = lu_strdup(entry->d_name)) == NULL)
			status = lu_set_no_memory(err);
		names->count += status == LU_OK;
	}
	closedir(open);
	if (status != LU_OK) {
		names_release(names);
		return status;
	}
	if (names->count > 0)
		qsort(names->list, names->count, sizeof(char *), by_bytes);
	size_t kept = 0;
	for (size_t i = 0; i < names->count; i++) {
		if (!lu_name_is_system(names->list[i])) {
			names->list[kept++] = names->list[i];
			continue;
		}
		if (system != NULL)
			lu_set_count(system, names->list[i]);
		lu_free(names->list[i]);
	}
	names->count = kept;
	return LU_OK;
}

static bool is_link(const char *path)
{
	struct stat facts;

	return lstat(path, &facts) == 0 && S_ISLNK(facts.st_mode);
}

/* Is there a picture in 'folder', at any depth? '*name' is the first; lu_free it. Links to folders are not followed: they may lead in a circle. */
static enum lu_status find_picture(const char *folder, int depth, char **name, struct lu_error *err)
{
	struct names names;
	enum lu_status status;

	*name = NULL;
	LU_TRY(names_read(folder, &names, NULL, err));
	for (size_t i = 0; i < names.count && status == LU_OK && *name == NULL; i++) {
		char *path = lu_path_join(folder, names.list[i]);
		if (path == NULL) {
			status = lu_set_no_memory(err);
		} else if (!lu_folder_exists(path)) {
			if (lu_photo_named(names.list[i])) {
				*name = path;
				path = NULL;
			}
		} else if (depth < DEEPEST && !is_link(path)) {
			status = find_picture(path, depth + 1, name, err);
		}
		lu_free(path);
	}
out:
	names_release(&names);
	return status;
}

/* A folder inside a class folder: without pictures it is passed over, with them nobody has said what it means. */
static enum lu_status look_below(struct lu_labelled_set *set, const char *folder, const char *class_name,
				 struct lu_error *err)
{
	char *picture = NULL;
	enum lu_status status;

	LU_TRY(find_picture(folder, 0, &picture, err));
	if (picture != NULL)
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: lies in a folder inside the class folder '%s', pictures of a set lie right in SET/CLASS "
			"or SET/train/CLASS (name the folder of the class folders, move them up, or list them in an "
			"index.csv)",
			picture, class_name);
	else
		lu_set_count(&set->passed_over[LU_PASSED_FOLDER], folder);
out:
	lu_free(picture);
	return status;
}

static enum lu_status read_class_folder(struct lu_labelled_set *set, const char *folder, const char *class_name,
					enum lu_split split, struct lu_error *err)
{
	struct names files;
	size_t class;
	enum lu_status status = names_read(folder, &files, &set->passed_over[LU_PASSED_SYSTEM], err);

	if (status != LU_OK)
		return status;
	/* An empty folder is a class too: training says that it has no chip, evaluation does not mind. */
	LU_TRY(lu_set_class(set, class_name, &class, err));
	for (size_t i = 0; i < files.count && status == LU_OK; i++) {
		char *path = lu_path_join(folder, files.list[i]);
		if (path == NULL) {
			status = lu_set_no_memory(err);
		} else if (lu_folder_exists(path)) {
			status = look_below(set, path, class_name, err);
		} else if (lu_photo_named(files.list[i])) {
			status = lu_set_chip(set, path, class, split, NULL, err);
			path = NULL; /* now the set's */
		} else {
			lu_set_count(&set->passed_over[LU_PASSED_OTHER], path);
		}
		lu_free(path);
	}
out:
	names_release(&files);
	return status;
}

/* Every folder in 'folder' is a class. */
static enum lu_status read_class_folders(struct lu_labelled_set *set, const char *folder, const struct names *names,
					 enum lu_split split, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < names->count && status == LU_OK; i++) {
		char *path = lu_path_join(folder, names->list[i]);
		if (path == NULL)
			status = lu_set_no_memory(err);
		else if (lu_folder_exists(path))
			status = read_class_folder(set, path, names->list[i], split, err);
		else if (lu_photo_named(names->list[i]))
			lu_set_count(&set->passed_over[LU_PASSED_LOOSE], path);
		lu_free(path);
	}
	return status;
}

/* True when the folder's folders are all named as splits, and there is one. */
static bool has_split_folders(const char *folder, const struct names *names)
{
	enum lu_split split;
	size_t found = 0;

	for (size_t i = 0; i < names->count; i++) {
		char *path = lu_path_join(folder, names->list[i]);
		const bool is_folder = path != NULL && lu_folder_exists(path);
		lu_free(path);
		if (is_folder && !lu_split_parse(names->list[i], &split))
			return false;
		found += is_folder;
	}
	return found > 0;
}

/* A folder of class folders that is named as a split. */
static enum lu_status read_split_folder(struct lu_labelled_set *set, const char *folder, enum lu_split split,
					struct lu_error *err)
{
	struct names names;
	enum lu_status status;

	LU_TRY(names_read(folder, &names, &set->passed_over[LU_PASSED_SYSTEM], err));
	LU_TRY(read_class_folders(set, folder, &names, split, err));
out:
	names_release(&names);
	return status;
}

enum lu_status lu_class_folders_read(struct lu_labelled_set *set, struct lu_error *err)
{
	struct names names;
	enum lu_status status = names_read(set->path, &names, &set->passed_over[LU_PASSED_SYSTEM], err);

	if (status != LU_OK)
		return status;
	if (!has_split_folders(set->path, &names))
		status = read_class_folders(set, set->path, &names, LU_SPLIT_NONE, err);
	else
		for (size_t i = 0; i < names.count && status == LU_OK; i++) {
			enum lu_split split;
			char *path = lu_path_join(set->path, names.list[i]);
			if (path == NULL)
				status = lu_set_no_memory(err);
			else if (lu_folder_exists(path) && lu_split_parse(names.list[i], &split))
				status = read_split_folder(set, path, split, err);
			else if (lu_photo_named(names.list[i]))
				lu_set_count(&set->passed_over[LU_PASSED_LOOSE], path);
			lu_free(path);
		}
	names_release(&names);
	return status;
}
