/* verify.c: is an output folder whole, are its files what they should be, and do they come from what is there now? */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "base/text_stream.h"
#include "commands/file_sums.h"
#include "runs/manifest_read.h"
#include "landuse/commands.h"
#include "raster/cog.h"
#include "raster/map.h"

enum { MAP_VALUES = 65536 };

struct check {
	const struct lu_verify_options *options;
	struct lu_manifest *manifest;
	json_t *problems, *notes; /* of {"file", "kind", "text"} */
	size_t outputs, inputs;
	bool lost; /* memory ran out while a problem was told */
};

static void tell(struct check *check, json_t *list, const char *file, const char *kind, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
static void tell(struct check *check, json_t *list, const char *file, const char *kind, const char *format, ...)
{
	char text[1200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	check->lost |= json_array_append_new(
			       list, json_pack("{s:s, s:s, s:s}", "file", file, "kind", kind, "text", text)) != 0;
}

/* Every value is a class with a name and, in the palette, the class's own colour. */
static enum lu_status look_at_classes(struct check *check, const char *path, struct lu_error *err)
{
	struct lu_map *map = NULL;
	struct lu_error fault = {0};
	uint16_t *row = NULL;
	bool *known = NULL;
	size_t count;
	uint8_t rgb[3];
	enum lu_status status = LU_OK;

	if (lu_map_open(path, &map, &fault) != LU_OK) {
		tell(check, check->problems, path, "form", "cannot be read as a map: %s", fault.text);
		return LU_OK;
	}
	const struct lu_class *classes = lu_map_entries(map, &count);
	const struct lu_frame *frame = lu_map_frame(map);
	LU_TRY(lu_alloc(&known, MAP_VALUES, sizeof(*known), "classes", err));
	LU_TRY(lu_alloc(&row, (size_t)frame->width, sizeof(*row), "a row of a map", err));
	known[0] = true;
	for (size_t i = 0; i < count; i++) {
		const struct lu_class *class = &classes[i];
		known[class->value] = true;
		if (!lu_map_colour(map, class->value, rgb) || rgb[0] != class->red || rgb[1] != class->green ||
		    rgb[2] != class->blue)
			tell(check, check->problems, path, "palette", "class %d has not its own colour in the palette",
			     class->value);
	}
	for (int64_t at = 0; at < frame->height; at++) {
		if (lu_map_read_rows(map, at, 1, row, &fault) != LU_OK) {
			tell(check, check->problems, path, "form", "cannot be read: %s", fault.text);
			break;
		}
		for (int64_t i = 0; i < frame->width; i++) {
			if (!known[row[i]])
				tell(check, check->problems, path, "palette",
				     "has cells of %d, which is no class of it", row[i]);
			known[row[i]] = true; /* told once */
		}
	}
out:
	lu_map_close(map);
	lu_free(row);
	lu_free(known);
	return status;
}

static bool begins(const char *text, const char *front)
{
	return strncmp(text, front, strlen(front)) == 0;
}

static enum lu_status look_at_raster(struct check *check, const char *path, struct lu_error *err)
{
	struct lu_error fault = {0};
	const enum lu_status status = lu_check_cog(path, &fault);

	if (status == LU_ERROR_FORMAT) {
		const size_t length = strlen(path);
		const bool named = begins(fault.text, path) && begins(fault.text + length, ": ");
		tell(check, check->problems, path, "form", "%s", fault.text + (named ? length + 2 : 0));
	} else if (status != LU_OK) {
		tell(check, check->problems, path, "form", "%s", fault.text);
	}
	return begins(lu_path_name(path), "landuse") ? look_at_classes(check, path, err) : LU_OK;
}

static enum lu_status look_at_output(struct check *check, const struct lu_manifest_file *file, struct lu_error *err)
{
	const char *folder = check->options->folder;
	char *path = file->path != NULL ? lu_path_join(folder, file->path) : lu_strdup(folder);
	enum lu_status status = LU_OK;

	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	const size_t length = strlen(path);
	const enum lu_file_condition condition = lu_manifest_look(folder, file);
	if (condition == LU_FILE_GONE)
		tell(check, check->problems, path, "output", "is not there any more");
	if (condition == LU_FILE_CHANGED)
		tell(check, check->problems, path, "output", "is not as it was written");
	if (condition == LU_FILE_EDITED)
		tell(check, check->notes, path, "edited", "was edited since it was written, and is sound");
	if (condition != LU_FILE_GONE && length > 4 && strcmp(path + length - 4, ".tif") == 0)
		status = look_at_raster(check, path, err);
	lu_free(path);
	return status;
}

static enum lu_status look_at_outputs(struct check *check, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	check->outputs = lu_manifest_count(check->manifest, "outputs");
	if (check->outputs == 0)
		tell(check, check->problems, check->options->folder, "output", "its manifest lists no outputs");
	for (size_t i = 0; i < check->outputs && status == LU_OK; i++) {
		const struct lu_manifest_file file = lu_manifest_file(check->manifest, "outputs", i);
		lu_progress(check->options->hooks, "outputs", i, check->outputs);
		status = lu_cancelled(check->options->hooks) ? lu_fail(err, LU_ERROR_CANCELLED, "stopped")
							     : look_at_output(check, &file, err);
	}
	return status;
}

/* What was read, named as the run named it, from the folder that it was started in. */
static enum lu_status look_at_inputs(struct check *check, struct lu_error *err)
{
	const char *started = lu_manifest_text(check->manifest, "working_folder");
	const size_t count = lu_manifest_count(check->manifest, "inputs"), remote = lu_manifest_remote(check->manifest);
	struct lu_file_sum *sums = NULL;
	const char **paths = NULL;
	enum lu_status status;

	check->inputs = count;
	LU_TRY(lu_alloc(&sums, count, sizeof(*sums), "sums of files", err));
	LU_TRY(lu_alloc(&paths, count, sizeof(*paths), "paths", err));
	for (size_t i = 0; i < count; i++) {
		const char *path = lu_manifest_file(check->manifest, "inputs", i).path;
		paths[i] = lu_path_join(started != NULL ? started : ".", path != NULL ? path : "?");
		LU_TRY(paths[i] != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	}
	LU_TRY(lu_file_sums(paths, count, lu_team_size(check->options->threads), check->options->hooks, sums, err));
	for (size_t i = 0; i < count; i++) {
		const struct lu_manifest_file file = lu_manifest_file(check->manifest, "inputs", i);
		if (file.sha256 == NULL)
			tell(check, check->problems, paths[i], "input",
			     "was changed while the job ran: nobody knows what was read");
		else if (!lu_file_exists(paths[i]))
			tell(check, check->problems, paths[i], "input", "is not there any more");
		else if (strcmp(sums[i].hex, file.sha256) != 0)
			tell(check, check->problems, paths[i], "input", "is not as it was when it was read");
	}
	if (remote > 0)
		tell(check, check->notes, check->options->folder, "remote",
		     "%zu inputs in the network were not looked at", remote);
out:
	for (size_t i = 0; paths != NULL && i < count; i++)
		lu_free((char *)(uintptr_t)paths[i]);
	lu_free(paths);
	lu_free(sums);
	return status;
}

static void print_list(FILE *to, const json_t *list, const char *before)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		fprintf(to, "%s%s: %s\n", before, json_string_value(json_object_get(item, "file")),
			json_string_value(json_object_get(item, "text")));
	}
}

static enum lu_status report(const struct check *check, const char *version, char **text, struct lu_error *err)
{
	const size_t problems = json_array_size(check->problems);
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, "the report", err));
	if (check->options->json) {
		json_t *object =
			json_pack("{s:s, s:s, s:b, s:I, s:I, s:O, s:O}", "folder", check->options->folder, "version",
				  version, "whole", problems == 0, "outputs", (json_int_t)check->outputs, "inputs",
				  (json_int_t)check->inputs, "problems", check->problems, "notes", check->notes);
		char *dump = object != NULL ? json_dumps(object, JSON_INDENT(2)) : NULL;
		if (dump == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the report");
		else
			fprintf(stream.to, "%s\n", dump);
		free(dump);
		json_decref(object);
	} else {
		print_list(stream.to, check->problems, "");
		print_list(stream.to, check->notes, "note: ");
		if (problems == 0)
			fprintf(stream.to, "%s: whole: %zu outputs and %zu inputs as they were, by landuse %s\n",
				check->options->folder, check->outputs, check->inputs, version);
	}
	const enum lu_status written = lu_text_finish(&stream, text, status == LU_OK ? err : NULL);
	status = status == LU_OK ? written : status;
out:
	return status;
}

enum lu_status lu_verify(const struct lu_verify_options *options, char **text, struct lu_error *err)
{
	struct check check = {.options = options, .problems = json_array(), .notes = json_array()};
	const char *version;
	enum lu_status status;

	*text = NULL;
	if (!lu_folder_exists(options->folder))
		LU_TRY(lu_fail(err, LU_ERROR_ARGUMENT, "%s: no such folder, the output folder of a run is expected",
			       options->folder));
	LU_TRY(lu_manifest_read(options->folder, LU_MANIFEST_NAME, &check.manifest, err));
	if (check.manifest == NULL)
		LU_TRY(lu_fail(err, LU_ERROR_FORMAT,
			       "%s: has no " LU_MANIFEST_NAME ", so it is not the whole output of a run (run the job)",
			       options->folder));
	version = lu_manifest_text(check.manifest, "version");
	version = version != NULL ? version : "?";
	if (strcmp(version, lu_version()) != 0)
		tell(&check, check.problems, options->folder, "version",
		     "was made by landuse %s, this is %s (run the job again)", version, lu_version());
	LU_TRY(look_at_outputs(&check, err));
	if (!options->outputs_only)
		LU_TRY(look_at_inputs(&check, err));
	LU_TRY(check.lost ? lu_fail(err, LU_ERROR_MEMORY, "out of memory: the report") : LU_OK);
	LU_TRY(report(&check, version, text, err));
	const size_t problems = json_array_size(check.problems);
	if (problems > 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: %zu problem%s", options->folder, problems,
				 problems == 1 ? "" : "s");
out:
	lu_manifest_free(check.manifest);
	json_decref(check.problems);
	json_decref(check.notes);
	return status;
}
