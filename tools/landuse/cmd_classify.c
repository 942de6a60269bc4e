/* cmd_classify.c: landuse classify IMAGERY... -o DIR */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse classify [options] -o DIR IMAGERY...\n"
	"\n"
	"Classify one date without a job file. IMAGERY is one or more files, globs, folders of quarter-quads,\n"
	"VRTs or /vsi paths; where they overlap, the first that has data wins. Writes DIR/landuse.tif and\n"
	"DIR/confidence.tif, one pixel a chip.\n"
	"\n"
	"options:\n"
	"  -o, --output DIR        the output folder (needed)\n"
	"  --date LABEL            the date that the map states, and that landuse change calls it by\n"
	"  --model NAME            model package, by name or folder (default aerial-21)\n"
	"  --scheme NAME           class scheme, by name or file (default: the model's own)\n"
	"  --boundary FILE         map only cells that touch this polygon (any OGR source)\n"
	"  --layer NAME, --where FILTER   which features of it\n"
	"  -b, --bands 1,2,3       bands in the model's order (default: by the file's tags, or the first ones)\n"
	"  --nodata VALUE|none     instead of what the files say; none: every pixel is data\n"
	"  --range LOW,HIGH        raw values of 16-bit imagery that become 0 and 255\n"
	"  --crs CRS, --resolution R      the grid (default: the first file's)\n"
	"  --stride PX             pixels from cell to cell (default: the chip, 224)\n"
	"  --min-valid SHARE       map a cell when this share of its chip has data (default 0.9)\n"
	"  --accept-gsd-mismatch   imagery and model differ over 2x in ground sample distance: go on\n"
	"  --probabilities         also write probabilities.tif, one band a class\n"
	"  --engine NAME, --precision NAME, -j, --threads N, -q, --quiet, -v, --verbose   as in landuse run\n"
	"  -h, --help              this page\n"
	"\n"
	"example: landuse classify -o out --accept-gsd-mismatch m_4709963_se_14_1_20200831.tif\n"
	"\n" EXIT_CODES_HELP("done", "failed");

enum {
	OUTPUT = 1,
	DATE,
	MODEL,
	SCHEME,
	BOUNDARY,
	LAYER,
	WHERE,
	BANDS,
	NODATA,
	RANGE,
	CRS,
	RESOLUTION,
	STRIDE,
	MIN_VALID,
	ACCEPT_GSD,
	PROBABILITIES,
	ENGINE,
	PRECISION,
	THREADS,
	QUIET,
	VERBOSE
};

static bool set_bands(const struct options *options, int *bands, size_t *count)
{
	double numbers[64];

	if (!options_numbers(options, "--bands", numbers, 64, count))
		return false;
	for (size_t i = 0; i < *count; i++)
		bands[i] = (int)numbers[i];
	return true;
}

static int run(int argc, char **argv)
{
	static const struct option_spec specs[] = {{"--output", 'o', true, OUTPUT},
						   {"--date", 0, true, DATE},
						   {"--model", 0, true, MODEL},
						   {"--scheme", 0, true, SCHEME},
						   {"--boundary", 0, true, BOUNDARY},
						   {"--layer", 0, true, LAYER},
						   {"--where", 0, true, WHERE},
						   {"--bands", 'b', true, BANDS},
						   {"--nodata", 0, true, NODATA},
						   {"--range", 0, true, RANGE},
						   {"--crs", 0, true, CRS},
						   {"--resolution", 0, true, RESOLUTION},
						   {"--stride", 0, true, STRIDE},
						   {"--min-valid", 0, true, MIN_VALID},
						   {"--accept-gsd-mismatch", 0, false, ACCEPT_GSD},
						   {"--probabilities", 0, false, PROBABILITIES},
						   {"--engine", 0, true, ENGINE},
						   {"--precision", 0, true, PRECISION},
						   {"--threads", 'j', true, THREADS},
						   {"--quiet", 'q', false, QUIET},
						   {"--verbose", 'v', false, VERBOSE}};
	struct lu_classify_options classify = {.model = "aerial-21"};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	int bands[64], files = 0;
	double range[2];
	bool good = true;
	struct options options = options_begin(&command_classify, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END && good; id = options_next(&options)) {
		switch (id) {
		case OUTPUT:
			classify.output = options.value;
			break;
		case DATE:
			classify.date = options.value;
			break;
		case MODEL:
			classify.model = options.value;
			break;
		case SCHEME:
			classify.scheme = options.value;
			break;
		case BOUNDARY:
			classify.boundary = options.value;
			break;
		case LAYER:
			classify.layer = options.value;
			break;
		case WHERE:
			classify.where = options.value;
			break;
		case NODATA:
			classify.nodata = options.value;
			break;
		case CRS:
			classify.crs = options.value;
			break;
		case ENGINE:
			classify.engine = options.value;
			break;
		case PRECISION:
			classify.precision = options.value;
			break;
		case ACCEPT_GSD:
			classify.accept_gsd_mismatch = true;
			break;
		case PROBABILITIES:
			classify.probabilities = true;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case VERBOSE:
			verbosity = VERBOSITY_DEBUG;
			break;
		case BANDS:
			good = set_bands(&options, bands, &classify.band_count);
			classify.bands = bands;
			break;
		case RANGE:
			good = options_range(&options, "--range", range, &classify.range);
			break;
		case RESOLUTION:
			good = options_number(&options, "--resolution", 1e-9, 1e6, &classify.resolution);
			break;
		case STRIDE:
			good = options_integer(&options, "--stride", 1, 4096, &classify.stride_px);
			break;
		case MIN_VALID:
			good = options_number(&options, "--min-valid", 1e-6, 1, &classify.min_valid);
			break;
		case THREADS:
			good = options_integer(&options, "--threads", 1, 1024, &classify.threads);
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
	if (files == 0)
		return usage_error(&command_classify, "name the imagery");
	if (classify.output == NULL)
		return usage_error(&command_classify, "name an output folder with -o");
	classify.imagery = (const char *const *)argv;
	classify.imagery_count = (size_t)files;
	terminal_without_job();
	classify.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_classify(&classify, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_classify = {"classify", "classify one date's imagery, without a job file", help, run};
