/* cmd_report.c: landuse report OUT */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_report_options, place)

static void init(void *options)
{
	lu_report_options_init(options);
}

static const struct option rows[] = {
	{"OUT", NULL, OPTION_TEXT, .meaning = "the output folder of a run", AT(folder), .positional = true, .least = 1,
	 .needed = "name the output folder of a run", .thing = THING_FOLDER},
	{"pdf", NULL, OPTION_TRUE, NULL,
	 "also print it to report.pdf, and its figures as PNG, by the Chromium that is on PATH", AT(pdf), .key = "pdf"},
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	struct lu_report_options *options = arguments->options;
	struct lu_error err = {0};
	char *text = NULL;

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_report(options, &text, &err);
	terminal_end();
	if (text != NULL)
		say(stdout, text);
	lu_text_free(text);
	return status == LU_OK ? EXIT_DONE : terminal_fail(&err);
}

const struct command command_report = {
	"report",
	"make the report and the QGIS project of a run again",
	.about = "Write report.html, its figures in charts/ and county.qgz of the outputs of a run, as the run itself "
		 "does "
		 "(unless its job says report: false): one page for a browser, without a network, and a project for "
		 "QGIS "
		 "3.22 or later. Everything in them comes from the outputs. Useful where the job left them out, after "
		 "an "
		 "update of landuse, or where one of them was changed or lost.",
	ROWS_OF(rows),
	sizeof(struct lu_report_options),
	.init = init,
	.examples = "landuse report out\nlanduse report --pdf out",
	.failed = "an output cannot be read, or the report not be written or printed",
	.run = run,
};
