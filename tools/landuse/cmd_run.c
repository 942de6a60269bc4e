/* cmd_run.c: landuse run JOB.yaml */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_run_options, place)

static void init(void *options)
{
	lu_run_options_init(options);
}

/* "I/N", "I"; "auto" and "auto/N" with the number that the cluster has set of this task. */
static enum lu_status parse_shard(const char *text, void *to, void *options, struct lu_error *err)
{
	static const char *const names[] = {"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"};
	struct lu_run_options *run = options;
	const bool automatic = strncmp(text, "auto", 4) == 0;
	const char *number = NULL;
	char whole[64];

	(void)to;
	for (size_t i = 0; automatic && number == NULL && i < sizeof(names) / sizeof(names[0]); i++)
		number = getenv(names[i]);
	if (automatic && number == NULL) {
		err->status = LU_ERROR_ARGUMENT;
		snprintf(err->text, sizeof(err->text), "--shard %.20s: none of %s, %s and %s is set: say --shard I/N",
			 text, names[0], names[1], names[2]);
		return err->status;
	}
	snprintf(whole, sizeof(whole), "%s%s", automatic ? number : "", automatic ? text + 4 : text);
	return lu_shard_parse(whole, &run->shard, &run->shard_count, err);
}

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
	{"shard", NULL, OPTION_PARSED, "I/N",
	 "score shard I of the N that landuse shard planned, and no more (I from 0); auto: I is what the cluster set, "
	 "in "
	 "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX",
	 AT(shard), .parse = parse_shard},
	JOB_OUTPUT(struct lu_run_options, ),
	JOB_THREADS(struct lu_run_options, ),
	JOB_ARITHMETIC(struct lu_run_options, ),
	{"output-format", "of", OPTION_TEXT, "FORMAT",
	 "also netCDF: county.nc, the maps of all dates as one file after the CF conventions; or GeoJSON, FlatGeobuf, "
	 "Parquet "
	 "(where GDAL has it): the layers of county.gpkg as files of their own in vectors/",
	 AT(output_format), .key = "vectors"},
	CREATION(struct lu_run_options, ),
	JOB_JSON(struct lu_run_options, ),
	JOB_STATS(struct lu_run_options, ),
	JSON_LOG,
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	return run_job(arguments, lu_run);
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
	.init = init,
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
