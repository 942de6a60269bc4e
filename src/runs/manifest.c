/* manifest.c: manifest.json by jansson. */
#include "runs/manifest.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/stac.h"
#include "change/package_errors.h"
#include "runs/changes.h"
#include "job/evidence.h"
#include "job/job_keys.h"
#include "maps/normalise.h"
#include "maps/zones.h"

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
	/* 1 is what a package without one means. */
	if (county->job->date_count > 1 && county->model->score_scale > 0 && county->model->score_scale != 1)
		lu_sha256_add(hash, &county->model->score_scale, sizeof(county->model->score_scale));
	if (county->model->reach.count > 0)
		lu_sha256_add(hash, &county->model->reach.distance, sizeof(county->model->reach.distance));
	if (county->zones != NULL)
		lu_zones_hash(county->zones, hash);
	lu_evidence_hash(county, hash);
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

bool lu_manifest_current(const char *folder, const char *fingerprint, char why[LU_MANIFEST_WHY])
{
	static const char *const faults[] = {
		[LU_FILE_CHANGED] = "is not as it was written", [LU_FILE_GONE] = "is not there any more"};
	struct lu_manifest *manifest = NULL;
	bool current = lu_manifest_read(folder, LU_MANIFEST_NAME, &manifest, NULL) == LU_OK;
	const char *found = lu_manifest_text(manifest, "fingerprint");
	const size_t count = lu_manifest_count(manifest, "outputs");

	why[0] = '\0';
	current = current && found != NULL && strcmp(found, fingerprint) == 0 && count > 0;
	for (size_t i = 0; current && i < count; i++) {
		const struct lu_manifest_file file = lu_manifest_file(manifest, "outputs", i);
		const bool named = file.path != NULL && file.sha256 != NULL;
		const char *fault = named ? faults[lu_manifest_look(folder, &file)] : "does not list its outputs";
		current = fault == NULL;
		if (!current)
			snprintf(why, LU_MANIFEST_WHY, "%s/%s %s", folder, named ? file.path : LU_MANIFEST_NAME, fault);
	}
	lu_manifest_free(manifest);
	return current;
}

enum lu_status lu_manifest_guard(const char *folder, const struct lu_output_names *names, struct lu_error *err)
{
	struct lu_manifest *manifest = NULL;
	enum lu_status status = LU_OK;

	lu_manifest_read(folder, LU_MANIFEST_NAME, &manifest, NULL); /* one that is damaged vouches for nothing */
	for (size_t i = 0; i < lu_manifest_count(manifest, "outputs") && status == LU_OK; i++) {
		const char *name = lu_manifest_file(manifest, "outputs", i).path;
		if (name != NULL && file_size(folder, name) >= 0 && lu_output_names_hold(names, name))
			status = lu_fail(
				err, LU_ERROR_ARGUMENT,
				"%s: holds the outputs of a run (manifest.json), and %s of them would be written over "
				"(output: another folder)",
				folder, name);
	}
	lu_manifest_free(manifest);
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

/* What a catalogue knew of a date's imagery when it was read. NULL: no memory. */
static json_t *list_items(const struct lu_stac_items *items)
{
	json_t *list = json_array();

	for (size_t i = 0; i < items->count; i++) {
		const struct lu_stac_item *item = &items->items[i];
		json_array_append_new(list, json_pack("{s:s, s:s*, s:s, s:s, s:s, s:s}", "id", item->id, "collection",
						      item->collection, "datetime", item->datetime, "version",
						      item->version, "asset", item->asset, "href", item->href));
	}
	return list;
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
		if (county->items[i].count > 0)
			whole &= json_object_set_new(date, "items", list_items(&county->items[i])) == 0;
		if (normalised != NULL)
			whole &= json_object_set_new(date, "normalised", describe_normalisation(normalised)) == 0;
		whole &= json_array_append_new(dates, date) == 0;
	}
	if (whole)
		return dates;
	json_decref(dates);
	return NULL;
}

static enum lu_status list_output(const char *folder, const char *name, const struct lu_redo *redo, json_t *list,
				  struct lu_error *err)
{
	char hex[LU_SHA256_HEX];
	char *path = lu_path_join(folder, name);
	const char *sum = redo != NULL ? lu_redo_sum(redo, name) : NULL;
	const char *made_of = redo != NULL ? lu_redo_made_of(redo, name) : NULL;
	enum lu_status status = LU_OK;

	if (path == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	else if (sum == NULL)
		status = lu_sha256_file(path, hex, err);
	lu_free(path);
	if (status == LU_OK && json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s*}", "path", name, "bytes",
								     (json_int_t)file_size(folder, name), "sha256",
								     sum != NULL ? sum : hex, "made_of", made_of)) != 0)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest");
	return status;
}

/* A map's tables of classes and its style are outputs, too, where it has them. */
static enum lu_status list_beside(const char *folder, const char *map, const struct lu_redo *redo, json_t *list,
				  struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (enum lu_beside i = 0; i < LU_BESIDES && status == LU_OK; i++) {
		char *beside = lu_beside(map, i);
		if (beside == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		else if (file_size(folder, beside) >= 0)
			status = list_output(folder, beside, redo, list, err);
		lu_free(beside);
	}
	return status;
}

static enum lu_status list_outputs(const char *folder, const struct lu_outputs *outputs, const struct lu_redo *redo,
				   json_t **out, struct lu_error *err)
{
	json_t *list = json_array();
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < outputs->count; i++) {
		LU_TRY(list_output(folder, outputs->paths[i], redo, list, err));
		const size_t length = strlen(outputs->paths[i]);
		if (length > 4 && strcmp(outputs->paths[i] + length - 4, ".tif") == 0)
			LU_TRY(list_beside(folder, outputs->paths[i], redo, list, err));
	}
out:
	*out = list;
	return status;
}

enum lu_status lu_manifest_withdraw(const char *folder, struct lu_manifest **former, struct lu_error *err)
{
	char *path = lu_path_join(folder, LU_MANIFEST_NAME), *away = lu_path_join(folder, LU_MANIFEST_FORMER);
	enum lu_status status;

	*former = NULL;
	LU_TRY(path != NULL && away != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (rename(path, away) == 0)
		LU_TRY(lu_folder_sync(folder, err));
	else if (errno != ENOENT)
		LU_TRY(lu_fail_errno(err, path, "move"));
	lu_manifest_read(folder, LU_MANIFEST_FORMER, former, NULL); /* one that is damaged knows nothing */
out:
	lu_free(path);
	lu_free(away);
	return status;
}

/* NULL: no memory. */
static json_t *describe_input(const struct lu_input *file, const char *path, const struct lu_file_sum *sum)
{
	char state[LU_INPUT_STATE];

	lu_input_state(file, state);
	return json_pack("{s:s, s:I, s:s*, s:s}", "path", path, "bytes", (json_int_t)file->bytes, "sha256",
			 sum->hex[0] != '\0' ? sum->hex : NULL, "state", state);
}

/* Inputs and their sums, each once: a driver may name a file twice. NULL: no memory. */
static json_t *list_inputs(const struct lu_inputs *inputs, const struct lu_file_sum *sums)
{
	json_t *list = json_array(), *seen = json_object();
	bool whole = list != NULL && seen != NULL;

	for (size_t i = 0; i < inputs->count && whole; i++) {
		char *path = lu_text_utf8(inputs->files[i].path);
		whole = path != NULL;
		if (whole && json_object_get(seen, path) == NULL)
			whole = json_object_set_new(seen, path, json_true()) == 0 &&
				json_array_append_new(list, describe_input(&inputs->files[i], path, &sums[i])) == 0;
		lu_free(path);
	}
	json_decref(seen);
	if (whole)
		return list;
	json_decref(list);
	return NULL;
}

/* What the run was told, by what software, and how long it took. */
static bool add_run(json_t *manifest, const struct lu_county *county, const struct lu_manifest_run *run)
{
	json_t *command = json_array(), *dates = json_object_get(manifest, "dates");
	char *text = county->job->text != NULL ? lu_text_utf8(county->job->text) : NULL;
	char folder[4096], started[32];
	struct tm clock;
	bool whole = (text != NULL || county->job->text == NULL) && gmtime_r(&run->started, &clock) != NULL;

	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &clock);
	for (size_t i = 0; i < run->command_count; i++)
		whole &= json_array_append_new(command, json_string(run->command[i])) == 0;
	for (size_t i = 0; i < json_array_size(dates); i++) {
		json_t *date = json_array_get(dates, i);
		whole &= json_object_set_new(date, "chips", json_integer((json_int_t)run->dates[i].chips)) == 0;
		whole &= json_object_set_new(date, "seconds", json_real(run->dates[i].seconds)) == 0;
	}
	whole &= json_object_set_new(manifest, "command", command) == 0;
	whole &= json_object_set_new(manifest, "working_folder",
				     json_string(getcwd(folder, sizeof(folder)) != NULL ? folder : ".")) == 0;
	whole &= json_object_set_new(manifest, "job",
				     json_pack("{s:s, s:s?}", "path", county->job->path, "text", text)) == 0;
	whole &= json_object_set_new(manifest, "libraries", json_loads(run->versions, 0, NULL)) == 0;
	whole &= json_object_set_new(manifest, "basis", lu_changes_basis(county)) == 0;
	/* Nothing of a run is drawn at random. */
	whole &= json_object_set_new(manifest, "seeds", json_array()) == 0;
	whole &= json_object_set_new(manifest, "started", json_string(started)) == 0;
	whole &= json_object_set_new(manifest, "seconds", json_real(lu_seconds_now() - run->clock)) == 0;
	lu_free(text);
	return whole;
}

enum lu_status lu_manifest_write(const char *folder, const struct lu_county *county, const struct lu_manifest_run *run,
				 const struct lu_outputs *outputs, struct lu_error *err)
{
	struct lu_plan_facts facts;
	json_t *files = NULL, *manifest = NULL;
	char *text = NULL, *path = lu_path_join(folder, LU_MANIFEST_NAME),
	     *former = lu_path_join(folder, LU_MANIFEST_FORMER);
	enum lu_status status;

	lu_plan_facts(county->plan, &facts);
	LU_TRY(list_outputs(folder, outputs, run->redo, &files, err));
	const enum lu_error_source errors =
		lu_package_errors_used(&county->job->change, county->job->date_count, county->model) ? LU_ERRORS_PACKAGE
												     : LU_ERRORS_NONE;
	manifest = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:i, s:s}, s:s, s:s, s:i, s:s, s:o, s:o, s:O}",
			     "software", "landuse", "version", lu_version(), "fingerprint", run->fingerprint, "model",
			     "name", county->model->name, "sha256", county->model->sha256, "scheme", "name",
			     county->scheme->name, "version", county->scheme->version, "sha256", county->scheme->sha256,
			     "engine", facts.engine, "precision", lu_choice_word(LU_CHOICE_PRECISION, facts.precision),
			     "threads", county->threads, "error_model", lu_error_source_names[errors], "dates",
			     list_dates(county), "inputs", list_inputs(&county->inputs, run->sums), "outputs", files);
	if (manifest != NULL && add_run(manifest, county, run))
		text = json_dumps(manifest, JSON_INDENT(2));
	LU_TRY(text != NULL && path != NULL && former != NULL
		       ? lu_file_write(path, text, strlen(text), err)
		       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest"));
	unlink(former);
out:
	free(text);
	lu_free(former);
	json_decref(manifest);
	json_decref(files);
	lu_free(path);
	return status;
}

/* The place of the output 'name' in a list, or its end. */
static size_t place_of(const json_t *list, const char *name)
{
	const json_t *file;
	size_t i;

	json_array_foreach(list, i, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));
		if (path != NULL && strcmp(path, name) == 0)
			return i;
	}
	return json_array_size(list);
}

enum lu_status lu_manifest_renew(const char *folder, const struct lu_outputs *outputs, struct lu_error *err)
{
	char *path = lu_path_join(folder, LU_MANIFEST_NAME), *bytes = NULL, *text = NULL;
	json_t *manifest = NULL, *fresh = json_array();
	size_t size;
	enum lu_status status;

	LU_TRY(path != NULL && fresh != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest"));
	LU_TRY(lu_file_read(path, SIZE_MAX / 4, &bytes, &size, err));
	manifest = json_loadb(bytes, size, 0, NULL);
	json_t *list = json_object_get(manifest, "outputs");
	if (!json_is_array(list))
		LU_TRY(lu_fail(err, LU_ERROR_FORMAT, "%s: not a manifest as landuse writes it (run the job again)",
			       path));
	for (size_t i = 0; i < outputs->count; i++) {
		LU_TRY(list_output(folder, outputs->paths[i], NULL, fresh, err));
		json_t *file = json_array_get(fresh, i);
		const size_t at = place_of(list, outputs->paths[i]);
		if ((at < json_array_size(list) ? json_array_set(list, at, file) : json_array_append(list, file)) != 0)
			LU_TRY(lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest"));
	}
	text = json_dumps(manifest, JSON_INDENT(2));
	LU_TRY(text != NULL ? lu_file_write(path, text, strlen(text), err)
			    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the manifest"));
out:
	free(text);
	lu_free(bytes);
	json_decref(fresh);
	json_decref(manifest);
	lu_free(path);
	return status;
}
