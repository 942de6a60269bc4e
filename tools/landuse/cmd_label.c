/* cmd_label.c: landuse label --imagery IMAGE... --reference RASTER -o SET */
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_label_options
#define AT(place) OPTION_AT(TYPE, place)
#define COUNT(place) .count = offsetof(TYPE, place)
enum { MOST_BLOCKS = 1024 };

static void init(void *options)
{
	lu_label_options_init(options);
}

static enum lu_status parse_rule(const char *text, void *to, void *options, struct lu_error *err)
{
	(void)options;
	return lu_label_rule_parse(text, to, err);
}

/* A word, or else the name of a table. */
static enum lu_status parse_codes(const char *text, void *to, void *options, struct lu_error *err)
{
	TYPE *label = options;

	(void)to;
	(void)err;
	label->codes = strcmp(text, "nlcd") == 0     ? LU_CODES_NLCD
		       : strcmp(text, "scheme") == 0 ? LU_CODES_SCHEME
						     : LU_CODES_TABLE;
	label->code_table = text;
	return LU_OK;
}

/* A word, or else the name of a field. */
static enum lu_status parse_split_by(const char *text, void *to, void *options, struct lu_error *err)
{
	TYPE *label = options;

	(void)to;
	(void)err;
	label->split_by = strcmp(text, "block") == 0  ? LU_SPLIT_BY_BLOCK
			  : strcmp(text, "file") == 0 ? LU_SPLIT_BY_FILE
						      : LU_SPLIT_BY_FIELD;
	label->split_field = text;
	return LU_OK;
}

static const struct option rows[] = {
	{"IMAGE", NULL, OPTION_LIST,
	 .meaning = "one date's imagery, as for landuse tile; several dates are several sets", AT(chips.imagery),
	 COUNT(chips.imagery_count), .positional = true, .least = 1, .needed = "name the imagery",
	 .thing = THING_IMAGERY},
	{"labels", .kind = OPTION_HEADING},
	{"reference", NULL, OPTION_TEXT, "FILE",
	 "a land-cover raster, of any CRS and resolution; or polygons and points with a code (parcels, drawings, a "
	 "labelled sample.gpkg, whose cells are the chips unless their size is told)",
	 AT(reference), .needed = "name a land-cover raster or labels with --reference", .thing = THING_RASTER},
	{"field", NULL, OPTION_TEXT, "NAME", "of polygons and points: the field of their codes", AT(field),
	 .otherwise = "reference"},
	{"reference-layer", NULL, OPTION_TEXT, "NAME", "their layer", AT(reference_layer),
	 .otherwise = "sample, or the first"},
	{"scheme", NULL, OPTION_TEXT, "NAME",
	 "class scheme, by name or file: its 'nlcd' lists merge codes into classes", AT(scheme), .thing = THING_SCHEME},
	{"codes", NULL, OPTION_PARSED, "NAME",
	 "what the codes are: nlcd, scheme (the scheme's own values or names), or a table by name or file: "
	 "annual-nlcd, ccap, "
	 "cdl, massgis-2005",
	 AT(codes), .parse = parse_codes, .otherwise = "nlcd, of vectors scheme"},
	{"rule", NULL, OPTION_PARSED, "RULE",
	 "when a chip has a label\n"
	 "nine-point: the cells at 1/6, 3/6, 5/6 of the chip, both ways, agree\n"
	 "purity:P: one class covers at least the share P of the chip, 0.5 < P <= 1\n"
	 "plurality: the class that covers most",
	 AT(rule), .parse = parse_rule, .choices = "nine-point|purity:|plurality", .open = true,
	 .otherwise = "nine-point"},
	{"choice", .kind = OPTION_HEADING},
	{"per-class", NULL, OPTION_COUNT, "N", "at most N chips a class, drawn by the seed", AT(per_class), .low = 0,
	 .high = 1e15, .otherwise = "all"},
	{"balance", NULL, OPTION_EITHER, .choices = "none|weight",
	 .meaning = "weight: the index's column 'weight', which landuse train heeds, lets every class of the training "
		    "chips "
		    "count the same; none: all are 1",
	 AT(balance)},
	DEDUPE(TYPE, dedupe_bits, dedupe,
	       "leave out a picture whose 64-bit perceptual hash is at most BITS from that of another (4: compressed "
	       "again or "
	       "resized; 10: cut a little, too)"),
	{"seed", NULL, OPTION_COUNT, "N", "of every draw", AT(seed), .low = 0, .high = 1e15},
	{"splits", .kind = OPTION_HEADING, .meaning = "Whole blocks go to one side, never single chips."},
	{"split-by", NULL, OPTION_PARSED, "block|file|FIELD",
	 "blocks of ground, files, or areas with one value of this field of the boundary's layer (a county code, say)",
	 AT(split_by), .parse = parse_split_by, .choices = "block|file", .open = true, .otherwise = "block"},
	{"block-cells", NULL, OPTION_INTEGER, "N", "side of a block of ground in chips", AT(block_cells), .low = 1,
	 .high = 1e5},
	{"validate", NULL, OPTION_NUMBER, "SHARE", "of the chips, to choose settings by", AT(validate), .low = 0,
	 .high = 0.999},
	{"test", NULL, OPTION_NUMBER, "SHARE", "of the chips, that training never sees", AT(test), .low = 0,
	 .high = 0.999},
	{"validate-blocks", NULL, OPTION_WORDS, "A,B,...", "blocks that go there by name", AT(validate_blocks),
	 COUNT(validate_block_count), .most = MOST_BLOCKS},
	{"test-blocks", NULL, OPTION_WORDS, "A,B,...", "likewise", AT(test_blocks), COUNT(test_block_count),
	 .most = MOST_BLOCKS},
	{"chips and files", .kind = OPTION_HEADING},
	{"output", "o", OPTION_TEXT, "SET", "the folder of the set", AT(output), .thing = THING_FOLDER, .made = true,
	 .needed = "name an output folder with -o"},
	{"imagery", NULL, OPTION_OPERAND, "IMAGE", "the same as IMAGE alone", .thing = THING_IMAGERY},
	{"format", NULL, OPTION_CHOICE, .choice = LU_CHOICE_CHIP_FORMAT, .meaning = "of the chips", AT(format)},
	{"no-chips", NULL, OPTION_TRUE, NULL, "only the index", AT(no_chips)},
	CHIPS(TYPE),
	OVERWRITE_SET(TYPE, overwrite),
	THREADS(TYPE, threads, "threads that encode"),
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct lu_label_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_label(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_label = {
	"label",
	"make labelled chips from imagery and drawn or mapped labels",
	.usage = "[options] --reference FILE -o SET [--imagery] IMAGE...",
	.about = "Make a labelled chip set from one date's imagery and a land-cover raster (NLCD or like it) of any "
		 "CRS and "
		 "resolution, or polygons and points with a code.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.notes = "In SET: CLASS/rROW_cCOL.png; index.csv and index.gpkg (path, class, split, block, source, date, row, "
		 "col, "
		 "x, y, valid_share, purity, phash, weight); set.json, what it all comes from. Chips without a label "
		 "are "
		 "counted by reason, and codes that the scheme does not know by number.",
	.examples = "landuse label --reference nlcd_2016.tif --per-class 2000 -o set naip_2016/",
	.failed = "failed (also when no chip got a label)",
	.run = run,
};
