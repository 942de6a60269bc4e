/*
 * run.c: the stages of a job: score every date, write the maps, compare them, tell.
 *
 * Scores live in OUTPUT/.work until the outputs are whole; a job that stops before leaves them
 * there for the next one.
 */
#include "commands/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "change/change_layers.h"
#include "change/change_stage.h"
#include "change/package_errors.h"
#include "grid/date_pairs.h"
#include "job/county.h"
#include "commands/run_maps.h"
#include "job/manifest.h"
#include "job/mapped.h"
#include "job/normalise.h"
#include "job/output_names.h"
#include "maps/class_rows.h"
#include "maps/metadata.h"
#include "maps/products.h"
#include "maps/score.h"
#include "maps/smooth_stage.h"
#include "maps/tally.h"
#include "maps/zones.h"
#include "report/extent_svg.h"
#include "report/statistics_files.h"

/* What a running job holds. */
struct stages {
	const struct lu_job_run *run;
	struct lu_county *county;
	struct lu_lock *lock;
	char *work; /* OUTPUT/.work */
	struct lu_store **stores; /* one a date */
	struct lu_score_rows **rows; /* one a date */
	struct lu_class_rows *maps; /* one a date: what all products and figures are of */
	struct lu_cell_file **classes; /* one a date: the maps, once made; NULL with one date, or smoothed */
	struct lu_legend legend;
	struct lu_smooth_stage *smooth; /* NULL: the job does not smooth */
	struct lu_change_stage *change; /* NULL with one date */
	struct lu_output_names names; /* of all outputs, planned */
	struct lu_outputs outputs;
	uint64_t chips;
	double scoring_seconds;
};

/* What this run will write; no input may be among it. */
static enum lu_status name_outputs(struct stages *stages, struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	const struct lu_job *job = county->job;
	const struct lu_output_plan plan = {.labels = county->labels,
					    .date_count = job->date_count,
					    .pairs = job->pairs,
					    .flat = stages->run->flat,
					    .scored = true,
					    .rasters = true,
					    .smoothed = lu_smooth_wanted(&job->smooth),
					    .probabilities = job->probabilities,
					    .normalised = job->normalise.method != LU_RADIOMETRY_NONE,
					    .zones = county->zones != NULL,
					    .layers = &job->change,
					    .scheme = county->scheme,
					    .pictures = job->change.pictures};
	enum lu_status status = lu_output_names_plan(&plan, &stages->names, err);

	if (status == LU_OK)
		status = lu_inputs_guard(&county->inputs, job->output, &stages->names, err);
	stages->outputs.names = &stages->names;
	return status;
}

static enum lu_status score_date(struct stages *stages, size_t i, struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	const char *label = county->job->dates[i].label;
	const struct lu_frame *cells = &county->grid.cells;
	struct lu_score_result result;
	char about[LU_JOB_ABOUT];
	int64_t resumed = 0;
	struct lu_error exchanged = {0};
	enum lu_status status = lu_store_open(stages->work, label, county->fingerprints[i], cells->height, cells->width,
					      county->scheme->class_count, &stages->stores[i], &resumed, err);

	if (status != LU_OK)
		return status;
	if (resumed > 0)
		lu_log(stages->run->hooks, LU_LEVEL_INFO, "%s: going on after %lld finished blocks of an earlier run",
		       label, (long long)resumed);
	if (lu_store_damaged(stages->stores[i]) > 0)
		lu_log(stages->run->hooks, LU_LEVEL_WARNING,
		       "%s: %lld finished blocks of an earlier run were damaged since (is the disk sound?); they are "
		       "scored again",
		       label, (long long)lu_store_damaged(stages->stores[i]));
	const struct lu_score_task task = {.imagery = county->imagery[i],
					   .grid = &county->grid,
					   .coverage = county->ground.coverage,
					   .model = county->model,
					   .plan = county->plan,
					   .regroup = county->regroup,
					   .radiometry = lu_normaliser_date(county->normaliser, i),
					   .min_valid = county->job->min_valid,
					   .threads = county->threads,
					   .readers = county->readers,
					   .swath_blocks = county->swath_blocks,
					   .store = stages->stores[i],
					   .hooks = stages->run->hooks,
					   .stage = label};
	status = lu_score(&task, &result, err);
	/* Scores of two deliveries: no later run may go on with them, however this one ended. */
	if (lu_imagery_unchanged(county->imagery[i], &exchanged) != LU_OK) {
		lu_store_remove(stages->stores[i]);
		stages->stores[i] = NULL;
		return lu_fail(err, exchanged.status, "%s%s", lu_job_about(county->job, i, about), exchanged.text);
	}
	if (status == LU_ERROR_CANCELLED)
		return lu_fail(err, status,
			       "stopped at date %s; what is finished is kept: run the same job again to go on", label);
	if (status != LU_OK)
		return lu_fail(err, status, "%s%s", lu_job_about(county->job, i, about), err->text);
	if (result.not_finite > 0)
		lu_log(stages->run->hooks, LU_LEVEL_WARNING,
		       "%s: the network gave no numbers for %llu chips; they are left unmapped", label,
		       (unsigned long long)result.not_finite);
	lu_log(stages->run->hooks, LU_LEVEL_INFO,
	       "%s: %llu chips in %.1f s (%.0f chips/s; reading %.1f s of one thread)", label,
	       (unsigned long long)result.chips, result.seconds,
	       result.seconds > 0 ? (double)result.chips / result.seconds : 0, result.read_seconds);
	stages->chips += result.chips;
	stages->scoring_seconds += result.seconds;
	status = lu_score_rows_new(stages->stores[i], county->regroup, cells->width, &stages->rows[i], err);
	return status == LU_OK ? lu_mapped_check(county, i, (uint64_t)lu_store_mapped_cells(stages->stores[i]), &result,
						 stages->run->hooks, err)
			       : status;
}

static enum lu_status begin_change(struct stages *stages, struct lu_error *err)
{
	struct lu_county *county = stages->county;
	const struct lu_job *job = county->job;

	return lu_change_stage_new(&(struct lu_change_task){.keys = &job->change,
							    .labels = county->labels,
							    .dates = job->date_count,
							    .pairs = job->pairs,
							    .stores = stages->stores,
							    .imagery = county->imagery,
							    .cells = &county->grid.cells,
							    .ground = &county->ground,
							    .model = county->model,
							    .scheme = county->scheme,
							    .regroup = county->regroup,
							    .legend = &stages->legend,
							    .hooks = stages->run->hooks},
				   &stages->change, err);
}

static enum lu_status read_classes(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
				   struct lu_error *err)
{
	(void)confidence; /* whoever reads the maps again compares classes */
	return lu_cell_file_rows(user, row0, rows, values, err);
}

/* The rasters and figures of single dates; from here on the maps are files of classes, where anybody reads them again. */
static enum lu_status write_maps(struct stages *stages, struct lu_tally *tally, struct lu_error *err)
{
	struct lu_county *county = stages->county;
	const size_t dates = county->job->date_count;
	struct lu_class_rows *raw = NULL;
	enum lu_status status = lu_alloc(&raw, dates, sizeof(*raw), "dates", err);

	/* Smoothed maps are such files already. */
	if (status == LU_OK && stages->change != NULL && stages->smooth == NULL)
		status = lu_alloc(&stages->classes, dates, sizeof(*stages->classes), "dates", err);
	for (size_t i = 0; i < dates && status == LU_OK; i++) {
		raw[i] = lu_score_rows_source(stages->rows[i]);
		if (stages->classes != NULL)
			status = lu_cell_file_new(stages->work, county->grid.cells.width, &stages->classes[i], err);
	}
	if (status == LU_OK)
		status = lu_map_pass(
			&(struct lu_map_pass_task){
				.county = county,
				.stores = stages->stores,
				.maps = stages->maps,
				.raw = raw,
				.smoothed = stages->smooth != NULL ? lu_smooth_stage_text(stages->smooth) : NULL,
				.legend = &stages->legend,
				.change = stages->change,
				.classes = stages->classes,
				.flat = stages->run->flat,
				.hooks = stages->run->hooks},
			tally, &stages->outputs, err);
	for (size_t i = 0; i < dates && status == LU_OK && stages->classes != NULL; i++)
		stages->maps[i] = (struct lu_class_rows){read_classes, stages->classes[i]};
	lu_free(raw);
	return status;
}

/* Fill 'statistics' from the county; the rest comes from 'tally'. */
static void fill_statistics(const struct lu_county *county, const struct lu_tally *tally, const char *crs,
			    struct lu_statistics *statistics)
{
	*statistics = (struct lu_statistics){.software_version = lu_version(),
					     .county_name = county->name,
					     .has_areas = true,
					     .county_area_m2 = county->ground.county_m2,
					     .crs = crs,
					     .cells = &county->grid.cells,
					     .chip_px = county->grid.chip_px,
					     .stride_px = county->grid.stride_px,
					     .scheme_name = county->scheme->name,
					     .scheme_version = county->scheme->version,
					     .model_name = county->model->name,
					     .model_sha256 = county->model->sha256,
					     .classes = tally->names,
					     .class_count = tally->name_count,
					     .dates = tally->dates,
					     .date_count = tally->date_count,
					     .pairs = tally->pairs,
					     .pair_count = tally->pair_count};
}

static enum lu_status write_summary(const struct stages *stages, const struct lu_statistics *statistics,
				    const char *output, double seconds, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "the summary", err);
	FILE *to = stream.to;

	if (status != LU_OK)
		return status;
	fprintf(to, "%s: %.2f km2, %zu date%s, %llu chips in %.1f s (%.0f chips/s while scoring)\n\n",
		stages->county->name, stages->county->ground.county_m2 / 1e6, stages->county->job->date_count,
		stages->county->job->date_count == 1 ? "" : "s", (unsigned long long)stages->chips, seconds,
		stages->scoring_seconds > 0 ? (double)stages->chips / stages->scoring_seconds : 0);
	lu_statistics_print(to, statistics);
	fprintf(to, "\nin %s:\n", output);
	lu_outputs_print(to, &stages->outputs);
	return lu_text_finish(&stream, text, err);
}

/* The maps: what the network says of each cell or, where the job asks for it, what is left after smoothing. */
static enum lu_status make_maps(struct stages *stages, struct lu_error *err)
{
	const struct lu_job *job = stages->county->job;
	enum lu_status status = lu_alloc(&stages->maps, job->date_count, sizeof(*stages->maps), "dates", err);

	for (size_t i = 0; i < job->date_count && status == LU_OK; i++)
		stages->maps[i] = lu_score_rows_source(stages->rows[i]);
	if (status == LU_OK && lu_smooth_wanted(&job->smooth))
		status = lu_smooth_stage_new(&(struct lu_smooth_task){.keys = &job->smooth,
								      .cells = &stages->county->grid.cells,
								      .ground = &stages->county->ground,
								      .work = stages->work,
								      .raw = stages->maps,
								      .date_count = job->date_count,
								      .stores = stages->stores,
								      .regroup = stages->county->regroup,
								      .hooks = stages->run->hooks},
					     &stages->smooth, err);
	for (size_t i = 0; i < job->date_count && stages->smooth != NULL; i++)
		stages->maps[i] = lu_smooth_stage_map(stages->smooth, i);
	return status;
}

/* Figures that come from the stages, not from the maps. */
static void add_figures(const struct stages *stages, struct lu_tally *tally)
{
	for (size_t i = 0; i < tally->pair_count; i++)
		tally->pairs[i].flags =
			lu_change_stage_flags(stages->change, tally->pairs[i].earlier, tally->pairs[i].later);
	const struct lu_time_tally *time = lu_change_stage_time_tally(stages->change);
	for (size_t i = 0; i < tally->date_count && time != NULL; i++)
		tally->dates[i].in_time = time->in_time[i];
	for (size_t i = 0; i < tally->date_count; i++)
		tally->dates[i].normalisation = lu_normaliser_statistics(stages->county->normaliser, i);
	for (size_t i = 0; i < tally->date_count && stages->smooth != NULL; i++)
		tally->dates[i].smoothing = lu_smooth_stage_steps(stages->smooth, i, &tally->dates[i].smoothing_count);
}

static enum lu_status write_zones(struct stages *stages, struct lu_statistics *statistics, struct lu_error *err)
{
	struct lu_zones *zones = stages->county->zones;

	statistics->zones = lu_zones_statistics(zones);
	return zones != NULL ? lu_zones_write(zones, stages->county->job->output, statistics, &stages->outputs, err)
			     : LU_OK;
}

/* The picture of class areas through time. */
static enum lu_status write_extent(struct stages *stages, const struct lu_statistics *statistics, struct lu_error *err)
{
	struct lu_style_entry *colours = NULL;
	char *path = lu_path_join(stages->county->job->output, "extent.svg");
	enum lu_status status = path != NULL ? lu_legend_styles(&stages->legend, &colours, err)
					     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	if (status == LU_OK)
		status = lu_extent_svg_write(path, statistics, colours, stages->legend.count, err);
	if (status == LU_OK)
		status = lu_outputs_add(&stages->outputs, err, "extent.svg");
	lu_free(colours);
	lu_free(path);
	return status;
}

static enum lu_status write_outputs(struct stages *stages, const char *fingerprint, double start,
				    struct lu_run_summary *summary, struct lu_error *err)
{
	const struct lu_county *county = stages->county;
	const struct lu_job *job = county->job;
	struct lu_tally tally = {0};
	struct lu_statistics statistics;
	char *crs = lu_crs_name(county->grid.cells.crs_wkt);
	enum lu_status status = make_maps(stages, err);

	if (status == LU_OK)
		status = lu_products_go_on(stages->run->hooks, err);
	/* What stops between here and the new manifest leaves files of two jobs: nobody may vouch for them. */
	if (status == LU_OK)
		status = lu_manifest_withdraw(job->output, err);
	if (status == LU_OK && job->date_count > 1)
		status = begin_change(stages, err);
	if (status == LU_OK)
		status = write_maps(stages, &tally, err);
	if (status == LU_OK && stages->change != NULL)
		status = lu_change_stage_write(stages->change, stages->maps, job->output, &stages->outputs, err);
	if (status == LU_OK) {
		lu_tally_common(&tally, stages->run->hooks);
		add_figures(stages, &tally);
		fill_statistics(county, &tally, crs, &statistics);
		const struct lu_time_tally *time = lu_change_stage_time_tally(stages->change);
		statistics.trajectory = time != NULL ? time->trajectory : NULL;
		status = write_zones(stages, &statistics, err);
	}
	if (status == LU_OK)
		status = lu_statistics_write(job->output, &statistics, &stages->outputs, err);
	if (status == LU_OK && lu_statistics_in_time(&statistics))
		status = write_extent(stages, &statistics, err);
	/* Pictures of patches are of the imagery, too. */
	for (size_t i = 0; i < job->date_count && status == LU_OK; i++)
		status = lu_imagery_unchanged(county->imagery[i], err);
	if (status == LU_OK)
		status = lu_manifest_write(job->output, county, fingerprint, &stages->outputs, err);
	if (status == LU_OK)
		status = write_summary(stages, &statistics, job->output, lu_seconds_now() - start, &summary->text, err);
	lu_tally_release(&tally);
	lu_free(crs);
	return status;
}

/* The outputs are whole: the scores have done their work. */
static void remove_work(struct stages *stages)
{
	for (size_t i = 0; i < stages->county->job->date_count; i++) {
		lu_log(stages->run->hooks, LU_LEVEL_DEBUG, "%s: the scores were read %.1f times",
		       stages->county->labels[i], lu_store_passes(stages->stores[i]));
		lu_store_remove(stages->stores[i]);
		stages->stores[i] = NULL;
	}
	rmdir(stages->work); /* stays when something else is in it */
}

static enum lu_status prepare_folder(struct stages *stages, struct lu_error *err)
{
	const char *output = stages->county->job->output;
	enum lu_status status = lu_folder_make(output, err);

	if (status == LU_OK)
		status = lu_lock_take(output, &stages->lock, err);
	if (status == LU_OK)
		status = lu_folder_sweep(output, err);
	if (status != LU_OK)
		return status;
	stages->work = lu_sprintf("%s/.work", output);
	if (stages->work == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	return lu_folder_make(stages->work, err);
}

static enum lu_status run_stages(struct stages *stages, struct lu_run_summary *summary, struct lu_error *err)
{
	const struct lu_job *job = stages->run->job;
	const double start = lu_seconds_now();
	char fingerprint[LU_SHA256_HEX], why[LU_MANIFEST_WHY] = "";
	enum lu_status status = lu_manifest_fingerprint(stages->county, fingerprint, err);

	if (status == LU_OK && stages->run->if_changed && lu_manifest_current(job->output, fingerprint, why)) {
		summary->up_to_date = true;
		summary->text = lu_sprintf("%s: up to date\n", job->output);
		return summary->text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary");
	}
	if (why[0] != '\0')
		lu_log(stages->run->hooks, LU_LEVEL_INFO, "%s: the job runs again", why);
	stages->outputs.threads = stages->county->threads;
	if (status == LU_OK)
		status = prepare_folder(stages, err);
	if (status == LU_OK)
		status = lu_legend_of_scheme(stages->county->scheme, &stages->legend, err);
	if (status == LU_OK)
		status = lu_alloc(&stages->stores, job->date_count, sizeof(struct lu_store *), "dates", err);
	if (status == LU_OK)
		status = lu_alloc(&stages->rows, job->date_count, sizeof(struct lu_score_rows *), "dates", err);
	if (status == LU_OK)
		status = lu_normaliser_new(stages->county, stages->run->hooks, &stages->county->normaliser, err);
	for (size_t i = 0; i < job->date_count && status == LU_OK; i++)
		status = score_date(stages, i, err);
	if (status == LU_OK)
		status = write_outputs(stages, fingerprint, start, summary, err);
	if (status == LU_OK)
		remove_work(stages);
	summary->chips = stages->chips;
	summary->seconds = lu_seconds_now() - start;
	return status;
}

enum lu_status lu_job_run(const struct lu_job_run *run, struct lu_run_summary *summary, struct lu_error *err)
{
	struct stages stages = {.run = run};
	double *allow = NULL;
	enum lu_status status = lu_county_open(run->job, run->hooks, &stages.county, err);

	/* A class misspelt in 'change' is found now, not after an hour of scoring. */
	if (status == LU_OK)
		status = lu_change_allow(&run->job->change, stages.county->scheme, &allow, err);
	if (status == LU_OK)
		status = lu_change_layers_check(&run->job->change, stages.county->scheme, err);
	if (status == LU_OK)
		status = lu_package_errors_check(&stages.county->job->change, stages.county->model, err);
	lu_free(allow);
	if (status == LU_OK)
		status = name_outputs(&stages, err);
	if (status == LU_OK)
		status = run->dry_run ? lu_county_describe(stages.county, &stages.names, &summary->text, err)
				      : run_stages(&stages, summary, err);
	for (size_t i = 0; i < run->job->date_count; i++) {
		if (stages.rows != NULL)
			lu_score_rows_free(stages.rows[i]);
		if (stages.stores != NULL)
			lu_store_close(stages.stores[i]);
	}
	lu_free(stages.rows);
	lu_free(stages.stores);
	lu_free(stages.work);
	lu_free(stages.maps);
	for (size_t i = 0; i < run->job->date_count && stages.classes != NULL; i++)
		lu_cell_file_free(stages.classes[i]);
	lu_free(stages.classes);
	lu_smooth_stage_free(stages.smooth);
	lu_change_stage_free(stages.change);
	lu_legend_release(&stages.legend);
	lu_outputs_release(&stages.outputs);
	lu_output_names_release(&stages.names);
	lu_lock_drop(stages.lock);
	lu_county_close(stages.county);
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

enum lu_status lu_run(const struct lu_run_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_job *job = NULL;
	enum lu_status status = lu_job_read(options->job_path, &job, err);

	memset(summary, 0, sizeof(*summary));
	if (status == LU_OK)
		status = override(&job->output, options->output, err);
	if (status == LU_OK)
		status = override(&job->engine, options->engine, err);
	if (status == LU_OK)
		status = override(&job->precision, options->precision, err);
	if (status == LU_OK) {
		if (options->threads > 0)
			job->threads = options->threads;
		const struct lu_job_run run = {.job = job,
					       .dry_run = options->dry_run,
					       .if_changed = options->if_changed,
					       .hooks = options->hooks};
		status = lu_job_run(&run, summary, err);
	}
	lu_job_free(job);
	return status;
}
