/* set_folder.c: taking the folder of a chip set. See set_folder.h. */
#include "chipset/set_folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { LARGEST_FACTS = 1 << 20 };

struct lu_set_folder {
	struct lu_lock *lock;
};

char *lu_set_chip_name(int64_t row, int64_t col, const char *extension)
{
	return lu_sprintf("r%05lld_c%05lld.%s", (long long)row, (long long)col, extension);
}

char *lu_set_class_folder(const char *class)
{
	char *name = lu_strdup(class);

	for (char *c = name; c != NULL && *c != '\0'; c++)
		if (strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-", *c) == NULL)
			*c = '_';
	/* "..", hidden folders */
	if (name != NULL && name[0] == '.')
		name[0] = '_';
	return name;
}

static bool is_chip(const char *name)
{
	long long row, col;
	char extension[5];
	int length = 0;

	return sscanf(name, "r%lld_c%lld.%4[a-z]%n", &row, &col, extension, &length) == 3 && name[length] == '\0' &&
	       (strcmp(extension, "tif") == 0 || strcmp(extension, "png") == 0 || strcmp(extension, "jpg") == 0);
}

/* Remove the chips (and a killed writer's temporaries) in 'path'; the folder too when that leaves it empty. */
static enum lu_status clear_subfolder(const char *path, bool chips, struct lu_error *err)
{
	enum lu_status status = lu_folder_sweep(path, err);
	DIR *folder = status == LU_OK && chips ? opendir(path) : NULL;

	if (folder == NULL)
		return status;
	for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
		if (is_chip(entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
	rmdir(path);
	return LU_OK;
}

/* Sweep every subfolder of 'path', and with 'chips' take the chips in them away. */
static enum lu_status clear(const char *path, bool chips, struct lu_error *err)
{
	enum lu_status status = lu_folder_sweep(path, err);
	DIR *folder = status == LU_OK ? opendir(path) : NULL;

	if (folder == NULL)
		return status == LU_OK ? lu_fail_errno(err, path, "read the folder") : status;
	for (const struct dirent *entry = readdir(folder); entry != NULL && status == LU_OK; entry = readdir(folder)) {
		char *sub = entry->d_name[0] != '.' ? lu_path_join(path, entry->d_name) : NULL;
		if (sub != NULL && lu_folder_exists(sub))
			status = clear_subfolder(sub, chips, err);
		lu_free(sub);
	}
	closedir(folder);
	return status;
}

static bool is_empty(const char *path)
{
	DIR *folder = opendir(path);
	bool empty = true;

	if (folder == NULL)
		return true;
	for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
		empty &= entry->d_name[0] == '.';
	closedir(folder);
	return empty;
}

static enum lu_status remove_index(const char *path, struct lu_error *err)
{
	static const char *const names[] = {LU_SET_INDEX, LU_SET_PLACES, LU_SET_FACTS};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *name = lu_path_join(path, names[i]);
		if (name == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		if (lu_file_exists(name) && unlink(name) != 0) {
			const enum lu_status status = lu_fail_errno(err, name, "remove");
			lu_free(name);
			return status;
		}
		lu_free(name);
	}
	return LU_OK;
}

enum lu_status lu_set_folder_guard(const char *path, const struct lu_inputs *inputs, struct lu_error *err)
{
	static const char *const written[] = {LU_SET_INDEX, LU_SET_PLACES, LU_SET_FACTS};
	struct lu_output_names names = {0};
	enum lu_status status;

	LU_TRY(lu_output_names_match(&names, "", "*/r[0-9]*_c[0-9]*.*", err));
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		LU_TRY(lu_output_names_add(&names, err, "%s", written[i]));
	LU_TRY(lu_inputs_guard(inputs, path, &names, err));
out:
	lu_output_names_release(&names);
	return status;
}

/* What the folder holds now; LU_ERROR_MISMATCH when it may not be used. */
struct holding {
	bool ours; /* a chip set */
	bool same; /* of the very same facts */
};

static enum lu_status look(const char *path, const char *facts, bool overwrite, struct holding *out,
			   struct lu_error *err)
{
	char *name = lu_path_join(path, LU_SET_FACTS), *found = NULL;
	enum lu_status status = LU_OK;
	size_t size;

	*out = (struct holding){false, false};
	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	out->ours = lu_file_exists(name);
	if (out->ours)
		LU_TRY(lu_file_read(name, LARGEST_FACTS, &found, &size, err));
	out->same = out->ours && strcmp(found, facts) == 0;
	if (!out->same && !overwrite && out->ours) {
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "%s: holds chips of other imagery or options (name another folder, or .overwrite)",
				 path);
		goto out;
	}
	if (!out->ours && !overwrite && !is_empty(path))
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "%s: holds other files and no chip set (name another folder, or .overwrite)", path);
out:
	lu_free(found);
	lu_free(name);
	return status;
}

enum lu_status lu_set_folder_check(const char *path, const char *facts, bool overwrite, struct lu_error *err)
{
	struct holding holding;

	return look(path, facts, overwrite, &holding, err);
}

/* The lock is held: make the folder one that holds 'facts' and chips of it, or say why not. */
static enum lu_status settle(const char *path, const char *facts, bool overwrite, bool *resumed, struct lu_error *err)
{
	struct holding holding;
	char *name = NULL;
	enum lu_status status = look(path, facts, overwrite, &holding, err);

	*resumed = holding.same;
	if (status != LU_OK || holding.same)
		return status == LU_OK ? clear(path, false, err) : status;
	/* The index goes first: without it nobody takes what is left for a whole set. */
	status = remove_index(path, err);
	if (status == LU_OK)
		status = clear(path, holding.ours, err);
	if (status != LU_OK)
		return status;
	name = lu_path_join(path, LU_SET_FACTS);
	status = name != NULL ? lu_file_write(name, facts, strlen(facts), err)
			      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	lu_free(name);
	return status;
}

enum lu_status lu_set_folder_open(const char *path, const char *facts, bool overwrite, struct lu_set_folder **out,
				  bool *resumed, struct lu_error *err)
{
	struct lu_set_folder *folder;
	enum lu_status status;

	*out = NULL;
	*resumed = false;
	LU_TRY(lu_alloc(&folder, 1, sizeof(*folder), "a folder", err));
	LU_TRY(lu_folder_make(path, err));
	LU_TRY(lu_lock_take(path, &folder->lock, err));
	LU_TRY(settle(path, facts, overwrite, resumed, err));
out:
	if (status != LU_OK) {
		lu_set_folder_close(folder);
		return status;
	}
	*out = folder;
	return LU_OK;
}

void lu_set_folder_close(struct lu_set_folder *folder)
{
	if (folder == NULL)
		return;
	lu_lock_drop(folder->lock);
	lu_free(folder);
}
