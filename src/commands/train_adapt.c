/* train_adapt.c: a package, a few hundred labels, and a package whose head they have corrected. See learn/adapt.h. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "base/text_stream.h"
#include "commands/record.h"
#include "commands/train.h"
#include "learn/adapt.h"
#include "learn/features.h"
#include "learn/folds.h"
#include "models/class_view.h"
#include "models/classifier.h"
#include "models/score_scale.h"
#include "models/training_chips.h"
#include "nn/onnx_head.h"

enum { FEWEST_LABELS = 20, LARGEST_ONNX = 1 << 30 };

/* What a network's training varies a chip's ground by. */
static const double other_ground = 1.25;

static const char *const files[] = {"model.onnx", "scheme.yaml", "README.md", "model.json"};

struct adapting {
	const struct lu_train_options *options;
	int threads;
	struct lu_classifier package, backbone; /* the whole network, and cut at its features */
	struct lu_labelled_set *set;
	struct lu_features features;
	struct lu_class_view view; /* the classes that the labels name */
	int *group_of; /* of each of the package's classes */
	/* The 'count' labels that are learned from. */
	size_t *chips, *truth, count;
	const float **rows;
	const char **blocks;
	double *log_prior, *weights;
	struct lu_folds folds;
	struct lu_adapt fit;
	double score_scale; /* of the corrected head, by what it says of held-out labels */
};

static void release(struct adapting *a)
{
	lu_adapt_release(&a->fit);
	lu_folds_release(&a->folds);
	lu_free(a->chips);
	lu_free(a->truth);
	lu_free(a->rows);
	lu_free(a->blocks);
	lu_free(a->log_prior);
	lu_free(a->weights);
	lu_free(a->group_of);
	lu_class_view_release(&a->view);
	lu_features_release(&a->features);
	lu_labelled_set_free(a->set);
	lu_classifier_close(&a->backbone);
	lu_classifier_close(&a->package);
}

/* What makes a new head has no say in the old one. */
static enum lu_status check_options(const struct lu_train_options *o, struct lu_error *err)
{
	const struct {
		bool given;
		const char *name;
	} others[] = {{o->backbone != NULL, ".backbone"},
		      {o->head != LU_HEAD_AUTO, ".head"},
		      {o->l2_count > 0, ".l2"},
		      {o->trees > 0, ".trees"},
		      {o->depth_count > 0, ".depth"},
		      {o->weighing != LU_WEIGHING_BALANCED, ".class_weights"},
		      {o->augment != 0, ".augment"},
		      {o->dedupe, ".dedupe_bits"},
		      {o->sample_frac > 0 && o->sample_frac < 1, ".sample_frac"},
		      {o->mean_count > 0, ".mean"},
		      {o->std_count > 0, ".std"}};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].given)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "%s makes a new head, .adapt corrects the one of %s (give either)",
				       others[i].name, o->adapt);
	return lu_train_check_output(o, err);
}

static enum lu_status open_package(struct adapting *a, struct lu_error *err)
{
	const struct lu_train_options *o = a->options;
	struct lu_classifier_options opening = {
		.model = o->adapt, .engine = lu_choice_word(LU_CHOICE_ENGINE, (int)o->engine), .hooks = o->hooks};
	enum lu_status status;

	opening.precision = LU_PRECISION_FP32;
	LU_TRY(lu_classifier_open(&opening, &a->package, err));
	if (a->package.bare || a->package.model->logits) {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: %s, .adapt needs a package whose network gives probabilities", o->adapt,
				 a->package.bare ? "is a network without a package" : "gives logits");
		goto out;
	}
	opening.features = true;
	opening.layer = o->layer;
	LU_TRY(lu_classifier_open(&opening, &a->backbone, err));
	if (o->layer == NULL && a->backbone.outputs == a->package.outputs)
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: its head is no product of features (name the layer that they are with .layer)",
				 o->adapt);
out:
	return status;
}

/* The package's own classes, or else those of a scheme that gathers them: whichever knows all that the labels name. */
static enum lu_status find_groups(struct adapting *a, struct lu_error *err)
{
	const struct lu_model *model = a->package.model;
	const char *const schemes[] = {NULL, a->set->scheme, model->default_scheme};
	float *scores = NULL, *sums = NULL, share;
	char unknown[128] = "";
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < 3 && !a->view.complete; i++) {
		if (i > 0 && schemes[i] == NULL)
			continue;
		lu_class_view_release(&a->view);
		LU_TRY(lu_class_view_make(model, schemes[i], a->set->classes, a->set->class_count, &a->view, err));
		if (a->view.unknown != NULL)
			snprintf(unknown, sizeof(unknown), "%s", a->view.unknown);
	}
	if (!a->view.complete) {
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: '%s' is no class of %s nor of its scheme %s (train without .adapt makes a model of "
			"other classes)",
			a->set->path, unknown, model->name,
			model->default_scheme != NULL ? lu_path_name(model->default_scheme) : "(none)");
		goto out;
	}
	LU_TRY(lu_alloc(&a->group_of, model->class_count, sizeof(int), "classes", err));
	LU_TRY(lu_alloc(&scores, model->class_count, sizeof(float), "classes", err));
	LU_TRY(lu_alloc(&sums, a->view.class_count, sizeof(float), "classes", err));
	for (size_t k = 0; k < model->class_count; k++) {
		scores[k] = 1;
		const size_t group = lu_class_view_best(&a->view, scores, sums, &share);
		a->group_of[k] = share > 0.5F ? (int)group : -1;
		scores[k] = 0;
	}
out:
	lu_free(scores);
	lu_free(sums);
	return status;
}

/* Chips of other ground are other pictures: what they teach is of no use to a map. */
static void check_ground(const struct adapting *a)
{
	const struct lu_model *model = a->package.model;
	const double set_m = a->set->chip_m, model_m = model->chip_px * model->gsd_m;

	if (set_m > 0 && model_m > 0 && fabs(log(set_m / model_m)) > log(other_ground))
		lu_log(a->options->hooks, LU_LEVEL_WARNING,
		       "%s: its chips show %.3g m of ground, %s is shown %.3g m at work (landuse label with .model %s "
		       "cuts these)",
		       a->set->path, set_m, model->name, model_m, a->options->adapt);
}

/* Is the picture among those that are taken already? */
static bool is_repeated(const struct adapting *a, size_t chip)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->features.sha256[a->chips[i]], a->features.sha256[chip]) == 0)
			return true;
	return false;
}

static enum lu_status choose_labels(struct adapting *a, struct lu_error *err)
{
	const size_t most = a->set->chip_count;
	size_t unmapped = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&a->chips, most, sizeof(size_t), "chips", err));
	LU_TRY(lu_alloc(&a->truth, most, sizeof(size_t), "chips", err));
	LU_TRY(lu_alloc(&a->rows, most, sizeof(*a->rows), "chips", err));
	LU_TRY(lu_alloc(&a->blocks, most, sizeof(*a->blocks), "chips", err));
	LU_TRY(lu_alloc(&a->weights, most, sizeof(double), "chips", err));
	for (size_t i = 0; i < most; i++) {
		const struct lu_labelled_chip *chip = &a->set->chips[i];
		const int group = a->view.of_set[chip->class];
		if (chip->split == LU_SPLIT_TEST || a->features.rows[i] == NULL || is_repeated(a, i))
			continue;
		unmapped += group < 0;
		if (group < 0)
			continue;
		a->chips[a->count] = i;
		a->truth[a->count] = (size_t)group;
		a->rows[a->count] = a->features.rows[i];
		a->weights[a->count] = chip->weight;
		a->blocks[a->count++] = chip->block[0] != '\0' ? chip->block : chip->path;
	}
	if (unmapped > 0)
		lu_log(a->options->hooks, LU_LEVEL_WARNING, "%s: %zu labels of classes that no class of the map takes",
		       a->set->path, unmapped);
	if (a->count < FEWEST_LABELS)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: %zu labels are too few to tell whether they help (%d or more)", a->set->path,
			       a->count, FEWEST_LABELS);
	LU_TRY(lu_folds_make(a->blocks, a->truth, a->count, a->view.class_count, a->options->folds, a->options->seed,
			     &a->folds, err));
out:
	return status;
}

struct answers {
	double *log_prior;
	size_t classes;
};

static enum lu_status keep(void *user, size_t item, const float *outputs, struct lu_error *err)
{
	const struct answers *answers = user;

	(void)err;
	/* As the corrected network does: see lu_onnx_append_correction. */
	for (size_t k = 0; k < answers->classes; k++)
		answers->log_prior[item * answers->classes + k] = log((double)outputs[k] + 1e-12);
	return LU_OK;
}

/* What the package says of every label's chip. */
static enum lu_status ask_package(struct adapting *a, const double *range, struct lu_error *err)
{
	struct answers answers = {.classes = a->package.outputs};
	struct lu_picture_item *items = NULL;
	struct lu_picture_result done;
	bool *unreadable = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&items, a->count, sizeof(*items), "chips", err));
	LU_TRY(lu_alloc(&unreadable, a->count, sizeof(bool), "chips", err));
	LU_TRY(lu_alloc(&a->log_prior, a->count * answers.classes, sizeof(double), "answers", err));
	answers.log_prior = a->log_prior;
	for (size_t i = 0; i < a->count; i++)
		items[i].path = a->set->chips[a->chips[i]].path;
	const struct lu_picture_task task = {.classifier = &a->package,
					     .items = items,
					     .count = a->count,
					     .fit = a->options->crop ? LU_FIT_CROP : LU_FIT_RESIZE,
					     .range = range,
					     .threads = a->threads,
					     .sink = keep,
					     .user = &answers,
					     .unreadable = unreadable,
					     .hooks = a->options->hooks,
					     .stage = "answers"};
	LU_TRY(lu_score_pictures(&task, &done, err));
	if (done.unreadable > 0)
		status = lu_fail(err, LU_ERROR_IO, "%s: pictures were exchanged while they were read", a->set->path);
out:
	lu_free(items);
	lu_free(unreadable);
	return status;
}

/* Labels of one class tell nothing of a scale: then it stays what it is. */
static enum lu_status find_score_scale(struct adapting *a, struct lu_error *err)
{
	a->score_scale = a->package.model->score_scale > 0 ? a->package.model->score_scale : 1;
	for (size_t i = 1; i < a->count; i++)
		if (a->truth[i] != a->truth[0])
			return lu_score_scale(a->fit.logits, a->truth, a->count, a->package.outputs, &a->score_scale,
					      err);
	return LU_OK;
}

static enum lu_status learn(struct adapting *a, struct lu_error *err)
{
	static const lu_pose upright[] = {0};
	const double *range;
	enum lu_status status;

	LU_TRY(lu_model_range(a->package.model, a->options->range, &range, err));
	const struct lu_feature_task task = {.backbone = &a->backbone,
					     .set = a->set,
					     .poses = upright,
					     .pose_count = 1,
					     .fit = a->options->crop ? LU_FIT_CROP : LU_FIT_RESIZE,
					     .range = range,
					     .threads = a->threads,
					     .cache = a->options->cache,
					     .hooks = a->options->hooks};
	LU_TRY(lu_features_make(&task, &a->features, err));
	LU_TRY(choose_labels(a, err));
	LU_TRY(ask_package(a, range, err));
	const struct lu_adapt_task fit = {.rows = a->rows,
					  .log_prior = a->log_prior,
					  .group_of = a->group_of,
					  .truth = a->truth,
					  .weights = a->weights,
					  .blocks = a->blocks,
					  .folds = a->folds.of,
					  .fold_count = a->folds.count,
					  .count = a->count,
					  .features = a->features.features,
					  .classes = a->package.outputs,
					  .groups = a->view.class_count,
					  .threads = a->threads,
					  .hooks = a->options->hooks};
	LU_TRY(lu_adapt_fit(&fit, &a->fit, err));
	LU_TRY(find_score_scale(a, err));
out:
	return status;
}

static enum lu_status copy_file(const char *from, const char *to, struct lu_error *err)
{
	char *bytes = NULL;
	size_t size;
	enum lu_status status;

	LU_TRY(lu_file_read(from, LARGEST_ONNX, &bytes, &size, err));
	LU_TRY(lu_file_write(to, bytes, size, err));
out:
	lu_free(bytes);
	return status;
}

static enum lu_status write_onnx(const struct adapting *a, const char *path, struct lu_error *err)
{
	const struct lu_model *model = a->package.model;
	const size_t classes = a->package.outputs, features = a->features.features;
	struct lu_onnx *onnx = NULL;
	float *weights = NULL, *bias = NULL;
	char *bytes = NULL;
	size_t size;
	enum lu_status status;

	if (!a->fit.helped)
		return copy_file(model->onnx_path, path, err);
	LU_TRY(lu_alloc(&weights, classes * features, sizeof(float), "weights", err));
	LU_TRY(lu_alloc(&bias, classes, sizeof(float), "weights", err));
	for (size_t i = 0; i < classes * features; i++)
		weights[i] = (float)a->fit.weights[i];
	for (size_t k = 0; k < classes; k++)
		bias[k] = (float)a->fit.bias[k];
	LU_TRY(lu_onnx_open(model->onnx_path, &onnx, err));
	LU_TRY(lu_onnx_append_correction(onnx, a->backbone.layer, weights, bias, features, classes, err));
	LU_TRY(lu_onnx_annotate(onnx, "landuse:name", lu_path_name(a->options->output), err));
	LU_TRY(lu_onnx_annotate(onnx, "landuse:adapted_from", model->sha256, err));
	LU_TRY(lu_onnx_pack(onnx, &bytes, &size, err));
	LU_TRY(lu_file_write(path, bytes, size, err));
out:
	lu_free(bytes);
	lu_onnx_close(onnx);
	lu_free(weights);
	lu_free(bias);
	return status;
}

static json_t *rounded(double value)
{
	return isfinite(value) ? json_real(round(value * 1e4) / 1e4 + 0.0) : json_null();
}

static json_t *interval_json(const struct lu_paired *pair)
{
	return json_pack("[o,o]", rounded(pair->low), rounded(pair->high));
}

/* What was done, for model.json. */
static json_t *record_json(const struct adapting *a)
{
	const struct lu_adapt *fit = &a->fit;

	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:b, s:f, s:o, s:o, s:o, s:o, s:o, s:o}", "from",
			 a->package.model->name, "from_sha256", a->package.model->sha256, "set",
			 lu_path_name(a->set->path), "labels", (json_int_t)a->count, "blocks", (json_int_t)fit->blocks,
			 "helped", fit->helped, "l2", fit->l2, "log_loss_before", rounded(fit->loss_before),
			 "log_loss_after", rounded(fit->loss_after), "gain_interval_95", interval_json(&fit->loss_gain),
			 "accuracy_before", rounded(fit->right_before), "accuracy_after", rounded(fit->right_after),
			 "accuracy_gain_interval_95", interval_json(&fit->right_gain));
}

/* What the old head's figures were found with is no longer there. */
static bool forget_figures(const struct adapting *a, json_t *properties)
{
	static const char *const of_head[] = {"landuse:confusion",      "landuse:metrics",
					      "landuse:int8_agreement", "landuse:bf16_agreement",
					      "landuse:fp16_agreement", "landuse:validation"};
	json_t *chips = json_object_get(properties, "landuse:training_chips");
	bool ok = true;

	for (size_t i = 0; i < sizeof(of_head) / sizeof(of_head[0]); i++)
		json_object_del(properties, of_head[i]);
	if (json_object_set_new(properties, LU_SCORE_SCALE_KEY, rounded(a->score_scale)) != 0)
		return false;
	if (chips == NULL) {
		chips = json_array();
		ok = json_object_set_new(properties, "landuse:training_chips", chips) == 0;
	}
	for (size_t i = 0; i < a->count && ok; i++)
		ok = json_array_append_new(chips,
					   json_stringn(a->features.sha256[a->chips[i]], LU_TRAINING_CHIP_DIGITS)) == 0;
	return ok;
}

/* The package's item with the new name, network and record. */
static enum lu_status write_item(const struct adapting *a, const char *onnx, const char *path, struct lu_error *err)
{
	char sha256[LU_SHA256_HEX], *from = lu_path_join(a->package.model->folder, "model.json"), *text = NULL;
	json_t *item = from != NULL ? json_load_file(from, 0, NULL) : NULL;
	json_t *properties = json_object_get(item, "properties");
	json_t *asset = json_object_get(json_object_get(item, "assets"), "model");
	json_t *name = json_string(lu_path_name(a->options->output));
	enum lu_status status = lu_sha256_file(onnx, sha256, err);

	if (status != LU_OK)
		goto out;
	json_object_del(asset, "file:checksum");
	json_object_del(asset, "file:size");
	if ((!a->fit.helped || forget_figures(a, properties)) && json_object_set(item, "id", name) == 0 &&
	    json_object_set(properties, "mlm:name", name) == 0 && json_object_set(properties, "title", name) == 0 &&
	    json_object_set_new(properties, "landuse:adapted", record_json(a)) == 0 &&
	    json_object_set_new(asset, "href", json_string("./model.onnx")) == 0 &&
	    json_object_set_new(asset, "landuse:sha256", json_string(sha256)) == 0)
		text = json_dumps(item, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	status = text != NULL ? lu_file_write(path, text, strlen(text), err)
			      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: model.json");
out:
	free(text);
	json_decref(name);
	json_decref(item);
	lu_free(from);
	return status;
}

/* What held-out labels say, for summary and card. */
static void print_figures(FILE *to, const struct adapting *a)
{
	const struct lu_adapt *fit = &a->fit;

	fprintf(to, "log loss    %.4f before, %.4f after: %.4f less (95 %% interval %.4f to %.4f, by %zu blocks)\n",
		fit->loss_before, fit->loss_after, fit->loss_gain.mean, fit->loss_gain.low, fit->loss_gain.high,
		fit->blocks);
	fprintf(to, "right       %.1f %% before, %.1f %% after: %+.1f points (95 %% interval %+.1f to %+.1f)\n",
		100 * fit->right_before, 100 * fit->right_after, 100 * fit->right_gain.mean, 100 * fit->right_gain.low,
		100 * fit->right_gain.high);
}

static enum lu_status write_card(const struct adapting *a, const char *path, struct lu_error *err)
{
	struct lu_text_stream stream;
	char *text = NULL;
	enum lu_status status = lu_text_begin(&stream, "a model card", err);

	if (status != LU_OK)
		return status;
	fprintf(stream.to, "# %s\n\n%s, ", lu_path_name(a->options->output), a->package.model->name);
	fputs(a->fit.helped ? "its head corrected by" : "unchanged: a correction of its head was tried with",
	      stream.to);
	fprintf(stream.to,
		" %zu labels (landuse train .adapt, %s). Of the labels, each held out once with its block:\n\n```\n",
		a->count, lu_version());
	print_figures(stream.to, a);
	fputs("```\n\nThese are figures of labelled chips, not a map's accuracy: `landuse sample` and `landuse assess` "
	      "estimate that.\n",
	      stream.to);
	LU_TRY(lu_text_finish(&stream, &text, err));
	LU_TRY(lu_file_write(path, text, stream.length, err));
out:
	lu_free(text);
	return status;
}

static enum lu_status write_package(const struct adapting *a, struct lu_error *err)
{
	enum { COUNT = sizeof(files) / sizeof(files[0]) };
	const struct lu_model *model = a->package.model;
	char *paths[COUNT] = {NULL};
	enum lu_status status = LU_OK;

	for (int i = 0; i < COUNT; i++) {
		paths[i] = lu_path_join(a->options->output, files[i]);
		if (paths[i] == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	}
	if (status != LU_OK)
		goto out;
	LU_TRY(lu_folder_make(a->options->output, err));
	LU_TRY(write_onnx(a, paths[0], err));
	if (model->scheme_href != NULL && strcmp(model->scheme_href, "./scheme.yaml") == 0)
		LU_TRY(copy_file(model->default_scheme, paths[1], err));
	LU_TRY(write_card(a, paths[2], err));
	LU_TRY(write_item(a, paths[0], paths[3], err));
out:
	for (int i = 0; i < COUNT; i++)
		lu_free(paths[i]);
	return status;
}

static enum lu_status summarise(const struct adapting *a, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "a summary", err);

	if (status != LU_OK)
		return status;
	fprintf(stream.to, "set         %s: %zu labels in %zu blocks, classes of %s\n", a->set->path, a->count,
		a->fit.blocks, a->view.name);
	fprintf(stream.to, "package     %s, layer %s, %zu features\n", a->package.model->name, a->backbone.layer,
		a->features.features);
	fprintf(stream.to, "validation  %d folds over blocks; every label is held out once\n", a->folds.count);
	print_figures(stream.to, a);
	if (a->fit.helped)
		fprintf(stream.to, "head        corrected (l2 %g)%s\n", a->fit.l2,
			a->fit.loss_gain.low > 0 ? "" : "; that it helps may be chance: label more, in more places");
	else
		fputs("head        kept as it was: these labels do not show that a correction helps\n", stream.to);
	fprintf(stream.to, "wrote       %s\n", a->options->output);
	summary->chips = a->features.computed;
	summary->seconds = a->features.seconds;
	return lu_text_finish(&stream, &summary->text, err);
}

static void record(const struct adapting *a)
{
	const struct lu_adapt *fit = &a->fit;
	const struct lu_history_run run = {.kind = "train",
					   .name = lu_path_name(a->options->output),
					   .model = a->options->output,
					   .chips = a->count,
					   .seconds = a->features.seconds};
	const struct lu_metrics metrics = {.accuracy = fit->helped ? fit->right_after : fit->right_before,
					   .kappa = NAN,
					   .macro_f1 = NAN,
					   .ece = NAN};

	lu_record(a->options->history, &run, a->set, (const char(*)[LU_SHA256_HEX])a->features.sha256, &metrics,
		  record_json(a), a->options->hooks);
}

static enum lu_status guard_inputs(const struct adapting *a, struct lu_error *err)
{
	struct lu_inputs inputs = {0};
	struct lu_output_names names = {0};
	enum lu_status status;

	LU_TRY(lu_model_inputs(a->package.model, &inputs, err));
	LU_TRY(lu_labelled_set_inputs(a->set, &inputs, err));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		LU_TRY(lu_output_names_add(&names, err, "%s", files[i]));
	LU_TRY(lu_inputs_guard(&inputs, a->options->output, &names, err));
out:
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
	return status;
}

enum lu_status lu_train_adapt(const struct lu_train_options *options, struct lu_run_summary *summary,
			      struct lu_error *err)
{
	struct adapting a = {.options = options, .threads = lu_team_size(options->threads)};
	enum lu_status status;

	LU_TRY(check_options(options, err));
	LU_TRY(lu_train_open_set(options, &a.set, err));
	LU_TRY(open_package(&a, err));
	LU_TRY(guard_inputs(&a, err));
	LU_TRY(find_groups(&a, err));
	check_ground(&a);
	LU_TRY(learn(&a, err));
	LU_TRY(write_package(&a, err));
	LU_TRY(summarise(&a, summary, err));
	if (options->record)
		record(&a);
	if (!a.fit.helped)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "%s: %zu labels do not show that a correction helps (log loss %.4f less, 95 %% interval %.4f to "
		       "%.4f): the head of %s is kept (label more, in more places)",
		       a.set->path, a.count, a.fit.loss_gain.mean, a.fit.loss_gain.low, a.fit.loss_gain.high,
		       a.package.model->name);
out:
	release(&a);
	return status;
}
