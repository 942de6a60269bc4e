/* output_names.c: a table of names, and the conditions under which each is written. */
#include "job/output_names.h"

#include <string.h>

#include "accuracy/assessment.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "change/change_layers.h"
#include "change/patch_pictures.h"
#include "grid/date_labels.h"
#include "grid/date_pairs.h"
#include "maps/unreadable.h"
#include "maps/windows.h"
#include "raster/workbook.h"
#include "report/boundary_product.h"
#include "report/county_gpkg.h"
#include "report/county_nc.h"
#include "report/county_vectors.h"
#include "report/page.h"
#include "report/project.h"
#include "report/stac_catalogue.h"
#include "report/statistics_files.h"

enum place { IN_FOLDER, OF_DATE, OF_PAIR, OF_WORK };

static bool is_run(const struct lu_output_plan *plan)
{
	return plan->scored;
}

static bool has_history(const struct lu_output_plan *plan)
{
	return plan->scored && !plan->flat;
}

static bool has_maps(const struct lu_output_plan *plan)
{
	return plan->scored || (plan->smoothed && plan->rasters);
}

static bool has_raw(const struct lu_output_plan *plan)
{
	return plan->scored && plan->smoothed;
}

static bool has_probabilities(const struct lu_output_plan *plan)
{
	return plan->probabilities;
}

static bool has_pairs(const struct lu_output_plan *plan)
{
	return plan->date_count > 1;
}

static bool has_flags(const struct lu_output_plan *plan)
{
	return plan->scored && has_pairs(plan);
}

static bool has_time(const struct lu_output_plan *plan)
{
	return plan->scored && plan->date_count > 2;
}

/* The year of change is told where each label begins with a year. */
static bool has_years(const struct lu_output_plan *plan)
{
	for (size_t i = 0; i < plan->date_count; i++)
		if (lu_date_label_calendar_year(plan->labels[i]) == 0)
			return false;
	return has_time(plan);
}

/* Annual rates need two dates that tell their time. */
static bool has_rates(const struct lu_output_plan *plan)
{
	size_t timed = 0;

	for (size_t i = 0; i < plan->date_count; i++)
		timed += lu_date_label_year(plan->labels[i]) >= 0;
	return timed > 1;
}

static bool has_changes(const struct lu_output_plan *plan)
{
	return plan->rasters;
}

static bool is_smoothed(const struct lu_output_plan *plan)
{
	return plan->smoothed;
}

static bool has_windows(const struct lu_output_plan *plan)
{
	return plan->windows;
}

static bool is_normalised(const struct lu_output_plan *plan)
{
	return plan->normalised;
}

static bool has_zones(const struct lu_output_plan *plan)
{
	return plan->zones;
}

static bool has_report(const struct lu_output_plan *plan)
{
	return plan->report;
}

static bool has_pdf(const struct lu_output_plan *plan)
{
	return plan->pdf;
}

static bool has_stac(const struct lu_output_plan *plan)
{
	return plan->stac;
}

static bool has_workbook(const struct lu_output_plan *plan)
{
	(void)plan;
	return lu_workbook_possible();
}

static bool has_skipped(const struct lu_output_plan *plan)
{
	return plan->skips;
}

static bool has_geopackage(const struct lu_output_plan *plan)
{
	return plan->geopackage;
}

static bool has_netcdf(const struct lu_output_plan *plan)
{
	return plan->netcdf;
}

static bool has_reference(const struct lu_output_plan *plan)
{
	return plan->reference;
}

static bool has_zone_pairs(const struct lu_output_plan *plan)
{
	return plan->zones && has_pairs(plan);
}

static const struct {
	enum place place;
	const char *name;
	bool (*when)(const struct lu_output_plan *plan);
	enum lu_output_made made;
} table[] = {
	{OF_DATE, "landuse_raw.tif", has_raw, LU_MADE_OF_MAPS},
	{OF_DATE, "landuse.tif", has_maps, LU_MADE_OF_MAPS},
	{OF_DATE, "confidence.tif", is_run, LU_MADE_OF_MAPS},
	{OF_DATE, "probabilities.tif", has_probabilities, LU_MADE_OF_MAPS},
	{OF_DATE, "landuse_consistent.tif", has_time, LU_MADE_OF_ALL},
	{OF_PAIR, "change.tif", has_changes, LU_MADE_OF_MAPS},
	{OF_PAIR, "change_probability.tif", has_flags, LU_MADE_OF_ALL},
	{OF_PAIR, "flagged.tif", has_flags, LU_MADE_OF_ALL},
	{IN_FOLDER, "trajectory.tif", has_time, LU_MADE_OF_ALL},
	{IN_FOLDER, "year_of_change.tif", has_years, LU_MADE_OF_ALL},
	{IN_FOLDER, "extent.svg", has_time, LU_MADE_ALWAYS},
	{IN_FOLDER, "extent.csv", has_time, LU_MADE_ALWAYS},
	{IN_FOLDER, "trajectories.csv", has_time, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_PAGE_NAME, has_report, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_PAGE_PRINTED, has_pdf, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_PROJECT_NAME, has_report, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_BOUNDARY_NAME, has_report, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_COUNTY_GPKG, has_geopackage, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_COUNTY_NC, has_netcdf, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_UNREADABLE_NAME, has_skipped, LU_MADE_ALWAYS},
	{IN_FOLDER, "zones.gpkg", has_zones, LU_MADE_ALWAYS},
	{IN_FOLDER, "statistics.json", NULL, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_WORKBOOK_NAME, has_workbook, LU_MADE_ALWAYS},
	{IN_FOLDER, "class_areas.csv", NULL, LU_MADE_ALWAYS},
	{IN_FOLDER, "confidence.csv", is_run, LU_MADE_ALWAYS},
	{IN_FOLDER, "transitions.csv", has_pairs, LU_MADE_ALWAYS},
	{IN_FOLDER, "change_summary.csv", has_pairs, LU_MADE_ALWAYS},
	{IN_FOLDER, "significance.csv", has_flags, LU_MADE_ALWAYS},
	{IN_FOLDER, "flagged_changes.csv", has_flags, LU_MADE_ALWAYS},
	{IN_FOLDER, "annual_rates.csv", has_rates, LU_MADE_ALWAYS},
	{IN_FOLDER, "normalisation.csv", is_normalised, LU_MADE_ALWAYS},
	{IN_FOLDER, "smoothing.csv", is_smoothed, LU_MADE_ALWAYS},
	{IN_FOLDER, "zone_areas.csv", has_zones, LU_MADE_ALWAYS},
	{IN_FOLDER, "zone_transitions.csv", has_zone_pairs, LU_MADE_ALWAYS},
	{IN_FOLDER, "zone_change_summary.csv", has_zone_pairs, LU_MADE_ALWAYS},
	{IN_FOLDER, "reference_matrix.csv", has_reference, LU_MADE_ALWAYS},
	{IN_FOLDER, "reference_areas.csv", has_reference, LU_MADE_ALWAYS},
	{IN_FOLDER, "runs.gpkg", has_history, LU_MADE_ALWAYS},
	{IN_FOLDER, "manifest.json", is_run, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_STAC_FOLDER "/model.json", has_stac, LU_MADE_ALWAYS},
	{IN_FOLDER, LU_STAC_FOLDER "/collection.json", has_stac, LU_MADE_ALWAYS},
	{OF_WORK, ".scores", is_run, LU_MADE_ALWAYS},
	{OF_WORK, ".done", is_run, LU_MADE_ALWAYS},
	{OF_WORK, LU_WINDOWS_SUFFIX ".scores", has_windows, LU_MADE_ALWAYS},
	{OF_WORK, LU_WINDOWS_SUFFIX ".done", has_windows, LU_MADE_ALWAYS},
};
enum { NAMES = sizeof(table) / sizeof(table[0]) };

static enum lu_status add_pair(const struct lu_output_plan *plan, size_t earlier, size_t later,
			       struct lu_output_names *out, struct lu_error *err)
{
	const char *a = plan->labels[earlier], *b = plan->labels[later], *layer;
	enum lu_status status;

	LU_TRY(lu_output_names_add(out, err, "transition_%s_%s.csv", a, b));
	LU_TRY(lu_output_names_add(out, err, "transition_%s_%s_ha.csv", a, b));
	for (size_t i = 0; i < NAMES; i++)
		if (table[i].place == OF_PAIR && (table[i].when == NULL || table[i].when(plan)))
			LU_TRY(lu_output_names_add(out, err, "%s_%s/%s", a, b, table[i].name));
	for (size_t i = 0;
	     plan->layers != NULL && (layer = lu_change_layer_name(plan->layers, plan->scheme, i)) != NULL; i++)
		LU_TRY(lu_output_names_add(out, err, "%s_%s/%s.gpkg", a, b, layer));
	if (plan->pictures > 0) {
		char *folder = lu_sprintf("%s_%s/" LU_PATCH_PICTURES, a, b);
		status = folder != NULL ? lu_output_names_match(out, folder, "*.jpg", err)
					: lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(folder);
	}
out:
	return status;
}

static enum lu_status add_date(const struct lu_output_plan *plan, size_t date, struct lu_output_names *out,
			       struct lu_error *err)
{
	const char *label = plan->labels[date];
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < NAMES; i++) {
		if (table[i].when != NULL && !table[i].when(plan))
			continue;
		if (table[i].place == OF_DATE)
			LU_TRY(lu_output_names_add(out, err, "%s%s%s", plan->flat ? "" : label, plan->flat ? "" : "/",
						   table[i].name));
		else if (table[i].place == OF_WORK)
			LU_TRY(lu_output_names_add(out, err, LU_WORK_FOLDER "/%s%s", label, table[i].name));
	}
out:
	return status;
}

/* Assessments: with the map, or the pair, that they are of. */
static enum lu_status add_assessments(const struct lu_output_plan *plan, struct lu_output_names *out,
				      struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < plan->sample_count; i++) {
		const struct lu_sample_fit *fit = &plan->samples[i];
		for (size_t k = 0; k < LU_ASSESSMENT_TABLES_OF_ALL; k++)
			LU_TRY(lu_output_names_add(out, err, "%s%s%s/%s", plan->labels[fit->earlier],
						   fit->change ? "_" : "", fit->change ? plan->labels[fit->later] : "",
						   lu_assessment_tables[k]));
		/* Where the strata are the map's classes. */
		for (size_t k = LU_ASSESSMENT_TABLES_OF_ALL; plan->zones && !fit->change && k < LU_ASSESSMENT_TABLES;
		     k++)
			LU_TRY(lu_output_names_match(out, plan->labels[fit->earlier], lu_assessment_tables[k], err));
	}
out:
	return status;
}

/* Figures as drawings and, where they are printed, as pictures. */
static enum lu_status add_charts(const struct lu_output_plan *plan, struct lu_output_names *out, struct lu_error *err)
{
	static const char *const suffixes[] = {"svg", "png"};
	const size_t kinds = plan->pdf ? 2 : 1;
	enum lu_status status = LU_OK;

	for (size_t k = 0; k < kinds; k++) {
		for (size_t i = 0; lu_chart_names[i] != NULL; i++)
			LU_TRY(lu_output_names_add(out, err, LU_CHARTS_FOLDER "/%s.%s", lu_chart_names[i],
						   suffixes[k]));
		for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, plan->date_count, plan->pairs);)
			for (size_t i = 0; lu_chart_pair_names[i] != NULL; i++)
				LU_TRY(lu_output_names_add(out, err, LU_CHARTS_FOLDER "/%s_%s_%s.%s",
							   lu_chart_pair_names[i], plan->labels[pair.earlier],
							   plan->labels[pair.later], suffixes[k]));
	}
out:
	return status;
}

enum lu_output_made lu_output_made_of(const char *path)
{
	const char *name = lu_path_name(path);

	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].made;
	/* Layers have the job's names, and lie in the folder of a pair. */
	return name > path && lu_ends_with(name, ".gpkg") ? LU_MADE_OF_ALL : LU_MADE_ALWAYS;
}

/* The items of the rasters of one place, in a folder "2016/", "2009_2016/" or "". */
static enum lu_status add_items_of(const struct lu_output_plan *plan, enum place place, const char *folder,
				   struct lu_output_names *out, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < NAMES && status == LU_OK; i++) {
		if (table[i].place != place || !lu_ends_with(table[i].name, ".tif") ||
		    (table[i].when != NULL && !table[i].when(plan)))
			continue;
		char *path = lu_sprintf("%s%s", folder, table[i].name);
		char *item = path != NULL ? lu_stac_item_name(path) : NULL;
		status = item != NULL ? lu_output_names_add(out, err, "%s", item)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(item);
		lu_free(path);
	}
	return status;
}

/* What tells programs of each raster. */
static enum lu_status add_items(const struct lu_output_plan *plan, struct lu_output_names *out, struct lu_error *err)
{
	char *folder = NULL;
	enum lu_status status;

	for (size_t i = 0; i < plan->date_count; i++) {
		folder = lu_sprintf("%s/", plan->labels[i]);
		LU_TRY(folder != NULL ? add_items_of(plan, OF_DATE, plan->flat ? "" : folder, out, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
		lu_free(folder);
		folder = NULL;
	}
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, plan->date_count, plan->pairs);) {
		folder = lu_sprintf("%s_%s/", plan->labels[pair.earlier], plan->labels[pair.later]);
		LU_TRY(folder != NULL ? add_items_of(plan, OF_PAIR, folder, out, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
		lu_free(folder);
		folder = NULL;
	}
	LU_TRY(add_items_of(plan, IN_FOLDER, "", out, err));
out:
	lu_free(folder);
	return status;
}

enum lu_status lu_output_names_plan(const struct lu_output_plan *plan, struct lu_output_names *out,
				    struct lu_error *err)
{
	enum lu_status status = LU_OK;

	*out = (struct lu_output_names){0};
	for (size_t i = 0; i < plan->date_count; i++)
		LU_TRY(add_date(plan, i, out, err));
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, plan->date_count, plan->pairs);)
		LU_TRY(add_pair(plan, pair.earlier, pair.later, out, err));
	LU_TRY(add_assessments(plan, out, err));
	if (plan->vectors)
		LU_TRY(lu_output_names_match(out, LU_COUNTY_VECTORS, "*", err));
	if (plan->report)
		LU_TRY(add_charts(plan, out, err));
	for (size_t i = 0; i < NAMES; i++)
		if (table[i].place == IN_FOLDER && (table[i].when == NULL || table[i].when(plan)))
			LU_TRY(lu_output_names_add(out, err, "%s", table[i].name));
	if (plan->stac)
		LU_TRY(add_items(plan, out, err));
out:
	if (status != LU_OK)
		lu_output_names_release(out);
	return status;
}
