/*
 * run.c: a job: score every date, then make of the maps what pipeline.h says.
 *
 * Scores live in OUTPUT/.work until the outputs are whole; a job that stops before leaves them
 * there for the next one.
 */
#include "catalog/token.h"
#include "commands/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "change/change_layers.h"
#include "change/package_errors.h"
#include "commands/date_score.h"
#include "commands/file_sums.h"
#include "commands/merge.h"
#include "commands/notify.h"
#include "commands/pipeline.h"
#include "commands/run_history.h"
#include "commands/run_log.h"
#include "commands/run_told.h"
#include "commands/token_command.h"
#include "grid/cover.h"
#include "job/output_names.h"
#include "runs/describe_county.h"
#include "runs/alarms.h"
#include "runs/changes.h"
#include "runs/county_metadata.h"
#include "runs/manifest.h"
#include "runs/shard_plan.h"
#include "runs/stale.h"
#include "maps/products.h"
#include "raster/map.h"
#include "raster/stack.h"
#include "raster/vector_format.h"

/* What a running job holds. */
struct stages {
	const struct lu_job_run *run;
	struct lu_county *county;
	char *work; /* OUTPUT/.work */
	struct lu_store **stores; /* one a date */
	struct lu_score_rows **rows; /* one a date */
	struct lu_pipeline pipeline; /* what becomes of them */
	struct lu_shards *shards; /* that other machines have scored; NULL: none are wanted */
	struct lu_manifest_date *dates; /* what each took */
	struct lu_manifest *former; /* of the run before; NULL: there is none */
	struct lu_redo *redo; /* what products are made of, and which are kept */
	bool keeps; /* those that are there as they would be made */
	struct lu_new_patches news; /* what of the layers that run did not have */
	struct lu_file_sum *sums; /* of the inputs, where they were wanted at once; else NULL */
	bool *exchanged; /* one a date: its imagery has other bytes than then; NULL as 'sums' */
	uint64_t chips;
	double scoring_seconds;
	struct lu_run_stats stats;
	time_t started;
	double clock; /* lu_seconds_now at that moment */
};

/* What the job says of its maps, for all that is made of them. */
static void describe_maps(struct stages *stages)
{
	struct lu_county *county = stages->county;
	const struct lu_job *job = county->job;

	stages->pipeline =
		(struct lu_pipeline){.output = job->output,
				     .labels = county->labels,
				     .dates = job->date_count,
				     .pairs = job->pairs,
				     .cells = &county->grid.cells,
				     .ground = &county->ground,
				     .zones = county->zones,
				     .smoothing = &job->smooth,
				     .inputs = &county->inputs,
				     .rasters = true,
				     .flat = stages->run->flat,
				     .county = county,
				     .hooks = stages->run->hooks,
				     .statistics = {.unit = county->job->units,
						    .county_name = county->name,
						    .chip_px = county->grid.chip_px,
						    .stride_px = lu_grid_stride(&county->grid),
						    .scheme_name = county->scheme->name,
						    .scheme_version = county->scheme->version,
						    .model_name = county->model->name,
						    .model_sha256 = county->model->sha256},
				     .outputs = {.threads = county->threads,
						 .creation_options = (const char *const *)job->creation_options,
						 .creation_option_count = job->creation_option_count}};
}

/* Open the scores of date 'i'. */
static enum lu_status open_scores(struct stages *stages, const struct lu_date_score *score, struct lu_error *err)
{
	const int64_t rows = stages->county->grid.cells.height;
	struct lu_store **store = &stages->stores[score->date];
	enum lu_status status;

	LU_TRY(lu_date_store_open(score, rows, store, err));
	if (stages->exchanged != NULL && stages->exchanged[score->date]) {
		lu_store_remove(*store);
		*store = NULL;
		LU_TRY(lu_date_store_open(score, rows, store, err));
	}
out:
	return status;
}

/* The scores of date 'i': what is kept, what shards have made, else what the network says. */
static enum lu_status score_date(struct stages *stages, size_t i, struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	const struct lu_date_score score = {.county = county,
					    .date = i,
					    .work = stages->work,
					    .fingerprint = county->fingerprints[i],
					    .hooks = stages->run->hooks};
	struct lu_score_result result = {.cells = (uint64_t)lu_coverage_cells(county->ground.coverage)};
	struct lu_store **store = &stages->stores[i];
	enum lu_status status;

	LU_TRY(open_scores(stages, &score, err));
	if (stages->shards != NULL)
		LU_TRY(lu_shards_join(stages->shards, i, *store, &result, err));
	if (lu_store_left(*store) > 0)
		LU_TRY(lu_date_score(&score, store, &result, err));
	stages->dates[i] = (struct lu_manifest_date){.chips = result.chips, .seconds = result.seconds};
	stages->chips += result.chips;
	stages->scoring_seconds += result.seconds;
	stages->stats.reading += result.processor.reading;
	stages->stats.network += result.processor.network;
	stages->stats.writing += result.processor.storing;
	LU_TRY(lu_score_rows_new(*store, county->regroup, county->grid.cells.width, &stages->rows[i], err));
	LU_TRY(lu_date_check(&score, *store, &result, err));
out:
	return status;
}

/* The outputs are whole. */
static enum lu_status write_manifest(struct stages *stages, const char *fingerprint, struct lu_manifest *former,
				     struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	struct lu_manifest_run run = {.fingerprint = fingerprint,
				      .redo = stages->redo,
				      .command = stages->run->command,
				      .command_count = stages->run->command_count,
				      .dates = stages->dates,
				      .started = stages->started,
				      .clock = stages->clock};
	char *versions = NULL;
	enum lu_status status;

	LU_TRY(lu_versions(true, &versions, err));
	if (stages->sums == NULL)
		LU_TRY(lu_input_sums(&county->inputs, former, county->threads, stages->run->hooks, &stages->sums, err));
	run.versions = versions;
	run.sums = stages->sums;
	LU_TRY(lu_manifest_write(stages->pipeline.output, county, &run, &stages->pipeline.outputs, err));
out:
	lu_free(versions);
	return status;
}

/* All dates are scored: the maps are what the network says of each cell. */
static enum lu_status write_outputs(struct stages *stages, const char *fingerprint, struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	struct lu_pipeline *pipeline = &stages->pipeline;
	struct lu_manifest *former = NULL;
	enum lu_status status;

	pipeline->stores = stages->stores;
	for (size_t i = 0; i < pipeline->dates; i++) {
		pipeline->raw[i] = lu_score_rows_source(stages->rows[i]);
		lu_county_metadata(county, i, &pipeline->origins[i].metadata);
	}
	LU_TRY(lu_pipeline_smooth(pipeline, err));
	LU_TRY(lu_products_go_on(stages->run->hooks, true, err));
	/* What stops between here and the new manifest leaves files of two jobs: nobody may vouch for them. */
	LU_TRY(lu_manifest_withdraw(pipeline->output, &former, err));
	LU_TRY(lu_run_news_remember(stages->county, former, &stages->news, err));
	LU_TRY(lu_pipeline_write(pipeline, err));
	LU_TRY(lu_stale_remove(pipeline->output, county->job, former, &county->inputs, &pipeline->outputs,
			       stages->run->hooks, err));
	LU_TRY(write_manifest(stages, fingerprint, former, err));
out:
	lu_manifest_free(former);
	return status;
}

/* The outputs are whole: scores stay for the next run where the job wants it, and those of no date of it go. */
static void remove_work(struct stages *stages)
{
	const struct lu_job *job = stages->county->job;

	for (size_t i = 0; i < job->date_count; i++) {
		lu_log(stages->run->hooks, LU_LEVEL_DEBUG, "%s: the scores were read %.1f times",
		       stages->county->labels[i], lu_store_passes(stages->stores[i]));
		if (job->keep_scores)
			lu_store_close(stages->stores[i]);
		else
			lu_store_remove(stages->stores[i]);
		stages->stores[i] = NULL;
	}
	lu_store_sweep(stages->work, stages->county->labels, job->keep_scores ? job->date_count : 0);
	rmdir(stages->work); /* stays when something else is in it */
}

static enum lu_status prepare(struct stages *stages, struct lu_error *err)
{
	const size_t dates = stages->county->job->date_count;
	struct lu_pipeline *pipeline = &stages->pipeline;
	enum lu_status status;

	LU_TRY(lu_pipeline_open(pipeline, err));
	stages->work = lu_path_join(pipeline->output, LU_WORK_FOLDER);
	pipeline->work = stages->work;
	LU_TRY(stages->work != NULL ? lu_folder_make(stages->work, err)
				    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_legend_of_scheme(stages->county->scheme, &pipeline->legend, err));
	if (stages->county->job->min_confidence > 0)
		LU_TRY(lu_legend_add_uncertain(&pipeline->legend, err));
	LU_TRY(lu_alloc(&stages->stores, dates, sizeof(struct lu_store *), "dates", err));
	LU_TRY(lu_alloc(&stages->rows, dates, sizeof(struct lu_score_rows *), "dates", err));
	LU_TRY(lu_alloc(&stages->dates, dates, sizeof(*stages->dates), "dates", err));
out:
	return status;
}

/* What the run before says of itself, and where every byte is to be looked at, which imagery is another one since. */
static enum lu_status look_back(struct stages *stages, struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	const char *output = county->job->output;
	enum lu_status status = LU_OK;

	/* Ground that could not be read is tried again, and no fingerprint tells whether it can be now. */
	stages->keeps = stages->run->if_changed && county->job->on_read_error != LU_READ_ERROR_SKIPS;
	lu_manifest_read(output, LU_MANIFEST_NAME, &stages->former, NULL); /* one that is damaged knows nothing */
	if (stages->former == NULL)
		lu_manifest_read(output, LU_MANIFEST_FORMER, &stages->former, NULL);
	if (!stages->run->strict)
		goto out;
	LU_TRY(lu_alloc(&stages->exchanged, county->job->date_count, sizeof(*stages->exchanged), "dates", err));
	LU_TRY(lu_input_sums(&county->inputs, NULL, county->threads, stages->run->hooks, &stages->sums, err));
	LU_TRY(lu_changes_exchanged(county, stages->former, stages->sums, stages->exchanged, err));
	for (size_t i = 0; i < county->job->date_count; i++)
		stages->keeps &= !stages->exchanged[i]; /* which fingerprints do not see */
out:
	if (status == LU_OK)
		status = lu_redo_new(county, stages->former, stages->keeps, &stages->redo, err);
	stages->pipeline.outputs.keeper = status == LU_OK ? lu_redo_keeper(stages->redo) : NULL;
	return status;
}

/* Is there nothing to do? '*reasons' are lines that say what there is, "" or NULL where that is a first run. */
static enum lu_status is_current(struct stages *stages, const char *fingerprint, bool *current, char **reasons,
				 struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	char why[LU_MANIFEST_WHY] = "", *lines = NULL;
	bool exchanged = false;
	enum lu_status status;

	for (size_t i = 0; i < county->job->date_count && stages->exchanged != NULL; i++)
		exchanged |= stages->exchanged[i];
	*current = (stages->run->if_changed || stages->run->merge) && !exchanged &&
		   lu_manifest_current(county->job->output, fingerprint, why);
	if (*current)
		return LU_OK;
	LU_TRY(lu_changes_tell(county, stages->former, stages->exchanged, stages->keeps ? stages->redo : NULL, &lines,
			       err));
	*reasons = lu_sprintf("%s%s%s", why, why[0] != '\0' ? "\n" : "", lines);
	if (*reasons == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the reasons");
out:
	lu_free(lines);
	return status;
}

static void log_lines(const struct lu_hooks *hooks, enum lu_level level, char *lines)
{
	char *rest = NULL;

	for (char *line = strtok_r(lines, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		lu_log(hooks, level, "%s", line);
}

/* The outputs are whole without it. */
static void record_run(struct stages *stages, const char *fingerprint, size_t fired)
{
	const struct lu_run_record record = {.county = stages->county,
					     .fingerprint = fingerprint,
					     .command = stages->run->command,
					     .command_count = stages->run->command_count,
					     .dates = stages->dates,
					     .statistics = &stages->pipeline.statistics,
					     .news = &stages->news,
					     .chips = stages->chips,
					     .outputs = stages->pipeline.outputs.count,
					     .alarms = fired,
					     .seconds = lu_seconds_now() - stages->clock};
	struct lu_error err = {0};

	if (!stages->run->flat && lu_run_history_append(stages->pipeline.output, &record, &err) != LU_OK)
		lu_log(stages->run->hooks, LU_LEVEL_WARNING, "this run is not in " LU_RUN_HISTORY ": %s", err.text);
}

static enum lu_status tell(struct stages *stages, const char *alarms, size_t fired, char **text, struct lu_error *err)
{
	const struct lu_run_told told = {.county = stages->county,
					 .pipeline = &stages->pipeline,
					 .dates = stages->dates,
					 .news = &stages->news,
					 .alarms = alarms,
					 .fired = fired,
					 .chips = stages->chips,
					 .scoring_seconds = stages->scoring_seconds,
					 .seconds = lu_seconds_now() - stages->clock,
					 .stats = stages->run->stats ? &stages->stats : NULL};
	char *end = NULL;
	enum lu_status status;

	LU_TRY(lu_run_tell_end(&told, &end, err));
	LU_TRY(lu_run_tell(&told, stages->run->json, text, err));
	lu_run_log_add(stages->run->log, "", end);
out:
	lu_free(end);
	return status;
}

static enum lu_status do_all(struct stages *stages, const char *fingerprint, struct lu_run_summary *summary,
			     struct lu_error *err)
{
	char *alarms = NULL;
	size_t fired = 0;
	enum lu_status status;

	LU_TRY(prepare(stages, err));
	if (stages->run->log != NULL)
		LU_TRY(lu_run_log_open(stages->run->log, stages->county->job->output, stages->county->job->log, err));
	LU_TRY(lu_dates_normalise(stages->county, stages->run->hooks, err));
	LU_TRY(lu_county_look(stages->county, false, stages->run->hooks, err));
	for (size_t i = 0; i < stages->county->job->date_count; i++)
		LU_TRY(score_date(stages, i, err));
	stages->stats.writing -= lu_process_seconds();
	LU_TRY(write_outputs(stages, fingerprint, err));
	stages->stats.writing += lu_process_seconds();
	LU_TRY(lu_run_news_find(stages->county, &stages->news, err));
	LU_TRY(lu_alarms_find(stages->county->job, &stages->pipeline.statistics, &stages->news, &fired, &alarms, err));
	summary->alarms = fired;
	record_run(stages, fingerprint, fired);
	LU_TRY(tell(stages, alarms, fired, &summary->text, err));
	log_lines(stages->run->hooks, LU_LEVEL_WARNING, alarms);
	remove_work(stages);
	if (stages->shards != NULL)
		LU_TRY(lu_shard_plan_remove(stages->county, err));
out:
	lu_free(alarms);
	return status;
}

static enum lu_status plan_text(struct stages *stages, const char *reasons, char **text, struct lu_error *err)
{
	char *plan = NULL;
	enum lu_status status;

	LU_TRY(lu_county_describe(stages->county, &stages->pipeline.names, &plan, err));
	*text = stages->run->if_changed && reasons[0] != '\0' ? lu_sprintf("to do\n%s\n%s", reasons, plan)
							      : lu_strdup(plan);
	if (*text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the plan");
out:
	lu_free(plan);
	return status;
}

static enum lu_status run_stages(struct stages *stages, struct lu_run_summary *summary, struct lu_error *err)
{
	char fingerprint[LU_SHA256_HEX], *reasons = NULL;
	enum lu_status status;

	LU_TRY(lu_manifest_fingerprint(stages->county, fingerprint, err));
	LU_TRY(look_back(stages, err));
	LU_TRY(is_current(stages, fingerprint, &summary->up_to_date, &reasons, err));
	if (summary->up_to_date) {
		if (stages->run->merge)
			LU_TRY(lu_shard_plan_remove(stages->county, err));
		summary->text = lu_sprintf("%s: up to date\n", stages->county->job->output);
		LU_TRY(summary->text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary"));
		if (stages->run->json)
			LU_TRY(lu_run_wrap("", stages->county->job->output, &summary->text, err));
	} else if (stages->run->dry_run) {
		LU_TRY(lu_county_look(stages->county, true, stages->run->hooks, err));
		LU_TRY(plan_text(stages, reasons, &summary->text, err));
		if (stages->run->json)
			LU_TRY(lu_run_wrap("plan", stages->county->job->output, &summary->text, err));
	} else {
		if (stages->run->merge)
			LU_TRY(lu_shards_open(stages->county, stages->run->hooks, &stages->shards, err));
		log_lines(stages->run->hooks, LU_LEVEL_INFO, reasons);
		LU_TRY(do_all(stages, fingerprint, summary, err));
	}
out:
	lu_free(reasons);
	summary->chips = stages->chips;
	summary->seconds = lu_seconds_now() - stages->clock;
	return status;
}

static enum lu_status run_job(const struct lu_job_run *run, struct lu_run_summary *summary, struct lu_error *err)
{
	struct stages stages = {.run = run, .started = time(NULL), .clock = lu_seconds_now()};
	double *allow = NULL;
	enum lu_status status;

	lu_token_run_by(lu_token_command);
	LU_TRY(lu_county_open(run->job, run->hooks, &stages.county, err));
	/* A class misspelt in 'change' is found now, not after an hour of scoring. */
	LU_TRY(lu_change_allow(&run->job->change, stages.county->scheme, &allow, err));
	LU_TRY(lu_change_layers_check(&run->job->change, stages.county->scheme, err));
	LU_TRY(lu_package_errors_check(&stages.county->job->change, stages.county->model, err));
	LU_TRY(lu_alarms_check(run->job, stages.county->scheme, err));
	describe_maps(&stages);
	LU_TRY(lu_pipeline_plan(&stages.pipeline, err));
	LU_TRY(run_stages(&stages, summary, err));
out:
	lu_free(allow);
	for (size_t i = 0; i < run->job->date_count; i++) {
		if (stages.rows != NULL)
			lu_score_rows_free(stages.rows[i]);
		if (stages.stores != NULL)
			lu_store_close(stages.stores[i]);
	}
	lu_free(stages.rows);
	lu_free(stages.stores);
	lu_free(stages.dates);
	lu_free(stages.sums);
	lu_free(stages.exchanged);
	lu_redo_free(stages.redo);
	lu_manifest_free(stages.former);
	lu_new_patches_release(&stages.news);
	lu_shards_free(stages.shards);
	lu_free(stages.work);
	lu_pipeline_release(&stages.pipeline);
	lu_county_close(stages.county);
	return status;
}

enum lu_status lu_job_run(const struct lu_job_run *run, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_job_run logged = *run;
	const struct lu_job *job = run->job;
	struct lu_error own = {0};
	enum lu_status status;

	err = err != NULL ? err : &own;
	if (job->log != NULL && !run->dry_run)
		LU_TRY(lu_run_log_new(run->hooks, &logged.log, &logged.hooks, err));
	status = run_job(&logged, summary, err);
	if (status != LU_OK)
		lu_run_log_add(logged.log, "failed", err->text);
	/* Who stopped the run knows that it stopped. */
	if (run->dry_run || summary->up_to_date || status == LU_ERROR_CANCELLED)
		goto out;
	char *text = status == LU_OK ? NULL : lu_sprintf("%s: failed: %s\n", job->path, err->text);
	if (status == LU_OK || text != NULL)
		lu_notify(job->notify, job->notify_count, status == LU_OK ? summary->text : text, logged.hooks);
	lu_free(text);
out:
	lu_run_log_free(logged.log);
	return status;
}

/* Replace '*text' of the job by an option that was given. */
static enum lu_status override(char **text, const char *option, struct lu_error *err)
{
	if (option == NULL)
		return LU_OK;
	char *copy = lu_strdup(option);
	if (copy == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: an option");
	lu_free(*text);
	*text = copy;
	return LU_OK;
}

/* In the place of the job's own, where any are given. */
enum lu_status lu_job_set_creation(struct lu_job *job, const char *const *options, size_t count, struct lu_error *err)
{
	enum lu_status status;

	if (count == 0)
		return LU_OK;
	LU_TRY(lu_map_check_creation(options, count, err));
	for (size_t i = 0; i < job->creation_option_count; i++)
		lu_free(job->creation_options[i]);
	job->creation_option_count = 0;
	LU_TRY(lu_grow(&job->creation_options, count, sizeof(*job->creation_options), "options", err));
	for (size_t i = 0; i < count; i++) {
		job->creation_options[i] = lu_strdup(options[i]);
		LU_TRY(job->creation_options[i] != NULL ? LU_OK
							: lu_fail(err, LU_ERROR_MEMORY, "out of memory: an option"));
		job->creation_option_count++;
	}
out:
	return status;
}

/* What is written besides the usual outputs: netCDF, or the layers in a format of vectors. */
static enum lu_status add_format(struct lu_job *job, const char *name, struct lu_error *err)
{
	const struct lu_vector_format *format;
	struct lu_error reason = {0};
	enum lu_status status = LU_OK;

	if (strcmp(name, "netCDF") == 0) {
		job->netcdf = true;
		return lu_stack_possible() ? LU_OK
					   : lu_fail(err, LU_ERROR_UNSUPPORTED,
						     ".output_format is netCDF, and this GDAL writes none");
	}
	if (lu_vector_format_named(name, &format, &reason) != LU_OK)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".output_format should be netCDF, or of vectors: %s",
			       reason.text);
	if (job->geopackage == LU_GEOPACKAGE_NONE)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			".output_format is %s, for layers of county.gpkg, which the job leaves out (geopackage: none)",
			name);
	for (size_t i = 0; i < job->vector_count; i++)
		if (strcmp(job->vectors[i], format->suffix) == 0)
			return LU_OK;
	LU_TRY(lu_grow(&job->vectors, job->vector_count + 1, sizeof(*job->vectors), "formats", err));
	job->vectors[job->vector_count] = lu_strdup(format->suffix);
	LU_TRY(job->vectors[job->vector_count] != NULL ? LU_OK
						       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a format"));
	job->vector_count++;
out:
	return status;
}

enum lu_status lu_job_of_options(const struct lu_run_options *options, struct lu_job **out, struct lu_error *err)
{
	struct lu_job *job = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_job_read(options->job_path, &job, err));
	LU_TRY(override(&job->output, options->output, err));
	LU_TRY(override(&job->engine, lu_choice_word(LU_CHOICE_ENGINE, (int)options->engine), err));
	if (options->has_precision)
		LU_TRY(override(&job->precision, lu_choice_word(LU_CHOICE_PRECISION, (int)options->precision), err));
	if (options->output_format != NULL)
		LU_TRY(add_format(job, options->output_format, err));
	LU_TRY(lu_job_set_creation(job, options->creation_options, options->creation_option_count, err));
	if (options->threads > 0)
		job->threads = options->threads;
	*out = job;
	job = NULL; /* now the caller's */
out:
	lu_job_free(job);
	return status;
}

/* lu_run and lu_merge. */
static enum lu_status run_options(const struct lu_run_options *options, bool merge, struct lu_run_summary *summary,
				  struct lu_error *err)
{
	struct lu_job *job = NULL;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	LU_TRY(lu_job_of_options(options, &job, err));
	const struct lu_job_run run = {.job = job,
				       .merge = merge,
				       .dry_run = options->dry_run,
				       .if_changed = options->if_changed,
				       .strict = options->strict,
				       .json = options->json,
				       .stats = options->stats,
				       .command = options->command,
				       .command_count = options->command_count,
				       .hooks = options->hooks};
	LU_TRY(options->shard >= 0 && !merge ? lu_job_shard(&run, options->shard, options->shard_count, summary, err)
					     : lu_job_run(&run, summary, err));
out:
	lu_job_free(job);
	return status;
}

enum lu_status lu_run(const struct lu_run_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	return run_options(options, false, summary, err);
}

enum lu_status lu_merge(const struct lu_run_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	return run_options(options, true, summary, err);
}
