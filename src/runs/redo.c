/* redo.c: fingerprints by SHA-256, and the outputs of a former manifest by their paths. */
#include "runs/redo.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/beside.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "change/package_errors.h"
#include "job/job_keys.h"

struct lu_redo {
	const struct lu_county *county;
	const char *folder;
	bool keep;
	json_t *former; /* path: number in the former manifest's outputs */
	const struct lu_manifest *manifest; /* NULL: there is none */
	char (*maps)[LU_SHA256_HEX]; /* one a date */
	char all[LU_SHA256_HEX];
	json_t *made_of, *sums; /* path: hex digits */
	struct lu_keeper keeper;
};

static void add_text(struct lu_sha256 *hash, const char *text)
{
	lu_sha256_add(hash, text, strlen(text) + 1);
}

/* What the scores of a date and the keys make of its map, with what its metadata say. */
static enum lu_status print_map(const struct lu_county *county, size_t date, char hex[LU_SHA256_HEX],
				struct lu_error *err)
{
	const struct lu_normalise_keys *normalise = &county->job->normalise;
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	add_text(hash, lu_version());
	add_text(hash, county->fingerprints[date]);
	add_text(hash, county->model->name);
	add_text(hash, county->scheme->sha256);
	if (normalise->method != LU_RADIOMETRY_NONE)
		add_text(hash, county->labels[normalise->to]);
	lu_job_keys_hash(county->job, LU_MAKES_MAPS, hash);
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return LU_OK;
}

/* What is judged by all dates. */
static enum lu_status print_all(struct lu_redo *redo, struct lu_error *err)
{
	const struct lu_county *county = redo->county;
	const struct lu_model *model = county->model;
	const size_t dates = county->job->date_count;
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < dates; i++) {
		add_text(hash, county->labels[i]);
		add_text(hash, redo->maps[i]);
	}
	lu_job_keys_hash(county->job, LU_MAKES_MAPS | LU_MAKES_CHANGE, hash);
	if (lu_package_errors_used(&county->job->change, dates, model))
		lu_sha256_add(hash, model->confusion,
			      model->class_count * model->class_count * sizeof(*model->confusion));
	lu_sha256_add(hash, &model->score_scale, sizeof(model->score_scale));
	lu_sha256_hex(hash, redo->all);
	lu_sha256_free(hash);
	return LU_OK;
}

/* The number of the date that 'length' bytes of 'text' name, or 'count'. */
static size_t date_of(const struct lu_county *county, const char *text, size_t length)
{
	const size_t count = county->job->date_count;

	for (size_t i = 0; i < count; i++)
		if (strlen(county->labels[i]) == length && memcmp(county->labels[i], text, length) == 0)
			return i;
	return count;
}

/* "2006/landuse.tif" is of one map, "2001_2006/change.tif" of two; "" where the path says neither. */
static void print_maps(const struct lu_redo *redo, const char *path, char hex[LU_SHA256_HEX])
{
	const struct lu_county *county = redo->county;
	const size_t length = strcspn(path, "/"), count = county->job->date_count;
	const size_t date = date_of(county, path, length);
	struct lu_sha256 *hash = NULL;

	hex[0] = '\0';
	if (date < count)
		memcpy(hex, redo->maps[date], LU_SHA256_HEX);
	for (const char *joint = memchr(path, '_', length); joint != NULL && date == count;
	     joint = memchr(joint + 1, '_', (size_t)(path + length - joint - 1))) {
		const size_t earlier = date_of(county, path, (size_t)(joint - path));
		const size_t later = date_of(county, joint + 1, (size_t)(path + length - joint - 1));
		if (earlier == count || later == count || lu_sha256_new(&hash, NULL) != LU_OK)
			continue;
		add_text(hash, redo->maps[earlier]);
		add_text(hash, redo->maps[later]);
		lu_sha256_hex(hash, hex);
		lu_sha256_free(hash);
		break;
	}
}

static void print_of(const struct lu_redo *redo, const char *path, char hex[LU_SHA256_HEX])
{
	hex[0] = '\0';
	switch (lu_output_made_of(path)) {
	case LU_MADE_OF_MAPS:
		print_maps(redo, path, hex);
		break;
	case LU_MADE_OF_ALL:
		memcpy(hex, redo->all, LU_SHA256_HEX);
		break;
	case LU_MADE_ALWAYS:
		break;
	}
}

/* The former manifest's word on a path; its own path is NULL where it has none. */
static struct lu_manifest_file former_file(const struct lu_redo *redo, const char *path)
{
	const json_t *number = json_object_get(redo->former, path);

	return number != NULL ? lu_manifest_file(redo->manifest, "outputs", (size_t)json_integer_value(number))
			      : (struct lu_manifest_file){0};
}

/* The tables and the style beside a raster, as far as the former run listed them, are as they were. */
static bool beside_as_written(const struct lu_redo *redo, const char *path)
{
	bool same = true;

	for (enum lu_beside i = 0; i < LU_BESIDES && same && lu_ends_with(path, ".tif"); i++) {
		char *beside = lu_beside(path, i);
		const struct lu_manifest_file file =
			beside != NULL ? former_file(redo, beside) : (struct lu_manifest_file){0};
		same = beside != NULL &&
		       (file.path == NULL || lu_manifest_look(redo->folder, &file) == LU_FILE_AS_WRITTEN);
		lu_free(beside);
	}
	return same;
}

static enum lu_redo_state look(const struct lu_redo *redo, const char *path, const char *made_of)
{
	const struct lu_manifest_file file = former_file(redo, path);

	if (made_of[0] == '\0' || file.path == NULL || file.made_of == NULL)
		return LU_REDO_NEW;
	if (strcmp(file.made_of, made_of) != 0)
		return LU_REDO_OTHER;
	switch (lu_manifest_look(redo->folder, &file)) {
	case LU_FILE_AS_WRITTEN:
		return beside_as_written(redo, path) ? LU_REDO_KEPT : LU_REDO_CHANGED;
	case LU_FILE_GONE:
		return LU_REDO_GONE;
	default:
		return LU_REDO_CHANGED;
	}
}

enum lu_redo_state lu_redo_look(struct lu_redo *redo, const char *path)
{
	char hex[LU_SHA256_HEX];

	print_of(redo, path, hex);
	return look(redo, path, hex);
}

/* What cannot be noted for want of memory is made again, now or by the next run. */
static bool keep(void *user, const char *path, const char *made_of)
{
	struct lu_redo *redo = user;
	char hex[LU_SHA256_HEX];

	if (made_of == NULL) {
		print_of(redo, path, hex);
		made_of = hex;
	}
	if (made_of[0] == '\0' || json_object_set_new(redo->made_of, path, json_string(made_of)) != 0)
		return false;
	return redo->keep && look(redo, path, made_of) == LU_REDO_KEPT &&
	       json_object_set_new(redo->sums, path, json_string(former_file(redo, path).sha256)) == 0;
}

enum lu_status lu_redo_new(const struct lu_county *county, const struct lu_manifest *former, bool keeps,
			   struct lu_redo **out, struct lu_error *err)
{
	struct lu_redo *redo = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&redo, 1, sizeof(*redo), "what is kept", err));
	*redo = (struct lu_redo){.county = county,
				 .folder = county->job->output,
				 .keep = keeps,
				 .former = json_object(),
				 .manifest = former,
				 .made_of = json_object(),
				 .sums = json_object(),
				 .keeper = {keep, redo}};
	LU_TRY(redo->former != NULL && redo->made_of != NULL && redo->sums != NULL
		       ? LU_OK
		       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: what is kept"));
	LU_TRY(lu_alloc(&redo->maps, county->job->date_count, sizeof(*redo->maps), "fingerprints", err));
	for (size_t i = 0; i < county->job->date_count; i++)
		LU_TRY(print_map(county, i, redo->maps[i], err));
	LU_TRY(print_all(redo, err));
	for (size_t i = 0; i < lu_manifest_count(former, "outputs"); i++) {
		const char *path = lu_manifest_file(former, "outputs", i).path;
		if (path != NULL)
			json_object_set_new(redo->former, path, json_integer((json_int_t)i));
	}
	*out = redo;
	redo = NULL; /* now the caller's */
out:
	lu_redo_free(redo);
	return status;
}

void lu_redo_free(struct lu_redo *redo)
{
	if (redo == NULL)
		return;
	json_decref(redo->former);
	json_decref(redo->made_of);
	json_decref(redo->sums);
	lu_free(redo->maps);
	lu_free(redo);
}

const struct lu_keeper *lu_redo_keeper(struct lu_redo *redo)
{
	return &redo->keeper;
}

const char *lu_redo_made_of(const struct lu_redo *redo, const char *path)
{
	return json_string_value(json_object_get(redo->made_of, path));
}

const char *lu_redo_sum(const struct lu_redo *redo, const char *path)
{
	return json_string_value(json_object_get(redo->sums, path));
}
