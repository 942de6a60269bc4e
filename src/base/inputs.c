/* inputs.c: a list of files by device and inode, and names looked up in it. See inputs.h. */
#include "base/inputs.h"

#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a list of files");
}

static void take_facts(const struct stat *facts, struct lu_input *file)
{
	file->device = (uint64_t)facts->st_dev;
	file->inode = (uint64_t)facts->st_ino;
	file->bytes = (int64_t)facts->st_size;
	file->seconds = (int64_t)facts->st_mtim.tv_sec;
	file->nanoseconds = (int64_t)facts->st_mtim.tv_nsec;
	file->changed_seconds = (int64_t)facts->st_ctim.tv_sec;
	file->changed_nanoseconds = (int64_t)facts->st_ctim.tv_nsec;
}

static enum lu_status append(struct lu_inputs *inputs, const struct lu_input *file, struct lu_error *err)
{
	if (inputs->count == inputs->room) {
		const size_t room = inputs->room > 0 ? 2 * inputs->room : 16;
		const enum lu_status status =
			lu_grow(&inputs->files, room, sizeof(*inputs->files), "a list of files", err);
		if (status != LU_OK)
			return status;
		inputs->room = room;
	}
	inputs->files[inputs->count] = *file;
	inputs->files[inputs->count].path = lu_strdup(file->path);
	if (inputs->files[inputs->count].path == NULL)
		return no_memory(err);
	inputs->count++;
	return LU_OK;
}

enum lu_status lu_inputs_add(struct lu_inputs *inputs, const char *path, struct lu_error *err)
{
	struct lu_input file = {.path = (char *)(uintptr_t)path}; /* append() copies it */
	struct stat facts;

	if (path == NULL || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
		return LU_OK;
	take_facts(&facts, &file);
	return append(inputs, &file, err);
}

enum lu_status lu_inputs_add_kin(struct lu_inputs *inputs, const char *path, struct lu_error *err)
{
	const char *name = lu_path_name(path), *dot = strrchr(name, '.');
	const size_t stem = dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
	char *folder = lu_path_folder(path);
	DIR *entries = folder != NULL ? opendir(folder) : NULL;
	enum lu_status status = folder != NULL ? lu_inputs_add(inputs, path, err) : no_memory(err);

	for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL; entry != NULL && status == LU_OK;
	     entry = readdir(entries)) {
		if (strncmp(entry->d_name, name, stem) != 0 || strcmp(entry->d_name, name) == 0)
			continue;
		char *kin = lu_path_join(folder, entry->d_name);
		status = kin != NULL ? lu_inputs_add(inputs, kin, err) : no_memory(err);
		lu_free(kin);
	}
	if (entries != NULL)
		closedir(entries);
	lu_free(folder);
	return status;
}

enum lu_status lu_inputs_add_all(struct lu_inputs *inputs, const struct lu_inputs *more, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < more->count; i++)
		LU_TRY(append(inputs, &more->files[i], err));
out:
	return status;
}

void lu_inputs_release(struct lu_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		lu_free(inputs->files[i].path);
	lu_free(inputs->files);
	*inputs = (struct lu_inputs){0};
}

/* 'text' as a pattern that only it matches; lu_free it. */
static char *literal(const char *text)
{
	char *escaped = NULL, *to;

	if (lu_alloc(&escaped, 2 * strlen(text) + 1, 1, "a name", NULL) != LU_OK)
		return NULL;
	to = escaped;
	for (const char *c = text; *c != '\0'; c++) {
		if (strchr("*?[]\\", *c) != NULL)
			*to++ = '\\';
		*to++ = *c;
	}
	*to = '\0';
	return escaped;
}

/* Takes 'pattern' over. */
static enum lu_status add_pattern(struct lu_output_names *names, char *pattern, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(pattern != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_grow(&names->patterns, names->count + 1, sizeof(*names->patterns), "a list of files", err));
out:
	if (status != LU_OK) {
		lu_free(pattern);
		return status;
	}
	names->patterns[names->count++] = pattern;
	return LU_OK;
}

enum lu_status lu_output_names_add(struct lu_output_names *names, struct lu_error *err, const char *format, ...)
{
	char name[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	return add_pattern(names, literal(name), err);
}

enum lu_status lu_output_names_match(struct lu_output_names *names, const char *folder, const char *pattern,
				     struct lu_error *err)
{
	char *where = literal(folder);
	const enum lu_status status =
		where != NULL
			? add_pattern(names, lu_sprintf("%s%s%s", where, where[0] != '\0' ? "/" : "", pattern), err)
			: no_memory(err);

	lu_free(where);
	return status;
}

bool lu_output_names_hold(const struct lu_output_names *names, const char *path)
{
	for (size_t i = 0; i < names->count; i++)
		if (fnmatch(names->patterns[i], path, FNM_PATHNAME) == 0)
			return true;
	return false;
}

/* Leftovers of outputs that are named 'pattern' in the folder 'where', which is a pattern, too. */
static void sweep_pattern(const char *where, const char *pattern)
{
	char *inside = lu_path_folder(pattern), *folder = NULL, *temporaries = NULL;
	glob_t found = {0};

	if (inside != NULL)
		folder = lu_path_join(where, inside);
	if (folder != NULL)
		temporaries = lu_sprintf("%s/.*.tmp*", strcmp(inside, ".") == 0 ? where : folder);
	if (temporaries != NULL && glob(temporaries, GLOB_NOSORT, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			char *name;
			if (lu_file_is_leftover(lu_path_name(found.gl_pathv[i]), &name) &&
			    fnmatch(lu_path_name(pattern), name, 0) == 0)
				unlink(found.gl_pathv[i]);
			lu_free(name);
		}
	globfree(&found);
	lu_free(temporaries);
	lu_free(folder);
	lu_free(inside);
}

void lu_output_names_sweep(const struct lu_output_names *names, const char *folder)
{
	char *where = literal(folder);

	for (size_t i = 0; i < names->count && where != NULL; i++)
		sweep_pattern(where, names->patterns[i]);
	lu_free(where);
}

void lu_output_names_release(struct lu_output_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		lu_free(names->patterns[i]);
	lu_free(names->patterns);
	*names = (struct lu_output_names){0};
}

/* Of one size, and last written at one moment. */
static bool same_state(const struct lu_input *a, const struct lu_input *b)
{
	return a->bytes == b->bytes && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds;
}

/* Some file systems of user programs number files anew from time to time: with its number a file's ctime must differ, too. */
static bool same_file(const struct lu_input *a, const struct lu_input *b)
{
	return (a->inode == b->inode && a->device == b->device) ||
	       (a->changed_seconds == b->changed_seconds && a->changed_nanoseconds == b->changed_nanoseconds);
}

/* The file read that has the name 'path', or NULL. */
static const struct lu_input *find(const struct lu_inputs *inputs, const char *path)
{
	struct lu_input wanted;
	struct stat facts;

	if (stat(path, &facts) != 0)
		return NULL;
	take_facts(&facts, &wanted);
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->files[i].inode == wanted.inode && inputs->files[i].device == wanted.device)
			return &inputs->files[i];
	return NULL;
}

bool lu_inputs_hold(const struct lu_inputs *inputs, const char *path)
{
	return find(inputs, path) != NULL;
}

static enum lu_status spare(const struct lu_inputs *inputs, const char *path, struct lu_error *err)
{
	const struct lu_input *file = find(inputs, path);

	if (file == NULL)
		return LU_OK;
	if (strcmp(file->path, path) == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s is read by this job and would be written over (output: another folder)", path);
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "%s is read by this job and would be written over (output: another folder), being %s",
		       file->path, path);
}

/* 'path' and what is written beside it. */
static enum lu_status spare_all(const struct lu_inputs *inputs, const char *path, struct lu_error *err)
{
	const size_t length = strlen(path);
	enum lu_status status = spare(inputs, path, err);

	if (status != LU_OK || length < 4 || strcmp(path + length - 4, ".tif") != 0)
		return status;
	for (enum lu_beside i = 0; i < LU_BESIDES && status == LU_OK; i++) {
		char *beside = lu_beside(path, i);
		status = beside != NULL ? spare(inputs, beside, err) : no_memory(err);
		lu_free(beside);
	}
	return status;
}

enum lu_status lu_inputs_guard(const struct lu_inputs *inputs, const char *folder, const struct lu_output_names *names,
			       struct lu_error *err)
{
	char *where = literal(folder);
	enum lu_status status;

	LU_TRY(where != NULL ? LU_OK : no_memory(err));
	for (size_t i = 0; i < names->count && status == LU_OK; i++) {
		char *pattern = lu_path_join(where, names->patterns[i]);
		glob_t found = {0};
		if (pattern == NULL)
			status = no_memory(err);
		else if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc && status == LU_OK; k++)
				status = spare_all(inputs, found.gl_pathv[k], err);
		globfree(&found);
		lu_free(pattern);
	}
out:
	lu_free(where);
	return status;
}

bool lu_input_unchanged(const struct lu_input *file)
{
	struct lu_input now;
	struct stat facts;

	if (stat(file->path, &facts) != 0)
		return false;
	take_facts(&facts, &now);
	return same_state(&now, file) && same_file(&now, file);
}

void lu_input_state(const struct lu_input *file, char text[LU_INPUT_STATE])
{
	snprintf(text, LU_INPUT_STATE, "%" PRIu64 " %" PRId64 ".%09" PRId64 " %" PRId64 ".%09" PRId64, file->inode,
		 file->seconds, file->nanoseconds, file->changed_seconds, file->changed_nanoseconds);
}

enum lu_status lu_inputs_unchanged(const struct lu_inputs *inputs, struct lu_error *err)
{
	for (size_t i = 0; i < inputs->count; i++) {
		const char *path = inputs->files[i].path;
		struct stat facts;

		if (lu_input_unchanged(&inputs->files[i]))
			continue;
		if (stat(path, &facts) != 0)
			return lu_fail(err, LU_ERROR_MISMATCH,
				       "%s: was taken away while it was being read (put it back, and run again)", path);
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: was exchanged or written to while it was being read, so that the results "
			       "would be a mixture "
			       "(run again when its delivery is complete)",
			       path);
	}
	return LU_OK;
}
