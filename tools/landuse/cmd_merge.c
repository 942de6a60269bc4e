/* cmd_merge.c: landuse merge JOB.yaml */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

static void init(void *options)
{
	lu_run_options_init(options);
}

static const struct option rows[] = {
	JOB_FILE(struct lu_run_options, ),
	JOB_OUTPUT(struct lu_run_options, ),
	JOB_THREADS(struct lu_run_options, ),
	JOB_ARITHMETIC(struct lu_run_options, ),
	CREATION(struct lu_run_options, ),
	JOB_JSON(struct lu_run_options, ),
	JOB_STATS(struct lu_run_options, ),
	JSON_LOG,
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	return run_job(arguments, lu_merge);
}

const struct command command_merge = {
	"merge",
	"make the outputs of a job whose shards are done",
	.about =
		"Check that every shard of a job's plan (landuse shard) is there, whole, of one plan and scored by one "
		"kind of processor, join their scores, and write the outputs: byte for byte those of landuse run on "
		"one "
		"machine. Shards that are missing or damaged are named as an array of jobs takes them: "
		"--array=3,17.\n\n"
		"What the shards left goes when the outputs are whole.",
	ROWS_OF(rows),
	sizeof(struct lu_run_options),
	.init = init,
	.examples = "landuse merge county.yaml",
	.done = "done or up to date",
	.failed = "shards are missing, or the outputs cannot be written",
	.alarmed = "done, and an alarm of the job fired",
	.has_job = true,
	.run = run,
};
