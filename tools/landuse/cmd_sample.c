/* cmd_sample.c: landuse sample MAP -o SAMPLE.gpkg */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

/* The library's options, and a shorter word for one of them. */
struct sample_words {
	struct lu_sample_options library;
	bool flags;
};
#define TYPE struct sample_words
#define AT(place) OPTION_AT(TYPE, library.place)

static const struct option rows[] = {
	{"MAP.tif", NULL, OPTION_LIST, .meaning = "a map, a change raster, or the maps of an earlier and a later date",
	 AT(maps), .count = offsetof(TYPE, library.map_count), .positional = true, .least = 1, .most = 2,
	 .needed = "name one map, or the maps of an earlier and a later date", .thing = THING_RASTER},
	{"output", "o", OPTION_TEXT, "FILE", "the GeoPackage to write", AT(output), .thing = THING_VECTOR, .made = true,
	 .needed = "name a GeoPackage to write with -o"},
	{"overwrite", NULL, OPTION_TRUE, NULL, "replace one that is there, perhaps with labels", AT(overwrite)},
	{"strata", NULL, OPTION_TEXT, .choices = "class|change|probability|flags",
	 .meaning = "what the strata are; 'change' for a raster of before*100+after codes that does not say so itself; "
		    "'probability' for bins of --probability; 'flags' for one of flags, drawn from as one list",
	 AT(strata), .otherwise = "what the maps are; bins of --probability, if it is given"},
	{"probability", NULL, OPTION_TEXT, "FILE",
	 "change_probability.tif of the same dates: labels go where change is open; landuse assess is helped by it",
	 AT(probability), .thing = THING_RASTER},
	{"growth", NULL, OPTION_TEXT, "CLASS",
	 "draw for the growth of this class, and say what standard error to expect of it", AT(growth),
	 .otherwise = "for the area that changed", .needs = "probability"},
	{"scheme", NULL, OPTION_TEXT, "NAME", "name the classes after this scheme", AT(scheme),
	 .otherwise = "as the map names them", .key = "scheme", .thing = THING_SCHEME},
	{"by-number", NULL, OPTION_TRUE, NULL, "go by the numbers of classes, though the maps call them by other names",
	 AT(by_number)},
	{"size", NULL, OPTION_COUNT, "N", "how many cells", AT(size), .low = 1, .high = 1e7,
	 .otherwise = "by --se; 500 with strata of probability"},
	{"se", NULL, OPTION_NUMBER, "S",
	 "as many cells as a standard error S of overall accuracy needs (Olofsson et al. 2014, eq. 13)", AT(target_se),
	 .low = 1e-4, .high = 0.5, .otherwise = "0.01"},
	{"allocation", NULL, OPTION_TEXT, "RULE",
	 "how many of them in each stratum\n"
	 "proportional: by area; good for overall accuracy and areas\n"
	 "equal: the same number in each stratum; good for user's accuracy\n"
	 "neyman: most where area and uncertainty are; needs good guesses in --expected-accuracy",
	 AT(allocation), .choices = "proportional|equal|neyman",
	 .otherwise = "proportional; neyman with --probability"},
	{"expected-accuracy", NULL, OPTION_TEXT, "LIST",
	 "guesses of user's accuracy for --se and neyman: 0.85, or by class name or code Forest=0.95,402=0.6",
	 AT(expected_accuracy), .otherwise = "0.9 for classes, 0.7 for changes"},
	{"min-per-stratum", NULL, OPTION_COUNT, "N", "at least N in each stratum", AT(minimum),
	 .has = offsetof(TYPE, library.has_minimum), .low = 0, .high = 1e6,
	 .otherwise = "50, less if that were over half of the sample"},
	{"pool-below", NULL, OPTION_COUNT, "CELLS", "from-to pairs with fewer cells share one stratum, 'Other change'",
	 AT(pool_below), .low = 0, .high = 2e9},
	{"flags", NULL, OPTION_TRUE, NULL,
	 "a random check of flagged.tif (--strata flags): 93 of its cells; landuse assess then says how many of all "
	 "are real "
	 "at least (one wrong among 93, or four among --size 181, leave 95 % with 95 % confidence)",
	 OPTION_AT(TYPE, flags)},
	{"seed", NULL, OPTION_COUNT, "N", "of the draw", AT(seed), .low = 0, .high = 2e9, .preset = "1"},
	BOUNDARY(TYPE, library., "only inside this polygon (any OGR source)"),
	{"inside", NULL, OPTION_NUMBER, "SHARE",
	 "draw a cell when at least this share of it is inside; areas count every cell by its exact part inside",
	 AT(least_share), .has = offsetof(TYPE, library.has_least_share), .low = 0, .high = 1, .otherwise = "0.5"},
	{"imagery", NULL, OPTION_LIST, "DATE=PATH",
	 "a picture of each cell at that date, in SAMPLE_pictures/, shown in the form; PATH as for landuse classify",
	 AT(imagery), .count = offsetof(TYPE, library.imagery_count), .most = 32},
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct sample_words *words = arguments->options;
	struct lu_sample_options *options = &words->library;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	if (words->flags)
		options->strata = "flags";
	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_sample(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_sample = {
	"sample",
	"design a validation sample of a map or of change",
	.usage = "[options] -o SAMPLE.gpkg MAP.tif\n"
		 "[options] -o SAMPLE.gpkg EARLIER.tif LATER.tif",
	.about =
		"Design a validation sample: cells drawn at random from each class of a map, or from each kind of "
		"change "
		"(of a change.tif, or between the maps of two dates). Whoever labels these cells by looking at imagery "
		"can say how accurate the map is, and what the areas really are: landuse assess.\n\n"
		"SAMPLE.gpkg opens in QGIS with a form: 'reference' is a drop-down list of the classes, and what the "
		"map "
		"says is hidden, so that it does not lead the eye. Cells to be labelled are red, labelled ones green. "
		"The "
		"first part of the list is a sample, too, for those who cannot label all of it. The design (sizes of "
		"the "
		"strata, seed, allocation, the map's SHA-256) is in the tables design, design_classes and design_facts "
		"of "
		"the same file. The same map, options and seed give the same file, byte by byte.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.notes =
		"Cells of a stratum have the same chance, whatever their area: on grids in degrees, where cells shrink "
		"towards the pole, that is right within a county and not across a continent.",
	.examples = "landuse sample --boundary county.gpkg -o sample.gpkg out/2016/landuse.tif\n"
		    "landuse sample --flags -o check.gpkg out/2010_2016/flagged.tif\n"
		    "landuse sample --se 0.015 --pool-below 200 --imagery 2010=naip_2010/ \\\n"
		    "    --imagery 2016=naip_2016/ -o change_sample.gpkg out/2010_2016/change.tif",
	.has_job = true,
	.run = run,
};
