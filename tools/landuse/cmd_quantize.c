/* cmd_quantize.c: landuse quantize MODEL --chips DIR -o models/NAME */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_quantize_options
#define AT(place) OPTION_AT(TYPE, place)

static void init(void *options)
{
	lu_quantize_options_init(options);
}

static const struct option rows[] = {
	{"MODEL", NULL, OPTION_TEXT, .meaning = "the package, by name or folder", AT(model), .positional = true,
	 .least = 1, .needed = "name a model, its pictures (--chips) and the output (-o)", .thing = THING_MODEL},
	{"chips", NULL, OPTION_TEXT, "DIR", "pictures like those the model will see, in any folders below it",
	 AT(chips), .needed = "name a model, its pictures (--chips) and the output (-o)", .thing = THING_FOLDER},
	OUTPUT_MODEL(TYPE, output),
	OVERWRITE_MODEL(TYPE, overwrite),
	{"calibration", NULL, OPTION_INTEGER, "N", "pictures that set the ranges, at most half", AT(calibration),
	 .low = 1, .high = 1e5},
	{"percentile", NULL, OPTION_NUMBER, "P", "share of an activation's numbers that its range holds: 90 to 100",
	 AT(percentile), .low = 90, .high = 100, .otherwise = "the range with the least squared error"},
	{"limit", NULL, OPTION_NUMBER, "E",
	 "layers that err most stay in float32, a quarter of all at most, until the mean error between the two best "
	 "answers "
	 "is below this share of their mean distance; 1: all in integers",
	 AT(limit), .low = 1e-6, .high = 1},
	FIT(TYPE, crop),
	PICTURE_RANGE(TYPE, range, "the package's, where it has one"),
	THREADS(TYPE, threads, "worker threads"),
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct lu_quantize_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_quantize(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_quantize = {
	"quantize",
	"make a model run in 8-bit integers",
	.about =
		"Make a model package run in 8-bit integers: weights by output channel, activations by the ranges that "
		"pictures of DIR give them; the first and the last layer stay in float32, and so do those that err too "
		"much. The result is an ordinary ONNX network with QuantizeLinear and DequantizeLinear, which other "
		"runtimes run too.\n\n"
		"Some pictures set the ranges; on all others the labels are compared with the model's own. The share "
		"that "
		"agrees is told and kept in model.json. From 99 % on, landuse uses int8 for the package by itself "
		"(precision auto); --precision int8 uses it in any case.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.examples = "landuse quantize aerial-21 --chips chips/ -o models/aerial-21-int8",
	.run = run,
};
