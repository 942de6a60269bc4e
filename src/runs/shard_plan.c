/* shard_plan.c: cutting rows by a search for the least capacity; plan and records by jansson. */
#include "runs/shard_plan.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "runs/changes.h"
#include "maps/store.h"

#define PLAN_NAME "plan.json"
#define RECORD_NAME "shard.json"
enum { LARGEST_RECORD = 64 << 20 };

/* Cells of each row that touch the county. */
static enum lu_status count_rows(const struct lu_county *county, int64_t **out, struct lu_error *err)
{
	const int64_t rows = county->grid.cells.height;
	enum lu_status status = lu_alloc(out, (size_t)rows, sizeof(**out), "rows", err);

	for (int64_t row = 0; row < rows && status == LU_OK; row++) {
		size_t spans;
		const struct lu_coverage_span *span = lu_coverage_row(county->ground.coverage, row, &spans);
		for (size_t i = 0; i < spans; i++)
			(*out)[row] += span[i].end - span[i].first;
	}
	return status;
}

/*
 * Fill shards one after the other up to 'capacity' cells, each with a row at least while there are rows enough for those that
 * follow; false: rows are left over.
 */
static bool fill(struct lu_shard_plan *plan, const int64_t *work, int64_t rows, int64_t capacity)
{
	int64_t row = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const int64_t last = rows - (int64_t)(plan->count - i - 1);
		plan->rows[i] = row;
		plan->cells[i] = 0;
		while (row < last && (row == plan->rows[i] || plan->cells[i] + work[row] <= capacity))
			plan->cells[i] += work[row++];
		if (plan->cells[i] > capacity)
			return false;
	}
	plan->rows[plan->count] = rows;
	return row == rows;
}

static void cut(struct lu_shard_plan *plan, const int64_t *work, int64_t rows)
{
	int64_t low = 0, high = 0;

	for (int64_t row = 0; row < rows; row++)
		high += work[row];
	while (low < high) {
		const int64_t middle = low + (high - low) / 2;
		if (fill(plan, work, rows, middle))
			high = middle;
		else
			low = middle + 1;
	}
	fill(plan, work, rows, high);
}

static enum lu_status make_fingerprint(const struct lu_county *county, struct lu_shard_plan *plan, struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	lu_sha256_add(hash, plan->rows, (plan->count + 1) * sizeof(*plan->rows));
	for (size_t i = 0; i < county->job->date_count; i++)
		if (plan->dates[i])
			lu_sha256_add(hash, county->fingerprints[i], LU_SHA256_HEX);
	lu_sha256_hex(hash, plan->fingerprint);
	lu_sha256_free(hash);
	return LU_OK;
}

/* A plan without its dates and fingerprint. */
static enum lu_status make_rows(const struct lu_county *county, size_t count, struct lu_shard_plan **out,
				struct lu_error *err)
{
	const int64_t rows = county->grid.cells.height;
	struct lu_shard_plan *plan = NULL;
	int64_t *work = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&plan, 1, sizeof(*plan), "shards", err));
	if (count < 1 || (int64_t)count > rows || count > LU_SHARDS_MOST) {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%zu shards of a county of %lld rows of cells: 1 to %lld are expected", count,
				 (long long)rows, (long long)(rows < LU_SHARDS_MOST ? rows : LU_SHARDS_MOST));
		goto out;
	}
	plan->count = count;
	LU_TRY(lu_alloc(&plan->rows, count + 1, sizeof(*plan->rows), "shards", err));
	LU_TRY(lu_alloc(&plan->cells, count, sizeof(*plan->cells), "shards", err));
	LU_TRY(lu_alloc(&plan->dates, county->job->date_count, sizeof(*plan->dates), "dates", err));
	LU_TRY(count_rows(county, &work, err));
	cut(plan, work, rows);
	*out = plan;
	plan = NULL; /* now the caller's */
out:
	lu_free(work);
	lu_shard_plan_free(plan);
	return status;
}

enum lu_status lu_shard_plan_make(const struct lu_county *county, size_t count, struct lu_shard_plan **out,
				  struct lu_error *err)
{
	enum lu_status status;

	*out = NULL;
	LU_TRY(make_rows(county, count, out, err));
	for (size_t i = 0; i < county->job->date_count; i++)
		(*out)->dates[i] = !lu_changes_kept(county, i);
	LU_TRY(make_fingerprint(county, *out, err));
out:
	return status;
}

void lu_shard_plan_free(struct lu_shard_plan *plan)
{
	if (plan == NULL)
		return;
	lu_free(plan->rows);
	lu_free(plan->cells);
	lu_free(plan->dates);
	lu_free(plan);
}

char *lu_shards_folder(const struct lu_county *county)
{
	return lu_path_join(county->job->output, LU_SHARDS_FOLDER);
}

char *lu_shard_folder(const struct lu_county *county, size_t shard)
{
	char *folder = lu_shards_folder(county);
	char *path = folder != NULL ? lu_sprintf("%s/%zu", folder, shard) : NULL;

	lu_free(folder);
	return path;
}

/* Nobody is at work in 'folder', which this tells by holding it for a moment; with 'all' what is ours there goes. */
static enum lu_status clear_shard(const char *folder, bool all, struct lu_error *err)
{
	static const char *const names[] = {RECORD_NAME, LU_LOCK_NAME};
	struct lu_lock *lock = NULL;
	enum lu_status status = lu_lock_take(folder, &lock, err);

	if (status != LU_OK || !all)
		goto out;
	lu_store_sweep(folder, NULL, 0);
	LU_TRY(lu_folder_sweep(folder, err));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = lu_path_join(folder, names[i]);
		if (path != NULL)
			unlink(path);
		lu_free(path);
	}
	rmdir(folder); /* stays when something else is in it */
out:
	lu_lock_drop(lock);
	return status;
}

/* Every folder of a shard. */
static enum lu_status clear_shards(const char *folder, bool all, struct lu_error *err)
{
	DIR *entries = opendir(folder);
	enum lu_status status = LU_OK;

	for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL; entry != NULL && status == LU_OK;
	     entry = readdir(entries)) {
		if (entry->d_name[0] == '\0' || entry->d_name[strspn(entry->d_name, "0123456789")] != '\0')
			continue;
		char *path = lu_path_join(folder, entry->d_name);
		status = path != NULL ? clear_shard(path, all, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(path);
	}
	if (entries != NULL)
		closedir(entries);
	return status;
}

enum lu_status lu_shard_plan_remove(const struct lu_county *county, struct lu_error *err)
{
	char *folder = lu_shards_folder(county), *plan = folder != NULL ? lu_path_join(folder, PLAN_NAME) : NULL;
	enum lu_status status;

	LU_TRY(plan != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(clear_shards(folder, false, err));
	unlink(plan);
	LU_TRY(clear_shards(folder, true, err));
	rmdir(folder);
out:
	lu_free(plan);
	lu_free(folder);
	return status;
}

/* FOLDER/NAME, a JSON object of ours; NULL: there is none, or it cannot be read. Frees 'folder'. */
static json_t *read_object(char *folder, const char *name)
{
	char *path = folder != NULL ? lu_path_join(folder, name) : NULL, *bytes = NULL;
	size_t size;
	json_t *object = NULL;

	if (path != NULL && lu_file_exists(path) && lu_file_read(path, LARGEST_RECORD, &bytes, &size, NULL) == LU_OK)
		object = json_loadb(bytes, size, 0, NULL);
	lu_free(bytes);
	lu_free(path);
	lu_free(folder);
	return object;
}

/* Takes 'object' (NULL: no memory) and 'folder'. */
static enum lu_status write_object(char *folder, const char *name, json_t *object, struct lu_error *err)
{
	char *path = folder != NULL ? lu_path_join(folder, name) : NULL;
	char *text = object != NULL ? json_dumps(object, JSON_INDENT(1)) : NULL;
	const enum lu_status status = path != NULL && text != NULL
					      ? lu_file_write(path, text, strlen(text), err)
					      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a record of shards");

	free(text);
	json_decref(object);
	lu_free(path);
	lu_free(folder);
	return status;
}

static json_t *list_of(const int64_t *numbers, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_integer(numbers[i]));
	return list;
}

enum lu_status lu_shard_plan_write(const struct lu_county *county, const struct lu_shard_plan *plan,
				   struct lu_error *err)
{
	json_t *dates = json_array();

	for (size_t i = 0; i < county->job->date_count; i++)
		if (plan->dates[i])
			json_array_append_new(dates, json_string(county->labels[i]));
	return write_object(lu_shards_folder(county), PLAN_NAME,
			    json_pack("{s:s, s:s, s:I, s:o, s:o, s:o}", "version", lu_version(), "fingerprint",
				      plan->fingerprint, "shards", (json_int_t)plan->count, "dates", dates, "rows",
				      list_of(plan->rows, plan->count + 1), "cells", list_of(plan->cells, plan->count)),
			    err);
}

enum lu_status lu_shard_plan_read(const struct lu_county *county, struct lu_shard_plan **out, struct lu_error *err)
{
	json_t *found = read_object(lu_shards_folder(county), PLAN_NAME);
	const json_t *dates = json_object_get(found, "dates");
	const char *fingerprint = json_string_value(json_object_get(found, "fingerprint"));
	const json_int_t count = json_integer_value(json_object_get(found, "shards"));
	enum lu_status status = LU_OK;

	*out = NULL;
	if (fingerprint == NULL || count < 1) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: no plan of shards is here (landuse shard makes one)",
				 county->job->output);
		goto out;
	}
	if (count <= county->grid.cells.height)
		LU_TRY(make_rows(county, (size_t)count, out, err));
	for (size_t i = 0; i < county->job->date_count && *out != NULL; i++)
		for (size_t k = 0; k < json_array_size(dates); k++) {
			const char *label = json_string_value(json_array_get(dates, k));
			(*out)->dates[i] |= label != NULL && strcmp(label, county->labels[i]) == 0;
		}
	if (*out != NULL)
		LU_TRY(make_fingerprint(county, *out, err));
	if (*out == NULL || strcmp((*out)->fingerprint, fingerprint) != 0)
		status =
			lu_fail(err, LU_ERROR_MISMATCH,
				"%s/" LU_SHARDS_FOLDER "/" PLAN_NAME
				": is of another job or version, or of imagery that is another one here (landuse shard "
				"makes it anew)",
				county->job->output);
out:
	if (status != LU_OK) {
		lu_shard_plan_free(*out);
		*out = NULL;
	}
	json_decref(found);
	return status;
}

enum lu_status lu_shard_record_new(const struct lu_county *county, struct lu_shard_record *out, struct lu_error *err)
{
	const size_t dates = county->job->date_count;
	struct lu_plan_facts plan;
	struct lu_engine_facts engine;
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	lu_plan_facts(county->plan, &plan);
	lu_engine_facts(plan.engine, &engine);
	memcpy(out->processor, engine.processor, sizeof(out->processor));
	LU_TRY(lu_alloc(&out->chips, dates, sizeof(*out->chips), "dates", err));
	LU_TRY(lu_alloc(&out->seconds, dates, sizeof(*out->seconds), "dates", err));
out:
	return status;
}

enum lu_status lu_shard_record_write(const struct lu_county *county, const struct lu_shard_plan *plan, size_t shard,
				     const struct lu_shard_record *record, struct lu_error *err)
{
	json_t *dates = json_object();

	for (size_t i = 0; i < county->job->date_count; i++)
		if (plan->dates[i])
			json_object_set_new(dates, county->labels[i],
					    json_pack("{s:I, s:f}", "chips", (json_int_t)record->chips[i], "seconds",
						      record->seconds[i]));
	return write_object(
		lu_shard_folder(county, shard), RECORD_NAME,
		json_pack("{s:s, s:s, s:o}", "plan", plan->fingerprint, "processor", record->processor, "dates", dates),
		err);
}

bool lu_shard_record_read(const struct lu_county *county, const struct lu_shard_plan *plan, size_t shard,
			  struct lu_shard_record *out)
{
	json_t *found = read_object(lu_shard_folder(county, shard), RECORD_NAME);
	const char *of = json_string_value(json_object_get(found, "plan"));
	const char *processor = json_string_value(json_object_get(found, "processor"));
	const bool is = of != NULL && processor != NULL && strcmp(of, plan->fingerprint) == 0 &&
			lu_shard_record_new(county, out, NULL) == LU_OK;

	if (is) {
		snprintf(out->processor, sizeof(out->processor), "%s", processor);
		for (size_t i = 0; i < county->job->date_count; i++) {
			const json_t *date = json_object_get(json_object_get(found, "dates"), county->labels[i]);
			out->chips[i] = (uint64_t)json_integer_value(json_object_get(date, "chips"));
			out->seconds[i] = json_real_value(json_object_get(date, "seconds"));
		}
	}
	json_decref(found);
	return is;
}

void lu_shard_record_release(struct lu_shard_record *record)
{
	lu_free(record->chips);
	lu_free(record->seconds);
	*record = (struct lu_shard_record){0};
}

enum lu_status lu_shard_fingerprint(const struct lu_county *county, size_t date, const struct lu_shard_plan *plan,
				    size_t shard, const char *processor, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	lu_sha256_add(hash, county->fingerprints[date], LU_SHA256_HEX);
	lu_sha256_add(hash, &plan->rows[shard], 2 * sizeof(*plan->rows));
	lu_sha256_add(hash, processor, strlen(processor));
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return LU_OK;
}
