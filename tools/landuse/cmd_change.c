/* cmd_change.c: landuse change EARLIER.tif LATER.tif... -o DIR */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

struct request {
	struct lu_change_options change;
	size_t label_count;
};
#define AT(place) OPTION_AT(struct request, change.place)

static void init(void *options)
{
	lu_change_options_init(&((struct request *)options)->change);
}

static enum lu_status parse_smoothing(const char *text, void *to, void *options, struct lu_error *err)
{
	(void)to;
	return lu_smoothing_parse(text, &((struct request *)options)->change.smoothing, err);
}

static enum lu_status parse_unit(const char *text, void *to, void *options, struct lu_error *err)
{
	(void)to;
	return lu_mapping_unit_parse(text, &((struct request *)options)->change.smoothing, err);
}

static const struct option rows[] = {
	{"MAP.tif", NULL, OPTION_LIST, .meaning = "classified rasters, earliest first", AT(maps),
	 .count = offsetof(struct request, change.map_count), .positional = true, .least = 2, .most = 256,
	 .needed = "name two or more classified rasters, earliest first", .thing = THING_RASTER},
	OUTPUT_FOLDER(struct request, change.output),
	{"dates", NULL, OPTION_WORDS, "A,B,...", "a label for each raster", AT(labels),
	 .count = offsetof(struct request, label_count), .most = 256,
	 .otherwise = "its LANDUSE_DATE, else its file name"},
	{"pairs", NULL, OPTION_EITHER, .choices = "all|consecutive", .meaning = "which dates to compare",
	 AT(consecutive), .key = "pairs"},
	{"scheme", NULL, OPTION_TEXT, "NAME", "name the classes after this scheme, such as nlcd", AT(scheme),
	 .otherwise = "as the maps name them", .key = "scheme", .thing = THING_SCHEME},
	{"by-number", NULL, OPTION_TRUE,
	 .meaning = "go by the numbers of classes, though the maps call them by other names", AT(by_number)},
	{"tables-only", NULL, OPTION_TRUE,
	 .meaning = "no change rasters: the tables alone, much faster, of classes up to 65535", AT(tables_only)},
	BOUNDARY(struct request, change., "areas inside this polygon only, boundary cells by their share"),
	{"smooth", NULL, OPTION_PARSED, "plurality[:WEIGHT]",
	 "the votes of 3 x 3 cells; the centre has WEIGHT of them (default 1: a lone cell vanishes; 9: nothing "
	 "changes)",
	 AT(smoothing.method), .parse = parse_smoothing, .choices = "plurality", .open = true, .key = "smooth.method"},
	{"mmu", NULL, OPTION_PARSED, "N",
	 "minimum mapping unit: smaller patches go to the largest patch beside them; N cells, or hectares as in 0.5ha; "
	 "after --smooth, if both are named",
	 AT(smoothing.min_cells), .parse = parse_unit, .key = "smooth.minimum_mapping_unit"},
	{"corners", NULL, OPTION_TRUE, .meaning = "of --mmu: cells that touch by a corner are one patch",
	 AT(smoothing.corners), .key = "smooth.minimum_mapping_unit.corners"},
	{"zones", NULL, OPTION_TEXT, "FILE",
	 "polygons (towns, watersheds) that get tables of their own, and zones.gpkg", AT(zones), .key = "zones.path",
	 .thing = THING_VECTOR},
	{"zone-name", NULL, OPTION_TEXT, "FIELD", "of --zones: the field that names them", AT(zone_name),
	 .key = "zones.name"},
	{"zone-layer", NULL, OPTION_TEXT, "NAME", "of --zones: the layer, where there are several", AT(zone_layer),
	 .key = "zones.layer"},
	{"zone-where", NULL, OPTION_TEXT, "FILTER", "of --zones: which features, as in SQL", AT(zone_where),
	 .key = "zones.where"},
	CREATION(struct request, change.),
	THREADS(struct request, change.threads, "worker threads"),
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct request *request = arguments->options;
	struct lu_change_options *change = &request->change;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	if (change->labels != NULL && request->label_count != change->map_count)
		return usage_error(&command_change, "--dates names %zu dates for %zu rasters", request->label_count,
				   change->map_count);
	if (change->zones == NULL && (change->zone_layer != NULL || change->zone_where != NULL))
		return usage_error(&command_change, "--zone-layer and --zone-where need --zones");
	if ((change->zones == NULL) != (change->zone_name == NULL))
		return usage_error(&command_change, "--zones FILE and --zone-name FIELD go together");
	change->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_change(change, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_change = {
	"change",
	"compare classified maps already made",
	.usage = "[options] -o DIR EARLIER.tif LATER.tif [...]",
	.about =
		"Compare classified rasters already made (from landuse, NLCD, anyone's) in time order. They must share "
		"one grid and, where they tell it, class scheme, model, smoothing and normalisation. Writes a change "
		"raster for each pair, transitions.csv, class_areas.csv, change_summary.csv, the matrices and "
		"statistics.json.\n\n"
		"0, nodata and what a mask hides are not mapped. Classes that only one map has are in the tables of "
		"all; names and colours come from attribute tables, category names, palettes or a .qml beside a map.",
	ROWS_OF(rows),
	sizeof(struct request),
	.init = init,
	.notes =
		"Smoothed maps are written to DATE/landuse.tif (not with --tables-only), smoothing.csv and the summary "
		"tell what each step altered, and all rasters and tables are then of the smoothed maps. --mmu holds a "
		"whole map in memory, 20 bytes a cell and more.",
	.examples = "landuse change --dates 2001,2011 -o change nlcd_2001.tif nlcd_2011.tif\n"
		    "landuse change --mmu 1ha --zones towns.gpkg --zone-name TOWN -o change \\\n"
		    "    2001.tif 2011.tif",
	.run = run,
};
