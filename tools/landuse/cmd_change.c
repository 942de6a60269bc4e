/* cmd_change.c: landuse change EARLIER.tif LATER.tif... -o DIR */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse change [options] -o DIR EARLIER.tif LATER.tif [...]\n"
	"\n"
	"Compare classified rasters already made (from landuse, NLCD, anyone's) in time order. They must\n"
	"share one grid and, where they tell it, class scheme, model, smoothing and normalisation. Writes a\n"
	"change raster for each pair, transitions.csv, class_areas.csv, change_summary.csv, the matrices and\n"
	"statistics.json.\n"
	"0, nodata and what a mask hides are not mapped. Classes that only one map has are in the tables of\n"
	"all; names and colours come from attribute tables, category names, palettes or a .qml beside a map.\n"
	"\n"
	"options:\n"
	"  -o, --output DIR     the output folder (needed)\n"
	"  --dates A,B,...      a label for each raster (default: its LANDUSE_DATE, else its file name)\n"
	"  --boundary FILE      areas inside this polygon only, boundary cells by their share\n"
	"  --layer NAME, --where FILTER   which features of it\n"
	"  --pairs all|consecutive        which dates to compare (default all)\n"
	"  --scheme NAME        name the classes after this scheme, such as nlcd (default: as the maps name\n"
	"                       them)\n"
	"  --by-number          go by the numbers of classes, though the maps call them by other names\n"
	"  --tables-only        no change rasters: the tables alone, much faster, of classes up to 65535\n"
	"  --smooth plurality[:WEIGHT]    the votes of 3 x 3 cells; the centre has WEIGHT of them (default 1: a\n"
	"                       lone cell vanishes; 9: nothing changes)\n"
	"  --mmu N              minimum mapping unit: smaller patches go to the largest patch beside them; N\n"
	"                       cells, or hectares as in 0.5ha; after --smooth, if both are named\n"
	"  --corners            of --mmu: cells that touch by a corner are one patch\n"
	"  --zones FILE         polygons (towns, watersheds) that get tables of their own, and zones.gpkg\n"
	"  --zone-name FIELD    the field that names them (needed with --zones)\n"
	"  --zone-layer NAME, --zone-where FILTER   which features of FILE\n"
	"  -j, --threads N      threads (default: every core)\n"
	"  -q, --quiet          only warnings and errors on stderr\n"
	"  -h, --help           this page\n"
	"\n"
	"Smoothed maps are written to DATE/landuse.tif (not with --tables-only), smoothing.csv and the\n"
	"summary tell what each step altered, and all rasters and tables are then of the smoothed maps.\n"
	"--mmu holds a whole map in memory, 20 bytes a cell and more.\n"
	"\n"
	"examples:\n"
	"  landuse change --dates 2001,2011 -o change nlcd_2001.tif nlcd_2011.tif\n"
	"  landuse change --mmu 1ha --zones towns.gpkg --zone-name TOWN -o change 2001.tif 2011.tif\n"
	"\n" EXIT_CODES_HELP("done", "failed");

enum { MOST_MAPS = 256 };

static int run(int argc, char **argv)
{
	enum {
		OUTPUT = 1,
		DATES,
		BOUNDARY,
		LAYER,
		WHERE,
		PAIRS,
		TABLES_ONLY,
		SMOOTH,
		MMU,
		CORNERS,
		SCHEME,
		BY_NUMBER,
		ZONES,
		ZONE_NAME,
		ZONE_LAYER,
		ZONE_WHERE,
		THREADS,
		QUIET
	};
	static const struct option_spec specs[] = {{"--output", 'o', true, OUTPUT},
						   {"--dates", 0, true, DATES},
						   {"--boundary", 0, true, BOUNDARY},
						   {"--layer", 0, true, LAYER},
						   {"--where", 0, true, WHERE},
						   {"--pairs", 0, true, PAIRS},
						   {"--tables-only", 0, false, TABLES_ONLY},
						   {"--smooth", 0, true, SMOOTH},
						   {"--mmu", 0, true, MMU},
						   {"--corners", 0, false, CORNERS},
						   {"--scheme", 0, true, SCHEME},
						   {"--by-number", 0, false, BY_NUMBER},
						   {"--zones", 0, true, ZONES},
						   {"--zone-name", 0, true, ZONE_NAME},
						   {"--zone-layer", 0, true, ZONE_LAYER},
						   {"--zone-where", 0, true, ZONE_WHERE},
						   {"--threads", 'j', true, THREADS},
						   {"--quiet", 'q', false, QUIET}};
	struct lu_change_options change = {0};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	const char *label_of[MOST_MAPS];
	size_t label_count = 0;
	int files = 0;
	struct options options = options_begin(&command_change, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		switch (id) {
		case OUTPUT:
			change.output = options.value;
			break;
		case BOUNDARY:
			change.boundary = options.value;
			break;
		case LAYER:
			change.layer = options.value;
			break;
		case WHERE:
			change.where = options.value;
			break;
		case TABLES_ONLY:
			change.tables_only = true;
			break;
		case SMOOTH:
			change.smooth = options.value;
			break;
		case MMU:
			change.mmu = options.value;
			break;
		case CORNERS:
			change.corners = true;
			break;
		case SCHEME:
			change.scheme = options.value;
			break;
		case BY_NUMBER:
			change.by_number = true;
			break;
		case ZONES:
			change.zones = options.value;
			break;
		case ZONE_NAME:
			change.zone_name = options.value;
			break;
		case ZONE_LAYER:
			change.zone_layer = options.value;
			break;
		case ZONE_WHERE:
			change.zone_where = options.value;
			break;
		case THREADS:
			if (!options_integer(&options, "--threads", 1, 1024, &change.threads))
				return EXIT_USAGE;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case DATES:
			if (!options_words(&options, "--dates", label_of, MOST_MAPS, &label_count))
				return EXIT_USAGE;
			change.labels = label_of;
			break;
		case PAIRS:
			if (!options_either(&options, "--pairs", "all", "consecutive", &change.consecutive))
				return EXIT_USAGE;
			break;
		case OPTION_POSITIONAL:
			argv[files++] = argv[options.at - 1]; /* files move to the front; argv[0] is done with */
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (files < 2)
		return usage_error(&command_change, "name two or more classified rasters, earliest first");
	if (files > MOST_MAPS)
		return usage_error(&command_change, "at most %d rasters", MOST_MAPS);
	if (change.labels != NULL && label_count != (size_t)files)
		return usage_error(&command_change, "--dates names %zu dates for %d rasters", label_count, files);
	if ((change.zones == NULL) != (change.zone_name == NULL))
		return usage_error(&command_change, "--zones FILE and --zone-name FIELD go together");
	if (change.zones == NULL && (change.zone_layer != NULL || change.zone_where != NULL))
		return usage_error(&command_change, "--zone-layer and --zone-where need --zones");
	if (change.output == NULL)
		return usage_error(&command_change, "name an output folder with -o");
	change.maps = (const char *const *)argv;
	change.map_count = (size_t)files;
	change.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_change(&change, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_change = {"change", "compare classified maps already made", help, run};
