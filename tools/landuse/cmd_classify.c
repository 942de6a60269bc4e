/* cmd_classify.c: landuse classify IMAGERY... -o DIR */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_classify_options
#define AT(place) OPTION_AT(TYPE, place)

static void init(void *options)
{
	lu_classify_options_init(options);
}

static const struct option rows[] = {
	{"IMAGERY", NULL, OPTION_LIST,
	 .meaning =
		 "files, globs, folders of quarter-quads, VRTs or /vsi paths; where they overlap, the first that has "
		 "data wins",
	 AT(imagery), .count = offsetof(TYPE, imagery_count), .positional = true, .least = 1,
	 .needed = "name the imagery", .thing = THING_IMAGERY, .key = "dates[].imagery"},
	OUTPUT_FOLDER(TYPE, output),
	{"date", NULL, OPTION_TEXT, "LABEL", "the date that the map states, and that landuse change calls it by",
	 AT(date), .key = "dates[].date"},
	{"model", NULL, OPTION_TEXT, "NAME", "model package, by name or folder", AT(model), .key = "model",
	 .thing = THING_MODEL},
	{"scheme", NULL, OPTION_TEXT, "NAME", "class scheme, by name or file", AT(scheme),
	 .otherwise = "the model's own", .key = "scheme", .thing = THING_SCHEME},
	BOUNDARY(TYPE, , "map only cells that touch this polygon (any OGR source)"),
	{"bands", "b", OPTION_INTEGERS, "1,2,3", "bands in the model's order", AT(bands),
	 .count = offsetof(TYPE, band_count), .most = 64, .otherwise = "by the file's tags, or the first ones",
	 .key = "dates[].bands"},
	IMAGERY_GRID(TYPE, ),
	{"cell", NULL, OPTION_PARSED, "67m", "the side of a cell on the ground", AT(cell_m), .parse = parse_cell,
	 .otherwise = "the model's ground", .key = "grid.cell"},
	{"stride", NULL, OPTION_INTEGER, "PX", "pixels from cell to cell instead; smaller ones make a finer map",
	 AT(stride_px), .low = 1, .high = 4096, .otherwise = "the chip's", .key = "grid.stride"},
	{"min-valid", NULL, OPTION_NUMBER, "SHARE", "map a cell when this share of its chip has data", AT(min_valid),
	 .low = 1e-6, .high = 1, .key = "min_valid"},
	{"min-confidence", NULL, OPTION_NUMBER, "P",
	 "a cell whose most probable class has less probability is uncertain: 99 on the map, in no class",
	 AT(min_confidence), .low = 0, .high = 1, .otherwise = "every mapped cell has its most probable class",
	 .key = "min_confidence"},
	{"accept-gsd-mismatch", NULL, OPTION_TRUE,
	 .meaning = "go on though the imagery is coarser than what the model was trained on", AT(accept_gsd_mismatch),
	 .key = "accept_gsd_mismatch"},
	{"probabilities", NULL, OPTION_TRUE, .meaning = "also write probabilities.tif, one band a class",
	 AT(probabilities), .key = "probabilities"},
	ENGINE(TYPE, engine),
	PRECISION(TYPE, precision, "arithmetic of the network: auto, fp32, fp16, bf16 or int8"),
	CREATION(TYPE, ),
	THREADS(TYPE, threads, "worker threads"),
	JSON_LOG,
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	struct lu_classify_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->command = arguments->words;
	options->command_count = arguments->word_count;
	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_classify(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_classify = {
	"classify",
	"classify one date's imagery, without a job file",
	.about = "Classify one date without a job file. Writes DIR/landuse.tif and DIR/confidence.tif, one pixel a "
		 "chip.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.examples = "landuse classify -o out m_4709963_se_14_1_20200831.tif",
	.run = run,
};
