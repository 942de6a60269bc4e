/* cmd_sample.c: landuse sample MAP -o SAMPLE.gpkg */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse sample [options] -o SAMPLE.gpkg MAP.tif\n"
	"       landuse sample [options] -o SAMPLE.gpkg EARLIER.tif LATER.tif\n"
	"\n"
	"Design a validation sample: cells drawn at random from each class of a map, or from each kind of\n"
	"change (of a change.tif, or between the maps of two dates). Whoever labels these cells by looking\n"
	"at imagery can say how accurate the map is, and what the areas really are: landuse assess.\n"
	"\n"
	"SAMPLE.gpkg opens in QGIS with a form: 'reference' is a drop-down list of the classes, and what the\n"
	"map says is hidden, so that it does not lead the eye. Cells to be labelled are red, labelled ones\n"
	"green. The first part of the list is a sample, too, for those who cannot label all of it.\n"
	"The design (sizes of the strata, seed, allocation, the map's SHA-256) is in the tables design,\n"
	"design_classes and design_facts of the same file. The same map, options and seed give the same\n"
	"file, byte by byte.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE        the GeoPackage to write (needed); --overwrite to replace one\n"
	"  --strata class|change    what the strata are (default: what the maps are; 'change' for a raster\n"
	"                           of before*100+after codes that does not say so itself)\n"
	"  --scheme NAME            name the classes after this scheme (default: as the map names them)\n"
	"  --by-number              go by the numbers of classes, though the maps call them by other names\n"
	"  --size N                 how many cells\n"
	"  --se S                   as many cells as a standard error S of overall accuracy needs\n"
	"                           (default 0.01; Olofsson et al. 2014, eq. 13)\n"
	"  --allocation RULE        proportional (default): by area; good for overall accuracy and areas\n"
	"                           equal: the same number in each stratum; good for user's accuracy\n"
	"                           neyman: most where area and uncertainty are; needs good guesses below\n"
	"  --expected-accuracy LIST guesses of user's accuracy for --se and neyman: 0.85, or by class name\n"
	"                           or code Forest=0.95,402=0.6 (default 0.9 for classes, 0.7 for changes)\n"
	"  --min-per-stratum N      at least N in each stratum (default 50, less if that were over half\n"
	"                           of the sample)\n"
	"  --pool-below CELLS       from-to pairs with fewer cells share one stratum, 'Other change'\n"
	"  --seed N                 of the draw (default 1)\n"
	"  --boundary FILE          only inside this polygon (any OGR source)\n"
	"  --layer NAME, --where FILTER   which features of it\n"
	"  --inside SHARE           draw a cell when at least this share of it is inside (default 0.5;\n"
	"                           areas count every cell by its exact part inside)\n"
	"  --imagery DATE=PATH      a picture of each cell at that date, in SAMPLE_pictures/, shown in the\n"
	"                           form; PATH as for landuse classify; may be repeated\n"
	"  -q, --quiet              only warnings and errors on stderr\n"
	"  -h, --help               this page\n"
	"\n"
	"examples:\n"
	"  landuse sample --boundary county.gpkg -o sample.gpkg out/2016/landuse.tif\n"
	"  landuse sample --se 0.015 --pool-below 200 --imagery 2010=naip_2010/ --imagery 2016=naip_2016/ \\\n"
	"      -o change_sample.gpkg out/2010_2016/change.tif\n"
	"\n"
	"Cells of a stratum have the same chance, whatever their area: on grids in degrees, where cells\n"
	"shrink towards the pole, that is right within a county and not across a continent.\n"
	"\n" EXIT_CODES_HELP("done", "failed");

enum {
	OUTPUT = 1,
	OVERWRITE,
	STRATA,
	SCHEME,
	SIZE,
	SE,
	ALLOCATION,
	EXPECTED,
	MINIMUM,
	POOL,
	SEED,
	BOUNDARY,
	LAYER,
	WHERE,
	INSIDE,
	IMAGERY,
	BY_NUMBER,
	QUIET
};
enum { MOST_IMAGERY = 32 };

static int run(int argc, char **argv)
{
	static const struct option_spec specs[] = {{"--output", 'o', true, OUTPUT},
						   {"--overwrite", 0, false, OVERWRITE},
						   {"--strata", 0, true, STRATA},
						   {"--scheme", 0, true, SCHEME},
						   {"--size", 0, true, SIZE},
						   {"--se", 0, true, SE},
						   {"--allocation", 0, true, ALLOCATION},
						   {"--expected-accuracy", 0, true, EXPECTED},
						   {"--min-per-stratum", 0, true, MINIMUM},
						   {"--pool-below", 0, true, POOL},
						   {"--seed", 0, true, SEED},
						   {"--boundary", 0, true, BOUNDARY},
						   {"--layer", 0, true, LAYER},
						   {"--where", 0, true, WHERE},
						   {"--inside", 0, true, INSIDE},
						   {"--imagery", 0, true, IMAGERY},
						   {"--by-number", 0, false, BY_NUMBER},
						   {"--quiet", 'q', false, QUIET}};
	static const char *imagery[MOST_IMAGERY];
	struct lu_sample_options sample = {.seed = 1, .imagery = imagery};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	int files = 0, whole = 0;
	bool good = true;
	struct options options = options_begin(&command_sample, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END && good; id = options_next(&options)) {
		switch (id) {
		case OUTPUT:
			sample.output = options.value;
			break;
		case OVERWRITE:
			sample.overwrite = true;
			break;
		case STRATA:
			sample.strata = options.value;
			break;
		case SCHEME:
			sample.scheme = options.value;
			break;
		case BY_NUMBER:
			sample.by_number = true;
			break;
		case ALLOCATION:
			sample.allocation = options.value;
			break;
		case EXPECTED:
			sample.expected_accuracy = options.value;
			break;
		case BOUNDARY:
			sample.boundary = options.value;
			break;
		case LAYER:
			sample.layer = options.value;
			break;
		case WHERE:
			sample.where = options.value;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case SIZE:
			good = options_integer(&options, "--size", 1, 10000000, &whole);
			sample.size = (uint64_t)whole;
			break;
		case SE:
			good = options_number(&options, "--se", 1e-4, 0.5, &sample.target_se);
			break;
		case MINIMUM:
			good = options_integer(&options, "--min-per-stratum", 0, 1000000, &whole);
			sample.minimum = (uint64_t)whole;
			sample.has_minimum = true;
			break;
		case POOL:
			good = options_integer(&options, "--pool-below", 0, 2000000000, &whole);
			sample.pool_below = (uint64_t)whole;
			break;
		case SEED:
			good = options_integer(&options, "--seed", 0, 2000000000, &whole);
			sample.seed = (uint64_t)whole;
			break;
		case INSIDE:
			good = options_number(&options, "--inside", 0, 1, &sample.least_share);
			sample.has_least_share = true;
			break;
		case IMAGERY:
			if (sample.imagery_count == MOST_IMAGERY)
				return usage_error(&command_sample, "at most %d --imagery", MOST_IMAGERY);
			imagery[sample.imagery_count++] = options.value;
			break;
		case OPTION_POSITIONAL:
			argv[files++] = argv[options.at - 1]; /* files move to the front; argv[0] is done with */
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (!good)
		return EXIT_USAGE;
	if (files < 1 || files > 2)
		return usage_error(&command_sample, "name one map, or the maps of an earlier and a later date");
	if (sample.output == NULL)
		return usage_error(&command_sample, "name a GeoPackage to write with -o");
	sample.maps = (const char *const *)argv;
	sample.map_count = (size_t)files;
	sample.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_sample(&sample, &summary, &err);
	if (status != LU_OK)
		return terminal_fail(&err);
	terminal_end();
	say_words(stdout, summary.text, "", true);
	lu_text_free(summary.text);
	return EXIT_DONE;
}

const struct command command_sample = {"sample", "design a validation sample of a map or of change", help, run};
