/* manifest.c: manifest.json by jansson. */
#include "job/manifest.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "change/package_errors.h"
#include "job/job_keys.h"
#include "maps/normalise.h"
#include "maps/zones.h"
#include "raster/sound.h"

#define MANIFEST "manifest.json"

enum { LARGEST_MANIFEST = 64 << 20 };

enum lu_status lu_manifest_fingerprint(const struct lu_county *county, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	size_t colours[3];
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	lu_job_keys_hash(county->job, LU_MAKES_OUTPUTS, hash);
	for (size_t i = 0; i < county->job->date_count; i++)
		lu_sha256_add(hash, county->fingerprints[i], LU_SHA256_HEX);
	/* Of the model what the scores do not depend on: the name in the maps' metadata, the bands that pictures show. */
	lu_model_colours(county->model, colours);
	lu_sha256_add(hash, county->model->name, strlen(county->model->name) + 1);
	lu_sha256_add(hash, colours, sizeof(colours));
	if (lu_package_errors_used(&county->job->change, county->job->date_count, county->model)) {
		const size_t classes = county->model->class_count;
		lu_sha256_add(hash, county->model->confusion, classes * classes * sizeof(*county->model->confusion));
	}
	if (county->job->date_count > 1 && county->model->score_scale > 0)
		lu_sha256_add(hash, &county->model->score_scale, sizeof(county->model->score_scale));
	if (county->zones != NULL)
		lu_zones_hash(county->zones, hash);
	lu_sha256_add(hash, county->name, strlen(county->name));
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return LU_OK;
}

static int64_t file_size(const char *folder, const char *name)
{
	struct stat facts;
	char *path = lu_path_join(folder, name);
	const int64_t size = path != NULL && stat(path, &facts) == 0 ? (int64_t)facts.st_size : -1;

	lu_free(path);
	return size;
}

static bool ends_with(const char *name, const char *end)
{
	const size_t length = strlen(name), tail = strlen(end);

	return length > tail && strcmp(name + length - tail, end) == 0;
}

/* Who may be written into by people or QGIS is still of its kind. */
static bool is_sound_edit(const char *name, const char *path)
{
	if (ends_with(name, ".gpkg"))
		return lu_layer_sound(path);
	return (ends_with(name, ".qml") || ends_with(name, ".aux.xml")) && lu_beside_sound(path);
}

/* What is wrong with an output, in words, or NULL. */
static const char *fault_of(const char *folder, const char *name, int64_t bytes, const char *sha256)
{
	char *path = lu_path_join(folder, name), hex[LU_SHA256_HEX];
	const int64_t size = file_size(folder, name);
	const char *fault = NULL;

	if (path == NULL || size < 0)
		fault = "is not there any more";
	else if (size != bytes || lu_sha256_file(path, hex, NULL) != LU_OK || strcmp(hex, sha256) != 0)
		fault = is_sound_edit(name, path) ? NULL : "is not as it was written";
	lu_free(path);
	return fault;
}

/* FOLDER/manifest.json; NULL when there is none that can be read. */
static json_t *read_manifest(const char *folder)
{
	char *path = lu_path_join(folder, MANIFEST), *bytes = NULL;
	json_t *manifest = NULL;
	size_t size;

	if (path != NULL && lu_file_exists(path) && lu_file_read(path, LARGEST_MANIFEST, &bytes, &size, NULL) == LU_OK)
		manifest = json_loadb(bytes, size, 0, NULL);
	lu_free(bytes);
	lu_free(path);
	return manifest;
}

bool lu_manifest_current(const char *folder, const char *fingerprint, char why[LU_MANIFEST_WHY])
{
	json_t *manifest = read_manifest(folder);
	const char *found = json_string_value(json_object_get(manifest, "fingerprint"));
	const json_t *outputs = json_object_get(manifest, "outputs");
	bool current = found != NULL && strcmp(found, fingerprint) == 0 && json_array_size(outputs) > 0;

	why[0] = '\0';
	for (size_t i = 0; current && i < json_array_size(outputs); i++) {
		const json_t *output = json_array_get(outputs, i);
		const char *name = json_string_value(json_object_get(output, "path"));
		const char *sha256 = json_string_value(json_object_get(output, "sha256"));
		const char *fault =
			name == NULL || sha256 == NULL
				? "does not list its outputs"
				: fault_of(folder, name, json_integer_value(json_object_get(output, "bytes")), sha256);
		current = fault == NULL;
		if (!current)
			snprintf(why, LU_MANIFEST_WHY, "%s/%s %s", folder, name != NULL ? name : MANIFEST, fault);
	}
	json_decref(manifest);
	return current;
}

enum lu_status lu_manifest_guard(const char *folder, const struct lu_output_names *names, struct lu_error *err)
{
	json_t *manifest = read_manifest(folder);
	const json_t *outputs = json_object_get(manifest, "outputs");
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < json_array_size(outputs) && status == LU_OK; i++) {
		const char *name = json_string_value(json_object_get(json_array_get(outputs, i), "path"));
		if (name != NULL && file_size(folder, name) >= 0 && lu_output_names_hold(names, name))
			status = lu_fail(
				err, LU_ERROR_ARGUMENT,
				"%s: holds the outputs of a run (manifest.json), and %s of them would be written over "
				"(output: another folder)",
				folder, name);
	}
	json_decref(manifest);
	return status;
}

/* What was done to the pixels of a date: enough to do it again. */
static json_t *describe_normalisation(const struct lu_normalisation_statistics *n)
{
	json_t *bands = json_array();

	for (size_t b = 0; b < n->band_count; b++) {
		const struct lu_normalised_band *band = &n->bands[b];
		json_t *table = json_array();
		for (int v = 0; v < 256; v++)
			json_array_append_new(table, json_integer(band->table[v]));
		json_array_append_new(bands, json_pack("{s:f, s:f, s:o}", "gain", band->gain, "offset", band->offset,
						       "table", table));
	}
	return json_pack("{s:s, s:s*, s:s, s:I, s:I, s:o}", "to", n->to, "via", n->via, "method", n->method, "blocks",
			 (json_int_t)n->blocks, "invariant_blocks", (json_int_t)n->invariant, "bands", bands);
}

/* NULL: no memory, or a name that JSON cannot hold. */
static json_t *list_dates(const struct lu_county *county)
{
	json_t *dates = json_array();
	bool whole = dates != NULL;

	for (size_t i = 0; i < county->job->date_count; i++) {
		const struct lu_imagery *imagery = county->imagery[i];
		const struct lu_normalisation_statistics *normalised = lu_normaliser_statistics(county->normaliser, i);
		json_t *files = json_array();
		for (size_t k = 0; k < lu_imagery_count(imagery); k++)
			whole &= json_array_append_new(files, json_string(lu_imagery_path(imagery, k))) == 0;
		json_t *date = json_pack("{s:s, s:s, s:f, s:o}", "date", county->job->dates[i].label, "fingerprint",
					 county->fingerprints[i], "gsd_m", lu_imagery_gsd_m(imagery), "imagery", files);
		if (normalised != NULL)
			whole &= json_object_set_new(date, "normalised", describe_normalisation(normalised)) == 0;
		whole &= json_array_append_new(dates, date) == 0;
	}
	if (whole)
		return dates;
	json_decref(dates);
	return NULL;
}

static enum lu_status list_output(const char *folder, const char *name, json_t *list, struct lu_error *err)
{
	char hex[LU_SHA256_HEX];
	char *path = lu_path_join(folder, name);
	const enum lu_status status =
		path != NULL ? lu_sha256_file(path, hex, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	lu_free(path);
	if (status == LU_OK &&
	    json_array_append_new(list, json_pack("{s:s, s:I, s:s}", "path", name, "bytes",
						  (json_int_t)file_size(folder, name), "sha256", hex)) != 0)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest");
	return status;
}

/* A map's table of classes and its style are outputs, too, where it has them. */
static enum lu_status list_beside(const char *folder, const char *map, json_t *list, struct lu_error *err)
{
	char *beside[] = {lu_sprintf("%s.aux.xml", map),
			  lu_sprintf("%.*s.qml", (int)(strlen(map) - strlen(".tif")), map)};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < 2; i++) {
		if (status == LU_OK && beside[i] == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		if (status == LU_OK && file_size(folder, beside[i]) >= 0)
			status = list_output(folder, beside[i], list, err);
		lu_free(beside[i]);
	}
	return status;
}

static enum lu_status list_outputs(const char *folder, const struct lu_outputs *outputs, json_t **out,
				   struct lu_error *err)
{
	json_t *list = json_array();
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < outputs->count; i++) {
		LU_TRY(list_output(folder, outputs->paths[i], list, err));
		if (ends_with(outputs->paths[i], ".tif"))
			LU_TRY(list_beside(folder, outputs->paths[i], list, err));
	}
out:
	*out = list;
	return status;
}

enum lu_status lu_manifest_withdraw(const char *folder, struct lu_error *err)
{
	char *path = lu_path_join(folder, MANIFEST);
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (unlink(path) == 0)
		LU_TRY(lu_folder_sync(folder, err));
	else if (errno != ENOENT)
		status = lu_fail_errno(err, path, "remove");
out:
	lu_free(path);
	return status;
}

enum lu_status lu_manifest_write(const char *folder, const struct lu_county *county, const char *fingerprint,
				 const struct lu_outputs *outputs, struct lu_error *err)
{
	struct lu_plan_facts facts;
	json_t *files = NULL, *manifest = NULL;
	char *text = NULL, *path = lu_path_join(folder, MANIFEST);
	enum lu_status status;

	lu_plan_facts(county->plan, &facts);
	LU_TRY(list_outputs(folder, outputs, &files, err));
	const enum lu_error_source errors =
		lu_package_errors_used(&county->job->change, county->job->date_count, county->model) ? LU_ERRORS_PACKAGE
												     : LU_ERRORS_NONE;
	manifest =
		json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:i, s:s}, s:s, s:s, s:i, s:s, s:o, s:O}", "software",
			  "landuse", "version", lu_version(), "fingerprint", fingerprint, "model", "name",
			  county->model->name, "sha256", county->model->sha256, "scheme", "name", county->scheme->name,
			  "version", county->scheme->version, "sha256", county->scheme->sha256, "engine", facts.engine,
			  "precision", lu_precision_name(facts.precision), "threads", county->threads, "error_model",
			  lu_error_source_names[errors], "dates", list_dates(county), "outputs", files);
	text = manifest != NULL ? json_dumps(manifest, JSON_INDENT(2)) : NULL;
	LU_TRY(text != NULL && path != NULL ? lu_file_write(path, text, strlen(text), err)
					    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest"));
out:
	free(text);
	json_decref(manifest);
	json_decref(files);
	lu_free(path);
	return status;
}
