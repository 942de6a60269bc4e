/* classify.c: one date without a job file: a job is made from options and run like any other. */
#include "landuse/commands.h"

#include <string.h>

#include "base/memory.h"
#include "commands/run.h"
#include "grid/date_labels.h"
#include "grid/grid_over.h"

/* Copies of the options in a struct lu_job that lu_job_free can release. */
static enum lu_status job_of(const struct lu_classify_options *options, struct lu_job *job, struct lu_error *err)
{
	const char *engine = lu_choice_word(LU_CHOICE_ENGINE, (int)options->engine);
	const char *precision = options->precision != LU_PRECISION_AUTO
					? lu_choice_word(LU_CHOICE_PRECISION, (int)options->precision)
					: NULL;
	const struct {
		char **to;
		const char *from;
	} texts[] = {
		{&job->boundary, options->boundary}, {&job->layer, options->layer},   {&job->where, options->where},
		{&job->model, options->model},       {&job->scheme, options->scheme}, {&job->crs, options->crs},
		{&job->output, options->output},     {&job->engine, engine},          {&job->precision, precision}};
	enum lu_status status = lu_alloc(&job->dates, 1, sizeof(*job->dates), "a date", err);

	if (status != LU_OK)
		return status;
	job->date_count = 1;
	if (lu_date_label_check(options->date, err) != LU_OK)
		return err->status;
	struct lu_job_date *date = &job->dates[0];
	status = lu_alloc(&date->imagery, options->imagery_count, sizeof(char *), "imagery", err);
	if (status == LU_OK && options->band_count > 0)
		status = lu_alloc(&date->bands, options->band_count, sizeof(int), "bands", err);
	if (status != LU_OK)
		return status;
	date->imagery_count = options->imagery_count;
	bool copied = (date->label = lu_strdup(options->date)) != NULL;
	for (size_t i = 0; i < options->imagery_count; i++)
		copied &= (date->imagery[i] = lu_strdup(options->imagery[i])) != NULL;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].from != NULL)
			copied &= (*texts[i].to = lu_strdup(texts[i].from)) != NULL;
	if (!copied)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: the options");
	if (options->band_count > 0)
		memcpy(date->bands, options->bands, options->band_count * sizeof(int));
	date->band_count = options->band_count;
	if (options->range != NULL) {
		memcpy(date->range, options->range, sizeof(date->range));
		date->has_range = true;
	}
	date->nodata = options->nodata;
	job->resolution = options->resolution;
	job->stride_px = options->stride_px;
	job->cell_m = options->cell_m;
	job->min_valid = options->min_valid;
	job->min_confidence = options->min_confidence;
	job->accept_gsd_mismatch = options->accept_gsd_mismatch;
	job->probabilities = options->probabilities;
	job->report = job->stac = false; /* one map in a folder of its own needs no guide */
	job->keep_scores = false;
	job->threads = options->threads;
	return LU_OK;
}

enum lu_status lu_classify(const struct lu_classify_options *options, struct lu_run_summary *summary,
			   struct lu_error *err)
{
	struct lu_job *job = NULL;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	LU_TRY(lu_job_new("landuse classify", &job, err));
	LU_TRY(job_of(options, job, err));
	LU_TRY(lu_job_set_creation(job, options->creation_options, options->creation_option_count, err));
	const struct lu_job_run run = {.job = job,
				       .flat = true,
				       .command = options->command,
				       .command_count = options->command_count,
				       .hooks = options->hooks};
	LU_TRY(lu_job_run(&run, summary, err));
out:
	lu_job_free(job);
	return status;
}
