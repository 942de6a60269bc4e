/* cmd_run.c: landuse run JOB.yaml */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_run_options, place)

static const struct option rows[] = {
	{"JOB.yaml", NULL, OPTION_TEXT, .meaning = "the job file; config/job.yaml explains every key", AT(job_path),
	 .positional = true, .least = 1, .needed = "name a job file", .thing = THING_FILE},
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
	{"output", "o", OPTION_TEXT, "DIR", "write here", AT(output), .otherwise = "the job's", .key = "output",
	 .thing = THING_FOLDER, .made = true},
	{"threads", "j", OPTION_INTEGER, "N", "worker threads", AT(threads), .low = 1, .high = 1024,
	 .otherwise = "the job's, else every core", .key = "threads"},
	{"engine", NULL, OPTION_TEXT, "NAME", "what runs the network: onednn or blas", AT(engine),
	 .choices = "onednn|blas", .otherwise = "the job's, else the fastest that was built", .key = "engine"},
	{"precision", NULL, OPTION_TEXT, "NAME", "its arithmetic: auto, fp32, fp16, bf16 or int8", AT(precision),
	 .choices = "auto|fp32|fp16|bf16|int8", .otherwise = "the job's, else auto", .key = "precision"},
	{"json", NULL, OPTION_TRUE, NULL, "the summary as a JSON object on stdout", AT(json)},
	{"json-log", NULL, OPTION_JSON_LOG,
	 .meaning = "say what happens as events on stderr, a JSON object a line: start, log, stage, progress, result"},
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	struct lu_run_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->command = arguments->words;
	options->command_count = arguments->word_count;
	options->hooks = arguments->json_log ? json_log_begin(arguments) : terminal_begin(arguments->verbosity);
	const enum lu_status status = lu_run(options, &summary, &err);
	const int code = status != LU_OK ? terminal_code(&err) : summary.alarms > 0 ? EXIT_ALARM : EXIT_DONE;
	if (arguments->json_log)
		json_log_finish(code, summary.text, status != LU_OK ? &err : NULL);
	if (status == LU_OK || !arguments->json_log)
		terminal_finish(status, summary.text, &err);
	return code;
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
		    "landuse run -j 8 county.yaml",
	.done = "done or up to date",
	.alarmed = "done, and an alarm of the job fired",
	.has_job = true,
	.run = run,
};
