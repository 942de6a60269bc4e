/* cmd_run.c: landuse run JOB.yaml */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse run [options] JOB.yaml\n"
	"\n"
	"Map a county: classify every date's imagery, write the maps as GeoTIFF, compare the dates and\n"
	"write change statistics. A job that was stopped (Ctrl-C, a crash, a full disk) goes on from its\n"
	"last finished block when it is run again.\n"
	"\n"
	"options:\n"
	"  --dry-run          print the plan (grid, chips, files, memory, time) and write nothing\n"
	"  --if-changed       do nothing when the outputs come from these very inputs and are as they were written\n"
	"                     (verdicts in GeoPackages, styles and statistics beside maps are yours to change)\n"
	"  -o, --output DIR   write here instead of the job's 'output'\n"
	"  -j, --threads N    OpenMP threads (default: the job's 'threads', else every core)\n"
	"  --engine NAME      onednn or blas (default: the job's, else the fastest that was built)\n"
	"  --precision NAME   auto, fp32, fp16, bf16 or int8 (default: the job's, else auto)\n"
	"  -q, --quiet        only warnings and errors on stderr\n"
	"  -v, --verbose      also details\n"
	"  -h, --help         this page\n"
	"\n"
	"A small job file (config/job.yaml explains every key):\n"
	"  county: {boundary: county.gpkg}\n"
	"  model: aerial-21\n"
	"  dates:\n"
	"    - {date: 2010, imagery: naip_2010/}\n"
	"    - {date: 2016, imagery: naip_2016.tif}\n"
	"  output: out\n"
	"\n"
	"In the output folder: DATE/landuse.tif and DATE/confidence.tif; EARLIER_LATER/change.tif with every\n"
	"difference, change_probability.tif, and flagged.tif with the differences that can be told from\n"
	"error, new_development.gpkg with places to look at; with three dates or more trajectory.tif,\n"
	"year_of_change.tif and DATE/landuse_smoothed.tif; statistics.json, its tables (.csv) and\n"
	"manifest.json. The summary goes to stdout, everything else to stderr.\n"
	"\n" EXIT_CODES_HELP("done or up to date", "failed");

static int run(int argc, char **argv)
{
	enum { DRY_RUN = 1, IF_CHANGED, OUTPUT, THREADS, ENGINE, PRECISION, QUIET, VERBOSE };
	static const struct option_spec specs[] = {
		{"--dry-run", 0, false, DRY_RUN}, {"--if-changed", 0, false, IF_CHANGED},
		{"--output", 'o', true, OUTPUT},  {"--threads", 'j', true, THREADS},
		{"--engine", 0, true, ENGINE},    {"--precision", 0, true, PRECISION},
		{"--quiet", 'q', false, QUIET},   {"--verbose", 'v', false, VERBOSE}};
	struct lu_run_options run_options = {0};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	struct options options = options_begin(&command_run, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		switch (id) {
		case DRY_RUN:
			run_options.dry_run = true;
			break;
		case IF_CHANGED:
			run_options.if_changed = true;
			break;
		case OUTPUT:
			run_options.output = options.value;
			break;
		case THREADS:
			if (!options_integer(&options, "--threads", 1, 1024, &run_options.threads))
				return EXIT_USAGE;
			break;
		case ENGINE:
			run_options.engine = options.value;
			break;
		case PRECISION:
			run_options.precision = options.value;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case VERBOSE:
			verbosity = VERBOSITY_DEBUG;
			break;
		case OPTION_POSITIONAL:
			if (run_options.job_path != NULL)
				return usage_error(&command_run, "one job file at a time, not also '%s'",
						   options.value);
			run_options.job_path = options.value;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (run_options.job_path == NULL)
		return usage_error(&command_run, "name a job file");
	run_options.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_run(&run_options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_run = {"run", "map a county from its job file", help, run};
