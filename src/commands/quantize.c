/*
 * quantize.c: a model package in integers, and how far it agrees with the one it was made from.
 *
 * Some pictures of the folder, evenly spread over its sorted names, set the ranges of activations; on all others both
 * networks are asked for a label. The share on which they agree goes into model.json, for precision auto to read.
 */
#define _POSIX_C_SOURCE 200809L /* scandir */
#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "learn/score_pictures.h"
#include "models/agreement.h"
#include "models/answers.h"
#include "models/classifier.h"
#include "models/guard.h"
#include "landuse/commands.h"
#include "nn/nn.h"
#include "nn/quantize.h"
#include "raster/photo.h"

enum { DEEPEST_FOLDER = 6, LARGEST_JSON = 8 << 20 };

struct pictures {
	struct lu_picture_item *items;
	size_t count, room;
};

static enum lu_status add_picture(struct pictures *p, char *path, struct lu_error *err)
{
	if (p->count == p->room) {
		const enum lu_status status = lu_grow(&p->items, 2 * p->room + 64, sizeof(*p->items), "pictures", err);
		if (status != LU_OK)
			return status;
		p->room = 2 * p->room + 64;
	}
	p->items[p->count++] = (struct lu_picture_item){.path = path};
	return LU_OK;
}

/* All pictures below 'folder', in the order of their names. */
static enum lu_status list_pictures(const char *folder, int depth, struct pictures *p, struct lu_error *err)
{
	struct dirent **entries = NULL;
	const int n = scandir(folder, &entries, NULL, alphasort);
	enum lu_status status = n >= 0 ? LU_OK : lu_fail_open(err, folder);

	for (int i = 0; i < n; i++) {
		char *path = !lu_name_is_system(entries[i]->d_name) && status == LU_OK
				     ? lu_path_join(folder, entries[i]->d_name)
				     : NULL;
		if (path != NULL && lu_photo_named(path)) {
			status = add_picture(p, path, err);
			path = status == LU_OK ? NULL : path;
		} else if (path != NULL && depth < DEEPEST_FOLDER && lu_folder_exists(path)) {
			status = list_pictures(path, depth + 1, p, err);
		}
		lu_free(path);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* What the model sees of a picture: its numbers, handed through. */
static enum lu_status make_window(const struct lu_graph *graph, struct lu_classifier *window, struct lu_error *err)
{
	const struct lu_plan_options options = {.batch = 1};
	struct lu_graph *through = NULL;
	struct lu_plan_facts facts;
	enum lu_status status;

	LU_TRY(lu_graph_through(graph, &through, err));
	LU_TRY(lu_model_plan(window->model, through, &options, &window->plan, err));
	lu_plan_facts(window->plan, &facts);
	window->batch = 1;
	window->outputs = facts.outputs;
out:
	lu_graph_free(through);
	return status;
}

/* The quantizer sees one chip at a time. */
static enum lu_status see(void *user, size_t item, const float *pixels, struct lu_error *err)
{
	enum lu_status status;

	(void)item;
#pragma omp critical(quantizer)
	status = lu_quantizer_see(user, pixels, err);
	return status;
}

struct labels {
	size_t *of; /* by item */
	size_t classes;
};

static enum lu_status label(void *user, size_t item, const float *outputs, struct lu_error *err)
{
	const struct labels *labels = user;
	size_t best = 0;

	(void)err;
	for (size_t k = 1; k < labels->classes; k++)
		best = outputs[k] > outputs[best] ? k : best;
	labels->of[item] = best;
	return LU_OK;
}

/* Everything a network answers, by item, as guard.h compares it. */
struct answers {
	float *of;
	size_t classes, every; /* an item stands for so many */
	const struct lu_model *model; /* the answers should be what it says; NULL: any */
};

static enum lu_status keep(void *user, size_t item, const float *outputs, struct lu_error *err)
{
	const struct answers *answers = user;
	float *to = answers->of + item * answers->every * answers->classes;
	enum lu_status status = LU_OK;

	if (answers->model != NULL) {
		struct lu_answers tally = {0};
		bool finite;
		memcpy(to, outputs, answers->classes * sizeof(*outputs));
		status = lu_answers_take(answers->model, to, &tally, &finite, err);
	}
	memcpy(to, outputs, answers->classes * sizeof(*outputs));
	lu_guard_scores(to, answers->classes);
	return status;
}

struct job {
	const struct lu_quantize_options *options;
	struct lu_classifier model; /* in float32 */
	const double *range; /* of pictures with more than 8 bits; NULL: none */
	struct lu_graph *graph;
	struct pictures all, calibration, held_out;
	bool *unreadable; /* of the longest list */
	struct lu_quantizer *quantizer;
	char *onnx; /* path of the new network */
	double error; /* as guard.h has it */
	size_t compared, agree;
	char sha256[LU_SHA256_HEX];
	size_t size;
};

static enum lu_status score(const struct job *job, const struct lu_classifier *classifier, const struct pictures *p,
			    lu_picture_sink sink, void *user, const char *stage, struct lu_error *err)
{
	const int threads = lu_team_size(job->options->threads);
	const struct lu_picture_task task = {.classifier = classifier,
					     .items = p->items,
					     .count = p->count,
					     .fit = job->options->crop ? LU_FIT_CROP : LU_FIT_RESIZE,
					     .range = job->range,
					     .threads = threads,
					     .sink = sink,
					     .user = user,
					     .unreadable = job->unreadable,
					     .hooks = job->options->hooks,
					     .stage = stage};
	struct lu_picture_result result;

	memset(job->unreadable, 0, job->all.count * sizeof(*job->unreadable));
	return lu_score_pictures(&task, &result, err);
}

/* Every k-th picture calibrates, so that each class folder has its share; the others are held out. */
static enum lu_status part(struct job *job, struct lu_error *err)
{
	const size_t n = job->all.count;
	size_t want = (size_t)job->options->calibration;
	enum lu_status status = LU_OK;

	if (n < 2)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: %zu pictures; some calibrate and others are compared, so that 2 are needed",
			       job->options->chips, n);
	want = want > n / 2 ? n / 2 : want;
	for (size_t i = 0; i < n; i++) {
		const bool calibrates = (i + 1) * want / n != i * want / n;
		LU_TRY(add_picture(calibrates ? &job->calibration : &job->held_out,
				   (char *)(uintptr_t)job->all.items[i].path, err));
	}
	LU_TRY(lu_alloc(&job->unreadable, n, sizeof(*job->unreadable), "pictures", err));
out:
	return status;
}

/* The present network in integers, planned: 'classifier' is the model's but for the plan. */
static enum lu_status plan_integers(const struct job *job, struct lu_graph *graph, struct lu_classifier *classifier,
				    struct lu_error *err)
{
	const struct lu_plan_options options = {.precision = LU_PRECISION_INT8, .exact_image = true};
	struct lu_plan_facts facts;
	enum lu_status status;

	*classifier = job->model;
	classifier->plan = NULL;
	status = lu_model_plan(classifier->model, graph, &options, &classifier->plan, err);
	if (status != LU_OK)
		return status;
	lu_plan_facts(classifier->plan, &facts);
	classifier->batch = facts.batch;
	return LU_OK;
}

/* What the calibration pictures are answered with these layers in float32. */
static enum lu_status answer(void *user, const bool *left, size_t every, float *after, struct lu_error *err)
{
	const struct job *job = user;
	struct answers answers = {.of = after, .classes = job->model.outputs, .every = every};
	struct pictures some = {0};
	struct lu_classifier integers = {0};
	struct lu_graph *graph = NULL;
	char *bytes = NULL;
	enum lu_status status;
	size_t size;

	for (int k = 0; k < lu_quantizer_candidates(job->quantizer); k++)
		lu_quantizer_leave(job->quantizer, k, left[k]);
	LU_TRY(lu_quantizer_write(job->quantizer, &bytes, &size, err));
	for (size_t i = 0; i < job->calibration.count; i += every)
		LU_TRY(add_picture(&some, (char *)(uintptr_t)job->calibration.items[i].path, err));
	LU_TRY(lu_graph_parse(bytes, size, "the network in integers", &graph, err));
	LU_TRY(lu_model_choose(job->model.model, graph, job->model.model->output, err));
	LU_TRY(plan_integers(job, graph, &integers, err));
	LU_TRY(score(job, &integers, &some, keep, &answers, "layers to leave", err));
out:
	lu_free(some.items);
	lu_plan_free(integers.plan);
	lu_graph_free(graph);
	lu_free(bytes);
	return status;
}

/* Layers that err too much stay in float32. */
static enum lu_status guard(struct job *job, struct lu_error *err)
{
	const int layers = lu_quantizer_candidates(job->quantizer);
	struct answers before = {.classes = job->model.outputs, .every = 1, .model = job->model.model};
	struct lu_guard guard = {.pictures = job->calibration.count,
				 .classes = job->model.outputs,
				 .layers = layers,
				 .limit = job->options->limit,
				 .answer = answer,
				 .user = job};
	bool *left = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&left, (size_t)layers, sizeof(*left), "layers", err));
	/* A picture that cannot be read has zeros before and after. */
	LU_TRY(lu_alloc(&before.of, guard.pictures * guard.classes, sizeof(*before.of), "answers", err));
	LU_TRY(score(job, &job->model, &job->calibration, keep, &before, "answers in fp32", err));
	guard.before = before.of;
	LU_TRY(lu_guard_choose(&guard, left, &job->error, err));
	for (int k = 0; k < layers; k++)
		lu_quantizer_leave(job->quantizer, k, left[k]);
out:
	lu_free(before.of);
	lu_free(left);
	return status;
}

static enum lu_status calibrate(struct job *job, struct lu_error *err)
{
	static const char *const rounds[] = {"ranges", "histograms", "inputs of layers"};
	struct lu_classifier window = {.model = job->model.model};
	char *bytes = NULL;
	enum lu_status status;

	LU_TRY(make_window(job->graph, &window, err));
	LU_TRY(lu_quantizer_new(job->graph, job->options->percentile, &job->quantizer, err));
	/* first: whoever named a place that cannot be should not wait to hear it */
	LU_TRY(lu_folder_make(job->options->output, err));
	for (size_t round = 0; round < sizeof(rounds) / sizeof(rounds[0]); round++) {
		if (round > 0)
			LU_TRY(lu_quantizer_turn(job->quantizer, err));
		LU_TRY(score(job, &window, &job->calibration, see, job->quantizer, rounds[round], err));
	}
	LU_TRY(guard(job, err));
	LU_TRY(lu_quantizer_write(job->quantizer, &bytes, &job->size, err));
	LU_TRY(lu_file_write(job->onnx, bytes, job->size, err));
	LU_TRY(lu_sha256_file(job->onnx, job->sha256, err));
out:
	lu_free(bytes);
	lu_plan_free(window.plan);
	return status;
}

static enum lu_status compare(struct job *job, struct lu_error *err)
{
	struct lu_classifier integers = {0};
	struct labels before = {.classes = job->model.outputs}, after = before;
	struct lu_graph *graph = NULL;
	enum lu_status status;

	LU_TRY(lu_graph_load(job->onnx, &graph, err));
	LU_TRY(lu_model_choose(job->model.model, graph, job->model.model->output, err));
	LU_TRY(plan_integers(job, graph, &integers, err));
	LU_TRY(lu_alloc(&before.of, job->held_out.count, sizeof(*before.of), "labels", err));
	LU_TRY(lu_alloc(&after.of, job->held_out.count, sizeof(*after.of), "labels", err));
	LU_TRY(score(job, &job->model, &job->held_out, label, &before, "labels in fp32", err));
	LU_TRY(score(job, &integers, &job->held_out, label, &after, "labels in int8", err));
	for (size_t i = 0; i < job->held_out.count; i++) {
		job->compared += !job->unreadable[i];
		job->agree += !job->unreadable[i] && before.of[i] == after.of[i];
	}
	if (job->compared == 0)
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: no picture could be read", job->options->chips);
out:
	lu_free(before.of);
	lu_free(after.of);
	lu_plan_free(integers.plan);
	lu_graph_free(graph);
	return status;
}

/* A file of the old package beside the new network, where there is one. */
static enum lu_status copy(const struct job *job, const char *name, struct lu_error *err)
{
	char *from = lu_path_join(job->model.model->folder, name), *to = lu_path_join(job->options->output, name);
	enum lu_status status;
	char *bytes = NULL;
	size_t size;

	LU_TRY(from != NULL && to != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (lu_file_exists(from)) {
		LU_TRY(lu_file_read(from, LARGEST_JSON, &bytes, &size, err));
		LU_TRY(lu_file_write(to, bytes, size, err));
	}
out:
	lu_free(bytes);
	lu_free(from);
	lu_free(to);
	return status;
}

/* A network of bytes has become one of floats, which are fed the same numbers. */
static bool say_floats(json_t *properties)
{
	json_t *input = json_array_get(json_object_get(properties, "mlm:input"), 0);
	json_t *tensor = json_object_get(input, "input");

	return json_object_set_new(tensor, "data_type", json_string("float32")) == 0 &&
	       (json_array_size(json_object_get(input, "value_scaling")) > 0 ||
		json_object_set_new(input, "value_scaling",
				    json_pack("[{s:s, s:i, s:i}]", "type", "z-score", "mean", 0, "stddev", 1)) == 0);
}

/* The old item with the new name, network and record. */
static enum lu_status write_item(const struct job *job, struct lu_error *err)
{
	char *from = lu_path_join(job->model.model->folder, "model.json");
	char *to = lu_path_join(job->options->output, "model.json"), *checksum = lu_sprintf("1220%s", job->sha256);
	char *text = NULL;
	json_t *item = from != NULL ? json_load_file(from, 0, NULL) : NULL;
	json_t *properties = json_object_get(item, "properties");
	json_t *asset = json_object_get(json_object_get(item, "assets"), "model");
	json_t *name = json_string(lu_path_name(job->options->output));
	int layers, of;
	enum lu_status status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: model.json");

	lu_quantizer_counts(job->quantizer, &layers, &of);
	if (to == NULL || checksum == NULL || item == NULL)
		goto out;
	json_t *record = json_pack("{s:f, s:f, s:I, s:I, s:s, s:s, s:i, s:i}", "error", job->error, "share",
				   (double)job->agree / (double)job->compared, "chips", (json_int_t)job->compared,
				   "calibrated_on", (json_int_t)job->calibration.count, "model", job->model.model->name,
				   "model_sha256", job->model.model->sha256, "layers", layers, "layers_of", of);
	if (!lu_agreement_replace(properties, LU_PRECISION_INT8, record) || json_object_set(item, "id", name) != 0 ||
	    json_object_set(properties, "mlm:name", name) != 0 ||
	    json_object_set_new(asset, "href", json_string("./model.onnx")) != 0 ||
	    json_object_set_new(asset, "file:checksum", json_string(checksum)) != 0 ||
	    json_object_set_new(asset, "file:size", json_integer((json_int_t)job->size)) != 0 ||
	    json_object_set_new(asset, "landuse:sha256", json_string(job->sha256)) != 0 ||
	    (lu_graph_takes_bytes(job->graph) && !say_floats(properties)))
		goto out;
	text = json_dumps(item, JSON_INDENT(2));
	if (text != NULL)
		status = lu_file_write(to, text, strlen(text), err);
out:
	free(text);
	json_decref(name);
	json_decref(item);
	lu_free(checksum);
	lu_free(to);
	lu_free(from);
	return status;
}

/* README.md, the card: what the network was made from and how far it answers alike. */
static enum lu_status write_card(const struct job *job, struct lu_error *err)
{
	const char *name = lu_path_name(job->options->output), *model = job->model.model->name;
	char *to = lu_path_join(job->options->output, "README.md"), *text = NULL;
	int layers, of, guarded;
	enum lu_status status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a card");

	lu_quantizer_counts(job->quantizer, &layers, &of);
	guarded = of - 2 - layers;
	text = lu_sprintf(
		"# %s\n\n"
		"%s in 8-bit integers, made by `landuse quantize`: weights int8 by output channel, activations\n"
		"uint8 over ranges that %zu pictures gave, %d of %d layers; the first and the last stay in float32%s.\n"
		"An ordinary ONNX network (QuantizeLinear, DequantizeLinear) of %zu bytes.\n\n"
		"On %zu other pictures its label is that of %s for %.2f %%. Pictures that the network learned from\n"
		"are the easy ones: `landuse evaluate` both on chips of your own.\n\n"
		"Classes, preprocessing, training, figures and limits are those of %s: see its card.\n"
		"`model.json` is the machine-readable one, and names the network that it came from by its SHA-256.\n",
		name, model, job->calibration.count, layers, of, guarded > 0 ? ",\nand so do those that err most" : "",
		job->size, job->compared, model, 100.0 * (double)job->agree / (double)job->compared, model);
	if (to != NULL && text != NULL)
		status = lu_file_write(to, text, strlen(text), err);
	lu_free(text);
	lu_free(to);
	return status;
}

static enum lu_status check_options(const struct lu_quantize_options *options, struct lu_error *err)
{
	char *there = options->output != NULL ? lu_path_join(options->output, "model.json") : NULL;
	enum lu_status status = LU_OK;

	if (options->model == NULL || options->chips == NULL || options->output == NULL)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "quantize needs a model, a folder of pictures and an output");
	else if (there == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	else if (lu_file_exists(there) && !options->overwrite)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: there is a model already (.overwrite replaces it)",
				 options->output);
	else if (!lu_precision_pays(NULL, LU_PRECISION_INT8))
		status = lu_fail(err, LU_ERROR_UNSUPPORTED,
				 "this landuse was built without oneDNN, which runs what quantize makes (install "
				 "libdnnl-dev and build again)");
	lu_free(there);
	return status;
}

/* The package that is read is not the one that is written. */
static enum lu_status guard_inputs(const struct job *job, struct lu_error *err)
{
	static const char *const written[] = {"model.onnx", "scheme.yaml", "README.md", "model.json"};
	struct lu_inputs inputs = {0};
	struct lu_output_names names = {0};
	enum lu_status status;

	LU_TRY(lu_model_inputs(job->model.model, &inputs, err));
	for (size_t i = 0; i < job->all.count; i++)
		LU_TRY(lu_inputs_add(&inputs, job->all.items[i].path, err));
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		LU_TRY(lu_output_names_add(&names, err, "%s", written[i]));
	LU_TRY(lu_inputs_guard(&inputs, job->options->output, &names, err));
	lu_output_names_sweep(&names, job->options->output);
out:
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
	return status;
}

static enum lu_status summarise(const struct job *job, struct lu_run_summary *summary, struct lu_error *err)
{
	int layers, of;

	lu_quantizer_counts(job->quantizer, &layers, &of);
	summary->chips = job->compared;
	summary->text =
		lu_sprintf("layers in int8  %d of %d (the first and the last stay in float32%s)\n"
			   "calibrated on   %zu pictures\n"
			   "error           %.2f %% of the distance between the two best answers\n"
			   "agreement       %.2f %% of labels as in fp32 (%zu of %zu pictures held out)\n"
			   "wrote           %s\n",
			   layers, of, of - 2 > layers ? ", and those that err most" : "", job->calibration.count,
			   100 * job->error, 100.0 * (double)job->agree / (double)job->compared, job->agree,
			   job->compared, job->options->output);
	return summary->text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a summary");
}

enum lu_status lu_quantize(const struct lu_quantize_options *options, struct lu_run_summary *summary,
			   struct lu_error *err)
{
	const struct lu_classifier_options opening = {.model = options->model, .hooks = options->hooks};
	struct job job = {.options = options};
	enum lu_status status;

	*summary = (struct lu_run_summary){0};
	LU_TRY(check_options(options, err));
	LU_TRY(list_pictures(options->chips, 0, &job.all, err));
	LU_TRY(part(&job, err));
	LU_TRY(lu_classifier_open(&opening, &job.model, err));
	if (job.model.bare) {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: quantize takes a model package, whose model.json says what a pixel is",
				 options->model);
		goto out;
	}
	LU_TRY(guard_inputs(&job, err));
	LU_TRY(lu_model_range(job.model.model, options->range, &job.range, err));
	LU_TRY(lu_model_graph(job.model.model, &job.graph, err));
	job.onnx = lu_path_join(options->output, "model.onnx");
	LU_TRY(job.onnx != NULL ? calibrate(&job, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(compare(&job, err));
	LU_TRY(copy(&job, "scheme.yaml", err));
	LU_TRY(write_card(&job, err));
	LU_TRY(write_item(&job, err));
	LU_TRY(summarise(&job, summary, err));
out:
	lu_quantizer_free(job.quantizer);
	lu_graph_free(job.graph);
	lu_classifier_close(&job.model);
	for (size_t i = 0; i < job.all.count; i++)
		lu_free((char *)(uintptr_t)job.all.items[i].path);
	lu_free(job.all.items);
	lu_free(job.calibration.items);
	lu_free(job.held_out.items);
	lu_free(job.unreadable);
	lu_free(job.onnx);
	return status;
}
