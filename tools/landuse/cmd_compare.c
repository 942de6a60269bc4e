/* cmd_compare.c: landuse compare MAP REFERENCE.tif */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_compare_options
#define AT(place) OPTION_AT(TYPE, place)

static void init(void *options)
{
	lu_compare_options_init(options);
}

static const struct option rows[] = {
	{"MAP.tif", NULL, OPTION_TEXT, .meaning = "the map", AT(map), .positional = true, .least = 1,
	 .needed = "name a map and a reference raster", .thing = THING_RASTER},
	{"REFERENCE.tif", NULL, OPTION_TEXT, .meaning = "the reference raster, of any grid and CRS", AT(reference),
	 .positional = true, .least = 1, .needed = "name a map and a reference raster", .thing = THING_RASTER},
	{"scheme", NULL, OPTION_TEXT, "NAME",
	 "REFERENCE has NLCD codes; this scheme's 'nlcd' lists say which class each of them is", AT(scheme),
	 .otherwise = "REFERENCE has the same codes as MAP", .thing = THING_SCHEME},
	{"codes", NULL, OPTION_TEXT, "NAME",
	 "with --scheme: REFERENCE has the codes of this table, by name or file: annual-nlcd, ccap, cdl, massgis-2005",
	 AT(codes), .otherwise = "NLCD's"},
	{"by-number", NULL, OPTION_TRUE,
	 .meaning = "go by the numbers of classes, though MAP calls them by other names than REFERENCE or the scheme",
	 AT(by_number)},
	{"purity", NULL, OPTION_NUMBER, "SHARE",
	 "compare only cells of which one reference class covers at least SHARE", AT(purity), .low = 0, .high = 1},
	BOUNDARY(TYPE, , "only inside this polygon (any OGR source)"),
	{"inside", NULL, OPTION_NUMBER, "SHARE", "take a cell when at least this share of it is inside",
	 AT(least_share), .low = 0, .high = 1},
	{"json", NULL, OPTION_TRUE, .meaning = "the result as JSON", AT(json)},
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct lu_compare_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_compare(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_compare = {
	"compare",
	"agreement with a reference land-cover raster",
	.about =
		"Compare a map with a reference land-cover raster of another grid and CRS, such as NLCD: matrix (rows "
		"= "
		"map, columns = reference), overall agreement, user's and producer's agreement of every class, and the "
		"disagreement split into quantity, exchange and shift (Pontius & Santacruz 2014). Each cell of the map "
		"takes the reference class that covers most of it, after codes are merged into classes. Nothing is "
		"resampled beforehand.\n\n"
		"Agreement is not accuracy: the reference has errors of its own, and often another date and another "
		"idea of what a class is. For accuracy see landuse sample and landuse assess.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.notes = "Codes that the scheme does not know, cells beyond the reference and cells of classes that the scheme "
		 "leaves out are counted, and not compared.",
	.examples = "landuse compare --scheme landcover-7 out/2016/landuse.tif nlcd_2016.tif",
	.run = run,
};
