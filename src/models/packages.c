/*
 * packages.c: finding model packages, and copying one. See packages.h.
 *
 * A copy is made in a hidden folder beside its place, read back and compared with its hash there,
 * and then given its name.
 */
#include "models/packages.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "models/locate.h"

/* Files of a package lie in its folder or in folders in it; one is held in memory while it is copied. */
enum { DEEPEST = 4 };
static const size_t largest_file = (size_t)4 << 30;

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static enum lu_status add_package(struct lu_packages *packages, const char *folder, const char *name,
				  struct lu_error *err)
{
	struct lu_error fault = {0};
	enum lu_status status =
		lu_grow(&packages->items, packages->count + 1, sizeof(*packages->items), "model packages", err);

	if (status != LU_OK)
		return status;
	struct lu_package *package = &packages->items[packages->count];
	*package = (struct lu_package){.name = lu_strdup(name), .folder = lu_strdup(folder)};
	for (size_t i = 0; i < packages->count && package->name != NULL; i++)
		package->hidden |= strcmp(packages->items[i].name, package->name) == 0;
	packages->count++;
	if (lu_model_read(folder, &package->model, &fault) != LU_OK)
		package->fault = lu_strdup(fault.text);
	return package->name != NULL && package->folder != NULL && (package->model != NULL || package->fault != NULL)
		       ? LU_OK
		       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: model packages");
}

static enum lu_status find_in(const char *root, struct lu_packages *packages, struct lu_error *err)
{
	struct dirent **entries = NULL;
	const int count = scandir(root, &entries, visible, alphasort);
	enum lu_status status = LU_OK;

	for (int i = 0; i < count; i++) {
		char *folder = lu_path_join(root, entries[i]->d_name);
		char *item = folder != NULL ? lu_path_join(folder, "model.json") : NULL;
		if (status == LU_OK && item != NULL && lu_file_exists(item))
			status = add_package(packages, folder, entries[i]->d_name, err);
		lu_free(item);
		lu_free(folder);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* Two places of the path may be one folder: LANDUSE_DATA set to the source tree, say. */
static bool is_repeated(const struct lu_places *places, size_t i)
{
	struct stat own, other;

	if (stat(places->paths[i], &own) != 0)
		return true;
	for (size_t k = 0; k < i; k++)
		if (stat(places->paths[k], &other) == 0 && own.st_dev == other.st_dev && own.st_ino == other.st_ino)
			return true;
	return false;
}

enum lu_status lu_packages_find(struct lu_packages *out, struct lu_error *err)
{
	struct lu_places places;
	enum lu_status status = lu_places_find(&places, err);

	memset(out, 0, sizeof(*out));
	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < places.count && status == LU_OK; i++) {
		char *root = lu_path_join(places.paths[i], "models");
		if (root == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		else if (!is_repeated(&places, i))
			status = find_in(root, out, err);
		lu_free(root);
	}
	lu_places_release(&places);
	if (status != LU_OK)
		lu_packages_release(out);
	return status;
}

void lu_packages_release(struct lu_packages *packages)
{
	for (size_t i = 0; i < packages->count; i++) {
		lu_free(packages->items[i].name);
		lu_free(packages->items[i].folder);
		lu_free(packages->items[i].fault);
		lu_model_free(packages->items[i].model);
	}
	lu_free(packages->items);
	memset(packages, 0, sizeof(*packages));
}

static void remove_tree(const char *path, int depth)
{
	DIR *folder = opendir(path);

	for (const struct dirent *entry = folder != NULL ? readdir(folder) : NULL; entry != NULL;
	     entry = readdir(folder)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *name = lu_path_join(path, entry->d_name);
		if (name != NULL && unlink(name) != 0 && depth < DEEPEST)
			remove_tree(name, depth + 1);
		lu_free(name);
	}
	if (folder != NULL)
		closedir(folder);
	rmdir(path);
}

/* What killed copies left in 'root'; its lock is held. */
static void remove_leftovers(const char *root)
{
	DIR *folder = opendir(root);

	for (const struct dirent *entry = folder != NULL ? readdir(folder) : NULL; entry != NULL;
	     entry = readdir(folder)) {
		char *path = lu_file_is_temporary(entry->d_name) ? lu_path_join(root, entry->d_name) : NULL;
		if (path != NULL)
			remove_tree(path, 0);
		lu_free(path);
	}
	if (folder != NULL)
		closedir(folder);
}

static enum lu_status copy_file(const char *from, const char *to, struct lu_error *err)
{
	char *bytes;
	size_t size;
	enum lu_status status;

	LU_TRY(lu_file_read(from, largest_file, &bytes, &size, err));
	LU_TRY(lu_file_write(to, bytes, size, err));
out:
	lu_free(bytes);
	return status;
}

static enum lu_status copy_tree(const char *from, const char *to, int depth, struct lu_error *err);

static enum lu_status copy_entry(const char *from, const char *to, const char *name, int depth, struct lu_error *err)
{
	char *source = lu_path_join(from, name), *target = lu_path_join(to, name);
	enum lu_status status;

	if (source == NULL || target == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	else
		status = lu_folder_exists(source) ? copy_tree(source, target, depth + 1, err)
						  : copy_file(source, target, err);
	lu_free(source);
	lu_free(target);
	return status;
}

/* Files and folders of 'from', without hidden ones, into the new folder 'to'. */
static enum lu_status copy_tree(const char *from, const char *to, int depth, struct lu_error *err)
{
	struct dirent **entries = NULL;
	const int count = scandir(from, &entries, visible, alphasort);
	enum lu_status status;

	LU_TRY(count < 0 ? lu_fail_errno(err, from, "read the folder") : lu_folder_make(to, err));
	if (depth > DEEPEST) {
		status = lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: more than %d folders deep (a package is a few files)",
				 from, DEEPEST);
		goto out;
	}
	for (int i = 0; i < count; i++)
		LU_TRY(copy_entry(from, to, entries[i]->d_name, depth, err));
out:
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return status;
}

static enum lu_status check_name(const char *folder, const char *name, struct lu_error *err)
{
	const size_t good = strspn(name, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-");

	if (name[0] == '\0' || name[0] == '.' || name[good] != '\0')
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: id '%s' cannot be a folder's name (letters, digits, '.', '_' and '-')", folder,
			       name);
	return LU_OK;
}

/* Does 'href', seen from the package, name something in it? */
static bool stays_within(const char *href)
{
	if (href[0] == '/' || strstr(href, "://") != NULL)
		return false;
	for (const char *at = href; at != NULL; at = strchr(at, '/')) {
		at += *at == '/';
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0'))
			return false;
	}
	return true;
}

/* A copy of its folder is the whole package only if all that model.json names lies in it. */
static enum lu_status check_within(const struct lu_model *model, struct lu_error *err)
{
	const struct {
		const char *key, *href;
	} named[] = {{"assets.model.href", model->onnx_href}, {"landuse:scheme", model->scheme_href}};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (named[i].href != NULL && !stays_within(named[i].href))
			return lu_fail(
				err, LU_ERROR_FORMAT,
				"%s: model.json's %s is %s, outside the package, which a copy would lack (put the file "
				"into the folder and name it ./%s)",
				model->folder, named[i].key, named[i].href, lu_path_name(named[i].href));
	return LU_OK;
}

/* What is there under the name already: the same network, or another package. */
static enum lu_status compare_present(const struct lu_model *model, const char *target, struct lu_error *err)
{
	struct lu_model *present = NULL;
	struct lu_error fault = {0};
	const bool same =
		lu_model_read(target, &present, &fault) == LU_OK && strcmp(present->sha256, model->sha256) == 0;

	lu_model_free(present);
	return same ? LU_OK
		    : lu_fail(err, LU_ERROR_MISMATCH,
			      "%s: holds another package of that name, or a damaged one (remove it, or change the id "
			      "in model.json)",
			      target);
}

/* With the root's lock held. */
static enum lu_status copy_in(const struct lu_model *model, const char *root, const char *target, struct lu_error *err)
{
	struct lu_model *copied = NULL;
	char *temporary = lu_file_temporary(target);
	enum lu_status status;

	if (temporary == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	remove_leftovers(root);
	LU_TRY(copy_tree(model->folder, temporary, 0, err));
	LU_TRY(lu_model_read(temporary, &copied, err));
	if (rename(temporary, target) != 0)
		status = lu_fail_errno(err, target, "put the finished package in place");
out:
	if (status != LU_OK) {
		remove_tree(temporary, 0);
	} else {
		const int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		/* The files are safe already; some network file systems cannot sync a folder. */
		if (fd >= 0) {
			fsync(fd);
			close(fd);
		}
	}
	lu_model_free(copied);
	lu_free(temporary);
	return status;
}

enum lu_status lu_package_copy(const char *folder, const char *root, char **target, bool *already, struct lu_error *err)
{
	struct lu_model *model = NULL;
	struct lu_lock *lock = NULL;
	enum lu_status status;

	*target = NULL;
	*already = false;
	LU_TRY(lu_model_read(folder, &model, err));
	LU_TRY(check_name(folder, model->name, err));
	LU_TRY(check_within(model, err));
	*target = lu_path_join(root, model->name);
	LU_TRY(*target != NULL ? lu_folder_make(root, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_lock_take(root, &lock, err));
	*already = lu_folder_exists(*target);
	LU_TRY(*already ? compare_present(model, *target, err) : copy_in(model, root, *target, err));
out:
	lu_lock_drop(lock);
	lu_model_free(model);
	if (status != LU_OK) {
		lu_free(*target);
		*target = NULL;
	}
	return status;
}
