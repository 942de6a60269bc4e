/*
 * json_log.c: what a command says, as events for a program that watches it: one JSON object a line on stderr, each with "time" and
 * "event": start, log, stage, progress, result.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tool.h"

static struct {
	enum verbosity verbosity;
	char stage[64];
	time_t told; /* when progress was told last */
} events;

/* Takes 'event' over. */
static void say_event(const char *kind, json_t *event)
{
	char stamp[32] = "?";
	struct timespec now;
	struct tm clock;

	clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &clock) != NULL) {
		const size_t used = strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &clock);
		snprintf(stamp + used, sizeof(stamp) - used, ".%03ldZ", now.tv_nsec / 1000000);
	}
	json_t *line = json_pack("{s:s, s:s}", "time", stamp, "event", kind);
	json_object_update(line, event);
	char *text = json_dumps(line, JSON_COMPACT);
	if (text != NULL)
		fprintf(stderr, "%s\n", text);
	fflush(stderr);
	free(text);
	json_decref(line);
	json_decref(event);
}

/* A text of the library's with options in place of members; NULL of NULL. */
static json_t *words_json(const char *text)
{
	char *words = text != NULL ? words_as_options(text) : NULL;
	json_t *json = text != NULL ? json_string(words != NULL ? words : text) : NULL;

	free(words);
	return json;
}

static void on_log(void *user, enum lu_level level, const char *text)
{
	static const char *const levels[] = {
		[LU_LEVEL_DEBUG] = "debug", [LU_LEVEL_INFO] = "info", [LU_LEVEL_WARNING] = "warning"};

	(void)user;
	if ((events.verbosity == VERBOSITY_QUIET && level < LU_LEVEL_WARNING) ||
	    (events.verbosity != VERBOSITY_DEBUG && level == LU_LEVEL_DEBUG))
		return;
	say_event("log", json_pack("{s:s, s:o}", "level", levels[level], "text", words_json(text)));
}

static void on_progress(void *user, const char *stage, uint64_t done, uint64_t total)
{
	const time_t now = time(NULL);

	(void)user;
	if (events.verbosity == VERBOSITY_QUIET)
		return;
	const bool is_new = strncmp(stage, events.stage, sizeof(events.stage) - 1) != 0;
	if (is_new) {
		snprintf(events.stage, sizeof(events.stage), "%s", stage);
		say_event("stage", json_pack("{s:s}", "stage", stage));
	}
	if (!is_new && now == events.told && done < total)
		return;
	events.told = now;
	say_event("progress",
		  json_pack("{s:s, s:I, s:I}", "stage", stage, "done", (json_int_t)done, "total", (json_int_t)total));
}

const struct lu_hooks *json_log_begin(const struct arguments *arguments)
{
	static const struct lu_hooks hooks = {.log = on_log, .progress = on_progress, .cancelled = terminal_stop_asked};
	json_t *words = json_array();

	events.verbosity = arguments->verbosity;
	for (size_t i = 0; i < arguments->word_count; i++)
		json_array_append_new(words, json_string(arguments->words[i]));
	say_event("start", json_pack("{s:s, s:o}", "version", lu_version(), "command", words));
	return &hooks;
}

void json_log_finish(int code, const char *summary, const struct lu_error *err)
{
	say_event("result", json_pack("{s:i, s:o*, s:o*}", "exit_code", code, "summary", words_json(summary), "error",
				      words_json(err != NULL ? err->text : NULL)));
}
