/*
 * run.h: a job from its opened county to its outputs.
 */
#ifndef LU_COMMANDS_RUN_H
#define LU_COMMANDS_RUN_H

#include "job/job_file.h"
#include "landuse/commands.h"

struct lu_run_log; /* run_log.h */

struct lu_job_run {
	const struct lu_job *job;
	bool dry_run, if_changed, strict, json, stats; /* as of lu_run */
	bool merge; /* scores come from shards */
	struct lu_run_log *log; /* NULL: none */
	bool flat; /* one date, its maps right in the output folder: landuse classify */
	const char *const *command; /* as of lu_run */
	size_t command_count;
	const struct lu_hooks *hooks;
};
/* The job of these options, of which its own keys give way to those that are given. */
enum lu_status lu_job_of_options(const struct lu_run_options *options, struct lu_job **out, struct lu_error *err);

/* The job's creation options are these, where there are any; LU_ERROR_ARGUMENT: GDAL does not take one. */
enum lu_status lu_job_set_creation(struct lu_job *job, const char *const *options, size_t count, struct lu_error *err);

/* Score shard 'shard' of the 'count' (0: however many) of the plan in the job's output folder. */
enum lu_status lu_job_shard(const struct lu_job_run *run, int shard, int count, struct lu_run_summary *summary,
			    struct lu_error *err);

enum lu_status lu_job_run(const struct lu_job_run *run, struct lu_run_summary *summary, struct lu_error *err);

#endif
