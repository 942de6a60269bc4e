/* change_maps.c: change between classified rasters already made, ours or anyone's. */
#include "landuse/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/census.h"
#include "base/memory.h"
#include "base/team.h"
#include "commands/pipeline.h"
#include "runs/manifest.h"
#include "maps/crosstab.h"
#include "maps/map_series.h"
#include "maps/zones.h"
#include "raster/reads.h"
#include "raster/start.h"

/* What a running comparison holds. */
struct comparison {
	const struct lu_change_options *options;
	enum lu_date_pairs pairs;
	struct lu_map_series series;
	struct lu_ground ground;
	struct lu_zones *zones; /* NULL: none are named */
	struct lu_smoothing smoothing;
	struct lu_inputs inputs; /* every file that is read */
	struct lu_pipeline pipeline; /* what becomes of the maps */
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
	const struct lu_class *known = lu_legend_find(&comparison->series.legend, value);
	const uint8_t grey = (uint8_t)(40 + value * 67 % 176);
	uint8_t rgb[3] = {grey, grey, grey};
	char name[16];

	if (known != NULL)
		return lu_legend_add(seen, *known, err);
	snprintf(name, sizeof(name), "Class %u", value);
	for (size_t i = 0; i < comparison->options->map_count; i++)
		if (lu_map_colour(comparison->series.maps[i], value, rgb))
			break;
	return lu_legend_add(seen, (struct lu_class){value, name, rgb[0], rgb[1], rgb[2]}, err);
}

/* The classes that occur, each with a name, so that the change legend is whole. */
static enum lu_status complete_legend(struct comparison *comparison, struct lu_error *err)
{
	struct lu_legend *legend = &comparison->pipeline.legend;
	const struct lu_tally *tally = &comparison->pipeline.tally;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < tally->date_count; i++) {
		const struct lu_transition *map = tally->dates[i].map;
		for (size_t k = 1; k < map->count; k++)
			if (lu_transition_cells(map, k, k) > 0) /* a colour table names more than a map holds */
				LU_TRY(add_seen(comparison, map->values[k], legend, err));
	}
out:
	return status;
}

/* Counting finds which classes there are; a map with a thousand colours has few of them. */
static enum lu_status count(struct comparison *comparison, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	struct lu_pipeline *pipeline = &comparison->pipeline;
	const struct lu_crosstab_task task = {.paths = options->maps,
					      .labels = pipeline->labels,
					      .count = pipeline->dates,
					      .pairs = pipeline->pairs,
					      .frame = pipeline->cells,
					      .ground = &comparison->ground,
					      .uncertain = pipeline->legend.uncertain,
					      .threads = pipeline->outputs.threads,
					      .hooks = options->hooks};
	enum lu_status status =
		pipeline->smooth != NULL ? lu_pipeline_count(pipeline, err) : lu_crosstab(&task, &pipeline->tally, err);

	lu_raster_start((size_t)LU_RASTER_CACHE_MB << 20); /* crossing has set a cache of its own */
	LU_TRY(status);
	if (!lu_tally_common(&pipeline->tally, options->hooks))
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s, %s: no cell has a class at both dates: expected maps of one place (check their nodata "
			"values and masks%s)",
			options->maps[0], options->maps[1], options->boundary != NULL ? ", and the boundary" : "");
	if (pipeline->rasters)
		LU_TRY(check_codes(comparison, &pipeline->tally, err));
	LU_TRY(complete_legend(comparison, err));
out:
	return status;
}

/* What the map says of itself goes on into a raster that is made of it. */
static void take_origin(const struct comparison *comparison, size_t i, struct lu_map_origin *origin)
{
	static const char *const kept[] = {"LANDUSE_MODEL",          "LANDUSE_MODEL_SHA256", "LANDUSE_SCHEME",
					   "LANDUSE_SCHEME_VERSION", "LANDUSE_PRECISION",    "LANDUSE_INPUTS",
					   "LANDUSE_NORMALISED",     "LANDUSE_INPUTS_SIZE",  LU_MIN_CONFIDENCE};
	const struct lu_map *map = comparison->series.maps[i];

	lu_metadata_begin(&origin->metadata);
	lu_metadata_add(&origin->metadata, "LANDUSE_DATE", comparison->series.labels[i]);
	for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++)
		lu_metadata_add(&origin->metadata, kept[k], lu_map_metadata(map, kept[k]));
	origin->smoothed = lu_map_metadata(map, "LANDUSE_SMOOTHED");
}

static enum lu_status compare(struct comparison *comparison, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_pipeline *pipeline = &comparison->pipeline;
	enum lu_status status;

	LU_TRY(lu_pipeline_open(pipeline, err));
	for (size_t i = 0; i < pipeline->dates; i++) {
		pipeline->raw[i] = lu_map_series_rows(&comparison->series, i);
		take_origin(comparison, i, &pipeline->origins[i]);
	}
	LU_TRY(lu_pipeline_smooth(pipeline, err));
	LU_TRY(count(comparison, err));
	LU_TRY(lu_pipeline_write(pipeline, err));
	LU_TRY(lu_pipeline_summary(pipeline, "", &summary->text, err));
out:
	return status;
}

/* Maps have no probabilities for a field to weigh. */
static enum lu_status take_smoothing(struct comparison *comparison, struct lu_error *err)
{
	comparison->smoothing = comparison->options->smoothing;
	if (comparison->smoothing.method == LU_SMOOTH_MRF)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"a field (mrf) weighs probabilities, and maps have none (plurality; or 'smooth' in a job)");
	return lu_smoothing_check(&comparison->smoothing, err);
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
						     .pairs = comparison->pairs,
						     .scheme = options->scheme,
						     .by_number = options->by_number,
						     .hooks = options->hooks};
	const struct lu_frame *frame;
	enum lu_status status;

	LU_TRY(take_smoothing(comparison, err));
	if (options->zones != NULL && options->zone_name == NULL) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "zones need the name of the field that names them");
		goto out;
	}
	LU_TRY(lu_map_series_open(&series, &comparison->series, err));
	frame = lu_map_frame(comparison->series.maps[0]);
	LU_TRY(lu_census_ground(&county, frame, &comparison->ground, err));
	LU_TRY(lu_zones_open(&zones, frame, &comparison->ground, options->hooks, &comparison->zones, err));
	for (size_t i = 0; i < options->map_count; i++)
		LU_TRY(lu_reads_add(&comparison->inputs, options->maps[i], err));
	LU_TRY(lu_reads_add(&comparison->inputs, options->boundary, err));
	LU_TRY(lu_reads_add(&comparison->inputs, options->zones, err));
out:
	return status;
}

static void describe_maps(struct comparison *comparison)
{
	const struct lu_change_options *options = comparison->options;
	const struct lu_map *first = comparison->series.maps[0];
	const char *version = lu_map_metadata(first, "LANDUSE_SCHEME_VERSION");
	const int threads = lu_team_size(options->threads);

	comparison->pipeline =
		(struct lu_pipeline){.output = options->output,
				     .work = options->output,
				     .labels = (const char *const *)comparison->series.labels,
				     .dates = comparison->series.count,
				     .pairs = comparison->pairs,
				     .cells = lu_map_frame(first),
				     .ground = &comparison->ground,
				     .zones = comparison->zones,
				     .smoothing = &comparison->smoothing,
				     .inputs = &comparison->inputs,
				     .rasters = !options->tables_only,
				     .hooks = options->hooks,
				     .legend = {.uncertain = comparison->series.legend.uncertain},
				     .statistics = {.county_name = comparison->ground.name,
						    .scheme_name = lu_map_metadata(first, "LANDUSE_SCHEME"),
						    .scheme_version = version != NULL ? atoi(version) : 0,
						    .model_name = lu_map_metadata(first, "LANDUSE_MODEL"),
						    .model_sha256 = lu_map_metadata(first, "LANDUSE_MODEL_SHA256")},
				     .outputs = {.threads = threads,
						 .creation_options = options->creation_options,
						 .creation_option_count = options->creation_option_count}};
}

enum lu_status lu_change(const struct lu_change_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct comparison comparison = {.options = options,
					.pairs = options->consecutive ? LU_PAIRS_CONSECUTIVE : LU_PAIRS_ALL};
	struct lu_pipeline *pipeline = &comparison.pipeline;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	LU_TRY(lu_map_check_creation(options->creation_options, options->creation_option_count, err));
	if (options->map_count < 2)
		return lu_fail(err, LU_ERROR_ARGUMENT, "two or more classified rasters are needed");
	lu_raster_start((size_t)LU_RASTER_CACHE_MB << 20);
	LU_TRY(open_inputs(&comparison, err));
	describe_maps(&comparison);
	LU_TRY(lu_pipeline_plan(pipeline, err));
	/* Nor does it write over a file of a run's. */
	LU_TRY(lu_manifest_guard(options->output, &pipeline->names, err));
	LU_TRY(compare(&comparison, summary, err));
out:
	lu_pipeline_release(pipeline);
	lu_zones_close(comparison.zones);
	lu_map_series_release(&comparison.series);
	lu_inputs_release(&comparison.inputs);
	lu_ground_release(&comparison.ground);
	return status;
}
