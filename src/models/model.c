/* model.c: model.json by jansson, compared with what scoring needs. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "models/model.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/yaml.h"
#include "models/agreement.h"
#include "models/score_scale.h"

enum { LARGEST_JSON = 8 << 20 };

/* What is missing or odd in model.json is said the same way everywhere. */
static enum lu_status bad(const char *path, struct lu_error *err, const char *key, const char *expected)
{
	return lu_fail(err, LU_ERROR_FORMAT, "%s: '%s' should be %s (see models/README.md for the fields of a package)",
		       path, key, expected);
}

static enum lu_status copy_text(const char *path, const json_t *object, const char *key, bool required, char **out,
				struct lu_error *err)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text == NULL)
		return required ? bad(path, err, key, "a text") : LU_OK;
	*out = lu_strdup(text);
	return *out != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
}

/* One band's value_scaling object as scale and offset. */
static enum lu_status read_scaling(const char *path, const json_t *scaling, float *scale, float *offset,
				   struct lu_error *err)
{
	const char *type = json_string_value(json_object_get(scaling, "type"));
	const json_t *value = json_object_get(scaling, "value");

	*scale = 1;
	*offset = 0;
	if (type != NULL && strcmp(type, "z-score") == 0) {
		const double mean = json_number_value(json_object_get(scaling, "mean"));
		const double deviation = json_number_value(json_object_get(scaling, "stddev"));
		if (deviation <= 0)
			return bad(path, err, "value_scaling.stddev", "a number above 0");
		*scale = (float)(1 / deviation);
		*offset = (float)(-mean / deviation);
	} else if (type != NULL && strcmp(type, "min-max") == 0) {
		const double low = json_number_value(json_object_get(scaling, "minimum"));
		const double high = json_number_value(json_object_get(scaling, "maximum"));
		if (high <= low)
			return bad(path, err, "value_scaling.maximum", "a number above 'minimum'");
		*scale = (float)(1 / (high - low));
		*offset = (float)(-low / (high - low));
	} else if (type != NULL && strcmp(type, "scale") == 0 && json_number_value(value) != 0) {
		*scale = (float)(1 / json_number_value(value));
	} else if (type != NULL && strcmp(type, "offset") == 0 && json_is_number(value)) {
		*offset = (float)-json_number_value(value);
	} else {
		return bad(path, err, "value_scaling.type", "z-score, min-max, scale or offset");
	}
	return LU_OK;
}

/* A band is a name, or an object with a name. */
static enum lu_status read_band_names(const char *path, const json_t *bands, struct lu_model *model,
				      struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(&model->band_names, model->bands, sizeof(char *), "bands", err));
	for (size_t b = 0; b < model->bands; b++) {
		const json_t *band = json_array_get(bands, b);
		const char *name = json_string_value(json_is_object(band) ? json_object_get(band, "name") : band);
		model->band_names[b] = name != NULL ? lu_strdup(name) : NULL;
		if (name != NULL && model->band_names[b] == NULL) {
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
			goto out;
		}
	}
out:
	return status;
}

/*
 * What imagery the network has learnt from. Its chips are brought to landuse:gsd_m, which says nothing of their detail; a
 * package that says no more has seen pictures of about that, and a factor of two is what such networks bear.
 */
static enum lu_status read_gsd(const char *path, const json_t *properties, struct lu_model *model, struct lu_error *err)
{
	const json_t *range = json_object_get(properties, "landuse:gsd");
	const double low = json_number_value(json_object_get(range, "min"));
	const double high = json_number_value(json_object_get(range, "max"));

	model->gsd_range[0] = range != NULL ? low : model->gsd_m / LU_GSD_USUAL;
	model->gsd_range[1] = range != NULL ? high : model->gsd_m * LU_GSD_USUAL;
	/* json_number_value is 0 for what is no number. */
	if (range != NULL && !(low > 0 && low <= high))
		return bad(path, err, "landuse:gsd",
			   "{\"min\": METRES, \"max\": METRES}, the resolutions of the imagery it was trained on");
	return LU_OK;
}

/* Is it one of the words, which end with NULL? */
static bool is_one_of(const char *word, const char *const *words)
{
	while (word != NULL && *words != NULL)
		if (strcmp(word, *words++) == 0)
			return true;
	return false;
}

/* The order of the image's axes and the type of its numbers, where model.json tells them. */
static enum lu_status read_tensor(const char *path, const json_t *tensor, struct lu_model *model, struct lu_error *err)
{
	static const char *const channels[] = {"channel", "channels", "band", "bands", NULL};
	const json_t *order = json_object_get(tensor, "dim_order");
	const char *type = json_string_value(json_object_get(tensor, "data_type"));

	model->bytes = type != NULL && strcmp(type, "uint8") == 0;
	if (order == NULL || json_is_null(order))
		return LU_OK;
	if (is_one_of(json_string_value(json_array_get(order, 1)), channels))
		model->order = LU_ORDER_CHANNELS_FIRST;
	else if (is_one_of(json_string_value(json_array_get(order, 3)), channels))
		model->order = LU_ORDER_CHANNELS_LAST;
	else
		return bad(path, err, "mlm:input[0].input.dim_order",
			   "[batch, channel, height, width] or [batch, height, width, channel]");
	return LU_OK;
}

static enum lu_status read_input(const char *path, const json_t *properties, struct lu_model *model,
				 struct lu_error *err)
{
	const json_t *input = json_array_get(json_object_get(properties, "mlm:input"), 0);
	const json_t *scaling = json_object_get(input, "value_scaling");
	const json_t *chip = json_object_get(properties, "landuse:chip_size_px");
	const json_t *gsd = json_object_get(properties, "landuse:gsd_m");
	enum lu_status status;

	model->bands = json_array_size(json_object_get(input, "bands"));
	if (model->bands == 0 || model->bands > 64)
		return bad(path, err, "mlm:input[0].bands", "a list of 1 to 64 band names");
	if (!json_is_integer(chip) || json_integer_value(chip) < 8 || json_integer_value(chip) > 4096)
		return bad(path, err, "landuse:chip_size_px", "a whole number from 8 to 4096");
	if (!json_is_number(gsd) || json_number_value(gsd) <= 0)
		return bad(path, err, "landuse:gsd_m", "the ground metres a pixel the model was trained at");
	model->chip_px = (int)json_integer_value(chip);
	model->gsd_m = json_number_value(gsd);
	LU_TRY(read_gsd(path, properties, model, err));
	LU_TRY(read_band_names(path, json_object_get(input, "bands"), model, err));
	LU_TRY(read_tensor(path, json_object_get(input, "input"), model, err));
	LU_TRY(lu_alloc(&model->scale, model->bands, sizeof(*model->scale), "scaling", err));
	LU_TRY(lu_alloc(&model->offset, model->bands, sizeof(*model->offset), "scaling", err));
	const size_t given = json_array_size(scaling);
	for (size_t b = 0; b < model->bands; b++)
		model->scale[b] = 1;
	if (given == 0 && model->bytes)
		return LU_OK; /* as they are */
	if (given != 1 && given != model->bands)
		LU_TRY(bad(path, err, "mlm:input[0].value_scaling", "a list with one entry, or one for each band"));
	for (size_t b = 0; b < model->bands; b++)
		LU_TRY(read_scaling(path, json_array_get(scaling, given == 1 ? 0 : b), &model->scale[b],
				    &model->offset[b], err));
out:
	return status;
}

static enum lu_status read_range(const char *path, const json_t *properties, struct lu_model *model,
				 struct lu_error *err)
{
	const json_t *range = json_object_get(properties, "landuse:range");

	if (range == NULL)
		return LU_OK;
	for (size_t i = 0; i < 2; i++)
		model->range[i] = json_number_value(json_array_get(range, i));
	model->ranged = true;
	if (json_array_size(range) != 2 || !json_is_number(json_array_get(range, 0)) ||
	    !json_is_number(json_array_get(range, 1)) || model->range[0] >= model->range[1])
		return bad(path, err, "landuse:range", "[LOW, HIGH], the values that become 0 and 255");
	return LU_OK;
}

enum lu_status lu_model_range(const struct lu_model *model, const double *asked, const double **range,
			      struct lu_error *err)
{
	*range = asked != NULL ? asked : model->ranged ? model->range : NULL;
	if (asked != NULL && !(asked[0] < asked[1]))
		return lu_fail(err, LU_ERROR_ARGUMENT, "range %g,%g is empty, it should be LOW,HIGH", asked[0],
			       asked[1]);
	return LU_OK;
}

/* Is "feature-extraction" among mlm:tasks? */
static bool makes_features(const json_t *properties)
{
	const json_t *tasks = json_object_get(properties, "mlm:tasks");
	bool found = false;

	for (size_t i = 0; i < json_array_size(tasks); i++) {
		const char *task = json_string_value(json_array_get(tasks, i));
		found |= task != NULL && strcmp(task, "feature-extraction") == 0;
	}
	return found;
}

static enum lu_status read_features(const char *path, const json_t *output, struct lu_model *model,
				    struct lu_error *err)
{
	const json_t *shape = json_object_get(json_object_get(output, "result"), "shape");
	const json_int_t count = json_integer_value(json_array_get(shape, 1));

	if (json_array_size(shape) != 2 || count < 2 || count > 65536)
		return bad(path, err, "mlm:output[0].result.shape", "[-1, FEATURES] for a model that makes features");
	model->features = (size_t)count;
	return LU_OK;
}

static enum lu_status read_output(const char *path, const json_t *properties, struct lu_model *model,
				  struct lu_error *err)
{
	const json_t *output = json_array_get(json_object_get(properties, "mlm:output"), 0);
	const json_t *classes = json_object_get(output, "classification:classes");
	const char *name = json_string_value(json_object_get(output, "name"));
	enum lu_status status;

	if (json_array_size(classes) == 0 && makes_features(properties))
		return read_features(path, output, model, err);
	model->logits = name != NULL && strcmp(name, "logits") == 0;
	model->class_count = json_array_size(classes);
	if (model->class_count < 2 || model->class_count > 10000) {
		model->class_count = 0;
		return bad(path, err, "mlm:output[0].classification:classes", "a list of 2 or more classes");
	}
	LU_TRY(lu_alloc(&model->classes, model->class_count, sizeof(*model->classes), "classes", err));
	for (size_t i = 0; i < model->class_count; i++)
		LU_TRY(copy_text(path, json_array_get(classes, i), "name", true, &model->classes[i], err));
out:
	return status;
}

/* Held-out chips by predicted (rows) and true class (columns), where the package carries them. */
static enum lu_status read_confusion(const char *path, const json_t *properties, struct lu_model *model,
				     struct lu_error *err)
{
	const json_t *counts = json_object_get(json_object_get(properties, "landuse:confusion"), "counts");
	const size_t n = model->class_count;
	enum lu_status status;

	if (counts == NULL)
		return LU_OK;
	LU_TRY(lu_alloc(&model->confusion, n * n, sizeof(*model->confusion), "a confusion matrix", err));
	for (size_t i = 0; i < n * n; i++) {
		const json_t *row = json_array_get(counts, i / n), *count = json_array_get(row, i % n);
		model->confusion[i] = json_number_value(count);
		if (json_array_size(counts) != n || json_array_size(row) != n || !json_is_number(count) ||
		    model->confusion[i] < 0)
			LU_TRY(bad(path, err, "landuse:confusion.counts", "a row a class, each with a count a class"));
	}
out:
	return status;
}

static enum lu_status read_score_scale(const char *path, const json_t *properties, struct lu_model *model,
				       struct lu_error *err)
{
	const json_t *scale = json_object_get(properties, LU_SCORE_SCALE_KEY);

	model->score_scale = json_number_value(scale);
	if (scale == NULL || (model->score_scale >= LU_SCORE_SCALE_LEAST && model->score_scale <= LU_SCORE_SCALE_MOST))
		return LU_OK;
	return bad(path, err, LU_SCORE_SCALE_KEY, "a number from 0.2 to 5, as landuse train writes it");
}

static enum lu_status read_onnx(const char *path, const json_t *item, struct lu_model *model, struct lu_error *err)
{
	struct lu_onnx_digest digest;
	const json_t *asset = json_object_get(json_object_get(item, "assets"), "model");
	const char *href = json_string_value(json_object_get(asset, "href"));
	const char *stated = json_string_value(json_object_get(asset, "landuse:sha256"));

	if (href == NULL)
		return bad(path, err, "assets.model.href", "the ONNX file, seen from model.json");
	if (stated == NULL || strlen(stated) != LU_SHA256_HEX - 1)
		return bad(path, err, "assets.model.landuse:sha256", "the SHA-256 of the ONNX file, 64 hex digits");
	model->onnx_href = lu_strdup(href);
	while (strncmp(href, "./", 2) == 0)
		href += 2;
	model->onnx_path = lu_path_join(model->folder, href);
	if (model->onnx_path == NULL || model->onnx_href == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	const enum lu_status status = lu_onnx_digest(model->onnx_path, &digest, err);
	if (status != LU_OK)
		return status;
	memcpy(model->sha256, digest.all, sizeof(digest.all));
	model->uncovered = digest.beside > 0 && strcmp(digest.file, stated) == 0;
	if (!model->uncovered && strcmp(digest.all, stated) != 0)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: its SHA-256%s starts with %.12s, model.json states %.12s: the file is damaged or "
			       "was changed (install the package again)",
			       model->onnx_path, digest.beside > 0 ? " with the weights beside it" : "", digest.all,
			       stated);
	return LU_OK;
}

enum lu_status lu_model_need_covered(const struct lu_model *model, struct lu_error *err)
{
	if (!model->uncovered)
		return LU_OK;
	return lu_fail(err, LU_ERROR_FORMAT,
		       "%s: the SHA-256 in model.json is of this file alone and says nothing of the weights beside it "
		       "(once you trust them, set landuse:sha256 to %s, which covers both)",
		       model->onnx_path, model->sha256);
}

void lu_model_warn(const struct lu_model *model, const struct lu_hooks *hooks)
{
	struct lu_error fault = {0};

	if (lu_model_need_covered(model, &fault) != LU_OK)
		lu_log(hooks, LU_LEVEL_WARNING, "%s", fault.text);
}

/* A scheme of the package's own, "./scheme.yaml", as a path that is the same seen from everywhere. */
static enum lu_status place_scheme(struct lu_model *model, struct lu_error *err)
{
	if (model->default_scheme == NULL || strncmp(model->default_scheme, "./", 2) != 0)
		return LU_OK;
	char *real = realpath(model->folder, NULL);
	char *path = real != NULL ? lu_path_join(real, model->default_scheme + 2) : NULL;
	free(real);
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	lu_free(model->default_scheme);
	model->default_scheme = path;
	return LU_OK;
}

enum lu_status lu_model_read(const char *folder, struct lu_model **out, struct lu_error *err)
{
	enum lu_status status;
	struct lu_model *model = NULL;
	json_t *item = NULL;
	json_error_t fault;
	char *bytes = NULL;
	size_t size;
	char *path = lu_path_join(folder, "model.json");

	*out = NULL;
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	LU_TRY(lu_file_read(path, LARGEST_JSON, &bytes, &size, err));
	item = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &fault);
	if (item == NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s:%d: not JSON: %s", path, fault.line, fault.text);
		goto out;
	}
	LU_TRY(lu_alloc(&model, 1, sizeof(*model), "a model package", err));
	model->folder = lu_strdup(folder);
	LU_TRY(model->folder != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	const json_t *properties = json_object_get(item, "properties");
	LU_TRY(copy_text(path, item, "id", true, &model->name, err));
	LU_TRY(copy_text(path, properties, "mlm:architecture", false, &model->architecture, err));
	LU_TRY(copy_text(path, properties, "license", false, &model->license, err));
	LU_TRY(copy_text(path, properties, "landuse:scheme", false, &model->default_scheme, err));
	LU_TRY(copy_text(path, properties, "landuse:scheme", false, &model->scheme_href, err));
	LU_TRY(copy_text(path, properties, "landuse:output", false, &model->output, err));
	LU_TRY(place_scheme(model, err));
	for (int p = 0; p < LU_PRECISIONS; p++)
		model->agreement[p] = lu_agreement_read(properties, (enum lu_precision)p);
	LU_TRY(read_input(path, properties, model, err));
	LU_TRY(read_range(path, properties, model, err));
	LU_TRY(read_output(path, properties, model, err));
	LU_TRY(read_confusion(path, properties, model, err));
	LU_TRY(read_score_scale(path, properties, model, err));
	LU_TRY(lu_reach_read(path, properties, model->bands, &model->reach, err));
	LU_TRY(read_onnx(path, item, model, err));
	*out = model;
	model = NULL; /* now the caller's */
out:
	lu_model_free(model);
	json_decref(item);
	lu_free(bytes);
	lu_free(path);
	return status;
}

enum lu_status lu_model_need_classes(const struct lu_model *model, struct lu_error *err)
{
	if (model->features == 0)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "%s makes features, not classes: train a head on it with landuse train .backbone = %s",
		       model->name, model->name);
}

enum lu_precision lu_model_precision(const struct lu_model *model, enum lu_precision asked, const char *engine)
{
	static const enum lu_precision fastest_first[] = {LU_PRECISION_INT8, LU_PRECISION_BF16, LU_PRECISION_FP16};
	for (int i = 0; i < 3 && asked == LU_PRECISION_AUTO; i++) {
		const enum lu_precision p = fastest_first[i];

		if (lu_precision_pays(engine, p) && lu_agreement_is_enough(model->agreement[p], p))
			return p;
	}
	return asked;
}

void lu_model_colours(const struct lu_model *model, size_t colours[3])
{
	static const char *const names[] = {"red", "green", "blue"};

	for (size_t k = 0; k < 3; k++) {
		size_t b = 0;
		while (b < model->bands &&
		       (model->band_names[b] == NULL || strcmp(model->band_names[b], names[k]) != 0))
			b++;
		if (b == model->bands) {
			for (k = 0; k < 3; k++)
				colours[k] = model->bands >= 3 ? k : 0;
			return;
		}
		colours[k] = b;
	}
}

enum lu_status lu_model_choose(struct lu_model *model, struct lu_graph *graph, const char *output, struct lu_error *err)
{
	const enum lu_status status = lu_graph_choose(graph, output, model->order, err);
	const bool package = model->folder != NULL;

	if (status == LU_ERROR_ARGUMENT && package) {
		const struct lu_error told = *err;

		return lu_fail(err, LU_ERROR_MISMATCH, "%s, and model.json says landuse:output", told.text);
	}
	if (status != LU_OK)
		return status;
	model->order = lu_graph_order(graph);
	for (size_t b = 0; package && lu_graph_takes_bytes(graph) && b < model->bands; b++)
		if (model->scale[b] != 1 || model->offset[b] != 0)
			return lu_fail(err, LU_ERROR_MISMATCH,
				       "%s: takes uint8, and model.json scales its pixels (leave value_scaling out and "
				       "say data_type: uint8)",
				       model->onnx_path);
	return LU_OK;
}

enum lu_status lu_model_graph(struct lu_model *model, struct lu_graph **out, struct lu_error *err)
{
	struct lu_graph *graph = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_graph_load(model->onnx_path, &graph, err));
	LU_TRY(lu_model_choose(model, graph, model->output, err));
	*out = graph;
	graph = NULL; /* now the caller's */
out:
	lu_graph_free(graph);
	return status;
}

enum lu_status lu_model_plan(const struct lu_model *model, const struct lu_graph *graph,
			     const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err)
{
	struct lu_plan_options scaled = *options;
	const int channels = lu_graph_channels(graph);
	struct lu_plan_facts facts;

	*out = NULL;
	/* One whose channels are not known cannot be planned: lu_plan_build tells why. */
	if (channels != 0 && channels != (int)model->bands)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: takes %d channels as its %s axis, model.json says %zu bands (with another "
			       "mlm:input[0].input.dim_order, other channels)",
			       model->onnx_path, channels,
			       lu_graph_order(graph) == LU_ORDER_CHANNELS_LAST ? "last" : "second", model->bands);
	scaled.scale = model->scale;
	scaled.offset = model->offset;
	const enum lu_status status = lu_plan_build(graph, &scaled, out, err);
	if (status != LU_OK || model->chip_px == 0)
		return status;
	lu_plan_facts(*out, &facts);
	if (facts.height == model->chip_px && facts.width == model->chip_px)
		return LU_OK;
	lu_plan_free(*out);
	*out = NULL;
	return lu_fail(err, LU_ERROR_MISMATCH, "%s: takes %d x %d pixels, model.json says %d x %d", model->onnx_path,
		       facts.width, facts.height, model->chip_px, model->chip_px);
}

enum lu_status lu_model_inputs(const struct lu_model *model, struct lu_inputs *inputs, struct lu_error *err)
{
	char *item = model->folder != NULL ? lu_path_join(model->folder, "model.json") : NULL;
	enum lu_status status;

	LU_TRY(item == NULL && model->folder != NULL ? lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path")
						     : lu_inputs_add(inputs, item, err));
	LU_TRY(lu_inputs_add_kin(inputs, model->onnx_path, err));
out:
	lu_free(item);
	return status;
}

void lu_model_free(struct lu_model *model)
{
	if (model == NULL)
		return;
	if (model->band_names != NULL)
		lu_texts_free(model->band_names, model->bands);
	lu_texts_free(model->classes, model->class_count);
	lu_free(model->output);
	lu_free(model->scale);
	lu_free(model->offset);
	lu_free(model->confusion);
	lu_reach_release(&model->reach);
	char *const texts[] = {model->folder,    model->name,           model->architecture, model->license,
			       model->onnx_path, model->default_scheme, model->onnx_href,    model->scheme_href};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		lu_free(texts[i]);
	lu_free(model);
}
