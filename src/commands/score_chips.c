/* score_chips.c: a model opened once, and chips that lie in the caller's memory. */
#include <math.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/team.h"
#include "landuse/commands.h"
#include "landuse/model.h"
#include "models/answers.h"
#include "models/class_view.h"
#include "models/classifier.h"

struct lu_open_model {
	struct lu_classifier classifier;
	struct lu_class_view view; /* 'regroup' is NULL where the classes are the model's own */
	struct lu_model_description description;
	int threads;
	struct lu_hooks hooks;
};

enum lu_status lu_model_open(const struct lu_model_options *options, struct lu_open_model **out, struct lu_error *err)
{
	struct lu_open_model *open = NULL;
	enum lu_status status;

	*out = NULL;
	if (options->model == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "no model is named (.model)");
	LU_TRY(lu_alloc(&open, 1, sizeof(*open), "a model", err));
	open->threads = options->threads;
	if (options->hooks != NULL)
		open->hooks = *options->hooks;
	LU_TRY(lu_classifier_open(
		&(struct lu_classifier_options){.model = options->model,
						.mean = options->mean,
						.std = options->std,
						.mean_count = options->mean_count,
						.std_count = options->std_count,
						.class_names = options->class_names,
						.class_name_count = options->class_name_count,
						.output_name = options->output_name,
						.engine = lu_choice_word(LU_CHOICE_ENGINE, (int)options->engine),
						.precision = options->precision,
						.hooks = &open->hooks},
		&open->classifier, err));
	const struct lu_model *model = open->classifier.model;
	LU_TRY(lu_class_view_make(model, options->scheme, NULL, 0, &open->view, err));
	open->description = (struct lu_model_description){
		.name = model->name,
		.side_px = model->chip_px,
		.bands = model->bands,
		.gsd_m = model->gsd_m,
		.finest_gsd_m = model->gsd_range[0],
		.coarsest_gsd_m = model->gsd_range[1],
		.class_count = open->view.class_count,
		.class_names = (const char *const *)open->view.classes,
		.independent = lu_answers_alone(model),
	};
	*out = open;
	open = NULL;
out:
	lu_model_close(open);
	return status;
}

const struct lu_model_description *lu_model_describe(const struct lu_open_model *model)
{
	return &model->description;
}

void lu_model_close(struct lu_open_model *model)
{
	if (model == NULL)
		return;
	lu_class_view_release(&model->view);
	lu_classifier_close(&model->classifier);
	lu_free(model);
}

/* One call: what its threads share. */
struct scoring {
	const struct lu_open_model *model;
	const uint8_t *pixels;
	size_t count;
	float *probabilities;
};

/* A thread's own. */
struct scorer {
	struct lu_session *session;
	uint8_t *planes; /* a batch, band by band */
	float *answers; /* a batch, of the model's classes */
};

static size_t chip_bytes(const struct lu_model_description *d)
{
	return (size_t)d->side_px * (size_t)d->side_px * d->bands;
}

static enum lu_status scorer_begin(void *context, void *own, struct lu_error *err)
{
	const struct lu_open_model *model = ((const struct scoring *)context)->model;
	struct scorer *scorer = own;
	enum lu_status status;

	LU_TRY(lu_session_new(model->classifier.plan, &scorer->session, err));
	LU_TRY(lu_alloc_aligned(&scorer->planes, (size_t)model->classifier.batch, chip_bytes(&model->description),
				"a batch", err));
	LU_TRY(lu_alloc(&scorer->answers, (size_t)model->classifier.batch * model->classifier.model->class_count,
			sizeof(*scorer->answers), "a batch", err));
out:
	return status;
}

static void scorer_release(void *own)
{
	struct scorer *scorer = own;

	lu_session_free(scorer->session);
	lu_free(scorer->planes);
	lu_free(scorer->answers);
}

/* A chip's answers as probabilities of the classes that were asked for. */
static enum lu_status take_answers(const struct lu_open_model *model, float *answers, float *row, struct lu_error *err)
{
	struct lu_answers tally = {0};
	bool finite = true;
	const enum lu_status status = lu_answers_take(model->classifier.model, answers, &tally, &finite, err);

	if (status != LU_OK)
		return status;
	if (!finite)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: the network's answers are no numbers",
			       model->description.name);
	if (model->view.regroup != NULL)
		lu_regroup_sum(model->view.regroup, answers, row);
	else
		memcpy(row, answers, model->description.class_count * sizeof(*row));
	return LU_OK;
}

/* Bands that lie pixel by pixel, plane by plane. */
static void part_bands(const uint8_t *pixels, size_t pixel_count, size_t bands, uint8_t *planes)
{
	for (size_t b = 0; b < bands; b++)
		for (size_t i = 0; i < pixel_count; i++)
			planes[b * pixel_count + i] = pixels[i * bands + b];
}

static enum lu_status score_batch(void *context, void *own, int64_t number, struct lu_error *err)
{
	const struct scoring *s = context;
	const struct lu_model_description *d = &s->model->description;
	const struct lu_classifier *classifier = &s->model->classifier;
	struct scorer *scorer = own;
	const size_t batch = (size_t)classifier->batch, first = (size_t)number * batch;
	const size_t n = s->count - first < batch ? s->count - first : batch;
	float *row = s->probabilities + first * d->class_count, *answers = scorer->answers;
	enum lu_status status;

	for (size_t i = 0; i < n; i++)
		part_bands(s->pixels + (first + i) * chip_bytes(d), chip_bytes(d) / d->bands, d->bands,
			   scorer->planes + i * chip_bytes(d));
	LU_TRY(lu_session_run(scorer->session, (int)n, scorer->planes, answers, err));
	for (size_t i = 0; i < n; i++, row += d->class_count, answers += classifier->model->class_count) {
		struct lu_error cause = {0};

		status = take_answers(s->model, answers, row, &cause);
		if (status != LU_OK)
			return lu_fail(err, status, "chip %zu: %s", first + i, cause.text);
	}
out:
	return status;
}

enum lu_status lu_model_score(const struct lu_open_model *model, const uint8_t *pixels, size_t count,
			      float *probabilities, struct lu_error *err)
{
	struct scoring scoring = {model, pixels, count, probabilities};
	const size_t batch = (size_t)model->classifier.batch;

	return lu_pool_run(&(struct lu_pool_task){.threads = lu_team_size(model->threads),
						  .parts = (int64_t)((count + batch - 1) / batch),
						  .context = &scoring,
						  .worker_bytes = sizeof(struct scorer),
						  .begin = scorer_begin,
						  .release = scorer_release,
						  .part = score_batch,
						  .stage = "scoring",
						  .unit = batch,
						  .total = count,
						  .hooks = &model->hooks},
			   err);
}
