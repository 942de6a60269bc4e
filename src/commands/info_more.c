/* info_more.c: an object of facts about a job, a scheme, an output folder or a vector file, and the object as lines. */
#include "commands/info_more.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "base/yaml.h"
#include "job/job_file.h"
#include "runs/manifest_read.h"
#include "models/scheme.h"
#include "raster/describe_vector.h"

static bool is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

static bool has_manifest(const char *folder)
{
	char *path = lu_path_join(folder, LU_MANIFEST_NAME);
	const bool there = path != NULL && lu_file_exists(path);

	lu_free(path);
	return there;
}

bool lu_info_knows(const char *path)
{
	return is_yaml(path) || lu_path_is_vector(path) || has_manifest(path);
}

/* --- a job, a scheme --- */

static json_t *text_or(const char *text, const char *otherwise)
{
	return json_string(text != NULL ? text : otherwise);
}

static json_t *describe_job(const struct lu_job *job)
{
	json_t *object = json_object(), *dates = json_array();
	char *outline = NULL;

	for (size_t i = 0; i < job->date_count; i++) {
		json_t *imagery = json_array();
		for (size_t k = 0; k < job->dates[i].imagery_count; k++)
			json_array_append_new(imagery, json_string(job->dates[i].imagery[k]));
		if (job->dates[i].stac.source != NULL)
			json_array_append_new(imagery, json_string(job->dates[i].stac.source));
		json_array_append_new(dates, json_pack("{s:s, s:o}", "date", job->dates[i].label, "imagery", imagery));
	}
	if (job->boundary != NULL)
		outline = lu_sprintf("%s%s%s", job->boundary, job->where != NULL ? ", " : "",
				     job->where != NULL ? job->where : "");
	json_object_set_new(object, "file", json_string(job->path));
	json_object_set_new(object, "kind", json_string("job"));
	json_object_set_new(object, "county", text_or(outline, "all that the first date's imagery covers"));
	json_object_set_new(object, "model", json_string(job->model));
	json_object_set_new(object, "scheme", text_or(job->scheme, "the model's own"));
	json_object_set_new(object, "dates", dates);
	json_object_set_new(object, "output", json_string(job->output));
	json_object_set_new(object, "has_run", json_boolean(has_manifest(job->output)));
	lu_free(outline);
	return object;
}

static json_t *describe_scheme(const struct lu_scheme *scheme)
{
	json_t *classes = json_array();

	for (size_t i = 0; i < scheme->class_count; i++)
		json_array_append_new(classes, json_pack("{s:i, s:s}", "value", scheme->classes[i].value, "class",
							 scheme->classes[i].name));
	return json_pack("{s:s, s:s, s:s, s:s*, s:i, s:o}", "file", scheme->path, "kind", "scheme", "name",
			 scheme->name, "title", scheme->title, "version", scheme->version, "classes", classes);
}

/* A scheme says which classes there are; what else is YAML should be a job, and is told what a job lacks. */
static enum lu_status describe_yaml(const char *path, json_t **out, struct lu_error *err)
{
	struct lu_yaml *yaml = NULL;
	struct lu_job *job = NULL;
	struct lu_scheme *scheme = NULL;
	enum lu_status status;

	LU_TRY(lu_yaml_load(path, &yaml, err));
	if (lu_yaml_find(lu_yaml_root(yaml), "classes").node != 0) {
		LU_TRY(lu_scheme_read(path, &scheme, err));
		*out = describe_scheme(scheme);
	} else {
		LU_TRY(lu_job_read(path, &job, err));
		*out = describe_job(job);
	}
out:
	lu_scheme_free(scheme);
	lu_job_free(job);
	lu_yaml_free(yaml);
	return status;
}

/* --- an output folder --- */

static void copy_member(json_t *to, const char *name, const json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);

	if (value != NULL)
		json_object_set(to, name, value);
}

/* Of statistics.json the areas and what changed; a folder without it has none to tell. */
static void add_figures(json_t *object, const char *folder)
{
	char *path = lu_path_join(folder, "statistics.json");
	json_t *statistics = path != NULL ? json_load_file(path, 0, NULL) : NULL, *dates = json_array(),
	       *pairs = json_array(), *item, *class;
	size_t i, k;

	copy_member(object, "county", json_object_get(statistics, "county"), "name");
	copy_member(object, "area_ha", json_object_get(statistics, "county"), "area_ha");
	copy_member(object, "crs", json_object_get(statistics, "grid"), "crs");
	json_array_foreach(json_object_get(statistics, "dates"), i, item)
	{
		json_t *date = json_object();
		copy_member(date, "date", item, "label");
		json_array_foreach(json_object_get(item, "classes"), k, class)
			copy_member(date, json_string_value(json_object_get(class, "name")), class, "area_ha");
		copy_member(date, "Not mapped", item, "not_mapped_ha");
		json_array_append_new(dates, date);
	}
	json_array_foreach(json_object_get(statistics, "pairs"), i, item)
	{
		json_t *pair = json_object();
		copy_member(pair, "earlier", item, "earlier");
		copy_member(pair, "later", item, "later");
		copy_member(pair, "significant_ha", json_object_get(item, "significance"), "flagged_ha");
		json_array_append_new(pairs, pair);
	}
	json_object_set_new(object, "hectares", dates);
	json_object_set_new(object, "changes", pairs);
	json_decref(statistics);
	lu_free(path);
}

static bool is_output(const struct lu_manifest *manifest, const char *name)
{
	for (size_t i = 0; i < lu_manifest_count(manifest, "outputs"); i++) {
		const char *path = lu_manifest_file(manifest, "outputs", i).path;
		if (path != NULL && strcmp(path, name) == 0)
			return true;
	}
	return false;
}

static enum lu_status describe_output(const char *folder, json_t **out, struct lu_error *err)
{
	static const char *const first[] = {"report.html", "county.qgz"};
	static const char *const keys[] = {"started", "seconds", "version", "precision", "engine"};
	struct lu_manifest *manifest = NULL;
	int64_t bytes = 0;
	json_t *object, *open = json_array();
	enum lu_status status = lu_manifest_read(folder, LU_MANIFEST_NAME, &manifest, err);

	if (status != LU_OK) {
		json_decref(open);
		return status;
	}
	object = json_pack("{s:s, s:s}", "folder", folder, "kind", "outputs of a run");
	add_figures(object, folder);
	if (lu_manifest_job(manifest) != NULL)
		json_object_set_new(object, "job", json_string(lu_manifest_job(manifest)));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *value = lu_manifest_member(manifest, keys[i]);
		if (value != NULL)
			json_object_set(object, keys[i], (json_t *)(uintptr_t)value);
	}
	for (size_t i = 0; i < lu_manifest_count(manifest, "outputs"); i++)
		bytes += lu_manifest_file(manifest, "outputs", i).bytes;
	json_object_set_new(object, "files", json_integer((json_int_t)lu_manifest_count(manifest, "outputs")));
	json_object_set_new(object, "bytes", json_integer(bytes));
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (is_output(manifest, first[i]))
			json_array_append_new(open, json_string(first[i]));
	json_object_set_new(object, "open_first", open);
	lu_manifest_free(manifest);
	*out = object;
	return LU_OK;
}

/* --- the object as lines --- */

enum { KEY = 14 };

static void print_value(FILE *to, const json_t *value)
{
	const char *text = json_string_value(value);

	if (text != NULL)
		fputs(text, to);
	else if (json_is_integer(value))
		fprintf(to, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		fprintf(to, "%.10g", json_real_value(value));
	else
		fputs(json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "not known", to);
}

static void print_list(FILE *to, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		fputs(i > 0 ? ", " : "", to);
		print_value(to, json_array_get(list, i));
	}
}

/* "2009: Forest 12.3, Water 4": the first member heads the others. */
static void print_row(FILE *to, json_t *row)
{
	const char *key;
	json_t *value;
	bool first = true;

	json_object_foreach(row, key, value)
	{
		if (!first)
			fprintf(to, "%s%s ", "; ", key);
		if (json_is_array(value))
			print_list(to, value);
		else
			print_value(to, value);
		first = false;
	}
	fputc('\n', to);
}

static void print_object(FILE *to, json_t *object)
{
	const char *key, *head = json_string_value(json_object_get(object, "file"));
	json_t *value;

	head = head != NULL ? head : json_string_value(json_object_get(object, "folder"));
	fprintf(to, "%s: %s\n", head, json_string_value(json_object_get(object, "kind")));
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "file") == 0 || strcmp(key, "folder") == 0 || strcmp(key, "kind") == 0)
			continue;
		if (json_is_array(value) && json_is_object(json_array_get(value, 0))) {
			for (size_t i = 0; i < json_array_size(value); i++) {
				fprintf(to, "  %-*s", KEY, i == 0 ? key : "");
				print_row(to, json_array_get(value, i));
			}
			continue;
		}
		fprintf(to, "  %-*s", KEY, key);
		if (json_is_array(value))
			print_list(to, value);
		else
			print_value(to, value);
		fputc('\n', to);
	}
}

enum lu_status lu_info_tell(const char *path, bool json, char **text, struct lu_error *err)
{
	json_t *object = NULL;
	struct lu_text_stream stream;
	enum lu_status status;

	*text = NULL;
	if (is_yaml(path))
		LU_TRY(describe_yaml(path, &object, err));
	else if (lu_path_is_vector(path))
		LU_TRY(lu_vector_describe(path, &object, err));
	else
		LU_TRY(describe_output(path, &object, err));
	LU_TRY(object != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path));
	LU_TRY(lu_text_begin(&stream, path, err));
	if (json) {
		json_dumpf(object, stream.to, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
		fputc('\n', stream.to);
	} else {
		print_object(stream.to, object);
	}
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	json_decref(object);
	return status;
}
