/* cmd_label.c: landuse label --imagery IMAGE... --reference RASTER -o SET */
#include <stdio.h>
#include <stdlib.h>

#include "chip_flags.h"

static const char help[] =
	"usage: landuse label [options] --reference RASTER -o SET [--imagery] IMAGE...\n"
	"\n"
	"Make a labelled chip set from one date's imagery and a land-cover raster (NLCD or like it) of any\n"
	"CRS and resolution. IMAGE is what it is for landuse tile; several dates are several sets.\n"
	"\n"
	"labels:\n"
	"  --reference RASTER     the land-cover raster (needed)\n"
	"  --scheme NAME          class scheme, by name or file: its 'nlcd' lists merge codes into classes\n"
	"                         (default landcover-7)\n"
	"  --codes nlcd|scheme    what the raster holds: NLCD's codes, or the scheme's own values\n"
	"  --rule nine-point      the cells at 1/6, 3/6, 5/6 of the chip, both ways, agree (the default)\n"
	"  --rule purity:P        one class covers at least the share P of the chip, 0.5 < P <= 1\n"
	"  --rule plurality       the class that covers most\n"
	"\n"
	"choice:\n"
	"  --per-class N          at most N chips a class, drawn by the seed\n"
	"  --balance weight       the index's column 'weight', which landuse train heeds, lets every class of the\n"
	"                         training chips count the same (default none: all are 1)\n"
	"  --dedupe BITS          leave out a picture whose 64-bit perceptual hash is at most BITS from\n"
	"                         that of another (4: compressed again or resized; 10: cut a little, too)\n"
	"  --seed N               of every draw (default 1)\n"
	"\n"
	"splits (whole blocks go to one side, never single chips):\n"
	"  --split-by block|file|FIELD   blocks of ground, files, or areas with one value of this field of\n"
	"                         the boundary's layer (a county code, say); default block\n"
	"  --block-cells N        side of a block of ground in chips (default 8)\n"
	"  --validate S, --test S shares of the chips (default 0.15 each)\n"
	"  --validate-blocks A,B,... --test-blocks C,...   blocks that go there by name\n"
	"\n"
	"chips and files:\n"
	"  -o, --output SET       the folder of the set (needed)\n"
	"  --format png|jpg|tif   of the chips (default png)\n"
	"  --no-chips             only the index\n" CHIP_FLAGS_HELP
	"  --overwrite            use a folder that holds something else; a former chip set in it goes\n"
	"  -j, --threads N        threads that encode (default: every core)\n"
	"  -q, --quiet            only warnings and errors on stderr\n"
	"  -h, --help             this page\n"
	"\n"
	"In SET: CLASS/rROW_cCOL.png; index.csv and index.gpkg (path, class, split, block, source, date,\n"
	"row, col, x, y, valid_share, purity, phash, weight); set.json, what it all comes from. Chips without a\n"
	"label are counted by reason, and codes that the scheme does not know by number.\n"
	"\n"
	"example: landuse label --reference nlcd_2016.tif --per-class 2000 -o set naip_2016/\n"
	"\n" EXIT_CODES_HELP("done", "failed (also when no chip got a label)");

enum {
	OUTPUT = CHIP_FLAGS_END,
	IMAGERY,
	REFERENCE,
	SCHEME,
	CODES,
	RULE,
	PER_CLASS,
	BALANCE,
	DEDUPE,
	SEED,
	SPLIT_BY,
	BLOCK_CELLS,
	VALIDATE,
	TEST,
	VALIDATE_BLOCKS,
	TEST_BLOCKS,
	FORMAT,
	NO_CHIPS,
	OVERWRITE,
	THREADS,
	QUIET
};
enum { MOST_BLOCKS = 1024 };

static const struct option_spec specs[] = {CHIP_FLAGS,
					   {"--output", 'o', true, OUTPUT},
					   {"--imagery", 0, true, IMAGERY},
					   {"--reference", 0, true, REFERENCE},
					   {"--scheme", 0, true, SCHEME},
					   {"--codes", 0, true, CODES},
					   {"--rule", 0, true, RULE},
					   {"--per-class", 0, true, PER_CLASS},
					   {"--balance", 0, true, BALANCE},
					   {"--dedupe", 0, true, DEDUPE},
					   {"--seed", 0, true, SEED},
					   {"--split-by", 0, true, SPLIT_BY},
					   {"--block-cells", 0, true, BLOCK_CELLS},
					   {"--validate", 0, true, VALIDATE},
					   {"--test", 0, true, TEST},
					   {"--validate-blocks", 0, true, VALIDATE_BLOCKS},
					   {"--test-blocks", 0, true, TEST_BLOCKS},
					   {"--format", 0, true, FORMAT},
					   {"--no-chips", 0, false, NO_CHIPS},
					   {"--overwrite", 0, false, OVERWRITE},
					   {"--threads", 'j', true, THREADS},
					   {"--quiet", 'q', false, QUIET}};

/* Cut the option's value at its commas. It is argv's own text, also behind "--name=". */
static bool take_names(const struct options *options, const char **names, size_t *count)
{
	char *word = options->argv[options->at - 1], *text = word + (options->value - word);

	*count = 0;
	for (char *c = text, *start = text;; c++) {
		const bool last = *c == '\0';
		if (*c != ',' && !last)
			continue;
		*c = '\0';
		if (c > start && *count == MOST_BLOCKS) {
			usage_error(&command_label, "at most %d blocks can be named", MOST_BLOCKS);
			return false;
		}
		if (c > start)
			names[(*count)++] = start;
		start = c + 1;
		if (last)
			return true;
	}
}

static bool take_count(const struct options *options, const char *name, uint64_t *out)
{
	double value;

	if (!options_number(options, name, 0, 1e15, &value))
		return false;
	*out = (uint64_t)value;
	return true;
}

/* Options of the label itself; false after saying what is wrong. */
static bool take(const struct options *options, int id, struct lu_label_options *label, const char **validate,
		 const char **test)
{
	switch (id) {
	case OUTPUT:
		label->output = options->value;
		return true;
	case REFERENCE:
		label->reference = options->value;
		return true;
	case SCHEME:
		label->scheme = options->value;
		return true;
	case CODES:
		label->codes = options->value;
		return true;
	case RULE:
		label->rule = options->value;
		return true;
	case SPLIT_BY:
		label->split_by = options->value;
		return true;
	case FORMAT:
		label->format = options->value;
		return true;
	case NO_CHIPS:
		label->no_chips = true;
		return true;
	case OVERWRITE:
		label->overwrite = true;
		return true;
	case BALANCE:
		return options_either(options, "--balance", "none", "weight", &label->balance);
	case PER_CLASS:
		return take_count(options, "--per-class", &label->per_class);
	case SEED:
		return take_count(options, "--seed", &label->seed);
	case DEDUPE:
		label->dedupe = true;
		return options_integer(options, "--dedupe", 0, 32, &label->dedupe_bits);
	case BLOCK_CELLS:
		return options_integer(options, "--block-cells", 1, 100000, &label->block_cells);
	case VALIDATE:
		return options_number(options, "--validate", 0, 0.999, &label->validate);
	case TEST:
		return options_number(options, "--test", 0, 0.999, &label->test);
	case VALIDATE_BLOCKS:
		label->validate_blocks = validate;
		return take_names(options, validate, &label->validate_block_count);
	case TEST_BLOCKS:
		label->test_blocks = test;
		return take_names(options, test, &label->test_block_count);
	default:
		return options_integer(options, "--threads", 1, 1024, &label->threads);
	}
}

static int run(int argc, char **argv)
{
	static const char *validate[MOST_BLOCKS], *test[MOST_BLOCKS];
	struct lu_label_options label = {.validate = 0.15, .test = 0.15, .seed = 1};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	struct chip_flags flags;
	enum verbosity verbosity = VERBOSITY_NORMAL;
	size_t files = 0;
	struct options options = options_begin(&command_label, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);
	const char **imagery = malloc((size_t)argc * sizeof(*imagery));
	int code = EXIT_USAGE;

	if (imagery == NULL)
		return EXIT_FAILED;
	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		if (id == OPTION_POSITIONAL || id == IMAGERY)
			imagery[files++] = options.value;
		else if (id == QUIET)
			verbosity = VERBOSITY_QUIET;
		else if (id == OPTION_BAD || !(id < CHIP_FLAGS_END ? chip_flags_take(&options, id, &flags, &label.chips)
								   : take(&options, id, &label, validate, test)))
			goto out;
	}
	if (files == 0)
		usage_error(&command_label, "name the imagery");
	else if (label.reference == NULL)
		usage_error(&command_label, "name a land-cover raster with --reference");
	else if (label.output == NULL)
		usage_error(&command_label, "name an output folder with -o");
	if (files == 0 || label.reference == NULL || label.output == NULL)
		goto out;
	label.chips.imagery = imagery;
	label.chips.imagery_count = files;
	terminal_without_job();
	label.hooks = terminal_begin(verbosity);
	if (lu_label(&label, &summary, &err) != LU_OK) {
		code = terminal_fail(&err);
		goto out;
	}
	terminal_end();
	say(stdout, summary.text);
	lu_text_free(summary.text);
	code = EXIT_DONE;
out:
	free(imagery);
	return code;
}

const struct command command_label = {"label", "make labelled chips from imagery and a land-cover raster", help, run};
