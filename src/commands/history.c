/* history.c: runs into the ledger and back. See history.h. */
#include "commands/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "models/locate.h"
#include "raster/ledger.h"

enum column {
	FINISHED,
	KIND,
	NAME,
	MODEL,
	MODEL_SHA256,
	DATA,
	DATA_SHA256,
	PARAMETERS,
	METRICS,
	CHIPS,
	SECONDS,
	RATE,
	VERSION,
	COLUMNS
};

static const struct lu_vector_field fields[COLUMNS] = {
	[FINISHED] = {"finished", LU_VECTOR_TEXT},
	[KIND] = {"kind", LU_VECTOR_TEXT},
	[NAME] = {"name", LU_VECTOR_TEXT},
	[MODEL] = {"model", LU_VECTOR_TEXT},
	[MODEL_SHA256] = {"model_sha256", LU_VECTOR_TEXT},
	[DATA] = {"data", LU_VECTOR_TEXT},
	[DATA_SHA256] = {"data_sha256", LU_VECTOR_TEXT},
	[PARAMETERS] = {"parameters", LU_VECTOR_TEXT},
	[METRICS] = {"metrics", LU_VECTOR_TEXT},
	[CHIPS] = {"chips", LU_VECTOR_INTEGER},
	[SECONDS] = {"seconds", LU_VECTOR_REAL},
	[RATE] = {"chips_per_second", LU_VECTOR_REAL},
	[VERSION] = {"landuse", LU_VECTOR_TEXT},
};

/* A row is written in milliseconds: half a minute is a writer that hangs. */
static const struct lu_ledger_spec spec = {.what = "run history",
					   .table = "runs",
					   .version = 1,
					   .fields = fields,
					   .field_count = COLUMNS,
					   .wait_seconds = 30};

/* The caller's path, or the usual one; lu_free it. */
static enum lu_status find_file(const char *path, char **out, struct lu_error *err)
{
	const char *usual = getenv("LANDUSE_HISTORY");

	if (path == NULL && usual != NULL && usual[0] != '\0')
		path = usual;
	if (path == NULL)
		return lu_locate_user("history.gpkg", out, err);
	*out = lu_strdup(path);
	return *out != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
}

static enum lu_status metrics_text(const struct lu_history_run *run, char **text, struct lu_error *err)
{
	json_t *metrics = json_object();
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < run->metric_count && status == LU_OK; i++) {
		const struct lu_history_metric *metric = &run->metrics[i];
		/* A metric that is not a number (a class without support) is not a figure to compare. */
		if (isfinite(metric->value) &&
		    json_object_set_new(metrics, metric->name, json_real(metric->value)) != 0)
			status = lu_fail(err, LU_ERROR_ARGUMENT, "history: metric '%s' has no proper name",
					 metric->name);
	}
	if (status == LU_OK) {
		*text = json_dumps(metrics, JSON_COMPACT | JSON_REAL_PRECISION(9));
		if (*text == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: metrics");
	}
	json_decref(metrics);
	return status;
}

static enum lu_status check_parameters(const char *text, struct lu_error *err)
{
	json_error_t fault;
	json_t *object = text != NULL ? json_loads(text, 0, &fault) : NULL;
	const bool good = text == NULL || json_is_object(object);

	json_decref(object);
	return good ? LU_OK
		    : lu_fail(err, LU_ERROR_ARGUMENT, "history: parameters should be a JSON object, not '%.60s'", text);
}

enum lu_status lu_history_append(const char *path, const struct lu_history_run *run, int64_t *number,
				 struct lu_error *err)
{
	char *file = NULL, *folder = NULL, *metrics = NULL, finished[32];
	const time_t now = time(NULL);
	struct tm utc;
	enum lu_status status;

	LU_TRY(check_parameters(run->parameters, err));
	LU_TRY(metrics_text(run, &metrics, err));
	LU_TRY(find_file(path, &file, err));
	folder = lu_path_folder(file);
	LU_TRY(folder != NULL ? lu_folder_make(folder, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	strftime(finished, sizeof(finished), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	const struct lu_vector_value values[COLUMNS] = {
		[FINISHED] = lu_vector_text(finished),
		[KIND] = lu_vector_text(run->kind),
		[NAME] = lu_vector_text(run->name),
		[MODEL] = lu_vector_text(run->model),
		[MODEL_SHA256] = lu_vector_text(run->model_sha256),
		[DATA] = lu_vector_text(run->data),
		[DATA_SHA256] = lu_vector_text(run->data_sha256),
		[PARAMETERS] = lu_vector_text(run->parameters),
		[METRICS] = lu_vector_text(metrics),
		[CHIPS] = {.set = run->chips > 0, .integer = (int64_t)run->chips},
		[SECONDS] = {.set = run->seconds > 0, .real = run->seconds},
		[RATE] = {.set = run->chips > 0 && run->seconds > 0,
			  .real = run->seconds > 0 ? (double)run->chips / run->seconds : 0},
		[VERSION] = lu_vector_text(lu_version())};
	LU_TRY(lu_ledger_append(file, &spec, values, number, err));
out:
	free(metrics);
	lu_free(folder);
	lu_free(file);
	return status;
}

/* A text that is set; '*whole' becomes false where memory is out. */
static char *copy(const struct lu_vector_value *value, bool *whole)
{
	char *text = value->set ? lu_strdup(value->text) : NULL;

	*whole &= text != NULL || !value->set;
	return text;
}

/* A field that another program spoilt counts as empty. */
static json_t *object_of(const struct lu_vector_value *value)
{
	json_t *object = value->set ? json_loads(value->text, 0, NULL) : NULL;

	if (json_is_object(object))
		return object;
	json_decref(object);
	return json_object();
}

static enum lu_status keep_run(void *user, int64_t number, const struct lu_vector_value *values, struct lu_error *err)
{
	struct lu_history *history = user;
	const enum lu_status status =
		lu_grow(&history->runs, history->count + 1, sizeof(*history->runs), "the run history", err);

	bool whole = true;

	if (status != LU_OK)
		return status;
	history->runs[history->count++] = (struct lu_past_run){.number = number,
							       .finished = copy(&values[FINISHED], &whole),
							       .kind = copy(&values[KIND], &whole),
							       .name = copy(&values[NAME], &whole),
							       .model = copy(&values[MODEL], &whole),
							       .model_sha256 = copy(&values[MODEL_SHA256], &whole),
							       .data = copy(&values[DATA], &whole),
							       .data_sha256 = copy(&values[DATA_SHA256], &whole),
							       .version = copy(&values[VERSION], &whole),
							       .parameters = object_of(&values[PARAMETERS]),
							       .metrics = object_of(&values[METRICS]),
							       .chips = values[CHIPS].integer,
							       .seconds = values[SECONDS].real,
							       .chips_per_second = values[RATE].real};
	return whole ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the run history");
}

enum lu_status lu_history_read(const char *path, struct lu_history *out, struct lu_error *err)
{
	memset(out, 0, sizeof(*out));
	enum lu_status status;

	LU_TRY(find_file(path, &out->path, err));
	/* The usual one begins with the first run; one that was named is there, or the name is wrong. */
	if (path != NULL && !lu_file_exists(path)) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: no such file (check the name of the run history)", path);
		goto out;
	}
	LU_TRY(lu_ledger_read(out->path, &spec, keep_run, out, err));
out:
	if (status != LU_OK)
		lu_history_release(out);
	return status;
}

void lu_history_release(struct lu_history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		struct lu_past_run *run = &history->runs[i];
		char *const texts[] = {run->finished,     run->kind, run->name,        run->model,
				       run->model_sha256, run->data, run->data_sha256, run->version};
		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			lu_free(texts[k]);
		json_decref(run->parameters);
		json_decref(run->metrics);
	}
	lu_free(history->runs);
	lu_free(history->path);
	memset(history, 0, sizeof(*history));
}
