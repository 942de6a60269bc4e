/* cmd_history.c: landuse history [list|show|compare|best|add] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

enum { MOST_METRICS = 256 };

struct request {
	const char *file;
	bool lowest, json;
	const char *class_name;
	struct lu_history_run run;
	const char *const *metrics; /* "NAME=VALUE", or of best one name */
	size_t metric_count;
	const char *const *words;
	size_t word_count;
};
#define AT(place) OPTION_OWN(struct request, place)

static const struct option rows[] = {
	{"WORD", NULL, OPTION_LIST, .meaning = "what to do, and the numbers of the runs that it is about", AT(words),
	 .count = offsetof(struct request, word_count), .positional = true, .most = 3,
	 .choices = "list|show|compare|best|add|areas", .otherwise = "list"},
	{"file", NULL, OPTION_TEXT, "FILE", "the history", AT(file),
	 .otherwise = "$LANDUSE_HISTORY, else history.gpkg in $XDG_DATA_HOME/landuse or ~/.local/share/landuse",
	 .thing = THING_FILE, .made = true},
	{"kind", NULL, OPTION_TEXT, "KIND", "list: only runs of this kind (train, evaluate, run); add: its kind",
	 AT(run.kind), .choices = "train|evaluate|run"},
	{"metric", NULL, OPTION_LIST, "NAME",
	 "best: by this metric; the highest wins, of equals the later; add: NAME=VALUE", AT(metrics),
	 .count = offsetof(struct request, metric_count), .most = MOST_METRICS},
	{"lowest", NULL, OPTION_TRUE, NULL, "best: the lowest wins (for errors)", AT(lowest)},
	{"json", NULL, OPTION_TRUE, NULL, "list and show: machine-readable", AT(json)},
	{"class", NULL, OPTION_TEXT, "NAME", "areas: of this class", AT(class_name), .otherwise = "of all"},
	{"of add", .kind = OPTION_HEADING},
	{"name", NULL, OPTION_TEXT, "NAME", "what was made or looked at", AT(run.name)},
	{"model", NULL, OPTION_TEXT, "NAME", "the model, as a job would name it", AT(run.model), .thing = THING_MODEL},
	{"data", NULL, OPTION_TEXT, "PATH", "what it was made from", AT(run.data), .thing = THING_FILE},
	{"parameters", NULL, OPTION_TEXT, "JSON", "an object", AT(run.parameters)},
	{"chips", NULL, OPTION_COUNT, "N", "how many chips", AT(run.chips), .low = 0, .high = 1e15},
	{"seconds", NULL, OPTION_NUMBER, "S", "how long it took", AT(run.seconds), .low = 0, .high = 1e12},
};

static bool run_number(const char *text, int64_t *number)
{
	char *end;

	*number = strtoll(text, &end, 10);
	if (end != text && *end == '\0' && *number > 0)
		return true;
	usage_error(&command_history, "run '%s' should be a number from the list", text);
	return false;
}

/* "f1=0.93" into name and value; 'text' is argv's own and is cut at the '='. */
static bool parse_metric(const char *text, struct lu_history_metric *out)
{
	char *equals = strchr((char *)(uintptr_t)text, '='), *end;

	if (equals != NULL && equals > text) {
		out->value = strtod(equals + 1, &end);
		if (end != equals + 1 && *end == '\0') {
			*equals = '\0';
			out->name = text;
			return true;
		}
	}
	usage_error(&command_history, "--metric is '%s', it should be NAME=VALUE", text);
	return false;
}

static int add(struct request *request)
{
	static struct lu_history_metric metrics[MOST_METRICS];
	struct lu_error err = {0};
	int64_t number;

	if (request->run.kind == NULL || request->run.name == NULL)
		return usage_error(&command_history, "name the run's --kind and --name");
	for (size_t i = 0; i < request->metric_count; i++)
		if (!parse_metric(request->metrics[i], &metrics[i]))
			return EXIT_USAGE;
	request->run.metrics = metrics;
	request->run.metric_count = request->metric_count;
	if (lu_history_append(request->file, &request->run, &number, &err) != LU_OK)
		return terminal_fail(&err);
	say_format(stdout, "run %lld\n", (long long)number);
	return EXIT_DONE;
}

static int run(struct arguments *arguments)
{
	struct request *request = arguments->options;
	const char *verb = request->word_count > 0 ? request->words[0] : "list";
	const size_t words = request->word_count > 0 ? request->word_count : 1;
	struct lu_error err = {0};
	int64_t a, b;
	char *text = NULL;
	enum lu_status status;

	terminal_begin_short();
	if (strcmp(verb, "add") == 0 && words == 1)
		return add(request);
	if (strcmp(verb, "list") == 0 && words == 1) {
		status = lu_history_list(request->file, request->run.kind, request->json, &text, &err);
	} else if (strcmp(verb, "show") == 0 && words == 2) {
		if (!run_number(request->words[1], &a))
			return EXIT_USAGE;
		status = lu_history_show(request->file, a, request->json, &text, &err);
	} else if (strcmp(verb, "compare") == 0 && words == 3) {
		if (!run_number(request->words[1], &a) || !run_number(request->words[2], &b))
			return EXIT_USAGE;
		status = lu_history_compare(request->file, a, b, &text, &err);
	} else if (strcmp(verb, "best") == 0 && words == 1) {
		if (request->metric_count != 1)
			return usage_error(&command_history, "name one metric with --metric");
		status = lu_history_best(request->file, request->metrics[0], request->lowest, &text, &err);
	} else if (strcmp(verb, "areas") == 0 && words == 1) {
		if (request->file == NULL)
			return usage_error(&command_history, "name the output folder of a job with --file");
		status = lu_history_areas(request->file, request->class_name, request->json, &text, &err);
	} else {
		return usage_error(&command_history,
				   "'%s' should be list, show RUN, compare RUN RUN, best, areas or add", verb);
	}
	return terminal_finish(status, text, &err);
}

const struct command command_history = {
	"history",
	"list and compare recorded runs, name the best model",
	.usage = "[options] [list]\n"
		 "[options] show RUN\n"
		 "[options] compare RUN RUN\n"
		 "[options] best --metric NAME\n"
		 "[options] areas --file OUTPUT [--class NAME]\n"
		 "[options] add --kind KIND --name NAME [--metric NAME=VALUE ...]",
	.about =
		"What was tried, and how well it did. Runs are recorded with parameters, data hashes, counts, "
		"metrics, seconds "
		"and chips a second; RUN is a run's number. 'compare' marks with * what differs; 'best' names a model "
		"to put "
		"into a job; 'add' records a run of a program outside landuse.\n\n"
		"Every run of a job is recorded beside its outputs, in OUTPUT/runs.gpkg (tables runs, dates, areas and "
		"changes): 'areas' prints the hectares of a class at every date of every run, and says which file it "
		"read.",
	ROWS_OF(rows),
	sizeof(struct request),
	.notes = "The file is a GeoPackage, that is SQLite: it opens in QGIS and sqlite3. Writers wait for each other "
		 "and lose "
		 "nothing; a file that stays locked, or of a newer landuse, is a clear failure.",
	.examples = "landuse history best --metric macro_f1\n"
		    "landuse history compare 3 7\n"
		    "landuse history areas --file out --class Developed",
	.failed = "failed (locked, not a history)",
	.run = run,
};
