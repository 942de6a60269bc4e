/* classifier.c: a package or a bare network becomes one struct lu_model and its plan. See classifier.h. */
#include "models/classifier.h"

#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "models/answers.h"
#include "models/locate.h"
#include "nn/onnx_write.h"

/* A layer of more numbers a chip is a picture still, and not its features. */
enum { MOST_FEATURES = 65536 };

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a model");
}

static bool ends_in_onnx(const char *path)
{
	const size_t length = strlen(path);

	return length > 5 && strcmp(path + length - 5, ".onnx") == 0;
}

/* A model's name from its file: "resnet20_cifar10.onnx" is resnet20_cifar10. */
static char *name_of(const char *path)
{
	const char *name = lu_path_name(path);

	return lu_strndup(name, strlen(name) - strlen(".onnx"));
}

/* What a bare file cannot say of itself, as far as it needs no plan. */
static enum lu_status begin_bare(const struct lu_classifier_options *options, struct lu_classifier *c,
				 struct lu_error *err)
{
	struct lu_model *model = NULL;
	enum lu_status status = lu_alloc(&c->model, 1, sizeof(*c->model), "a model", err);

	if (status != LU_OK)
		return status;
	model = c->model;
	c->bare = true;
	model->name = name_of(options->model);
	model->onnx_path = lu_strdup(options->model);
	model->output = options->output_name != NULL ? lu_strdup(options->output_name) : NULL;
	if (model->name == NULL || model->onnx_path == NULL ||
	    (model->output == NULL) != (options->output_name == NULL))
		return no_memory(err);
	struct lu_onnx_digest digest;
	const enum lu_status hashed = lu_onnx_digest(model->onnx_path, &digest, err);
	memcpy(model->sha256, digest.all, sizeof(digest.all));
	return hashed;
}

static enum lu_status begin_package(const struct lu_classifier_options *options, struct lu_classifier *c,
				    struct lu_error *err)
{
	char *folder = NULL;
	enum lu_status status;

	LU_TRY(lu_locate_model(options->model, ".", &folder, err));
	LU_TRY(lu_model_read(folder, &c->model, err));
	lu_model_warn(c->model, options->hooks);
	if (!options->features)
		LU_TRY(lu_model_need_classes(c->model, err));
	if (options->mean != NULL || options->std != NULL || options->class_names != NULL ||
	    options->output_name != NULL)
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: model.json says scaling, classes and output: .mean, .std, .class_names and "
				 ".output_name are for .onnx files",
				 options->model);
out:
	lu_free(folder);
	return status;
}

/* Load the network, cut for features where they are wanted. */
static enum lu_status load_graph(const struct lu_classifier_options *options, struct lu_classifier *c,
				 struct lu_graph **graph, struct lu_error *err)
{
	struct lu_onnx *onnx = NULL;
	char *bytes = NULL;
	size_t size;

	if (!options->features) {
		const enum lu_status loaded = lu_model_graph(c->model, graph, err);
		if (loaded == LU_OK)
			lu_answers_expect(c->model, *graph, options->hooks);
		return loaded;
	}
	enum lu_status status;

	LU_TRY(lu_onnx_open(c->model->onnx_path, &onnx, err));
	if (c->model->output != NULL)
		LU_TRY(lu_onnx_choose(onnx, c->model->output, err));
	/* A package that makes features has nothing behind them to cut off. */
	LU_TRY(lu_onnx_cut(
		onnx, options->layer == NULL && c->model->features > 0 ? lu_onnx_output(onnx) : options->layer, err));
	c->layer = lu_strdup(lu_onnx_output(onnx));
	LU_TRY(c->layer != NULL ? lu_onnx_pack(onnx, &bytes, &size, err) : no_memory(err));
	LU_TRY(lu_graph_parse(bytes, size, c->model->onnx_path, graph, err));
	LU_TRY(lu_model_choose(c->model, *graph, NULL, err));
out:
	lu_free(bytes);
	lu_onnx_close(onnx);
	return status;
}

/* A bare file's bands and their scaling. */
static enum lu_status scale_bare(const struct lu_classifier_options *options, const struct lu_graph *graph,
				 struct lu_model *model, struct lu_error *err)
{
	const size_t counts[] = {options->mean_count, options->std_count};

	model->bands = (size_t)lu_graph_channels(graph);
	if (model->bands == 0)
		return LU_OK; /* lu_plan_build tells what is wrong */
	for (int i = 0; i < 2; i++)
		if (counts[i] > 1 && counts[i] != model->bands)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "%s: takes %zu bands, %s names %zu numbers (one, or one a band)", options->model,
				       model->bands, i == 0 ? ".mean" : ".std", counts[i]);
	enum lu_status status;

	LU_TRY(lu_alloc(&model->scale, model->bands, sizeof(float), "scaling", err));
	LU_TRY(lu_alloc(&model->offset, model->bands, sizeof(float), "scaling", err));
	model->bytes = lu_graph_takes_bytes(graph);
	for (size_t b = 0; model->bytes && b < model->bands; b++)
		model->scale[b] = 1;
	if (model->bytes)
		return counts[0] + counts[1] == 0
			       ? LU_OK
			       : lu_fail(err, LU_ERROR_ARGUMENT,
					 "%s: takes pixels as they are, uint8: leave .mean and .std out",
					 options->model);
	if (counts[0] == 0 || counts[1] == 0)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "%s: %s not given, taken as 0.5: pixels go in as value / 127.5 - 1 where both are",
		       options->model,
		       counts[0] == 0 ? (counts[1] == 0 ? ".mean and .std are" : ".mean is") : ".std is");
	for (size_t b = 0; b < model->bands; b++) {
		const double mean = counts[0] == 0 ? 0.5 : options->mean[counts[0] == 1 ? 0 : b];
		const double deviation = counts[1] == 0 ? 0.5 : options->std[counts[1] == 1 ? 0 : b];
		if (!(deviation > 0))
			return lu_fail(err, LU_ERROR_ARGUMENT, ".std has %g, it should be above 0", deviation);
		model->scale[b] = (float)(1 / (255 * deviation));
		model->offset[b] = (float)(-mean / deviation);
	}
out:
	return status;
}

static enum lu_status name_bare(const struct lu_classifier_options *options, struct lu_model *model, size_t outputs,
				struct lu_error *err)
{
	if (options->class_names != NULL && options->class_name_count != outputs)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: gives %zu values, .class_names lists %zu names",
			       options->model, outputs, options->class_name_count);
	enum lu_status status = lu_alloc(&model->classes, outputs, sizeof(char *), "classes", err);
	model->class_count = status == LU_OK ? outputs : 0;
	for (size_t i = 0; i < outputs && status == LU_OK; i++) {
		model->classes[i] =
			options->class_names != NULL ? lu_strdup(options->class_names[i]) : lu_sprintf("%zu", i);
		if (model->classes[i] == NULL)
			status = no_memory(err);
	}
	return status;
}

static enum lu_status check(const struct lu_classifier_options *options, const struct lu_classifier *c,
			    const struct lu_plan_facts *facts, struct lu_error *err)
{
	const struct lu_model *model = c->model;

	if (facts->height != facts->width || facts->height < 2)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: takes %d x %d pixels, landuse shows it square pictures",
			       model->onnx_path, facts->width, facts->height);
	if (options->features && facts->outputs > MOST_FEATURES)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: layer '%s' has %zu values a chip, at most %d are features (.layer: name one after "
			       "pooling)",
			       model->onnx_path, c->layer, facts->outputs, MOST_FEATURES);
	if (c->bare)
		return facts->outputs >= 2
			       ? LU_OK
			       : lu_fail(err, LU_ERROR_MISMATCH, "%s: gives %zu value, classes need 2 or more",
					 model->onnx_path, facts->outputs);
	if (model->features > 0 && options->layer == NULL && facts->outputs != model->features)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: gives %zu values, model.json says %zu features",
			       model->onnx_path, facts->outputs, model->features);
	if (!options->features && facts->outputs != model->class_count)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: gives %zu values, model.json names %zu classes",
			       model->onnx_path, facts->outputs, model->class_count);
	return LU_OK;
}

enum lu_status lu_classifier_open(const struct lu_classifier_options *options, struct lu_classifier *out,
				  struct lu_error *err)
{
	struct lu_plan_options plan = {.engine = options->engine}; /* batch 0: by the plan's own rule */
	struct lu_classifier c = {0};
	struct lu_graph *graph = NULL;
	struct lu_plan_facts facts;
	const bool bare = ends_in_onnx(options->model) && lu_file_exists(options->model);

	*out = (struct lu_classifier){0};
	enum lu_status status;

	LU_TRY(bare ? begin_bare(options, &c, err) : begin_package(options, &c, err));
	LU_TRY(load_graph(options, &c, &graph, err));
	if (bare)
		LU_TRY(scale_bare(options, graph, c.model, err));
	plan.precision = lu_model_precision(c.model, options->precision, options->engine);
	LU_TRY(lu_model_plan(c.model, graph, &plan, &c.plan, err));
	lu_plan_facts(c.plan, &facts);
	c.batch = facts.batch;
	c.outputs = facts.outputs;
	LU_TRY(check(options, &c, &facts, err));
	if (c.bare) {
		c.model->chip_px = facts.height;
		if (!options->features)
			LU_TRY(name_bare(options, c.model, facts.outputs, err));
	}
	*out = c;
	c = (struct lu_classifier){0}; /* now the caller's */
out:
	lu_graph_free(graph);
	lu_classifier_close(&c);
	return status;
}

void lu_classifier_close(struct lu_classifier *classifier)
{
	lu_plan_free(classifier->plan);
	lu_model_free(classifier->model);
	lu_free(classifier->layer);
	*classifier = (struct lu_classifier){0};
}
