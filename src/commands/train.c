/* train.c: from a labelled set and a backbone to a model package. See training.h. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "base/text_stream.h"
#include "commands/record.h"
#include "commands/train.h"
#include "landuse/commands.h"
#include "landuse/records.h"
#include "learn/augment.h"
#include "learn/set_reach.h"
#include "learn/training.h"
#include "models/locate.h"

static enum lu_status name_backbone(const struct lu_train_options *options, const char **name, struct lu_error *err)
{
	char *path = NULL;

	*name = options->backbone != NULL ? options->backbone : LU_BACKBONE;
	if (options->backbone != NULL)
		return LU_OK;
	const bool found = lu_locate_model(LU_BACKBONE, ".", &path, NULL) == LU_OK;
	lu_free(path);
	return found ? LU_OK
		     : lu_fail(err, LU_ERROR_ARGUMENT,
			       "name a network with .backbone (%s, the default, is not on the search path; landuse "
			       "models "
			       "lists what is there)",
			       LU_BACKBONE);
}

enum lu_status lu_train_check_output(const struct lu_train_options *options, struct lu_error *err)
{
	const char *name = lu_path_name(options->output);
	char *item;

	if (name[0] == '\0' || name[0] == '.')
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: the last part of the output folder is the model's name",
			       options->output);
	item = lu_path_join(options->output, "model.json");
	const bool taken = item != NULL && lu_file_exists(item);
	lu_free(item);
	if (taken && !options->overwrite)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: there is a model already (.overwrite, or another name)",
			       options->output);
	return LU_OK;
}

static enum lu_status check_options(const struct lu_train_options *options, const struct lu_head_trials *trials,
				    const struct lu_head_kind **kind, struct lu_error *err)
{
	struct lu_head_setting settings[LU_MOST_SETTINGS];
	size_t count;
	enum lu_status status;

	*kind = lu_head_of(options->head);
	LU_TRY((*kind)->list(trials, settings, &count, err));
	if (options->dedupe && (options->dedupe_bits < 0 || options->dedupe_bits > 64))
		return lu_fail(err, LU_ERROR_ARGUMENT, ".dedupe_bits is %d, it should be 0 to 64",
			       options->dedupe_bits);
	LU_TRY(lu_train_check_output(options, err));
out:
	return status;
}

enum lu_status lu_train_open_set(const struct lu_train_options *options, struct lu_labelled_set **set,
				 struct lu_error *err)
{
	size_t unnumbered = 0;
	enum lu_status status;

	LU_TRY(lu_labelled_set_read(options->set, options->block_field, set, err));
	lu_labelled_set_tell(*set, options->hooks);
	/* A set that brings its own split has decided what belongs together. */
	if ((*set)->counts[LU_SPLIT_VALIDATE] == 0)
		LU_TRY(lu_labelled_set_number_blocks(*set, options->block_numbers, &unnumbered, err));
	if (unnumbered > 0)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "%s: pictures with neither block nor number: %zu; each is a block of its own, and pictures of "
		       "one "
		       "scene may be on both sides of a fold",
		       options->set, unnumbered);
out:
	return status;
}

static void print_summary(FILE *to, const struct lu_training *t)
{
	const struct lu_metrics *m = &t->metrics;
	const struct lu_features *f = t->features;
	const struct lu_left_out *out = &t->left_out;
	char kappa[LU_FIGURE_TEXT], f1[LU_FIGURE_TEXT];

	fprintf(to, "set         %s: %zu chips of %zu classes", t->set->path, t->count, t->set->class_count);
	fprintf(to, " (%zu unreadable, %zu repeated", out->counts[LU_UNREADABLE], out->counts[LU_REPEATED]);
	if (t->task->dedupe)
		fprintf(to, ", %zu near-duplicates, %zu of them of another split", out->counts[LU_NEAR_DUPLICATE],
			out->between);
	fputs(")\n", to);
	fprintf(to, "backbone    %s, layer %s, %zu features\n", t->backbone->model->name, t->backbone->layer,
		f->features);
	fprintf(to, "features    %zu made in %.1f s (%.0f a second), %zu from the cache\n", f->computed, f->seconds,
		f->seconds > 0 ? (double)f->computed / f->seconds : 0, f->found);
	fprintf(to, "head        %s\n", t->kind->title);
	for (size_t k = 0; k < t->trial_count; k++) {
		char setting[64];
		t->kind->describe(&t->trials[k].setting, setting);
		fprintf(to, "  %-18s log loss %.4f, accuracy %.4f, temperature %.3f%s\n", setting,
			t->trials[k].log_loss, t->trials[k].accuracy, t->trials[k].temperature,
			k == t->chosen ? "  <- taken" : "");
	}
	if (t->blocks > 0)
		fprintf(to, "validation  %d folds over %zu blocks, %llu chips\n", t->fold_count, t->blocks,
			(unsigned long long)m->n);
	else
		fprintf(to, "validation  the set's own split, %llu chips\n", (unsigned long long)m->n);
	fprintf(to, "            overall accuracy %.4f (95 %% interval %.4f to %.4f), kappa %s, macro F1 %s\n",
		m->accuracy, m->low, m->high, lu_figure_text(m->kappa, kappa), lu_figure_text(m->macro_f1, f1));
	if (t->held_out_known > 0)
		fprintf(to,
			"            %zu of these chips were in the training of backbone %s: the figures flatter the "
			"model\n",
			t->held_out_known, t->backbone->model->name);
	for (size_t k = 0; k < m->class_count; k++)
		if (m->classes[k].support == 0)
			fprintf(to, "            no chip of class %s is held out: nothing is known of it\n",
				t->set->classes[k]);
	if (t->temperature == t->trials[t->chosen].tried)
		fprintf(to, "            calibration error %.4f before, %.4f after temperature %.3f\n", t->ece_before,
			m->ece, t->temperature);
	else
		fprintf(to,
			"            calibration error %.4f; a temperature of %.3f does not help chips held out (%.4f) "
			"and is "
			"not used\n",
			t->ece_before, t->trials[t->chosen].tried, t->trials[t->chosen].ece_tried);
	fprintf(to, "fitted      to %zu chips in %.1f s, validation included\n", t->learned, t->fit_seconds);
	fprintf(to, "wrote       %s\n", t->task->output);
}

static enum lu_status summarise(const struct lu_training *t, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "a summary", err);

	if (status != LU_OK)
		return status;
	print_summary(stream.to, t);
	summary->chips = t->features->computed;
	summary->seconds = t->features->seconds + t->fit_seconds;
	return lu_text_finish(&stream, &summary->text, err);
}

static void record(const struct lu_training *t, const char *history)
{
	const struct lu_history_run run = {.kind = "train",
					   .name = lu_package_name(t),
					   .model = t->task->output,
					   .chips = t->count,
					   .seconds = t->features->seconds + t->fit_seconds};

	bool ok = true;
	json_t *parameters = lu_training_parameters(t, &ok);

	/* The history must not cost anybody their work: what memory cannot hold is left out. */
	json_object_update_new(parameters,
			       json_pack("{s:s, s:s, s:f, s:i, s:i, s:i}", "backbone", t->backbone->model->name,
					 "layer", t->backbone->layer, "temperature", t->temperature, "folds",
					 t->fold_count, "blocks", (int)t->blocks, "held_out_in_backbone_training",
					 (int)t->held_out_known));
	lu_record(history, &run, t->set, (const char(*)[LU_SHA256_HEX])t->features->sha256, &t->metrics, parameters,
		  t->task->hooks);
}

/* No file that is read may be written over: neither the backbone nor the set's index. */
static enum lu_status guard_inputs(const struct lu_training *t, struct lu_error *err)
{
	struct lu_inputs inputs = {0};
	struct lu_output_names names = {0};
	enum lu_status status;

	LU_TRY(lu_model_inputs(t->backbone->model, &inputs, err));
	LU_TRY(lu_labelled_set_inputs(t->set, &inputs, err));
	for (size_t i = 0; i < LU_PACKAGE_FILES; i++)
		LU_TRY(lu_output_names_add(&names, err, "%s", lu_package_files[i]));
	LU_TRY(lu_inputs_guard(&inputs, t->task->output, &names, err));
	lu_output_names_sweep(&names, t->task->output);
out:
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
	return status;
}

/* How to learn. */
static struct lu_training_task learning_of(const struct lu_train_options *options)
{
	return (struct lu_training_task){.output = options->output,
					 .trials = {.l2 = options->l2,
						    .l2_count = options->l2_count,
						    .trees = options->trees,
						    .depth = options->depth,
						    .depth_count = options->depth_count},
					 .weighing = options->weighing,
					 .class_weights = options->class_weights,
					 .class_weight_count = options->class_weight_count,
					 .augment = options->augment,
					 .crop = options->crop,
					 .dedupe = options->dedupe,
					 .dedupe_bits = options->dedupe_bits,
					 .sample_frac = options->sample_frac,
					 .folds = options->folds,
					 .seed = options->seed,
					 .gsd_m = options->gsd_m,
					 .hooks = options->hooks};
}

enum lu_status lu_train(const struct lu_train_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct lu_classifier_options opening = {.mean = options->mean,
						.std = options->std,
						.mean_count = options->mean_count,
						.std_count = options->std_count,
						.features = true,
						.layer = options->layer,
						.engine = lu_choice_word(LU_CHOICE_ENGINE, (int)options->engine),
						.hooks = options->hooks};
	struct lu_classifier backbone = {0};
	struct lu_labelled_set *set = NULL;
	struct lu_features features = {0};
	const struct lu_training_task learning = learning_of(options);
	struct lu_training training = {.task = &learning, .backbone = &backbone, .features = &features};
	lu_pose poses[LU_MOST_POSES];
	enum lu_status status;

	*summary = (struct lu_run_summary){0};
	if (options->adapt != NULL)
		return lu_train_adapt(options, summary, err);
	LU_TRY(check_options(options, &learning.trials, &training.kind, err));
	LU_TRY(name_backbone(options, &opening.model, err));
	LU_TRY(lu_train_open_set(options, &set, err));
	LU_TRY(lu_classifier_open(&opening, &backbone, err));
	if (options->gsd_m <= 0 && backbone.model->gsd_m <= 0)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "nothing says how many metres of ground a pixel is: the package says 1 (.gsd_m)");
	training.set = set;
	LU_TRY(guard_inputs(&training, err));
	LU_TRY(lu_training_weigh(&training, err));
	training.pose_count = lu_augment_list(options->augment, poses);
	LU_TRY(lu_model_range(backbone.model, options->range, &training.range, err));
	training.threads = lu_team_size(options->threads);
	const struct lu_feature_task task = {.backbone = &backbone,
					     .set = set,
					     .poses = poses,
					     .pose_count = training.pose_count,
					     .fit = options->crop ? LU_FIT_CROP : LU_FIT_RESIZE,
					     .range = training.range,
					     .threads = training.threads,
					     .cache = options->cache,
					     .hooks = options->hooks};
	LU_TRY(lu_features_make(&task, &features, err));
	LU_TRY(lu_training_prepare(&training, err));
	LU_TRY(lu_training_fit(&training, err));
	const struct lu_set_reach_task reach = {.classifier = &backbone,
						.set = set,
						.chips = training.chips,
						.folds = training.folds,
						.count = training.count,
						.fit = task.fit,
						.range = training.range,
						.threads = training.threads,
						.hooks = options->hooks};
	LU_TRY(lu_set_reach(&reach, &training.reach, err));
	LU_TRY(lu_package_write(&training, err));
	LU_TRY(summarise(&training, summary, err));
	if (options->record)
		record(&training, options->history);
out:
	lu_training_release(&training);
	lu_features_release(&features);
	lu_labelled_set_free(set);
	lu_classifier_close(&backbone);
	return status;
}
