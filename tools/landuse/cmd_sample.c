/* cmd_sample.c: landuse sample MAP -o SAMPLE.gpkg */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

/* The library's options, and a shorter word for one of them. */
struct sample_words {
	struct lu_sample_options library;
	bool flags;
	const char *const *imagery; /* "DATE=PATH" */
	size_t imagery_count;
};
#define TYPE struct sample_words
#define AT(place) OPTION_AT(TYPE, library.place)

enum { MOST_DATES = 32 };

static void init(void *options)
{
	lu_sample_options_init(&((TYPE *)options)->library);
}

static enum lu_status parse_guesses(const char *text, void *to, void *options, struct lu_error *err)
{
	struct lu_class_number *guesses = NULL;
	const enum lu_status status =
		lu_class_numbers_parse(text, &guesses, &((TYPE *)options)->library.expected_accuracy_count, err);

	if (status == LU_OK)
		*(struct lu_class_number **)to = guesses;
	else if (status == LU_ERROR_ARGUMENT)
		snprintf(err->text, sizeof(err->text),
			 "expected accuracy is '%.200s', it should be a share from 0 to 1, or CLASS=SHARE,...", text);
	return status;
}

static void release_guesses(void *to)
{
	lu_class_numbers_free(*(struct lu_class_number **)to);
	*(struct lu_class_number **)to = NULL;
}

static const struct option rows[] = {
	{"MAP.tif", NULL, OPTION_LIST, .meaning = "a map, a change raster, or the maps of an earlier and a later date",
	 AT(maps), .count = offsetof(TYPE, library.map_count), .positional = true, .least = 1, .most = 2,
	 .needed = "name one map, or the maps of an earlier and a later date", .thing = THING_RASTER},
	{"output", "o", OPTION_TEXT, "FILE",
	 "the sample to write: .gpkg, or the cells alone as .fgb, .geojson or .parquet (where GDAL has it)", AT(output),
	 .thing = THING_VECTOR, .made = true, .needed = "name a sample to write with -o (sample.gpkg)"},
	{"overwrite", NULL, OPTION_TRUE, NULL, "replace one that is there, perhaps with labels", AT(overwrite)},
	{"strata", NULL, OPTION_CHOICE, .choice = LU_CHOICE_STRATA,
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
	 .low = 1e-4, .high = 0.5, .otherwise = OPTION_TEXT_OF(LU_SAMPLE_TARGET_SE)},
	{"allocation", NULL, OPTION_CHOICE, "RULE",
	 "how many of them in each stratum\n"
	 "proportional: by area; good for overall accuracy and areas\n"
	 "equal: the same number in each stratum; good for user's accuracy\n"
	 "neyman: most where area and uncertainty are; needs good guesses in --expected-accuracy",
	 AT(allocation), .choice = LU_CHOICE_ALLOCATION, .otherwise = "proportional; neyman with --probability"},
	{"expected-accuracy", NULL, OPTION_PARSED, "LIST",
	 "guesses of user's accuracy for --se and neyman: 0.85, or by class name or code Forest=0.95,402=0.6",
	 AT(expected_accuracy), .parse = parse_guesses, .release = release_guesses,
	 .otherwise = "0.9 for classes, 0.7 for changes"},
	{"min-per-stratum", NULL, OPTION_COUNT, "N", "at least N in each stratum", AT(minimum),
	 .has = offsetof(TYPE, library.has_minimum), .low = 0, .high = 1e6,
	 .otherwise = OPTION_TEXT_OF(LU_SAMPLE_MINIMUM) ", less if that were over half of the sample"},
	{"pool-below", NULL, OPTION_COUNT, "CELLS", "from-to pairs with fewer cells share one stratum, 'Other change'",
	 AT(pool_below), .low = 0, .high = 2e9},
	{"flags", NULL, OPTION_TRUE, NULL,
	 "a random check of flagged.tif (--strata flags): 93 of its cells; landuse assess then says how many of all "
	 "are real "
	 "at least (one wrong among 93, or four among --size 181, leave 95 % with 95 % confidence)",
	 OPTION_AT(TYPE, flags)},
	{"seed", NULL, OPTION_COUNT, "N", "of the draw", AT(seed), .low = 0, .high = 2e9},
	BOUNDARY(TYPE, library., "only inside this polygon (any OGR source)"),
	{"inside", NULL, OPTION_NUMBER, "SHARE",
	 "draw a cell when at least this share of it is inside; areas count every cell by its exact part inside",
	 AT(least_share), .low = 0, .high = 1},
	{"imagery", NULL, OPTION_LIST, "DATE=PATH",
	 "a picture of each cell at that date, in SAMPLE_pictures/, shown in the form; PATH as for landuse classify",
	 OPTION_AT(TYPE, imagery), .count = offsetof(TYPE, imagery_count), .most = MOST_DATES},
	JSON_LOG,
	QUIET,
};

/* "DATE=PATH" of each into 'out', the dates copied into 'dates'; false after saying what is wrong. */
static bool take_imagery(const TYPE *words, struct lu_dated_imagery *out, char dates[][64])
{
	for (size_t i = 0; i < words->imagery_count; i++) {
		const char *text = words->imagery[i], *equals = strchr(text, '=');
		const size_t length = equals != NULL ? (size_t)(equals - text) : 0;

		if (length == 0 || length >= sizeof(dates[0]) || equals[1] == '\0') {
			usage_error(&command_sample, "imagery is '%s', it should be DATE=PATH", text);
			return false;
		}
		memcpy(dates[i], text, length);
		dates[i][length] = '\0';
		out[i] = (struct lu_dated_imagery){dates[i], equals + 1};
	}
	return true;
}

static int run(struct arguments *arguments)
{
	struct lu_dated_imagery imagery[MOST_DATES];
	char dates[MOST_DATES][64];
	struct sample_words *words = arguments->options;
	struct lu_sample_options *options = &words->library;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	if (words->flags)
		options->strata = LU_STRATA_FLAGS;
	if (!take_imagery(words, imagery, dates))
		return EXIT_USAGE;
	options->imagery = imagery;
	options->imagery_count = words->imagery_count;
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
		"the same file; other formats have the strata's sizes by the cells' weights. The same map, options and "
		"seed give the same file, byte by byte.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
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
