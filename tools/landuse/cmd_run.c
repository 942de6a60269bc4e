/* cmd_run.c: landuse run JOB.yaml */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_run_options, place)

static const struct option rows[] = {
	JOB_FILE(struct lu_run_options, ),
	{"dry-run", NULL, OPTION_TRUE,
	 .meaning = "print the plan (grid, chips, files, memory, time) and write nothing; with --if-changed, what "
		    "there is to do, and why",
	 AT(dry_run)},
	{"if-changed", NULL, OPTION_TRUE,
	 .meaning = "do nothing when the outputs come from these very inputs and are as they were written (reviews in "
		    "GeoPackages, styles and statistics beside maps are yours to change)",
	 AT(if_changed)},
	{"strict", NULL, OPTION_TRUE,
	 .meaning = "compare imagery with the former run's by every byte, not by size, times and a sample of bytes",
	 AT(strict)},
	{"shard", NULL, OPTION_TEXT, "I/N",
	 "score shard I of the N that landuse shard planned, and no more (I from 0); auto: I is what the cluster set, "
	 "in "
	 "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX",
	 AT(shard)},
	JOB_OUTPUT(struct lu_run_options, ),
	JOB_THREADS(struct lu_run_options, ),
	JOB_ARITHMETIC(struct lu_run_options, ),
	{"output-format", "of", OPTION_TEXT, "netCDF",
	 "also county.nc, the maps of all dates as one netCDF file after the CF conventions", AT(format),
	 .key = "netcdf"},
	CREATION(struct lu_run_options, ),
	JOB_JSON(struct lu_run_options, ),
	JOB_STATS(struct lu_run_options, ),
	JSON_LOG,
	QUIET,
	VERBOSE,
};

/*
 * "auto" and "auto/N" with the number that the cluster has set of this task, as the library takes it; false after saying
 * that there is none.
 */
static bool find_shard(const char **shard, char *text, size_t size)
{
	static const char *const names[] = {"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"};

	if (*shard == NULL || strncmp(*shard, "auto", 4) != 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *number = getenv(names[i]);
		if (number == NULL)
			continue;
		snprintf(text, size, "%s%s", number, *shard + 4);
		*shard = text;
		return true;
	}
	usage_error(&command_run, "--shard %s: none of %s, %s and %s is set: say --shard I/N", *shard, names[0],
		    names[1], names[2]);
	return false;
}

static int run(struct arguments *arguments)
{
	struct lu_run_options *options = arguments->options;
	char shard[64];

	return find_shard(&options->shard, shard, sizeof(shard)) ? run_job(arguments, lu_run) : EXIT_USAGE;
}

const struct command command_run = {
	"run",
	"map a county from its job file",
	.about = "Map a county: classify every date's imagery, write the maps as GeoTIFF, compare the dates and write "
		 "change statistics. A job that was stopped (Ctrl-C, a crash, a full disk) goes on from its last "
		 "finished "
		 "block when it is run again.\n\n"
		 "A small job file:\n\n"
		 "  county: {boundary: county.gpkg}\n"
		 "  model: aerial-21\n"
		 "  dates:\n"
		 "    - {date: 2010, imagery: naip_2010/}\n"
		 "    - {date: 2016, imagery: naip_2016.tif}\n"
		 "  output: out",
	ROWS_OF(rows),
	sizeof(struct lu_run_options),
	.notes =
		"In the output folder: DATE/landuse.tif and DATE/confidence.tif; EARLIER_LATER/change.tif with every "
		"difference, change_probability.tif, and flagged.tif with the differences that can be told from error, "
		"new_development.gpkg with places to look at; with three dates or more trajectory.tif, "
		"year_of_change.tif and DATE/landuse_consistent.tif; statistics.json, its tables (.csv) and "
		"manifest.json. The summary goes to stdout, everything else to stderr.",
	.examples = "landuse run --dry-run county.yaml\n"
		    "landuse run -j 8 county.yaml\n"
		    "landuse run --shard 3/8 county.yaml",
	.done = "done or up to date",
	.alarmed = "done, and an alarm of the job fired",
	.has_job = true,
	.run = run,
};
