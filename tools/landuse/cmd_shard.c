/* cmd_shard.c: landuse shard JOB.yaml --count N */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_shard_options, place)

static void init(void *options)
{
	lu_shard_options_init(options);
}

static const struct option rows[] = {
	JOB_FILE(struct lu_shard_options, run.),
	{"count", "n", OPTION_INTEGER, "N", "how many shards, one a task of the cluster", AT(count), .low = 1,
	 .high = 100000, .needed = "say how many shards with --count N"},
	JOB_OUTPUT(struct lu_shard_options, run.),
	JOB_ARITHMETIC(struct lu_shard_options, run.),
	JSON_LOG,
	QUIET,
	VERBOSE,
};

static int run(struct arguments *arguments)
{
	struct lu_shard_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->run.hooks = terminal_begin(arguments);
	const enum lu_status status = lu_shard(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_shard = {
	"shard",
	"plan a job for many machines",
	.about = "Cut a county into shards for the machines of a cluster that share its folders: rows of cells with "
		 "even "
		 "work, of the dates whose scores are not kept. The plan goes into .shards of the output folder. Each "
		 "task of an array then runs landuse run --shard I/N, and landuse merge makes the outputs, byte for "
		 "byte "
		 "those of one machine.\n\n"
		 "Shards are numbered from 0. A plan that is there already stays, with what its shards have done.",
	ROWS_OF(rows),
	sizeof(struct lu_shard_options),
	.init = init,
	.notes = "config/slurm/county.sbatch does all three steps under Slurm, with requeues and partial retries; "
		 "docs/cluster.md has them for Kubernetes and for batch services of clouds. Options that change the "
		 "scores (--engine, --precision) are to be the same at every step.",
	.examples = "landuse shard county.yaml --count 8\n"
		    "landuse run --shard 0/8 county.yaml   # ... to 7/8, anywhere, in any order\n"
		    "landuse merge county.yaml",
	.has_job = true,
	.run = run,
};
