/* cmd_tile.c: landuse tile IMAGE... -o DIR */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_tile_options
#define AT(place) OPTION_AT(TYPE, place)

static void init(void *options)
{
	lu_tile_options_init(options);
}

static const struct option rows[] = {
	{"IMAGE", NULL, OPTION_LIST,
	 .meaning =
		 "one date's imagery: files, globs, folders of quarter-quads, VRTs or /vsi paths; where they overlap, "
		 "the first that has data wins, so no ground is cut twice",
	 AT(chips.imagery), .count = offsetof(TYPE, chips.imagery_count), .positional = true, .least = 1,
	 .needed = "name the imagery", .thing = THING_IMAGERY},
	{"output", "o", OPTION_TEXT, "DIR", "the folder of the set", AT(output), .thing = THING_FOLDER, .made = true,
	 .needed = "name an output folder with -o"},
	{"format", NULL, OPTION_CHOICE, .choice = LU_CHOICE_CHIP_FORMAT,
	 .meaning = "of the chips; png and jpg take 1 or 3 bands and have no CRS", AT(format)},
	CHIPS(TYPE),
	OVERWRITE_SET(TYPE, overwrite),
	THREADS(TYPE, threads, "threads that encode"),
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct lu_tile_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_tile(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_tile = {
	"tile",
	"cut imagery into chips on disk, with an index",
	.about = "Cut one date's imagery into chips on disk, with an index of them. (run and classify need no chips on "
		 "disk.)",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.notes = "In DIR: chips/rROW_cCOL.tif; index.gpkg, a footprint a chip with its file, source, date (from the "
		 "source's "
		 "name), centre and valid share; index.csv, the same as a table, written last; set.json, what it all "
		 "comes "
		 "from. A stopped run goes on when it is started again.",
	.examples = "landuse tile --format png --boundary county.gpkg -o chips naip_2016/",
	.run = run,
};
