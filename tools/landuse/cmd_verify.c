/* cmd_verify.c: landuse verify OUTPUT */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_verify_options, place)

static void init(void *options)
{
	lu_verify_options_init(options);
}

static const struct option rows[] = {
	{"OUTPUT", NULL, OPTION_TEXT, .meaning = "the output folder of landuse run or classify", AT(folder),
	 .positional = true, .least = 1, .needed = "name an output folder", .thing = THING_FOLDER},
	{"json", NULL, OPTION_TRUE, NULL, "the report as JSON", AT(json)},
	{"outputs-only", NULL, OPTION_TRUE, NULL, "leave the inputs alone: they may lie elsewhere by now",
	 AT(outputs_only)},
	THREADS(struct lu_verify_options, threads, "threads that read the inputs"),
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	struct lu_verify_options *options = arguments->options;
	struct lu_error err = {0};
	char *text = NULL;

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_verify(options, &text, &err);
	terminal_end();
	if (text != NULL)
		say(stdout, text);
	lu_text_free(text);
	return status == LU_OK ? EXIT_DONE : terminal_fail(&err);
}

const struct command command_verify = {
	"verify",
	"check that an output folder is whole and made from these inputs",
	.about = "Check an output folder by its manifest.json: every output is there, byte for byte as it was written; "
		 "each GeoTIFF is laid out as a Cloud Optimized GeoTIFF, and every cell of a land-use map is a class "
		 "that "
		 "has its colour in the palette; every input is what it was when it was read; this landuse made it. "
		 "Each "
		 "problem is a line on stdout.",
	ROWS_OF(rows),
	sizeof(struct lu_verify_options),
	.init = init,
	.notes = "A GeoPackage, a style or a table beside a raster that a person or QGIS wrote into needs only be "
		 "sound, and "
		 "is noted. Inputs are named as the run named them, from the folder in which it was started; what lies "
		 "in the network is not looked at.",
	.examples = "landuse verify out\n"
		    "landuse verify --json --outputs-only out",
	.done = "whole",
	.failed = "something is missing, changed or not valid",
	.run = run,
};
