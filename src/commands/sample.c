/*
 * sample.c: landuse sample: two walks over the map and a file.
 *
 * The first walk counts the strata, so that their sample sizes are known; the second offers every
 * cell to the draw, which keeps the n_h of each stratum whose hashed numbers are lowest. Which
 * cells those are depends on the seed and the map alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/sample_file.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "grid/area_sum.h"
#include "landuse/commands.h"
#include "raster/reads.h"
#include "raster/start.h"
#include "raster/vector_format.h"

enum { CACHE_MB = 128 };

struct drawing {
	struct lu_draw *draw;
	const struct lu_sample_design *design;
	int64_t width;
};

static void offer_cell(void *user, int64_t row, int64_t col, uint16_t value, uint16_t percent)
{
	struct drawing *drawing = user;

	lu_draw_offer(drawing->draw, lu_sample_stratum_of(drawing->design, value, percent),
		      (uint64_t)(row * drawing->width + col));
}

static int by_rank(const void *a, const void *b)
{
	const struct lu_sample_cell *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->stratum > y->stratum) - (x->stratum < y->stratum);
}

/*
 * The drawn cells in the order of the file. Within a stratum the draw's order is random; strata are
 * merged by rank, so the first k cells have about the same shares of each stratum as all of them.
 */
static enum lu_status take_cells(struct drawing *drawing, struct lu_sample_cell *cells, struct lu_error *err)
{
	uint64_t *numbers = NULL;
	size_t at = 0;

	for (size_t h = 0; h < drawing->design->stratum_count; h++) {
		const size_t room = (size_t)drawing->design->strata[h].sample;
		const enum lu_status status = lu_grow(&numbers, room, sizeof(*numbers), "the sample", err);
		if (status != LU_OK) {
			lu_free(numbers);
			return status;
		}
		const size_t count = lu_draw_take(drawing->draw, h, numbers);
		for (size_t i = 0; i < count; i++)
			cells[at++] = (struct lu_sample_cell){.row = (int64_t)numbers[i] / drawing->width,
							      .col = (int64_t)numbers[i] % drawing->width,
							      .stratum = h,
							      .rank = ((double)i + 0.5) / (double)count};
	}
	lu_free(numbers);
	qsort(cells, at, sizeof(*cells), by_rank);
	return LU_OK;
}

/* What the map, and P(changed), say at the drawn cells; a stratum may have several classes. */
static enum lu_status read_values(const struct lu_population *population, struct lu_sample_cell *cells, size_t count,
				  struct lu_error *err)
{
	const size_t width = (size_t)population->classed->frame->width;
	uint16_t *line = NULL, *percent = NULL;
	int64_t at = -1;
	enum lu_status status;

	LU_TRY(lu_alloc(&line, width, sizeof(*line), "a row", err));
	LU_TRY(lu_alloc(&percent, width, sizeof(*percent), "a row", err));
	for (size_t i = 0; i < count; i++) {
		if (cells[i].row != at)
			LU_TRY(lu_classed_read(population->classed, cells[i].row, 1, line, err));
		if (cells[i].row != at && population->probability != NULL)
			LU_TRY(lu_probability_read(population->probability, population->probability_path, cells[i].row,
						   1, percent, err));
		at = cells[i].row;
		cells[i].value = line[cells[i].col];
		cells[i].percent = percent[cells[i].col];
	}
out:
	lu_free(percent);
	lu_free(line);
	return status;
}

static enum lu_status draw_cells(const struct lu_population *population, const struct lu_sample_design *design,
				 struct lu_sample_cell **cells, struct lu_error *err)
{
	struct drawing drawing = {.design = design, .width = population->classed->frame->width};
	const size_t total = (size_t)lu_sample_design_total(design);
	struct lu_stratum *strata = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&strata, design->stratum_count, sizeof(*strata), "strata", err));
	for (size_t h = 0; h < design->stratum_count; h++)
		strata[h] = (struct lu_stratum){.size = design->strata[h].cells, .sample = design->strata[h].sample};
	LU_TRY(lu_alloc(cells, total, sizeof(**cells), "the sample", err));
	LU_TRY(lu_draw_new(strata, design->stratum_count, design->seed, &drawing.draw, err));
	LU_TRY(lu_population_walk(population, "drawing", offer_cell, &drawing, err));
	LU_TRY(take_cells(&drawing, *cells, err));
	LU_TRY(read_values(population, *cells, total, err));
out:
	lu_draw_free(drawing.draw);
	lu_free(strata);
	return status;
}

static enum lu_status summarise(const struct lu_sample_content *content, char **text, struct lu_error *err)
{
	const struct lu_sample_design *design = content->design;
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "the summary", err);

	if (status != LU_OK)
		return status;
	FILE *to = stream.to;
	fprintf(to, "%-32s %12s %14s %8s %10s\n", "stratum", "cells", "hectares", "sample", "weight");
	for (size_t h = 0; h < design->stratum_count; h++) {
		const struct lu_sample_stratum *s = &design->strata[h];
		fprintf(to, "%-32s %12" PRIu64 " %14.2f %8" PRIu64, s->name, s->cells, lu_area_m2(s->area_units) / 1e4,
			s->sample);
		if (s->sample > 0)
			fprintf(to, " %10.2f", (double)s->cells / (double)s->sample);
		fputc('\n', to);
	}
	fprintf(to, "\n%s: %zu cells, stratified random, %s allocation, seed %" PRIu64 "\n", content->path,
		content->cell_count, lu_choice_word(LU_CHOICE_ALLOCATION, design->allocation), design->seed);
	if (design->expected_se > 0)
		fprintf(to,
			"standard error of overall accuracy to expect: %.4f, if the guesses of accuracy hold "
			"(.expected_accuracy)\n",
			design->expected_se);
	if (design->expected_ha > 0)
		fprintf(to,
			"standard error of the %s%s to expect: %.2f ha, if the probabilities of change can be "
			"trusted\n",
			design->growth != NULL ? "growth of " : "area that changed",
			design->growth != NULL ? design->growth : "", design->expected_ha);
	fprintf(to, "Label the field '%s' in QGIS (or any GIS), then: landuse assess", LU_SAMPLE_REFERENCE);
	for (size_t i = 0; i < content->classed->count; i++)
		fprintf(to, " %s", content->classed->paths[i]);
	fprintf(to, " %s\n", content->path);
	return lu_text_finish(&stream, text, err);
}

/* No file that is read may be written over. */
static enum lu_status guard_inputs(const struct lu_sample_options *options, const struct lu_pictures *pictures,
				   struct lu_inputs *inputs, struct lu_error *err)
{
	struct lu_output_names names = {0};
	char *folder = lu_path_folder(options->output);
	enum lu_status status;

	LU_TRY(folder != NULL ? lu_output_names_add(&names, err, "%s", lu_path_name(options->output))
			      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	for (size_t i = 0; i < options->map_count; i++)
		LU_TRY(lu_reads_add(inputs, options->maps[i], err));
	LU_TRY(lu_reads_add(inputs, options->boundary, err));
	LU_TRY(lu_reads_add(inputs, options->probability, err));
	LU_TRY(lu_pictures_files(pictures, inputs, &names, err));
	LU_TRY(lu_inputs_guard(inputs, folder, &names, err));
	lu_output_names_sweep(&names, folder);
out:
	lu_output_names_release(&names);
	lu_free(folder);
	return status;
}

/* A check of flags, which are one list and no strata. */
static bool is_check(const struct lu_sample_options *options)
{
	return options->strata == LU_STRATA_FLAGS;
}

/* Bins of P(changed), which stand for the strata wherever it is given, unless others are asked for. */
static bool is_by_probability(const struct lu_sample_options *options)
{
	return options->probability != NULL &&
	       (options->strata == LU_STRATA_AUTO || options->strata == LU_STRATA_PROBABILITY);
}

/* From an opened map to a written file. */
static enum lu_status make(const struct lu_sample_options *options, struct lu_classed *classed,
			   struct lu_map *probability, struct lu_ground *ground, struct lu_run_summary *summary,
			   struct lu_error *err)
{
	const struct lu_population population = {.classed = classed,
						 .ground = ground,
						 .hooks = options->hooks,
						 .probability = probability,
						 .probability_path = options->probability,
						 .by_probability = is_by_probability(options),
						 .least_share = options->least_share};
	const struct lu_sample_request request = {.size = options->size,
						  .target_se = options->target_se,
						  .allocation = options->allocation,
						  .expected_accuracy = options->expected_accuracy,
						  .expected_accuracy_count = options->expected_accuracy_count,
						  .minimum = options->minimum,
						  .has_minimum = options->has_minimum,
						  .pool_below = options->pool_below,
						  .flags = is_check(options),
						  .knows_probability = probability != NULL,
						  .by_probability = is_by_probability(options),
						  .growth = options->growth,
						  .seed = options->seed,
						  .hooks = options->hooks};
	struct lu_census census = {0};
	struct lu_sample_design design = {0};
	struct lu_sample_cell *cells = NULL;
	struct lu_pictures *pictures = NULL;
	struct lu_inputs inputs = {0};
	enum lu_status status;

	/* Pictures first: a wrong name is better told before a long walk. */
	if (options->imagery_count > 0)
		LU_TRY(lu_pictures_open(options->imagery, options->imagery_count, classed->frame, options->output,
					&pictures, err));
	else
		status = LU_OK;
	LU_TRY(guard_inputs(options, pictures, &inputs, err));
	LU_TRY(lu_pictures_begin(pictures, err));
	LU_TRY(lu_census_make(&population, &census, err));
	LU_TRY(lu_sample_design_make(&request, classed, &census, &design, err));
	LU_TRY(draw_cells(&population, &design, &cells, err));
	/* The map was read for counting, and again for drawing. */
	LU_TRY(lu_inputs_unchanged(&inputs, err));
	const struct lu_sample_content content = {.path = options->output,
						  .boundary = options->boundary,
						  .hooks = options->hooks,
						  .classed = classed,
						  .design = &design,
						  .ground = ground,
						  .cells = cells,
						  .cell_count = (size_t)lu_sample_design_total(&design),
						  .least_share = population.least_share,
						  .pictures = pictures};
	LU_TRY(lu_sample_file_write(&content, err));
	LU_TRY(summarise(&content, &summary->text, err));
out:
	lu_inputs_release(&inputs);
	lu_pictures_close(pictures);
	lu_free(cells);
	lu_sample_design_release(&design);
	lu_census_release(&census);
	return status;
}

static enum lu_status read_kind(const struct lu_sample_options *options, enum lu_classed_kind *kind,
				struct lu_error *err)
{
	const enum lu_strata strata = options->strata;

	*kind = strata == LU_STRATA_CLASS                                  ? LU_CLASSED_CLASS
		: strata != LU_STRATA_AUTO || options->probability != NULL ? LU_CLASSED_CHANGE
									   : LU_CLASSED_AUTO;
	if (options->probability == NULL && strata == LU_STRATA_PROBABILITY)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "strata are bins of the probability of change, which is not named (.probability = "
			       "change_probability.tif)");
	if (options->probability != NULL && (*kind == LU_CLASSED_CLASS || is_check(options)))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "the probability of change goes with strata of change or of itself, not with '%s'",
			       lu_choice_word(LU_CHOICE_STRATA, (int)strata));
	return LU_OK;
}

/* A map of one date has no change; one that does not say so has codes where strata of change are asked for. */
static enum lu_status check_codes(const struct lu_sample_options *options, const struct lu_classed *classed,
				  struct lu_error *err)
{
	if (lu_classed_says_change(classed) || options->strata != LU_STRATA_AUTO)
		return LU_OK;
	return lu_fail(
		err, LU_ERROR_ARGUMENT,
		"%s: is no change raster, and the probability of change is of two dates (name change.tif, or the "
		"maps of both dates)",
		options->maps[0]);
}

/*
 * A file of one layer has no tables: strata are then told by the cells' weights, which suffices for strata of a map or a
 * change, but not for a check of flags or for what P(changed) of all cells helps to estimate.
 */
static enum lu_status check_format(const struct lu_sample_options *options, struct lu_error *err)
{
	const struct lu_vector_format *format = NULL;
	enum lu_status status;

	LU_TRY(lu_vector_format_of(options->output, &format, err));
	if (!format->tables && (is_check(options) || options->probability != NULL))
		LU_TRY(lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: a %s needs tables beside its cells, so its name should end in .gpkg",
			       options->output,
			       is_check(options) ? "check of flags" : "sample by the probability of change"));
	if (!format->tables)
		lu_log(options->hooks, LU_LEVEL_INFO,
		       "%s: has the cells and their weights alone; the form for QGIS is in a .gpkg", options->output);
out:
	return status;
}

enum lu_status lu_sample(const struct lu_sample_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	const struct lu_county_source county = {.boundary = options->boundary,
						.layer = options->layer,
						.where = options->where,
						.hooks = options->hooks};
	struct lu_classed classed = {0};
	struct lu_ground ground = {0};
	struct lu_map *probability = NULL;
	enum lu_classed_kind kind = LU_CLASSED_AUTO;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	LU_TRY(check_format(options, err));
	/* Labels are days of somebody's work. */
	if (lu_file_exists(options->output) && !options->overwrite)
		LU_TRY(lu_fail(err, LU_ERROR_IO,
			       "%s: is there already, perhaps with labels (.overwrite, or another name)",
			       options->output));
	lu_raster_start((size_t)CACHE_MB << 20);
	LU_TRY(read_kind(options, &kind, err));
	if (is_check(options) && options->map_count != 1) {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "flags are one raster (name the flagged.tif of a pair of dates)");
		goto out;
	}
	LU_TRY(lu_classed_open(&(struct lu_classed_options){options->maps, options->map_count, kind, options->by_number,
							    options->hooks},
			       &classed, err));
	if (options->scheme != NULL)
		LU_TRY(lu_classed_use_scheme(&classed, options->scheme, err));
	LU_TRY(lu_census_ground(&county, classed.frame, &ground, err));
	if (options->probability != NULL) {
		LU_TRY(check_codes(options, &classed, err));
		LU_TRY(lu_probability_open(options->probability, &classed, &probability, err));
	}
	LU_TRY(make(options, &classed, probability, &ground, summary, err));
out:
	lu_map_close(probability);
	lu_ground_release(&ground);
	lu_classed_release(&classed);
	return status;
}
