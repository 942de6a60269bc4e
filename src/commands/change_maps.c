/* change_maps.c: change between classified rasters already made, ours or anyone's. */
#include "landuse.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/census.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "grid/ground.h"
#include "job/manifest.h"
#include "job/output_names.h"
#include "maps/crosstab.h"
#include "maps/map_series.h"
#include "maps/metadata.h"
#include "maps/products.h"
#include "maps/smooth_stage.h"
#include "maps/tally.h"
#include "maps/zones.h"
#include "raster/reads.h"
#include "raster/start.h"
#include "report/statistics_files.h"

/* What a running comparison holds. */
struct comparison {
	const struct lu_change_options *options;
	struct lu_map_series series;
	const struct lu_frame *frame; /* of the maps */
	struct lu_legend legend; /* the classes that occur */
	struct lu_ground ground;
	struct lu_zones *zones; /* NULL: none are named */
	struct lu_smooth_keys smoothing;
	struct lu_smooth_stage *smooth; /* NULL: the maps are taken as they are */
	struct lu_class_rows *rows; /* one a date: what all products and figures are of */
	struct lu_inputs inputs; /* every file that is read */
	struct lu_output_names names; /* of all outputs, planned */
	struct lu_outputs outputs;
	struct lu_lock *lock;
};

/* Values above 99 cannot be told apart in before * 100 + after. */
static enum lu_status check_codes(const struct comparison *comparison, const struct lu_tally *tally,
				  struct lu_error *err)
{
	for (size_t i = 0; i < tally->date_count; i++)
		if (!lu_change_codes_fit(tally->dates[i].map->values, tally->dates[i].map->count))
			return lu_fail(err, LU_ERROR_UNSUPPORTED,
				       "%s: class %u is above 99, and change codes are before*100+after (renumber the "
				       "classes, or .tables_only)",
				       comparison->options->maps[i],
				       tally->dates[i].map->values[tally->dates[i].map->count - 1]);
	return LU_OK;
}

/* The class as one of the maps names it, or by its value, with the colour of some map's palette or else a grey. */
static enum lu_status add_seen(const struct comparison *comparison, uint16_t value, struct lu_legend *seen,
			       struct lu_error *err)
{
	const struct lu_legend_class *known = lu_legend_find(&comparison->series.legend, value);
	const uint8_t grey = (uint8_t)(40 + value * 67 % 176);
	uint8_t rgb[3] = {grey, grey, grey};
	char name[16];

	if (known != NULL)
		return lu_legend_add(seen, value, known->name, known->red, known->green, known->blue, err);
	snprintf(name, sizeof(name), "Class %u", value);
	for (size_t i = 0; i < comparison->options->map_count; i++)
		if (lu_map_colour(comparison->series.maps[i], value, rgb))
			break;
	return lu_legend_add(seen, value, name, rgb[0], rgb[1], rgb[2], err);
}

/* The classes that occur, each with a name, so that the change legend is whole. */
static enum lu_status complete_legend(struct comparison *comparison, const struct lu_tally *tally, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < tally->date_count; i++) {
		const struct lu_transition *map = tally->dates[i].map;
		for (size_t k = 1; k < map->count && status == LU_OK; k++)
			if (lu_transition_cells(map, k, k) > 0) /* a colour table names more than a map holds */
				status = add_seen(comparison, map->values[k], &comparison->legend, err);
	}
	return status;
}

/* The maps as they are, or smoothed. */
static enum lu_status make_rows(struct comparison *comparison, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const size_t count = comparison->series.count;
	enum lu_status status = lu_alloc(&comparison->rows, count, sizeof(*comparison->rows), "maps", err);

	for (size_t i = 0; i < count && status == LU_OK; i++)
		comparison->rows[i] = lu_map_series_rows(&comparison->series, i);
	if (status != LU_OK || !lu_smooth_wanted(&comparison->smoothing))
		return status;
	lu_raster_start((size_t)LU_RASTER_CACHE_MB << 20);
	status = lu_smooth_stage_new(&(struct lu_smooth_task){.keys = &comparison->smoothing,
							      .cells = comparison->frame,
							      .ground = &comparison->ground,
							      .work = options->output,
							      .raw = comparison->rows,
							      .date_count = count,
							      .hooks = options->hooks},
				     &comparison->smooth, err);
	for (size_t i = 0; i < count && status == LU_OK; i++)
		comparison->rows[i] = lu_smooth_stage_map(comparison->smooth, i);
	return status;
}

/* Counting finds which classes there are; a map with a thousand colours has few of them. */
static enum lu_status count(struct comparison *comparison, struct lu_tally *tally, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const struct lu_legend nothing = {0};
	const struct lu_crosstab_task task = {.paths = options->maps,
					      .labels = (const char *const *)comparison->series.labels,
					      .count = options->map_count,
					      .pairs = options->consecutive ? LU_PAIRS_CONSECUTIVE : LU_PAIRS_ALL,
					      .frame = comparison->frame,
					      .ground = &comparison->ground,
					      .threads = comparison->outputs.threads,
					      .hooks = options->hooks};

	if (comparison->smooth == NULL)
		return lu_crosstab(&task, tally, err);
	const enum lu_status status = lu_tally_make(comparison->rows, task.labels, task.count, task.pairs, task.frame,
						    &comparison->ground, &nothing, tally, err);
	for (size_t i = 0; i < task.count && status == LU_OK; i++)
		tally->dates[i].smoothing =
			lu_smooth_stage_steps(comparison->smooth, i, &tally->dates[i].smoothing_count);
	return status;
}

/* A smoothed map is a map of its own: DATE/landuse.tif, with all that the map before it said of itself. */
static enum lu_status write_smoothed(struct comparison *comparison, size_t i, struct lu_error *err)
{
	static const char *const kept[] = {"LANDUSE_MODEL",          "LANDUSE_MODEL_SHA256", "LANDUSE_SCHEME",
					   "LANDUSE_SCHEME_VERSION", "LANDUSE_PRECISION",    "LANDUSE_INPUTS",
					   "LANDUSE_NORMALISED",     "LANDUSE_INPUTS_SIZE"};
	const struct lu_map *map = comparison->series.maps[i];
	const char *before = lu_map_metadata(map, "LANDUSE_SMOOTHED");
	const char *now = lu_smooth_stage_text(comparison->smooth);
	char *smoothed = lu_sprintf("%s%s%s", before != NULL ? before : "", before != NULL ? "; " : "", now);
	struct lu_metadata metadata;

	if (smoothed == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: metadata");
	lu_metadata_begin(&metadata);
	lu_metadata_add(&metadata, "LANDUSE_DATE", comparison->series.labels[i]);
	for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++)
		lu_metadata_add(&metadata, kept[k], lu_map_metadata(map, kept[k]));
	lu_metadata_add(&metadata, "LANDUSE_SMOOTHED", smoothed);
	const struct lu_class_map smooth = {.file = "landuse.tif",
					    .title = "Land use",
					    .frame = comparison->frame,
					    .rows = comparison->rows[i],
					    .legend = &comparison->legend,
					    .metadata = metadata.list};
	const enum lu_status status = lu_products_classes(comparison->options->output, comparison->series.labels[i],
							  &smooth, &comparison->outputs, err);
	lu_free(smoothed);
	return status;
}

static enum lu_status write_changes(struct comparison *comparison, const struct lu_tally *tally, struct lu_error *err)
{
	char *const *labels = comparison->series.labels;
	enum lu_status status = LU_OK;

	lu_raster_start((size_t)LU_RASTER_CACHE_MB << 20);
	for (size_t i = 0; i < comparison->series.count && comparison->smooth != NULL && status == LU_OK; i++)
		status = write_smoothed(comparison, i, err);
	for (size_t i = 0; i < tally->pair_count && status == LU_OK; i++) {
		const size_t a = tally->pairs[i].earlier, b = tally->pairs[i].later;
		char name[256];
		struct lu_metadata metadata;
		snprintf(name, sizeof(name), "%.120s_%.120s", labels[a], labels[b]);
		lu_metadata_begin(&metadata);
		lu_metadata_add(&metadata, "LANDUSE_EARLIER", labels[a]);
		lu_metadata_add(&metadata, "LANDUSE_LATER", labels[b]);
		lu_metadata_add(&metadata, "LANDUSE_CODES", LU_CHANGE_CODES);
		status = lu_products_change(comparison->options->output, name, comparison->frame, comparison->rows[a],
					    comparison->rows[b], &comparison->legend, metadata.list,
					    &comparison->outputs, err);
	}
	return status;
}

static enum lu_status write_zones(struct comparison *comparison, struct lu_statistics *statistics, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const struct lu_zones_maps maps = {.labels = (const char *const *)comparison->series.labels,
					   .date_count = comparison->series.count,
					   .pairs = options->consecutive ? LU_PAIRS_CONSECUTIVE : LU_PAIRS_ALL,
					   .legend = &comparison->legend};

	if (comparison->zones == NULL)
		return LU_OK;
	lu_raster_start((size_t)LU_RASTER_CACHE_MB << 20);
	const enum lu_status status = lu_zones_tally(comparison->zones, &maps, comparison->rows, err);
	statistics->zones = lu_zones_statistics(comparison->zones);
	return status == LU_OK
		       ? lu_zones_write(comparison->zones, options->output, statistics, &comparison->outputs, err)
		       : status;
}

static enum lu_status summarise(const struct comparison *comparison, const struct lu_statistics *statistics,
				char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "the summary", err);
	FILE *to = stream.to;

	if (status != LU_OK)
		return status;
	lu_statistics_print(to, statistics);
	fprintf(to, "\nin %s:\n", comparison->options->output);
	lu_outputs_print(to, &comparison->outputs);
	return lu_text_finish(&stream, text, err);
}

static enum lu_status compare(struct comparison *comparison, struct lu_run_summary *summary, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const struct lu_map *first = comparison->series.maps[0];
	const char *version = lu_map_metadata(first, "LANDUSE_SCHEME_VERSION");
	char *crs = lu_crs_name(comparison->frame->crs_wkt);
	struct lu_tally tally = {0};
	enum lu_status status = make_rows(comparison, err);

	if (status == LU_OK)
		status = count(comparison, &tally, err);
	if (status == LU_OK && !lu_tally_common(&tally, options->hooks))
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s, %s: no cell has a class at both dates: expected maps of one place (check their nodata "
			"values and masks%s)",
			options->maps[0], options->maps[1], options->boundary != NULL ? ", and the boundary" : "");
	if (status == LU_OK && !options->tables_only)
		status = check_codes(comparison, &tally, err);
	if (status == LU_OK)
		status = complete_legend(comparison, &tally, err);
	if (status == LU_OK && !options->tables_only)
		status = write_changes(comparison, &tally, err);
	if (status == LU_OK)
		status = lu_tally_name(&tally, &comparison->legend, err);
	if (status == LU_OK) {
		struct lu_statistics statistics = {.software_version = lu_version(),
						   .county_name = comparison->ground.name,
						   .has_areas = true,
						   .county_area_m2 = comparison->ground.county_m2,
						   .crs = crs,
						   .cells = comparison->frame,
						   .scheme_name = lu_map_metadata(first, "LANDUSE_SCHEME"),
						   .scheme_version = version != NULL ? atoi(version) : 0,
						   .model_name = lu_map_metadata(first, "LANDUSE_MODEL"),
						   .model_sha256 = lu_map_metadata(first, "LANDUSE_MODEL_SHA256"),
						   .classes = tally.names,
						   .class_count = tally.name_count,
						   .dates = tally.dates,
						   .date_count = tally.date_count,
						   .pairs = tally.pairs,
						   .pair_count = tally.pair_count};
		status = write_zones(comparison, &statistics, err);
		/* Maps are read once for counting and again for rasters: they must be the same. */
		if (status == LU_OK)
			status = lu_inputs_unchanged(&comparison->inputs, err);
		if (status == LU_OK)
			status = lu_statistics_write(options->output, &statistics, &comparison->outputs, err);
		if (status == LU_OK)
			status = summarise(comparison, &statistics, &summary->text, err);
	}
	lu_tally_release(&tally);
	lu_free(crs);
	return status;
}

/* The words about smoothing; maps have no probabilities for a field to weigh. */
static enum lu_status read_smoothing(struct comparison *comparison, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const enum lu_status status =
		lu_smooth_keys_parse(options->smooth, options->mmu, options->corners, &comparison->smoothing, err);

	if (status == LU_OK && comparison->smoothing.method == LU_SMOOTH_MRF)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"a field (mrf) weighs probabilities, and maps have none (plurality; or 'smooth' in a job)");
	return status;
}

/* All that is read before anything is written. */
static enum lu_status open_inputs(struct comparison *comparison, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const struct lu_county_source county = {.boundary = options->boundary,
						.layer = options->layer,
						.where = options->where,
						.hooks = options->hooks};
	const struct lu_zones_options zones = {.path = options->zones,
					       .layer = options->zone_layer,
					       .where = options->zone_where,
					       .name = options->zone_name};
	const struct lu_map_series_options series = {.paths = options->maps,
						     .count = options->map_count,
						     .labels = options->labels,
						     .pairs =
							     options->consecutive ? LU_PAIRS_CONSECUTIVE : LU_PAIRS_ALL,
						     .scheme = options->scheme,
						     .by_number = options->by_number,
						     .hooks = options->hooks};
	enum lu_status status = read_smoothing(comparison, err);

	if (status == LU_OK && options->zones != NULL && options->zone_name == NULL)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "zones need the name of the field that names them");
	if (status == LU_OK)
		status = lu_map_series_open(&series, &comparison->series, err);
	if (status != LU_OK)
		return status;
	comparison->frame = lu_map_frame(comparison->series.maps[0]);
	status = lu_census_ground(&county, comparison->frame, &comparison->ground, err);
	if (status == LU_OK)
		status = lu_zones_open(&zones, comparison->frame, &comparison->ground, options->hooks,
				       &comparison->zones, err);
	return status;
}

/* What will be written: neither a file that is read nor one of a run's. */
static enum lu_status name_outputs(struct comparison *comparison, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const struct lu_output_plan plan = {.labels = (const char *const *)comparison->series.labels,
					    .date_count = comparison->series.count,
					    .pairs = options->consecutive ? LU_PAIRS_CONSECUTIVE : LU_PAIRS_ALL,
					    .rasters = !options->tables_only,
					    .smoothed = lu_smooth_wanted(&comparison->smoothing),
					    .zones = comparison->zones != NULL};
	enum lu_status status = lu_output_names_plan(&plan, &comparison->names, err);

	comparison->outputs.names = &comparison->names;
	for (size_t i = 0; i < options->map_count && status == LU_OK; i++)
		status = lu_reads_add(&comparison->inputs, options->maps[i], err);
	if (status == LU_OK)
		status = lu_reads_add(&comparison->inputs, options->boundary, err);
	if (status == LU_OK)
		status = lu_reads_add(&comparison->inputs, options->zones, err);
	if (status == LU_OK)
		status = lu_inputs_guard(&comparison->inputs, options->output, &comparison->names, err);
	return status == LU_OK ? lu_manifest_guard(options->output, &comparison->names, err) : status;
}

enum lu_status lu_change(const struct lu_change_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	const int threads = options->threads > 0 ? options->threads : omp_get_max_threads();
	struct comparison comparison = {.options = options, .outputs.threads = threads};
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	if (options->map_count < 2)
		return lu_fail(err, LU_ERROR_ARGUMENT, "two or more classified rasters are needed");
	lu_raster_start(0);
	status = open_inputs(&comparison, err);
	if (status == LU_OK)
		status = name_outputs(&comparison, err);
	if (status == LU_OK)
		status = lu_folder_make(options->output, err);
	if (status == LU_OK)
		status = lu_lock_take(options->output, &comparison.lock, err);
	if (status == LU_OK)
		status = lu_folder_sweep(options->output, err);
	if (status == LU_OK)
		status = compare(&comparison, summary, err);
	lu_zones_close(comparison.zones);
	lu_smooth_stage_free(comparison.smooth);
	lu_free(comparison.rows);
	lu_legend_release(&comparison.legend);
	lu_map_series_release(&comparison.series);
	lu_outputs_release(&comparison.outputs);
	lu_output_names_release(&comparison.names);
	lu_inputs_release(&comparison.inputs);
	lu_ground_release(&comparison.ground);
	lu_lock_drop(comparison.lock);
	return status;
}
