/* change_maps.c: change between classified rasters already made, ours or anyone's. */
#include "landuse.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "job/accuracy/census.h"
#include "job/county/ground.h"
#include "job/county/products.h"
#include "job/change/crosstab.h"
#include "job/change/same_grid.h"
#include "job/county/tally.h"
#include "raster/map.h"
#include "raster/start.h"

/* What a running comparison holds. */
struct comparison {
	const struct lu_change_options *options;
	struct lu_map **maps;
	char **labels;
	struct lu_legend legend;
	struct lu_ground ground;
	struct lu_outputs outputs;
	struct lu_lock *lock;
};

static enum lu_status read_map_rows(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
				    struct lu_error *err)
{
	struct lu_map *map = user;

	if (confidence != NULL)
		memset(confidence, 0, (size_t)(rows * lu_map_frame(map)->width));
	return lu_map_read_rows(map, row0, rows, values, err);
}

static struct lu_class_rows rows_of(struct lu_map *map)
{
	return (struct lu_class_rows){read_map_rows, map};
}

/* The date that the map itself states, or its name without folder and extension. */
static enum lu_status make_label(struct comparison *comparison, size_t i, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	const char *stated = lu_map_metadata(comparison->maps[i], "LANDUSE_DATE");
	const char *name = lu_path_name(options->maps[i]);

	if (options->labels != NULL)
		comparison->labels[i] = lu_strdup(options->labels[i]);
	else if (stated != NULL)
		comparison->labels[i] = lu_strdup(stated);
	else
		comparison->labels[i] = lu_strndup(name, strcspn(name, "."));
	if (comparison->labels[i] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a label");
	for (size_t k = 0; k < i; k++)
		if (strcmp(comparison->labels[k], comparison->labels[i]) == 0)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "%s and %s would both be called '%s' (name the dates: --dates A,B)",
				       options->maps[k], options->maps[i], comparison->labels[i]);
	if (comparison->labels[i][0] == '\0' || strchr(comparison->labels[i], '/') != NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "date '%s' should be a word without '/' (--dates A,B)",
			       comparison->labels[i]);
	return LU_OK;
}

static enum lu_status add_legend(struct comparison *comparison, size_t i, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	size_t count;
	const struct lu_style_entry *entries = lu_map_entries(comparison->maps[i], &count);

	for (size_t k = 0; k < count && status == LU_OK; k++) {
		if (entries[k].value <= 0 || entries[k].value > 65535 || entries[k].name == NULL || entries[k].name[0] == '\0')
			continue;
		status = lu_legend_add(&comparison->legend, (uint16_t)entries[k].value, entries[k].name, entries[k].red,
				       entries[k].green, entries[k].blue, err);
	}
	return status;
}

static enum lu_status check_upright(const struct comparison *comparison, size_t i, struct lu_error *err)
{
	const double *t = lu_map_frame(comparison->maps[i])->transform;

	if (t[2] == 0 && t[4] == 0)
		return LU_OK;
	return lu_fail(err, LU_ERROR_UNSUPPORTED,
		       "%s: its rows and columns are rotated against the axes of its coordinate system (gdalwarp -r near "
		       "makes a map whose are not)",
		       comparison->options->maps[i]);
}

static enum lu_status open_maps(struct comparison *comparison, struct lu_error *err)
{
	const size_t count = comparison->options->map_count;
	enum lu_status status = lu_alloc(&comparison->maps, count, sizeof(struct lu_map *), "maps", err);

	if (status == LU_OK)
		status = lu_alloc(&comparison->labels, count, sizeof(char *), "labels", err);
	for (size_t i = 0; i < count && status == LU_OK; i++) {
		status = lu_map_open(comparison->options->maps[i], &comparison->maps[i], err);
		if (status == LU_OK)
			status = check_upright(comparison, i, err);
		if (status == LU_OK)
			status = make_label(comparison, i, err);
		if (status == LU_OK)
			status = lu_same_grid(comparison->maps[0], comparison->options->maps[0], comparison->maps[i],
					      comparison->options->maps[i], err);
		for (size_t k = 0; k < i && status == LU_OK; k++)
			status = lu_same_scheme(comparison->maps[k], comparison->options->maps[k], comparison->maps[i],
						comparison->options->maps[i], err);
		if (status == LU_OK)
			status = add_legend(comparison, i, err);
	}
	return status;
}

/* Values above 99 cannot be told apart in before * 100 + after. */
static enum lu_status check_codes(const struct comparison *comparison, const struct lu_tally *tally, struct lu_error *err)
{
	for (size_t i = 0; i < tally->date_count; i++)
		if (!lu_change_codes_fit(tally->dates[i].map->values, tally->dates[i].map->count))
			return lu_fail(err, LU_ERROR_UNSUPPORTED,
				       "%s: class %u is above 99, and change codes are before*100+after (renumber the classes, or --tables-only)",
				       comparison->options->maps[i],
				       tally->dates[i].map->values[tally->dates[i].map->count - 1]);
	return LU_OK;
}

/* The class as one of the maps names it, or by its value, with the colour of some map's palette or else a grey. */
static enum lu_status add_seen(const struct comparison *comparison, uint16_t value, struct lu_legend *seen,
			       struct lu_error *err)
{
	const struct lu_legend_class *known = lu_legend_find(&comparison->legend, value);
	const uint8_t grey = (uint8_t)(40 + value * 67 % 176);
	uint8_t rgb[3] = {grey, grey, grey};
	char name[16];

	if (known != NULL)
		return lu_legend_add(seen, value, known->name, known->red, known->green, known->blue, err);
	snprintf(name, sizeof(name), "Class %u", value);
	for (size_t i = 0; i < comparison->options->map_count; i++)
		if (lu_map_colour(comparison->maps[i], value, rgb))
			break;
	return lu_legend_add(seen, value, name, rgb[0], rgb[1], rgb[2], err);
}

/* The classes that occur, each with a name, so that the change legend is whole. */
static enum lu_status complete_legend(struct comparison *comparison, const struct lu_tally *tally, struct lu_error *err)
{
	struct lu_legend seen = {0};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < tally->date_count; i++) {
		const struct lu_transition *map = tally->dates[i].map;
		for (size_t k = 1; k < map->count && status == LU_OK; k++)
			if (lu_transition_cells(map, k, k) > 0) /* a colour table names more than a map holds */
				status = add_seen(comparison, map->values[k], &seen, err);
	}
	lu_legend_release(&comparison->legend);
	comparison->legend = seen;
	return status;
}

static enum lu_status write_changes(struct comparison *comparison, const struct lu_tally *tally, struct lu_error *err)
{
	const struct lu_frame *frame = lu_map_frame(comparison->maps[0]);
	enum lu_status status = LU_OK;

	lu_raster_start((size_t)LU_JOB_CACHE_MB << 20);
	for (size_t i = 0; i < tally->pair_count && status == LU_OK; i++) {
		const size_t a = tally->pairs[i].earlier, b = tally->pairs[i].later;
		char name[256], earlier[128], later[128], software[64];
		snprintf(name, sizeof(name), "%.120s_%.120s", comparison->labels[a], comparison->labels[b]);
		snprintf(earlier, sizeof(earlier), "LANDUSE_EARLIER=%.100s", comparison->labels[a]);
		snprintf(later, sizeof(later), "LANDUSE_LATER=%.100s", comparison->labels[b]);
		snprintf(software, sizeof(software), "LANDUSE_SOFTWARE=%s", lu_version());
		const char *const metadata[] = {software, earlier, later,
						"LANDUSE_CODES=before*100+after, unchanged keeps its class", NULL};
		status = lu_products_change(comparison->options->output, name, frame, rows_of(comparison->maps[a]),
					    rows_of(comparison->maps[b]), &comparison->legend, metadata,
					    &comparison->outputs, err);
	}
	return status;
}

static enum lu_status summarise(const struct comparison *comparison, const struct lu_statistics *statistics, char **text,
				struct lu_error *err)
{
	char *buffer = NULL;
	size_t size;
	FILE *to = open_memstream(&buffer, &size);

	if (to == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary");
	lu_tally_print(to, statistics);
	fprintf(to, "\nin %s:\n", comparison->options->output);
	for (size_t i = 0; i < comparison->outputs.count; i++)
		fprintf(to, "  %s\n", comparison->outputs.paths[i]);
	fclose(to);
	*text = buffer;
	return LU_OK;
}

static enum lu_status compare(struct comparison *comparison, struct lu_run_summary *summary, struct lu_error *err)
{
	const struct lu_change_options *options = comparison->options;
	struct lu_tally tally = {0};
	const struct lu_ground *ground = &comparison->ground;
	const struct lu_frame *frame = lu_map_frame(comparison->maps[0]);
	const struct lu_crosstab_task task = {
		.paths = options->maps, .labels = (const char *const *)comparison->labels, .count = options->map_count,
		.pairs = options->consecutive ? LU_PAIRS_CONSECUTIVE : LU_PAIRS_ALL, .frame = frame, .ground = ground,
		.threads = comparison->outputs.threads, .hooks = options->hooks};
	char *crs = lu_crs_name(frame->crs_wkt);
	const char *version = lu_map_metadata(comparison->maps[0], "LANDUSE_SCHEME_VERSION");
	/* Counting finds which classes there are; a map with a thousand colours has few of them. */
	enum lu_status status = lu_crosstab(&task, &tally, err);

	if (status == LU_OK && !options->tables_only)
		status = check_codes(comparison, &tally, err);
	if (status == LU_OK)
		status = complete_legend(comparison, &tally, err);
	if (status == LU_OK && !options->tables_only)
		status = write_changes(comparison, &tally, err);
	if (status == LU_OK)
		status = lu_tally_name(&tally, &comparison->legend, err);
	if (status == LU_OK) {
		const struct lu_statistics statistics = {
			.software_version = lu_version(),
			.county_name = ground->name, .has_areas = true, .county_area_m2 = ground->county_m2, .crs = crs, .cells = frame,
			.scheme_name = lu_map_metadata(comparison->maps[0], "LANDUSE_SCHEME"),
			.scheme_version = version != NULL ? atoi(version) : 0,
			.model_name = lu_map_metadata(comparison->maps[0], "LANDUSE_MODEL"),
			.model_sha256 = lu_map_metadata(comparison->maps[0], "LANDUSE_MODEL_SHA256"),
			.classes = tally.names, .class_count = tally.name_count, .dates = tally.dates,
			.date_count = tally.date_count, .pairs = tally.pairs, .pair_count = tally.pair_count};
		status = lu_tally_write(options->output, &statistics, &comparison->outputs, err);
		if (status == LU_OK)
			status = summarise(comparison, &statistics, &summary->text, err);
	}
	lu_tally_release(&tally);
	lu_free(crs);
	return status;
}

enum lu_status lu_change(const struct lu_change_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	const int threads = options->threads > 0 ? options->threads : omp_get_max_threads();
	const struct lu_county_source county = {
		.boundary = options->boundary, .layer = options->layer, .where = options->where};
	struct comparison comparison = {.options = options, .outputs.threads = threads};
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	if (options->map_count < 2)
		return lu_fail(err, LU_ERROR_ARGUMENT, "two or more classified rasters are needed");
	lu_raster_start(0);
	status = open_maps(&comparison, err);
	if (status == LU_OK)
		status = lu_census_ground(&county, lu_map_frame(comparison.maps[0]), &comparison.ground, err);
	if (status == LU_OK)
		status = lu_folder_make(options->output, err);
	if (status == LU_OK)
		status = lu_lock_take(options->output, &comparison.lock, err);
	if (status == LU_OK)
		status = lu_folder_sweep(options->output, err);
	if (status == LU_OK)
		status = compare(&comparison, summary, err);
	for (size_t i = 0; i < options->map_count; i++) {
		if (comparison.maps != NULL)
			lu_map_close(comparison.maps[i]);
		if (comparison.labels != NULL)
			lu_free(comparison.labels[i]);
	}
	lu_free(comparison.maps);
	lu_free(comparison.labels);
	lu_legend_release(&comparison.legend);
	lu_outputs_release(&comparison.outputs);
	lu_ground_release(&comparison.ground);
	lu_lock_drop(comparison.lock);
	return status;
}
