/* pipeline.c: the stages that a run and a comparison of maps share. */
#include "commands/pipeline.h"

#include <stdio.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "commands/browser.h"
#include "commands/map_pass.h"
#include "commands/report_pages.h"
#include "job/output_names.h"
#include "maps/normalise.h"
#include "maps/products.h"
#include "maps/unreadable.h"
#include "maps/zones.h"
#include "report/boundary_product.h"
#include "report/county_gpkg.h"
#include "report/county_nc.h"
#include "report/county_vectors.h"
#include "report/extent_svg.h"
#include "report/page.h"
#include "report/project.h"
#include "report/stac_catalogue.h"
#include "report/statistics_files.h"

enum lu_status lu_pipeline_plan(struct lu_pipeline *p, struct lu_error *err)
{
	const struct lu_job *job = p->county != NULL ? p->county->job : NULL;
	struct lu_output_plan plan = {.labels = p->labels,
				      .date_count = p->dates,
				      .pairs = p->pairs,
				      .flat = p->flat,
				      .rasters = p->rasters,
				      .smoothed = lu_smooth_wanted(p->smoothing),
				      .zones = p->zones != NULL};
	char *browser = NULL;
	enum lu_status status;

	if (job != NULL) {
		plan.scored = true;
		plan.probabilities = job->probabilities;
		plan.report = job->report;
		plan.pdf = job->pdf;
		plan.stac = job->stac;
		plan.skips = job->on_read_error == LU_READ_ERROR_SKIPS;
		plan.normalised = job->normalise.method != LU_RADIOMETRY_NONE;
		plan.geopackage = job->geopackage != LU_GEOPACKAGE_NONE && !p->flat;
		plan.netcdf = job->netcdf && !p->flat;
		plan.vectors = job->vector_count > 0 && !p->flat;
		plan.samples = p->county->samples;
		plan.sample_count = job->accuracy_count;
		plan.reference = job->reference.path != NULL;
		plan.windows = p->county->grids.windows > 1;
		plan.layers = &job->change;
		plan.scheme = p->county->scheme;
		plan.pictures = job->change.pictures;
	}
	/* What cannot be printed in the end is better told before the work. */
	if (plan.pdf)
		LU_TRY(lu_browser_find("pdf: " LU_PAGE_PRINTED, &browser, err));
	LU_TRY(lu_output_names_plan(&plan, &p->names, err));
	if (job != NULL && job->log != NULL)
		LU_TRY(lu_output_names_add(&p->names, err, "%s", job->log));
	LU_TRY(lu_inputs_guard(p->inputs, p->output, &p->names, err));
out:
	lu_free(browser);
	p->outputs.names = &p->names;
	return status;
}

enum lu_status lu_pipeline_open(struct lu_pipeline *p, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_folder_make(p->output, err));
	LU_TRY(lu_lock_take(p->output, &p->lock, err));
	if (lu_lock_taken_over(p->lock) != NULL)
		lu_log(p->hooks, LU_LEVEL_INFO, "%s: a landuse job died here (%s): this one takes over", p->output,
		       lu_lock_taken_over(p->lock));
	LU_TRY(lu_folder_sweep(p->output, err));
	LU_TRY(lu_alloc(&p->raw, p->dates, sizeof(*p->raw), "dates", err));
	LU_TRY(lu_alloc(&p->maps, p->dates, sizeof(*p->maps), "dates", err));
	LU_TRY(lu_alloc(&p->origins, p->dates, sizeof(*p->origins), "metadata", err));
out:
	return status;
}

enum lu_status lu_pipeline_smooth(struct lu_pipeline *p, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (lu_smooth_wanted(p->smoothing))
		LU_TRY(lu_smooth_stage_new(
			&(struct lu_smooth_task){.keys = p->smoothing,
						 .cells = p->cells,
						 .ground = p->ground,
						 .work = p->work,
						 .raw = p->raw,
						 .date_count = p->dates,
						 .stores = p->stores,
						 .regroup = p->county != NULL ? p->county->regroup : NULL,
						 .uncertain = p->legend.uncertain,
						 .hooks = p->hooks},
			&p->smooth, err));
	for (size_t i = 0; i < p->dates; i++)
		p->maps[i] = p->smooth != NULL ? lu_smooth_stage_map(p->smooth, i) : p->raw[i];
out:
	return status;
}

enum lu_status lu_pipeline_count(struct lu_pipeline *p, struct lu_error *err)
{
	return lu_map_pass(p, LU_PASS_COUNTS, err);
}

static enum lu_status begin_change(struct lu_pipeline *p, struct lu_error *err)
{
	struct lu_change_task task = {.labels = p->labels,
				      .dates = p->dates,
				      .pairs = p->pairs,
				      .cells = p->cells,
				      .ground = p->ground,
				      .legend = &p->legend,
				      .threads = p->outputs.threads,
				      .hooks = p->hooks};

	if (p->dates < 2 || !p->rasters)
		return LU_OK;
	if (p->county != NULL) {
		task.stores = p->stores;
		task.imagery = p->county->imagery;
		task.keys = &p->county->job->change;
		task.model = p->county->model;
		task.scheme = p->county->scheme;
		task.regroup = p->county->regroup;
		task.smoothed = lu_smooth_wanted(p->smoothing);
	}
	return lu_change_stage_new(&task, &p->change, err);
}

static enum lu_status read_classes(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
				   struct lu_error *err)
{
	(void)confidence; /* whoever reads the maps again compares classes */
	return lu_cell_file_rows(user, row0, rows, values, err);
}

/*
 * Rasters of single dates, tables and zones. From here on maps of scores are files of classes, where anybody reads them
 * again; smoothed maps are such files already.
 */
static enum lu_status write_maps(struct lu_pipeline *p, struct lu_error *err)
{
	const unsigned counts = p->tally.dates == NULL ? LU_PASS_COUNTS : 0;
	enum lu_status status = LU_OK;

	if (p->county != NULL && p->change != NULL && p->smooth == NULL)
		LU_TRY(lu_alloc(&p->classes, p->dates, sizeof(*p->classes), "dates", err));
	for (size_t i = 0; i < p->dates && p->classes != NULL; i++)
		LU_TRY(lu_cell_file_new(p->work, p->cells->width, &p->classes[i], err));
	/* Maps that were counted and stay as they are have nothing more to say without zones. */
	if (counts != 0 || p->zones != NULL || (p->smooth != NULL && p->rasters))
		LU_TRY(lu_map_pass(p, counts | LU_PASS_WRITES, err));
	for (size_t i = 0; i < p->dates && p->classes != NULL; i++)
		p->maps[i] = (struct lu_class_rows){read_classes, p->classes[i]};
	if (counts != 0)
		lu_tally_common(&p->tally, p->hooks);
out:
	return status;
}

/* Figures that come from the stages, not from the maps. */
static void add_figures(struct lu_pipeline *p)
{
	const struct lu_time_tally *time = lu_change_stage_time_tally(p->change);
	struct lu_tally *tally = &p->tally;

	for (size_t i = 0; i < tally->pair_count && p->change != NULL; i++)
		tally->pairs[i].flags =
			lu_change_stage_flags(p->change, tally->pairs[i].earlier, tally->pairs[i].later);
	for (size_t i = 0; i < tally->date_count; i++) {
		struct lu_date_statistics *date = &tally->dates[i];
		if (time != NULL)
			date->in_time = time->in_time[i];
		if (p->county != NULL)
			date->normalisation = lu_normaliser_statistics(p->county->normaliser, i);
		if (p->county != NULL && p->county->unlike != NULL)
			date->unlike = &p->county->unlike[i];
		if (p->smooth != NULL)
			date->smoothing = lu_smooth_stage_steps(p->smooth, i, &date->smoothing_count);
	}
	if (time != NULL)
		p->statistics.trajectory = time->trajectory;
}

static void fill_statistics(struct lu_pipeline *p)
{
	struct lu_county_statistics *statistics = &p->statistics;

	p->crs = lu_crs_name(p->cells->crs_wkt);
	statistics->software_version = lu_version();
	statistics->has_areas = true;
	statistics->county_area_m2 = p->ground->county_m2;
	statistics->crs = p->crs;
	statistics->cells = p->cells;
	statistics->classes = p->legend.classes;
	statistics->class_count = p->legend.count;
	statistics->uncertain = p->legend.uncertain;
	statistics->dates = p->tally.dates;
	statistics->date_count = p->tally.date_count;
	statistics->pairs = p->tally.pairs;
	statistics->pair_count = p->tally.pair_count;
	statistics->zones = lu_zones_statistics(p->zones);
	add_figures(p);
}

/* What is read several times, pictures of patches too, must be the same throughout. */
static enum lu_status check_unchanged(const struct lu_pipeline *p, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (p->county == NULL)
		return lu_inputs_unchanged(p->inputs, err);
	for (size_t i = 0; i < p->dates; i++)
		LU_TRY(lu_imagery_unchanged(p->county->imagery[i], err));
out:
	return status;
}

/* The picture of class areas through time. */
static enum lu_status write_extent(struct lu_pipeline *p, struct lu_error *err)
{
	char *path = lu_path_join(p->output, "extent.svg");
	enum lu_status status;

	LU_TRY(path != NULL ? lu_extent_svg_write(path, &p->statistics, err)
			    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_outputs_add(&p->outputs, err, "extent.svg"));
out:
	lu_free(path);
	return status;
}

/* Every file of imagery with its date. */
static enum lu_status list_imagery(const struct lu_pipeline *p, struct lu_page_files *files, struct lu_error *err)
{
	struct lu_page_imagery *list = NULL;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < p->dates; d++) {
		const struct lu_imagery *imagery = p->county->imagery[d];
		for (size_t i = 0; i < lu_imagery_count(imagery); i++) {
			LU_TRY(lu_grow(&list, files->imagery_count + 1, sizeof(*list), "imagery", err));
			list[files->imagery_count++] =
				(struct lu_page_imagery){p->labels[d], lu_imagery_path(imagery, i)};
		}
	}
out:
	files->imagery = list;
	return status;
}

/* What people open first. It is made of the other outputs, and so comes last. */
static enum lu_status write_report(struct lu_pipeline *p, struct lu_error *err)
{
	struct lu_page_files files = {.folder = p->output};
	enum lu_status status;

	LU_TRY(lu_boundary_write(p->output, p->ground, p->statistics.county_name, p->cells->crs_wkt, err));
	LU_TRY(lu_outputs_add(&p->outputs, err, LU_BOUNDARY_NAME));
	LU_TRY(list_imagery(p, &files, err));
	files.paths = p->outputs.paths;
	files.count = p->outputs.count;
	LU_TRY(lu_report_pages_write(&files, p->county->job->pdf, p->hooks, &p->outputs, err));
out:
	lu_free((void *)(uintptr_t)files.imagery);
	return status;
}

/* It is made of the rasters and layers that lie in the folder, and of the figures. */
static enum lu_status write_geopackage(struct lu_pipeline *p, struct lu_error *err)
{
	const struct lu_county_gpkg task = {.folder = p->output,
					    .wanted = p->county->job->geopackage,
					    .statistics = &p->statistics,
					    .ground = p->ground,
					    .zones = p->zones,
					    .outputs = p->outputs.paths,
					    .output_count = p->outputs.count,
					    .hooks = p->hooks};
	enum lu_status status;

	LU_TRY(lu_county_gpkg_write(&task, err));
	LU_TRY(lu_outputs_add(&p->outputs, err, "%s", LU_COUNTY_GPKG));
	if (p->county->job->vector_count > 0)
		LU_TRY(lu_county_vectors_write(&task, p->county->job->vectors, p->county->job->vector_count,
					       &p->outputs, err));
out:
	return status;
}

/* What could not be read, as a layer and in the figures. */
static enum lu_status write_unreadable(struct lu_pipeline *p, struct lu_error *err)
{
	const struct lu_unreadable_task task = {
		.cells = p->cells, .labels = p->labels, .stores = p->stores, .dates = p->dates};
	int64_t *cells = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&cells, p->dates, sizeof(*cells), "dates", err));
	LU_TRY(lu_unreadable_write(p->output, &task, cells, err));
	LU_TRY(lu_outputs_add(&p->outputs, err, LU_UNREADABLE_NAME));
	for (size_t i = 0; i < p->dates; i++) {
		p->tally.dates[i].unreadable_cells = cells[i];
		if (cells[i] > 0)
			lu_log(p->hooks, LU_LEVEL_WARNING,
			       "%s: %lld cells could not be read and are not mapped (" LU_UNREADABLE_NAME ")",
			       p->labels[i], (long long)cells[i]);
	}
out:
	lu_free(cells);
	return status;
}

static enum lu_status write_figures(struct lu_pipeline *p, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (p->county != NULL && p->county->job->on_read_error == LU_READ_ERROR_SKIPS)
		LU_TRY(write_unreadable(p, err));
	fill_statistics(p);
	LU_TRY(check_unchanged(p, err));
	if (p->county != NULL) {
		LU_TRY(lu_run_evidence_find(p->county, p->hooks, &p->evidence, err));
		p->statistics.evidence = &p->evidence.told;
	}
	if (p->zones != NULL)
		LU_TRY(lu_zones_write(p->zones, p->output, &p->statistics, &p->outputs, err));
	LU_TRY(lu_statistics_write(p->output, &p->statistics, &p->outputs, err));
	if (lu_statistics_in_time(&p->statistics))
		LU_TRY(write_extent(p, err));
	if (p->county != NULL && p->county->job->geopackage != LU_GEOPACKAGE_NONE && !p->flat)
		LU_TRY(write_geopackage(p, err));
	if (p->county != NULL && p->county->job->netcdf && !p->flat) {
		LU_TRY(lu_county_nc_write(p->output, &p->statistics, err));
		LU_TRY(lu_outputs_add(&p->outputs, err, "%s", LU_COUNTY_NC));
	}
	if (p->county != NULL && p->county->job->report)
		LU_TRY(write_report(p, err));
	if (p->county != NULL && p->county->job->stac)
		LU_TRY(lu_stac_catalogue_write(&(struct lu_stac_catalogue){p->output, &p->statistics, p->county->model},
					       &p->outputs, err));
out:
	return status;
}

enum lu_status lu_pipeline_write(struct lu_pipeline *p, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(begin_change(p, err));
	LU_TRY(write_maps(p, err));
	if (p->change != NULL)
		LU_TRY(lu_change_stage_write(p->change, p->maps, p->output, &p->outputs, err));
	LU_TRY(write_figures(p, err));
out:
	return status;
}

enum lu_status lu_pipeline_summary(const struct lu_pipeline *p, const char *heading, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "the summary", err);

	if (status != LU_OK)
		return status;
	fputs(heading, stream.to);
	lu_statistics_print(stream.to, &p->statistics);
	fprintf(stream.to, "\nin %s:\n", p->output);
	lu_outputs_print(stream.to, &p->outputs);
	return lu_text_finish(&stream, text, err);
}

void lu_pipeline_release(struct lu_pipeline *p)
{
	for (size_t i = 0; i < p->dates && p->classes != NULL; i++)
		lu_cell_file_free(p->classes[i]);
	lu_free(p->classes);
	lu_smooth_stage_free(p->smooth);
	lu_change_stage_free(p->change);
	lu_tally_release(&p->tally);
	lu_run_evidence_release(&p->evidence);
	lu_free(p->crs);
	lu_free(p->raw);
	lu_free(p->maps);
	lu_free(p->origins);
	lu_legend_release(&p->legend);
	lu_outputs_release(&p->outputs);
	lu_output_names_release(&p->names);
	lu_lock_drop(p->lock);
}
