/* assess.c: landuse assess: what a labelled sample says about a map. */
#include "accuracy/assess.h"

#include <string.h>

#include "accuracy/checked.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "commands/accuracy_result.h"
#include "landuse/commands.h"
#include "raster/reads.h"
#include "raster/start.h"

enum { CACHE_MB = 64 };

static void warn(const struct lu_assess_options *options, const struct lu_assessment *a)
{
	size_t few = 0;

	if (!a->probability_sample)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "%s: not a probability sample (no design in it): the figures describe these places, not the map "
		       "(landuse sample)",
		       a->sample);
	if (a->unlabelled > 0)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "%llu of %llu places are not labelled and left out: if they are the hard ones, the figures "
		       "flatter the map",
		       (unsigned long long)a->unlabelled, (unsigned long long)a->rows);
	if (a->outside > 0)
		lu_log(options->hooks, LU_LEVEL_WARNING, "%llu places lie where nothing is mapped and are left out",
		       (unsigned long long)a->outside);
	for (size_t i = 0; i < a->count; i++)
		few += lu_assessment_rests_on_few(a, i);
	if (few > 0)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "%zu rare classes were found at fewer than %d of the places mapped as something else: their "
		       "intervals may be too narrow",
		       few, LU_FEW_OMISSIONS);
}

static enum lu_status print(const struct lu_assessment *assessment, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "the summary", err);

	if (status != LU_OK)
		return status;
	lu_assessment_print(stream.to, assessment);
	return lu_text_finish(&stream, text, err);
}

/* The review of a layer of candidates: no map, no strata, no matrix. */
static enum lu_status tell_checked(const struct lu_assess_options *options, char **text, struct lu_error *err)
{
	struct lu_checked checked;
	enum lu_status status;

	LU_TRY(lu_checked_read(options->candidates, options->sample_layer, &checked, err));
	LU_TRY(options->json ? lu_checked_json(&checked, text, err) : lu_checked_text(&checked, text, err));
out:
	lu_checked_release(&checked);
	return status;
}

/* No file that is read may be written over by a table. */
static enum lu_status guard_inputs(const struct lu_assess_options *options, struct lu_error *err)
{
	const char *const read[] = {options->sample, options->strata,   options->counts,
				    options->areas,  options->boundary, options->zones};
	struct lu_inputs inputs = {0};
	struct lu_output_names names = {0};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < options->map_count; i++)
		LU_TRY(lu_reads_add(&inputs, options->maps[i], err));
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		LU_TRY(lu_reads_add(&inputs, read[i], err));
	for (size_t i = 0; i < LU_ASSESSMENT_TABLES; i++)
		LU_TRY(lu_output_names_add(&names, err, "%s", lu_assessment_tables[i]));
	LU_TRY(lu_inputs_guard(&inputs, options->csv_folder, &names, err));
	lu_output_names_sweep(&names, options->csv_folder);
out:
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
	return status;
}

static enum lu_status assess(const struct lu_assess_options *options, struct lu_assessment *out, struct lu_error *err)
{
	const struct lu_assess_task task = {
		.sample = {.path = options->sample,
			   .layer = options->sample_layer,
			   .reference_field = options->reference_field,
			   .map_field = options->map_field,
			   .stratum_field = options->stratum_field,
			   .hooks = options->hooks},
		.maps = {.paths = options->maps,
			 .count = options->map_count,
			 .kind = options->change ? LU_CLASSED_CHANGE : LU_CLASSED_AUTO,
			 .by_number = options->by_number,
			 .hooks = options->hooks},
		.zones = {.path = options->zones, .layer = options->zone_layer, .name = options->zone_name},
		.scheme = options->scheme,
		.county = {.boundary = options->boundary,
			   .layer = options->layer,
			   .where = options->where,
			   .hooks = options->hooks},
		.strata = options->strata,
		.weights = options->weights,
		.counts = options->counts,
		.areas = options->areas,
		.unit_ha = options->unit_ha,
		.hooks = options->hooks};

	if (options->counts != NULL)
		return lu_assess_counts(&task, out, err);
	if (options->sample == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "a sample or a matrix of counts is needed");
	return options->strata != NULL ? lu_assess_strata(&task, out, err) : lu_assess_map(&task, out, err);
}

enum lu_status lu_assess(const struct lu_assess_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_assessment assessment = {
		.wants_kappa = options->kappa,
		.estimator = options->estimator,
		.intervals = {.percent = options->confidence, .wald = options->intervals == LU_INTERVALS_WALD}};
	enum lu_status status = LU_OK;

	memset(summary, 0, sizeof(*summary));
	if (options->accuracy != NULL)
		*options->accuracy = NULL;
	lu_raster_start((size_t)CACHE_MB << 20);
	if (options->candidates != NULL)
		return tell_checked(options, &summary->text, err);
	if (!(options->confidence > 0 && options->confidence < 100))
		return lu_fail(err, LU_ERROR_ARGUMENT, ".confidence is %g percent, it should be above 0 and below 100",
			       options->confidence);
	if (options->csv_folder != NULL)
		LU_TRY(guard_inputs(options, err));
	LU_TRY(assess(options, &assessment, err));
	warn(options, &assessment);
	if (options->csv_folder != NULL)
		LU_TRY(lu_assessment_csv(options->csv_folder, &assessment, err));
	LU_TRY(options->json ? lu_assessment_json(&assessment, &summary->text, err)
			     : print(&assessment, &summary->text, err));
	if (options->accuracy != NULL)
		LU_TRY(lu_accuracy_of_assessment(&assessment, options->accuracy, err));
out:
	if (status != LU_OK) {
		lu_free(summary->text);
		summary->text = NULL;
	}
	lu_assessment_release(&assessment);
	return status;
}
