/*
 * shard.c: a job's plan of shards, and one shard scored. The outputs are made of them by a run that merges (merge.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "catalog/token.h"
#include "commands/date_score.h"
#include "commands/run.h"
#include "commands/run_told.h"
#include "commands/token_command.h"
#include "runs/shard_plan.h"

/* Shards in lines of so many: a plan for a person. */
enum { LINES_SHOWN = 12 };

static enum lu_status describe_plan(const struct lu_county *county, const struct lu_shard_plan *plan, bool stays,
				    char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	int64_t most = 0;
	size_t dates = 0;
	const enum lu_status status = lu_text_begin(&stream, "the plan", err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < county->job->date_count; i++)
		dates += plan->dates[i];
	fprintf(stream.to, "%s: %zu shard%s of %zu date%s%s\n", county->job->output, plan->count,
		plan->count == 1 ? "" : "s", dates, dates == 1 ? "" : "s",
		stays ? ", as planned before: what they have done stays" : "");
	for (size_t s = 0; s < plan->count; s++) {
		most = plan->cells[s] > most ? plan->cells[s] : most;
		if (s < LINES_SHOWN || s + 1 == plan->count)
			fprintf(stream.to, "  %zu: rows %lld to %lld, %lld cells\n", s, (long long)plan->rows[s],
				(long long)plan->rows[s + 1] - 1, (long long)plan->cells[s]);
		else if (s == LINES_SHOWN)
			fprintf(stream.to, "  ...\n");
	}
	fprintf(stream.to, "the largest has %.2f times the cells of an even share\n",
		(double)most * (double)plan->count / (double)lu_coverage_cells(county->ground.coverage));
	return lu_text_finish(&stream, text, err);
}

/* Is the plan that is there this one? */
static bool is_there(const struct lu_county *county, const struct lu_shard_plan *plan)
{
	struct lu_shard_plan *found = NULL;
	const bool same =
		lu_shard_plan_read(county, &found, NULL) == LU_OK && strcmp(found->fingerprint, plan->fingerprint) == 0;

	lu_shard_plan_free(found);
	return same;
}

static enum lu_status keep_plan(const struct lu_county *county, const struct lu_shard_plan *plan, struct lu_error *err)
{
	char *folder = lu_shards_folder(county);
	enum lu_status status;

	LU_TRY(folder != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_shard_plan_remove(county, err));
	LU_TRY(lu_folder_make(folder, err));
	LU_TRY(lu_shard_plan_write(county, plan, err));
out:
	lu_free(folder);
	return status;
}

enum lu_status lu_shard(const struct lu_shard_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_job *job = NULL;
	struct lu_county *county = NULL;
	struct lu_shard_plan *plan = NULL;
	bool stays;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	if (options->count < 1)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".count = %d: 1 or more shards are expected", options->count);
	LU_TRY(lu_job_of_options(&options->run, &job, err));
	lu_token_run_by(lu_token_command);
	LU_TRY(lu_county_open(job, options->run.hooks, &county, err));
	LU_TRY(lu_shard_plan_make(county, (size_t)options->count, &plan, err));
	stays = is_there(county, plan);
	if (!stays)
		LU_TRY(keep_plan(county, plan, err));
	LU_TRY(describe_plan(county, plan, stays, &summary->text, err));
out:
	lu_shard_plan_free(plan);
	lu_county_close(county);
	lu_job_free(job);
	return status;
}

/* One shard at work. */
struct shard {
	const struct lu_job_run *run;
	struct lu_county *county;
	struct lu_shard_plan *plan;
	size_t number;
	char *folder;
	struct lu_lock *lock;
	struct lu_shard_record record;
};

/* Does the plan have the shard, and as many as were said? */
static enum lu_status take_number(struct shard *shard, int number, int of, struct lu_error *err)
{
	const size_t count = shard->plan->count;

	if (of > 0 && (size_t)of != count)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".shard = %d/%d: the plan in %s has %zu shards", number, of,
			       shard->county->job->output, count);
	if ((size_t)number >= count)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".shard = %d/%zu: the shards of the plan are 0 to %zu", number,
			       count, count - 1);
	shard->number = (size_t)number;
	return LU_OK;
}

/* What the shard has done before, by the same kind of processor, counts. */
static enum lu_status take_up(struct shard *shard, struct lu_error *err)
{
	struct lu_shard_record before = {0};
	enum lu_status status;

	shard->folder = lu_shard_folder(shard->county, shard->number);
	LU_TRY(shard->folder != NULL ? lu_folder_make(shard->folder, err)
				     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_lock_take(shard->folder, &shard->lock, err));
	if (lu_lock_taken_over(shard->lock) != NULL)
		lu_log(shard->run->hooks, LU_LEVEL_INFO, "shard %zu died (%s): this one takes over", shard->number,
		       lu_lock_taken_over(shard->lock));
	LU_TRY(lu_folder_sweep(shard->folder, err));
	LU_TRY(lu_shard_record_new(shard->county, &shard->record, err));
	if (lu_shard_record_read(shard->county, shard->plan, shard->number, &before) &&
	    strcmp(before.processor, shard->record.processor) == 0) {
		lu_shard_record_release(&shard->record);
		shard->record = before;
		before = (struct lu_shard_record){0};
	}
out:
	lu_shard_record_release(&before);
	return status;
}

static enum lu_status score_date(struct shard *shard, size_t i, struct lu_run_summary *summary, struct lu_error *err)
{
	const int64_t *rows = &shard->plan->rows[shard->number];
	char fingerprint[LU_SHA256_HEX];
	const struct lu_date_score score = {.county = shard->county,
					    .date = i,
					    .first_row = rows[0],
					    .work = shard->folder,
					    .fingerprint = fingerprint,
					    .hooks = shard->run->hooks};
	struct lu_score_result result = {0};
	struct lu_store *store = NULL;
	enum lu_status status;

	LU_TRY(lu_shard_fingerprint(shard->county, i, shard->plan, shard->number, shard->record.processor, fingerprint,
				    err));
	LU_TRY(lu_date_store_open(&score, rows[1] - rows[0], &store, err));
	if (lu_store_left(store) > 0)
		LU_TRY(lu_date_score(&score, &store, &result, err));
	LU_TRY(lu_store_sync(store, err));
	shard->record.chips[i] += result.chips;
	shard->record.seconds[i] += result.seconds;
	summary->chips += result.chips;
out:
	lu_store_close(store);
	return status;
}

static enum lu_status score_dates(struct shard *shard, struct lu_run_summary *summary, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_dates_normalise(shard->county, shard->run->hooks, err));
	for (size_t i = 0; i < shard->county->job->date_count; i++)
		if (shard->plan->dates[i])
			LU_TRY(score_date(shard, i, summary, err));
	LU_TRY(lu_shard_record_write(shard->county, shard->plan, shard->number, &shard->record, err));
out:
	return status;
}

enum lu_status lu_job_shard(const struct lu_job_run *run, int shard, int count, struct lu_run_summary *summary,
			    struct lu_error *err)
{
	struct shard own = {.run = run};
	const double clock = lu_seconds_now();
	enum lu_status status;

	if (run->dry_run || run->if_changed || run->strict || run->stats)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       ".shard = %d: goes without .dry_run, .if_changed, .strict and .stats (the merge does "
			       "what they ask)",
			       shard);
	lu_token_run_by(lu_token_command);
	LU_TRY(lu_county_open(run->job, run->hooks, &own.county, err));
	LU_TRY(lu_shard_plan_read(own.county, &own.plan, err));
	LU_TRY(take_number(&own, shard, count, err));
	LU_TRY(take_up(&own, err));
	LU_TRY(score_dates(&own, summary, err));
	summary->seconds = lu_seconds_now() - clock;
	summary->text = lu_sprintf("shard %zu of %zu (from 0): rows %lld to %lld, %llu chips in %.1f s\n", own.number,
				   own.plan->count, (long long)own.plan->rows[own.number],
				   (long long)own.plan->rows[own.number + 1] - 1, (unsigned long long)summary->chips,
				   summary->seconds);
	LU_TRY(summary->text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary"));
	if (run->json)
		LU_TRY(lu_run_wrap("shard", run->job->output, &summary->text, err));
out:
	lu_shard_record_release(&own.record);
	lu_lock_drop(own.lock);
	lu_free(own.folder);
	lu_shard_plan_free(own.plan);
	lu_county_close(own.county);
	return status;
}
