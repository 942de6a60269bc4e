/* cmd_tile.c: landuse tile IMAGE... -o DIR */
#include <stdio.h>

#include "chip_flags.h"

static const char help[] =
	"usage: landuse tile [options] -o DIR IMAGE...\n"
	"\n"
	"Cut one date's imagery into chips on disk, with an index of them. IMAGE is one or more files,\n"
	"globs, folders of quarter-quads, VRTs or /vsi paths; where they overlap, the first that has data\n"
	"wins, so no ground is cut twice. (run and classify need no chips on disk.)\n"
	"\n"
	"options:\n"
	"  -o, --output DIR       the folder of the set (needed)\n"
	"  --format tif|png|jpg   of the chips (default tif; png and jpg take 1 or 3 bands and have no "
	"CRS)\n" CHIP_FLAGS_HELP
	"  --overwrite            use a folder that holds something else; a former chip set in it goes\n"
	"  -j, --threads N        threads that encode (default: every core)\n"
	"  -q, --quiet            only warnings and errors on stderr\n"
	"  -h, --help             this page\n"
	"\n"
	"In DIR: chips/rROW_cCOL.tif; index.gpkg, a footprint a chip with its file, source, date (from the\n"
	"source's name), centre and valid share; index.csv, the same as a table, written last; set.json,\n"
	"what it all comes from. A stopped run goes on when it is started again.\n"
	"\n"
	"example: landuse tile --format png --boundary county.gpkg -o chips naip_2016/\n"
	"\n" EXIT_CODES_HELP("done", "failed");

static int run(int argc, char **argv)
{
	enum { OUTPUT = CHIP_FLAGS_END, FORMAT, OVERWRITE, THREADS, QUIET };
	static const struct option_spec specs[] = {CHIP_FLAGS,
						   {"--output", 'o', true, OUTPUT},
						   {"--format", 0, true, FORMAT},
						   {"--overwrite", 0, false, OVERWRITE},
						   {"--threads", 'j', true, THREADS},
						   {"--quiet", 'q', false, QUIET}};
	struct lu_tile_options tile = {0};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	struct chip_flags flags;
	enum verbosity verbosity = VERBOSITY_NORMAL;
	int files = 0;
	struct options options = options_begin(&command_tile, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		bool good = true;
		switch (id) {
		case OUTPUT:
			tile.output = options.value;
			break;
		case FORMAT:
			tile.format = options.value;
			break;
		case OVERWRITE:
			tile.overwrite = true;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case THREADS:
			good = options_integer(&options, "--threads", 1, 1024, &tile.threads);
			break;
		case OPTION_POSITIONAL:
			argv[files++] = argv[options.at - 1]; /* files move to the front; argv[0] is done with */
			break;
		case OPTION_BAD:
			return EXIT_USAGE;
		default:
			good = chip_flags_take(&options, id, &flags, &tile.chips);
			break;
		}
		if (!good)
			return EXIT_USAGE;
	}
	if (files == 0)
		return usage_error(&command_tile, "name the imagery");
	if (tile.output == NULL)
		return usage_error(&command_tile, "name an output folder with -o");
	tile.chips.imagery = (const char *const *)argv;
	tile.chips.imagery_count = (size_t)files;
	terminal_without_job();
	tile.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_tile(&tile, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_tile = {"tile", "cut imagery into chips on disk, with an index", help, run};
