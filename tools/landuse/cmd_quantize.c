/* cmd_quantize.c: landuse quantize MODEL --chips DIR -o models/NAME */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse quantize [options] --chips DIR -o models/NAME MODEL\n"
	"\n"
	"Make a model package run in 8-bit integers: weights by output channel, activations by the ranges\n"
	"that pictures of DIR give them; the first and the last layer stay in float32, and so do those that\n"
	"err too much. The result is an ordinary ONNX network with QuantizeLinear and DequantizeLinear,\n"
	"which other runtimes run too.\n"
	"\n"
	"Some pictures set the ranges; on all others the labels are compared with the model's own. The share\n"
	"that agrees is told and kept in model.json. From 99 % on, landuse uses int8 for the package by\n"
	"itself (precision auto); --precision int8 uses it in any case.\n"
	"\n"
	"options:\n"
	"  --chips DIR         pictures like those the model will see, in any folders below it (needed)\n"
	"  -o, --output DIR    the package; its last part is the model's name (needed)\n"
	"  --overwrite         replace the model that is there\n"
	"  --calibration N     pictures that set the ranges (default 200, at most half)\n"
	"  --percentile P      share of an activation's numbers that its range holds: 90 to 100 (default: the\n"
	"                      range with the least squared error)\n"
	"  --limit E           layers that err most stay in float32, a quarter of all at most, until the mean\n"
	"                      error between the two best answers is below this share of their mean distance\n"
	"                      (default 0.018; 1: all in integers)\n"
	"  --fit resize|crop   all of the picture's centred square resized, or its centre at full scale\n"
	"  --range LOW,HIGH    raw values of 16-bit and float pictures that become 0 and 255 (default: the\n"
	"                      package's, where it has one)\n"
	"  -j, --threads N     default: every core\n"
	"  -q, --quiet         only warnings and errors on stderr\n"
	"  -h, --help          this page\n"
	"\n"
	"example: landuse quantize aerial-21 --chips chips/ -o models/aerial-21-int8\n"
	"\n" EXIT_CODES_HELP("done", "failed");

static int run(int argc, char **argv)
{
	enum { CHIPS = 1, OUTPUT, OVERWRITE, CALIBRATION, PERCENTILE, LIMIT, FIT, RANGE, THREADS, QUIET };
	static const struct option_spec specs[] = {{"--chips", 0, true, CHIPS},
						   {"--output", 'o', true, OUTPUT},
						   {"--overwrite", 0, false, OVERWRITE},
						   {"--calibration", 0, true, CALIBRATION},
						   {"--percentile", 0, true, PERCENTILE},
						   {"--limit", 0, true, LIMIT},
						   {"--fit", 0, true, FIT},
						   {"--range", 0, true, RANGE},
						   {"--threads", 'j', true, THREADS},
						   {"--quiet", 'q', false, QUIET}};
	struct lu_quantize_options quantize = {0};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	double range[2];
	enum verbosity verbosity = VERBOSITY_NORMAL;
	struct options options = options_begin(&command_quantize, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		bool good = true;
		switch (id) {
		case CHIPS:
			quantize.chips = options.value;
			break;
		case OUTPUT:
			quantize.output = options.value;
			break;
		case OVERWRITE:
			quantize.overwrite = true;
			break;
		case CALIBRATION:
			good = options_integer(&options, "--calibration", 1, 100000, &quantize.calibration);
			break;
		case PERCENTILE:
			good = options_number(&options, "--percentile", 90, 100, &quantize.percentile);
			break;
		case LIMIT:
			good = options_number(&options, "--limit", 1e-6, 1, &quantize.limit);
			break;
		case FIT:
			if (strcmp(options.value, "resize") != 0 && strcmp(options.value, "crop") != 0)
				return usage_error(&command_quantize, "--fit is '%s', it should be resize or crop",
						   options.value);
			quantize.crop = strcmp(options.value, "crop") == 0;
			break;
		case RANGE:
			good = options_range(&options, "--range", range, &quantize.range);
			break;
		case THREADS:
			good = options_integer(&options, "--threads", 1, 1024, &quantize.threads);
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case OPTION_POSITIONAL:
			if (quantize.model != NULL)
				return usage_error(&command_quantize, "one model at a time");
			quantize.model = options.value;
			break;
		default:
			good = false;
		}
		if (!good)
			return EXIT_USAGE;
	}
	if (quantize.model == NULL || quantize.chips == NULL || quantize.output == NULL)
		return usage_error(&command_quantize, "name a model, its pictures (--chips) and the output (-o)");
	quantize.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_quantize(&quantize, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_quantize = {"quantize", "make a model run in 8-bit integers", help, run};
