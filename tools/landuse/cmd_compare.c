/* cmd_compare.c: landuse compare MAP REFERENCE.tif */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse compare [options] MAP.tif REFERENCE.tif\n"
	"\n"
	"Hold a map against a reference land-cover raster of another grid and CRS, such as NLCD: matrix\n"
	"(rows = map, columns = reference), overall agreement, user's and producer's agreement of every\n"
	"class, and the disagreement split into quantity, exchange and shift (Pontius & Santacruz 2014).\n"
	"Each cell of the map takes the reference class that covers most of it, after codes are merged\n"
	"into classes. Nothing is resampled beforehand.\n"
	"\n"
	"Agreement is not accuracy: the reference has errors of its own, and often another date and another\n"
	"idea of what a class is. For accuracy see landuse sample and landuse assess.\n"
	"\n"
	"options:\n"
	"  --scheme NAME     REFERENCE has NLCD codes; this scheme's 'nlcd' lists say which class each of\n"
	"                    them is (default: REFERENCE has the same codes as MAP)\n"
	"  --by-number       go by the numbers of classes, though MAP calls them by other names than\n"
	"                    REFERENCE or the scheme\n"
	"  --purity SHARE    compare only cells of which one reference class covers at least SHARE\n"
	"  --boundary FILE   only inside this polygon (any OGR source)\n"
	"  --layer NAME, --where FILTER   which features of it\n"
	"  --inside SHARE    take a cell when at least this share of it is inside (default 0.5)\n"
	"  --json            the result as JSON\n"
	"  -q, --quiet       only warnings and errors on stderr\n"
	"  -h, --help        this page\n"
	"\n"
	"example: landuse compare --scheme landcover-7 out/2016/landuse.tif nlcd_2016.tif\n"
	"\n"
	"Codes that the scheme does not know, cells beyond the reference and cells of classes that the\n"
	"scheme leaves out are counted, and not compared.\n"
	"\n" EXIT_CODES_HELP("done", "failed");

static int run(int argc, char **argv)
{
	enum { SCHEME = 1, PURITY, BOUNDARY, LAYER, WHERE, INSIDE, BY_NUMBER, JSON, QUIET };
	static const struct option_spec specs[] = {
		{"--scheme", 0, true, SCHEME},        {"--purity", 0, true, PURITY}, {"--boundary", 0, true, BOUNDARY},
		{"--layer", 0, true, LAYER},          {"--where", 0, true, WHERE},   {"--inside", 0, true, INSIDE},
		{"--by-number", 0, false, BY_NUMBER}, {"--json", 0, false, JSON},    {"--quiet", 'q', false, QUIET}};
	struct lu_compare_options compare = {0};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	int files = 0;
	bool good = true;
	struct options options = options_begin(&command_compare, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END && good; id = options_next(&options)) {
		switch (id) {
		case SCHEME:
			compare.scheme = options.value;
			break;
		case BY_NUMBER:
			compare.by_number = true;
			break;
		case PURITY:
			good = options_number(&options, "--purity", 0, 1, &compare.purity);
			break;
		case BOUNDARY:
			compare.boundary = options.value;
			break;
		case LAYER:
			compare.layer = options.value;
			break;
		case WHERE:
			compare.where = options.value;
			break;
		case INSIDE:
			good = options_number(&options, "--inside", 0, 1, &compare.least_share);
			compare.has_least_share = true;
			break;
		case JSON:
			compare.json = true;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
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
	if (files != 2)
		return usage_error(&command_compare, "name a map and a reference raster");
	compare.map = argv[0];
	compare.reference = argv[1];
	compare.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_compare(&compare, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_compare = {"compare", "agreement with a reference land-cover raster", help, run};
