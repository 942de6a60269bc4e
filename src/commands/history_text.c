/*
 * history_text.c: the run history for a person: lists, one run, two side by side, the best.
 *
 * A run is flattened into lines "key value" (model, data, parameters.x, metrics.y, ...), which is what
 * `show` prints and what `compare` lines up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "commands/history.h"

static enum lu_status find_run(const struct lu_history *history, int64_t number, const struct lu_past_run **out,
			       struct lu_error *err)
{
	for (size_t i = 0; i < history->count; i++) {
		if (history->runs[i].number == number) {
			*out = &history->runs[i];
			return LU_OK;
		}
	}
	if (history->count == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no runs yet (train and evaluate record theirs)",
			       history->path);
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no run %lld (it has %zu, the last is %lld)", history->path,
		       (long long)number, history->count, (long long)history->runs[history->count - 1].number);
}

static json_t *text_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static json_t *run_json(const struct lu_past_run *run)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:O, s:O, s:I, s:f, s:f, s:o}", "run",
			 (json_int_t)run->number, "finished", text_or_null(run->finished), "kind",
			 text_or_null(run->kind), "name", text_or_null(run->name), "model", text_or_null(run->model),
			 "model_sha256", text_or_null(run->model_sha256), "data", text_or_null(run->data),
			 "data_sha256", text_or_null(run->data_sha256), "parameters", run->parameters, "metrics",
			 run->metrics, "chips", (json_int_t)run->chips, "seconds", run->seconds, "chips_per_second",
			 run->chips_per_second, "landuse", text_or_null(run->version));
}

static enum lu_status dump_json(json_t *json, char **text, struct lu_error *err)
{
	char *dump = json != NULL ? json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;

	*text = dump != NULL ? lu_sprintf("%s\n", dump) : NULL;
	free(dump);
	json_decref(json);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the run history");
}

static const char *shown(const char *text)
{
	return text != NULL ? text : "-";
}

/* The first metrics, as many as fit a line. */
static void write_metrics(FILE *to, const json_t *metrics)
{
	const char *key;
	json_t *value;
	int count = 0;

	json_object_foreach((json_t *)(uintptr_t)metrics, key, value)
	{
		if (count == 3) {
			fputs(" ...", to);
			break;
		}
		fprintf(to, "%s%s %.4g", count++ > 0 ? "  " : "", key, json_number_value(value));
	}
}

enum lu_status lu_history_list(const char *path, const char *kind, bool json, char **text, struct lu_error *err)
{
	struct lu_text_stream stream = {0};
	struct lu_history history;
	size_t listed = 0;
	enum lu_status status = lu_history_read(path, &history, err);

	*text = NULL;
	if (status != LU_OK)
		return status;
	json_t *list = json ? json_array() : NULL;
	if (!json)
		LU_TRY(lu_text_begin(&stream, "the run history", err));
	FILE *file = stream.to;
	for (size_t i = 0; i < history.count; i++) {
		const struct lu_past_run *run = &history.runs[i];
		if (kind != NULL && (run->kind == NULL || strcmp(run->kind, kind) != 0))
			continue;
		if (json)
			json_array_append_new(list, run_json(run));
		if (json)
			continue;
		if (listed++ == 0)
			fprintf(file, "%5s  %-20s  %-9s %-24s %8s %9s  %s\n", "run", "finished", "kind", "name",
				"chips", "seconds", "metrics");
		fprintf(file, "%5lld  %-20s  %-9s %-24s %8lld %9.1f  ", (long long)run->number, shown(run->finished),
			shown(run->kind), shown(run->name), (long long)run->chips, run->seconds);
		write_metrics(file, run->metrics);
		fputc('\n', file);
	}
	if (!json && listed == 0)
		fprintf(file, "no runs in %s\n", history.path);
	LU_TRY(json ? dump_json(list, text, err) : lu_text_finish(&stream, text, err));
out:
	lu_history_release(&history);
	return status;
}

/* "key value" of a run, 'visit'ed in a fixed order. */
typedef void (*line_visit)(void *user, const char *key, const char *value);

static void visit_object(const char *before, const json_t *object, line_visit visit, void *user)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		char name[256];
		char *text = json_is_string(value)
				     ? NULL
				     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		snprintf(name, sizeof(name), "%s%s", before, key);
		visit(user, name, text != NULL ? text : shown(json_string_value(value)));
		free(text);
	}
}

static void visit_lines(const struct lu_past_run *run, line_visit visit, void *user)
{
	char chips[32], seconds[32], rate[32];
	const struct {
		const char *key, *value;
	} lines[] = {{"kind", run->kind},
		     {"name", run->name},
		     {"finished", run->finished},
		     {"landuse", run->version},
		     {"model", run->model},
		     {"model_sha256", run->model_sha256},
		     {"data", run->data},
		     {"data_sha256", run->data_sha256},
		     {"chips", chips},
		     {"seconds", seconds},
		     {"chips_per_second", rate}};

	snprintf(chips, sizeof(chips), "%lld", (long long)run->chips);
	snprintf(seconds, sizeof(seconds), "%.1f", run->seconds);
	snprintf(rate, sizeof(rate), "%.1f", run->chips_per_second);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		visit(user, lines[i].key, shown(lines[i].value));
	visit_object("", run->parameters, visit, user);
	visit_object("metric ", run->metrics, visit, user);
}

static void print_line(void *user, const char *key, const char *value)
{
	fprintf(user, "%-24s %s\n", key, value);
}

enum lu_status lu_history_show(const char *path, int64_t number, bool json, char **text, struct lu_error *err)
{
	const struct lu_past_run *run = NULL;
	struct lu_text_stream stream;
	struct lu_history history;
	enum lu_status status = lu_history_read(path, &history, err);

	*text = NULL;
	if (status != LU_OK)
		return status;
	LU_TRY(find_run(&history, number, &run, err));
	if (json) {
		LU_TRY(dump_json(run_json(run), text, err));
	} else {
		LU_TRY(lu_text_begin(&stream, "the run history", err));
		visit_lines(run, print_line, stream.to);
		LU_TRY(lu_text_finish(&stream, text, err));
	}
out:
	lu_history_release(&history);
	return status;
}

/* One key of the two runs that are compared, either value NULL where a run lacks it. */
struct pair {
	char *key, *values[2];
};
struct pairs {
	struct pair *items;
	size_t count;
	int side; /* which run is being visited */
	enum lu_status status;
};

static void add_line(void *user, const char *key, const char *value)
{
	struct pairs *pairs = user;
	size_t i = 0;

	while (i < pairs->count && strcmp(pairs->items[i].key, key) != 0)
		i++;
	if (i == pairs->count && pairs->status == LU_OK) {
		pairs->status = lu_grow(&pairs->items, i + 1, sizeof(*pairs->items), "a comparison", NULL);
		if (pairs->status != LU_OK)
			return;
		pairs->items[i] = (struct pair){.key = lu_strdup(key)};
		pairs->count++;
	}
	if (i < pairs->count && pairs->items[i].values[pairs->side] == NULL)
		pairs->items[i].values[pairs->side] = lu_strdup(value);
	if (i < pairs->count && (pairs->items[i].key == NULL || pairs->items[i].values[pairs->side] == NULL))
		pairs->status = LU_ERROR_MEMORY;
}

static void pairs_release(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		lu_free(pairs->items[i].key);
		lu_free(pairs->items[i].values[0]);
		lu_free(pairs->items[i].values[1]);
	}
	lu_free(pairs->items);
}

static void write_pairs(FILE *to, const struct pairs *pairs, int64_t a, int64_t b)
{
	char names[2][32];

	snprintf(names[0], sizeof(names[0]), "run %lld", (long long)a);
	snprintf(names[1], sizeof(names[1]), "run %lld", (long long)b);
	fprintf(to, "  %-24s %-28s %s\n", "", names[0], names[1]);
	for (size_t i = 0; i < pairs->count; i++) {
		const char *left = shown(pairs->items[i].values[0]), *right = shown(pairs->items[i].values[1]);
		char *end[2];
		const double values[2] = {strtod(left, &end[0]), strtod(right, &end[1])};
		const bool metric = strncmp(pairs->items[i].key, "metric ", 7) == 0;
		fprintf(to, "%c %-24s %-28s %s", strcmp(left, right) == 0 ? ' ' : '*', pairs->items[i].key, left,
			right);
		if (metric && *end[0] == '\0' && *end[1] == '\0')
			fprintf(to, "  (%+.4g)", values[1] - values[0]);
		fputc('\n', to);
	}
}

enum lu_status lu_history_compare(const char *path, int64_t a, int64_t b, char **text, struct lu_error *err)
{
	const struct lu_past_run *runs[2] = {NULL, NULL};
	struct lu_history history;
	struct pairs pairs = {.status = LU_OK};
	struct lu_text_stream stream;
	enum lu_status status = lu_history_read(path, &history, err);

	*text = NULL;
	if (status != LU_OK)
		return status;
	status = find_run(&history, a, &runs[0], err);
	if (status == LU_OK)
		status = find_run(&history, b, &runs[1], err);
	if (status != LU_OK)
		goto out;
	for (pairs.side = 0; pairs.side < 2; pairs.side++)
		visit_lines(runs[pairs.side], add_line, &pairs);
	LU_TRY(pairs.status == LU_OK ? lu_text_begin(&stream, "the run history", err)
				     : lu_fail(err, pairs.status, "out of memory: the run history"));
	write_pairs(stream.to, &pairs, a, b);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	pairs_release(&pairs);
	lu_history_release(&history);
	return status;
}

/* Nobody has recorded 'metric': name those that are there. */
static enum lu_status no_metric(const struct lu_history *history, const char *metric, struct lu_error *err)
{
	char known[400] = "";

	for (size_t i = history->count; i-- > 0;) {
		const char *key;
		json_t *value;
		json_object_foreach(history->runs[i].metrics, key, value)
		{
			const size_t used = strlen(known);
			if (strstr(known, key) == NULL)
				snprintf(known + used, sizeof(known) - used, "%s%s", used > 0 ? ", " : "", key);
		}
	}
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no run has the metric '%s' (%s%s)", history->path, metric,
		       known[0] != '\0' ? "there are: " : "no run has metrics", known);
}

enum lu_status lu_history_best(const char *path, const char *metric, bool lowest, char **text, struct lu_error *err)
{
	const struct lu_past_run *best = NULL;
	double best_value = 0;
	struct lu_history history;
	enum lu_status status = lu_history_read(path, &history, err);

	*text = NULL;
	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < history.count; i++) {
		const json_t *value = json_object_get(history.runs[i].metrics, metric);
		if (!json_is_number(value))
			continue;
		const double found = json_number_value(value);
		/* Of equals the later run: it was made with more knowledge. */
		if (best == NULL || (lowest ? found <= best_value : found >= best_value)) {
			best = &history.runs[i];
			best_value = found;
		}
	}
	if (best == NULL) {
		status = no_metric(&history, metric, err);
	} else {
		*text = lu_sprintf("run %lld (%s %s, %s): %s %.6g\nmodel: %s\n", (long long)best->number,
				   shown(best->kind), shown(best->name), shown(best->finished), metric, best_value,
				   best->model != NULL ? best->model : "- (the run names none)");
		if (*text == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the run history");
	}
	lu_history_release(&history);
	return status;
}
