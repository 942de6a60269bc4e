/* cmd_history.c: landuse history [list|show|compare|best|add] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse history [options] [list]\n"
	"       landuse history [options] show RUN\n"
	"       landuse history [options] compare RUN RUN\n"
	"       landuse history [options] best --metric NAME\n"
	"       landuse history [options] add --kind KIND --name NAME [--metric NAME=VALUE ...]\n"
	"\n"
	"What was tried, and how well it did. Runs are recorded with parameters, data hashes, counts,\n"
	"metrics, seconds and chips a second; RUN is a run's number. 'compare' marks with * what differs;\n"
	"'best' names a model to put into a job; 'add' records a run of a program outside landuse.\n"
	"\n"
	"options:\n"
	"  --file FILE          the history (default $LANDUSE_HISTORY, else history.gpkg in\n"
	"                       $XDG_DATA_HOME/landuse or ~/.local/share/landuse)\n"
	"  --kind KIND          list: only runs of this kind (train, evaluate, run); add: its kind\n"
	"  --metric NAME        best: by this metric; the highest wins, of equals the later\n"
	"  --lowest             best: the lowest wins (for errors)\n"
	"  --json               list and show: machine-readable\n"
	"  -h, --help           this page\n"
	"\n"
	"of add:\n"
	"  --name NAME, --model NAME, --data PATH, --parameters JSON, --chips N, --seconds S\n"
	"  --metric NAME=VALUE  may be repeated\n"
	"\n"
	"The file is a GeoPackage, that is SQLite: it opens in QGIS and sqlite3. Writers wait for each other\n"
	"and lose nothing; a file that stays locked, or of a newer landuse, is a clear failure.\n"
	"\n" EXIT_CODES_HELP("done", "failed (no such run, locked, not a history)");

enum { HISTORY_FILE = 1, KIND, METRIC, LOWEST, JSON, NAME, MODEL, DATA, PARAMETERS, CHIPS, SECONDS };
enum { MOST_WORDS = 3, MOST_METRICS = 256 };

struct request {
	const char *file;
	bool lowest, json;
	struct lu_history_run run;
	const char *metric_texts[MOST_METRICS];
	struct lu_history_metric metrics[MOST_METRICS];
	size_t metric_count;
	const char *words[MOST_WORDS];
	int word_count;
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
	struct lu_error err = {0};
	int64_t number;

	if (request->run.kind == NULL || request->run.name == NULL)
		return usage_error(&command_history, "name the run's --kind and --name");
	for (size_t i = 0; i < request->metric_count; i++)
		if (!parse_metric(request->metric_texts[i], &request->metrics[i]))
			return EXIT_USAGE;
	request->run.metrics = request->metrics;
	request->run.metric_count = request->metric_count;
	if (lu_history_append(request->file, &request->run, &number, &err) != LU_OK)
		return terminal_fail(&err);
	say_format(stdout, "run %lld\n", (long long)number);
	return EXIT_DONE;
}

static int act(struct request *request)
{
	const char *verb = request->word_count > 0 ? request->words[0] : "list";
	const int words = request->word_count > 0 ? request->word_count : 1;
	struct lu_error err = {0};
	int64_t a, b;
	char *text = NULL;
	enum lu_status status;

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
		status = lu_history_best(request->file, request->metric_texts[0], request->lowest, &text, &err);
	} else {
		return usage_error(&command_history, "'%s' should be list, show RUN, compare RUN RUN, best or add",
				   verb);
	}
	if (status != LU_OK)
		return terminal_fail(&err);
	say(stdout, text);
	lu_text_free(text);
	return EXIT_DONE;
}

/* False after saying what is wrong. */
static bool take(const struct options *options, int id, struct request *request)
{
	double chips;

	switch (id) {
	case HISTORY_FILE:
		request->file = options->value;
		return true;
	case KIND:
		request->run.kind = options->value;
		return true;
	case LOWEST:
		request->lowest = true;
		return true;
	case JSON:
		request->json = true;
		return true;
	case NAME:
		request->run.name = options->value;
		return true;
	case MODEL:
		request->run.model = options->value;
		return true;
	case DATA:
		request->run.data = options->value;
		return true;
	case PARAMETERS:
		request->run.parameters = options->value;
		return true;
	case SECONDS:
		return options_number(options, "--seconds", 0, 1e12, &request->run.seconds);
	case CHIPS:
		if (!options_number(options, "--chips", 0, 1e15, &chips))
			return false;
		request->run.chips = (uint64_t)chips;
		return true;
	case METRIC:
		if (request->metric_count == MOST_METRICS)
			return usage_error(&command_history, "at most %d metrics", MOST_METRICS), false;
		request->metric_texts[request->metric_count++] = options->value;
		return true;
	case OPTION_POSITIONAL:
		if (request->word_count == MOST_WORDS)
			return usage_error(&command_history, "too many words, from '%s' on", options->value), false;
		request->words[request->word_count++] = options->value;
		return true;
	default:
		return false;
	}
}

static int run(int argc, char **argv)
{
	static const struct option_spec specs[] = {{"--file", 0, true, HISTORY_FILE},
						   {"--kind", 0, true, KIND},
						   {"--metric", 0, true, METRIC},
						   {"--lowest", 0, false, LOWEST},
						   {"--json", 0, false, JSON},
						   {"--name", 0, true, NAME},
						   {"--model", 0, true, MODEL},
						   {"--data", 0, true, DATA},
						   {"--parameters", 0, true, PARAMETERS},
						   {"--chips", 0, true, CHIPS},
						   {"--seconds", 0, true, SECONDS}};
	static struct request request;
	struct options options = options_begin(&command_history, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options))
		if (!take(&options, id, &request))
			return EXIT_USAGE;
	terminal_begin_short();
	return act(&request);
}

const struct command command_history = {"history", "list and compare recorded runs, name the best model", help, run};
