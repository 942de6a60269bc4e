/* info.c: what a file is: a network, a model package, a raster, or what info_more.c knows. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "commands/info_more.h"
#include "landuse/commands.h"
#include "models/model.h"
#include "nn/nn.h"
#include "raster/cog.h"
#include "raster/describe.h"

/* A plan as a run has it, whose chips are bytes; the numbers that they stand for change no layer. */
static enum lu_status plan_as_run(const struct lu_graph *graph, enum lu_precision precision, struct lu_plan **plan,
				  struct lu_error *err)
{
	struct lu_plan_options options = {.precision = precision};
	const size_t channels = (size_t)lu_graph_channels(graph);
	float *scaling = NULL;
	enum lu_status status = LU_OK;

	if (channels > 0)
		status = lu_alloc(&scaling, 2 * channels, sizeof(*scaling), "scaling", err);
	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < channels; i++) {
		scaling[i] = 1 / 127.5f;
		scaling[channels + i] = -1;
	}
	if (channels > 0) {
		options.scale = scaling;
		options.offset = scaling + channels;
	}
	status = lu_plan_build(graph, &options, plan, err);
	lu_free(scaling);
	return status;
}

static enum lu_status describe_network(const char *path, enum lu_precision precision, const char *output_name,
				       bool json, char **text, struct lu_error *err)
{
	struct lu_graph *graph = NULL;
	struct lu_plan *plan = NULL;
	struct lu_plan_facts facts;
	enum lu_status status;

	LU_TRY(lu_graph_load(path, &graph, err));
	LU_TRY(lu_graph_choose(graph, output_name, LU_ORDER_BY_SHAPE, err));
	LU_TRY(plan_as_run(graph, precision, &plan, err));
	if (!json)
		LU_TRY(lu_plan_describe(plan, text, err));
	if (json) {
		lu_plan_facts(plan, &facts);
		/* A name in a network may be any bytes. */
		char *input = lu_text_utf8(facts.input_name), *output = lu_text_utf8(facts.output_name);
		json_t *object = json_pack(
			"{s:s, s:s, s:s, s:s, s:[i,i,i], s:s, s:I, s:I, s:I, s:f, s:i, s:I, s:I}", "file", path, "kind",
			"network", "precision", lu_choice_word(LU_CHOICE_PRECISION, facts.precision), "input",
			input != NULL ? input : "", "chip", facts.channels, facts.height, facts.width, "output",
			output != NULL ? output : "", "outputs", (json_int_t)facts.outputs, "layers",
			(json_int_t)facts.layers, "parameters", (json_int_t)facts.parameters, "gflop_per_chip",
			facts.gflop_per_chip, "batch", facts.batch, "arena_bytes", (json_int_t)facts.arena_bytes,
			"weight_bytes", (json_int_t)facts.weight_bytes);
		char *dump = json_dumps(object, JSON_INDENT(2));
		lu_free(input);
		lu_free(output);
		*text = dump != NULL ? lu_sprintf("%s\n", dump) : NULL;
		free(dump);
		json_decref(object);
		if (*text == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	}
out:
	lu_plan_free(plan);
	lu_graph_free(graph);
	return status;
}

static enum lu_status describe_model(const char *folder, bool json, char **text, struct lu_error *err)
{
	struct lu_model *model = NULL;
	enum lu_status status = lu_model_read(folder, &model, err);
	struct lu_text_stream stream;

	if (status != LU_OK)
		return status;
	status = lu_text_begin(&stream, folder, err);
	if (status != LU_OK) {
		lu_model_free(model);
		return status;
	}
	FILE *to = stream.to;
	if (json) {
		json_t *classes = json_array();
		for (size_t i = 0; i < model->class_count; i++)
			json_array_append_new(classes, json_string(model->classes[i]));
		json_t *object =
			json_pack("{s:s, s:s, s:s, s:s*, s:i, s:f, s:I, s:o}", "file", folder, "kind", "model", "name",
				  model->name, "scheme", model->default_scheme, "chip_px", model->chip_px, "gsd_m",
				  model->gsd_m, "bands", (json_int_t)model->bands, "classes", classes);
		json_object_set_new(object, "sha256", json_string(model->sha256));
		json_object_set_new(object, "covered", json_boolean(!model->uncovered));
		if (model->features > 0)
			json_object_set_new(object, "features", json_integer((json_int_t)model->features));
		json_dumpf(object, to, JSON_INDENT(2));
		fputc('\n', to);
		json_decref(object);
	} else {
		fprintf(to, "%s: model package, %s\n", folder,
			model->uncovered
				? "hash of model.onnx verified; the weights beside it are NOT covered by model.json"
				: "hash verified");
		fprintf(to, "  name          %s\n  architecture  %s\n  licence       %s\n", model->name,
			model->architecture != NULL ? model->architecture : "not stated",
			model->license != NULL ? model->license : "not stated");
		fprintf(to, "  input         chips of %d x %d px, %zu bands, at %.3g m a pixel\n", model->chip_px,
			model->chip_px, model->bands, model->gsd_m);
		fprintf(to, "  scheme        %s\n",
			model->default_scheme != NULL ? model->default_scheme : "none of its own");
		fprintf(to, "  sha256        %s\n", model->sha256);
		for (int p = 0; p < LU_PRECISIONS; p++)
			if (model->agreement[p] > 0)
				fprintf(to, "  in %-10s %.2f %% of labels as in float32: precision auto is %s\n",
					lu_choice_word(LU_CHOICE_PRECISION, (enum lu_precision)p),
					100 * model->agreement[p],
					lu_choice_word(LU_CHOICE_PRECISION,
						       lu_model_precision(model, LU_PRECISION_AUTO, NULL)));
		if (model->features > 0)
			fprintf(to, "  features      %zu a chip, no classes: landuse train puts a head on them",
				model->features);
		else
			fprintf(to, "  classes       %zu:", model->class_count);
		for (size_t i = 0; i < model->class_count; i++)
			fprintf(to, "%s %s", i > 0 ? "," : "", model->classes[i]);
		fputc('\n', to);
	}
	lu_model_free(model);
	return lu_text_finish(&stream, text, err);
}

enum lu_status lu_info(const char *path, enum lu_precision precision, const char *output_name, bool json, char **text,
		       struct lu_error *err)
{
	enum lu_status status;

	*text = NULL;
	if (lu_ends_with(path, ".onnx"))
		return describe_network(path, precision, output_name, json, text, err);
	if (lu_info_knows(path))
		return lu_info_tell(path, json, text, err);
	if (!lu_ends_with(path, "model.json")) {
		char *item = lu_path_join(path, "model.json");
		const bool package = item != NULL && lu_file_exists(item);
		lu_free(item);
		return package ? describe_model(path, json, text, err) : lu_raster_describe(path, json, text, err);
	}
	char *folder = lu_path_folder(path);
	status = folder != NULL ? describe_model(folder, json, text, err)
				: lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	lu_free(folder);
	return status;
}

enum lu_status lu_check_cog(const char *path, struct lu_error *err)
{
	char *report = NULL;
	bool good = false;
	enum lu_status status;

	LU_TRY(lu_cog_check(path, &report, &good, err));
	if (!good)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not a Cloud Optimized GeoTIFF: %s", path,
				 report != NULL ? report : "unknown reason");
out:
	lu_free(report);
	return status;
}

void lu_text_free(char *text)
{
	lu_free(text);
}
