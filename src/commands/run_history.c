/* run_history.c: a run as rows of five tables, and the areas of a class over all runs. */
#include "commands/run_history.h"

#include "landuse/commands.h"
#include "landuse/records.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "base/words.h"
#include "raster/imagery.h"
#include "raster/ledger.h"

enum { RUN_FIELDS = 8, DATE_FIELDS = 5, AREA_FIELDS = 6, CHANGE_FIELDS = 9, CANDIDATE_FIELDS = 7 };

static const struct lu_vector_field run_fields[RUN_FIELDS] = {
	{"finished", LU_VECTOR_TEXT},   {"landuse", LU_VECTOR_TEXT},  {"fingerprint", LU_VECTOR_TEXT},
	{"command", LU_VECTOR_TEXT},    {"chips", LU_VECTOR_INTEGER}, {"seconds", LU_VECTOR_REAL},
	{"outputs", LU_VECTOR_INTEGER}, {"alarms", LU_VECTOR_INTEGER}};
static const struct lu_vector_field date_fields[DATE_FIELDS] = {{"run", LU_VECTOR_INTEGER},
								{"date", LU_VECTOR_TEXT},
								{"imagery", LU_VECTOR_TEXT},
								{"chips", LU_VECTOR_INTEGER},
								{"seconds", LU_VECTOR_REAL}};
static const struct lu_vector_field area_fields[AREA_FIELDS] = {
	{"run", LU_VECTOR_INTEGER}, {"finished", LU_VECTOR_TEXT}, {"date", LU_VECTOR_TEXT},
	{"class", LU_VECTOR_TEXT},  {"cells", LU_VECTOR_INTEGER}, {"hectares", LU_VECTOR_REAL}};
static const struct lu_vector_field change_fields[CHANGE_FIELDS] = {
	{"run", LU_VECTOR_INTEGER},     {"earlier", LU_VECTOR_TEXT},          {"later", LU_VECTOR_TEXT},
	{"from_class", LU_VECTOR_TEXT}, {"to_class", LU_VECTOR_TEXT},         {"cells", LU_VECTOR_INTEGER},
	{"hectares", LU_VECTOR_REAL},   {"flagged_cells", LU_VECTOR_INTEGER}, {"flagged_hectares", LU_VECTOR_REAL}};

static const struct lu_vector_field candidate_fields[CANDIDATE_FIELDS] = {
	{"run", LU_VECTOR_INTEGER},      {"pair", LU_VECTOR_TEXT},     {"layer", LU_VECTOR_TEXT},
	{"patches", LU_VECTOR_INTEGER},  {"hectares", LU_VECTOR_REAL}, {"new_patches", LU_VECTOR_INTEGER},
	{"new_hectares", LU_VECTOR_REAL}};

#define TABLE(name, columns, number)                                                                                   \
	{                                                                                                              \
		.what = "history of runs", .table = name, .version = 1, .fields = columns, .field_count = number,      \
		.wait_seconds = 30                                                                                     \
	}
static const struct lu_ledger_spec runs = TABLE("runs", run_fields, RUN_FIELDS),
				   dates = TABLE("dates", date_fields, DATE_FIELDS),
				   areas = TABLE("areas", area_fields, AREA_FIELDS),
				   changes = TABLE("changes", change_fields, CHANGE_FIELDS),
				   candidates = TABLE("candidates", candidate_fields, CANDIDATE_FIELDS);

enum table { RUNS, DATES, AREAS, CHANGES, CANDIDATES, TABLES };
static const struct lu_ledger_spec *const specs[TABLES] = {&runs, &dates, &areas, &changes, &candidates};

/* Rows on their way into the tables. All but that of the run begin with the run's number, which the ledger knows. */
struct rows {
	struct lu_vector_value *values[TABLES];
	size_t counts[TABLES];
};

static const struct lu_vector_value number_of_run; /* the ledger's to fill in */

/* The row's texts are copied. */
static enum lu_status add_row(struct rows *rows, enum table table, const struct lu_vector_value *row,
			      struct lu_error *err)
{
	const size_t fields = specs[table]->field_count, count = rows->counts[table];
	enum lu_status status;

	LU_TRY(lu_grow(&rows->values[table], (count + 1) * fields, sizeof(*row), "a history of runs", err));
	struct lu_vector_value *to = rows->values[table] + count * fields;
	rows->counts[table]++;
	memcpy(to, row, fields * sizeof(*row));
	for (size_t i = 0; i < fields; i++)
		to[i].text = row[i].text != NULL ? lu_strdup(row[i].text) : NULL;
	for (size_t i = 0; i < fields; i++)
		if (row[i].text != NULL && to[i].text == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a history of runs");
out:
	return status;
}

static void release_rows(struct rows *rows)
{
	for (size_t t = 0; t < TABLES; t++) {
		for (size_t i = 0; i < rows->counts[t] * specs[t]->field_count; i++)
			lu_free((char *)(uintptr_t)rows->values[t][i].text);
		lu_free(rows->values[t]);
	}
}

static enum lu_status add_dates(struct rows *rows, const struct lu_run_record *record, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < record->statistics->date_count && status == LU_OK; i++) {
		char imagery[LU_SHA256_HEX];
		status = lu_imagery_fingerprint(record->county->imagery[i], imagery, err);
		if (status != LU_OK)
			break;
		const struct lu_vector_value row[DATE_FIELDS] = {
			number_of_run, lu_vector_text(record->statistics->dates[i].label), lu_vector_text(imagery),
			lu_vector_integer((int64_t)record->dates[i].chips), lu_vector_real(record->dates[i].seconds)};
		status = add_row(rows, DATES, row, err);
	}
	return status;
}

/* Cells and hectares of class number 'i' of a map crossed with itself; not mapped is what the map does not reach, too. */
static enum lu_status add_areas(struct rows *rows, const struct lu_run_record *record, const char *finished,
				struct lu_error *err)
{
	const struct lu_county_statistics *statistics = record->statistics;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < statistics->date_count; d++) {
		const struct lu_date_statistics *date = &statistics->dates[d];
		for (size_t i = 0; i < date->map->count && status == LU_OK; i++) {
			char buffer[16];
			const double m2 =
				i == 0 ? lu_statistics_not_mapped_m2(date) : lu_transition_area_m2(date->map, i, i);
			const struct lu_vector_value row[AREA_FIELDS] = {
				number_of_run,
				lu_vector_text(finished),
				lu_vector_text(date->label),
				lu_vector_text(lu_statistics_name(statistics, date->map->values[i], buffer)),
				lu_vector_integer((int64_t)date->map->cells[i * date->map->count + i]),
				lu_vector_real(m2 / 1e4)};
			status = add_row(rows, AREAS, row, err);
		}
	}
	return status;
}

static enum lu_status add_pair(struct rows *rows, const struct lu_county_statistics *statistics,
			       const struct lu_pair_statistics *pair, struct lu_error *err)
{
	const struct lu_transition *table = pair->transition,
				   *flagged = pair->flags != NULL && !pair->flags->refused ? pair->flags->table : NULL;
	char from[16], to[16];
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < table->count; i++)
		for (size_t k = 0; k < table->count && status == LU_OK; k++) {
			const uint64_t cells = table->cells[i * table->count + k];
			/* Both tables know the scheme's classes; a flagged cell may have another most probable class than the map. */
			const bool same = flagged != NULL && flagged->count == table->count;
			const uint64_t marked = same ? flagged->cells[i * table->count + k] : 0;
			if (cells == 0 && marked == 0)
				continue;
			const struct lu_vector_value row[CHANGE_FIELDS] = {
				number_of_run,
				lu_vector_text(statistics->dates[pair->earlier].label),
				lu_vector_text(statistics->dates[pair->later].label),
				lu_vector_text(lu_statistics_name(statistics, table->values[i], from)),
				lu_vector_text(lu_statistics_name(statistics, table->values[k], to)),
				lu_vector_integer((int64_t)cells),
				lu_vector_real(lu_transition_area_m2(table, i, k) / 1e4),
				{.set = same, .integer = (int64_t)marked},
				{.set = same, .real = same ? lu_transition_area_m2(flagged, i, k) / 1e4 : 0}};
			status = add_row(rows, CHANGES, row, err);
		}
	return status;
}

static enum lu_status add_changes(struct rows *rows, const struct lu_run_record *record, struct lu_error *err)
{
	const struct lu_county_statistics *statistics = record->statistics;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < statistics->pair_count && status == LU_OK; i++)
		status = add_pair(rows, statistics, &statistics->pairs[i], err);
	return status;
}

static enum lu_status add_candidates(struct rows *rows, const struct lu_run_record *record, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < record->news->count && status == LU_OK; i++) {
		const struct lu_layer_patches *layer = &record->news->layers[i];
		const bool compared = record->news->compared;
		const struct lu_vector_value row[CANDIDATE_FIELDS] = {
			number_of_run,
			lu_vector_text(layer->pair),
			lu_vector_text(layer->layer),
			lu_vector_integer((int64_t)layer->patches),
			lu_vector_rounded(layer->area_ha, 6),
			{.set = compared, .integer = (int64_t)layer->new_patches},
			{.set = compared, .real = layer->new_ha}};
		status = add_row(rows, CANDIDATES, row, err);
	}
	return status;
}

/* "landuse run -q job.yaml"; lu_free it. */
static char *command_text(const struct lu_run_record *record)
{
	char *command = lu_strdup("");

	for (size_t i = 0; i < record->command_count && command != NULL; i++) {
		char *more = lu_sprintf("%s%s%s", command, i > 0 ? " " : "", record->command[i]);
		lu_free(command);
		command = more;
	}
	return command;
}

enum lu_status lu_run_history_append(const char *folder, const struct lu_run_record *record, struct lu_error *err)
{
	char *path = lu_path_join(folder, LU_RUN_HISTORY), finished[32] = "?";
	char *command = command_text(record);
	const time_t now = time(NULL);
	struct tm clock;
	struct rows rows = {0};
	struct lu_ledger_rows tables[TABLES];
	enum lu_status status;

	LU_TRY(path != NULL && command != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (gmtime_r(&now, &clock) != NULL)
		strftime(finished, sizeof(finished), "%Y-%m-%dT%H:%M:%SZ", &clock);
	const struct lu_vector_value row[RUN_FIELDS] = {lu_vector_text(finished),
							lu_vector_text(lu_version()),
							lu_vector_text(record->fingerprint),
							lu_vector_text(command),
							lu_vector_integer((int64_t)record->chips),
							lu_vector_real(record->seconds),
							lu_vector_integer((int64_t)record->outputs),
							lu_vector_integer((int64_t)record->alarms)};
	LU_TRY(add_row(&rows, RUNS, row, err));
	LU_TRY(add_dates(&rows, record, err));
	LU_TRY(add_areas(&rows, record, finished, err));
	LU_TRY(add_changes(&rows, record, err));
	LU_TRY(add_candidates(&rows, record, err));
	for (enum table t = RUNS; t < TABLES; t++)
		tables[t] = (struct lu_ledger_rows){
			.spec = specs[t], .values = rows.values[t], .count = rows.counts[t], .numbered = t != RUNS};
	LU_TRY(lu_ledger_append_all(path, tables, TABLES, NULL, err));
out:
	release_rows(&rows);
	lu_free(command);
	lu_free(path);
	return status;
}

/* --- and back --- */

struct series {
	const char *class; /* NULL: of all */
	json_t *rows; /* {"run", "finished", "date", "class", "cells", "hectares"} */
	json_t *classes; /* their names, as members */
};

static enum lu_status keep_area(void *user, int64_t number, const struct lu_vector_value *v, struct lu_error *err)
{
	struct series *series = user;

	(void)number;
	if (!v[1].set || !v[2].set || !v[3].set)
		return LU_OK;
	if (json_object_set_new(series->classes, v[3].text, json_true()) != 0)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a history of runs");
	if (series->class != NULL && strcmp(series->class, v[3].text) != 0)
		return LU_OK;
	return json_array_append_new(series->rows,
				     json_pack("{s:I, s:s, s:s, s:s, s:I, s:f}", "run", (json_int_t)v[0].integer,
					       "finished", v[1].text, "date", v[2].text, "class", v[3].text, "cells",
					       (json_int_t)v[4].integer, "hectares", v[5].real)) == 0
		       ? LU_OK
		       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a history of runs");
}

static void print_series(FILE *to, const json_t *rows)
{
	size_t i;
	json_t *row;

	fprintf(to, "%5s  %-20s  %-12s %-24s %14s\n", "run", "finished", "date", "class", "hectares");
	json_array_foreach((json_t *)(uintptr_t)rows, i, row)
	{
		fprintf(to, "%5lld  %-20s  %-12s %-24s %14.2f\n",
			(long long)json_integer_value(json_object_get(row, "run")),
			json_string_value(json_object_get(row, "finished")),
			json_string_value(json_object_get(row, "date")),
			json_string_value(json_object_get(row, "class")),
			json_real_value(json_object_get(row, "hectares")));
	}
}

static enum lu_status no_class(const char *path, const struct series *series, struct lu_error *err)
{
	const char *names[100], *name;
	char known[400];
	size_t count = 0;
	json_t *value;

	json_object_foreach(series->classes, name, value)
	{
		if (count < sizeof(names) / sizeof(names[0]))
			names[count++] = name;
	}
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no areas of class '%s'%s", path, series->class,
		       lu_known_names(series->class, names, count, known, sizeof(known)));
}

enum lu_status lu_history_areas(const char *path, const char *class_name, bool json, char **text, struct lu_error *err)
{
	struct series series = {.class = class_name, .rows = json_array(), .classes = json_object()};
	char *file = lu_folder_exists(path) ? lu_path_join(path, LU_RUN_HISTORY) : lu_strdup(path), *dump = NULL;
	struct lu_text_stream stream;
	enum lu_status status;

	*text = NULL;
	LU_TRY(file != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (!lu_file_exists(file))
		LU_TRY(lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: no such file, an output folder's " LU_RUN_HISTORY " is expected", file));
	LU_TRY(lu_ledger_read(file, &areas, keep_area, &series, err));
	if (class_name != NULL && json_array_size(series.rows) == 0)
		LU_TRY(no_class(file, &series, err));
	LU_TRY(lu_text_begin(&stream, "a history of runs", err));
	if (json) {
		dump = json_dumps(series.rows, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
		fprintf(stream.to, "%s\n", dump != NULL ? dump : "");
	} else {
		fprintf(stream.to, "%s\n", file);
		print_series(stream.to, series.rows);
	}
	status = lu_text_finish(&stream, text, err);
	if (status == LU_OK && json && dump == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a history of runs");
out:
	free(dump);
	json_decref(series.rows);
	json_decref(series.classes);
	lu_free(file);
	return status;
}
